"""Travel times from or to one place, and the way itself.

A time is that of the way to the road, along the roads, and from the road to the door at the other
end, in whole milliseconds; nothing is rounded before it is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64
from siting.roads.joining import Joins, part_ms
from siting.roads.network import Links, RoadNetwork, scenario_index
from siting.times.search import UNREACHED, all_that_lead, search, search_towards, trace
from siting.times.way_ends import DIRECT_ALONG, best_ends
from siting.words import NO_WAY_MS, Direction, Scenario

NO_LIMIT_MS = 2**30
_CUT_OFF_STATES = 5_000
"""Up to so many states round a hub are looked at to see whether closed roads cut them off from all others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """All that is known of the journeys from one place, or to it.

    Attributes
    ----------
    network, hub, scenario
        Where, from which place (one join), and how busy.
    direction
        `FROM_SCHOOL` where the journeys start at the hub, `TO_SCHOOL` where they end there.
    label
        Int32, one a state: milliseconds to the end of its arc, or from the end of its arc on to the
        hub; the hub's own access included.
    metres
        Float64, the same for the length; empty where it was not asked for.
    limit_ms
        Times up to this are right; beyond it nothing is said.
    """

    network: RoadNetwork
    hub: Joins
    scenario: Scenario
    direction: Direction
    label: Int32
    metres: Float64
    limit_ms: int


def reach(
    network: RoadNetwork,
    hub: Joins,
    scenario: Scenario,
    direction: Direction,
    *,
    limit_ms: int = NO_LIMIT_MS,
    with_metres: bool = False,
) -> Reach:
    """Search all journeys from one place (`FROM_SCHOOL`) or to it (`TO_SCHOOL`), up to a limit."""
    links = _links(network, direction)
    states = len(network.state_arc)
    label = np.full(states, UNREACHED, dtype=np.int32)
    metres = np.zeros(states if with_metres else 0)
    seeds = _seeds(network, hub, scenario, direction)
    search(
        links.start,
        links.other,
        links.cost_ms[scenario_index(scenario)],
        seeds.state,
        seeds.ms,
        seeds.metres,
        limit_ms,
        label,
        _state_m(network) if with_metres else np.zeros(0),
        metres,
        direction is Direction.FROM_SCHOOL,
    )
    return Reach(
        network=network,
        hub=hub,
        scenario=scenario,
        direction=direction,
        label=label,
        metres=metres,
        limit_ms=limit_ms,
    )


def time_without(found: Reach, place: Joins, shut: Int64) -> int:
    """Return the milliseconds between the hub and one place with some segments closed; `NO_WAY_MS` where no way is left.

    The segments of the hub and of the place stay open. The search sets out from the place and is led by what is `found` with
    every road open and without a limit: with roads closed no journey is quicker than that.
    """
    network, row = found.network, scenario_index(found.scenario)
    direction = next(other for other in Direction if other is not found.direction)
    links, seeds = _links(network, direction), _seeds(network, place, found.scenario, direction)
    ends = _seeds(network, found.hub, found.scenario, found.direction)
    left_ms = found.label.copy()
    left_ms[ends.state] = ends.ms
    is_shut = np.zeros(len(network.segments), dtype=np.bool_)
    is_shut[shut] = True
    leads, against = np.zeros(len(network.state_arc), dtype=np.bool_), _links(network, found.direction)
    if all_that_lead(
        against.start,
        against.other,
        against.cost_ms[row],
        ends.state,
        NO_LIMIT_MS,
        network.state_arc,
        is_shut,
        found.direction is Direction.FROM_SCHOOL,
        _CUT_OFF_STATES,
        leads,
    ):
        # The roads round the hub are cut off from the others: the search need not pass over all of those.
        left_ms[~leads] = UNREACHED
    label = np.full(len(network.state_arc), UNREACHED, dtype=np.int32)
    search_towards(
        links.start,
        links.other,
        links.cost_ms[row],
        seeds.state,
        seeds.ms,
        ends.state,
        left_ms,
        NO_LIMIT_MS,
        network.state_arc,
        is_shut,
        direction is Direction.FROM_SCHOOL,
        label,
    )
    back = replace(found, hub=place, direction=direction, label=label, metres=np.zeros(0), limit_ms=NO_LIMIT_MS)
    return int(times_at(back, found.hub)[0])


def times_at(found: Reach, places: Joins) -> Int64:
    """Return the milliseconds between the hub and each place; `NO_WAY_MS` where there is no way within the limit."""
    best_ms, _ = _best_ends(found, places)
    return best_ms


def metres_at(found: Reach, places: Joins) -> Float64:
    """Return the metres of each place's fastest way, along roads and to them; NaN where there is none."""
    best_ms, best_state = _best_ends(found, places)
    network, outward = found.network, found.direction is Direction.FROM_SCHOOL
    length_m = network.segments.length_m[np.maximum(places.segment, 0)]
    along_m = length_m * places.share
    side = network.state_arc[np.maximum(best_state, 0)] & 1
    beyond_m = np.where(side == 0, length_m - along_m, along_m)
    road_m = found.metres[np.maximum(best_state, 0)] + np.where(outward, -beyond_m, beyond_m)
    direct_m = np.abs(along_m - length_m * found.hub.share[0])
    road_m = np.where(best_state >= 0, road_m, direct_m)
    return np.where(best_ms < NO_WAY_MS, road_m + places.distance_m + found.hub.distance_m[0], np.nan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """One journey by road.

    Attributes
    ----------
    time_ms
        Milliseconds, access at both ends included.
    length_m
        Metres, access included.
    arcs
        Int64, the arcs in the order driven; the first and the last only in part.
    x_m, y_m
        Float64, the line from road point to road point, in the network's metres.
    """

    time_ms: int
    length_m: float
    arcs: Int64
    x_m: Float64
    y_m: Float64


def way_between(found: Reach, places: Joins, row: int) -> Way | None:
    """Return the journey between the hub and one place; None where there is no way."""
    network = found.network
    place = places[row : row + 1]
    best_ms, best_state = _best_ends(found, place)
    if best_ms[0] == NO_WAY_MS:
        return None
    outward = found.direction is Direction.FROM_SCHOOL
    first, last = (found.hub, place) if outward else (place, found.hub)
    if best_state[0] < 0:
        side = 0 if best_state[0] == DIRECT_ALONG else 1
        arcs = np.array([place.segment[0] * 2 + side], dtype=np.int64)
    else:
        links = network.backward if outward else network.onward
        seeds = _seeds(network, found.hub, found.scenario, found.direction)
        states = trace(
            links.start,
            links.other,
            links.cost_ms[scenario_index(found.scenario)],
            found.label,
            seeds.state,
            seeds.ms,
            int(best_state[0]),
        )
        arcs = network.state_arc[states[::-1] if outward else states].astype(np.int64)
    x_m, y_m = _line(network, arcs, first, last)
    length_m = float(np.hypot(np.diff(x_m), np.diff(y_m)).sum() + first.distance_m[0] + last.distance_m[0])
    return Way(time_ms=int(best_ms[0]), length_m=length_m, arcs=arcs, x_m=x_m, y_m=y_m)


def main_roads(network: RoadNetwork, way: Way, *, most: int = 4) -> tuple[str, ...]:
    """Name the roads that make up most of a way, in the order driven: those of at least a tenth of it."""
    segments = way.arcs >> 1
    names, number = _names_along(network, segments)
    lengths_m = np.bincount(number, weights=network.segments.length_m[segments], minlength=len(names))
    named = {name: float(length_m) for name, length_m in zip(names, lengths_m, strict=True) if not name.startswith("an unnamed")}
    total_m = sum(map(float, lengths_m))
    longest = sorted(named, key=lambda name: -named[name])[:most]
    return tuple(name for name in names if name in longest and named[name] >= total_m / 10)


def _names_along(network: RoadNetwork, segments: Int64) -> tuple[list[str], Int64]:
    """Return the names of segments' roads, once each in the order met, and the number of each segment's."""
    _, first, road = np.unique(network.segments.road[segments], return_index=True, return_inverse=True)
    # The pieces of one road may be of several kinds, which tell the unnamed apart.
    kinds = network.segments.road_class[segments]
    _, first, kind = np.unique(road * (int(kinds.max(initial=0)) + 1) + kinds, return_index=True, return_inverse=True)
    numbers: dict[str, int] = {}
    number_of = np.zeros(len(first), dtype=np.int64)
    for one in np.argsort(first):
        number_of[one] = numbers.setdefault(network.road_name(int(segments[first[one]])), len(numbers))
    return list(numbers), number_of[kind]


def exempt_ends(network: RoadNetwork, ways: Mapping[Direction, Way]) -> tuple[str, ...]:
    """Name the roads at the ends of ways that are closed on the school run but to those who live or work there."""
    segments = _segments_of(ways)
    exempt = segments[network.only_with_exemption(segments)]
    return tuple(dict.fromkeys(network.road_name(int(segment)) for segment in exempt))


def unread_on(network: RoadNetwork, ways: Mapping[Direction, Way]) -> tuple[str, ...]:
    """Name the kinds of what the roads of ways say and what is not read."""
    kinds = np.unique(network.unread[_segments_of(ways)])
    return tuple(network.unread_kinds[int(kind)] for kind in kinds if kind >= 0)


def _segments_of(ways: Mapping[Direction, Way]) -> Int64:
    """Return the segments of ways in the order driven, one way after the other."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *(way.arcs >> 1 for way in ways.values())])


def _links(network: RoadNetwork, direction: Direction) -> Links:
    return network.onward if direction is Direction.FROM_SCHOOL else network.backward


def _state_m(network: RoadNetwork) -> Float64:
    return np.asarray(network.segments.length_m[network.state_arc >> 1], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seeds:
    """The states that a search sets out from, with the time and the metres at the end of each one's arc."""

    state: Int64
    ms: Int64
    metres: Float64


def _seeds(network: RoadNetwork, hub: Joins, scenario: Scenario, direction: Direction) -> _Seeds:
    seeds: list[tuple[int, int, float]] = []
    for side in (0, 1) if hub.segment[0] >= 0 else ():
        row = scenario_index(scenario)
        arc, _, beyond_ms = part_ms(network, hub, row, side)
        leaving, entering = int(network.leaving_state[row, arc[0]]), int(network.entering_state[row, arc[0]])
        share_beyond = 1.0 - hub.share[0] if side == 0 else hub.share[0]
        beyond_m = float(network.segments.length_m[hub.segment[0]] * share_beyond)
        if leaving < 0:
            continue
        if direction is Direction.FROM_SCHOOL:
            seeds.append((leaving, int(hub.access_ms[0] + beyond_ms[0]), beyond_m))
        else:
            states = {leaving, entering}
            while (twin := int(network.twin[leaving])) >= 0:
                states.add(twin)
                leaving = twin
            seeds += [(state, int(hub.access_ms[0] - beyond_ms[0]), -beyond_m) for state in sorted(states)]
    return _Seeds(
        state=np.array([state for state, _, _ in seeds], dtype=np.int64),
        ms=np.array([ms for _, ms, _ in seeds], dtype=np.int64),
        metres=np.array([metres for _, _, metres in seeds], dtype=np.float64),
    )


def _best_ends(found: Reach, places: Joins) -> tuple[Int64, Int64]:
    """Return each place's time and the state by which it is had, or that it lies along the hub's own segment."""
    network, hub, row = found.network, found.hub, scenario_index(found.scenario)
    return best_ends(
        places.segment,
        places.share,
        places.access_ms,
        int(hub.segment[0]),
        float(hub.share[0]),
        int(hub.access_ms[0]),
        network.arc_ms[row],
        network.leaving_state[row],
        network.entering_state[row],
        network.twin,
        found.label,
        found.direction is Direction.FROM_SCHOOL,
        found.limit_ms,
    )


def driven_along(
    network: RoadNetwork, hub: Joins, places: Joins, scenario: Scenario, direction: Direction, side: int
) -> tuple[Bool, Int64]:
    """Tell which places lie on the hub's own piece of road and can be driven to along one side of it, and the milliseconds."""
    row = scenario_index(scenario)
    arc, before_ms, _ = part_ms(network, places, row, side)
    _, hub_before_ms, _ = part_ms(network, hub, row, side)
    driven_ms = before_ms - hub_before_ms[0] if direction is Direction.FROM_SCHOOL else hub_before_ms[0] - before_ms
    possible = (places.segment == hub.segment[0]) & (places.segment >= 0)
    possible &= (network.leaving_state[row][arc] >= 0) & (driven_ms >= 0)
    return possible, driven_ms + places.access_ms + hub.access_ms[0]


def _line(network: RoadNetwork, arcs: Int64, first: Joins, last: Joins) -> tuple[Float64, Float64]:
    """Draw a journey from one road point to another along its arcs."""
    point, arc_of = _points_driven(network, arcs)
    x_m, y_m = network.segments.x_m[point], network.segments.y_m[point]
    own, others = float(first.share[0]), float(last.share[0])
    begins, ends = int(arcs[0]), int(arcs[-1])
    if len(arcs) == 1:
        kept = _within_shares(network, begins, *((own, others) if begins & 1 == 0 else (others, own)))
    else:
        # Of the first arc what lies beyond its join, of the last what lies before its own; of each between, all.
        kept = ~_repeats(x_m, y_m, arc_of)
        whole = slice(np.count_nonzero(arc_of == 0), len(arc_of) - np.count_nonzero(arc_of == len(arcs) - 1))
        kept = np.concatenate(
            [
                _within_shares(network, begins, own, 1.0) if begins & 1 == 0 else _within_shares(network, begins, 0.0, own),
                kept[whole],
                _within_shares(network, ends, 0.0, others) if ends & 1 == 0 else _within_shares(network, ends, others, 1.0),
            ]
        )
        # Where one arc ends the next begins.
        kept[np.flatnonzero(np.diff(arc_of))] = True
    return (
        np.concatenate([first.x_m[:1], x_m[kept], last.x_m[:1]]),
        np.concatenate([first.y_m[:1], y_m[kept], last.y_m[:1]]),
    )


def _points_driven(network: RoadNetwork, arcs: Int64) -> tuple[Int64, Int64]:
    """Return the points of arcs in the order driven, by their place in the network's geometry, and each one's arc."""
    start = network.segments.geometry_start.astype(np.int64)
    begin, end = start[arcs >> 1], start[(arcs >> 1) + 1]
    counts = end - begin
    arc_of = np.repeat(np.arange(len(arcs)), counts)
    within = np.arange(len(arc_of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.where((arcs & 1)[arc_of] == 1, end[arc_of] - 1 - within, begin[arc_of] + within), arc_of


def _repeats(x_m: Float64, y_m: Float64, arc_of: Int64) -> Bool:
    """Tell which points stand where their arc begins or ends."""
    moved = (np.diff(x_m) != 0) | (np.diff(y_m) != 0)
    steps = np.concatenate([[0], np.cumsum(moved & (np.diff(arc_of) == 0))])
    begin = np.concatenate([[0], np.flatnonzero(np.diff(arc_of)) + 1])
    end = np.concatenate([begin[1:] - 1, [len(arc_of) - 1]])
    return np.asarray((steps == steps[begin][arc_of]) | (steps == steps[end][arc_of]))


def _within_shares(network: RoadNetwork, arc: int, low: float, high: float) -> Bool:
    """Tell which points of an arc, in the order driven, lie strictly between two shares of its segment's length."""
    x_m, y_m = network.points(arc >> 1)
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
    inside = (along_m > low * along_m[-1]) & (along_m < high * along_m[-1])
    return np.asarray(inside[::-1] if arc & 1 else inside)
