"""A house is joined over open ground for a kilometre at most, and never across water, a motorway or the file's edge."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from siting.crs import to_degrees, to_metres
from siting.isochrones.areas import isochrones
from siting.osm.extract import read_osm
from siting.roads.build import build_network
from siting.roads.cache import open_network
from siting.roads.joining import ON_THE_BANK_M, join_points
from siting.times.matrix import pair_table
from siting.times.routing import reach, times_at
from siting.travel_model import TravelModel
from siting.words import MOST_OPEN_GROUND_M, NO_WAY_MS, Direction, Scenario

Draw = Callable[..., Any]
ROAD = {"highway": "residential", "maxspeed": "30 mph"}
#   two roads, y = 0 and y = 600, joined in the west; a river between them at y = 100
NODES = {"a": (0, 0), "b": (3000, 0), "c": (0, 600), "d": (3000, 600), "e": (200, 100), "f": (3500, 100)}
ROADS = [("ab", ROAD), ("cd", ROAD), ("ac", ROAD)]


def distance_m(net: Any, x: float, y: float) -> float:
    join = join_points(net.network, np.array([480_000.0 + x]), np.array([190_000.0 + y]))
    return float(join.distance_m[0]) if join.segment[0] >= 0 else float("inf")


@pytest.mark.parametrize(
    "tags",
    [
        {"waterway": "river"},
        {"waterway": "canal"},
        {"natural": "coastline"},
        {"natural": "water"},
        {"highway": "motorway"},
    ],
)
def test_a_house_is_not_joined_across_water_or_a_motorway(draw: Draw, tags: dict[str, str]) -> None:
    net = draw(NODES, [*ROADS, ("ef", tags)])
    assert distance_m(net, 2000, 150) == pytest.approx(450, abs=0.5)
    assert distance_m(net, 2000, 50) == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize("tags", [{"waterway": "stream"}, {"waterway": "river", "tunnel": "culvert"}, {"highway": "footway"}])
def test_a_stream_a_pipe_or_a_path_is_crossed(draw: Draw, tags: dict[str, str]) -> None:
    net = draw(NODES, [*ROADS, ("ef", tags)])
    assert distance_m(net, 2000, 150) == pytest.approx(150, abs=0.5)


def test_points_are_joined_alike_whether_or_not_the_far_ones_are_told(draw: Draw) -> None:
    # A private drive and a cut-off street are taken only where no other road is near: the search may not end before those.
    drive, cut_off = {"highway": "service", "access": "private"}, {**ROAD, "oneway": "yes"}
    nodes = {**NODES, "g": (1500, 1050), "h": (1500, 1100), "i": (2500, -700), "j": (2900, -700)}
    network = draw(nodes, [*ROADS, ("gh", drive), ("ij", cut_off), ("ef", {"waterway": "river"})]).network
    x_m, y_m = (
        part.ravel() for part in np.meshgrid(np.arange(477_000.0, 486_000.0, 90.0), np.arange(187_000.0, 193_000.0, 90.0))
    )
    told, untold = join_points(network, x_m, y_m), join_points(network, x_m, y_m, tell_far=False)
    met = told.segment >= 0
    assert 0 < met.sum() < len(met)
    assert np.array_equal(told.segment, untold.segment)
    for name in ("share", "x_m", "y_m", "distance_m"):
        assert np.array_equal(getattr(told, name)[met], getattr(untold, name)[met]), name
    assert np.isfinite(told.distance_m[~met]).any()


def test_beyond_a_kilometre_a_place_is_off_the_map_in_every_answer(draw: Draw) -> None:
    net = draw(NODES, ROADS)
    network = net.network
    assert distance_m(net, 1500, -MOST_OPEN_GROUND_M + 1) == pytest.approx(MOST_OPEN_GROUND_M - 1, abs=0.5)
    assert distance_m(net, 1500, -MOST_OPEN_GROUND_M - 1) == float("inf")
    places = join_points(network, np.array([481_500.0, 481_500.0]), np.array([190_000.0, 188_900.0]))
    for direction in Direction:
        ms = times_at(reach(network, places[:1], Scenario.TYPICAL, direction), places)
        assert ms[0] < NO_WAY_MS == ms[1]
        assert (times_at(reach(network, places[1:], Scenario.TYPICAL, direction), places) == NO_WAY_MS).all()
        area = isochrones(network, places[:1], [60], direction, Scenario.TYPICAL).geometry[0]
        assert shapely.contains_xy(area, 481_500.0, 189_300.0)
        assert not shapely.contains_xy(area, 481_500.0, 188_700.0)
    table = pair_table(network, ["near", "far"], places, ["near", "far"], places, Scenario.TYPICAL)
    assert table["minutes"].notna().tolist() == [True, False, False, False]


def test_from_anywhere_on_earth_the_nearest_road_is_found_as_if_each_were_looked_at(draw: Draw) -> None:
    """The corners of the grid are empty, so that from afar the first ring that touches it holds no road."""
    lots = np.random.default_rng(7)
    turns = np.linspace(0.0, 2 * np.pi, 41)
    circle = {f"k{n}": (4_000 * np.cos(turn), 4_000 * np.sin(turn)) for n, turn in enumerate(turns)}
    spokes = {f"s{n}": (2_000 * np.cos(turn + 0.05), 2_000 * np.sin(turn + 0.05)) for n, turn in enumerate(turns)}
    ways = [((f"k{n}", f"k{n + 1}"), ROAD) for n in range(40)] + [((f"k{n}", f"s{n}"), ROAD) for n in range(0, 40, 3)]
    network = draw(circle | spokes, ways).network
    far_m = 10 ** lots.uniform(2.5, 5.7, 400)
    towards = lots.uniform(0.0, 2 * np.pi, 400)
    x_m, y_m = 480_000.0 + far_m * np.cos(towards), 190_000.0 + far_m * np.sin(towards)
    lines = [shapely.LineString(np.column_stack(network.points(one))) for one in range(len(network.segments))]
    wanted_m = shapely.distance(shapely.points(x_m, y_m), shapely.multilinestrings(lines))
    joins = join_points(network, x_m, y_m)
    assert joins.distance_m == pytest.approx(wanted_m, abs=1e-6)
    assert (wanted_m > 10_000).sum() > 100


def test_areas_do_not_swell_over_water(draw: Draw) -> None:
    net = draw(NODES, [("ab", ROAD), ("ef", {"natural": "coastline"})])
    network = net.network
    hub = join_points(network, *net.at("a"))
    area = isochrones(network, hub, [30], Direction.TO_SCHOOL, Scenario.TYPICAL).geometry[0]
    assert shapely.contains_xy(area, 481_500.0, 190_050.0)
    assert not shapely.contains_xy(area, 481_500.0, 190_400.0)


def test_beyond_the_box_that_the_file_names_a_place_is_off_the_map(tmp_path: Path, draw: Draw) -> None:
    draw(NODES, ROADS)
    path = tmp_path / "drawn.osm"
    text = path.read_text(encoding="utf-8")
    free = build_network(read_osm(path), TravelModel())
    lon, lat = to_degrees([479_000.0, 482_900.0], [189_000.0, 192_000.0], free.system)
    bounds = f'<bounds minlon="{lon[0]}" minlat="{lat[0]}" maxlon="{lon[1]}" maxlat="{lat[1]}"/>'
    path.write_text(text.replace('<osm version="0.6">', f'<osm version="0.6">{bounds}'), encoding="utf-8")
    boxed = build_network(read_osm(path), TravelModel())
    assert np.isinf(free.fences.bounds_m).all()
    assert np.isfinite(boxed.fences.bounds_m).all()
    at = np.array([boxed.fences.bounds_m[2] - 10, boxed.fences.bounds_m[2] + 10]), np.array([190_010.0, 190_010.0])
    assert (join_points(boxed, *at).segment >= 0).tolist() == [True, False]
    hub = join_points(boxed, np.array([480_000.0]), np.array([190_000.0]))
    area = isochrones(boxed, hub, [30], Direction.TO_SCHOOL, Scenario.TYPICAL).geometry[0]
    # The road runs on for a hundred metres beyond the box; the area ends with what is known.
    assert area.bounds[2] == pytest.approx(boxed.fences.bounds_m[2], abs=1e-6)


def test_a_box_that_does_not_hold_the_files_ways_says_nothing_of_where_they_end(tmp_path: Path, draw: Draw) -> None:
    """The way c-d lies wholly north of the box; the box was not what cut this file."""
    draw(NODES, ROADS)
    path = tmp_path / "drawn.osm"
    text = path.read_text(encoding="utf-8")
    free = build_network(read_osm(path), TravelModel())
    lon, lat = to_degrees([479_000.0, 482_900.0], [189_000.0, 190_300.0], free.system)
    bounds = f'<bounds minlon="{lon[0]}" minlat="{lat[0]}" maxlon="{lon[1]}" maxlat="{lat[1]}"/>'
    path.write_text(text.replace('<osm version="0.6">', f'<osm version="0.6">{bounds}'), encoding="utf-8")
    boxed = build_network(read_osm(path), TravelModel())
    joins = join_points(boxed, np.array([482_990.0, 481_500.0]), np.array([190_010.0, 190_610.0]))
    assert (joins.segment >= 0).all()


def test_a_town_house_on_a_street_that_the_edge_cuts_off_joins_the_town(draw: Draw) -> None:
    """One-way streets from b and to d, out of the map: one cannot come back over them, nor set out."""
    gone = {"highway": "tertiary", "maxspeed": "30 mph", "oneway": "yes"}
    nodes = NODES | {"g": (3700, 0), "h": (3700, 600), "i": (-5000, 0), "j": (-5000, 600)}
    net = draw(nodes, [*ROADS, ("aijc", ROAD), ("bd", ROAD), ("bg", gone), ("hd", gone)])
    for y in (0, 600):
        assert distance_m(net, 3300, y + 10) == pytest.approx(np.hypot(300, 10), abs=0.5)
        assert distance_m(net, 3690, y + 10) == pytest.approx(10, abs=0.5), "so far out the road is the house's own"


def test_a_place_on_a_quay_drawn_on_the_wrong_side_of_the_shore_is_joined_to_the_town(draw: Draw) -> None:
    """The shore's line runs 20 m from a road: a place beyond it steps ashore; one far out does not."""
    nodes = {"a": (0, 0), "b": (3000, 0), "c": (-5000, 20), "d": (8000, 20)}
    net = draw(nodes, [("ab", ROAD), ("cd", {"natural": "coastline"})])
    assert distance_m(net, 1500, ON_THE_BANK_M - 1) == pytest.approx(ON_THE_BANK_M - 1, abs=0.5)
    assert distance_m(net, 1500, ON_THE_BANK_M + 1) == float("inf")


def test_where_a_road_can_be_reached_dry_nobody_steps_across_the_water(draw: Draw) -> None:
    net = draw(NODES, [*ROADS, ("ef", {"waterway": "river"})])
    assert distance_m(net, 2000, 110) == pytest.approx(490, abs=0.5)
    near = draw(
        {"a": (0, 0), "b": (3000, 0), "c": (0, 40), "d": (3000, 40), "e": (0, 900), "f": (3000, 900)},
        [("ab", ROAD), ("ef", ROAD), ("ae", ROAD), ("cd", {"waterway": "canal"})],
    )
    assert distance_m(near, 1500, 45) == pytest.approx(855, abs=0.5)


@pytest.mark.slow
def test_the_severn_is_not_within_thirty_minutes_of_newport(shared_data: Path) -> None:
    network = open_network(shared_data / "newport-2023-06-13.osm.pbf")
    hub = join_points(network, *to_metres(-2.9977, 51.5877, network.system))
    area = isochrones(network, hub, [30], Direction.FROM_SCHOOL, Scenario.TYPICAL).geometry[0]
    estuary = to_metres([-2.87, -2.90, -2.95], [51.520, 51.510, 51.495], network.system)
    assert not shapely.contains_xy(area, *estuary).any()
