"""Areas have the holes and the separate parts that the roads say, and homes are judged by their times, not by an outline."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from siting.isochrones.areas import isochrones
from siting.roads.joining import join_points
from siting.times.routing import reach, times_at
from siting.words import Direction, Scenario

ROAD = {"highway": "unclassified", "maxspeed": "30 mph"}
MOTORWAY = {"highway": "motorway", "maxspeed": "70 mph"}
Draw = Callable[..., Any]


def area_and_minutes(net: Any, hub: str, limit_min: float, place: tuple[float, float]) -> tuple[shapely.MultiPolygon, float]:
    """The area from which one gets to a hub, and the minutes from one place."""
    network = net.network
    school = join_points(network, *net.at(hub))
    area = isochrones(network, school, [limit_min], Direction.TO_SCHOOL, Scenario.TYPICAL).geometry.iloc[0]
    x_m, y_m = np.array([480_000.0 + place[0]]), np.array([190_000.0 + place[1]])
    found = reach(network, school, Scenario.TYPICAL, Direction.TO_SCHOOL)
    return area, float(times_at(found, join_points(network, x_m, y_m))[0]) / 60_000


def inside(area: shapely.MultiPolygon, place: tuple[float, float]) -> bool:
    return bool(shapely.contains_xy(area, 480_000.0 + place[0], 190_000.0 + place[1]))


def test_ground_that_lies_within_but_is_not_reached_is_a_hole(draw: Draw) -> None:
    """A ring of road, three kilometres across: to its middle no road leads, and the drive there takes too long."""
    nodes = {"a": (0, 0), "b": (3000, 0), "c": (3000, 3000), "d": (0, 3000)}
    middle = (1500.0, 1500.0)
    area, minutes = area_and_minutes(draw(nodes, [("abcda", ROAD)]), "a", 9.5, middle)
    assert minutes > 9.5
    assert sum(len(part.interiors) for part in area.geoms) == 1
    assert shapely.contains_xy(shapely.convex_hull(area), 481_500.0, 191_500.0)
    assert not inside(area, middle)


def test_what_is_reached_beyond_a_road_without_houses_is_a_part_of_its_own(draw: Draw) -> None:
    """Two villages, twelve kilometres of motorway between them: nobody lives beside it, and both are reached."""
    nodes = {"a": (0, 0), "b": (800, 0), "c": (12_800, 0), "d": (13_600, 0), "e": (6_800, 40)}
    net = draw(nodes, [("ab", ROAD), ("bec", MOTORWAY | {"oneway": "no"}), ("cd", ROAD)])
    beside_the_motorway = (6_800.0, 1_500.0)
    area, minutes = area_and_minutes(net, "a", 12.0, beside_the_motorway)
    assert minutes > 12.0
    assert len(area.geoms) == 2
    assert inside(area, (400.0, 5.0))
    assert inside(area, (13_200.0, 5.0))
    assert not inside(area, beside_the_motorway)


@pytest.mark.parametrize("direction", list(Direction))
def test_speeds_along_one_way_are_not_levelled(draw: Draw, direction: Direction) -> None:
    """A road whose limit changes where no other meets it: each part keeps its own time."""
    nodes = {"a": (0, 0), "b": (2000, 0), "c": (4000, 0)}
    net = draw(nodes, [("ab", ROAD | {"maxspeed": "40 mph"}), ("bc", ROAD | {"maxspeed": "20 mph"})])
    network = net.network
    hub = join_points(network, *net.at("a"))
    found = reach(network, hub, Scenario.FREE_FLOW, direction)
    to_b, to_c = times_at(found, join_points(network, *net.at("b", "c"))) / 1000
    share = network.model["limit_share.minor"]
    assert to_b == pytest.approx(2000 / (share * 40 * 1.609344 / 3.6), rel=0.01)
    assert to_c - to_b == pytest.approx(2000 / (share * 20 * 1.609344 / 3.6), rel=0.01)


def alpine(legs: int = 40, apart_m: float = 12.0, leg_m: float = 420.0) -> tuple[dict[str, tuple[float, float]], list[Any]]:
    """A pass of hairpins, two roads that climb beside it, and a tunnel and a bridge that meet none of them.

    The letters are single characters, since a way is written as its nodes'.
    """
    letters = iter(chr(code) for code in range(0x100, 0x2000))
    nodes: dict[str, tuple[float, float]] = {}

    def road(points: list[tuple[float, float]]) -> str:
        names = [next(letters) for _ in points]
        nodes.update(zip(names, points, strict=True))
        return "".join(names)

    climb = []
    for leg in range(legs):
        y_m = leg * apart_m
        across = [(0.0, y_m), (leg_m / 2, y_m + 3.0 * (-1) ** leg), (leg_m, y_m)]
        climb += across if leg % 2 == 0 else across[::-1]
    hairpins = road([*climb, (climb[-1][0], legs * apart_m + 60.0)])
    valley = road([(-600.0, -40.0), (0.0, -40.0), (leg_m, -40.0), (leg_m + 700.0, -40.0)])
    lane = road([(leg_m + 14.0, -40.0), (leg_m + 14.0, legs * apart_m / 2), (leg_m + 15.0, legs * apart_m)])
    tunnel = road([(leg_m / 3, -40.0), (leg_m / 3 + 5.0, legs * apart_m + 200.0)])
    village = road([(leg_m / 3 + 5.0, legs * apart_m + 200.0), (leg_m / 3 + 300.0, legs * apart_m + 240.0)])
    bridge = road([(-600.0, legs * apart_m * 0.7), (leg_m + 700.0, legs * apart_m * 0.3)])
    ways = [
        (hairpins, ROAD),
        (valley[1] + hairpins[0], ROAD),
        (valley[:3] + lane[0] + valley[3:], ROAD),
        (lane, ROAD | {"highway": "service"}),
        (valley[1] + tunnel[0] + valley[2], ROAD),
        (tunnel + village[0], ROAD | {"tunnel": "yes", "maxspeed": "60 mph"}),
        (village, ROAD),
        (valley[0] + bridge, ROAD | {"bridge": "yes"}),
        (bridge[-1] + valley[-1], ROAD),
    ]
    return nodes, ways


@pytest.mark.parametrize("apart_m", [10.0, 20.0])
@pytest.mark.parametrize("direction", list(Direction))
def test_legs_of_a_pass_ten_metres_apart_keep_their_own_times(
    draw: Draw, road_points: Callable[..., tuple[np.ndarray, np.ndarray]], direction: Direction, apart_m: float
) -> None:
    nodes, ways = alpine(apart_m=apart_m)
    network = draw(nodes, ways).network
    hub = join_points(network, np.array([480_000.0 - 300.0]), np.array([190_000.0 - 40.0]))
    x_m, y_m = road_points(network, 20_000)
    minutes = times_at(reach(network, hub, Scenario.TYPICAL, direction), join_points(network, x_m, y_m)) / 60_000
    limits = [2.0, 5.0, 10.0, 15.0, 25.0]
    assert minutes.max() > limits[-1]
    for limit, area in zip(limits, isochrones(network, hub, limits, direction, Scenario.TYPICAL).geometry, strict=True):
        inside = shapely.contains_xy(area, x_m, y_m)
        assert np.mean(inside == (minutes <= limit)) >= 0.999, limit
        assert (minutes[inside] <= limit + 0.5).all(), limit
