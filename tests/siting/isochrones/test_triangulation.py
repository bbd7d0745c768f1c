"""Triangles over points are the same whichever library lays them."""

import numpy as np
import pytest

from siting.faults import SitingError
from siting.isochrones import triangulation


def _as_a_set(triangles: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(sorted(map(int, corners))) for corners in triangles}


def test_both_libraries_lay_the_same_triangles() -> None:
    pytest.importorskip("startinpy", reason="it has no wheel here")
    points = np.random.default_rng(3).uniform(-5_000, 5_000, (2_000, 2))
    by_startinpy, by_qhull = triangulation._by_startinpy(points), triangulation._by_qhull(points)
    assert _as_a_set(by_startinpy) == _as_a_set(by_qhull)


@pytest.mark.parametrize("lay", [triangulation._by_startinpy, triangulation._by_qhull])
def test_corners_run_counter_clockwise(lay) -> None:  # noqa: ANN001 - either library's way
    points = np.random.default_rng(4).uniform(0, 100, (50, 2))
    a, b, c = (points[lay(points)[:, k]] for k in range(3))
    assert ((b - a)[:, 0] * (c - a)[:, 1] > (b - a)[:, 1] * (c - a)[:, 0]).all()


@pytest.mark.parametrize("lay", [triangulation._by_startinpy, triangulation._by_qhull])
def test_two_points_in_one_place_are_refused(lay) -> None:  # noqa: ANN001 - either library's way
    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [7.0, 7.0], [7.0, 7.0]])
    with pytest.raises(SitingError, match="1 points"):
        lay(points)


def test_neighbours_stand_across_the_side_opposite_each_corner() -> None:
    x_m, y_m = np.array([0.0, 10.0, 10.0, 0.0]), np.array([0.0, 0.0, 11.0, 10.0])
    triangles, neighbours = triangulation.triangulate(x_m, y_m)
    assert len(triangles) == 2
    for one in range(2):
        across = [int(corner) for corner, other in zip(triangles[one], neighbours[one], strict=True) if other >= 0]
        assert len(across) == 1
        assert across[0] not in triangles[1 - one]
