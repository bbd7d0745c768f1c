"""Random roads with one-way streets, posts and turn restrictions: every journey beside a walk that knows no arcs or states.

The walk goes from node to node and remembers the pieces behind it; whatever a restriction forbids is looked up in what
it remembers. Turns cost nothing here, so that metres decide alone.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from siting.roads.joining import join_points
from siting.times.routing import reach, times_at
from siting.words import NO_WAY_MS, Direction, Scenario

Draw = Callable[..., Any]
Piece = tuple[int, str, str]
"""The way, from which node to which."""
ROAD = {"highway": "residential", "maxspeed": "30 mph"}
CORNER = np.array([480_000.0, 190_000.0])
LETTERS = "abcdefghijkl"
FREE_TURNS = {
    "turn_delay": 0.0,
    "u_turn_delay": 0.0,
    "town__from": 1e8,
    "town__full": 1e9,
    "built_up__from": 1e8,
    "built_up__full": 1e9,
}


class World:
    """A grid of roads, some of them several pieces long, with what is forbidden on them."""

    def __init__(self, seed: int) -> None:
        self.random = random = np.random.default_rng(seed)
        self.nodes = {
            letter: (600.0 * (n % 4) + random.integers(-90, 90), 600.0 * (n // 4) + random.integers(-90, 90))
            for n, letter in enumerate(LETTERS)
        }
        self.ways: list[tuple[str, dict[str, str]]] = []
        edges = [(LETTERS[n], LETTERS[n + 1]) for n in range(12) if n % 4 < 3]
        edges += [(LETTERS[n], LETTERS[n + 4]) for n in range(8)]
        left = [edges[n] for n in random.permutation(len(edges))]
        while left:
            way = list(left.pop())
            while random.random() < 0.45 and (onward := [edge for edge in left if way[-1] in edge]):
                left.remove(onward[0])
                way.append(onward[0][onward[0][0] == way[-1]])
            self.ways.append(("".join(way), ROAD | ({"oneway": "yes"} if random.random() < 0.25 else {})))
        self.posts = [letter for letter in LETTERS if random.random() < 0.05]
        self.rules = [rule for _ in range(random.integers(1, 7)) if (rule := self._rule())]
        self.forbidden = set(self._forbidden())

    def _rule(self) -> tuple[str, int, str | int, int] | None:
        """Forbid a turn at an end of a way, or by way of the next."""
        start = self._any(range(1, len(self.ways) + 1))
        by_node = str(self._any(self._ends(start)))
        kind = "no_left_turn" if self.random.random() < 0.6 else "only_straight_on"
        if self.random.random() < 0.5:
            goal = self._any(self._meeting(by_node))
            return ("no_u_turn" if goal == start else kind, start, by_node, goal)
        between = [way for way in self._meeting(by_node) if way != start]
        if not between:
            return None
        by_way = self._any(between)
        far = next(end for end in self._ends(by_way) if end != by_node)
        goals = [way for way in self._meeting(far) if way not in {start, by_way}]
        return (kind, start, by_way, self._any(goals)) if goals else None

    def _any(self, of: Sequence[Any]) -> Any:
        return of[self.random.integers(len(of))]

    def _ends(self, way: int) -> str:
        return self.ways[way - 1][0][0] + self.ways[way - 1][0][-1]

    def _meeting(self, node: str) -> list[int]:
        return [way for way in range(1, len(self.ways) + 1) if node in self._ends(way) and len(set(self._ends(way))) > 1]

    def pieces(self, way: int) -> list[Piece]:
        """Return the pieces of a way in each direction that is driven."""
        path, tags = self.ways[way - 1]
        along = [(way, *pair) for pair in itertools.pairwise(path)]
        return along if "oneway" in tags else [*along, *((way, end, begin) for way, begin, end in along)]

    def onward(self, piece: Piece) -> list[Piece]:
        """Return what begins where a piece ends; behind posts nothing but the piece itself does."""
        every = [one for way in range(1, len(self.ways) + 1) for one in self.pieces(way) if one[1] == piece[2]]
        return [one for one in every if back_from(piece, one) or piece[2] not in self.posts]

    def _forbidden(self) -> Iterator[tuple[Piece, ...]]:
        left_open: dict[tuple[Piece, ...], set[Piece]] = {}
        for kind, start, by, goal in self.rules:
            for run in self._runs(start, by, goal):
                if kind.startswith("no"):
                    yield run
                for length in range(1, len(run) if kind.startswith("only") else 0):
                    left_open.setdefault(run[:length], set()).add(run[length])
        for run, goals in left_open.items():
            yield from ((*run, one) for one in self.onward(run[-1]) if one not in goals and not back_from(run[-1], one))

    def _runs(self, start: int, by: str | int, goal: int) -> Iterator[tuple[Piece, ...]]:
        for first in self.pieces(start):
            if isinstance(by, str):
                # Where posts part the roads there is no turn to forbid.
                if first[2] == by and by not in self.posts:
                    yield from ((first, one) for one in self.onward(first) if one[0] == goal)
                continue
            runs = [(first, one) for one in self.onward(first) if one[0] == by]
            while runs:
                run = runs.pop()
                onward = [one for one in self.onward(run[-1]) if not back_from(run[-1], one)]
                yield from ((*run, one) for one in onward if one[0] == goal)
                runs += [(*run, one) for one in onward if one[0] == by and not any(goal == other[0] for other in onward)]

    def metres(self, piece: Piece) -> float:
        return float(np.hypot(*(np.subtract(self.nodes[piece[1]], self.nodes[piece[2]]))))

    def walk(self, start: tuple[int, str, str]) -> dict[frozenset[str], float]:
        """Return the least metres from the middle of one piece to the middle of every other."""
        longest = max(map(len, self.forbidden), default=2)
        waiting = [(self.metres(one) / 2, (one,)) for one in self.pieces(start[0]) if {one[1], one[2]} == {start[1], start[2]}]
        seen: set[tuple[Piece, ...]] = set()
        found: dict[frozenset[str], float] = {}
        while waiting:
            metres, behind = heapq.heappop(waiting)
            if behind in seen:
                continue
            seen.add(behind)
            onward = self.onward(behind[-1])
            by_sign = [one for one in onward if (behind[-1], one) not in self.forbidden]
            way_on = any(not back_from(behind[-1], one) for one in by_sign)
            for one in by_sign:
                if (back_from(behind[-1], one) and way_on) or self.is_forbidden((*behind, one)):
                    continue
                middle = metres + self.metres(one) / 2
                key = frozenset(one[1:])
                found[key] = min(found.get(key, np.inf), middle)
                heapq.heappush(waiting, (metres + self.metres(one), (*behind, one)[-longest:]))
        return found

    def is_forbidden(self, driven: tuple[Piece, ...]) -> bool:
        return any(driven[-length:] in self.forbidden for length in range(2, len(driven) + 1))


def back_from(piece: Piece, other: Piece) -> bool:
    return other == (piece[0], piece[2], piece[1])


@pytest.mark.parametrize("seed", [*range(10), 71, 313])
def test_every_journey_is_as_long_as_a_walk_finds_it(draw: Draw, seed: int) -> None:
    world = World(seed)
    network = draw(
        world.nodes, world.ways, world.rules, {post: {"barrier": "bollard"} for post in world.posts}, **FREE_TURNS
    ).network
    pieces = [
        one
        for way in range(1, len(world.ways) + 1)
        for one in world.pieces(way)
        if one[1] < one[2] or "oneway" in world.ways[way - 1][1]
    ]
    middles = np.array([np.add(world.nodes[one[1]], world.nodes[one[2]]) / 2 for one in pieces]) + CORNER
    places = join_points(network, middles[:, 0], middles[:, 1])
    # From a road that cannot be left again, a house is joined to another one.
    there = places.distance_m < 0.5
    ms_per_m = np.median(network.arc_ms[1] / np.repeat(network.segments.length_m, 2))
    compared = 0
    for row in np.flatnonzero(there).tolist():
        ours = times_at(reach(network, places[row : row + 1], Scenario.TYPICAL, Direction.FROM_SCHOOL), places)
        walked = world.walk(pieces[row])
        for goal in np.flatnonzero(there).tolist():
            if goal == row or places.segment[goal] == places.segment[row]:
                continue
            metres = walked.get(frozenset(pieces[goal][1:]), np.inf)
            told = np.inf if ours[goal] >= NO_WAY_MS else ours[goal] / ms_per_m
            assert told == pytest.approx(metres, abs=3.0), f"{pieces[row]} to {pieces[goal]}"
            compared += 1
    assert compared > 20
