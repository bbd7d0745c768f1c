"""The shortest-path search itself: Dijkstra's algorithm over the states of a network.

Sources: E. W. Dijkstra, "A note on two problems in connexion with graphs", 1959; the states that
stand for arcs, so that turns cost, after T. Caldwell, "On finding minimum routes in a network with
turn penalties", 1961; the search towards one place after P. E. Hart, N. J. Nilsson and B. Raphael,
"A formal basis for the heuristic determination of minimum cost paths", 1968.
"""

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64
from siting.kernels.compiled import compiled
from siting.kernels.ordered import longer, pop, push

UNREACHED = 2**31 - 1
"""The label of a state that was not reached."""


@compiled
def search(
    start: Int64,
    other: Int32,
    cost_ms: Int32,
    seed_state: Int64,
    seed_ms: Int64,
    seed_m: Float64,
    limit_ms: int,
    label: Int32,
    state_m: Float64,
    metres: Float64,
    onward: bool,
) -> None:
    """Label each state with its least time from the seeds, up to a limit.

    Parameters
    ----------
    start, other, cost_ms
        Links of one direction and one scenario.
    seed_state, seed_ms, seed_m
        States that the search sets out from, with the time and metres at the end of each one's arc
        (negative where a search back begins before it); they get a label only by being reached
        from elsewhere, since a journey begins part of the way along them.
    limit_ms
        States within this time get their least time; of those beyond it, only those that a link from
        within reaches have a label, and it is the least that such links give.
    label
        Filled in; all UNREACHED when handed over.
    state_m, metres
        Each state's length and, where `metres` is not empty, the metres of the way, filled in: of
        several ways of one time, the shortest.
    onward
        Whether the links lead on (metres of the state entered) or back (metres of the state left).
    """
    keys, items, size = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int32), 0
    with_metres = len(metres) > 0
    for seed in range(len(seed_state)):
        for k in range(start[seed_state[seed]], start[seed_state[seed] + 1]):
            to = other[k]
            ms = seed_ms[seed] + cost_ms[k]
            begun_m = seed_m[seed] + (state_m[to] if onward else state_m[seed_state[seed]]) if with_metres else 0.0
            if ms == label[to] and with_metres:
                metres[to] = min(metres[to], begun_m)
            if ms < label[to]:
                label[to] = ms
                if with_metres:
                    metres[to] = begun_m
                if size == len(keys):
                    keys, items = longer(keys, items)
                size = push(keys, items, size, ms, to)
    while size > 0:
        ms, state = keys[0], items[0]
        size = pop(keys, items, size)
        if ms > label[state]:
            continue
        if ms > limit_ms:
            break
        for k in range(start[state], start[state + 1]):
            to = other[k]
            new_ms = ms + cost_ms[k]
            new_m = metres[state] + (state_m[to] if onward else state_m[state]) if with_metres else 0.0
            if new_ms == label[to] and with_metres:
                metres[to] = min(metres[to], new_m)
            if new_ms < label[to]:
                label[to] = new_ms
                if with_metres:
                    metres[to] = new_m
                if size == len(keys):
                    keys, items = longer(keys, items)
                size = push(keys, items, size, new_ms, to)


@compiled
def search_towards(
    start: Int64,
    other: Int32,
    cost_ms: Int32,
    seed_state: Int64,
    seed_ms: Int64,
    end_state: Int64,
    left_ms: Int32,
    limit_ms: int,
    state_arc: Int32,
    is_shut: Bool,
    onward: bool,
    label: Int32,
) -> None:
    """Label states with their least time from the seeds until the best way to an end is known, with some segments closed.

    Parameters
    ----------
    start, other, cost_ms, seed_state, seed_ms, label
        As in `search`.
    end_state
        States by which the way may end.
    left_ms
        Of each state what is left to the end at the least, which no link shortens by more than its own cost; above `limit_ms`
        where there is no way.
    state_arc, is_shut
        Each state's arc, and which segments no journey may turn into.
    onward
        Whether the links lead on, so that the state at the other end is turned into, or back.
    """
    keys, items, size = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int32), 0
    for seed in range(len(seed_state)):
        size, keys, items = _towards(
            seed_state[seed], seed_ms[seed], start, other, cost_ms, left_ms, limit_ms, state_arc, is_shut, onward, label,
            keys, items, size,
        )  # fmt: skip
    while size > 0:
        key, state = keys[0], items[0]
        size = pop(keys, items, size)
        ms = int(label[state])
        if key > ms + left_ms[state]:
            continue
        for end in end_state:
            if state == end:
                return
        size, keys, items = _towards(
            state, ms, start, other, cost_ms, left_ms, limit_ms, state_arc, is_shut, onward, label, keys, items, size
        )


@compiled
def all_that_lead(
    start: Int64,
    other: Int32,
    cost_ms: Int32,
    end_state: Int64,
    limit_ms: int,
    state_arc: Int32,
    is_shut: Bool,
    onward: bool,
    most: int,
    leads: Bool,
) -> bool:
    """Mark the states from which an end can be reached with some segments closed, and tell whether those are all.

    Where more than `most` do, the marks are not all. The links are those against the journeys, `onward` as in
    `search_towards` for them; links of more than `limit_ms` may not be driven.
    """
    states = np.empty(most, dtype=np.int32)
    count = 0
    for end in end_state:
        if not leads[end] and count < most:
            leads[end] = True
            states[count] = end
            count += 1
    at = 0
    while at < count:
        state = states[at]
        at += 1
        if not onward and is_shut[state_arc[state] >> 1]:
            continue
        for k in range(start[state], start[state + 1]):
            to = other[k]
            if leads[to] or cost_ms[k] > limit_ms or (onward and is_shut[state_arc[to] >> 1]):
                continue
            if count == most:
                return False
            leads[to] = True
            states[count] = to
            count += 1
    return True


@compiled
def _towards(
    state: int,
    ms: int,
    start: Int64,
    other: Int32,
    cost_ms: Int32,
    left_ms: Int32,
    limit_ms: int,
    state_arc: Int32,
    is_shut: Bool,
    onward: bool,
    label: Int32,
    keys: Int64,
    items: Int32,
    size: int,
) -> tuple[int, Int64, Int32]:
    """Label what a state's links reach and put it in order of the whole way's least time."""
    if not onward and is_shut[state_arc[state] >> 1]:
        return size, keys, items
    for k in range(start[state], start[state + 1]):
        to = other[k]
        new_ms = ms + cost_ms[k]
        if new_ms >= label[to] or new_ms > limit_ms or left_ms[to] > limit_ms or (onward and is_shut[state_arc[to] >> 1]):
            continue
        label[to] = new_ms
        if size == len(keys):
            keys, items = longer(keys, items)
        size = push(keys, items, size, new_ms + left_ms[to], to)
    return size, keys, items


@compiled
def trace(
    start: Int64,
    other: Int32,
    cost_ms: Int32,
    label: Int32,
    seed_state: Int64,
    seed_ms: Int64,
    state: int,
) -> Int32:
    """Follow labels back from a state to the seed that it was reached from; the states in that order.

    `start`, `other` and `cost_ms` are the links of the direction opposite to the search.
    """
    way = [np.int32(state)]
    while True:
        found = -1
        for k in range(start[state], start[state + 1]):
            before = other[k]
            for seed in range(len(seed_state)):
                if seed_state[seed] == before and seed_ms[seed] + cost_ms[k] == label[state]:
                    way.append(before)
                    return np.array(way)
            if found < 0 and label[before] != UNREACHED and label[before] + cost_ms[k] == label[state]:
                found = before
        if found < 0:
            return np.array(way)
        way.append(np.int32(found))
        state = found
