"""The drivable ways of an extract to a road network: segments, arcs, states and the turns between them."""

from collections.abc import Iterable

import numpy as np

from siting.arrays import Bool, Int8, Int32, Int64
from siting.crs import metric_system_at
from siting.faults import NetworkSourceError
from siting.osm.extract import OsmRoads
from siting.osm.tags import Access, NodeEffect
from siting.roads.access import find_core, settle_access
from siting.roads.arc_times import time_arcs
from siting.roads.delays import effects_to_cut_at, waits_ms
from siting.roads.join_grid import make_join_grid
from siting.roads.network import Links, RoadNetwork, Segments
from siting.roads.segments import Pieces, among_streets, cut_into_segments
from siting.roads.turns import ZONE_ENTERING, ZONE_LEAVING, ZONE_OPEN, TurnInput, headings, make_turns
from siting.roads.via_restrictions import ArcEnds, Turns, apply_via_restrictions
from siting.travel_model import ROAD_CLASSES, TravelModel

_STREET_CLASSES = ("residential", "living_street")
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
    pieces = cut_into_segments(source, system, effects_to_cut_at(model))
    if len(pieces.way) == 0 or not np.isfinite(pieces.x_m).all():
        msg = "The extract's roads lie outside the area of its own coordinate system. Use an extract of one region."
        raise NetworkSourceError(msg)
    road_class = np.array([road.road_class for road in source.roads], dtype=np.int8)[pieces.way]
    urban = among_streets(pieces, _of_class(road_class, _STREET_CLASSES), model["urban_threshold"])
    arc_access = np.array([(road.forward, road.backward) for road in source.roads], dtype=np.int8)[pieces.way].ravel()
    access = settle_access(pieces, arc_access)
    leaving_state, entering_state, state_arc, state_zone = _number_states(access.arc_access)
    arc_ms = time_arcs(pieces, source.roads, urban, model)
    heading_out, heading_in = headings(pieces.geometry_start, pieces.x_m, pieces.y_m)
    tail = np.column_stack([pieces.from_junction, pieces.to_junction]).ravel()
    head = np.column_stack([pieces.to_junction, pieces.from_junction]).ravel()
    on_left = drives_on == "left" if drives_on else system.is_national_grid
    start, into, turn_ms = make_turns(
        TurnInput(
            tail=tail,
            head=head,
            state_arc=state_arc,
            state_zone=state_zone,
            heading_out=heading_out,
            heading_in=heading_in,
            wait_ms=waits_ms(pieces.end_effect, model),
            roads_at=np.bincount(tail, minlength=pieces.junctions).astype(np.int32),
            banned=np.array(sorted(_banned_turns(source, pieces, tail, access.arc_access)), dtype=np.int64),
            junctions=pieces.junctions,
        ),
        model,
        drives_on_left=on_left,
    )
    turns, unplaced = apply_via_restrictions(
        Turns(
            start=start,
            into=into,
            turn_ms=turn_ms,
            state_arc=state_arc,
            state_zone=state_zone,
            twin=np.full(len(state_arc), -1, dtype=np.int32),
        ),
        [restriction for restriction in source.restrictions if restriction.via_ways],
        ArcEnds(tail=tail, head=head, way_id=source.way_ids[pieces.way]),
    )
    joinable = _joinable(source, pieces, road_class)
    onward = _links(turns, arc_ms)
    backward = _reversed(onward)
    reaches, reached = find_core(
        onward,
        backward,
        access.group[turns.state_arc >> 1],
        np.where(turns.state_zone == ZONE_OPEN, pieces.length_m[turns.state_arc >> 1], 0.0),
    )
    joinable &= _any_arc(leaving_state, reaches) & _any_arc(entering_state, reached)
    open_road = (access.arc_access.reshape(-1, 2) == Access.YES).any(axis=1)
    names = [f"{road.name}\t{road.ref}" for road in source.roads]
    name_index = {name: index for index, name in enumerate(dict.fromkeys(names))}
    road = np.array([name_index[name] for name in names], dtype=np.int32)[pieces.way]
    left_out = dict(source.left_out) | ({"turn restrictions by way of a road that is not there": unplaced} if unplaced else {})
    return RoadNetwork(
        system=system,
        segments=Segments(
            from_junction=pieces.from_junction,
            to_junction=pieces.to_junction,
            length_m=pieces.length_m,
            road=road,
            road_class=road_class,
            urban=urban,
            joinable=joinable,
            open_road=open_road,
            geometry_start=pieces.geometry_start,
            x_m=pieces.x_m,
            y_m=pieces.y_m,
        ),
        grid=make_join_grid(pieces.geometry_start, pieces.x_m, pieces.y_m, joinable),
        arc_ms=arc_ms,
        leaving_state=leaving_state,
        entering_state=entering_state,
        state_arc=turns.state_arc,
        twin=turns.twin,
        onward=onward,
        backward=backward,
        road_names=tuple(name_index),
        model=model,
        left_out=tuple(left_out.items()),
    )


def _of_class(road_class: Int8, names: Iterable[str]) -> Bool:
    return np.asarray(np.isin(road_class, [ROAD_CLASSES.index(name) for name in names]))


def _joinable(source: OsmRoads, pieces: Pieces, road_class: Int8) -> Bool:
    """Tell which segments a house may stand at: no motorway, no tunnel, no road built like a motorway."""
    shut = np.array([road.tunnel or road.motor_road for road in source.roads])[pieces.way]
    return np.asarray(~shut & ~_of_class(road_class, _UNJOINABLE_CLASSES), dtype=bool)


def _any_arc(state_of_arc: Int32, holds: Bool) -> Bool:
    """Tell of each segment whether one of its arcs has a state for which something holds."""
    return np.asarray(((state_of_arc >= 0) & holds[state_of_arc]).reshape(-1, 2).any(axis=1), dtype=bool)


def _number_states(arc_access: Int8) -> tuple[Int32, Int32, Int32, Int32]:
    """Give an open arc one state and an arc for the ends of journeys two, next to each other."""
    states_of_arc = np.select([arc_access == Access.YES, arc_access == Access.ENDS_ONLY], [1, 2], 0)
    first = np.concatenate([[0], np.cumsum(states_of_arc)[:-1]]).astype(np.int32)
    leaving = np.where(states_of_arc > 0, first, -1).astype(np.int32)
    entering = np.where(states_of_arc > 0, first + states_of_arc - 1, -1).astype(np.int32)
    state_arc = np.repeat(np.arange(len(arc_access), dtype=np.int32), states_of_arc)
    state_zone = np.full(len(state_arc), ZONE_OPEN, dtype=np.int32)
    private = arc_access == Access.ENDS_ONLY
    state_zone[leaving[private]] = ZONE_LEAVING
    state_zone[entering[private]] = ZONE_ENTERING
    return leaving, entering, state_arc, state_zone


def _banned_turns(source: OsmRoads, pieces: Pieces, tail: Int32, arc_access: Int8) -> set[int]:
    """List the turns that signs forbid, and passing a private gate from open road to open road."""
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(pieces.junctions + 1))

    def leaving(junction: int) -> Int64:
        return np.asarray(order[first[junction] : first[junction + 1]], dtype=np.int64)

    banned: set[int] = set()
    way_ids = source.way_ids[pieces.way]
    for restriction in source.restrictions:
        junction = None if restriction.via_node is None else pieces.junction_of_node.get(restriction.via_node)
        if junction is None:
            continue
        out = leaving(junction)
        ways = way_ids[out >> 1]
        to_arcs = out[ways == restriction.to_way]
        for from_arc in out[ways == restriction.from_way] ^ 1:
            turned_into = out[ways != restriction.to_way] if restriction.only and len(to_arcs) else to_arcs
            if restriction.only and not len(to_arcs):
                continue
            banned |= {_pair(from_arc, to_arc) for to_arc in turned_into if to_arc != from_arc ^ 1 or not restriction.only}
    for arc in np.flatnonzero(pieces.end_effect == NodeEffect.BLOCK):
        # Where a barrier stops one direction only, the other passes.
        head = tail[arc ^ 1]
        banned |= {_pair(int(arc), int(other)) for other in leaving(int(head)) if other != arc ^ 1}
    for gate in pieces.private_gates:
        out = leaving(int(gate))
        out = out[arc_access[out] == Access.YES]
        banned |= {_pair(arc ^ 1, other) for arc in out for other in out if arc != other}
    return banned


def _pair(from_arc: int, to_arc: int) -> int:
    return int(from_arc) << 32 | int(to_arc)


def _links(turns: Turns, arc_ms: Int32) -> Links:
    """Price each link: the turn and the arc turned into."""
    arc = turns.state_arc[turns.into]
    cost_ms = np.empty((len(arc_ms), len(arc)), dtype=np.int32)
    for row in range(len(arc_ms)):
        cost_ms[row] = arc_ms[row][arc] + turns.turn_ms
    return Links(start=turns.start, other=turns.into, cost_ms=cost_ms)


def _reversed(onward: Links) -> Links:
    """List the same links under the state that they arrive at."""
    states = len(onward.start) - 1
    order = np.argsort(onward.other, kind="stable")
    origin = np.repeat(np.arange(states, dtype=np.int32), np.diff(onward.start))
    start = np.concatenate([[0], np.cumsum(np.bincount(onward.other, minlength=states))]).astype(np.int64)
    return Links(start=start, other=origin[order], cost_ms=np.ascontiguousarray(onward.cost_ms[:, order]))
