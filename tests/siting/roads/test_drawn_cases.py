"""The small inputs, one a kind of fault: each gives what it must."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from siting.crs import to_metres
from siting.osm.extract import read_osm
from siting.roads.build import build_network
from siting.roads.joining import join_points
from siting.roads.network import RoadNetwork
from siting.roads.restrictions import AMBIGUOUS
from siting.times.routing import reach, times_at
from siting.travel_model import TravelModel
from siting.words import NO_WAY_MS, Direction, Scenario

INF = float("inf")
Ask = Callable[..., float]


@pytest.fixture(scope="module")
def network_of(shared_cases: Path) -> Callable[[str], RoadNetwork]:
    built: dict[str, RoadNetwork] = {}

    def open_case(name: str) -> RoadNetwork:
        if name not in built:
            path = next(shared_cases.joinpath("osm").glob(f"{name}.osm*"))
            built[name] = build_network(read_osm(path), TravelModel())
        return built[name]

    return open_case


@pytest.fixture(scope="module")
def seconds(shared_cases: Path, network_of: Callable[[str], RoadNetwork]) -> Ask:
    with (shared_cases / "osm" / "journeys.csv").open(encoding="utf-8") as file:
        journeys = {(row["file"], row["from"], row["to"]): row for row in csv.DictReader(file)}

    def ask(name: str, start: str, end: str, scenario: Scenario = Scenario.TYPICAL) -> float:
        network, row = network_of(name), journeys[name, start, end]
        ends = [
            join_points(network, *to_metres(float(row[f"{side}_longitude"]), float(row[f"{side}_latitude"]), network.system))
            for side in ("from", "to")
        ]
        time_ms = times_at(reach(network, ends[0], scenario, Direction.FROM_SCHOOL), ends[1])[0]
        return INF if time_ms >= NO_WAY_MS else float(time_ms) / 1000

    return ask


def test_limits(seconds: Ask) -> None:
    at_30, at_20 = seconds("limit_30_mph", "a", "c"), seconds("limit_capitals", "a", "c")
    assert at_20 == pytest.approx(1.5 * at_30, rel=0.001)
    assert seconds("limit_nsl_restricted", "a", "c") == at_30
    assert seconds("limit_national_forward_40", "a", "c") == pytest.approx(0.75 * at_30, rel=0.001)
    for name in ("limit_forward_alone", "limit_two_figures", "limit_20_zone"):
        assert seconds(name, "a", "c") == at_20, name


def test_access_goes_by_its_keys_in_each_direction(seconds: Ask) -> None:
    along = seconds("oneway_alternating", "o", "q")
    assert along == seconds("oneway_alternating", "q", "o") < INF
    assert (seconds("access_backward_no", "o", "q"), seconds("access_backward_no", "q", "o")) == (along, INF)
    assert (seconds("access_no_forward_yes", "o", "q"), seconds("access_no_forward_yes", "q", "o")) == (along, INF)
    for name in ("access_unknown_word_over_no", "access_staff"):
        assert min(seconds(name, "o", "q"), seconds(name, "q", "o")) > 2 * along, name


def test_barriers(seconds: Ask) -> None:
    for name in ("wicket_gate", "cattle_grid_access_no", "entrance_motor_vehicle_no"):
        assert seconds(name, "o", "q") == INF, name
    assert seconds("gate_access_yes", "o", "q") < 150


def test_a_gate_is_paid_for_where_it_stands(seconds: Ask) -> None:
    before, after = seconds("gate_delay_spread", "o", "before"), seconds("gate_delay_spread", "o", "after")
    end = seconds("gate_delay_spread", "o", "end")
    assert after - before > 60
    assert end == pytest.approx(after + seconds("gate_delay_spread", "after", "end"), abs=0.01)


def test_restrictions_by_way(seconds: Ask) -> None:
    assert seconds("overlap_by_way", "a", "x") == INF
    assert seconds("overlap_by_way", "b", "x") == seconds("overlap_by_way_second_alone", "b", "x") < INF
    assert seconds("overlap_by_way_second_alone", "a", "x") < INF
    assert seconds("only_by_way", "a", "d") < 50
    assert seconds("only_by_way", "a", "s") > seconds("only_by_way", "a", "d") + 30


def test_a_relation_that_may_mean_two_turns_is_ignored_and_counted(
    seconds: Ask, network_of: Callable[[str], RoadNetwork]
) -> None:
    assert seconds("to_way_runs_through", "s", "p") < 60
    assert seconds("to_way_runs_through", "s", "t") < 60
    assert dict(network_of("to_way_runs_through").left_out) == {AMBIGUOUS: 1}


HOUSES = ["house_behind_locked_gate", "house_behind_locked_private_gate", "house_behind_private_gate"]
HOUSES += [
    "house_behind_private_gate_on_private_lane",
    "house_behind_private_rising_bollard",
    "private_gate",
    "locked_private_gate",
]


@pytest.mark.parametrize("name", HOUSES)
def test_a_house_behind_its_own_gate_is_joined_beside_it(name: str, network_of: Callable[[str], RoadNetwork]) -> None:
    network = network_of(name)
    house = join_points(network, *to_metres(-0.7000, 52.6675, network.system))
    town = join_points(network, *to_metres(-0.7148004, 52.6717542, network.system))
    assert house.distance_m[0] < 20
    for direction in Direction:
        assert times_at(reach(network, town, Scenario.TYPICAL, direction), house)[0] < 300_000
