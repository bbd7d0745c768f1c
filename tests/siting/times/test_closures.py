"""Journeys with roads closed, led by the times with every road open, beside a plain search over a network without those roads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from siting.arrays import Int64
from siting.roads.cache import open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork, scenario_index
from siting.storage.kept import bundled_data
from siting.times.closures import close_main_roads
from siting.times.routing import main_roads, reach, time_without, times_at, way_between
from siting.words import NO_WAY_MS, Direction, Scenario

CLOSED_MS = 2**29


def without(network: RoadNetwork, shut: Int64, scenario: Scenario) -> RoadNetwork:
    """The network whose links into some segments cost more than any journey."""
    shut_state = np.isin(network.state_arc >> 1, shut)
    row = scenario_index(scenario)
    onward, backward = network.onward.cost_ms.copy(), network.backward.cost_ms.copy()
    onward[row][shut_state[network.onward.other]] = CLOSED_MS
    backward[row][np.repeat(shut_state, np.diff(network.backward.start))] = CLOSED_MS
    return replace(network, onward=replace(network.onward, cost_ms=onward), backward=replace(network.backward, cost_ms=backward))


def beside_roads(network: RoadNetwork, count: int) -> Joins:
    draw = np.random.default_rng(5)
    segments = network.segments
    at = segments.geometry_start[draw.choice(np.flatnonzero(segments.joinable), count)]
    # Some lie in the first one's road, as the school's neighbours do.
    at[1:4] = at[0]
    spread_m = draw.normal(0, 60, (2, count))
    return join_points(network, segments.x_m[at] + spread_m[0], segments.y_m[at] + spread_m[1])


def assert_as_searched(network: RoadNetwork, homes: int, scenario: Scenario) -> tuple[int, int]:
    """Close at each home the main roads of its way, and pieces by lot; how many were compared, and how many had no way."""
    places, draw = beside_roads(network, homes + 1), np.random.default_rng(6)
    school, compared, cut_off = places[:1], 0, 0
    for direction in Direction:
        found = reach(network, school, scenario, direction)
        for row in range(1, len(places)):
            way = way_between(found, places, row)
            if way is None:
                continue
            segments = np.unique(way.arcs >> 1)
            segments = segments[~np.isin(segments, [places.segment[row], school.segment[0]])]
            names = [network.road_name(int(segment)) for segment in segments]
            chosen = [segments[np.array(names) == road] for road in main_roads(network, way)]
            chosen += [draw.choice(segments, min(len(segments), count), replace=False) for count in (1, 9)]
            for shut in chosen:
                plain = reach(without(network, shut, scenario), school, scenario, direction, limit_ms=CLOSED_MS - 1)
                expected_ms = int(times_at(plain, places[row : row + 1])[0])
                assert time_without(found, places[row : row + 1], shut) == expected_ms
                assert expected_ms >= way.time_ms
                compared += 1
                cut_off += expected_ms == NO_WAY_MS
    return compared, cut_off


@pytest.mark.parametrize("scenario", [Scenario.SCHOOL_RUN, Scenario.FREE_FLOW])
def test_times_with_roads_closed_are_those_of_a_search_without_them(scenario: Scenario) -> None:
    compared, _ = assert_as_searched(open_network(bundled_data() / "chilterns" / "chilterns.osm.pbf"), 12, scenario)
    assert compared > 60


@pytest.mark.slow
def test_the_same_on_real_roads(shared_data: Path) -> None:
    compared, cut_off = assert_as_searched(open_network(shared_data / "rutland-2022-07-20.osm.pbf"), 60, Scenario.SCHOOL_RUN)
    assert compared > 300
    assert cut_off > 0


def test_a_closure_tells_the_worse_direction() -> None:
    network = open_network(bundled_data() / "chilterns" / "chilterns.osm.pbf")
    places = beside_roads(network, 30)
    reaches = {direction: reach(network, places[:1], Scenario.SCHOOL_RUN, direction) for direction in Direction}
    told = 0
    for row in range(4, len(places)):
        ways = {d: way for d, found in reaches.items() if (way := way_between(found, places, row)) is not None}
        if len(ways) < 2:
            continue
        usual_ms = max(way.time_ms for way in ways.values())
        for closure in close_main_roads(reaches, places[row : row + 1], ways):
            assert closure.time_ms >= usual_ms
            told += closure.time_ms > usual_ms
    assert told > 10
