"""Delaunay's triangles over points, by startinpy (H. Ledoux; after B. N. Delaunay, "Sur la sphère vide", 1934)."""

import numpy as np

from siting.arrays import Float64, Int32
from siting.faults import SitingError

_STRIP_M = 1_000.0
_SAME_PLACE_M = 1e-6


def triangulate(x_m: Float64, y_m: Float64) -> tuple[Int32, Int32]:
    """Lay Delaunay's triangles over points, no two of which are in one place.

    Returns
    -------
    tuple
        Triangles x 3: the corners, counter-clockwise; and the triangle across the side opposite
        each corner, -1 at the edge.
    """
    import startinpy  # noqa: PLC0415 - slow to load, and only what is not kept is made

    # Points that follow each other lie near each other: each is found from the one before.
    strip = np.floor(y_m / _STRIP_M).astype(np.int64)
    order = np.lexsort((np.where(strip % 2 == 0, x_m, -x_m), strip))
    mesh = startinpy.DT()
    mesh.snap_tolerance = _SAME_PLACE_M
    # Coordinates near zero keep the arithmetic exact.
    mesh.insert(np.column_stack([x_m - x_m.mean(), y_m - y_m.mean(), np.zeros(len(x_m))])[order], insertionstrategy="AsIs")
    if mesh.number_of_vertices() != len(x_m):
        msg = f"{len(x_m) - mesh.number_of_vertices()} points of the ground lie in the place of another."
        raise SitingError(msg)
    triangles = order[np.asarray(mesh.triangles, dtype=np.int64) - 1].astype(np.int32)
    return triangles, _neighbours(triangles, len(x_m))


def _neighbours(triangles: Int32, points: int) -> Int32:
    """Find the triangle across each side: the other one that has the side's two corners."""
    begin, end = triangles[:, [1, 2, 0]].astype(np.int64).ravel(), triangles[:, [2, 0, 1]].astype(np.int64).ravel()
    side = np.minimum(begin, end) * points + np.maximum(begin, end)
    order = np.argsort(side, kind="stable")
    twice = np.flatnonzero(side[order][1:] == side[order][:-1])
    one, other = order[twice], order[twice + 1]
    neighbours = np.full(len(side), -1, dtype=np.int32)
    neighbours[one], neighbours[other] = other // 3, one // 3
    return neighbours.reshape(-1, 3)
