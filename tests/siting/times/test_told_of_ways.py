"""What is told of a way: its metres, from and to, and the roads that it is said to take."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from siting.roads.joining import Joins, join_points
from siting.times.routing import main_roads, metres_at, reach, times_at, way_between
from siting.words import Direction, Scenario

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
