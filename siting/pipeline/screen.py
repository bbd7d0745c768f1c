"""Screens many schools and a country's places: prepares regions, runs the tasks or goes on with them, and sums up."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xxhash
from filelock import FileLock, Timeout

from maps.screen_map import write_screen_map
from siting.crs import between_metric
from siting.documents.csv_files import write_csv
from siting.faults import Fault, InputFaultsError, Severity, UsageError
from siting.inputs.council_names import plain_name
from siting.inputs.points import Points
from siting.inputs.postcodes import areas_without, postcodes_on
from siting.inputs.screen import Screen
from siting.inputs.screen_inputs import ScreenInputs, read_screen_inputs
from siting.isochrones.zone import longest_side_ms
from siting.outputs.screen_geopackage import placed_schools, write_screen_geopackage
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.outcome import Outcome
from siting.place import NATIONAL_GRID
from siting.progress import Progress, Step, silent
from siting.roads.cache import kept_network, open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork
from siting.screening.areas import Drawing, draw_region, gather_areas, join_regions, joinings
from siting.screening.asked import Asked
from siting.screening.cluster import is_installed, on_scheduler, on_this_machine
from siting.screening.preparing import (
    SCREEN_VERSION,
    Cutting,
    Kept,
    Listed,
    RegionFiles,
    prepare_region,
    write_places,
)
from siting.screening.regions import Region, part_ground, region_of
from siting.screening.running import InProcess, Runner
from siting.screening.summary import (
    ANSWERED,
    NO_PLACE,
    OFF_THE_MAP,
    CouncilPlaces,
    Summing,
    children_uncovered,
    councils_frame,
    count_region,
    reached_by_place,
    schools_frame,
)
from siting.screening.tasks import Found, Task, done_already, ground_path, screen_school
from siting.sentences import SCENARIO_WORDS, counted, listed
from siting.storage.database import write_parquet
from siting.storage.moving_into_place import OutputError, copy_beside, make_private
from siting.storage.results_folder import results
from siting.words import BNG, MOST_OPEN_GROUND_M, Scenario

UNFINISHED = "unfinished-screen"
"""The folder in the outputs' in which a screen that was stopped lies until it has gone on to its end."""
TIMES = "times"
_SEGMENTS_A_REGION = 500_000
_FEW_TASKS = 60
"""Up to so many tasks are done before workers would have started."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Points:
    """Schools or places with their positions in the network's metres (NaN where not known) and how they are joined."""

    ids: np.ndarray
    names: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    joins: Joins

    @property
    def on_map(self) -> np.ndarray:
        return np.asarray(self.joins.segment >= 0)

    def listed(self, index: np.ndarray) -> Listed:
        return Listed(ids=self.ids[index], joins=self.joins[index])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Screening:
    """A screen that is ready to run."""

    inputs: ScreenInputs
    asked: Asked
    source: Path
    network: RoadNetwork
    regions: tuple[Region, ...]
    schools: _Points
    places: _Points
    places_without_position: int
    work: Path


def run_screen(
    path: Path,
    out: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
    say: Say = silent,
) -> Outcome:
    """Screen what a screen file asks for, into a folder; a screen that was stopped goes on where it was.

    Raises
    ------
    InputFaultsError
        With every fault of the screen file and of every file that it names.
    UsageError
        Where the workers asked for cannot be had.
    """
    if workers is not None and scheduler is not None:
        msg = "Give --workers for this machine or --scheduler for a cluster, not both."
        raise UsageError(msg)
    start_compiling()
    inputs = read_screen_inputs(Screen.read(path))
    return screen_inputs(inputs, out, workers=workers, scheduler=scheduler, progress=progress, say=say)


def screen_inputs(
    inputs: ScreenInputs,
    out: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
    say: Say = silent,
) -> Outcome:
    """Screen what was read, as `run_screen` does."""
    make_private(out)
    with _held(out / UNFINISHED) as work:
        network, regions = _open(inputs, progress)
        few = len(regions) * len(inputs.schools.ids) <= _FEW_TASKS
        with _runner(network, workers, scheduler, say, few=few) as runner:
            screening = _prepare(inputs, network, regions, work, progress)
            if not isinstance(runner, InProcess):
                progress("starting workers")
            say(f"Screening with {runner.words}.")
            if runner.dashboard:
                say(f"What each worker is doing is shown at {runner.dashboard}")
            done = _run(screening, runner, progress, say)
        outcome = _write(screening, done, out, progress)
    shutil.rmtree(out / UNFINISHED, ignore_errors=True)
    return outcome


@contextmanager
def _held(work: Path) -> Iterator[Path]:
    """Hold the folder of an unfinished screen against another run."""
    work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(work / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        msg = f"Another screen is at work in {work.parent}. Wait for it, or choose another folder with --out."
        raise OutputError(msg) from error
    try:
        for remnant in work.rglob("*.part"):
            remnant.unlink(missing_ok=True)
        yield work
    finally:
        lock.release()


@contextmanager
def _runner(network: RoadNetwork, workers: int | None, scheduler: str | None, say: Say, *, few: bool) -> Iterator[Runner]:
    """Give who does the tasks; workers of this machine start aside while places are found."""
    if scheduler is not None:
        with on_scheduler(scheduler) as runner:
            yield runner
    elif workers == 1 or (workers is None and (few or not is_installed())):
        if not few and not is_installed():
            say('With Dask it would use every core of this machine: pip install "home-siting-planner[cluster]".')
        yield InProcess()
    else:
        with on_this_machine(workers, kept_network(network)) as runner:
            yield runner


def _open(inputs: ScreenInputs, progress: Progress) -> tuple[RoadNetwork, tuple[Region, ...]]:
    """Open the extract's roads and part their ground."""
    screen = inputs.screen
    network = open_network(_source(screen), screen.travel_model, drives_on=screen.area.drives_on, progress=progress)
    count = screen.regions.count or max(1, round(len(network.segments) / _SEGMENTS_A_REGION))
    return network, part_ground(network, count)


def _source(screen: Screen) -> Path:
    return screen.resolve(screen.area.network).resolve()


def _prepare(
    inputs: ScreenInputs, network: RoadNetwork, regions: tuple[Region, ...], work: Path, progress: Progress
) -> _Screening:
    screen, source = inputs.screen, _source(inputs.screen)
    progress("finding the places")
    schools = _joined(network, inputs.schools)
    if not schools.on_map.any():
        raise InputFaultsError([_none_on_map("school", source), *inputs.warnings])
    places, without_position = _places(network, inputs)
    if not places.on_map.any():
        raise InputFaultsError([_none_on_map("place", source), *inputs.warnings])
    return _Screening(
        inputs=inputs,
        asked=Asked(
            limit_ms=screen.rules.limit_ms,
            scenarios=tuple(dict.fromkeys(screen.rules.scenarios)),
            directions=tuple(dict.fromkeys(screen.rules.directions)),
            error_share=network.model["model_error"],
            beyond_ms=longest_side_ms(network) if screen.regions.areas else 0,
        ),
        source=source,
        network=network,
        regions=regions,
        schools=schools,
        places=places,
        places_without_position=without_position,
        work=work,
    )


def _none_on_map(what: str, source: Path) -> Fault:
    return Fault(
        file=source.name, problem=f"no {what} lies on its roads", remedy="Use the extract of the area that is asked about"
    )


def _joined(network: RoadNetwork, points: Points) -> _Points:
    x_m, y_m = points.places.within(network.system)
    return _Points(ids=points.ids, names=points.names, x_m=x_m, y_m=y_m, joins=join_points(network, x_m, y_m))


def _places(network: RoadNetwork, inputs: ScreenInputs) -> tuple[_Points, int]:
    """Return the places of the table, or the unit postcodes of the extract's ground and how many more have no position."""
    if inputs.places is not None:
        return _joined(network, inputs.places), int((~inputs.places.places.known).sum())
    if not network.system.is_national_grid:
        fault = Fault(
            file=inputs.screen.path.name,
            column="places",
            problem="unit postcodes are known in Great Britain alone, and the extract lies elsewhere",
            remedy="Name a table of places under [places] table",
        )
        raise InputFaultsError([fault])
    x_m, y_m = network.segments.x_m, network.segments.y_m
    reach_m = MOST_OPEN_GROUND_M
    bounds_m = (
        float(x_m.min() - reach_m),
        float(y_m.min() - reach_m),
        float(x_m.max() + reach_m),
        float(y_m.max() + reach_m),
    )
    areas = tuple(text.upper() for text in inputs.screen.places.postcodes)
    found = postcodes_on(bounds_m, areas)
    position_x_m, position_y_m = (np.ascontiguousarray(axis) for axis in found.position.T)
    here_x_m, here_y_m = between_metric(position_x_m, position_y_m, NATIONAL_GRID, network.system)
    points = _Points(
        ids=found.names, names=found.names, x_m=here_x_m, y_m=here_y_m, joins=join_points(network, here_x_m, here_y_m)
    )
    return points, found.without_position


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """The tasks and what they found, the files of what was counted by region, and those of the areas."""

    tasks: Sequence[Task]
    found: Sequence[Found]
    counted: Sequence[Path]
    drawn: Sequence[Path]


def _run(screening: _Screening, runner: Runner, progress: Progress, say: Say) -> _Done:
    kept = _cut(screening, runner, progress)
    tasks = list(_tasks(screening, kept, progress))
    done = done_already(tasks, screening.work / TIMES)
    if done:
        say(f"{len(done)} of {counted(len(tasks), 'task')} were done before and are taken as they are.")
    left = [task for task in tasks if task.key not in done]
    words = f"timing {counted(len(tasks), 'task')}, each a region and a school"
    found = [*done.values(), *_told(runner.run(screen_school, left), words, len(done), len(tasks), progress)]
    of_region: dict[RegionFiles, list[Path]] = {}
    for task in tasks:
        of_region.setdefault(task.region, []).append(task.target)
    return _Done(
        tasks=tasks,
        found=found,
        counted=_count(screening, of_region, runner, progress),
        drawn=_draw(screening, kept, of_region, runner, progress),
    )


def _count(
    screening: _Screening, of_region: Mapping[RegionFiles, Sequence[Path]], runner: Runner, progress: Progress
) -> list[Path]:
    """Count by place what reaches the places of each region."""
    summings = [
        Summing(results=tuple(own), asked=screening.asked, target=screening.work / "regions" / f"{files.name}.counted.parquet")
        for files, own in of_region.items()
    ]
    return sorted(_told(runner.run(count_region, summings), "counting by place", 0, len(summings), progress))


def _cut(screening: _Screening, runner: Runner, progress: Progress) -> list[Kept]:
    screen = screening.inputs.screen
    cuttings = [
        Cutting(
            source=screening.source,
            model=screen.travel_model,
            drives_on=screen.area.drives_on,
            region=region,
            limit_ms=screening.asked.searched_ms,
            with_ground=screen.regions.areas,
        )
        for region in screening.regions
    ]
    words = f"preparing {counted(len(cuttings), 'region')}"
    kept = list(_told(runner.run(prepare_region, cuttings), words, 0, len(cuttings), progress))
    return sorted(kept, key=lambda one: one.region.name)


def _told(answers: Iterator, words: str, done: int, count: int, progress: Progress) -> Iterator:  # type: ignore[type-arg]
    """Pass answers on, and tell how many there are."""
    progress(Step(words, done / max(count, 1)))
    for number, answer in enumerate(answers, start=done + 1):
        progress(Step(words, number / count))
        yield answer


def _tasks(screening: _Screening, kept: Sequence[Kept], progress: Progress) -> Iterator[Task]:
    """Write what each region needs to know of places and schools, and yield the tasks."""
    progress("sharing out the places")
    places, schools = screening.places, screening.schools
    number = region_of(tuple(one.region for one in kept), places.x_m, places.y_m)
    known_schools = schools.listed(np.flatnonzero(schools.on_map))
    digests = {school: known_schools.some(np.array([at])).digest for at, school in enumerate(known_schools.ids)}
    for index, one in enumerate(kept):
        here = places.listed(np.flatnonzero((number == index) & places.on_map))
        files, on_network = write_places(screening.work / "regions", one, here, known_schools)
        if not len(here):
            continue
        said = f"{one.key} {here.digest} {screening.asked.plain()} {one.ground is not None} {SCREEN_VERSION}"
        for row, school in enumerate(on_network):
            yield Task(
                region=files,
                school=row,
                asked=screening.asked,
                target=screening.work / TIMES / f"region={one.region.name}" / f"{_file_name(school)}.parquet",
                key=xxhash.xxh3_128_hexdigest(f"{said} {digests[school]}".encode()),
            )


def _file_name(school: str) -> str:
    """Return a school's identifier as a file is called: what no disk takes is written as figures."""
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_") else f"~{ord(letter):x}" for letter in school
    )


def _draw(
    screening: _Screening,
    kept: Sequence[Kept],
    of_region: Mapping[RegionFiles, Sequence[Path]],
    runner: Runner,
    progress: Progress,
) -> list[Path]:
    """Draw the areas of each region whose schools are done, and join them; the files of what was joined."""
    if not screening.inputs.screen.regions.areas:
        return []
    boxes = {one.region.name: one.region.box for one in kept}
    drawings = [
        Drawing(
            region=files,
            box=boxes[files.name],
            ground=tuple(map(ground_path, own)),
            asked=screening.asked,
            target=screening.work / "areas" / f"{files.name}.areas",
        )
        for files, own in of_region.items()
    ]
    (screening.work / "areas").mkdir(exist_ok=True)
    drawn = sorted(_told(runner.run(draw_region, drawings), "drawing the areas", 0, len(drawings), progress))
    to_join = joinings(drawn, screening.asked, screening.work / "areas")
    joined = set(_told(runner.run(join_regions, to_join), "joining the areas of all regions", 0, len(to_join), progress))
    return [one.target for one in to_join if one.target in joined]


def _write(screening: _Screening, done: _Done, out: Path, progress: Progress) -> Outcome:
    progress("summing up")
    made = datetime.now(UTC)
    asked, schools = screening.asked, screening.schools
    reached = reached_by_place(done.counted)
    states = [
        ANSWERED if on_map else NO_PLACE if np.isnan(x_m) else OFF_THE_MAP
        for on_map, x_m in zip(schools.on_map, schools.x_m, strict=True)
    ]
    frame = schools_frame(schools.ids.tolist(), schools.names.tolist(), states, done.found, asked)
    councils = _councils(screening, reached)
    with results(out, "siting screen", made) as given:
        for task in done.tasks:
            copy_beside(task.target, given.files / task.target.relative_to(screening.work))
        write_parquet(given.files / "reached.parquet", reached)
        write_csv(given.files / "schools.csv", frame)
        if councils is not None:
            write_csv(given.files / "councils.csv", councils)
        if done.drawn:
            _draw_all(screening, done.drawn, frame, given.files, made)
        given.gone.extend(_of_earlier(out, given.names))
        names = given.names
    return Outcome(
        files=(*(out / name for name in names if name.parts[0] != TIMES), out / TIMES),
        warnings=(*screening.inputs.warnings, *_not_known(screening, frame)),
        told_once=tuple(given.told),
        summary=_sentences(screening, frame, reached, councils),
    )


def _draw_all(screening: _Screening, drawn: Sequence[Path], schools: pd.DataFrame, folder: Path, made: datetime) -> None:
    epsg, screen = screening.network.system.epsg, screening.inputs.screen
    areas, shown = gather_areas(drawn, epsg)
    positions = np.column_stack([screening.schools.x_m, screening.schools.y_m])
    points = placed_schools(schools, positions, epsg)
    write_screen_geopackage(folder / "areas.gpkg", areas, points)
    authorities = screening.inputs.authorities
    borders = gpd.GeoSeries(list(authorities.areas), crs=BNG) if authorities is not None and epsg == BNG else None
    write_screen_map(folder / "map.png", shown, points, borders, screen.title, screen.rules.minutes, made)


def _of_earlier(out: Path, names: Sequence[Path]) -> list[Path]:
    """Return the results of an earlier screen that this one does not have."""
    before = {path.relative_to(out) for path in (out / TIMES).rglob("*.parquet")}
    before |= {Path(name) for name in ("councils.csv", "areas.gpkg", "map.png") if (out / name).is_file()}
    return sorted(before - set(names))


def _councils(screening: _Screening, reached: pd.DataFrame) -> pd.DataFrame | None:
    authorities, network = screening.inputs.authorities, screening.network
    if authorities is None:
        return None
    places, schools = screening.places, screening.schools
    number = {name: index for index, name in enumerate(authorities.names)}

    def council(points: _Points) -> np.ndarray:
        known = np.isfinite(points.x_m)
        x_m, y_m = between_metric(points.x_m[known], points.y_m[known], network.system, NATIONAL_GRID)
        answer = np.full(len(points.ids), -1, dtype=np.int64)
        answer[known] = [number.get(name or "", -1) for name in authorities.at(x_m, y_m)]
        return answer

    of_place, of_school = council(places), council(schools)
    x_m, y_m = network.segments.x_m, network.segments.y_m
    need = {plain_name(name): count for name, count in (screening.inputs.need.children if screening.inputs.need else {}).items()}
    return councils_frame(
        CouncilPlaces(
            names=authorities.names,
            whole=[
                _is_within(shapely.bounds(area).tolist(), (x_m.min(), y_m.min(), x_m.max(), y_m.max()))
                for area in authorities.areas
            ],
            children=[need.get(plain_name(name)) for name in authorities.names],
            place_ids=places.ids[places.on_map],
            place_council=of_place[places.on_map],
            off_map=np.bincount(of_place[~places.on_map & (of_place >= 0)], minlength=len(number)),
            schools=np.bincount(of_school[schools.on_map & (of_school >= 0)], minlength=len(number)),
        ),
        reached,
        screening.asked,
    )


def _is_within(bounds: Sequence[float], ground: Sequence[float]) -> bool:
    slack_m = MOST_OPEN_GROUND_M
    return bool(
        bounds[0] >= ground[0] - slack_m
        and bounds[1] >= ground[1] - slack_m
        and bounds[2] <= ground[2] + slack_m
        and bounds[3] <= ground[3] + slack_m
    )


def _not_known(screening: _Screening, schools: pd.DataFrame) -> Iterator[Fault]:
    """Say with counts what is not known, none of which has a value in the results."""
    source, places = screening.source.name, screening.places
    for state in (OFF_THE_MAP, NO_PLACE):
        count = int((schools["state"] == state).sum())
        if count:
            yield _warning(
                "schools.csv",
                f"of {counted(count, 'school')} nothing is known: {state}",
                "They are listed there; correct their places, or use a larger extract",
            )
    off_map = int((~places.on_map & np.isfinite(places.x_m)).sum())
    if off_map:
        yield _warning(
            source,
            f"{counted(off_map, 'place')} of {len(places.ids)} lie off its roads, and nothing is known of them",
            "They have no row in the results, as those that no school reaches; use a larger extract where they matter",
        )
    nowhere = areas_without(screening.inputs.screen.places.postcodes, places.ids.tolist())
    if nowhere:
        yield _warning(
            screening.inputs.screen.path.name,
            f"no postcode of {listed(nowhere)} lies on the extract's ground",
            "Check places.postcodes, or use a larger extract",
        )
    if screening.places_without_position:
        yield _warning(
            screening.inputs.screen.path.name,
            f"without a position of its own, and left out: {counted(screening.places_without_position, 'place')} more",
            "Give them with coordinates in a table of places where they matter",
        )
    cut_off = int((schools["roads_cut_off"] != "").sum())
    if cut_off:
        yield _warning(
            source,
            f"its roads end within the minutes of {counted(cut_off, 'school')}: places and quicker ways beyond are not seen",
            "They are named in schools.csv; use a larger extract where that matters",
        )


def _warning(file: str, problem: str, remedy: str) -> Fault:
    return Fault(file=file, problem=problem, remedy=remedy, severity=Severity.WARNING)


def _sentences(
    screening: _Screening, schools: pd.DataFrame, reached: pd.DataFrame, councils: pd.DataFrame | None
) -> tuple[str, ...]:
    minutes = screening.inputs.screen.rules.minutes
    answered, on_map = int((schools["state"] == ANSWERED).sum()), int(screening.places.on_map.sum())
    uncovered = children_uncovered(councils) if councils is not None else {}
    lines = [f"{counted(answered, 'school')} and {counted(on_map, 'place')} in {counted(len(screening.regions), 'region')}."]
    for scenario in screening.asked.scenarios:
        here = reached[reached["scenario"] == scenario.value]["schools"]
        lines.append(
            f"Within {minutes:g} minutes {SCENARIO_WORDS[Scenario(scenario)]}: {len(here)} places of a school, "
            f"{int((here >= 2).sum())} of at least two; {on_map - len(here)} of none."  # noqa: PLR2004 - two schools
        )
        if uncovered.get(scenario.value):
            lines.append(
                f"{uncovered[scenario.value]:,} children are counted by councils of whose places no school reaches half."
            )
    return tuple(lines)
