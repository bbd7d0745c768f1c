"""The shortest-path search itself: Dijkstra's algorithm over the states of a network.

Sources: E. W. Dijkstra, "A note on two problems in connexion with graphs", 1959; the states that
stand for arcs, so that turns cost, after T. Caldwell, "On finding minimum routes in a network with
turn penalties", 1961.
"""

import numpy as np

from siting.arrays import Float64, Int32, Int64
from siting.compiled import compiled

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
        Each state's length and, where `metres` is not empty, the metres of the way, filled in.
    onward
        Whether the links lead on (metres of the state entered) or back (metres of the state left).
    """
    keys = np.empty(1024, dtype=np.int64)
    size = 0
    with_metres = len(metres) > 0
    for seed in range(len(seed_state)):
        for k in range(start[seed_state[seed]], start[seed_state[seed] + 1]):
            to = other[k]
            ms = seed_ms[seed] + cost_ms[k]
            if ms < label[to]:
                label[to] = ms
                if with_metres:
                    metres[to] = seed_m[seed] + (state_m[to] if onward else state_m[seed_state[seed]])
                keys, size = _push(keys, size, (ms << 32) | to)
    while size > 0:
        key = keys[0]
        size = _pop(keys, size)
        ms = key >> 32
        state = np.int32(key & 0xFFFFFFFF)
        if ms > label[state]:
            continue
        if ms > limit_ms:
            break
        for k in range(start[state], start[state + 1]):
            to = other[k]
            new_ms = ms + cost_ms[k]
            if new_ms < label[to]:
                label[to] = new_ms
                if with_metres:
                    metres[to] = metres[state] + (state_m[to] if onward else state_m[state])
                keys, size = _push(keys, size, (new_ms << 32) | to)


@compiled
def _push(keys: Int64, size: int, key: int) -> tuple[Int64, int]:
    if size == len(keys):
        grown = np.empty(2 * size, dtype=np.int64)
        grown[:size] = keys
        keys = grown
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if keys[parent] <= key:
            break
        keys[at] = keys[parent]
        at = parent
    keys[at] = key
    return keys, size + 1


@compiled
def _pop(keys: Int64, size: int) -> int:
    """Take the least key off a heap of four children a node; return its new size."""
    size -= 1
    key = keys[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for c in range(child + 1, min(child + 4, size)):
            if keys[c] < keys[least]:
                least = c
        if keys[least] >= key:
            break
        keys[at] = keys[least]
        at = least
    keys[at] = key
    return size


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
