"""Groups of what is connected: along links either way, and along links in their direction."""

import numpy as np

from siting.arrays import Int32, Int64
from siting.kernels.compiled import compiled


@compiled
def connected_groups(one: Int64, other: Int64, count: int) -> Int64:
    """Return a number for each of `count` nodes that is the same for those which some links join, whatever their direction.

    Sets are merged, their paths halved on the way (R. E. Tarjan and J. van Leeuwen, "Worst-case
    analysis of set union algorithms", 1984).
    """
    parent = np.arange(count)
    for link in range(len(one)):
        a, b = one[link], other[link]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a != b:
            parent[max(a, b)] = min(a, b)
    for node in range(count):
        # A node's parent never has a greater number, and so is settled already.
        parent[node] = parent[parent[node]]
    return parent


@compiled
def mutual_groups(start: Int64, other: Int32) -> Int64:
    """Return a number for each node that is the same for those which all reach each other along links in their direction.

    One search in depth, its path kept in an array (R. E. Tarjan, "Depth-first search and linear
    graph algorithms", 1972). `start` is where each node's links begin in `other`, one longer than the nodes.
    """
    nodes = len(start) - 1
    group = np.full(nodes, -1, dtype=np.int64)
    met = np.full(nodes, -1, dtype=np.int64)  # in which order nodes were met
    lowest = np.zeros(nodes, dtype=np.int64)  # the first met that is known to be reached from here and to reach here
    link = start[:-1].copy()
    path, waiting = np.empty(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64)
    count_met, count_waiting, groups = 0, 0, 0
    for first in range(nodes):
        if met[first] >= 0:
            continue
        path[0] = first
        depth = 0
        while depth >= 0:
            node = path[depth]
            if met[node] < 0:
                met[node] = lowest[node] = count_met
                count_met += 1
                waiting[count_waiting] = node
                count_waiting += 1
            if link[node] < start[node + 1]:
                following = other[link[node]]
                link[node] += 1
                if met[following] < 0:
                    depth += 1
                    path[depth] = following
                elif group[following] < 0:
                    lowest[node] = min(lowest[node], met[following])
                continue
            if lowest[node] == met[node]:
                while group[node] < 0:
                    count_waiting -= 1
                    group[waiting[count_waiting]] = groups
                groups += 1
            depth -= 1
            if depth >= 0:
                lowest[path[depth]] = min(lowest[path[depth]], lowest[node])
    return group
