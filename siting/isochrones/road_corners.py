"""Points along the roads that are corners of a surface's triangles: so near each other that every road runs along sides.

A side of Delaunay's triangles is surely drawn between two points where no third lies in the circle
over them (K. R. Gabriel and R. R. Sokal, "A new statistical approach to geographic variation
analysis", 1969). Where one does, because another road is near, a point is put between the two, and
so on. What is drawn through the triangles then crosses each road exactly where the time along it
passes the limit, but for a few metres where two roads cross without a junction. The distances are own choices, tried on
three extracts (see the benchmarks).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from siting.arrays import Bool, Float64, Int64
from siting.isochrones.contours import CLOSE_M
from siting.isochrones.triangulation import on_lattice
from siting.kernels.compiled import compiled
from siting.kernels.near_points import any_nearer
from siting.roads.joining import ONE_WAY_HANDICAP_M, Joins, join_points
from siting.roads.network import RoadNetwork

JUNCTION_CLEARANCE_M = 0.2
"""Corners keep this from a junction, where the time jumps by the turn's delay."""
_BESIDE_JUNCTION_M = 1.5
"""How far further in the next corner lies."""
ROAD_STEP_M = 60.0
"""The farthest that corners on a road are apart."""
_LEAST_STEP_M = 20.0
"""Bends nearer to each other than this share a corner."""
_BEND_M = 0.75
"""How far the road may lie from the straight line between two corners."""
_PRIVATE_STEP_M = 10.0
"""The farthest that corners on a private road are apart: which road a home there is joined to may change along it."""
_WITHIN = 1.0 - 1e-6
"""The two corners themselves lie on the circle over them."""
_MANY = 10_000
"""Fewer than this are looked at sooner than a second thread is started."""
_ROUNDS = 40
"""Each halves what it cuts, down to two metres, so that far fewer are needed: a stop for what nobody has thought of."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadCorners:
    """Corners along roads: the segment that each was put on, the share of its length, and where it is in metres."""

    segment: Int64
    share: Float64
    x_m: Float64
    y_m: Float64


def corners_on_roads(network: RoadNetwork, chosen: Bool) -> RoadCorners:
    """Return the corners along the chosen segments."""
    segments = network.segments
    segment, share = _bends(segments.geometry_start, segments.x_m, segments.y_m, chosen)
    segment, share, x_m, y_m = _between(network, segment, share)
    segment, share, x_m, y_m = _one_in_each_place(network, segment, share, x_m, y_m)
    return RoadCorners(segment=segment, share=share, x_m=x_m, y_m=y_m)


def join_corners(network: RoadNetwork, corners: RoadCorners) -> Joins:
    """Return how the corners are joined to the network, as homes in their places would be.

    A home on a private road may be joined to an open one beside it, and one on two roads to either: so is the ground.
    """
    joined = join_points(network, corners.x_m, corners.y_m)
    off_the_map = joined.segment < 0
    return replace(
        joined,
        segment=np.where(off_the_map, corners.segment, joined.segment),
        share=np.where(off_the_map, corners.share, joined.share),
        x_m=np.where(off_the_map, corners.x_m, joined.x_m),
        y_m=np.where(off_the_map, corners.y_m, joined.y_m),
        distance_m=np.where(off_the_map, 0.0, joined.distance_m),
    )


def _one_in_each_place(
    network: RoadNetwork, segment: Int64, share: Float64, x_m: Float64, y_m: Float64
) -> tuple[Int64, Float64, Float64, Float64]:
    """Leave one corner in each place, since Delaunay's triangles need one, though roads cross on bridges.

    A road that loses its corner to the road it crosses gets two beside it, so that the ground is the other road's
    only so far.
    """
    x_m, y_m = on_lattice(x_m), on_lattice(y_m)
    lost = np.ones(len(segment), dtype=bool)
    lost[_first_in_each_place(segment, x_m, y_m)] = False
    length_m = network.segments.length_m[segment[lost]]
    beside = np.concatenate([share[lost] - CLOSE_M / 2 / length_m, share[lost] + CLOSE_M / 2 / length_m])
    roads = np.tile(segment[lost], 2)
    fits = (beside > 0.0) & (beside < 1.0)
    roads, beside = roads[fits], beside[fits]
    lines = network.segments
    beside_x_m, beside_y_m = map(on_lattice, _points_at(lines.geometry_start, lines.x_m, lines.y_m, roads, beside))
    # Where two roads run one on the other, one of them has the ground.
    own = join_points(network, beside_x_m, beside_y_m).segment == roads
    segment, share = np.concatenate([segment[~lost], roads[own]]), np.concatenate([share[~lost], beside[own]])
    x_m, y_m = np.concatenate([x_m[~lost], beside_x_m[own]]), np.concatenate([y_m[~lost], beside_y_m[own]])
    single = _first_in_each_place(segment, x_m, y_m)
    # What is asked of corners road by road then finds each road's figures at hand.
    single = single[np.argsort(segment[single], kind="stable")]
    return segment[single], share[single], x_m[single], y_m[single]


def _first_in_each_place(segment: Int64, x_m: Float64, y_m: Float64) -> Int64:
    """Return one corner of those within a centimetre, of the road that a home there is joined to where both are as near."""
    if not len(segment):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(segment, kind="stable")
    east_cm, north_cm = (np.rint(axis[order] * 100).astype(np.int64) for axis in (x_m, y_m))
    places = (east_cm - east_cm.min()) * (np.ptp(north_cm) + 1) + north_cm - north_cm.min()
    _, first = np.unique(places, return_index=True)
    return np.sort(order[first])


def _between(network: RoadNetwork, segment: Int64, share: Float64) -> tuple[Int64, Float64, Float64, Float64]:
    """Put corners between those that another comes near to; all of them: segment, share of its length, x and y."""
    lines = network.segments
    x_m, y_m = _points_at(lines.geometry_start, lines.x_m, lines.y_m, segment, share)
    joined = _joined(network, segment, x_m, y_m)
    fresh = _Pairs.of(first := np.flatnonzero(segment[1:] == segment[:-1]), first + 1, x_m, y_m)
    settled, added = fresh[np.zeros(0, dtype=np.int64)], 0
    for _ in range(_ROUNDS):
        half_m = fresh.half_m
        too_far = _any_nearer(x_m, y_m, fresh)
        # A line of some length between two points lies within an ellipse, and so this near the straight line.
        half_road_m = lines.length_m[segment[fresh.first]] * np.abs(share[fresh.last] - share[fresh.first]) / 2
        too_far |= np.sqrt(np.maximum(half_road_m**2 - half_m**2, 0.0)) > _BEND_M
        too_far |= (joined[fresh.first] != joined[fresh.last]) | (
            (lines.handicap_m[segment[fresh.first]] > ONE_WAY_HANDICAP_M) & (half_m > _PRIVATE_STEP_M / 2)
        )
        too_far &= half_m > CLOSE_M / 2
        # What was looked at before can only be broken by a corner put in since.
        new_x_m, new_y_m = x_m[len(x_m) - added :], y_m[len(y_m) - added :]
        broken = _any_nearer(new_x_m, new_y_m, settled)
        broken &= settled.half_m > CLOSE_M / 2
        cut = _Pairs.joined(fresh[np.flatnonzero(too_far)], settled[np.flatnonzero(broken)])
        if not len(cut.first):
            break
        settled = _Pairs.joined(fresh[np.flatnonzero(~too_far)], settled[np.flatnonzero(~broken)])
        added = len(cut.first)
        new = np.arange(len(segment), len(segment) + added)
        new_share = (share[cut.first] + share[cut.last]) / 2
        new_x_m, new_y_m = _points_at(lines.geometry_start, lines.x_m, lines.y_m, segment[cut.first], new_share)
        x_m, y_m, share = np.concatenate([x_m, new_x_m]), np.concatenate([y_m, new_y_m]), np.concatenate([share, new_share])
        segment = np.concatenate([segment, segment[cut.first]])
        joined = np.concatenate([joined, _joined(network, segment[new], new_x_m, new_y_m)])
        fresh = _Pairs.of(np.concatenate([cut.first, new]), np.concatenate([new, cut.last]), x_m, y_m)
    return segment, share, x_m, y_m


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pairs:
    """Corners that follow each other on a road: the point in the middle between them, and half of how far they are apart."""

    first: Int64
    last: Int64
    x_m: Float64
    y_m: Float64
    half_m: Float64

    @classmethod
    def of(cls, first: Int64, last: Int64, x_m: Float64, y_m: Float64) -> Self:
        return cls(
            first=first,
            last=last,
            x_m=(x_m[first] + x_m[last]) / 2,
            y_m=(y_m[first] + y_m[last]) / 2,
            half_m=np.hypot(x_m[first] - x_m[last], y_m[first] - y_m[last]) / 2,
        )

    @classmethod
    def joined(cls, *parts: Self) -> Self:
        return cls(**{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)})

    def __getitem__(self, index: Int64) -> Self:
        return type(self)(**{one.name: getattr(self, one.name)[index] for one in fields(self)})


def _any_nearer(x_m: Float64, y_m: Float64, pairs: _Pairs) -> Bool:
    """Tell of each pair whether one of some points lies in the circle over it; of many pairs half is looked at beside."""

    def look(part: slice) -> Bool:
        return any_nearer(x_m, y_m, pairs.x_m[part], pairs.y_m[part], pairs.half_m[part] * _WITHIN)

    half = len(pairs.first) // 2 if len(pairs.first) >= _MANY else 0
    if not half:
        return look(slice(None))
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(look, slice(half))
        second = look(slice(half, None))
        return np.concatenate([first.result(), second])


def _joined(network: RoadNetwork, segment: Int64, x_m: Float64, y_m: Float64) -> Int64:
    """Return the segments that places on the road are joined to: from a private road perhaps an open one beside it."""
    joined = segment.copy()
    private = np.flatnonzero(network.segments.handicap_m[segment] > ONE_WAY_HANDICAP_M)
    joined[private] = join_points(network, x_m[private], y_m[private]).segment
    return joined


@compiled
def _points_at(geometry_start: Int64, x_m: Float64, y_m: Float64, segment: Int64, share: Float64) -> tuple[Float64, Float64]:
    """Return the points that lie at shares of segments' lengths."""
    at_x_m, at_y_m = np.empty(len(segment)), np.empty(len(segment))
    for row in range(len(segment)):
        first, last = geometry_start[segment[row]], geometry_start[segment[row] + 1] - 1
        length = 0.0
        for p in range(first, last):
            length += np.hypot(x_m[p + 1] - x_m[p], y_m[p + 1] - y_m[p])
        left = share[row] * length
        at_x_m[row], at_y_m[row] = x_m[last], y_m[last]
        for p in range(first, last):
            piece = np.hypot(x_m[p + 1] - x_m[p], y_m[p + 1] - y_m[p])
            if piece > 0.0 and left <= piece:
                at_x_m[row] = x_m[p] + left / piece * (x_m[p + 1] - x_m[p])
                at_y_m[row] = y_m[p] + left / piece * (y_m[p + 1] - y_m[p])
                break
            left -= piece
    return at_x_m, at_y_m


@compiled
def _bends(geometry_start: Int64, x_m: Float64, y_m: Float64, joinable: Bool) -> tuple[Int64, Float64]:
    """Place corners along the joinable segments; their segment and share of its length.

    One stands a little way into each road: a time that jumps at the junction then jumps over no more road than that.
    """
    near = JUNCTION_CLEARANCE_M + _BESIDE_JUNCTION_M
    segment, share = [np.int64(0)], [0.0]
    for s in range(len(joinable)):
        if not joinable[s]:
            continue
        first, last = geometry_start[s], geometry_start[s + 1] - 1
        length = 0.0
        for p in range(first, last):
            length += np.hypot(x_m[p + 1] - x_m[p], y_m[p + 1] - y_m[p])
        if length <= 0.0:
            continue
        clearance = min(JUNCTION_CLEARANCE_M, length / 4)
        previous = -np.inf
        along = 0.0
        for p in range(first, last):
            piece = np.hypot(x_m[p + 1] - x_m[p], y_m[p + 1] - y_m[p])
            if piece <= 0.0:
                continue
            low, high = max(along, clearance), min(along + piece, length - clearance)
            if high >= low:
                is_last = along + piece >= length - clearance
                steps = max(1, int(np.ceil((high - low) / ROAD_STEP_M)))
                for k in range(steps + 1):
                    at = low + (high - low) * k / steps
                    must = (is_last and k == steps) or previous == -np.inf
                    near_end = length - clearance - at < _LEAST_STEP_M and not must
                    if must and at - previous < 1e-6:
                        continue
                    if must or (at - previous >= _LEAST_STEP_M and not near_end):
                        if length > 4 * near and previous > -np.inf and is_last and k == steps:
                            segment.append(np.int64(s))
                            share.append(1.0 - near / length)
                        segment.append(np.int64(s))
                        share.append(at / length)
                        if length > 4 * near and previous == -np.inf:
                            segment.append(np.int64(s))
                            share.append(near / length)
                        previous = at
            along += piece
    return np.array(segment[1:]), np.array(share[1:])
