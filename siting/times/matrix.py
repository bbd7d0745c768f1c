"""Times and lengths of the ways between many places: by a search from each, or over a hierarchy.

Both give the same milliseconds. A hierarchy takes about as long to make as a hundred searches over
the whole network, on any network that was measured, so it is made where there are more, and kept.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from siting.arrays import Float64, Int32, Int64
from siting.progress import Progress, silent
from siting.roads.joining import Joins, part_ms
from siting.roads.network import SHUT_MS, RoadNetwork, scenario_index
from siting.times.hierarchy import Hierarchy, from_weight, is_kept, open_hierarchy, to_weight
from siting.times.hierarchy_search import Listed, climb_all, listed_by, meet
from siting.times.routing import driven_along, metres_at, reach, times_at
from siting.words import METRES_PER_MILE, MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario

SEARCHES_BEFORE_A_HIERARCHY = 100
"""From so many searches on, a hierarchy is made for them."""
_SEARCHES_BEFORE_A_KEPT_ONE = 10
_CHUNKS_A_THREAD = 4
_NO_WAY = 2**62

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Journeys:
    """The fastest ways of all pairs, origins x destinations.

    Attributes
    ----------
    time_ms
        Int64; `NO_WAY_MS` where there is no way.
    length_m
        Float64; NaN where there is no way.
    """

    time_ms: Int64
    length_m: Float64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Between which places, on which network and how busy roads; without `with_metres` the lengths are not worth a step."""

    network: RoadNetwork
    origins: Joins
    destinations: Joins
    scenario: Scenario
    with_metres: bool = True
    threads: int = 2


def time_matrix_ms(network: RoadNetwork, origins: Joins, destinations: Joins, scenario: Scenario, *, threads: int = 2) -> Int64:
    """Return the milliseconds of every pair, origins x destinations; `NO_WAY_MS` where there is no way."""
    asked = Question(
        network=network, origins=origins, destinations=destinations, scenario=scenario, with_metres=False, threads=threads
    )
    return journeys(asked).time_ms


def journeys(asked: Question, progress: Progress = silent) -> Journeys:
    """Return the fastest way of every pair; the answer is the same with any number of threads."""
    searches = min(len(asked.origins), len(asked.destinations))
    kept = is_kept(asked.network, asked.scenario)
    if searches >= (_SEARCHES_BEFORE_A_KEPT_ONE if kept else SEARCHES_BEFORE_A_HIERARCHY):
        return journeys_over(open_hierarchy(asked.network, asked.scenario, progress=progress), asked)
    return journeys_searched(asked)


def journeys_searched(asked: Question) -> Journeys:
    """Search from each place of the side that has fewer."""
    outward = len(asked.origins) <= len(asked.destinations)
    hubs, others = (asked.origins, asked.destinations) if outward else (asked.destinations, asked.origins)
    direction = Direction.FROM_SCHOOL if outward else Direction.TO_SCHOOL

    def one(row: int) -> tuple[Int64, Float64]:
        found = reach(asked.network, hubs[row : row + 1], asked.scenario, direction, with_metres=asked.with_metres)
        return times_at(found, others), metres_at(found, others) if asked.with_metres else np.full(len(others), np.nan)

    rows = _in_threads(one, len(hubs), asked.threads)
    time_ms = np.array([times for times, _ in rows], dtype=np.int64).reshape(len(hubs), len(others))
    length_m = np.array([metres for _, metres in rows], dtype=np.float64).reshape(time_ms.shape)
    if not outward:
        time_ms, length_m = np.ascontiguousarray(time_ms.T), np.ascontiguousarray(length_m.T)
    return Journeys(time_ms=time_ms, length_m=length_m)


def journeys_over(hierarchy: Hierarchy, asked: Question) -> Journeys:
    """Answer from a hierarchy of the network in that scenario."""
    starts, ends = _starts(hierarchy, asked), _ends(hierarchy, asked)
    state, place, weight = climb_all(hierarchy.back, ends)
    kept = listed_by(state, place, weight, len(hierarchy.number))
    table = np.full((len(asked.origins), len(asked.destinations)), _NO_WAY, dtype=np.int64)
    bounds = np.linspace(0, len(asked.origins), max(1, asked.threads) * _CHUNKS_A_THREAD + 1).astype(np.int64)

    def part(number: int) -> None:
        first, last = int(bounds[number]), int(bounds[number + 1])
        meet(hierarchy.out, starts, kept, first, table[first:last])

    _in_threads(part, len(bounds) - 1, asked.threads)
    _take_direct(asked, table)
    time_ms, length_m = from_weight(table)
    there = table < _NO_WAY
    return Journeys(time_ms=np.where(there, time_ms, NO_WAY_MS), length_m=np.where(there, length_m, np.nan))


def _starts(hierarchy: Hierarchy, asked: Question) -> Listed:
    """Return the states that can be turned into from each place's road."""
    network, places = asked.network, asked.origins
    links, row = network.onward, scenario_index(asked.scenario)
    rows, states, weights = [], [], []
    for side in (0, 1):
        arc, _, beyond_ms = part_ms(network, places, row, side)
        beyond_m = _beyond_m(network, places, side)
        state = network.leaving_state[row][arc]
        used = np.flatnonzero((places.segment >= 0) & (state >= 0))
        first, last = links.start[state[used]], links.start[state[used] + 1]
        place = np.repeat(used, last - first)
        link = np.arange(len(place)) + np.repeat(first - np.concatenate([[0], np.cumsum(last - first)[:-1]]), last - first)
        is_open = links.cost_ms[row][link] < SHUT_MS
        place, link = place[is_open], link[is_open]
        to = links.other[link]
        time_ms = (places.access_ms + beyond_ms)[place] + links.cost_ms[row][link]
        length_m = (places.distance_m + beyond_m)[place] + network.segments.length_m[network.state_arc[to] >> 1]
        rows.append(place)
        states.append(hierarchy.number[to])
        weights.append(to_weight(time_ms, length_m))
    return listed_by(np.concatenate(rows), np.concatenate(states), np.concatenate(weights), len(places))


def _ends(hierarchy: Hierarchy, asked: Question) -> Listed:
    """Return the states that end beyond each place, with the time from there back to it: below zero."""
    network, places = asked.network, asked.destinations
    rows, states, weights = [], [], []
    for side in (0, 1):
        row = scenario_index(asked.scenario)
        arc, _, beyond_ms = part_ms(network, places, row, side)
        weight = to_weight(places.access_ms - beyond_ms, np.nan_to_num(places.distance_m) - _beyond_m(network, places, side))
        for state in _states_of(network, row, arc):
            used = np.flatnonzero((places.segment >= 0) & (state >= 0))
            rows.append(used)
            states.append(hierarchy.number[state[used]])
            weights.append(weight[used])
    return listed_by(np.concatenate(rows), np.concatenate(states), np.concatenate(weights), len(places))


def _states_of(network: RoadNetwork, row: int, arc: Int32) -> Iterator[Int32]:
    """Yield the states by which arcs may have been entered, -1 where an arc has no further one."""
    state = network.leaving_state[row][arc]
    yield network.entering_state[row][arc]
    while (state >= 0).any():
        yield state
        state = np.where(state >= 0, network.twin[np.maximum(state, 0)], -1).astype(np.int32)


def _beyond_m(network: RoadNetwork, places: Joins, side: int) -> Float64:
    length_m = network.segments.length_m[np.maximum(places.segment, 0)]
    return np.asarray(length_m * ((1.0 - places.share) if side == 0 else places.share))


def _take_direct(asked: Question, table: Int64) -> None:
    """Put in the ways between places along one piece of road, where they are the faster."""
    network, origins, destinations = asked.network, asked.origins, asked.destinations
    for row in np.flatnonzero(np.isin(origins.segment, destinations.segment) & (origins.segment >= 0)):
        column = np.flatnonzero(destinations.segment == origins.segment[row])
        origin, others = origins[row : row + 1], destinations[column]
        road_m = network.segments.length_m[origin.segment] * np.abs(others.share - origin.share)
        length_m = road_m + others.distance_m + origin.distance_m
        for side in (0, 1):
            possible, time_ms = driven_along(network, origin, others, asked.scenario, Direction.FROM_SCHOOL, side)
            direct = np.where(possible, to_weight(time_ms, length_m), _NO_WAY)
            table[row, column] = np.minimum(table[row, column], direct)


def _in_threads(job: Callable[[int], _Answer], count: int, threads: int) -> list[_Answer]:
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        return list(pool.map(job, range(count)))


def pair_table(  # noqa: PLR0913 - two tables of places
    network: RoadNetwork,
    origin_ids: Sequence[str],
    origins: Joins,
    destination_ids: Sequence[str],
    destinations: Joins,
    scenario: Scenario,
    *,
    threads: int = 2,
) -> pd.DataFrame:
    """Return `origin_id`, `destination_id`, `minutes`, `miles`; minutes and miles are missing where there is no way."""
    found = journeys(Question(network=network, origins=origins, destinations=destinations, scenario=scenario, threads=threads))
    return pd.DataFrame(
        {
            "origin_id": np.repeat(np.array(origin_ids, dtype=object), len(destination_ids)),
            "destination_id": np.tile(np.array(destination_ids, dtype=object), len(origin_ids)),
            "minutes": np.where(found.time_ms < NO_WAY_MS, found.time_ms / MILLISECONDS_PER_MINUTE, np.nan).ravel(),
            "miles": (found.length_m / METRES_PER_MILE).ravel(),
        }
    )
