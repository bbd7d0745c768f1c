"""Least weights between many places over a hierarchy: every search only climbs, and the two sides meet.

Source: S. Knopp, P. Sanders, D. Schultes, F. Schulz, D. Wagner, "Computing many-to-many shortest
paths using highway hierarchies", 2007: what the searches back from the destinations reach is kept
by state, and each search from an origin looks there.
"""

from typing import NamedTuple

import numpy as np

from siting.arrays import Int32, Int64
from siting.kernels.compiled import compiled
from siting.kernels.ordered import longer, pop, push
from siting.times.contraction import UNREACHED_WEIGHT


class Listed(NamedTuple):
    """Entries listed by what they belong to: where each one's begin (one longer), a number and a weight for each entry.

    Links of a hierarchy by state, the number being the state that they lead to; ends of ways by
    place, the number being a state; or weights kept by state, the number being a place.
    """

    start: Int64
    number: Int32
    weight: Int64


def listed_by(owner: Int32 | Int64, number: Int32, weight: Int64, owners: int) -> Listed:
    """List entries by their owner, in the order that they come in."""
    order = np.argsort(owner, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=owners))]).astype(np.int64)
    listed = Listed(start, number[order].astype(np.int32), weight[order])
    for part in listed:
        # As those of a hierarchy that was kept (see `kernels.closed_arrays`).
        part.setflags(write=False)
    return listed


class _Climbed(NamedTuple):
    label: Int64
    touched: Int32


@compiled
def climb_all(links: Listed, ends: Listed) -> tuple[Int32, Int32, Int64]:
    """Climb from each of many places; what was reached: state, place, weight."""
    states = len(links.start) - 1
    climbed = _Climbed(np.full(states, UNREACHED_WEIGHT, np.int64), np.empty(states, np.int32))
    room, found = 1 << 16, 0
    state, place, weight = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int64)
    for row in range(len(ends.start) - 1):
        count = _climb(links, ends, row, climbed)
        if found + count > room:
            more = room + count
            state = np.concatenate((state, np.empty(more, np.int32)))
            place = np.concatenate((place, np.empty(more, np.int32)))
            weight = np.concatenate((weight, np.empty(more, np.int64)))
            room += more
        for k in range(count):
            reached = climbed.touched[k]
            state[found], place[found], weight[found] = reached, row, climbed.label[reached]
            climbed.label[reached] = UNREACHED_WEIGHT
            found += 1
    return state[:found], place[:found], weight[:found]


@compiled
def meet(links: Listed, ends: Listed, kept: Listed, first: int, table: Int64) -> None:
    """Climb from the places from number `first` on, a row of the table each, and take the least sum with what is kept.

    `table`, origins x destinations, is filled in; all of it large when handed over.
    """
    states = len(links.start) - 1
    climbed = _Climbed(np.full(states, UNREACHED_WEIGHT, np.int64), np.empty(states, np.int32))
    for row in range(len(table)):
        line = table[row]
        for k in range(_climb(links, ends, first + row, climbed)):
            state = climbed.touched[k]
            reached = climbed.label[state]
            climbed.label[state] = UNREACHED_WEIGHT
            for at in range(kept.start[state], kept.start[state + 1]):
                weight = reached + kept.weight[at]
                line[kept.number[at]] = min(line[kept.number[at]], weight)


@compiled
def _climb(links: Listed, ends: Listed, place: int, climbed: _Climbed) -> int:
    """Label the states above a place's ends; return how many are touched."""
    label, touched = climbed
    count = 0
    keys, items, size = np.empty(256, np.int64), np.empty(256, np.int32), 0
    for k in range(ends.start[place], ends.start[place + 1]):
        state, weight = ends.number[k], ends.weight[k]
        if weight < label[state]:
            if label[state] == UNREACHED_WEIGHT:
                touched[count] = state
                count += 1
            label[state] = weight
            if size == len(keys):
                keys, items = longer(keys, items)
            size = push(keys, items, size, weight, state)
    while size > 0:
        reached, state = keys[0], items[0]
        size = pop(keys, items, size)
        if reached > label[state]:
            continue
        for k in range(links.start[state], links.start[state + 1]):
            to, weight = links.number[k], reached + links.weight[k]
            if weight < label[to]:
                if label[to] == UNREACHED_WEIGHT:
                    touched[count] = to
                    count += 1
                label[to] = weight
                if size == len(keys):
                    keys, items = longer(keys, items)
                size = push(keys, items, size, weight, to)
    return count
