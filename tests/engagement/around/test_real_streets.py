"""Real addresses, buildings and plots: the lists equal a count made another way."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from engagement.around.boundary import propose_boundary
from engagement.around.neighbours import Surroundings, consider
from engagement.around.osm_features import OsmFeatures, read_features
from engagement.around.plots import no_plots, read_plots
from engagement.prepare import road_lines_near
from siting.crs import MetricSystem
from siting.roads.cache import open_network
from siting.roads.network import RoadNetwork
from siting.words import BNG, Basis

GRID = MetricSystem(BNG)
HOMES = 12


@pytest.mark.parametrize(("name", "least"), [("newport-2023-06-13", 21_000), ("rutland-2022-07-20", 500)])
def test_a_dozen_homes_equal_an_independent_count(shared_data: Path, name: str, least: int) -> None:
    source = shared_data / f"{name}.osm.pbf"
    network = open_network(source)
    features = read_features(source, network.system)
    assert len(features.addresses) >= least
    tree = shapely.STRtree(features.buildings)
    points = shapely.points([(a.x_m, a.y_m) for a in features.addresses])
    draw = np.random.default_rng(7)
    checked = 0
    for index in draw.permutation(len(features.addresses)):
        home = features.addresses[index]
        own = tree.query(points[index], predicate="intersects")
        if not len(own):
            continue
        found = lists_of(features, network, tree, points, index)
        assert found == independent_count(features, tree, points, index), home.written
        checked += 1
        if checked == HOMES:
            break
    assert checked == HOMES


def lists_of(features: OsmFeatures, network: RoadNetwork, tree: shapely.STRtree, points: np.ndarray, index: int) -> set[str]:
    x_m, y_m = features.addresses[index].x_m, features.addresses[index].y_m
    window = shapely.box(x_m - 250, y_m - 250, x_m + 250, y_m + 250)
    addresses = tuple(features.addresses[int(i)] for i in np.flatnonzero(shapely.intersects(points, window)))
    near = sorted(tree.query(window, predicate="intersects"))
    buildings = tuple(features.buildings[int(i)] for i in near)
    roads = road_lines_near(network, window.bounds)
    around = Surroundings(addresses=addresses, plots=no_plots(network.system), buildings=buildings, roads=roads)
    boundary = propose_boundary(x_m, y_m, around.plots, buildings, roads, np.zeros((0, 2)))
    assert boundary.basis is Basis.BUILDING
    considered = consider(boundary, features.addresses[index], around, 20.0, {})
    return {one.address.key for one in considered if one.invited}


def independent_count(features: OsmFeatures, tree: shapely.STRtree, points: np.ndarray, index: int) -> set[str]:
    """Buffer the home's building and see whose building, or else point, meets it: no distances, no search per address."""
    containing = tree.query(points[index], predicate="dwithin", distance=15)
    home = min((features.buildings[int(i)] for i in containing), key=lambda b: shapely.distance(b, points[index]))
    reach = shapely.buffer(home, 20.0, quad_segs=2_000)
    shapely.prepare(reach)
    inside = set()
    for other in np.flatnonzero(shapely.dwithin(points, points[index], 400)):
        if other == index:
            continue
        own = tree.query(points[other], predicate="dwithin", distance=0.5)
        if len(own):
            near = [features.buildings[int(i)] for i in own]
            best = min(near, key=lambda shape: (shapely.distance(shape, points[other]), shapely.area(shape)))
            meets = shapely.intersects(reach, best)
        else:
            meets = shapely.intersects(reach, points[other])
        if meets:
            inside.add(features.addresses[int(other)].key)
    return inside


def test_the_citys_real_plots_are_read_and_mended(shared_data: Path) -> None:
    path = shared_data / "places" / "inspire-city-of-london-2018.geojson"
    raw = gpd.read_file(path)
    plots = read_plots(path, GRID)
    assert len(plots.shapes) == len(raw) == 3_703
    assert all(shapely.is_valid(np.array(plots.shapes)))
    invalid = int((~raw.geometry.is_valid).sum())
    assert 40 < invalid < 150
    told = int(plots.warnings[0].problem.split()[0])
    assert invalid <= told <= invalid + 3
    assert abs(sum(shapely.area(np.array(plots.shapes))) - raw.to_crs(32630).area.sum()) < 0.02 * raw.to_crs(32630).area.sum()


def test_real_lists_of_schools_are_read(shared_data: Path) -> None:
    from engagement.people.stakeholder_files import read_schools

    schools = read_schools(shared_data / "places" / "gias-columns-synthetic.csv")
    assert schools
    assert all(school.head != "Not recorded" for school in schools)
    assert len(read_schools(shared_data / "places" / "gias-primary.csv")) > 10_000
