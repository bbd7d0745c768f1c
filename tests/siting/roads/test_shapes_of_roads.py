"""Shapes of roads, and what stands on them, that routing engines test their readers by, drawn anew.

Their sources are the suites of GraphHopper (`OSMReaderTest` and its files: loops, barriers between ways, missing nodes,
turn restrictions for some vehicles), OSRM (`features/car`: link, loop, via, startpoint, turning circles and loops, signs
and signals and their directions, obstacles; `features/testbot`: loop, via, one-way streets, parallel edges, barriers,
penalties, bad input) and Valhalla (`test/gurka`: loops, oneways, node access, dead ends and their barriers, stop signs,
yield signs, traffic signals, roads closed to through traffic, construction). Drawings are as in `test_engines_cases`.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_roads import PRIMARY, nodes_of, rule_of, ways_of

from siting.osm.extract import read_osm
from siting.roads.build import build_network
from siting.roads.network import RoadNetwork
from siting.roads.restrictions import NOT_THERE
from siting.roads.turns import headings
from siting.travel_model import TravelModel
from siting.words import Scenario

Draw = Callable[..., Any]
INF = float("inf")
ONE_WAY = PRIMARY | {"oneway": "yes"}
MINOR = {"highway": "residential"}

LOLLIPOP = "    c d\na b     e\n    g f"

TWISTED: dict[str, tuple[str, str, str]] = {
    "there and back": ("a b", "aba", "ab"),
    "there and back over more": ("a b c d e", "abcdedcba", "abcde"),
    "round and back": (LOLLIPOP, "abcdefgba", "ab bcdefgb"),
    "round": (LOLLIPOP, "abcdefgb", "ab bcdefgb"),
    "a spur within": ("f e\n    c d\na b", "abcdcef", "abc cd cef"),
    "an eye": ("    j i\na b c   f g h\n    d e", "abcdefghgfijc", "abc cdef fg gh fijc"),
    "a bubble": ("    h g\na b c   d e f", "abcdefedghc", "abc cd de ef dghc"),
    "a ring and its chord": ("    c d\na b     e\n    g f", "abcdefgbe", "ab bcde efgb be"),
    "a bow tie": ("  b   f\na   c   e\n  g   d", "abcdefcga", "abc cdefc cga"),
    "a spur, a ring and its chord": ("     f g\ne d c b a\n    i h", "abcdedcfgahid", "abc cd de cfga ahid"),
    "one node twice running": ("a b c d", "abbcd", "abcd"),
    "one node twice at the end of a ring": ("  c d\na b e", "be ab bdcbb", "ab be bdcb"),
    "one node twice at the begin of a ring": ("  c d\na b e", "be ab bbcdb", "ab be bcdb"),
    "two ways over one road": ("a b c d\n  e", "abcd bc be", "abcd be"),
    "two ways over one road, one the other way round": ("a b c d\n  e", "abcd dcb be", "abcd be"),
    "a ring drawn in one and in two": ("b c\na d", "abcda", "abc cda"),
}


@pytest.mark.parametrize("name", list(TWISTED))
def test_a_way_may_go_over_itself(draw: Draw, name: str) -> None:
    """Nobody turns back more easily for a road that is drawn twice, nor is a bend in it a junction."""
    drawing, twisted, plain = TWISTED[name]
    nodes = nodes_of(drawing)
    found, wanted = (draw(nodes, [(way, PRIMARY) for way in ways.split()]) for ways in (twisted, plain))
    for start, goal in itertools.permutations(nodes, 2):
        assert found.seconds(start, goal) == pytest.approx(wanted.seconds(start, goal), abs=0.05), start + goal


def test_a_one_way_road_that_goes_over_itself_is_left_as_it_is_drawn(draw: Draw) -> None:
    """West to east with a spur to the north and back: the spur is driven both ways, all else one way."""
    nodes = nodes_of("  d\na b c\ne   f")
    net = draw(nodes, [("abdbc", ONE_WAY), ("aefc", PRIMARY)])
    plain = draw(nodes, [("abc", ONE_WAY), ("bd", PRIMARY), ("aefc", PRIMARY)])
    for start, goal in itertools.permutations("acef", 2):
        assert net.seconds(start, goal) == pytest.approx(plain.seconds(start, goal), abs=0.05), start + goal
    assert net.seconds("d", "c") < plain.seconds("d", "c") + 30
    assert net.seconds("a", "d") < plain.seconds("a", "d") + 30


def test_two_one_way_streets_over_one_line_are_a_street_with_two_speeds(draw: Draw) -> None:
    nodes = nodes_of("a b c d\ne     f")
    fast, slow = ONE_WAY | {"maxspeed": "30 mph"}, ONE_WAY | {"maxspeed": "10 mph"}
    net = draw(
        nodes,
        [
            ("ab", fast),
            ("bc", fast),
            ("cd", fast),
            ("dc", slow),
            ("cb", slow),
            ("ba", slow),
            ("aefd", PRIMARY | {"maxspeed": "10 mph"}),
        ],
    )
    assert net.seconds("d", "a") > 2.5 * net.seconds("a", "d")
    assert max(net.seconds("b", "c"), net.seconds("c", "b")) < 100, "a house on the one street turns into the other"


def test_a_one_way_street_is_driven_on_but_not_back_to_a_place_behind(draw: Draw) -> None:
    """Round a block: a place farther on is near, one behind is all the way round."""
    nodes = nodes_of("d  c\n\na12b")
    net = draw(nodes, [("a12b", ONE_WAY), ("bc", PRIMARY), ("cd", PRIMARY), ("da", PRIMARY)])
    near, round_the_block = net.seconds("1", "2"), net.seconds("2", "1")
    assert near < 15
    assert round_the_block > 6 * near
    assert net.seconds("2", "c") < net.seconds("1", "c") < net.seconds("1", "d")
    assert net.seconds("c", "1") < net.seconds("c", "2")


def test_places_on_a_ring_of_one_way_streets(draw: Draw) -> None:
    """Anticlockwise from the lower left; a, b, c, d are its corners with roads that lead off."""
    nodes = nodes_of("x         y\n  d 5 6 c\n  8     4\n  7     3\n  a 1 2 b\nw         z")
    ring = [("a12b", ONE_WAY), ("b34c", ONE_WAY), ("c65d", ONE_WAY), ("d87a", ONE_WAY)]
    net = draw(nodes, [*ring, ("wa", PRIMARY), ("zb", PRIMARY), ("yc", PRIMARY), ("xd", PRIMARY)])
    for here, ahead in ("12", "34", "65", "87"):
        assert net.seconds(ahead, here) > 8 * net.seconds(here, ahead)
    assert net.seconds("w", "z") < net.seconds("z", "w")


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("a b c d e", "ab bcde"),  # ends of two ways
        ("a b c d e", "ab edcb"),
        ("a b c d e", "ba bcde"),
        ("a b c d e", "abcde"),  # within one
    ],
)
def test_posts_between_ways_shut_the_road_wherever_ways_begin(draw: Draw, letters: str, ways: str) -> None:
    nodes = nodes_of(letters)
    net = draw(nodes, [(way, PRIMARY) for way in ways.split()], node_tags={"b": {"barrier": "bollard"}})
    assert net.seconds("a", "c") == net.seconds("e", "a") == INF
    assert net.seconds("c", "e") < INF


def test_posts_on_a_ring_shut_it_there_alone(draw: Draw) -> None:
    nodes = nodes_of("a b c\n    d\n  f e")
    net = draw(nodes, [("abcdefb", PRIMARY)], node_tags={"d": {"barrier": "bollard"}})
    free = draw(nodes, [("abcd", PRIMARY), ("defb", PRIMARY)])
    assert net.seconds("c", "e") > free.seconds("c", "e") + 20
    assert net.seconds("a", "f") == pytest.approx(free.seconds("a", "f"), abs=0.05)


def test_posts_at_a_crossing_part_all_its_roads(draw: Draw) -> None:
    """Which of the roads they stand on nobody can know, and no way is told as open that may be shut."""
    nodes = nodes_of("  c\na j b\n  d  ")
    net = draw(nodes, [("ajb", PRIMARY), ("cj", PRIMARY), ("jd", PRIMARY)], node_tags={"j": {"barrier": "bollard"}})
    assert {net.seconds(*journey) for journey in ("ab", "cd", "ac")} == {INF}


SHUT = {"access": "no"}
PASSED: list[tuple[str, Mapping[str, str], str]] = [
    *((kind, SHUT, "shut") for kind in ("gate", "yes", "lift_gate", "swing_gate", "bollard", "block", "jersey_barrier")),
    *(
        (kind, {"access": "yes"}, "open")
        for kind in ("gate", "yes", "lift_gate", "swing_gate", "bollard", "block", "jersey_barrier")
    ),
    *((kind, {"access": "private"}, "open") for kind in ("gate", "yes", "lift_gate", "bollard", "block", "jersey_barrier")),
    *((kind, {"bicycle": "no"}, "open") for kind in ("gate", "yes", "lift_gate", "swing_gate")),
    *((kind, {"bicycle": "yes"}, "shut") for kind in ("bollard", "block", "jersey_barrier")),
    ("fence", SHUT, "shut"),
]


@pytest.mark.parametrize(("kind", "tags", "expected"), PASSED)
def test_who_lives_in_a_dead_end_behind_a_barrier_gets_home_or_not(
    draw: Draw, kind: str, tags: Mapping[str, str], expected: str
) -> None:
    nodes = nodes_of("a b 1 c\nd")
    net = draw(nodes, [("ab1", PRIMARY), ("1c", PRIMARY), ("da", PRIMARY)], node_tags={"1": {"barrier": kind} | tags})
    assert (net.seconds("d", "c") == INF) is (expected == "shut")


def test_a_gate_in_each_way_is_passed_but_the_road_without_one_is_quicker(draw: Draw) -> None:
    gates = {node: {"barrier": "gate"} for node in "bed"}
    nodes = nodes_of("  f g h\n    e\na b c d z")
    ways = [(way, PRIMARY) for way in ("ab", "bc", "cd", "dz", "af", "fg", "ge", "ec", "gh", "hz")]
    net, free = draw(nodes, ways, node_tags=gates), draw(nodes, ways)
    assert free.seconds("a", "z") < net.seconds("a", "z") < free.seconds("a", "z") + 60
    assert net.seconds("c", "g") == pytest.approx(free.seconds("c", "g") + 60, abs=0.1)


@pytest.mark.parametrize("kind", ["motorway", "trunk", "primary", "secondary", "tertiary"])
def test_a_main_road_is_not_left_for_its_slip_road(draw: Draw, kind: str) -> None:
    nodes = {letter: (5 * x, 5 * y) for letter, (x, y) in nodes_of("    e       f\nx a b       c d y").items()}
    slips = [(way, {"highway": f"{kind}_link"}) for way in ("ab", "bc", "cd")]
    ends = [("xa", {"highway": "unclassified"}), ("dy", {"highway": "unclassified"})]
    both = draw(nodes, [*ends, *slips, *((way, {"highway": kind, "oneway": "no"}) for way in ("ae", "ef", "fd"))])
    slip_alone = draw(nodes, [*ends, *slips])
    assert both.seconds("x", "y") < slip_alone.seconds("x", "y") - 10
    assert both.seconds("a", "d") < slip_alone.seconds("a", "d") - 10


SIGNS = {"stop": 2.0, "give_way": 1.0, "traffic_signals": 2.0}
DIRECTION = {"stop": "direction", "give_way": "direction", "traffic_signals": "traffic_signals:direction"}


@pytest.mark.parametrize("kind", list(SIGNS))
@pytest.mark.parametrize(
    ("said", "met"), [("", "ab ba"), ("both", "ab ba"), ("forward", "ab"), ("backward", "ba"), ("NE", "ab ba")]
)
def test_a_sign_holds_for_the_direction_that_it_says(draw: Draw, kind: str, said: str, met: str) -> None:
    nodes = nodes_of("a s b\n\n\n\n\nc t d")
    tags = {"highway": kind} | ({DIRECTION[kind]: said} if said else {})
    ways = [("asb", PRIMARY), ("dtc", PRIMARY), ("ac", PRIMARY)]
    free, net = draw(nodes, ways), draw(nodes, ways, node_tags={"s": tags, "t": tags})
    for journey, along in (("ab", "ab"), ("ba", "ba"), ("dc", "ab"), ("cd", "ba")):
        wait = net.seconds(*journey) - free.seconds(*journey)
        assert wait == pytest.approx(SIGNS[kind] if along in met.split() else 0.0, abs=0.1), journey


def test_signals_along_a_road_add_up_and_are_met_at_a_turn_too(draw: Draw) -> None:
    nodes = nodes_of("a b c d e\n      f")
    ways = [("abcde", PRIMARY), ("df", PRIMARY)]
    free = draw(nodes, ways)
    net = draw(nodes, ways, node_tags={node: {"highway": "traffic_signals"} for node in "bcd"}, town__from=1e6, town__full=1e7)
    assert net.seconds("a", "e") - free.seconds("a", "e") == pytest.approx(6.0, abs=0.05)
    assert net.seconds("f", "e") - free.seconds("f", "e") == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("kind", ["stop", "give_way"])
def test_at_a_crossing_where_the_smaller_road_waits_the_larger_does_not(draw: Draw, kind: str) -> None:
    nodes = nodes_of("  n\nw j e\n  s")
    ways = [("wje", PRIMARY), ("njs", MINOR)]
    free = draw(nodes, ways)
    minor, every = (draw(nodes, ways, node_tags={"j": {"highway": kind, kind: which}}) for which in ("minor", "all"))
    alike = draw(nodes, [("wje", PRIMARY), ("njs", PRIMARY)], node_tags={"j": {"highway": kind, kind: "minor"}})
    alike_free = draw(nodes, [("wje", PRIMARY), ("njs", PRIMARY)])
    for start, goal in itertools.permutations("nesw", 2):
        journey, wait = free.seconds(start, goal), SIGNS[kind]
        assert minor.seconds(start, goal) - journey == pytest.approx(wait if start in "ns" else 0.0, abs=0.01)
        assert every.seconds(start, goal) - journey == pytest.approx(wait, abs=0.01)
        assert alike.seconds(start, goal) - alike_free.seconds(start, goal) == pytest.approx(wait, abs=0.01)


@pytest.mark.parametrize("kind", ["stop", "give_way"])
def test_signs_beside_a_crossing_hold_for_those_who_come_to_it(draw: Draw, kind: str) -> None:
    nodes = {"a": (0, 0), "s": (485, 0), "b": (500, 0), "t": (515, 0), "c": (1000, 0), "d": (500, 500), "e": (500, -500)}
    ways = [("asbtc", PRIMARY), ("dbe", PRIMARY)]
    free, net = draw(nodes, ways), draw(nodes, ways, node_tags={node: {"highway": kind} for node in "st"})
    for start, goal in itertools.permutations("acde", 2):
        wait = net.seconds(start, goal) - free.seconds(start, goal)
        assert wait == pytest.approx(SIGNS[kind] if start in "ac" else 0.0, abs=0.1), start + goal


@pytest.mark.parametrize("kind", ["turning_circle", "turning_loop"])
def test_one_turns_back_where_a_place_is_made_for_it_though_the_road_goes_on(draw: Draw, kind: str) -> None:
    """From the west only left at j, into the road to the south, which goes on for a kilometre beyond its turning circle."""
    nodes = {"a": (0, 0), "j": (500, 0), "b": (1000, 0), "s": (500, -200), "f": (500, -1200), "n": (500, 300)}
    ways = [("aj", PRIMARY), ("jb", PRIMARY), ("jsf", PRIMARY), ("nj", PRIMARY)]
    rules = [("only_right_turn", 1, "j", 3)]
    plain, circle = draw(nodes, ways, rules), draw(nodes, ways, rules, node_tags={"s": {"highway": kind}})
    assert circle.seconds("a", "b") < plain.seconds("a", "b") - 100
    assert circle.seconds("a", "f") == pytest.approx(plain.seconds("a", "f"), abs=0.1)
    banned = draw(nodes, [*ways[:2], ("js", PRIMARY), ways[3], ("sf", PRIMARY)], [*rules, ("no_u_turn", 3, "s", 3)],
                  node_tags={"s": {"highway": kind}})  # fmt: skip
    assert banned.seconds("a", "b") > circle.seconds("a", "b") + 100


def test_nobody_turns_back_at_the_end_of_a_one_way_street(draw: Draw) -> None:
    nodes = nodes_of("a b c\n  d")
    net = draw(nodes, [("abc", PRIMARY), ("bd", ONE_WAY)], [("only_right_turn", 1, "b", 2)], {"d": {"highway": "turning_circle"}})
    assert net.seconds("c", "a") < INF
    assert net.seconds("d", "a") == INF


def without_node(path: Path, number: int) -> RoadNetwork:
    """Read a drawing again as an extract that lacks one of its nodes."""
    text = re.sub(rf'<node id="{number}" .*?</node>\n', "", path.read_text(encoding="utf-8"))
    cut = path.with_name("cut.osm")
    cut.write_text(text, encoding="utf-8")
    return build_network(read_osm(cut), TravelModel())


def test_a_turn_is_forbidden_also_from_a_road_whose_nodes_the_file_lacks_in_part(draw: Draw, tmp_path: Path) -> None:
    """No left turn at j out of a road that has lost its second node; it goes on beyond j by another way."""
    nodes = nodes_of("n       m\nj c b x a\ns       z")
    ways = [
        ("abxcj"[::-1], PRIMARY),
        ("jn", PRIMARY),
        ("js", PRIMARY),
        ("nm", PRIMARY),
        ("ma", PRIMARY),
        ("sz", PRIMARY),
        ("za", PRIMARY),
    ]
    for lost in "xbc":
        free = draw(nodes, ways)
        free_cut = without_node(tmp_path / "drawn.osm", list(nodes).index(lost) + 1)
        assert free.seconds("c", "n") < INF
        draw(nodes, ways, [("no_right_turn", 1, "j", 2)])
        bound = without_node(tmp_path / "drawn.osm", list(nodes).index(lost) + 1)
        assert dict(bound.left_out) == dict(free_cut.left_out) | ({NOT_THERE: 1} if lost == "c" else {})
        forbidden = len(free_cut.onward.other) - len(bound.onward.other)
        assert forbidden == (0 if lost == "c" else 1), lost


def test_of_two_signs_that_leave_one_way_each_both_ways_are_open_while_both_are_in_force(draw: Draw) -> None:
    nodes = nodes_of("  n\nw j e\n  s")
    ways = ways_of("sj jn jw je")
    by_hour = rule_of("only_straight_on sj j jn @Mo-Fr_07:00-10:00", [way for way, _ in ways])
    always = rule_of("only_left_turn sj j jw", [way for way, _ in ways])
    free, net = draw(nodes, ways), draw(nodes, ways, [always, by_hour])
    for scenario in Scenario:
        at_school = scenario is Scenario.SCHOOL_RUN
        assert net.seconds("s", "w", scenario) == free.seconds("s", "w", scenario)
        assert (net.seconds("s", "n", scenario) == free.seconds("s", "n", scenario)) is at_school
        assert net.seconds("s", "e", scenario) > free.seconds("s", "e", scenario) + 1


FOR_SOME = [
    ({"restriction:motorcar": "no_right_turn", "restriction:bus": "no_right_turn"}, True),
    ({"restriction:motorcycle": "no_right_turn", "restriction:motorcar": "no_right_turn"}, True),
    ({"restriction:bus": "no_right_turn", "restriction:psv": "no_right_turn", "except": "motorcar;bicycle"}, False),
    ({"restriction:motorcar": "no_right_turn", "restriction:motorcycle": "no_right_turn", "except": "bus;bicycle"}, True),
    ({"restriction:hgv": "no_right_turn"}, False),
    ({"restriction:hgv:conditional": "no_right_turn @ (weight > 3.5)", "except": "psv"}, False),
    ({"restriction:conditional": "no_right_turn @ (weight > 3.5)"}, False),
    ({"restriction": "no_right_turn", "restriction:psv": "no_right_turn"}, True),
    ({"restriction": "no_right_turn", "restriction:bicycle": "give_way"}, True),
    ({"restriction:bicycle": "give_way"}, False),
    ({"restriction": "no_right_turn", "except": "psv"}, True),
    ({"restriction": "no_entry"}, True),
    ({"restriction": "no_exit"}, True),
    ({}, False),
]


@pytest.mark.parametrize(("tags", "is_forbidden"), FOR_SOME)
def test_a_turn_that_is_forbidden_to_some(draw: Draw, tags: dict[str, str], is_forbidden: bool) -> None:
    nodes, ways = nodes_of("  n\nw j e\n  s"), ways_of("sj jn jw je")
    net = draw(nodes, ways, [(tags, 1, "j", 4)])
    assert (net.seconds("s", "e") > draw(nodes, ways).seconds("s", "e") + 1) is is_forbidden


def test_names_in_any_script_are_kept(draw: Draw) -> None:
    names = ("Scandinavian København", "東京", "Москва", "🐼" * 255)
    nodes = nodes_of("a b c d e")
    net = draw(nodes, [(way, PRIMARY | {"name": name}) for way, name in zip(("ab", "bc", "cd", "de"), names, strict=True)])
    assert {name.partition("\t")[0] for name in net.network.road_names} == set(names)


def test_a_house_by_the_water_is_joined_to_the_road_and_not_to_the_ferry(draw: Draw) -> None:
    nodes = nodes_of("a 1 b 2 c")
    for tags in ({"route": "ferry", "motor_vehicle": "yes"}, {"railway": "train"}, PRIMARY | {"route": "ferry"}):
        net = draw(nodes, [("a1b", PRIMARY), ("b2c", tags)])
        assert 0 < net.seconds("1", "2") < INF
        assert set(net.network.segments.road_class.tolist()) == {4}


def test_two_nodes_at_one_place_are_no_bend(draw: Draw) -> None:
    """A piece of road without length has no heading: it sends nobody round a corner, at a crossing either."""
    nodes = {"a": (0, 0), "b": (500, 0), "c": (500, 0), "d": (1000, 0), "e": (500, 300), "f": (500, -300)}
    plain = draw({letter: place for letter, place in nodes.items() if letter != "c"}, [("abd", PRIMARY), ("be", MINOR)])
    wanted = plain.seconds("a", "d")
    split = draw(nodes, [("abcd", PRIMARY), ("be", MINOR), ("cf", MINOR)])
    assert np.isfinite(split.network.onward.cost_ms).all()
    assert split.seconds("a", "d") == pytest.approx(wanted, abs=1.0)
    assert split.seconds("d", "a") == pytest.approx(wanted, abs=1.0)


def test_a_ring_smaller_than_a_car_turns_sets_out_where_it_is_drawn() -> None:
    """East, then round within some metres: it sets out eastwards and comes back from the north."""
    out, arriving = headings(np.array([0, 4]), np.array([0.0, 4.0, 4.0, 0.0]), np.array([0.0, 0.0, 4.0, 0.0]))
    assert out.tolist() == pytest.approx([45.0, 90.0])
    assert arriving.tolist() == pytest.approx([270.0, 225.0])
    nowhere, _ = headings(np.array([0, 2]), np.zeros(2), np.zeros(2))
    assert np.isnan(nowhere).all()
