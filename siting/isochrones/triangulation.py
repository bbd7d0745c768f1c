"""Delaunay's triangles over points (B. N. Delaunay, "Sur la sphère vide", 1934).

By startinpy (H. Ledoux), which takes half of the time; where there is no wheel of it, by Qhull through scipy.
"""

from importlib.util import find_spec

import numpy as np

from siting.arrays import Float64, Int32
from siting.faults import SitingError
from siting.kernels.compiled import compiled

_STRIP_M = 200.0
"""Wider strips make for a longer way from one point to the next, narrower ones for more turns (tried on three extracts)."""
_SAME_PLACE_M = 1e-6


def triangulate(x_m: Float64, y_m: Float64) -> tuple[Int32, Int32]:
    """Lay Delaunay's triangles over points, no two of which are in one place.

    Returns
    -------
    tuple
        Triangles x 3: the corners, counter-clockwise; and the triangle across the side opposite
        each corner, -1 at the edge.
    """
    # Coordinates near zero keep the arithmetic exact.
    points = np.column_stack([x_m - x_m.mean(), y_m - y_m.mean()])
    triangles = _by_startinpy(points) if find_spec("startinpy") else _by_qhull(points)
    return triangles, _neighbours(triangles, len(x_m))


def _by_startinpy(points: Float64) -> Int32:
    """Lay the triangles over points (n x 2, metres); corners counter-clockwise."""
    import startinpy  # noqa: PLC0415 - slow to load, and only what is not kept is made

    # Points that follow each other lie near each other: each is found from the one before.
    strip = np.floor(points[:, 1] / _STRIP_M).astype(np.int64)
    order = np.lexsort((np.where(strip % 2 == 0, points[:, 0], -points[:, 0]), strip))
    mesh = startinpy.DT()
    mesh.snap_tolerance = _SAME_PLACE_M
    mesh.insert(np.column_stack([points, np.zeros(len(points))])[order], insertionstrategy="BBox")
    _check_all_stand(len(points) - mesh.number_of_vertices())
    # It counts its points from 1.
    laid = np.concatenate([[0], order]).astype(np.int32)
    return np.asarray(laid[mesh.triangles])


def _by_qhull(points: Float64) -> Int32:
    """Lay the triangles over points (n x 2, metres); corners counter-clockwise."""
    from scipy.spatial import Delaunay  # noqa: PLC0415 - installed only where startinpy is not

    laid = Delaunay(points)
    _check_all_stand(len(laid.coplanar))
    return np.asarray(laid.simplices, dtype=np.int32)


def _check_all_stand(missing: int) -> None:
    if missing:
        msg = f"{missing} points of the ground lie in the place of another."
        raise SitingError(msg)


@compiled
def _neighbours(triangles: Int32, points: int) -> Int32:
    """Find the triangle across each side: the other one that has the side's two corners."""
    neighbours = np.full(triangles.shape, np.int32(-1))
    # The sides that were met once are listed by their lower corner.
    newest = np.full(points, -1, dtype=np.int64)
    before = np.full(triangles.size, -1, dtype=np.int64)
    for triangle in range(len(triangles)):
        for k in range(3):
            one, other = triangles[triangle, (k + 1) % 3], triangles[triangle, (k + 2) % 3]
            low, high = min(one, other), max(one, other)
            side = newest[low]
            while side >= 0:
                met, at = side // 3, side % 3
                if neighbours[met, at] < 0 and max(triangles[met, (at + 1) % 3], triangles[met, (at + 2) % 3]) == high:
                    neighbours[met, at], neighbours[triangle, k] = triangle, met
                    break
                side = before[side]
            if side < 0:
                before[3 * triangle + k] = newest[low]
                newest[low] = 3 * triangle + k
    return neighbours
