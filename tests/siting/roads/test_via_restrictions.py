"""Restrictions by way of a road bind those who came from its first road, and nobody else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from siting.roads.joining import join_points
from siting.roads.restrictions import NOT_THERE
from siting.times.hierarchy import make_hierarchy
from siting.times.matrix import Question, journeys_over, journeys_searched
from siting.times.routing import reach, times_at
from siting.words import Direction, Scenario

Draw = Callable[..., Any]
ROAD = {"highway": "residential", "maxspeed": "30 mph"}
ONE_WAY = ROAD | {"oneway": "yes"}

#            n
#            |
#   w2 <---- k <---- e2        two carriageways and a link j-m-k between them; they meet far in the east and, by x, in the west
#            m       |
#   w1 ----> j ----> e1
#            |
#            s
NODES = {
    "w": (-1000, 0), "v": (-1000, 60), "j": (0, 0), "k": (0, 60), "m": (0, 30), "e": (2000, 0), "f": (2000, 60),
    "n": (0, 1000), "s": (0, -1000), "x": (-3000, 30),
}  # fmt: skip
WAYS = [
    ("wj", ONE_WAY), ("je", ONE_WAY), ("fk", ONE_WAY), ("kv", ONE_WAY), ("jmk", ROAD), ("ef", ROAD), ("kn", ROAD), ("sj", ROAD),
    ("vxw", ONE_WAY),
]  # fmt: skip
FROM, LINK, BACK, NORTH = 1, 5, 4, 7
PAIRS = [(a, b) for a in "wsnm" for b in "vnsm" if a != b]


def times(net: Any) -> dict[tuple[str, str], float]:
    return {(a, b): net.seconds(a, b) for a, b in PAIRS}


def test_a_u_turn_over_a_link_is_forbidden_to_those_who_would_turn(draw: Draw) -> None:
    free, banned = draw(NODES, WAYS), draw(NODES, WAYS, [("no_u_turn", FROM, LINK, BACK)])
    before, after = times(free), times(banned)
    assert after["w", "v"] > before["w", "v"] + 120
    assert {pair: after[pair] for pair in PAIRS if pair != ("w", "v")} == {p: before[p] for p in PAIRS if p != ("w", "v")}
    assert banned.network.left_out == ()


def test_only_one_way_on_is_left_to_those_who_come_from_the_first_road(draw: Draw) -> None:
    free, bound = draw(NODES, WAYS), draw(NODES, WAYS, [("only_straight_on", FROM, LINK, NORTH)])
    before, after = times(free), times(bound)
    assert after["w", "n"] == before["w", "n"]
    assert after["w", "v"] > before["w", "v"] + 120
    assert after["s", "v"] == before["s", "v"]


def test_two_restrictions_over_one_link_hold_both(draw: Draw) -> None:
    rules = [("no_u_turn", FROM, LINK, BACK), ("no_straight_on", FROM, LINK, NORTH)]
    free, banned = draw(NODES, WAYS), draw(NODES, WAYS, rules)
    assert banned.seconds("w", "v") > free.seconds("w", "v") + 120
    assert banned.seconds("w", "n") > free.seconds("w", "n") + 120
    assert banned.seconds("w", "m") == free.seconds("w", "m"), "the link itself may be driven to"
    assert banned.seconds("s", "n") == free.seconds("s", "n")


@pytest.mark.parametrize("scenario", list(Scenario))
def test_searches_from_both_ends_and_a_hierarchy_agree(draw: Draw, scenario: Scenario) -> None:
    net = draw(NODES, WAYS, [("no_u_turn", FROM, LINK, BACK)])
    network = net.network
    places = join_points(network, *net.at(*"wvjkmefns"))
    asked = Question(network=network, origins=places, destinations=places, scenario=scenario)
    searched = journeys_searched(asked).time_ms
    over = journeys_over(make_hierarchy(network, scenario), asked).time_ms
    assert (over == searched).all()
    back = [times_at(reach(network, places[row : row + 1], scenario, Direction.TO_SCHOOL), places) for row in range(len(places))]
    assert (searched == np.array(back).T).all()


def test_a_restriction_over_a_road_that_is_not_there_is_counted(draw: Draw) -> None:
    net = draw(NODES, WAYS, [("no_u_turn", FROM, 99, BACK)])
    assert dict(net.network.left_out) == {NOT_THERE: 1}
