"""The triangles over points are Delaunay's, whatever the points' order, and those of another library but where circles tie."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import Delaunay

from siting.faults import SitingError
from siting.isochrones.triangulation import on_lattice, triangulate

_PER_M = 1024


def _framed(points: np.ndarray, beyond_m: float = 50.0) -> tuple[np.ndarray, np.ndarray]:
    """Points (n x 2) and the four corners of a frame behind them."""
    (west, south), (east, north) = points.min(axis=0) - beyond_m, points.max(axis=0) + beyond_m
    return np.append(points[:, 0], [west, east, east, west]), np.append(points[:, 1], [south, south, north, north])


def _as_a_set(triangles: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(sorted(map(int, corners))) for corners in triangles}


def _places(x_m: np.ndarray, y_m: np.ndarray, triangles: np.ndarray) -> set[tuple[tuple[float, float], ...]]:
    return {tuple(sorted((float(x_m[corner]), float(y_m[corner])) for corner in corners)) for corners in triangles}


def _twice_area(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _depth(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], p: tuple[int, int]) -> int:
    """Above 0 for a point within the circle through three, 0 for one on it, by whole numbers without a limit."""
    (ax, ay), (bx, by), (cx, cy) = ((one[0] - p[0], one[1] - p[1]) for one in (a, b, c))
    lift = (ax * ax + ay * ay) * (bx * cy - by * cx) + (bx * bx + by * by) * (cx * ay - cy * ax)
    return lift + (cx * cx + cy * cy) * (ax * by - ay * bx)


# Few units a side, so that many points lie in one line or on one circle.
_CROWDED = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30, unique=True)
_SPREAD = st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**8)), min_size=1, max_size=30, unique=True)


@settings(deadline=None)
@given(st.one_of(_CROWDED, _SPREAD))
def test_no_circle_holds_a_point_and_of_four_on_one_the_south_westernmost_has_the_side(units) -> None:  # noqa: ANN001 - drawn
    x_m, y_m = _framed(np.array(units) / _PER_M)
    triangles, neighbours = triangulate(x_m, y_m)
    places = [(round(x * _PER_M), round(y * _PER_M)) for x, y in zip(x_m, y_m, strict=True)]
    areas = [_twice_area(*(places[corner] for corner in corners)) for corners in triangles]
    assert min(areas) > 0, "not counter-clockwise"
    assert sum(areas) == 2 * (places[-3][0] - places[-4][0]) * (places[-2][1] - places[-3][1]), "a gap, or one over another"
    assert len(triangles) == 2 * len(units) + 2
    for corners in triangles:
        a, b, c = (places[corner] for corner in corners)
        assert not any(_depth(a, b, c, place) > 0 for place in places)
    for one, across in enumerate(neighbours):
        for k, other in enumerate(across):
            side = {int(triangles[one, (k + 1) % 3]), int(triangles[one, (k + 2) % 3])}
            if other < 0:
                assert side <= set(range(len(units), len(units) + 4)), "a side without a neighbour within the frame"
            else:
                assert side < set(map(int, triangles[other]))
                assert one in neighbours[other]
                (opposite,) = set(map(int, triangles[other])) - side
                if _depth(*(places[corner] for corner in triangles[one]), places[opposite]) == 0:
                    assert min(places[corner] for corner in {*map(int, triangles[one]), opposite}) in {
                        places[one] for one in side
                    }


@settings(deadline=None)
@given(_CROWDED, st.integers(0, 9))
def test_what_lies_beyond_every_circle_changes_no_triangle(units, beyond) -> None:  # noqa: ANN001 - drawn
    """Triangles whose circle lies to the west of the points added in the east are the same without them."""
    west = np.array(units) / _PER_M
    east = np.array([(100 + beyond + k, 3 * k) for k in range(4)]) / _PER_M
    (left, bottom), (right, top) = west.min(axis=0) - 1, east.max(axis=0) + 1
    frame_x_m, frame_y_m = [left, right, right, left], [bottom, bottom, top, top]
    few_x_m, few_y_m = np.append(west[:, 0], frame_x_m), np.append(west[:, 1], frame_y_m)
    more_x_m = np.concatenate([west[:, 0], east[:, 0], frame_x_m])
    more_y_m = np.concatenate([west[:, 1], east[:, 1], frame_y_m])
    few = _places(few_x_m, few_y_m, triangulate(few_x_m, few_y_m)[0])
    more = _places(more_x_m, more_y_m, triangulate(more_x_m, more_y_m)[0])
    added = [(round(x * _PER_M), round(y * _PER_M)) for x, y in east]

    def untouched(places: tuple[tuple[float, float], ...]) -> bool:
        a, b, c = ((round(x * _PER_M), round(y * _PER_M)) for x, y in places)
        if _twice_area(a, b, c) < 0:
            b, c = c, b
        return not any(_depth(a, b, c, place) >= 0 for place in added)

    assert {one for one in few if untouched(one)} <= more


def test_the_triangles_are_those_of_another_library() -> None:
    points = on_lattice(np.random.default_rng(3).uniform(300_000, 310_000, (20_000, 2)))
    x_m, y_m = _framed(points)
    by_qhull = Delaunay(np.column_stack([x_m - x_m.mean(), y_m - y_m.mean()])).simplices
    assert _as_a_set(triangulate(x_m, y_m)[0]) == _as_a_set(by_qhull)


def test_of_points_on_one_circle_the_south_westernmost_has_the_sides() -> None:
    angles = [(25, 0), (24, 7), (20, 15), (15, 20), (7, 24), (0, 25), (-7, 24), (-15, 20), (-20, 15), (-24, 7), (-25, 0)]
    circle = sorted({(sign * x, way * y) for x, y in angles for sign in (-1, 1) for way in (-1, 1)})
    x_m, y_m = _framed(np.array(circle, dtype=float))
    triangles, _ = triangulate(x_m, y_m)
    within = [set(map(int, corners)) for corners in triangles if max(corners) < len(circle)]
    assert len(within) == len(circle) - 2
    assert all(0 in corners for corners in within)
    assert circle[0] == (-25, 0)


def test_a_point_on_the_side_between_two_others_divides_it() -> None:
    x_m, y_m = _framed(np.array([[0.0, 0.0], [10.0, 0.0], [5.0, 4.0], [5.0, -4.0], [5.0, 0.0]]))
    sides = {pair for corners in _as_a_set(triangulate(x_m, y_m)[0]) for pair in combinations(corners, 2)}
    assert (0, 1) not in sides
    assert {(0, 4), (1, 4), (2, 4), (3, 4)} <= sides


def test_the_lattice_is_within_half_a_millimetre() -> None:
    somewhere_m = np.random.default_rng(1).uniform(0, 700_000, 1000)
    assert np.abs(on_lattice(somewhere_m) - somewhere_m).max() <= 0.5 / _PER_M
    assert (on_lattice(on_lattice(somewhere_m)) == on_lattice(somewhere_m)).all()


def test_two_points_in_one_place_are_refused() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [7.0, 7.0], [7.0, 7.0]])
    with pytest.raises(SitingError, match="1 points of the ground lie in the place of another"):
        triangulate(*_framed(points))


@pytest.mark.parametrize("x", [-1.0, 0.0, 100.0, 101.0])
def test_points_outside_the_frame_are_refused(x: float) -> None:
    with pytest.raises(SitingError, match="1 points of the ground lie outside"):
        triangulate(np.array([50.0, x, 0.0, 100.0, 100.0, 0.0]), np.array([50.0, 50.0, 0.0, 0.0, 100.0, 100.0]))


def test_ground_of_more_than_a_thousand_kilometres_is_refused() -> None:
    far = 1_100_000.0
    with pytest.raises(SitingError, match="1,100 km by 100 km is too large"):
        triangulate(np.array([50.0, 0.0, far, far, 0.0]), np.array([50.0, 0.0, 0.0, 100_000.0, 100_000.0]))
