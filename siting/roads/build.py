"""The drivable ways of an extract to a road network: segments, arcs, states and the turns between them."""

import itertools
from collections.abc import Iterable, Iterator

import numpy as np

from siting.arrays import Bool, Float64, Int8, Int32, Int64
from siting.crs import metric_system_at
from siting.faults import NetworkSourceError
from siting.kernels.compiled import compiled
from siting.kernels.listed import listed_under
from siting.osm.extract import OsmRoads
from siting.osm.tags import Access, Kinds, NodeEffect, distinct
from siting.roads.access import find_core, settle_all
from siting.roads.arc_times import time_arcs
from siting.roads.delays import effects_to_cut_at, waits_ms
from siting.roads.density import Density, measure_density
from siting.roads.fences import make_fences
from siting.roads.join_grid import make_join_grid
from siting.roads.joining import (
    ONE_WAY_HANDICAP_M,
    POCKET_HANDICAP_M,
    PRIVATE_ROAD_HANDICAP_M,
    SKETCH_M,
    SKETCH_POCKET_HANDICAP_M,
)
from siting.roads.network import ALL_SCENARIOS, SCENARIOS, SHUT_MS, Links, RoadNetwork, Segments
from siting.roads.restrictions import ArcEnds, Forbidden, forbidden_runs
from siting.roads.segments import Pieces, cut_into_segments
from siting.roads.states import number_states
from siting.roads.turns import ZONE_OPEN, TurnInput, headings, make_turns
from siting.roads.via_restrictions import Turns, apply_via_restrictions
from siting.travel_model import ROAD_CLASSES, TravelModel
from siting.words import Scenario

_PUBLIC_CLASSES = tuple(name for name in ROAD_CLASSES if not name.startswith("motorway") and name not in {"service", "track"})
_STREET_CLASSES = ("residential", "living_street", "service", "track")
_UNJOINABLE_CLASSES = ("motorway", "motorway_link")


def build_network(source: OsmRoads, model: TravelModel, drives_on: str | None = None) -> RoadNetwork:
    """Build the network that answers, from the ways of an extract.

    Raises
    ------
    NetworkSourceError
        Where no network is left, since no two roads are connected.
    """
    middle = float(np.median(source.longitude)), float(np.median(source.latitude))
    system = metric_system_at(*middle)
    kinds, which = of_ways = distinct(source.roads)
    pieces = cut_into_segments(source, of_ways, system, effects_to_cut_at(model))
    if len(pieces.way) == 0 or not np.isfinite(pieces.x_m).all():
        msg = "The extract's roads lie outside the area of its own coordinate system. Use an extract of one region."
        raise NetworkSourceError(msg)
    road_class = np.array([road.road_class for road in kinds], dtype=np.int8)[which][pieces.way]
    density = measure_density(pieces, _of_class(road_class, _PUBLIC_CLASSES))
    stated_access = _arc_access(source, of_ways, pieces)
    is_street = _of_class(road_class, _STREET_CLASSES)
    access = settle_all(pieces, _with_exemption(stated_access) if model.hours.exempt else stated_access, is_street)
    states = number_states(access.arc_access)
    arc_ms = _arc_ms(source, of_ways, pieces, density, model)
    heading_out, heading_in = headings(pieces.geometry_start, pieces.x_m, pieces.y_m)
    tail = np.column_stack([pieces.from_junction, pieces.to_junction]).ravel()
    head = np.column_stack([pieces.to_junction, pieces.from_junction]).ravel()
    on_left = drives_on == "left" if drives_on else system.is_national_grid
    ends = ArcEnds(tail, head, *listed_under(tail, pieces.junctions), way_id=source.way_ids[pieces.way])
    forbidden, unused = forbidden_runs(
        source,
        ends,
        pieces.junction_of_node,
        access.arc_access.max(axis=0) > Access.NO,
        access.arc_access.max(axis=0) == Access.YES,
    )
    banned = dict(sorted(_banned_turns(pieces, ends, access.arc_access, forbidden).items()))
    start, into, turn_ms, open_in, straight_in = make_turns(
        TurnInput(
            tail=tail,
            head=head,
            state_arc=states.arc,
            state_zone=states.zone,
            state_open_in=states.open_in,
            heading_out=heading_out,
            heading_in=heading_in,
            wait_ms=waits_ms(pieces.end_effect, model),
            roads_at=_roads_at(tail, pieces.line, stated_access, pieces.junctions),
            banned=np.array(list(banned), dtype=np.int64),
            banned_in=np.array(list(banned.values()), dtype=np.uint8),
            line=pieces.line,
            turning=_turning(tail, pieces),
            junctions=pieces.junctions,
        ),
        model,
        drives_on_left=on_left,
    )
    turns = apply_via_restrictions(
        Turns(
            start=start,
            into=into,
            turn_ms=turn_ms,
            open_in=open_in,
            straight_in=straight_in,
            state_arc=states.arc,
            state_zone=states.zone,
            twin=np.full(len(states.arc), -1, dtype=np.int32),
        ),
        forbidden,
    )
    joinable = _joinable(of_ways, pieces, road_class)
    onward = _links(turns, arc_ms, waits_ms(pieces.end_effect, model), model)
    backward = _reversed(onward)
    reaches, reached = find_core(
        onward,
        backward,
        access.group[turns.state_arc >> 1],
        np.where(turns.state_zone == ZONE_OPEN, pieces.length_m[turns.state_arc >> 1], 0.0),
    )
    can_leave, can_come = _any_arc(states.leaving, reaches), _any_arc(states.entering, reached)
    joinable &= can_leave | can_come
    open_road = (access.arc_access == Access.YES).any(axis=0).reshape(-1, 2).any(axis=1)
    road_names, road = _names(of_ways)
    left_out = {kind: source.left_out.get(kind, 0) + unused.get(kind, 0) for kind in (*source.left_out, *unused)}
    tunnel = np.array([kind.tunnel for kind in kinds], dtype=bool)[which][pieces.way]
    fences, fence_grid = make_fences(source, tunnel, pieces, road_class, system)
    unread_kinds = tuple(sorted(set(source.unread.values())))
    unread = np.full(len(source.roads), -1, dtype=np.int8)
    unread[list(source.unread)] = [unread_kinds.index(kind) for kind in source.unread.values()]
    return RoadNetwork(
        system=system,
        segments=Segments(
            from_junction=pieces.from_junction,
            to_junction=pieces.to_junction,
            length_m=pieces.length_m,
            road=road[pieces.way],
            road_class=road_class,
            density=density.town_per_km2.astype(np.float32),
            joinable=joinable,
            open_road=open_road,
            handicap_m=_handicaps_m(pieces.length_m, open_road, can_leave & can_come, _is_two_way(access.arc_access)),
            geometry_start=pieces.geometry_start,
            x_m=pieces.x_m,
            y_m=pieces.y_m,
        ),
        fences=fences,
        fence_grid=fence_grid,
        grid=make_join_grid(pieces.geometry_start, pieces.x_m, pieces.y_m, joinable),
        arc_ms=arc_ms,
        leaving_state=states.leaving,
        entering_state=states.entering,
        state_arc=turns.state_arc,
        twin=turns.twin,
        onward=onward,
        backward=backward,
        road_names=road_names,
        model=model,
        unread=unread[pieces.way],
        unread_kinds=unread_kinds,
        left_out=tuple(left_out.items()),
        lacks=source.lacks,
    )


def _names(of_ways: Kinds) -> tuple[tuple[str, ...], Int32]:
    """Return the names and numbers that roads have, in the order of the ways, and which each way has."""
    kinds, which = of_ways
    names = np.array([f"{road.name}\t{road.ref}" for road in kinds], dtype=object)
    number = {name: index for index, name in enumerate(dict.fromkeys(names[which].tolist()))}
    return tuple(number), np.array([number[name] for name in names], dtype=np.int32)[which]


def _of_class(road_class: Int8, names: Iterable[str]) -> Bool:
    return np.asarray(np.isin(road_class, [ROAD_CLASSES.index(name) for name in names]))


def _joinable(of_ways: Kinds, pieces: Pieces, road_class: Int8) -> Bool:
    """Tell which segments a house may stand at: no motorway, no tunnel, no road built like a motorway."""
    kinds, which = of_ways
    shut = np.array([road.tunnel or road.motor_road for road in kinds])[which][pieces.way]
    return np.asarray(~shut & ~_of_class(road_class, _UNJOINABLE_CLASSES), dtype=bool)


def _is_two_way(arc_access: Int8) -> Bool:
    """Tell of each segment whether it is driven both ways, in some scenario each."""
    return np.asarray((arc_access != Access.NO).any(axis=0).reshape(-1, 2).all(axis=1), dtype=bool)


def _handicaps_m(length_m: Float64, open_road: Bool, is_core: Bool, is_two_way: Bool) -> Float64:
    """Return by how much nearer a house must lie to a segment than to any other to be joined to it."""
    is_sketch = length_m[open_road & is_core].sum() < SKETCH_M
    pocket_m = SKETCH_POCKET_HANDICAP_M if is_sketch else POCKET_HANDICAP_M
    handicap_m = np.where(open_road, 0.0, PRIVATE_ROAD_HANDICAP_M) + np.where(is_core, 0.0, pocket_m)
    return handicap_m + np.where(is_two_way, 0.0, ONE_WAY_HANDICAP_M)


def _arc_access(source: OsmRoads, of_ways: Kinds, pieces: Pieces) -> Int8:
    """Return what may be driven, scenarios x arcs."""
    kinds, which = of_ways
    ways = np.array([(road.forward, road.backward) for road in kinds], dtype=np.int8)[which]
    arc_access = np.tile(ways[pieces.way], (len(SCENARIOS), 1, 1))
    if source.by_hour:
        is_by_hour = np.zeros(len(ways), dtype=bool)
        is_by_hour[list(source.by_hour)] = True
        for segment in np.flatnonzero(is_by_hour[pieces.way]).tolist():
            for row, road in enumerate(source.by_hour[int(pieces.way[segment])]):
                arc_access[row, segment] = (road.forward, road.backward) if road else (Access.NO, Access.NO)
    return arc_access.reshape(len(SCENARIOS), -1)


def _with_exemption(arc_access: Int8) -> Int8:
    """Let those who live or work in a road that is shut on the school run alone drive in and out of it."""
    exempt = arc_access.copy()
    school_run, typical = SCENARIOS.index(Scenario.SCHOOL_RUN), SCENARIOS.index(Scenario.TYPICAL)
    shut_then = (arc_access[school_run] == Access.NO) & (arc_access[typical] != Access.NO)
    exempt[school_run][shut_then] = Access.ENDS_ONLY
    return exempt


def _roads_at(tail: Int32, line: Int32, arc_access: Int8, junctions: int) -> Int32:
    """Count the roads of each junction that may be driven one way at least, scenarios x junctions; a line drawn twice is one."""
    open_one_way = (arc_access != Access.NO).reshape(len(arc_access), -1, 2).any(axis=2).repeat(2, axis=1)
    drivable = np.zeros_like(open_one_way)
    for row, is_open in enumerate(open_one_way):
        drivable[row, line[is_open]] = True
    return np.stack([np.bincount(tail[row], minlength=junctions) for row in drivable]).astype(np.int32)


def _turning(tail: Int32, pieces: Pieces) -> Bool:
    """Tell of each junction whether it is a place made for turning back."""
    turning = np.zeros(pieces.junctions, dtype=bool)
    turning[tail[np.flatnonzero(pieces.end_effect == NodeEffect.TURNING_CIRCLE) ^ 1]] = True
    return turning


def _arc_ms(source: OsmRoads, of_ways: Kinds, pieces: Pieces, density: Density, model: TravelModel) -> Int32:
    """Return milliseconds, scenarios x arcs, with the limits of each scenario's hours."""
    arc_ms = time_arcs(pieces, of_ways, density, model)
    if source.by_hour:
        for row in range(len(SCENARIOS)):
            roads = list(source.roads)
            for way, at_hours in source.by_hour.items():
                roads[way] = at_hours[row] or roads[way]
            arc_ms[row] = time_arcs(pieces, distinct(roads), density, model)[row]
    # A limit that holds at night alone must not make a busier hour the quicker one.
    return np.maximum.accumulate(arc_ms, axis=0)


def _any_arc(state_of_arc: Int32, holds: Bool) -> Bool:
    """Tell of each segment whether one of its arcs has a state, in some scenario, for which something holds."""
    return np.asarray(((state_of_arc >= 0) & holds[state_of_arc]).any(axis=0).reshape(-1, 2).any(axis=1), dtype=bool)


def _banned_turns(pieces: Pieces, ends: ArcEnds, arc_access: Int8, forbidden: Forbidden) -> dict[int, int]:
    """List the turns that signs, barriers and private gates forbid, and in which scenarios."""
    banned: dict[int, int] = {}
    signed = ((run[0], run[1], scenarios) for run, scenarios in forbidden.items() if len(run) == 2)  # noqa: PLR2004
    for from_arc, to_arc, scenarios in itertools.chain(signed, _barred_turns(pieces, ends, arc_access)):
        pair = _pair(from_arc, to_arc)
        banned[pair] = banned.get(pair, 0) | scenarios
    return banned


def _barred_turns(pieces: Pieces, ends: ArcEnds, arc_access: Int8) -> Iterator[tuple[int, int, int]]:
    """Yield the turns past barriers, with their scenarios; past a private gate, those from open road to open road."""
    for arc in np.flatnonzero(pieces.end_effect == NodeEffect.BLOCK).tolist():
        # Where a barrier stops one direction only, the other passes.
        yield from ((arc, other, ALL_SCENARIOS) for other in ends.leaving(int(ends.tail[arc ^ 1])) if other != arc ^ 1)
    for junction, scenarios in pieces.shut_junctions.items():
        pairs = itertools.permutations(ends.leaving(junction), 2)
        yield from ((arc ^ 1, other, scenarios) for arc, other in pairs)
    for gate in pieces.private_gates:
        out = np.array(ends.leaving(int(gate)), dtype=np.int64)
        for row in range(len(SCENARIOS)):
            pairs = itertools.permutations(out[arc_access[row][out] == Access.YES].tolist(), 2)
            yield from ((arc ^ 1, other, 1 << row) for arc, other in pairs)


def _pair(from_arc: int, to_arc: int) -> int:
    return int(from_arc) << 32 | int(to_arc)


def _links(turns: Turns, arc_ms: Int32, wait_ms: Int32, model: TravelModel) -> Links:
    """Price each link: the turn (straight on the wait alone) by the local factor, and the arc turned into."""
    arc = turns.state_arc[turns.into]
    wait_of_link_ms = np.repeat(wait_ms[turns.state_arc], np.diff(turns.start))
    cost_ms = np.empty((len(arc_ms), len(arc)), dtype=np.int32)
    local = np.maximum.accumulate([model[f"local.{scenario.value}"] for scenario in SCENARIOS])
    for row in range(len(arc_ms)):
        is_open, is_straight = ((mask >> row) & 1 == 1 for mask in (turns.open_in, turns.straight_in))
        passing_ms = np.rint(np.where(is_straight, wait_of_link_ms, turns.turn_ms) * local[row]).astype(np.int32)
        cost_ms[row] = np.where(is_open, arc_ms[row][arc] + passing_ms, SHUT_MS)
    return Links(start=turns.start, other=turns.into, cost_ms=cost_ms)


def _reversed(onward: Links) -> Links:
    """List the same links under the state that they arrive at."""
    states = len(onward.start) - 1
    start = np.concatenate([[0], np.cumsum(np.bincount(onward.other, minlength=states))]).astype(np.int64)
    origin, order = _under_the_other(onward.start, onward.other, start)
    return Links(start=start, other=origin, cost_ms=np.ascontiguousarray(onward.cost_ms[:, order]))


@compiled
def _under_the_other(start: Int64, other: Int32, start_of_other: Int64) -> tuple[Int32, Int64]:
    """Return each link's origin and its place, listed under the state it arrives at and there in their order."""
    origin, order = np.empty(len(other), dtype=np.int32), np.empty(len(other), dtype=np.int64)
    filled = start_of_other.copy()
    for state in range(len(start) - 1):
        for link in range(start[state], start[state + 1]):
            at = filled[other[link]]
            origin[at], order[at] = state, link
            filled[other[link]] = at + 1
    return origin, order
