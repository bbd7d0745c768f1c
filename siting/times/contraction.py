"""The order in which states are taken out of a network, and the shortcuts that stand in for them.

Source: R. Geisberger, P. Sanders, D. Schultes, D. Delling, "Contraction hierarchies: faster and
simpler hierarchical routing in road networks", 2008. A state's importance is its depth, with the
links added over those taken away, and the same of the links of the network that they stand for.
"""

from typing import NamedTuple

import numpy as np

from siting.arrays import Int32, Int64
from siting.kernels.compiled import compiled
from siting.kernels.ordered import pop, push

UNREACHED_WEIGHT = 2**62
"""The weight of what is not reached; sums of two of it stay within 64 bits."""

_SETTLED_TO_ESTIMATE = 30
_SETTLED_TO_TAKE_OUT = 60
_HEAP = 4096
"""How far a search for a way around a state goes; where it ends early there is a shortcut too many, never one too few."""


class _Graph(NamedTuple):
    """Links in lists by the state that they leave and by the state they come to; `worth` is what each stands for."""

    first_out: Int32
    first_in: Int32
    next_out: Int32
    next_in: Int32
    begin: Int32
    end: Int32
    weight: Int64
    worth: Int32


class _Around(NamedTuple):
    """What a search around a state has labelled, which states those are, and the search's heap."""

    label: Int64
    touched: Int32
    keys: Int64
    items: Int32


@compiled
def contract(source: Int32, target: Int32, weight: Int64, states: int, done: Int64) -> tuple[Int32, Int32, Int32, Int64]:
    """Take the states out one by one, the least important first.

    Parameters
    ----------
    source, target, weight
        One a link; weights are above zero. Loops and links that others undercut are dropped.
    states
        How many there are.
    done
        Its one number is how many are taken out so far, for who watches.

    Returns
    -------
    tuple
        Each state's rank, 0 the first taken out; and the links, shortcuts among them: source, target, weight.
        Every shortest way climbs by rank and then descends, along these.
    """
    graph, links = _listed(source, target, weight, states)
    label, touched = np.full(states, UNREACHED_WEIGHT, np.int64), np.empty(states, np.int32)
    around = _Around(label, touched, np.empty(_HEAP, np.int64), np.empty(_HEAP, np.int32))
    rank, depth = np.full(states, -1, np.int32), np.zeros(states, np.int64)
    keys, items, size = np.empty(states + 1, np.int64), np.empty(states + 1, np.int32), 0
    for state in range(states):
        size = push(keys, items, size, -1, state)
    taken_out = 0
    while size > 0:
        believed, state = keys[0], items[0]
        size = pop(keys, items, size)
        importance = 1000 * depth[state] + _cost(graph, around, state)
        if size > 0 and importance > max(believed, keys[0]):
            size = push(keys, items, size, importance, state)
            continue
        if links + _pairs(graph, state) > len(graph.begin):
            graph = _with_more_room(graph, links + _pairs(graph, state))
        links = _take_out(graph, links, around, state)
        rank[state] = taken_out
        taken_out += 1
        done[0] = taken_out
        _unlist_around(graph, depth, state)
    return rank, graph.begin[:links].copy(), graph.end[:links].copy(), graph.weight[:links].copy()


@compiled
def _listed(source: Int32, target: Int32, weight: Int64, states: int) -> tuple[_Graph, int]:
    room = 3 * len(source) + 1024
    graph = _Graph(
        np.full(states, -1, np.int32),
        np.full(states, -1, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int64),
        np.empty(room, np.int32),
    )
    links = 0
    for k in range(len(source)):
        if source[k] != target[k]:
            links = _link(graph, links, source[k], target[k], weight[k], 1)
    return graph, links


@compiled
def _link(graph: _Graph, links: int, begin: int, end: int, weight: int, worth: int) -> int:
    """Add a link, or better the one that is there; return how many there are."""
    first_out, next_out, ends = graph.first_out, graph.next_out, graph.end
    link = first_out[begin]
    while link >= 0 and ends[link] != end:
        link = next_out[link]
    if link < 0:
        link = links
        links += 1
        graph.begin[link], ends[link] = begin, end
        next_out[link], first_out[begin] = first_out[begin], link
        graph.next_in[link], graph.first_in[end] = graph.first_in[end], link
    elif graph.weight[link] <= weight:
        return links
    graph.weight[link], graph.worth[link] = weight, worth
    return links


@compiled
def _cost(graph: _Graph, around: _Around, state: int) -> int:
    """Weigh what taking a state out would add against what it would take away."""
    # Arrays are taken out of the tuple once: each time that costs as much as a step of the loops.
    next_out, begin, end, weight, worth = graph.next_out, graph.begin, graph.end, graph.weight, graph.worth
    label, first_out = around.label, graph.first_out[state]
    removed, removed_worth, added, added_worth = 0, 0, 0, 0
    farthest = 0
    out = first_out
    while out >= 0:
        removed += 1
        removed_worth += worth[out]
        farthest = max(farthest, weight[out])
        out = next_out[out]
    into = graph.first_in[state]
    while into >= 0:
        removed += 1
        removed_worth += worth[into]
        count = _search_around(graph, around, into, weight[into] + farthest, _SETTLED_TO_ESTIMATE)
        out = first_out
        while out >= 0:
            if end[out] != begin[into] and label[end[out]] > weight[into] + weight[out]:
                added += 1
                added_worth += worth[into] + worth[out]
            out = next_out[out]
        _forget(around, count)
        into = graph.next_in[into]
    if removed == 0:
        return 0
    return 1000 * added // removed + 1000 * added_worth // removed_worth


@compiled
def _take_out(graph: _Graph, links: int, around: _Around, state: int) -> int:
    """Add the shortcuts that stand in for a state; return how many links there are."""
    next_out, begin, end, weight, worth = graph.next_out, graph.begin, graph.end, graph.weight, graph.worth
    label, first_out = around.label, graph.first_out[state]
    farthest = 0
    out = first_out
    while out >= 0:
        farthest = max(farthest, weight[out])
        out = next_out[out]
    into = graph.first_in[state]
    while into >= 0:
        count = _search_around(graph, around, into, weight[into] + farthest, _SETTLED_TO_TAKE_OUT)
        out = first_out
        while out >= 0:
            sum_weight = weight[into] + weight[out]
            if end[out] != begin[into] and label[end[out]] > sum_weight:
                links = _link(graph, links, begin[into], end[out], sum_weight, worth[into] + worth[out])
            out = next_out[out]
        _forget(around, count)
        into = graph.next_in[into]
    return links


@compiled
def _search_around(graph: _Graph, around: _Around, into: int, limit: int, most_settled: int) -> int:
    """Label what lies near the beginning of a link by ways that avoid its end; return how many are touched."""
    label, touched, keys, items = around
    first_out, next_out, end, link_weight = graph.first_out, graph.next_out, graph.end, graph.weight
    begin, avoided = graph.begin[into], end[into]
    label[begin] = 0
    touched[0] = begin
    count, settled = 1, 0
    size = push(keys, items, 0, 0, begin)
    while size > 0 and settled < most_settled:
        reached, state = keys[0], items[0]
        size = pop(keys, items, size)
        if reached > label[state]:
            continue
        settled += 1
        out = first_out[state]
        while out >= 0:
            to, weight = end[out], reached + link_weight[out]
            if to != avoided and weight < label[to] and weight <= limit:
                if label[to] == UNREACHED_WEIGHT:
                    touched[count] = to
                    count += 1
                label[to] = weight
                if size < _HEAP:
                    size = push(keys, items, size, weight, to)
            out = next_out[out]
    return count


@compiled
def _forget(around: _Around, count: int) -> None:
    label, touched = around.label, around.touched
    for k in range(count):
        label[touched[k]] = UNREACHED_WEIGHT


@compiled
def _unlist_around(graph: _Graph, depth: Int64, state: int) -> None:
    """Take a state's links off its neighbours' lists; it keeps its own, which are its links to more important states."""
    first_out, first_in, next_out, next_in, begin, end, _, _ = graph
    into = first_in[state]
    while into >= 0:
        _unlist(first_out, next_out, begin[into], into)
        depth[begin[into]] = max(depth[begin[into]], depth[state] + 1)
        into = next_in[into]
    out = first_out[state]
    while out >= 0:
        _unlist(first_in, next_in, end[out], out)
        depth[end[out]] = max(depth[end[out]], depth[state] + 1)
        out = next_out[out]


@compiled
def _unlist(first: Int32, following: Int32, state: int, link: int) -> None:
    if first[state] == link:
        first[state] = following[link]
        return
    before = first[state]
    while following[before] != link:
        before = following[before]
    following[before] = following[link]


@compiled
def _pairs(graph: _Graph, state: int) -> int:
    """Count the ways through a state: the most shortcuts that it can need."""
    return _length(graph.first_in, graph.next_in, state) * _length(graph.first_out, graph.next_out, state)


@compiled
def _length(first: Int32, following: Int32, state: int) -> int:
    length = 0
    link = first[state]
    while link >= 0:
        length += 1
        link = following[link]
    return length


@compiled
def _with_more_room(graph: _Graph, links: int) -> _Graph:
    more = np.empty(links, np.int32)
    return _Graph(
        graph.first_out,
        graph.first_in,
        np.concatenate((graph.next_out, more)),
        np.concatenate((graph.next_in, more)),
        np.concatenate((graph.begin, more)),
        np.concatenate((graph.end, more)),
        np.concatenate((graph.weight, np.empty(links, np.int64))),
        np.concatenate((graph.worth, more)),
    )
