"""Places keep their datum to the file, and areas lie in each other at any minutes."""

import itertools
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.isochrones.areas import isochrones
from siting.isochrones.surface import make_surface, open_surface
from siting.isochrones.zone import zone_of, zone_over
from siting.pipeline import run_evaluation
from siting.roads.cache import open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork
from siting.storage.kept import bundled_data
from siting.times.routing import reach, times_at
from siting.words import Direction, Scenario

NETWORK = bundled_data() / "chilterns" / "chilterns.osm.pbf"

RoadPoints = Callable[[RoadNetwork, int], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def network() -> RoadNetwork:
    return open_network(NETWORK)


@pytest.fixture(scope="module")
def school(network: RoadNetwork) -> Joins:
    return join_points(network, np.array([486_800.0]), np.array([192_600.0]))


def test_degrees_are_on_the_national_grid_to_a_decimetre(tmp_path: Path) -> None:
    """Ordnance Survey's published test point for OSTN15 (Caister, 651409.804 E 313177.450 N)."""
    (tmp_path / "plan.toml").write_text(
        f'[area]\nnetwork = "{NETWORK}"\n[[schools]]\nname = "S"\npostcode = "HP11 2JZ"\n[inputs]\ncandidates = "homes.csv"\n',
        encoding="utf-8",
    )
    (tmp_path / "homes.csv").write_text("home_id,latitude,longitude\nH1,52.658007833,1.716073973\n", encoding="utf-8")
    run_evaluation(tmp_path / "plan.toml", tmp_path / "out")
    home = gpd.read_file(tmp_path / "out" / "evaluation.gpkg", layer="homes").iloc[0]
    assert (home.geometry.x, home.geometry.y) == (pytest.approx(651_409.804, abs=0.1), pytest.approx(313_177.450, abs=0.1))
    assert home["verdict"] == "unreachable"
    assert "outside the road network" in home["reasons"]


@settings(deadline=None, max_examples=12)
@given(limits=st.lists(st.floats(1, 50), min_size=2, max_size=4, unique=True), direction=st.sampled_from(list(Direction)))
def test_areas_are_valid_and_nested_at_any_minutes(
    network: RoadNetwork, school: Joins, limits: list[float], direction: Direction
) -> None:
    """Asked for one by one, so that no two of them share anything but the roads."""
    found = [isochrones(network, school, [limit], direction, Scenario.TYPICAL).geometry.iloc[0] for limit in sorted(limits)]
    assert all(shapely.is_valid(area) for area in found)
    for smaller, larger in itertools.pairwise(found):
        assert shapely.area(shapely.difference(smaller, larger)) < 1e-3


@pytest.mark.parametrize("direction", list(Direction))
def test_random_road_points_agree_with_the_area(
    network: RoadNetwork, school: Joins, road_points: RoadPoints, direction: Direction
) -> None:
    x_m, y_m = road_points(network, 10_000)
    minutes = times_at(reach(network, school, Scenario.TYPICAL, direction), join_points(network, x_m, y_m)) / 60_000
    for limit in (15, 30, 45):
        area = isochrones(network, school, [limit], direction, Scenario.TYPICAL).geometry.iloc[0]
        inside = shapely.contains_xy(area, x_m, y_m)
        assert np.mean(inside == (minutes <= limit)) >= 0.9995
        assert (minutes[inside] <= limit + 0.5).all()


@pytest.mark.parametrize("minutes", [4, 15])
def test_an_area_is_the_same_whether_all_ground_is_laid_or_what_is_near_its_roads(
    network: RoadNetwork, school: Joins, minutes: int
) -> None:
    x_m, y_m = network.segments.x_m, network.segments.y_m
    all_ground = zone_over(np.array([[x_m.min() - 5e3, y_m.min() - 5e3, x_m.max() + 5e3, y_m.max() + 5e3]]))
    here = zone_of([reach(network, school, Scenario.TYPICAL, Direction.TO_SCHOOL, limit_ms=minutes * 60_000)], minutes * 60_000)
    assert all_ground.covers(here)
    assert here.held.sum() < all_ground.held.sum()
    told, whole = (
        isochrones(network, school, [minutes], Direction.TO_SCHOOL, Scenario.TYPICAL, surface=surface).geometry.iloc[0]
        for surface in (make_surface(network, here), open_surface(network, all_ground))
    )
    assert not told.is_empty
    assert shapely.equals_exact(shapely.normalize(told), shapely.normalize(whole), 1e-6)
