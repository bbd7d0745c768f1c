"""A whole screen: every answer that of the uncut network, goes on where it was, says what it does not know."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image
from tiled_roads import write_tiled_roads

from siting.documents import looks
from siting.evaluation.rules import MinutesRule, judge_minutes
from siting.inputs.postcodes import postcodes_on
from siting.pipeline import screen as job
from siting.pipeline.outcome import Outcome
from siting.pipeline.screen import TIMES, UNFINISHED, run_screen
from siting.roads.cache import open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork
from siting.screening.asked import VERDICTS, Asked, verdicts
from siting.screening.cutting import cut_network
from siting.screening.regions import part_ground, region_of
from siting.screening.tasks import Found, Task, screen_school
from siting.storage.database import connect
from siting.times.routing import reach, times_at
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario, Verdict, whole_ms

Points = Callable[[int, int], np.ndarray]
WritePoints = Callable[[Path, str, np.ndarray], None]
WriteScreen = Callable[..., Path]
MINUTES = 12
ROWS = ["scenario", "school", "postcode"]


def read_times(out: Path) -> pd.DataFrame:
    with connect() as database:
        question = "FROM read_parquet(?, hive_partitioning = false)"
        frame = database.execute(question, [str(out / TIMES / "*" / "*.parquet")]).df()
    return frame.sort_values(ROWS).reset_index(drop=True)


def by_the_whole(
    network: RoadNetwork, schools: np.ndarray, places: np.ndarray, scenarios: Iterable[Scenario], minutes: float = MINUTES
) -> dict[tuple[str, str, str], tuple[int | None, int | None]]:
    """Ask the uncut network of every school and place: milliseconds to and from, of what is within the limit."""
    limit_ms = whole_ms(minutes)
    hubs, joins = (join_points(network, *np.round(points, 2).T) for points in (schools, places))
    found = {}
    for number in range(len(hubs)):
        if hubs.segment[number] < 0:
            continue
        for scenario in scenarios:
            to_ms, from_ms = (times_at(reach(network, hubs[[number]], scenario, way), joins) for way in Direction)
            for place in np.flatnonzero((to_ms <= limit_ms) | (from_ms <= limit_ms)):
                pair = (int(one[place]) if one[place] <= limit_ms else None for one in (to_ms, from_ms))
                found[scenario.value, f"s{number}", f"p{place}"] = tuple(pair)
    return found


def as_ms(frame: pd.DataFrame) -> dict[tuple[str, str, str], tuple[int | None, int | None]]:
    def ms(value: float) -> int | None:
        return None if pd.isna(value) else round(value * MILLISECONDS_PER_MINUTE)

    return {
        (row.scenario, row.school, row.postcode): (ms(row.minutes_to), ms(row.minutes_from))
        for row in frame.itertuples(index=False)
    }


@pytest.fixture(scope="module")
def schools(road_points: Points) -> np.ndarray:
    """Six near the middle, so that some places are within reach of several, and one off the map."""
    drawn = road_points(300, 1)
    near = np.argsort(np.hypot(*(drawn - np.median(drawn, axis=0)).T))[[0, 7, 14, 21, 28, 35]]
    return np.vstack([drawn[near], [[400_000.0, 300_000.0]]])


@pytest.fixture(scope="module")
def places(chilterns: RoadNetwork, road_points: Points) -> np.ndarray:
    """Places beside roads, on the seams of two to five regions, and one off the map."""
    beside = road_points(500, 2) + np.random.default_rng(3).normal(0, 30, (500, 2))
    seams = []
    for count in (2, 3, 4, 5):
        for region in part_ground(chilterns, count):
            west, south, *_ = region.box
            on = beside[:20].copy()
            on[:, 0 if np.isfinite(west) else 1] = west if np.isfinite(west) else south if np.isfinite(south) else on[0, 1]
            seams.append(on)
    return np.vstack([beside, *seams, [[400_000.0, 300_000.0]]])


@pytest.fixture
def folder(tmp_path: Path, schools: np.ndarray, places: np.ndarray, write_points: WritePoints) -> Path:
    write_points(tmp_path / "schools.csv", "s", schools)
    write_points(tmp_path / "places.csv", "p", places)
    return tmp_path


@pytest.fixture(scope="module")
def screened(
    tmp_path_factory: pytest.TempPathFactory,
    schools: np.ndarray,
    places: np.ndarray,
    write_points: WritePoints,
    write_screen: WriteScreen,
) -> tuple[Path, Outcome]:
    """A screen in four regions, with two scenarios and areas."""
    folder = tmp_path_factory.mktemp("screen")
    write_points(folder / "schools.csv", "s", schools)
    write_points(folder / "places.csv", "p", places)
    path = write_screen(folder, minutes=MINUTES, scenarios=("school_run", "free_flow"), areas=True)
    return folder / "out", run_screen(path, folder / "out", workers=1)


def test_every_answer_is_that_of_the_uncut_network(
    screened: tuple[Path, Outcome], chilterns: RoadNetwork, schools: np.ndarray, places: np.ndarray
) -> None:
    expected = by_the_whole(chilterns, schools, places, (Scenario.SCHOOL_RUN, Scenario.FREE_FLOW))
    assert len(expected) > 400
    assert as_ms(read_times(screened[0])) == expected


@pytest.mark.parametrize("count", [1, 3, 5])
def test_the_cut_changes_no_answer(folder: Path, screened: tuple[Path, Outcome], count: int, write_screen: WriteScreen) -> None:
    run_screen(write_screen(folder, minutes=MINUTES, count=count), folder / "out", workers=1)
    whole = read_times(screened[0])
    pd.testing.assert_frame_equal(
        read_times(folder / "out"), whole[whole["scenario"] == "school_run"].reset_index(drop=True), check_exact=True
    )


@pytest.mark.parametrize("count", [2, 4, 7])
def test_copies_that_are_joined_answer_as_the_uncut_network_however_they_are_cut(
    tmp_path: Path, count: int, write_points: WritePoints, write_screen: WriteScreen
) -> None:
    """Four copies of a town, places on the seams; how wide the margin must be is asked of a straight road in `test_cutting`."""
    minutes = 7.0
    roads = write_tiled_roads(tmp_path / "roads.osm")
    network = open_network(roads)
    x_m, y_m = network.segments.x_m, network.segments.y_m
    regions = part_ground(network, count)
    draw = np.random.default_rng(count)
    edges = [(axis, edge) for region in regions for axis, edge in enumerate(region.box) if np.isfinite(edge)]
    on_seams = np.column_stack(
        [draw.uniform(x_m.min(), x_m.max(), 12 * len(edges)), draw.uniform(y_m.min(), y_m.max(), 12 * len(edges))]
    )
    for number, (axis, edge) in enumerate(edges):
        on_seams[12 * number : 12 * number + 12, axis % 2] = edge
    places = np.vstack([on_seams, np.column_stack([x_m, y_m])])
    schools = np.vstack([draw.choice(on_seams, 6, replace=False), draw.choice(places[len(on_seams) :], 14, replace=False)])
    write_points(tmp_path / "places.csv", "p", places)
    write_points(tmp_path / "schools.csv", "s", schools)
    cut = [cut_network(network, region.box, whole_ms(minutes)).segment for region in regions]
    assert count == 2 or min(len(segment) for segment in cut) < len(network.segments)
    assert network.left_out == ()
    run_screen(write_screen(tmp_path, minutes=minutes, count=count, roads=roads), tmp_path / "out", workers=1)
    expected = by_the_whole(network, schools, places, [Scenario.SCHOOL_RUN], minutes)
    # Some journeys cross a seam.
    sides = [region_of(regions, *np.round(points, 2).T) for points in (schools, places)]
    assert sum(sides[0][int(school[1:])] != sides[1][int(place[1:])] for _, school, place in expected) > 100
    assert as_ms(read_times(tmp_path / "out")) == expected


def test_verdicts_are_those_of_the_rule() -> None:
    draw = np.random.default_rng(5)
    free, school_run = draw.integers(1, 60 * MILLISECONDS_PER_MINUTE, (2, 2_000))
    school_run[::7] = NO_WAY_MS
    free[:3] = 45 * MILLISECONDS_PER_MINUTE + np.array([-1, 0, 1])
    limit_ms, share = 45 * MILLISECONDS_PER_MINUTE, 0.18
    asked = Asked(limit_ms=limit_ms, scenarios=(Scenario.FREE_FLOW,), directions=(Direction.TO_SCHOOL,), error_share=share)
    rule = MinutesRule(limit_ms=limit_ms, scenario=Scenario.FREE_FLOW, error_share=share)
    told = [VERDICTS[number] for number in verdicts(free, school_run, asked)]
    by_rule = [
        judge_minutes(
            {(s, d): int(ms) for d in Direction for s, ms in zip(Scenario, (one, other, other), strict=True)}, rule
        ).verdict
        for one, other in zip(free, school_run, strict=True)
    ]
    assert told == by_rule
    assert set(told) == {Verdict.PASS, Verdict.MARGINAL, Verdict.FAIL}


def test_one_direction_alone_is_judged_by_itself(folder: Path, screened: tuple[Path, Outcome], write_screen: WriteScreen) -> None:
    path = write_screen(folder, minutes=MINUTES)
    path.write_text(path.read_text().replace("minutes =", 'directions = ["to_school"]\nminutes ='))
    run_screen(path, folder / "out", workers=1)
    told, both = read_times(folder / "out"), read_times(screened[0])
    assert told["minutes_from"].isna().all()
    assert "fail" not in set(told["verdict"])
    there = both[(both["scenario"] == "school_run") & both["minutes_to"].notna()]
    assert told["minutes_to"].tolist() == there["minutes_to"].tolist()


def test_what_is_not_known_is_counted_and_has_no_value(screened: tuple[Path, Outcome], places: np.ndarray) -> None:
    out, outcome = screened
    told = " ".join(map(str, outcome.warnings))
    assert "of 1 school nothing is known: off the map" in told, told
    assert " of 781 lie off its roads" in told, told
    schools = pd.read_csv(out / "schools.csv", encoding="utf-8-sig")
    assert schools["state"].tolist() == ["answered"] * 6 + ["off the map"]
    assert schools["places_within_school_run"].isna().tolist() == [False] * 6 + [True]
    assert "s6" not in set(read_times(out)["school"])
    assert f"p{len(places) - 1}" not in set(read_times(out)["postcode"])


def test_counts_by_place_and_school_are_those_of_the_rows(screened: tuple[Path, Outcome]) -> None:
    out, outcome = screened
    times = read_times(out)
    within = times[times["verdict"] != "fail"]
    with connect() as database:
        reached = database.execute("FROM read_parquet(?)", [str(out / "reached.parquet")]).df()
    counted = within.groupby(["scenario", "postcode"]).size()
    assert reached.set_index(["scenario", "postcode"])["schools"].sort_index().tolist() == counted.tolist()
    schools = pd.read_csv(out / "schools.csv", encoding="utf-8-sig").set_index("id")
    run = within[within["scenario"] == "school_run"]
    assert schools["places_within_school_run"].dropna().to_dict() == run.groupby("school").size().to_dict()
    here = reached[reached["scenario"] == "school_run"]["schools"]
    assert f"{len(here)} places of a school, {(here >= 2).sum()} of at least two" in " ".join(outcome.summary)


def test_areas_hold_the_places_that_schools_reach(
    screened: tuple[Path, Outcome], chilterns: RoadNetwork, road_points: Points, schools: np.ndarray
) -> None:
    """Road points in an area are reached and those outside are not, the seams of regions among them."""
    out, _ = screened
    areas = gpd.read_file(out / "areas.gpkg", layer="areas").set_index(["scenario", "schools_at_least"]).geometry
    assert areas.is_valid.all()
    at = road_points(3_000, 9)
    joins = join_points(chilterns, *at.T)
    hubs = join_points(chilterns, *np.round(schools, 2).T)
    worst = np.sort(
        [
            np.maximum(*(times_at(reach(chilterns, hubs[[n]], Scenario.SCHOOL_RUN, way), joins) for way in Direction))
            for n in range(6)
        ],
        axis=0,
    )
    for least in (1, 2):
        area = areas["school_run", least]
        inside = shapely.contains_xy(area, *at.T)
        reached = worst[least - 1] <= MINUTES * MILLISECONDS_PER_MINUTE
        assert reached.sum() > 100
        assert (inside == reached).mean() > 0.999, (least, (inside & ~reached).sum(), (reached & ~inside).sum())
        assert (worst[least - 1][inside] <= (MINUTES + 0.5) * MILLISECONDS_PER_MINUTE).all()


def test_the_picture_shows_both_areas_and_the_schools(screened: tuple[Path, Outcome]) -> None:
    with Image.open(screened[0] / "map.png") as picture:
        colours = {f"#{red:02X}{green:02X}{blue:02X}" for _, (red, green, blue) in picture.convert("RGB").getcolors(1 << 24)}
    assert {looks.mixed(looks.AREA_COLOURS[0]), looks.mixed(looks.AREA_COLOURS[2]), looks.SCHOOL} <= colours


def test_a_screen_that_was_stopped_goes_on_and_is_whole(
    folder: Path, screened: tuple[Path, Outcome], monkeypatch: pytest.MonkeyPatch, write_screen: WriteScreen
) -> None:
    path, done, said = write_screen(folder, minutes=MINUTES), [], []

    def stopped(task: Task) -> Found:
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(task.key)
        return screen_school(task)

    monkeypatch.setattr(job, "screen_school", stopped)
    with pytest.raises(KeyboardInterrupt):
        run_screen(path, folder / "out", workers=1)
    assert not (folder / "out" / TIMES).exists()
    kept = sorted((folder / "out" / UNFINISHED).rglob("*.parquet"))
    assert len(kept) == 5
    # One was cut off while it was written, one is of another question.
    kept[0].write_bytes(kept[0].read_bytes()[:100])
    again: list[str] = []

    def told(task: Task) -> Found:
        again.append(task.key)
        return screen_school(task)

    monkeypatch.setattr(job, "screen_school", told)
    run_screen(path, folder / "out", workers=1, say=said.append)
    assert "4 of" in " ".join(said)
    assert len(set(done) & set(again)) == 1
    assert not (folder / "out" / UNFINISHED).exists()
    whole = read_times(screened[0])
    pd.testing.assert_frame_equal(
        read_times(folder / "out"), whole[whole["scenario"] == "school_run"].reset_index(drop=True), check_exact=True
    )


def test_what_is_done_is_of_no_use_to_another_question(
    folder: Path, monkeypatch: pytest.MonkeyPatch, write_screen: WriteScreen
) -> None:
    calls: list[Task] = []

    def stopped(task: Task) -> Found:
        calls.append(task)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return screen_school(task)

    monkeypatch.setattr(job, "screen_school", stopped)
    with pytest.raises(KeyboardInterrupt):
        run_screen(write_screen(folder, minutes=MINUTES), folder / "out", workers=1)
    monkeypatch.setattr(job, "screen_school", screen_school)
    said: list[str] = []
    run_screen(write_screen(folder, minutes=MINUTES - 1), folder / "out", workers=1, say=said.append)
    assert "done before" not in " ".join(said)
    times = read_times(folder / "out")
    assert times[["minutes_to", "minutes_from"]].max().max() <= MINUTES - 1


def test_an_earlier_screens_results_do_not_stand_among_the_new(
    folder: Path, schools: np.ndarray, write_points: WritePoints, write_screen: WriteScreen
) -> None:
    run_screen(write_screen(folder, minutes=MINUTES), folder / "out", workers=1)
    write_points(folder / "schools.csv", "s", schools[:2])
    run_screen(write_screen(folder, minutes=MINUTES), folder / "out", workers=1)
    assert set(read_times(folder / "out")["school"]) == {"s0", "s1"}


def test_by_default_every_postcode_of_the_ground_is_asked(
    folder: Path, chilterns: RoadNetwork, write_screen: WriteScreen
) -> None:
    path = write_screen(folder, minutes=MINUTES)
    path.write_text(path.read_text().replace('[places]\ntable = "places.csv"', '[places]\npostcodes = ["HP11", "SL"]'))
    outcome = run_screen(path, folder / "out", workers=1)
    times = read_times(folder / "out")
    assert set(times["postcode"].str.extract(r"^(HP11 |SL)")[0].dropna()) <= {"HP11 ", "SL"}
    x_m, y_m = chilterns.segments.x_m, chilterns.segments.y_m
    ground = postcodes_on((x_m.min() - 1e3, y_m.min() - 1e3, x_m.max() + 1e3, y_m.max() + 1e3), ["HP11", "SL"])
    assert set(times["postcode"]) <= set(ground.names)
    joins: Joins = join_points(chilterns, *ground.position.T)
    assert f"and {(joins.segment >= 0).sum()} places" in " ".join(outcome.summary)


def test_two_screens_do_not_work_in_one_folder(folder: Path, write_screen: WriteScreen) -> None:
    path = write_screen(folder, minutes=MINUTES)
    with job._held(folder / "out" / UNFINISHED), pytest.raises(job.OutputError, match="Another screen is at work"):
        run_screen(path, folder / "out", workers=1)


def test_a_task_is_known_by_all_that_it_follows_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch, write_screen: WriteScreen
) -> None:
    tasks: list[Task] = []

    def told(task: Task) -> Found:
        tasks.append(task)
        return screen_school(task)

    monkeypatch.setattr(job, "screen_school", told)
    run_screen(write_screen(folder, minutes=MINUTES), folder / "out", workers=1)
    first = {task.key for task in tasks}
    assert len(first) == len(tasks)
    tasks.clear()
    text = (folder / "places.csv").read_text().splitlines()
    (folder / "places.csv").write_text("\n".join([*text[:-2], "other,481000,190000"]))
    run_screen(write_screen(folder, minutes=MINUTES), folder / "out", workers=1)
    changed = {task.key for task in tasks} - first
    assert changed
    assert replace(tasks[0], key="") != tasks[0]
