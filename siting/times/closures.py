"""What if a main road on the way were closed: the minutes by the next best way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from siting.roads.joining import Joins
from siting.roads.network import Links, RoadNetwork, scenario_index
from siting.times.routing import Way, main_roads, reach, times_at
from siting.words import NO_WAY_MS, Direction, Scenario

CLOSED_MS = 2**29
"""What entering a closed road costs: more than any journey, and safe to add up."""


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
    ends = {int(home.segment[0]), int(school.segment[0])}
    closures = []
    for road in roads:
        shut = [int(s) for s in segments if int(s) not in ends and network.road_name(int(s)) == road]
        if not shut:
            continue
        without = _without(network, np.array(shut), scenario)
        worst_ms = max(
            int(times_at(reach(without, school, scenario, direction, limit_ms=CLOSED_MS - 1), home)[0]) for direction in Direction
        )
        closures.append(RoadClosure(road=road, time_ms=worst_ms if worst_ms < CLOSED_MS else int(NO_WAY_MS)))
    return tuple(closures)


def _without(network: RoadNetwork, segments: np.ndarray, scenario: Scenario) -> RoadNetwork:
    shut = np.zeros(len(network.segments), dtype=bool)
    shut[segments] = True
    shut_state = shut[network.state_arc >> 1]
    row = scenario_index(scenario)

    def priced(links: Links, *, onward: bool) -> Links:
        cost_ms = links.cost_ms.copy()
        origin = np.repeat(np.arange(len(links.start) - 1), np.diff(links.start))
        entered = links.other if onward else origin
        cost_ms[row][shut_state[entered]] = CLOSED_MS
        return replace(links, cost_ms=cost_ms)

    return replace(network, onward=priced(network.onward, onward=True), backward=priced(network.backward, onward=False))
