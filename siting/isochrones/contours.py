"""The line around all that lies within a time, drawn through the triangles of a surface.

Between two corners of which one is within the limit and one is not, the line crosses where the
time along the side between them passes the limit. Where the time jumps, because the corners lie
on roads that are not connected there, the ground belongs to the nearer road: the line crosses as
far out as one gets at walking pace of a drive, at most half-way. Both places move outward as the
limit rises, so areas of rising limits lie in each other.
"""

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from siting.arrays import Float64, Int8, Int32, Int64
from siting.kernels.compiled import compiled

_CLEAR_OF_CORNER_M = 0.01
CLOSE_M = 2.0
"""Corners on one road are put no nearer to each other than this to find where a time jumps."""


def area_within(
    x_m: Float64, y_m: Float64, time_ms: Float64, triangles: Int32, neighbours: Int32, limit_ms: float, ms_per_m: float
) -> MultiPolygon:
    """Return the area whose time is at most the limit, with its holes and parts.

    Parameters
    ----------
    x_m, y_m, time_ms
        The corners; an infinite time where there is no way. No corner on the outer edge is within the limit.
    triangles, neighbours
        As in `surface.Surface`.
    ms_per_m
        How long one metre between a door and a road takes.
    """
    line_x_m, line_y_m, ring_start = _trace(x_m, y_m, time_ms, triangles, neighbours, limit_ms, ms_per_m)
    if len(ring_start) < 2:
        return MultiPolygon()
    counts = np.diff(ring_start)
    ring = np.repeat(np.arange(len(counts)), counts)
    keep = counts[ring] >= 3
    _, ring = np.unique(ring[keep], return_inverse=True)
    rings = np.asarray(shapely.linearrings(np.column_stack([line_x_m[keep], line_y_m[keep]]), indices=ring))
    shells = shapely.is_ccw(rings)
    return _valid(_nest(rings[shells], rings[~shells]))


def _valid(area: MultiPolygon) -> MultiPolygon:
    """Mend an area whose outline touches itself where two crossings come to lie in one place of the arithmetic."""
    if shapely.is_valid(area):
        return area
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(area)))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])


def _nest(shells: np.ndarray, holes: np.ndarray) -> MultiPolygon:
    """Give each hole to the smallest shell around it."""
    outlines = np.asarray(shapely.polygons(shells))
    if len(holes) == 0:
        return MultiPolygon(list(outlines))
    # The middle of a hole's side lies in no island within the hole, and touches no shell as a corner may.
    sides = [shapely.get_coordinates(hole)[:2] for hole in holes]
    tree = shapely.STRtree(np.asarray(shapely.points(np.mean(sides, axis=1))))
    shell_index, hole_index = tree.query(outlines, predicate="contains")
    area_m2 = np.asarray(shapely.area(outlines))
    order = np.lexsort((area_m2[shell_index], hole_index))
    hole_index, shell_index = hole_index[order], shell_index[order]
    first = np.unique(hole_index, return_index=True)[1]
    inside: dict[int, list[shapely.LinearRing]] = {}
    for at in first:
        inside.setdefault(int(shell_index[at]), []).append(holes[hole_index[at]])
    parts = [Polygon(shell, inside[index]) if index in inside else outlines[index] for index, shell in enumerate(shells)]
    return MultiPolygon(parts)


@compiled
def _crossing(
    inner: int, outer: int, x_m: Float64, y_m: Float64, time_ms: Float64, limit_ms: float, ms_per_m: float
) -> tuple[float, float]:
    dx, dy = x_m[outer] - x_m[inner], y_m[outer] - y_m[inner]
    distance = np.hypot(dx, dy)
    rise = time_ms[outer] - time_ms[inner]
    left_ms = limit_ms - time_ms[inner]
    if rise <= distance * ms_per_m:
        share = left_ms / rise
    else:
        share = min(0.5, left_ms / ms_per_m / distance) if distance > CLOSE_M else 0.0
    clear = min(_CLEAR_OF_CORNER_M / distance, 0.25)
    share = min(max(share, clear), 1.0 - clear)
    return x_m[inner] + share * dx, y_m[inner] + share * dy


@compiled
def _trace(
    x_m: Float64,
    y_m: Float64,
    time_ms: Float64,
    triangles: Int32,
    neighbours: Int32,
    limit_ms: float,
    ms_per_m: float,
) -> tuple[Float64, Float64, Int64]:
    """Walk round every edge of the area, the area on the left; the points, and where each ring begins."""
    count = len(triangles)
    inside = np.empty(len(x_m), dtype=np.int8)
    for corner in range(len(x_m)):
        inside[corner] = 1 if time_ms[corner] <= limit_ms else 0
    done = np.zeros(count, dtype=np.int8)
    line_x, line_y = [0.0], [0.0]
    ring_start = [np.int64(0)]
    for first in range(count):
        if done[first] or not _is_mixed(triangles, inside, first):
            continue
        triangle = first
        while not done[triangle]:
            done[triangle] = 1
            leave = -1
            for k in range(3):
                a, b = triangles[triangle, (k + 1) % 3], triangles[triangle, (k + 2) % 3]
                if inside[b] and not inside[a]:
                    leave = k
                    x, y = _crossing(b, a, x_m, y_m, time_ms, limit_ms, ms_per_m)
                    line_x.append(x)
                    line_y.append(y)
            triangle = neighbours[triangle, leave]
        ring_start.append(np.int64(len(line_x) - 1))
    return np.array(line_x[1:]), np.array(line_y[1:]), np.array(ring_start)


@compiled
def _is_mixed(triangles: Int32, inside: Int8, triangle: int) -> bool:
    total = inside[triangles[triangle, 0]] + inside[triangles[triangle, 1]] + inside[triangles[triangle, 2]]
    return total in (1, 2)
