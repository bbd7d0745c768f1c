"""Turn restrictions by way of a road: from one road, along others, no turn into a third (most often a U-turn).

The roads in between get states of their own for cars that come from the first road, *twins* of the
usual ones; the last twin lacks the forbidden turn. Which turns a car may make then depends on where
it came from, and on nothing else. A car may be on the way of several restrictions at once: after each
turn it is on the longest that its last arcs begin, and all shorter ones that end there bind it too
(after A. V. Aho and M. J. Corasick, "Efficient string matching", 1975).
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Int32, Int64, UInt8
from siting.roads.restrictions import Forbidden
from siting.roads.turns import ZONE_OPEN

_AT_JUNCTION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """States and the turns between them.

    Attributes
    ----------
    start, into, turn_ms, open_in, straight_in
        As `turns.make_turns` returns them.
    state_arc, state_zone
        Int32, one a state.
    twin
        Int32, one a state: another state of the same arc; -1 where there is none.
    """

    start: Int64
    into: Int32
    turn_ms: Int32
    open_in: UInt8
    straight_in: UInt8
    state_arc: Int32
    state_zone: Int32
    twin: Int32


def apply_via_restrictions(turns: Turns, forbidden: Forbidden) -> Turns:
    """Return the turns with twins that keep cars from the runs of three arcs and more."""
    long = {run: scenarios for run, scenarios in forbidden.items() if len(run) > _AT_JUNCTION}
    if not long:
        return turns
    begun = sorted({run[:arcs] for run in long for arcs in range(_AT_JUNCTION, len(run))})
    number = {run: len(turns.state_arc) + index for index, run in enumerate(begun)}
    arcs = np.unique([arc for run in begun for arc in run])
    states = np.flatnonzero(np.isin(turns.state_arc, arcs) & (turns.state_zone == ZONE_OPEN))
    open_state = dict(zip(turns.state_arc[states].tolist(), states.tolist(), strict=True))
    into, more = turns.into.copy(), _Links([], [], [], [])
    start = turns.start.tolist()
    for run in begun:
        for link in range(*_span(turns, open_state[run[-1]])):
            driven = (*run, int(turns.state_arc[turns.into[link]]))
            scenarios = int(turns.open_in[link])
            for first in range(len(driven) - _AT_JUNCTION):
                scenarios &= ~long.get(driven[first:], 0)
            if scenarios:
                more.into.append(_next_state(turns, number, driven, link))
                more.turn_ms.append(int(turns.turn_ms[link]))
                more.open_in.append(scenarios)
                more.straight_in.append(int(turns.straight_in[link]))
        start.append(len(into) + len(more.into))
    for arc in {run[0] for run in begun}:
        for link in range(*_span(turns, open_state[arc])):
            into[link] = _next_state(turns, number, (arc, int(turns.state_arc[turns.into[link]])), link)
    state_arc = np.concatenate([turns.state_arc, [run[-1] for run in begun]]).astype(np.int32)
    return Turns(
        start=np.array(start, dtype=np.int64),
        into=np.concatenate([into, more.into]).astype(np.int32),
        turn_ms=np.concatenate([turns.turn_ms, more.turn_ms]).astype(np.int32),
        open_in=np.concatenate([turns.open_in, more.open_in]).astype(np.uint8),
        straight_in=np.concatenate([turns.straight_in, more.straight_in]).astype(np.uint8),
        state_arc=state_arc,
        state_zone=np.concatenate([turns.state_zone, np.full(len(begun), ZONE_OPEN)]).astype(np.int32),
        twin=_twins(state_arc, [open_state[run[-1]] for run in begun]),
    )


@dataclass(frozen=True, slots=True)
class _Links:
    into: list[int]
    turn_ms: list[int]
    open_in: list[int]
    straight_in: list[int]


def _span(turns: Turns, state: int) -> tuple[int, int]:
    return int(turns.start[state]), int(turns.start[state + 1])


def _next_state(turns: Turns, number: dict[tuple[int, ...], int], driven: tuple[int, ...], link: int) -> int:
    """Return the state after some arcs: that of the longest run that their last ones begin, else the usual one."""
    usual = int(turns.into[link])
    if turns.state_zone[usual] != ZONE_OPEN:
        return usual
    runs = (driven[first:] for first in range(len(driven) - 1))
    return next((number[run] for run in runs if run in number), usual)


def _twins(state_arc: Int32, usual: list[int]) -> Int32:
    """Chain the states of one arc, each to the next."""
    twin_of = np.full(len(state_arc), -1, dtype=np.int32)
    for twin, state in enumerate(usual, start=len(state_arc) - len(usual)):
        twin_of[twin], twin_of[state] = twin_of[state], twin
    return twin_of
