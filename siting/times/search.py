"""The shortest-path search itself: Dijkstra's algorithm over the states of a network.

Sources: E. W. Dijkstra, "A note on two problems in connexion with graphs", 1959; the states that
stand for arcs, so that turns cost, after T. Caldwell, "On finding minimum routes in a network with
turn penalties", 1961.
"""

import numpy as np

from siting.arrays import Float64, Int32, Int64
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
