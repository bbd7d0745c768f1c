"""What if a main road on the way were closed: the minutes by the next best way."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from siting.roads.joining import Joins
from siting.times.routing import Reach, Way, main_roads, time_without
from siting.words import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosure:
    """The worse direction's time with one road closed where the way uses it; `NO_WAY_MS` where no other way is left."""

    road: str
    time_ms: int


def close_main_roads(reaches: Mapping[Direction, Reach], home: Joins, ways: Mapping[Direction, Way]) -> tuple[RoadClosure, ...]:
    """Close each main road of a home's ways in turn, where they use it, and time the next best way.

    `reaches` has the journeys of the home's school by direction, searched without a limit.
    """
    to_school = reaches[Direction.TO_SCHOOL]
    network, school = to_school.network, to_school.hub
    roads = list(dict.fromkeys(name for way in ways.values() for name in main_roads(network, way)))
    segments = np.unique(np.concatenate([way.arcs >> 1 for way in ways.values()]))
    segments = segments[~np.isin(segments, [home.segment[0], school.segment[0]])]
    names = np.array([network.road_name(int(segment)) for segment in segments], dtype=object)
    closures = []
    for road in roads:
        shut = segments[names == road]
        if len(shut):
            worst_ms = max(time_without(reaches[direction], home, shut) for direction in Direction)
            closures.append(RoadClosure(road=road, time_ms=worst_ms))
    return tuple(closures)
