"""Roads and turns that are not the same at all hours: each scenario has its own, in searches and hierarchies alike."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siting.crs import to_metres
from siting.osm.extract import read_osm
from siting.roads.build import build_network
from siting.roads.joining import join_points
from siting.times.hierarchy import make_hierarchy
from siting.times.matrix import Question, journeys_over, journeys_searched
from siting.times.routing import reach, times_at
from siting.travel_model import SchoolHours, TravelModel
from siting.words import NO_WAY_MS, Direction, Scenario

Draw = Callable[..., Any]
ROAD = {"highway": "residential", "maxspeed": "30 mph"}
INF = float("inf")
AT_SCHOOL = "no @ (Mo-Fr 08:00-09:15,14:45-16:00)"
SQUARE = {"a": (0, 0), "b": (1000, 0), "c": (1000, 1000), "d": (0, 1000), "p": (500, 0), "q": (1000, 500), "r": (500, 1000)}
SQUARE |= {"w": (-300, 0), "e": (1300, 0)}


def square(**tags_of_ab: str) -> list[tuple[str, dict[str, str]]]:
    tags = {key.replace("__", ":"): value for key, value in tags_of_ab.items()}
    return [("apb", ROAD | tags), ("bqc", ROAD), ("crd", ROAD), ("da", ROAD), ("wa", ROAD), ("be", ROAD)]


def test_the_school_street_of_the_cases(shared_cases: Path) -> None:
    folder, model = shared_cases / "osm", TravelModel()
    networks = {name: build_network(read_osm(folder / f"ss_{name}.osm"), model) for name in ("cond", "no", "none")}

    def ms(name: str, scenario: Scenario) -> int:
        network = networks[name]
        ends = [join_points(network, *to_metres(lon, 52.6700270, network.system)) for lon in (-0.7344441, -0.6959284)]
        return int(times_at(reach(network, ends[0], scenario, Direction.FROM_SCHOOL), ends[1])[0])

    for scenario in Scenario:
        assert ms("cond", scenario) == ms("no" if scenario is Scenario.SCHOOL_RUN else "none", scenario), scenario
    assert ms("no", Scenario.SCHOOL_RUN) > 1.5 * ms("none", Scenario.SCHOOL_RUN)


def test_a_school_street_is_closed_on_the_school_run_only_and_its_own_people_drive_in(draw: Draw) -> None:
    net, usual, shut = (
        draw(SQUARE, square(**tags)) for tags in ({"motor_vehicle__conditional": AT_SCHOOL}, {}, {"motor_vehicle": "no"})
    )
    for scenario in (Scenario.FREE_FLOW, Scenario.TYPICAL):
        assert net.seconds("w", "e", scenario) == usual.seconds("w", "e", scenario)
    assert net.seconds("w", "e", Scenario.SCHOOL_RUN) == shut.seconds("w", "e", Scenario.SCHOOL_RUN)
    assert net.seconds("w", "p", Scenario.SCHOOL_RUN) < 200
    home = int(join_points(net.network, *net.at("p")).segment[0])
    assert net.network.only_with_exemption(np.array([home])).all()
    assert not net.network.only_with_exemption(join_points(net.network, *net.at("q")).segment).any()


def test_without_an_exemption_nobody_drives_in(tmp_path: Path, draw: Draw) -> None:
    net = draw(SQUARE, square(motor_vehicle__conditional=AT_SCHOOL))
    source = read_osm(tmp_path / "drawn.osm")
    strict = build_network(source, TravelModel(hours=SchoolHours(exempt=False)))
    hub, home = join_points(strict, *net.at("w")), join_points(strict, *net.at("p"))
    assert times_at(reach(strict, hub, Scenario.SCHOOL_RUN, Direction.FROM_SCHOOL), home)[0] == NO_WAY_MS
    assert times_at(reach(strict, hub, Scenario.TYPICAL, Direction.FROM_SCHOOL), home)[0] < NO_WAY_MS


def test_a_limit_at_school_times_slows_the_school_run(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (5000, 0)}
    slow = draw(nodes, [("ab", ROAD | {"maxspeed:conditional": "20 mph @ (Mo-Fr 08:30-09:00, 15:00-15:30)"})])
    usual = draw(nodes, [("ab", ROAD)])
    assert slow.seconds("a", "b") == usual.seconds("a", "b")
    assert slow.seconds("a", "b", Scenario.SCHOOL_RUN) == pytest.approx(
        1.5 * usual.seconds("a", "b", Scenario.SCHOOL_RUN), rel=0.001
    )


def test_a_gate_that_is_shut_at_night(draw: Draw) -> None:
    barrier = {"barrier": "gate", "access": "yes", "access:conditional": "no @ (20:00-06:00)"}
    net = draw(SQUARE, square(), node_tags={"p": barrier})
    usual = draw(SQUARE, square())
    assert net.seconds("w", "e", Scenario.TYPICAL) == pytest.approx(usual.seconds("w", "e", Scenario.TYPICAL), abs=0.01)
    assert net.seconds("w", "e", Scenario.FREE_FLOW) > 1.5 * usual.seconds("w", "e", Scenario.FREE_FLOW)


def test_a_condition_that_is_not_read_is_counted_and_marked_on_its_road(draw: Draw) -> None:
    net = draw(SQUARE, square(motor_vehicle__conditional="no @ (when lights flash)"))
    assert dict(net.network.left_out) == {"conditions that cannot be read": 1}
    segment = int(join_points(net.network, *net.at("p")).segment[0])
    assert net.network.unread_kinds[net.network.unread[segment]] == "conditions that cannot be read"


def test_a_limit_at_night_makes_no_busier_hour_the_quicker_one(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (5000, 0)}
    slow = draw(nodes, [("ab", ROAD | {"maxspeed:conditional": "20 mph @ (20:00-06:00)"})])
    usual = draw(nodes, [("ab", ROAD)])
    at_night = slow.seconds("a", "b", Scenario.FREE_FLOW)
    assert at_night > 1.4 * usual.seconds("a", "b", Scenario.FREE_FLOW)
    assert [slow.seconds("a", "b", scenario) >= at_night for scenario in Scenario] == [True, True, True]


def test_nobody_is_exempt_from_a_one_way_street(draw: Draw) -> None:
    """What is shut at all hours is not what those who live there may drive in: from the west they go round."""
    net = draw(SQUARE, square(oneway="-1"))
    for scenario in Scenario:
        assert net.seconds("w", "p", scenario) > 3 * net.seconds("p", "w", scenario), scenario


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("scenario", list(Scenario))
def test_searches_and_a_hierarchy_agree_where_roads_differ_by_hour(draw: Draw, seed: int, scenario: Scenario) -> None:
    random = np.random.default_rng(seed)
    letters = "abcdefghijklmnop"
    nodes = {letter: tuple(random.integers(0, 4_000, 2).tolist()) for letter in letters}
    choices: list[dict[str, str]] = [
        {}, {}, {"oneway": "yes"}, {"access": "private"}, {"motor_vehicle:conditional": AT_SCHOOL},
        {"motor_vehicle:conditional": "private @ (Mo-Fr 10:00-16:00)"}, {"maxspeed:conditional": "20 mph @ (08:00-16:00)"},
        {"oneway": "yes", "oneway:conditional": "no @ (20:00-06:00)"},
    ]  # fmt: skip
    ways = []
    for _ in range(26):
        one, other = random.choice(list(letters), 2, replace=False)
        ways.append((f"{one}{other}", ROAD | choices[random.integers(len(choices))]))
    network = draw(nodes, ways).network
    joinable = np.flatnonzero(network.segments.joinable)
    at = network.segments.geometry_start[joinable] + 1
    places = join_points(network, network.segments.x_m[at] - 3.0, network.segments.y_m[at])
    asked = Question(network=network, origins=places, destinations=places, scenario=scenario)
    searched = journeys_searched(asked).time_ms
    assert (journeys_over(make_hierarchy(network, scenario), asked).time_ms == searched).all()
    back = [times_at(reach(network, places[row : row + 1], scenario, Direction.TO_SCHOOL), places) for row in range(len(places))]
    assert (searched == np.array(back).T).all()
