"""Which arc may follow which, and how long each turn takes."""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64, UInt8
from siting.kernels.compiled import compiled
from siting.kernels.listed import listed_under
from siting.kernels.ordered import first_not_below
from siting.travel_model import TravelModel

_BEARING_REACH_M = 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnInput:
    """What the turns are made from; shapes as in `network`.

    `wait_ms` is what each arc's car waits at its end before it goes on. `banned` holds the forbidden
    pairs of arcs as `from << 32 | into`, sorted, `banned_in` the scenarios in which each is, a bit
    each; `state_open_in` those in which a state may be driven. `roads_at` is scenarios x junctions.
    `line` is as in `Pieces`; `turning` tells of each junction whether it is made for turning back.
    """

    tail: Int32
    head: Int32
    state_arc: Int32
    state_zone: Int32
    state_open_in: UInt8
    heading_out: Float64
    heading_in: Float64
    wait_ms: Int32
    roads_at: Int32
    banned: Int64
    banned_in: UInt8
    line: Int32
    turning: Bool
    junctions: int


ZONE_LEAVING, ZONE_OPEN, ZONE_ENTERING = 0, 1, 2


def make_turns(given: TurnInput, model: TravelModel, *, drives_on_left: bool) -> tuple[Int64, Int32, Int32, UInt8, UInt8]:
    """Link each state to those that may follow it.

    Returns
    -------
    tuple
        Where each state's links begin (one longer than the states), the state linked to, the
        milliseconds of the turn itself with the wait before it, the scenarios in which it may be
        made, and those in which nothing but the wait is met since no third road is there; a bit each.
    """
    states = len(given.state_arc)
    state_starts, order = listed_under(given.tail[given.state_arc], given.junctions)
    figures = np.array(
        [
            model["turn_delay"],
            model["turn_centre"],
            model["turn_spread"],
            model["turn_across_traffic"],
            model["u_turn_delay"],
            1.0 if drives_on_left else -1.0,
        ]
    )
    arrays = (
        given.head,
        given.state_arc,
        given.state_zone,
        given.state_open_in,
        given.heading_out,
        given.heading_in,
        given.wait_ms,
        given.roads_at,
        given.banned,
        given.banned_in,
        given.line,
        given.turning,
        order,
        state_starts,
        figures,
    )
    start = np.zeros(states + 1, dtype=np.int64)
    # Room for every turn that there could be; what is not used of it is never touched.
    most = int(np.diff(state_starts)[given.head[given.state_arc]].sum())
    into, turn_ms = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)
    open_in, straight_in = np.empty(most, dtype=np.uint8), np.empty(most, dtype=np.uint8)
    _fill(*arrays, start, into, turn_ms, open_in, straight_in)
    made = slice(int(start[-1]))
    return start, into[made].copy(), turn_ms[made].copy(), open_in[made].copy(), straight_in[made].copy()


@compiled
def _fill(
    head: Int32,
    state_arc: Int32,
    state_zone: Int32,
    state_open_in: UInt8,
    heading_out: Float64,
    heading_in: Float64,
    wait_ms: Int32,
    roads_at: Int32,
    banned: Int64,
    banned_in: UInt8,
    line: Int32,
    turning: Bool,
    order: Int32,
    state_starts: Int64,
    figures: Float64,
    start: Int64,
    into: Int32,
    turn_ms: Int32,
    open_in: UInt8,
    straight_in: UInt8,
) -> None:
    """Fill in the links of every state, and where they begin."""
    at = 0
    for state in range(len(state_arc)):
        arc = state_arc[state]
        zone = state_zone[state]
        junction = head[arc]
        way_on = 0
        for k in range(state_starts[junction], state_starts[junction + 1]):
            other = order[k]
            if line[state_arc[other]] != line[arc] ^ 1 and state_zone[other] >= zone:
                way_on |= state_open_in[other] & ~_banned_in(arc, state_arc[other], banned, banned_in)
        for k in range(state_starts[junction], state_starts[junction + 1]):
            other = order[k]
            other_arc = state_arc[other]
            other_zone = state_zone[other]
            if zone == 0 and other_zone == 2:  # leaving to entering: by open road, or within one estate as leaving
                continue
            if other_zone < zone:
                continue
            back = line[other_arc] == line[arc] ^ 1
            scenarios = state_open_in[state] & state_open_in[other] & ~_banned_in(arc, other_arc, banned, banned_in)
            if back and not turning[junction]:
                scenarios &= ~way_on
            if scenarios == 0:
                continue
            open_in[at] = scenarios
            into[at] = other
            # Whoever turns back before a gate or a signal does not pass it.
            passing_ms = 0 if back else wait_ms[arc]
            turn_ms[at] = passing_ms + _turn_ms(heading_in[arc], heading_out[other_arc], back, figures)
            straight_in[at] = 0
            for row in range(len(roads_at)):
                if not back and roads_at[row, junction] <= 2:
                    straight_in[at] |= 1 << row
            at += 1
        start[state + 1] = at


@compiled
def _banned_in(arc: int, other_arc: int, banned: Int64, banned_in: UInt8) -> int:
    """Return the scenarios in which a turn is forbidden, a bit each."""
    key = (np.int64(arc) << 32) | np.int64(other_arc)
    at = first_not_below(banned, int(key))
    return int(banned_in[at]) if at < len(banned) and banned[at] == key else 0


@compiled
def _turn_ms(heading_in: float, heading_out: float, back: bool, figures: Float64) -> int:
    """Time one turn: a logistic curve of its angle, a little more across the traffic."""
    angle = (heading_out - heading_in + 180.0) % 360.0 - 180.0  # right turns positive
    if np.isnan(angle):
        angle = 0.0
    across = angle * figures[5] > 0
    bias = figures[3] if across else 1.0 / figures[3]
    delay_s = figures[0] / (1.0 + np.exp(-(abs(angle) * bias - figures[1]) / figures[2]))
    if back:
        delay_s += figures[4]
    return int(round(delay_s * 1000.0))


def headings(start: Int64, x_m: Float64, y_m: Float64) -> tuple[Float64, Float64]:
    """Return each arc's heading as it sets out and as it arrives, in degrees clockwise from north.

    Measured over the first and last ten metres, so that a kink at the junction does not count; NaN along a piece of no length.
    Shapes: `start` one longer than the segments; answers two an segment, along and against.
    """
    return _headings(start, x_m, y_m)


@compiled
def _headings(start: Int64, x_m: Float64, y_m: Float64) -> tuple[Float64, Float64]:
    count = len(start) - 1
    out = np.zeros(2 * count)
    arriving = np.zeros(2 * count)
    for segment in range(count):
        first, last = start[segment], start[segment + 1] - 1
        setting_out = _heading(x_m, y_m, first, last)
        coming_back = _heading(x_m, y_m, last, first)
        out[2 * segment] = setting_out
        out[2 * segment + 1] = coming_back
        arriving[2 * segment] = (coming_back + 180.0) % 360.0
        arriving[2 * segment + 1] = (setting_out + 180.0) % 360.0
    return out, arriving


@compiled
def _heading(x_m: Float64, y_m: Float64, first: int, last: int) -> float:
    step = 1 if last > first else -1
    at = first
    while at != last:
        at += step
        east, north = x_m[at] - x_m[first], y_m[at] - y_m[first]
        if east * east + north * north >= _BEARING_REACH_M * _BEARING_REACH_M:
            break
    # The road is a small ring: it sets out to where it has not yet come back.
    while at != first and x_m[at] == x_m[first] and y_m[at] == y_m[first]:
        at -= step
    if at == first:
        return np.nan
    return float(np.degrees(np.arctan2(x_m[at] - x_m[first], y_m[at] - y_m[first])) % 360.0)
