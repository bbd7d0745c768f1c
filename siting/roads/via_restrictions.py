"""Turn restrictions by way of a road: from one road, along others, no turn into a third (most often a U-turn).

The roads in between get states of their own for cars that come from the first road, *twins* of the
usual ones; the last twin lacks the forbidden turn. Which turns a car may make then depends on where
it came from, and on nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from siting.arrays import Int32, Int64
from siting.osm.extract import Restriction
from siting.roads.turns import ZONE_OPEN

_MOST_PIECES = 40
"""Between the first road and the last; a longer way is no restriction that anybody signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """States and the turns between them.

    Attributes
    ----------
    start, into, turn_ms
        As `turns.make_turns` returns them.
    state_arc, state_zone
        Int32, one a state.
    twin
        Int32, one a state: another state of the same arc; -1 where there is none.
    """

    start: Int64
    into: Int32
    turn_ms: Int32
    state_arc: Int32
    state_zone: Int32
    twin: Int32


@dataclass(slots=True)
class _Twin:
    """A piece of the way between, for cars that came by the pieces before it."""

    arc: int
    number: int
    onward: "dict[int, _Twin]" = field(default_factory=dict)
    banned: set[int] = field(default_factory=set)
    only: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcEnds:
    """Where arcs begin and end (junctions), and the OpenStreetMap way of each segment."""

    tail: Int32
    head: Int32
    way_id: Int64


def apply_via_restrictions(turns: Turns, restrictions: Sequence[Restriction], ends: ArcEnds) -> tuple[Turns, int]:
    """Return the turns with twins, and how many restrictions could not be placed on the network."""
    wanted = np.unique([way for r in restrictions for way in (r.from_way, *r.via_ways, r.to_way)]).astype(np.int64)
    arcs_of_way: dict[int, list[int]] = {}
    for segment in np.flatnonzero(np.isin(ends.way_id, wanted)):
        arcs_of_way.setdefault(int(ends.way_id[segment]), []).extend((2 * int(segment), 2 * int(segment) + 1))
    used = np.isin(turns.state_arc >> 1, [arc >> 1 for arcs in arcs_of_way.values() for arc in arcs])
    states = np.flatnonzero(used & (turns.state_zone == ZONE_OPEN))
    open_state = dict(zip(turns.state_arc[states].tolist(), states.tolist(), strict=True))
    firsts: dict[int, dict[int, _Twin]] = {}
    twins: list[_Twin] = []
    unplaced = 0
    for restriction in restrictions:
        placed = False
        for path, to_arcs in _ways_through(restriction, arcs_of_way, ends, open_state):
            here = firsts.setdefault(path[0], {})
            for arc in path[1:]:
                if arc not in here:
                    here[arc] = _Twin(arc=arc, number=len(turns.state_arc) + len(twins))
                    twins.append(here[arc])
                last = here[arc]
                here = last.onward
            (last.only if restriction.only else last.banned).update(to_arcs)
            placed = True
        unplaced += not placed
    return (_with_twins(turns, firsts, twins, open_state), unplaced) if twins else (turns, unplaced)


def _ways_through(
    restriction: Restriction, arcs_of_way: dict[int, list[int]], ends: ArcEnds, open_state: dict[int, int]
) -> Iterator[tuple[list[int], set[int]]]:
    """Yield the arcs from the first road to the end of the way between, and the arcs of the last road that begin there."""
    between = [arc for way in restriction.via_ways for arc in arcs_of_way.get(way, ()) if arc in open_state]
    into = [arc for arc in arcs_of_way.get(restriction.to_way, ()) if arc in open_state]
    for first in arcs_of_way.get(restriction.from_way, ()):
        if first not in open_state:
            continue
        paths = [[first, arc] for arc in between if ends.tail[arc] == ends.head[first] and arc != first ^ 1]
        while paths:
            path = paths.pop()
            all_driven = {int(ends.way_id[arc >> 1]) for arc in path[1:]} == set(restriction.via_ways)
            to_arcs = {arc for arc in into if ends.tail[arc] == ends.head[path[-1]] and arc != path[-1] ^ 1}
            if to_arcs and all_driven:
                yield path, to_arcs
            elif len(path) < _MOST_PIECES:
                paths += [
                    [*path, arc]
                    for arc in between
                    if ends.tail[arc] == ends.head[path[-1]] and arc >> 1 not in {known >> 1 for known in path}
                ]


def _with_twins(turns: Turns, firsts: dict[int, dict[int, _Twin]], twins: list[_Twin], open_state: dict[int, int]) -> Turns:
    start, into = turns.start.tolist(), turns.into.copy()
    more_into: list[int] = []
    more_ms: list[int] = []
    for twin in twins:
        state = open_state[twin.arc]
        for link in range(start[state], start[state + 1]):
            arc = int(turns.state_arc[turns.into[link]])
            if arc in twin.banned or (twin.only and arc not in twin.only):
                continue
            begun = twin.onward.get(arc) or firsts.get(twin.arc, {}).get(arc)
            more_into.append(begun.number if begun else int(turns.into[link]))
            more_ms.append(int(turns.turn_ms[link]))
        start.append(len(into) + len(more_into))
    for first, onward in firsts.items():
        state = open_state[first]
        for link in range(start[state], start[state + 1]):
            begun = onward.get(int(turns.state_arc[turns.into[link]]))
            if begun:
                into[link] = begun.number
    state_arc = np.concatenate([turns.state_arc, [twin.arc for twin in twins]]).astype(np.int32)
    twin_of = np.full(len(state_arc), -1, dtype=np.int32)
    for twin in twins:
        state = open_state[twin.arc]
        twin_of[twin.number], twin_of[state] = twin_of[state], twin.number
    return Turns(
        start=np.array(start, dtype=np.int64),
        into=np.concatenate([into, more_into]).astype(np.int32),
        turn_ms=np.concatenate([turns.turn_ms, more_ms]).astype(np.int32),
        state_arc=state_arc,
        state_zone=np.concatenate([turns.state_zone, np.full(len(twins), ZONE_OPEN)]).astype(np.int32),
        twin=twin_of,
    )
