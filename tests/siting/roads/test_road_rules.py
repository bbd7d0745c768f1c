"""One-way roads, bans, private roads, gates, ferries and roundabouts, each on a road drawn by hand.

Each test's figure is the roads as they lie; a place is named by the letter of its node, or stands
beside a road where the test says so.
"""

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest

from siting.outputs.road_graph import road_graph
from siting.roads.joining import join_points
from siting.times.matrix import time_matrix_ms
from siting.times.routing import reach, times_at
from siting.words import NO_WAY_MS, Direction, Scenario

Draw = Callable[..., Any]
ROAD = {"highway": "residential", "maxspeed": "30 mph"}
INF = float("inf")

#   d ---- c
#   |      |
#   a ---- b      1 km a side; p, q, r stand in the middles of ab, bc and cd
SQUARE = {"a": (0, 0), "b": (1000, 0), "c": (1000, 1000), "d": (0, 1000), "p": (500, 0), "q": (1000, 500), "r": (500, 1000)}


def square(**tags_of_ab: str) -> list[tuple[str, dict[str, str]]]:
    return [("apb", ROAD | tags_of_ab), ("bqc", ROAD), ("crd", ROAD), ("da", ROAD)]


def test_a_one_way_street_is_not_driven_against(draw: Draw) -> None:
    net = draw(SQUARE, square(oneway="yes"))
    assert net.seconds("a", "b") < net.seconds("b", "a") / 2.5


def test_one_way_backwards(draw: Draw) -> None:
    net = draw(SQUARE, square(oneway="-1"))
    assert net.seconds("b", "a") < net.seconds("a", "b") / 2.5


@pytest.mark.parametrize("kind", ["roundabout", "circular"])
def test_a_roundabout_is_one_way_without_saying_so(draw: Draw, kind: str) -> None:
    ring = [("abcda", ROAD | {"junction": kind})]
    nodes = {"a": (0, 0), "b": (60, 0), "c": (60, 60), "d": (0, 60), "e": (-900, 0), "f": (60, 900), "g": (960, 0)}
    net = draw(nodes, [*ring, ("ea", ROAD), ("cf", ROAD), ("bg", ROAD)])
    assert net.seconds("e", "g") < net.seconds("g", "e")


def test_the_two_directions_of_a_loop_are_not_exchanged(draw: Draw) -> None:
    net = draw(SQUARE, square(oneway="yes"))
    places = join_points(net.network, *net.at("a", "b"))
    table = time_matrix_ms(net.network, places, places, Scenario.TYPICAL)
    assert table[0, 1] < table[1, 0]
    to_a = times_at(reach(net.network, places[:1], Scenario.TYPICAL, Direction.TO_SCHOOL), places)
    assert to_a[1] == table[1, 0]


@pytest.mark.parametrize(("kind", "to_way"), [("no_left_turn", 2), ("only_straight_on", 3)])
def test_a_turn_restriction_is_honoured(draw: Draw, kind: str, to_way: int) -> None:
    """West to east through b: the turn into bc is banned, or only going on to e is allowed; c is reached by d."""
    nodes = SQUARE | {"e": (2000, 0)}
    ways = [("apb", ROAD), ("bqc", ROAD), ("be", ROAD), ("crd", ROAD), ("da", ROAD)]
    free, banned = draw(nodes, ways), draw(nodes, ways, [(kind, 1, "b", to_way)])
    assert banned.seconds("p", "q") > free.seconds("p", "q") * 1.8
    assert banned.seconds("q", "p") == free.seconds("q", "p")


def test_a_private_road_is_no_through_way_but_reaches_its_own_house(draw: Draw) -> None:
    nodes = SQUARE | {"e": (1500, 2000)}
    net = draw(nodes, [*square(access="private"), ("ced", ROAD)])
    through = draw(nodes, [*square(), ("ced", ROAD)])
    assert net.seconds("d", "q") == through.seconds("d", "q")
    assert net.seconds("a", "b") > through.seconds("a", "b") * 2
    home = join_points(net.network, np.array([480_500.0]), np.array([190_000.5]))
    school = join_points(net.network, *net.at("c"))
    time_ms = times_at(reach(net.network, school, Scenario.TYPICAL, Direction.TO_SCHOOL), home)[0]
    assert time_ms < NO_WAY_MS


def test_a_gate_takes_time_and_a_locked_one_stops(draw: Draw) -> None:
    nodes = {"a": (0, 0), "g": (500, 0), "b": (1000, 0)}
    ways = [("agb", ROAD)]
    free = draw(nodes, ways)
    gate = draw(nodes, ways, node_tags={"g": {"barrier": "gate"}})
    shut = draw(nodes, ways, node_tags={"g": {"barrier": "gate", "access": "no"}})
    bollard = draw(nodes, ways, node_tags={"g": {"barrier": "bollard"}})
    assert 55 < gate.seconds("a", "b") - free.seconds("a", "b") < 65
    assert shut.seconds("a", "b") == INF
    assert bollard.seconds("a", "b") == INF


def test_a_bus_gate_is_not_passed(draw: Draw) -> None:
    net = draw(SQUARE, square(motor_vehicle="no", bus="yes"))
    assert net.seconds("a", "b") > draw(SQUARE, square()).seconds("a", "b") * 2


def test_ferries_are_not_taken_and_counted(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (1000, 0), "c": (1500, 0), "d": (2500, 0), "e": (1000, 900)}
    ways = [("ab", ROAD), ("be", ROAD), ("bc", {"route": "ferry", "motor_vehicle": "yes"}), ("cd", ROAD)]
    net = draw(nodes, ways)
    assert net.seconds("a", "d") == INF
    assert dict(net.network.left_out)["ferries"] == 1


def test_roads_that_cross_on_a_bridge_do_not_meet(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (1000, 0), "c": (500, -500), "d": (500, 500)}
    net = draw(nodes, [("ab", ROAD), ("cd", ROAD | {"bridge": "yes", "layer": "1"})])
    assert net.seconds("a", "d") == INF


def test_a_house_beside_a_motorway_joins_its_own_street(draw: Draw) -> None:
    """A motorway 20 m from the garden, its street 80 m away; a tunnel and a footpath beneath."""
    nodes = {"a": (0, 0), "b": (3000, 0), "c": (0, 100), "d": (3000, 100), "e": (0, 15), "f": (3000, 15), "g": (1500, 900)}
    ways = [("ab", {"highway": "motorway"}), ("cd", ROAD), ("ef", {"highway": "primary", "tunnel": "yes"}), ("cgd", ROAD)]
    net = draw(nodes, ways)
    join = join_points(net.network, np.array([481_500.0]), np.array([190_020.0]))
    assert join.distance_m[0] == pytest.approx(80, abs=0.5)


def test_a_home_joins_the_middle_of_a_long_road_and_pays_for_the_way_to_it(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (6000, 0)}
    net = draw(nodes, [("ab", ROAD)])
    hub = join_points(net.network, *net.at("a"))
    far = join_points(net.network, np.array([483_000.0, 483_000.0]), np.array([190_000.0, 190_600.0]))
    on_road, off_road = times_at(reach(net.network, hub, Scenario.TYPICAL, Direction.FROM_SCHOOL), far) / 1000
    assert far.distance_m[1] == pytest.approx(600, abs=0.5)
    assert off_road - on_road == pytest.approx(600 / (10 / 3.6), abs=0.01)
    share = net.network.model["limit_share.minor"] / net.network.model["typical.rural_minor"]
    assert on_road == pytest.approx(3000 / (30 * 1.609344 / 3.6 * share), rel=0.01)


def test_an_island_of_roads_is_not_joined(draw: Draw) -> None:
    """A piece that cannot be left, beside the house; the town's streets are farther away."""
    town = {f"t{n}": (500 * (n % 8), 2_000 + 500 * (n // 8)) for n in range(64)}
    names = list(town)
    letters = dict(zip(names, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!?", strict=True))
    nodes = {letters[name]: at for name, at in town.items()} | {"+": (0, 0), "-": (40, 0)}
    rows = ["".join(letters[f"t{8 * r + c}"] for c in range(8)) for r in range(8)]
    columns = ["".join(letters[f"t{8 * r + c}"] for r in range(8)) for c in range(8)]
    net = draw(nodes, [*((line, ROAD) for line in rows + columns), ("+-", ROAD)])
    join = join_points(net.network, np.array([480_020.0]), np.array([190_010.0]))
    assert join.distance_m[0] > 1_500


@pytest.mark.parametrize(
    ("limit", "kmh"),
    [("30 mph", 48.28), ("50", 50.0), ("60 km/h", 60.0), ("national", 96.56), ("GB:nsl_single", 96.56), ("GB:nsl_dual", 112.65)],
)
def test_limits_are_read_as_they_are_written(draw: Draw, limit: str, kmh: float) -> None:
    nodes = {"a": (0, 0), "b": (5000, 0)}
    net = draw(nodes, [("ab", {"highway": "primary", "maxspeed": limit})])
    share = net.network.model["limit_share.built_up" if kmh < 64 else "limit_share.single"]
    assert net.seconds("a", "b", Scenario.FREE_FLOW) == pytest.approx(5000 / (share * kmh / 3.6), rel=0.002)


def test_a_lane_at_the_national_limit_is_not_driven_at_sixty(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (5000, 0)}
    lane = draw(nodes, [("ab", {"highway": "unclassified"})])
    assert lane.seconds("a", "b", Scenario.FREE_FLOW) > 2 * 5000 / (96.56 / 3.6)


def test_signals_and_turns_take_time(draw: Draw) -> None:
    nodes = {"a": (0, 0), "s": (1000, 0), "b": (2000, 0), "c": (1000, 1000), "d": (1000, -1000)}
    ways = [("as", ROAD), ("sb", ROAD), ("cs", ROAD), ("sd", ROAD)]
    plain = draw(nodes, ways)
    signals = draw(nodes, ways, node_tags={"s": {"highway": "traffic_signals"}})
    crossing = draw(nodes, ways, node_tags={"s": {"highway": "crossing", "crossing": "traffic_signals"}})
    assert signals.seconds("a", "b") - plain.seconds("a", "b") == pytest.approx(2.0)
    assert crossing.seconds("a", "b") - plain.seconds("a", "b") == pytest.approx(0.5)
    straight, left, right = plain.seconds("a", "b"), plain.seconds("a", "c"), plain.seconds("a", "d")
    assert straight < left < right, "where one drives on the left, a right turn crosses the traffic"


@pytest.mark.parametrize("seed", range(12))
def test_times_equal_networkx_on_random_roads(draw: Draw, seed: int) -> None:
    """Random roads with one-ways and bans: every link as a networkx graph, asked by its own Dijkstra."""
    random = np.random.default_rng(seed)
    letters = "abcdefghijklmnop"
    nodes = {letter: tuple(random.integers(0, 4_000, 2).tolist()) for letter in letters}
    ways = []
    for _ in range(26):
        one, other = random.choice(list(letters), 2, replace=False)
        tags = (
            ROAD | ({"oneway": "yes"} if random.random() < 0.3 else {}) | ({"access": "private"} if random.random() < 0.1 else {})
        )
        ways.append((f"{one}{other}", tags))
    net = draw(nodes, ways)
    network = net.network
    graph = road_graph(network)
    weight = f"ms_{Scenario.TYPICAL}"
    joinable = np.flatnonzero(network.segments.joinable)
    start = network.segments.geometry_start[joinable[0]]
    hub = join_points(network, network.segments.x_m[[start]], network.segments.y_m[[start]])
    found = reach(network, hub, Scenario.TYPICAL, Direction.FROM_SCHOOL)
    from siting.times.routing import _seeds

    seeds = _seeds(network, hub, Scenario.TYPICAL, Direction.FROM_SCHOOL)
    expected = np.full(len(network.state_arc), np.inf)
    for state, at in zip(seeds.state, seeds.ms, strict=True):
        # The arc that the journey begins on gets a label only where the way leads round to it again.
        for first in graph.successors(int(state)):
            begun = at + graph[int(state)][first][weight]
            for other, length in nx.single_source_dijkstra_path_length(graph, first, weight=weight).items():
                expected[other] = min(expected[other], begun + length)
    ours = np.where(found.label < 2**31 - 1, found.label.astype(float), np.inf)
    assert (ours == expected).all()


def test_a_wait_is_met_where_it_stands(draw: Draw) -> None:
    """A gate 100 m along the road: the house before it does not pay, the house behind it pays all of it."""
    nodes = {"a": (0, 0), "h": (90, 0), "g": (100, 0), "i": (110, 0), "b": (2000, 0)}
    free = draw(nodes, [("ahgib", ROAD)])
    gate = draw(nodes, [("ahgib", ROAD)], node_tags={"g": {"barrier": "gate"}})
    assert gate.seconds("a", "h") == pytest.approx(free.seconds("a", "h"), abs=0.005)
    assert gate.seconds("a", "i") - free.seconds("a", "i") == pytest.approx(60, abs=0.01)
    assert gate.seconds("i", "a") - free.seconds("i", "a") == pytest.approx(60, abs=0.01)
    assert gate.seconds("i", "b") == pytest.approx(free.seconds("i", "b"), abs=0.005)


@pytest.mark.parametrize(
    ("tags", "seconds"),
    [
        ({"highway": "stop"}, 2.0),
        ({"highway": "give_way"}, 1.0),
        ({"highway": "mini_roundabout"}, 2.0),
        ({"highway": "traffic_signals"}, 2.0),
        ({"highway": "crossing"}, 0.0),
    ],
)
def test_what_stands_on_the_road_costs_its_figure_in_every_scenario(draw: Draw, tags: dict[str, str], seconds: float) -> None:
    nodes = {"a": (0, 0), "g": (500, 0), "b": (1000, 0)}
    free, met = draw(nodes, [("agb", ROAD)]), draw(nodes, [("agb", ROAD)], node_tags={"g": tags})
    for scenario in Scenario:
        assert met.seconds("a", "b", scenario) - free.seconds("a", "b", scenario) == pytest.approx(seconds, abs=0.01)


def test_a_stop_sign_of_one_direction_is_met_only_there(draw: Draw) -> None:
    nodes = {"a": (0, 0), "g": (500, 0), "b": (1000, 0)}
    free = draw(nodes, [("agb", ROAD)])
    met = draw(nodes, [("agb", ROAD)], node_tags={"g": {"highway": "stop", "direction": "backward"}})
    assert met.seconds("a", "b") == pytest.approx(free.seconds("a", "b"), abs=0.005)
    assert met.seconds("b", "a") - free.seconds("b", "a") == pytest.approx(2.0, abs=0.01)


def test_a_barrier_that_stops_one_direction_lets_the_other_pass(draw: Draw) -> None:
    net = draw(SQUARE, square(), node_tags={"p": {"barrier": "entrance", "motor_vehicle:forward": "no"}})
    assert net.seconds("b", "a") < net.seconds("a", "b") / 2.5


@pytest.mark.parametrize("tags", [{"access": "private"}, {"locked": "yes"}, {"locked": "yes", "access": "private"}])
def test_a_house_behind_its_own_gate_is_joined_beside_it_and_nobody_else_drives_through(draw: Draw, tags: dict[str, str]) -> None:
    net = draw(SQUARE, square(), node_tags={"p": {"barrier": "gate"} | tags})
    assert net.seconds("a", "b") > draw(SQUARE, square()).seconds("a", "b") * 2
    nodes = SQUARE | {"e": (0, -400), "f": (0, -800)}
    lane = draw(nodes, [*square(), ("aef", ROAD)], node_tags={"e": {"barrier": "gate"} | tags})
    home = join_points(lane.network, np.array([480_010.0]), np.array([189_400.0]))
    assert home.distance_m[0] == pytest.approx(10, abs=0.1)
    assert lane.seconds("a", "f") - lane.seconds("a", "e") > 60


def test_a_road_without_a_sign_among_streets_keeps_the_built_up_limit(draw: Draw) -> None:
    nodes = {letter: (250 * (n % 4), 250 * (n // 4)) for n, letter in enumerate("abcdefghijklmnop")}
    streets = [(row, {"highway": "residential"}) for row in ("abcd", "efgh", "mnop", "aeim", "bfjn", "cgko", "dhlp")]
    street_net = draw(nodes, [*streets, ("ijkl", {"highway": "primary"})], built_up__from=0, built_up__full=0)
    field_net = draw(nodes, [*streets, ("ijkl", {"highway": "primary"})], built_up__from=1e6, built_up__full=1e7)
    assert street_net.seconds("i", "l") > field_net.seconds("i", "l")
    assert street_net.seconds("i", "l") >= 750 / (30 * 1.609344 / 3.6) - 0.01


@pytest.mark.parametrize("estate_m", [500, 3_000])
@pytest.mark.parametrize("way_in", ["a private road", "a private gate"])
def test_an_open_street_behind_private_ground_is_an_estate_in_a_small_file_too(draw: Draw, estate_m: int, way_in: str) -> None:
    """Its street says nothing of who may drive there, and is long beside the few roads of the file."""
    nodes = SQUARE | {"g": (500, -50), "h": (500, -200), "i": (500 + estate_m, -200)}
    gate = {"g": {"barrier": "gate", "access": "private"}} if way_in == "a private gate" else {}
    access = {"access": "private"} if way_in == "a private road" else {}
    ways = [*square(), ("pgh", ROAD | access), ("hi", ROAD)]
    net, free = draw(nodes, ways, node_tags=gate), draw(nodes, [*square(), ("pgh", ROAD), ("hi", ROAD)])
    for start, goal in ("ci", "ic", "hi", "ih"):
        assert net.seconds(start, goal) < free.seconds(start, goal) + 75


def test_nobody_drives_through_an_estate_whose_streets_say_nothing(draw: Draw) -> None:
    nodes = SQUARE | {"g": (100, -100), "h": (900, -100)}
    ways = [*square(oneway="-1"), ("ag", ROAD | {"access": "private"}), ("gh", ROAD), ("hb", ROAD | {"access": "private"})]
    net, without = draw(nodes, ways), draw(nodes, ways[:4])
    assert net.seconds("a", "b") == pytest.approx(without.seconds("a", "b"), abs=8)
    assert net.seconds("a", "h") < net.seconds("a", "b")
