"""Delaunay's triangles over points within a frame (B. N. Delaunay, "Sur la sphère vide", 1934).

Each point is put into the triangle that it lies in, and sides are turned until no circle around a triangle holds another
point (C. L. Lawson, "Software for C1 surface interpolation", 1977). The points lie on a lattice of about a millimetre, so
that this is told exactly; where four of them lie on one circle, the side that ends at the westernmost (of several, the
southernmost) is drawn. So the triangles depend on nothing but the points: not on their order, nor on what lies beyond a circle.
"""

import numpy as np

from siting.arrays import Float64, Int32, Int64
from siting.faults import SitingError
from siting.kernels.compiled import compiled
from siting.kernels.in_circle import FARTHEST, side_of_circle, side_of_line

_PER_M = 1024.0
"""Lines of the lattice in a metre; a power of two, so that the lattice's own coordinates are floating-point numbers."""
_FRAME = 4
_CURVE_BITS = 18
"""The curve along which points follow each other has 2**18 squares a side."""


def on_lattice(coordinates_m: Float64) -> Float64:
    """Return coordinates on the lattice whose points can be triangulated: each at most half a millimetre away."""
    return np.asarray(np.rint(coordinates_m * _PER_M) / _PER_M)


def triangulate(x_m: Float64, y_m: Float64) -> tuple[Int32, Int32]:
    """Lay Delaunay's triangles over points of the lattice, no two of which are in one place.

    Parameters
    ----------
    x_m, y_m
        The last four are the corners of a rectangle, counter-clockwise from the south-west, that all others lie within.

    Returns
    -------
    tuple
        Triangles x 3: the corners, counter-clockwise; and the triangle across the side opposite
        each corner, -1 at the edge.

    Raises
    ------
    SitingError
        Two points are in one place, one is not within the frame, or the frame is over a thousand kilometres long.
    """
    east, north = (np.rint(axis * _PER_M).astype(np.int64) for axis in (x_m, y_m))
    east, north = east - east[-_FRAME], north - north[-_FRAME]
    if max(east[-2], north[-2]) > FARTHEST:
        wide_km, high_km = (axis[-2] / _PER_M / 1000 for axis in (east, north))
        msg = f"Ground of {wide_km:,.0f} km by {high_km:,.0f} km is too large for one map of areas."
        raise SitingError(msg)
    inner_east, inner_north = east[:-_FRAME], north[:-_FRAME]
    outside = (inner_east <= 0) | (inner_east >= east[-2]) | (inner_north <= 0) | (inner_north >= north[-2])
    if outside.any():
        msg = f"{int(outside.sum())} points of the ground lie outside its frame."
        raise SitingError(msg)
    # Points that follow each other lie near each other: each is found from the one before.
    order = np.argsort(_along_a_curve(inner_east, inner_north, int(max(east[-2], north[-2])).bit_length()), kind="stable")
    order = np.concatenate([np.arange(len(x_m) - _FRAME, len(x_m)), order]).astype(np.int32)
    triangles, neighbours, missing = _lay(east[order], north[order])
    if missing:
        msg = f"{missing} points of the ground lie in the place of another."
        raise SitingError(msg)
    return order[triangles], neighbours


@compiled
def _along_a_curve(east: Int64, north: Int64, bits: int) -> Int64:
    """Return how far along a curve that fills a square the points lie.

    The curve is D. Hilbert's ("Über die stetige Abbildung einer Linie auf ein Flächenstück", 1891).
    """
    along = np.zeros(len(east), dtype=np.int64)
    shift = max(bits - _CURVE_BITS, 0)
    for point in range(len(east)):
        x, y, far = east[point] >> shift, north[point] >> shift, 0
        for bit in range(_CURVE_BITS - 1, -1, -1):
            right, above = (x >> bit) & 1, (y >> bit) & 1
            far = 4 * far + ((3 * right) ^ above)
            if above == 0:
                if right == 1:
                    x, y = ~x, ~y
                x, y = y, x
        along[point] = far
    return along


@compiled
def _lay(x: Int64, y: Int64) -> tuple[Int32, Int32, int]:
    """Lay the triangles over points in whole units, the first four of them the frame; how many were left out as doubled."""
    triangles = np.empty((2 * len(x), 3), dtype=np.int32)
    neighbours = np.full((2 * len(x), 3), np.int32(-1))
    triangles[0, 0], triangles[0, 1], triangles[0, 2] = 0, 1, 2
    triangles[1, 0], triangles[1, 1], triangles[1, 2] = 0, 2, 3
    neighbours[0, 1], neighbours[1, 2] = 1, 0
    count, missing, triangle = 2, 0, 0
    to_look_at = np.empty(2 * len(x) + 3, dtype=np.int32)
    for point in range(_FRAME, len(x)):
        triangle = _around(x, y, triangles, neighbours, triangle, point)
        if _is_corner(x, y, triangles, triangle, point):
            missing += 1
            continue
        _cut_in_three(triangles, neighbours, triangle, point, count)
        to_look_at[0], to_look_at[1], to_look_at[2] = triangle, count, count + 1
        count += 2
        _turn_sides(x, y, triangles, neighbours, to_look_at)
    return triangles[:count].copy(), neighbours[:count].copy(), missing


@compiled
def _around(x: Int64, y: Int64, triangles: Int32, neighbours: Int32, triangle: int, point: int) -> int:
    """Walk from a triangle to the one that a point lies in, or on the edge of: across any side that it lies behind."""
    at = 0
    while at < 3:
        a, b = triangles[triangle, (at + 1) % 3], triangles[triangle, (at + 2) % 3]
        if side_of_line(x[a], y[a], x[b], y[b], x[point], y[point]) < 0:
            triangle, at = neighbours[triangle, at], 0
        else:
            at += 1
    return triangle


@compiled
def _is_corner(x: Int64, y: Int64, triangles: Int32, triangle: int, point: int) -> bool:
    for k in range(3):
        corner = triangles[triangle, k]
        if x[corner] == x[point] and y[corner] == y[point]:
            return True
    return False


@compiled
def _cut_in_three(triangles: Int32, neighbours: Int32, triangle: int, point: int, fresh: int) -> None:
    """Put a point into a triangle, whose parts are then that one and two fresh ones; the point is the first corner of each."""
    a, b, c = triangles[triangle, 0], triangles[triangle, 1], triangles[triangle, 2]
    across_b, across_c = neighbours[triangle, 1], neighbours[triangle, 2]
    triangles[triangle, 0] = point
    neighbours[triangle, 1], neighbours[triangle, 2] = fresh, fresh + 1
    triangles[fresh, 0], triangles[fresh, 1], triangles[fresh, 2] = point, c, a
    neighbours[fresh, 0], neighbours[fresh, 1], neighbours[fresh, 2] = across_b, fresh + 1, triangle
    triangles[fresh + 1, 0], triangles[fresh + 1, 1], triangles[fresh + 1, 2] = point, a, b
    neighbours[fresh + 1, 0], neighbours[fresh + 1, 1], neighbours[fresh + 1, 2] = across_c, triangle, fresh
    _put_beside(neighbours, across_b, triangle, fresh)
    _put_beside(neighbours, across_c, triangle, fresh + 1)


@compiled
def _turn_sides(x: Int64, y: Int64, triangles: Int32, neighbours: Int32, to_look_at: Int32) -> None:
    """Turn sides until a point just put in, the first corner of the triangles to look at, has its own by Delaunay's rule."""
    left = 3
    while left:
        left -= 1
        one = to_look_at[left]
        other = neighbours[one, 0]
        if other < 0:
            continue
        at = 0
        while neighbours[other, at] != one:
            at += 1
        if not _is_to_be_turned(x, y, triangles[one, 0], triangles[one, 1], triangles[one, 2], triangles[other, at]):
            continue
        b, opposite = triangles[one, 2], triangles[other, at]
        beyond_a, beyond_b, beside = neighbours[other, (at + 1) % 3], neighbours[other, (at + 2) % 3], neighbours[one, 1]
        triangles[one, 2] = opposite
        neighbours[one, 0], neighbours[one, 1] = beyond_a, other
        triangles[other, 0], triangles[other, 1], triangles[other, 2] = triangles[one, 0], opposite, b
        neighbours[other, 0], neighbours[other, 1], neighbours[other, 2] = beyond_b, beside, one
        _put_beside(neighbours, beyond_a, other, one)
        _put_beside(neighbours, beside, one, other)
        to_look_at[left], to_look_at[left + 1] = one, other
        left += 2


@compiled
def _is_to_be_turned(x: Int64, y: Int64, point: int, a: int, b: int, opposite: int) -> bool:
    """Tell whether the side from `a` to `b`, between a new point's triangle and another, must be that between the other two."""
    if side_of_line(x[a], y[a], x[b], y[b], x[point], y[point]) == 0:
        return True
    side = side_of_circle(x[point], y[point], x[a], y[a], x[b], y[b], x[opposite], y[opposite])
    if side != 0:
        return side > 0
    first = point if _is_before(x, y, point, opposite) else opposite
    return _is_before(x, y, first, a) and _is_before(x, y, first, b)


@compiled
def _is_before(x: Int64, y: Int64, one: int, other: int) -> bool:
    return bool(x[one] < x[other] or (x[one] == x[other] and y[one] < y[other]))


@compiled
def _put_beside(neighbours: Int32, triangle: int, old: int, new: int) -> None:
    """Tell a triangle, if there is one, that another lies across a side than before."""
    if triangle >= 0:
        for k in range(3):
            if neighbours[triangle, k] == old:
                neighbours[triangle, k] = new
