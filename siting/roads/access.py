"""Which roads are open to through traffic, which only to those who live there, and which lead nowhere."""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64, Int8, Int32, Int64
from siting.kernels.compiled import compiled
from siting.kernels.components import connected_groups, mutual_groups
from siting.osm.tags import Access
from siting.roads.network import Links
from siting.roads.segments import Pieces

BIG_SHARE = 0.05
"""A group of roads of at least this share of the largest group's length is a network of its own,
such as an island's; a smaller one is a scrap of the extract's edge."""
ESTATE_M = 10_000.0
"""What lies behind private roads and gates is an estate up to this length of road, and beyond it a network of its own (own
assumption: no gated estate has more)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadAccess:
    """Access of arcs (Int8, values of `Access`; scenarios x arcs), and the network that each segment belongs to (-1: none)."""

    arc_access: Int8
    group: Int64


def settle_all(pieces: Pieces, arc_access: Int8, is_street: Bool) -> RoadAccess:
    """Settle the access of arcs (scenarios x arcs) in each scenario by itself; what is open in any makes the networks."""
    widest = arc_access.max(axis=0)
    settled = settle_access(pieces, widest, is_street)
    rows = [
        settled.arc_access if (row == widest).all() else np.minimum(settle_access(pieces, row, is_street).arc_access, row)
        for row in arc_access
    ]
    return RoadAccess(arc_access=np.stack(rows), group=settled.group)


def settle_access(pieces: Pieces, arc_access: Int8, is_street: Bool) -> RoadAccess:
    """Turn open roads that are reached only over private ones or through private gates into private ones.

    Someone who lives on an estate drives out over its private road, so all of the estate lies at
    the ends of journeys. Roads connected with no network at all are not usable. `is_street` tells
    of each segment whether its kind is that of an estate's own streets: behind a private road, unlike
    behind a gate, a road that leads somewhere is a network of its own that the file cuts off.
    """
    open_road = (arc_access.reshape(-1, 2) == Access.YES).any(axis=1)
    passable = (arc_access.reshape(-1, 2) != Access.NO).any(axis=1)
    through = _components(pieces, open_road, cut=pieces.private_gates)
    estate = _components(pieces, passable, cut=np.zeros(0, dtype=np.int32))
    through_length_m = np.bincount(through[open_road], weights=pieces.length_m[open_road], minlength=1)
    big = through_length_m >= BIG_SHARE * through_length_m.max()
    only_streets = np.ones(len(through_length_m), dtype=bool)
    only_streets[through[open_road & ~is_street]] = False
    gates_open = _components(pieces, open_road, cut=np.zeros(0, dtype=np.int32))
    for connected_by, may_be_estate in ((gates_open, True), (estate, only_streets)):
        around = np.zeros(len(through_length_m), dtype=np.int64)
        around[through[open_road]] = connected_by[open_road]
        longest_m = np.zeros(connected_by.max(initial=0) + 1)
        np.maximum.at(longest_m, around, through_length_m)
        is_longest = through_length_m == longest_m[around]
        big &= (through_length_m >= ESTATE_M) | is_longest | np.logical_not(may_be_estate)
    on_big = open_road & big[np.where(open_road, through, 0)]
    connected = np.zeros(estate.max() + 1, dtype=bool)
    connected[estate[on_big]] = True
    usable = passable & connected[np.where(passable, estate, 0)]
    shut_in = open_road & ~on_big & usable
    settled = arc_access.reshape(-1, 2).copy()
    settled[shut_in] = np.minimum(settled[shut_in], Access.ENDS_ONLY)
    return RoadAccess(arc_access=settled.ravel(), group=np.where(usable, estate, -1))


def _components(pieces: Pieces, kept: Bool, cut: Int32) -> Int64:
    """Return the number of each segment's group of connected ones, -1 where it is not kept; none reaches across `cut`."""
    ends = np.column_stack([pieces.from_junction, pieces.to_junction]).astype(np.int64)
    is_cut = np.zeros(pieces.junctions, dtype=bool)
    is_cut[cut] = True
    at_cut = is_cut[ends]
    ends[at_cut] = pieces.junctions + np.arange(int(at_cut.sum()))
    size = pieces.junctions + int(at_cut.sum())
    label = connected_groups(ends[kept, 0], ends[kept, 1], size)
    of_kept = label[ends[kept, 0]]
    is_used = np.zeros(size, dtype=bool)
    is_used[of_kept] = True
    answer = np.full(len(kept), -1, dtype=np.int64)
    answer[kept] = (np.cumsum(is_used) - 1)[of_kept]
    return answer


def find_core(onward: Links, backward: Links, state_group: Int64, open_m: Float64) -> tuple[Bool, Bool]:
    """Find what can be left and what can be reached.

    Parameters
    ----------
    onward, backward
        The links of all states.
    state_group
        The group of connected roads of each state, -1 where it belongs to none.
    open_m
        The metres of each state that are open to through traffic.

    Returns
    -------
    tuple
        Bool, one a state: whether its group's largest set of roads that all reach each other can be
        reached from it, and whether it can be reached from there.
    """
    strong = mutual_groups(onward.start, onward.other)
    size = np.bincount(strong, weights=open_m).astype(np.float64, copy=False)
    core = _largest_of_group(strong, size, state_group)[strong]
    return _flood(backward.start, backward.other, core), _flood(onward.start, onward.other, core)


def _largest_of_group(strong: Int64, size: Float64, state_group: Int64) -> Bool:
    """Tell of each set of states whether it is the largest of a group; of several as large, the one that is met first."""
    first = np.empty(len(size), dtype=np.int64)
    first[strong[::-1]] = np.arange(len(strong))[::-1]
    group = state_group[first]
    order = np.lexsort((first, -size, group))
    is_largest = np.diff(group[order], prepend=-1) > 0
    answer = np.zeros(len(size), dtype=bool)
    answer[order[is_largest]] = True
    return answer


@compiled
def _flood(start: Int64, other: Int32, seed: Bool) -> Bool:
    reached = np.empty(len(seed), dtype=np.bool_)
    waiting = np.empty(len(seed), dtype=np.int64)
    count = 0
    for state in range(len(seed)):
        reached[state] = seed[state]
        if seed[state]:
            waiting[count] = state
            count += 1
    while count > 0:
        count -= 1
        state = waiting[count]
        for k in range(start[state], start[state + 1]):
            if not reached[other[k]]:
                reached[other[k]] = True
                waiting[count] = other[k]
                count += 1
    return reached
