"""The sides of lines and circles are those of whole numbers without a limit, however far apart the points."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from siting.kernels.in_circle import FARTHEST, side_of_circle, side_of_line

_UNITS = st.one_of(st.integers(0, FARTHEST), st.integers(0, 40), st.sampled_from([0, 1, FARTHEST // 2, FARTHEST - 1, FARTHEST]))
_POINTS = st.tuples(_UNITS, _UNITS)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _in_circle(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], p: tuple[int, int]) -> int:
    """By Python's own whole numbers, which have no limit."""
    (ax, ay), (bx, by), (cx, cy) = ((one[0] - p[0], one[1] - p[1]) for one in (a, b, c))
    return _sign(
        (ax * ax + ay * ay) * (bx * cy - by * cx)
        + (bx * bx + by * by) * (cx * ay - cy * ax)
        + (cx * cx + cy * cy) * (ax * by - ay * bx)
    )


@settings(deadline=None)
@given(_POINTS, _POINTS, _POINTS, _POINTS)
@example((0, 0), (FARTHEST, 0), (FARTHEST, FARTHEST), (0, FARTHEST))
@example((0, 0), (FARTHEST, 0), (FARTHEST, FARTHEST), (1, FARTHEST - 1))
@example((0, 0), (FARTHEST, 1), (FARTHEST - 1, FARTHEST), (0, FARTHEST))
def test_circles_are_told_exactly(a, b, c, p) -> None:  # noqa: ANN001 - drawn
    assert side_of_circle(*a, *b, *c, *p) == _in_circle(a, b, c, p)


@settings(deadline=None)
@given(st.tuples(st.integers(1, FARTHEST - 1), st.integers(1, FARTHEST - 1)), st.integers(-1, 1), st.integers(-1, 1))
def test_a_unit_beside_the_largest_circle_is_seen(p, east, north) -> None:  # noqa: ANN001 - drawn
    """Of a point, its mirror images in the middle of the largest square lie on one circle; a unit beside it they do not."""
    a, b, c = p, (FARTHEST - p[0], p[1]), (FARTHEST - p[0], FARTHEST - p[1])
    fourth = (p[0] + east, FARTHEST - p[1] + north)
    assert side_of_circle(*a, *b, *c, *fourth) == _in_circle(a, b, c, fourth)


@settings(deadline=None)
@given(_POINTS, _POINTS, _POINTS)
def test_lines_are_told_exactly(a, b, p) -> None:  # noqa: ANN001 - drawn
    exactly = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    assert _sign(side_of_line(*a, *b, *p)) == _sign(exactly)
