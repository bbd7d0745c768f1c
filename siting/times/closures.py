"""What if a main road on the way were closed: the minutes by the next best way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from siting.arrays import Int64
from siting.roads.joining import Joins
from siting.roads.network import RoadNetwork, scenario_index
from siting.times.routing import Way, main_roads, reach, times_at
from siting.words import NO_WAY_MS, Direction, Scenario

CLOSED_MS = 2**29
"""What entering a closed road costs: more than any journey, and safe to add up."""
_SEARCHED_FIRST = (1.3, 2.0)
"""So many times the usual way's time is searched before the whole network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosure:
    """The worse direction's time with one road closed where the way uses it; `NO_WAY_MS` where no other way is left."""

    road: str
    time_ms: int


def close_main_roads(
    network: RoadNetwork, home: Joins, school: Joins, scenario: Scenario, ways: Mapping[Direction, Way]
) -> tuple[RoadClosure, ...]:
    """Close each main road of a home's ways in turn, where they use it, and time the next best way."""
    roads = list(dict.fromkeys(name for way in ways.values() for name in main_roads(network, way)))
    segments = np.unique(np.concatenate([way.arcs >> 1 for way in ways.values()]))
    segments = segments[~np.isin(segments, [home.segment[0], school.segment[0]])]
    names = np.array([network.road_name(int(segment)) for segment in segments], dtype=object)
    usual_ms = max(way.time_ms for way in ways.values())
    closures = []
    for road in roads:
        shut = segments[names == road]
        if len(shut):
            without = _without(network, shut, scenario)
            worst_ms = max(_time_ms(without, school, scenario, direction, home, usual_ms) for direction in Direction)
            closures.append(RoadClosure(road=road, time_ms=worst_ms if worst_ms < CLOSED_MS else int(NO_WAY_MS)))
    return tuple(closures)


def _time_ms(network: RoadNetwork, school: Joins, scenario: Scenario, direction: Direction, home: Joins, usual_ms: int) -> int:
    """Return the time between a school and a home; most ways round take little longer, so near the school is searched first."""
    for limit_ms in (*(round(usual_ms * factor) for factor in _SEARCHED_FIRST), CLOSED_MS - 1):
        found = reach(network, school, scenario, direction, limit_ms=min(limit_ms, CLOSED_MS - 1))
        time_ms = int(times_at(found, home)[0])
        if time_ms < NO_WAY_MS:
            return time_ms
    return int(NO_WAY_MS)


def _without(network: RoadNetwork, segments: Int64, scenario: Scenario) -> RoadNetwork:
    """Return the network with segments closed in one scenario."""
    shut = np.zeros(len(network.segments), dtype=bool)
    shut[segments] = True
    shut_state = shut[network.state_arc >> 1]
    row = scenario_index(scenario)
    onward, backward = network.onward.cost_ms.copy(), network.backward.cost_ms.copy()
    onward[row][shut_state[network.onward.other]] = CLOSED_MS
    for state in np.flatnonzero(shut_state):
        backward[row, network.backward.start[state] : network.backward.start[state + 1]] = CLOSED_MS
    return replace(
        network,
        onward=replace(network.onward, cost_ms=onward),
        backward=replace(network.backward, cost_ms=backward),
    )
