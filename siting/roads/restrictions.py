"""Turn restrictions as forbidden runs of arcs: two arcs at a junction, more by way of the roads between.

`only` restrictions are turned round: whatever leaves the way that they leave open is forbidden, from
the first road on. What a relation leaves open to doubt is not guessed at: it is ignored and counted.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Int32, Int64
from siting.osm.extract import AMBIGUOUS, OsmRoads, Restriction

_MOST_PIECES = 40
"""Between the first road and the last; a longer way is no restriction that anybody signs."""

NOT_THERE = "turn restrictions that no car could break, or on roads that are not there"

Forbidden = Mapping[tuple[int, ...], int]
"""Runs of arcs that no car may drive, and in which scenarios, a bit each."""


@dataclass(frozen=True, slots=True)
class ArcEnds:
    """Where arcs begin and end (junctions), which leave each junction, and the OpenStreetMap way of each segment.

    The arcs of junction *j* are `order[start[j]:start[j + 1]]`.
    """

    tail: Int32
    head: Int32
    start: Int64
    order: Int32
    way_id: Int64

    def leaving(self, junction: int) -> list[int]:
        """Return the arcs that begin at a junction."""
        arcs: list[int] = self.order[self.start[junction] : self.start[junction + 1]].tolist()
        return arcs


def forbidden_runs(
    source: OsmRoads, ends: ArcEnds, junction_of_node: Mapping[int, int], drivable: Bool, through: Bool
) -> tuple[dict[tuple[int, ...], int], dict[str, int]]:
    """Return the runs of drivable arcs that the restrictions forbid, and how many restrictions were not used, by reason.

    `drivable` tells of each arc whether it may be driven at all, `through` whether it is open to through traffic: roads
    between the first and the last are such.
    """
    roads = _Roads(source, ends, drivable, through)
    forbidden: dict[tuple[int, ...], int] = {}
    open_ways: dict[tuple[tuple[int, ...], int], set[int]] = {}
    unused: dict[str, int] = {}
    for restriction in source.restrictions:
        problem = roads.doubt(restriction)
        runs = [] if problem else list(roads.runs(restriction, junction_of_node))
        if not runs:
            unused[problem or NOT_THERE] = unused.get(problem or NOT_THERE, 0) + 1
        for run in runs:
            if restriction.only:
                # Of several signs in force at once, each leaves its own way open.
                for arcs, scenario in itertools.product(range(1, len(run)), _each(restriction.scenarios)):
                    open_ways.setdefault((run[:arcs], scenario), set()).add(run[arcs])
            else:
                forbidden[run] = forbidden.get(run, 0) | restriction.scenarios
    for (run, scenarios), allowed in open_ways.items():
        for arc in roads.onward(run[-1]):
            if arc not in allowed and arc != run[-1] ^ 1:
                forbidden[(*run, arc)] = forbidden.get((*run, arc), 0) | scenarios
    return forbidden, unused


def _each(scenarios: int) -> Iterator[int]:
    """Yield the scenarios one by one, a bit each."""
    return (1 << row for row in range(scenarios.bit_length()) if scenarios >> row & 1)


class _Roads:
    """The roads that restrictions name: their arcs, and their nodes in the source."""

    def __init__(self, source: OsmRoads, ends: ArcEnds, drivable: Bool, through: Bool) -> None:
        self.ends, self.drivable, self.through = ends, drivable, through
        named = np.unique([way for r in source.restrictions for way in (r.from_way, *r.via_ways, r.to_way)]).astype(np.int64)
        self.arcs: dict[int, list[int]] = {}
        for segment in np.flatnonzero(np.isin(ends.way_id, named)):
            self.arcs.setdefault(int(ends.way_id[segment]), []).extend((2 * int(segment), 2 * int(segment) + 1))
        self.nodes: dict[int, set[int]] = {}
        self.end_nodes: dict[int, set[int]] = {}
        for piece in np.flatnonzero(np.isin(source.way_ids, named)):
            # A way whose nodes the file lacks in part is several pieces.
            way, refs = int(source.way_ids[piece]), source.node_refs[source.way_starts[piece] : source.way_starts[piece + 1]]
            self.nodes.setdefault(way, set()).update(refs.tolist())
            self.end_nodes.setdefault(way, set()).update(refs[[0, -1]].tolist())

    def onward(self, arc: int) -> list[int]:
        """Return the drivable arcs that begin where one ends."""
        return [other for other in self.ends.leaving(int(self.ends.head[arc])) if self.drivable[other]]

    def doubt(self, restriction: Restriction) -> str | None:
        """Say why a restriction may mean more than one turn; None where it does not."""
        chain = [restriction.from_way, *restriction.via_ways, restriction.to_way]
        if not all(way in self.nodes for way in chain):
            return NOT_THERE
        if restriction.via_node is not None:
            if not all(restriction.via_node in self.nodes[way] for way in chain):
                return NOT_THERE
            meetings = [(way, {restriction.via_node}) for way in chain]
        else:
            shared = [self.nodes[one] & self.nodes[other] for one, other in itertools.pairwise(chain)]
            meetings = [(way, nodes) for pair, nodes in zip(itertools.pairwise(chain), shared, strict=True) for way in pair]
        for way, nodes in meetings:
            # A road that runs through the meeting place has two sides there: which one is meant is not said.
            if nodes and not nodes & self.end_nodes[way]:
                return AMBIGUOUS
        return None

    def runs(self, restriction: Restriction, junction_of_node: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
        """Yield the runs of arcs from the first road, by those between, into the last."""
        into = [arc for arc in self.arcs.get(restriction.to_way, ()) if self.drivable[arc]]
        for first in self.arcs.get(restriction.from_way, ()):
            if not self.drivable[first]:
                continue
            if restriction.via_node is not None:
                if self.ends.head[first] == junction_of_node.get(restriction.via_node, -1):
                    yield from ((first, arc) for arc in into if self.ends.tail[arc] == self.ends.head[first])
            elif self.through[first]:
                yield from self._by_way(first, restriction.via_ways, into)

    def _by_way(self, first: int, via_ways: Sequence[int], into: Sequence[int]) -> Iterator[tuple[int, ...]]:
        tail, head, way_id = self.ends.tail, self.ends.head, self.ends.way_id
        between = [arc for way in via_ways for arc in self.arcs.get(way, ()) if self.through[arc]]
        paths = [[first, arc] for arc in between if tail[arc] == head[first] and arc != first ^ 1]
        while paths:
            path = paths.pop()
            all_driven = {int(way_id[arc >> 1]) for arc in path[1:]} == set(via_ways)
            last = [arc for arc in into if tail[arc] == head[path[-1]] and arc != path[-1] ^ 1]
            if last and all_driven:
                yield from ((*path, arc) for arc in last)
            elif len(path) < _MOST_PIECES:
                driven = {known >> 1 for known in path}
                paths += [[*path, arc] for arc in between if tail[arc] == head[path[-1]] and arc >> 1 not in driven]
