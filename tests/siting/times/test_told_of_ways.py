"""What is told of a way: its metres, from and to, the roads that it is said to take, and what their closing would cost."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from siting.roads.joining import Joins, join_points
from siting.times.closures import RoadClosure, close_main_roads
from siting.times.routing import main_roads, metres_at, reach, time_without, times_at, way_between
from siting.words import NO_WAY_MS, Direction, Scenario

Draw = Callable[..., Any]
CORNER = np.array([480_000.0, 190_000.0])
STREET = {"highway": "residential", "maxspeed": "30 mph"}
NODES = {"a": (0, 0), "b": (1000, 0), "c": (1000, 125), "d": (1000, 200)}
NAMED = [("ab", STREET | {"name": "High Street"}), ("bc", STREET | {"name": "Mill Lane"}), ("cd", STREET | {"name": "The Nook"})]


def join(net: Any, *places: tuple[float, float]) -> Joins:
    x_m, y_m = (np.array(places) + CORNER).T
    return join_points(net.network, x_m, y_m)


@pytest.mark.parametrize("direction", Direction)
def test_metres_are_those_of_the_way_on_either_side_of_every_road(draw: Draw, direction: Direction) -> None:
    """From a place 200 m along the first road, 10 m off it, to others behind it, before it and round the corner."""
    net = draw(NODES, NAMED)
    hub, places = join(net, (200, -10)), join(net, (50, 0), (700, 20), (1000, 60), (990, 180))
    found = reach(net.network, hub, Scenario.TYPICAL, direction, with_metres=True)
    metres = metres_at(found, places)
    assert metres == pytest.approx([10 + 150, 10 + 500 + 20, 10 + 800 + 60, 10 + 800 + 180 + 10], abs=0.1)
    for row in range(len(places)):
        way = way_between(found, places, row)
        assert way is not None
        assert way.length_m == pytest.approx(metres[row], abs=0.01)
        assert way.time_ms == times_at(found, places)[row]


def test_where_there_is_no_way_there_are_no_metres(draw: Draw) -> None:
    net = draw(NODES, [("ab", STREET)])
    found = reach(net.network, join(net, (200, 0)), Scenario.TYPICAL, Direction.FROM_SCHOOL, limit_ms=1, with_metres=True)
    assert np.isnan(metres_at(found, join(net, (700, 0)))).all()


@pytest.mark.parametrize("direction", Direction)
def test_a_tenth_of_the_way_makes_a_road_worth_naming(draw: Draw, direction: Direction) -> None:
    net = draw(NODES, NAMED)
    way = way_between(reach(net.network, join(net, (0, 0)), Scenario.TYPICAL, direction), join(net, (1000, 200)), 0)
    assert way is not None
    driven = ["High Street", "Mill Lane"]
    assert list(main_roads(net.network, way)) == (driven if direction is Direction.FROM_SCHOOL else driven[::-1])


def test_of_many_roads_the_four_longest_are_named_as_they_are_driven(draw: Draw) -> None:
    ends = np.cumsum([0, 300, 200, 310, 320, 330])
    nodes = {letter: (float(at), 0.0) for letter, at in zip("abcdef", ends, strict=True)}
    ways = [(pair, STREET | {"name": pair.upper()}) for pair in ("ab", "bc", "cd", "de", "ef")]
    net = draw(nodes, ways)
    found = reach(net.network, join(net, (0, 0)), Scenario.TYPICAL, Direction.FROM_SCHOOL)
    way = way_between(found, join(net, (float(ends[-1]), 0)), 0)
    assert way is not None
    assert main_roads(net.network, way) == ("AB", "CD", "DE", "EF")


def test_a_closure_is_of_roads_between_the_two_and_tells_the_worse_direction(draw: Draw) -> None:
    """With Main Street closed one goes round by a short one-way road, and comes back by a long one."""
    nodes = {"a": (0, 0), "b": (1000, 0), "c": (2000, 0), "d": (3000, 0), "n": (1500, 400), "s": (1500, -3000)}
    streets = [("ab", "Home Lane"), ("bc", "Main Street"), ("cd", "School Road")]
    ways = [(path, STREET | {"name": name}) for path, name in streets]
    ways += [(path, STREET | {"oneway": "yes", "name": "Round"}) for path in ("bnc", "csb")]
    net = draw(nodes, ways)
    home, school = join(net, (500, 0)), join(net, (2500, 0))
    reaches = {direction: reach(net.network, school, Scenario.TYPICAL, direction) for direction in Direction}
    driven = {direction: way_between(found, home, 0) for direction, found in reaches.items()}
    ways_found = {direction: way for direction, way in driven.items() if way is not None}
    shut = join(net, (1500, 0)).segment
    there_ms, back_ms = (time_without(reaches[one], home, shut) for one in (Direction.TO_SCHOOL, Direction.FROM_SCHOOL))
    usual_ms = {way.time_ms for way in ways_found.values()}
    assert max(usual_ms) < there_ms < back_ms < NO_WAY_MS
    assert close_main_roads(reaches, home, ways_found) == (RoadClosure(road="Main Street", time_ms=back_ms),)
