"""The whole of it on Rutland's real roads."""

import csv
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from siting.crs import to_metres
from siting.isochrones.areas import isochrones
from siting.pipeline import run_evaluation
from siting.roads.cache import open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork
from siting.storage.database import ask
from siting.storage.kept import bundled_data
from siting.times.matrix import time_matrix_ms
from siting.times.routing import reach, times_at
from siting.words import METRES_PER_MILE, NO_WAY_MS, Direction, Scenario

RoadPoints = Callable[[RoadNetwork, int], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def rutland(shared_data: Path) -> RoadNetwork:
    return open_network(shared_data / "rutland-2022-07-20.osm.pbf")


def test_free_flow_agrees_with_the_second_witness(rutland: RoadNetwork, shared_data: Path) -> None:
    with (shared_data / "rutland-reference-times.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["osrm_s"]) > 60]
    ends = {
        end: join_points(
            rutland, *to_metres([float(r[f"{end}_lon"]) for r in rows], [float(r[f"{end}_lat"]) for r in rows], rutland.system)
        )
        for end in ("origin", "destination")
    }
    first = {float(r["origin_lon"]): i for i, r in enumerate(rows)}
    ours = np.empty(len(rows))
    for lon, row in first.items():
        chosen = np.array([i for i, r in enumerate(rows) if float(r["origin_lon"]) == lon])
        origin = ends["origin"][row : row + 1]
        ours[chosen] = time_matrix_ms(rutland, origin, ends["destination"][chosen], Scenario.FREE_FLOW)[0] / 1000
    ratio = ours / np.array([float(r["osrm_s"]) for r in rows])
    assert 0.90 <= np.median(ratio) <= 1.10
    assert np.mean(np.abs(ratio - 1) <= 0.2) >= 0.99


KINDS = ("primary", "secondary")


def test_schools_and_towns_are_as_far_apart_as_officially(rutland: RoadNetwork, shared_data: Path) -> None:
    """Journey time statistics 2016 for Rutland: to a secondary school 4 minutes more than to a primary, to a town 4 more.

    From every postcode of the county; Stamford lies 700 m beyond the extract's last road, driven at 25 mph.
    """
    segments = rutland.segments
    postcodes = np.array(
        ask()
        .execute(
            "SELECT easting, northing FROM read_parquet(?) WHERE easting BETWEEN ? AND ? AND northing BETWEEN ? AND ?",
            [
                str(bundled_data() / "codepoint-open.parquet"),
                *(float(edge) for axis in (segments.x_m, segments.y_m) for edge in (axis.min(), axis.max())),
            ],
        )
        .fetchall(),
        dtype=np.float64,
    )

    def near(x_m: np.ndarray, y_m: np.ndarray, most_m: float) -> Joins:
        joins = join_points(rutland, x_m, y_m)
        return joins[np.flatnonzero((joins.segment >= 0) & (joins.distance_m < most_m))]

    def schools(kind: str) -> Joins:
        with (shared_data / f"places/gias-{kind}.csv").open(encoding="latin-1") as file:
            rows = list(csv.DictReader(file))
        x_m, y_m = (np.array([float(row[axis] or 0) for row in rows]) for axis in ("Easting", "Northing"))
        here = (np.abs(x_m - segments.x_m.mean()) < 30_000) & (np.abs(y_m - segments.y_m.mean()) < 30_000)
        return near(x_m[here], y_m[here], 400)

    homes = near(postcodes[:, 0], postcodes[:, 1], 60)
    towns_x_m, towns_y_m = to_metres([-0.7286, -0.7222, -0.4800], [52.6703, 52.5890, 52.6520], rutland.system)
    off_m = np.hypot(segments.x_m - towns_x_m[2], segments.y_m - towns_y_m[2])
    towns_x_m[2], towns_y_m[2] = segments.x_m[off_m.argmin()], segments.y_m[off_m.argmin()]

    def minutes_to(places: Joins) -> np.ndarray:
        return time_matrix_ms(rutland, homes, places, Scenario.SCHOOL_RUN) / 60_000

    to_town = minutes_to(join_points(rutland, towns_x_m, towns_y_m))
    to_town[:, 2] += 1.3 * off_m.min() / (25 * METRES_PER_MILE) * 60
    primary, secondary, town = (table.min(axis=1).mean() for table in (*map(minutes_to, map(schools, KINDS)), to_town))
    assert len(homes) > 1_000
    assert 3 <= secondary - primary <= 5
    assert 3 <= town - primary <= 5


def test_every_journey_that_was_driven_in_a_city_finds_its_way(shared_data: Path) -> None:
    """4.6 x 4.6 km cut out of a city: one-way streets lead off its edge, and the file's header names another box."""
    with (shared_data / "observed/porto-taxi-trips.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    network = open_network(shared_data / "observed/porto-2020-07.osm.pbf")
    start, goal = (
        join_points(
            network,
            *to_metres([float(r[f"{end}_longitude"]) for r in rows], [float(r[f"{end}_latitude"]) for r in rows], network.system),
        )
        for end in ("origin", "destination")
    )
    assert (start.segment >= 0).all()
    assert (goal.segment >= 0).all()
    assert (time_matrix_ms(network, start, goal, Scenario.TYPICAL).diagonal() < NO_WAY_MS).all()


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize(
    ("extract", "lon", "lat", "limits"),
    [
        ("rutland-2022-07-20.osm.pbf", -0.73, 52.67, [5, 10, 15, 20]),
        ("newport-2023-06-13.osm.pbf", -2.998, 51.588, [5, 8, 10, 12]),
        pytest.param("andorra-2020-05.osm.pbf", 1.52, 42.506, [5, 10, 15, 30], marks=pytest.mark.slow),
    ],
)
def test_polygons_agree_with_times_and_lie_in_each_other(
    shared_data: Path,
    road_points: RoadPoints,
    extract: str,
    lon: float,
    lat: float,
    limits: list[float],
    direction: Direction,
) -> None:
    network = open_network(shared_data / extract)
    hub = join_points(network, *to_metres(lon, lat, network.system))
    areas = isochrones(network, hub, limits, direction, Scenario.TYPICAL)
    assert areas.geometry.is_valid.all()
    for smaller, larger in itertools.pairwise(areas.geometry):
        assert larger.covers(smaller)
    x_m, y_m = road_points(network, 20_000)
    minutes = times_at(reach(network, hub, Scenario.TYPICAL, direction), join_points(network, x_m, y_m)) / 60_000
    for limit, area in zip(areas["minutes"], areas.geometry, strict=True):
        inside = shapely.contains_xy(area, x_m, y_m)
        assert np.mean(inside == (minutes <= limit)) >= 0.999
        assert not np.any(minutes[inside] > limit + 0.5)


@pytest.mark.parametrize("extract", ["rutland-2022-07-20.osm.pbf", "newport-2023-06-13.osm.pbf"])
def test_no_journey_is_quicker_at_a_busier_hour(shared_data: Path, extract: str) -> None:
    """102 places, 10,404 pairs: of the quickest ways at each hour, on whatever roads are open then."""
    network = open_network(shared_data / extract)
    draw = np.random.default_rng(11)
    segments = network.segments
    chosen = draw.choice(np.flatnonzero(segments.joinable), 102, replace=False)
    at = (segments.geometry_start[chosen] + segments.geometry_start[chosen + 1] - 1) // 2
    joins = join_points(network, segments.x_m[at] + draw.normal(0, 30, 102), segments.y_m[at] + draw.normal(0, 30, 102))
    free, typical, school_run = (time_matrix_ms(network, joins, joins, scenario) for scenario in Scenario)
    assert (free < NO_WAY_MS).mean() > 0.9
    assert (free <= typical).all()
    assert (typical <= school_run).all()


def test_a_matrix_is_the_same_from_either_side_and_with_any_threads(rutland: RoadNetwork) -> None:
    draw = np.random.default_rng(5)
    chosen = draw.choice(np.flatnonzero(rutland.segments.joinable), 9, replace=False)
    at = rutland.segments.geometry_start[chosen]
    joins = join_points(rutland, rutland.segments.x_m[at], rutland.segments.y_m[at])
    wide = time_matrix_ms(rutland, joins[:4], joins[4:], Scenario.TYPICAL, threads=1)
    tall = time_matrix_ms(rutland, joins, joins[4:], Scenario.TYPICAL, threads=2)
    assert (wide == tall[:4]).all()


def test_a_plan_is_judged_and_written(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        f'[area]\nnetwork = "{shared_data / "rutland-2022-07-20.osm.pbf"}"\n'
        '[[schools]]\nname = "Oakham"\nlatitude = 52.67\nlongitude = -0.73\n'
        '[inputs]\ncandidates = "homes.csv"\n',
        encoding="utf-8",
    )
    (tmp_path / "homes.csv").write_text(
        "home_id,latitude,longitude,note\nH1,52.66,-0.72,=1+1\nH2,52.59,-0.72,plain\n", encoding="utf-8"
    )
    run_evaluation(tmp_path / "plan.toml", tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "evaluation.csv")
    assert table["home_id"].tolist() == ["H1", "H2"]
    assert table["note"].tolist() == ["'=1+1", "plain"]
    assert (table["verdict"] == "pass").all()
    written = {path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")}
    assert written == {"evaluation.xlsx", "evaluation.csv", "evaluation.gpkg"}
