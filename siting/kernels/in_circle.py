"""On which side of a line a point lies, and whether in a circle: exactly, for points in whole units.

Both are signs of determinants (L. Guibas and J. Stolfi, "Primitives for the manipulation of general subdivisions and the
computation of Voronoi diagrams", 1985). Where the error of floating-point arithmetic could change the sign (J. R. Shewchuk,
"Adaptive precision floating-point arithmetic and fast robust geometric predicates", 1997), it is worked out in whole numbers.
"""

from siting.kernels.compiled import compiled

FARTHEST = 1 << 30
"""How far two points may be apart along either axis, in units, so that every sum fits into 128 bits."""

_ERROR = 1e-15
"""More than eight roundings of 2**-53 each."""
_BITS = 31
_MASK = (1 << _BITS) - 1


@compiled
def side_of_line(ax: int, ay: int, bx: int, by: int, px: int, py: int) -> int:
    """Return a number above 0 where `p` lies to the left of the line from `a` to `b`, 0 on it, and below 0 to the right."""
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@compiled
def side_of_circle(ax: int, ay: int, bx: int, by: int, cx: int, cy: int, px: int, py: int) -> int:
    """Return 1 where `p` lies within the circle through `a`, `b` and `c` (counter-clockwise), 0 on it, and -1 outside."""
    ax, ay, bx, by, cx, cy = ax - px, ay - py, bx - px, by - py, cx - px, cy - py
    a2, b2, c2 = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    bc, ca, ab = bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx
    one, two, three = float(a2) * float(bc), float(b2) * float(ca), float(c2) * float(ab)
    roughly = one + two + three
    if abs(roughly) > _ERROR * (abs(one) + abs(two) + abs(three)):
        return 1 if roughly > 0.0 else -1
    return _sign_of_sum(_product(a2, bc), _product(b2, ca), _product(c2, ab))


@compiled
def _product(a: int, b: int) -> tuple[int, int, int]:
    """Return the product of two numbers below 2**62 in size as high * 2**62 + middle * 2**31 + low, the last two not below 0."""
    a_high, a_low, b_high, b_low = a >> _BITS, a & _MASK, b >> _BITS, b & _MASK
    one, other, low = a_high * b_low, a_low * b_high, a_low * b_low
    middle = (one & _MASK) + (other & _MASK) + (low >> _BITS)
    return a_high * b_high + (one >> _BITS) + (other >> _BITS) + (middle >> _BITS), middle & _MASK, low & _MASK


@compiled
def _sign_of_sum(a: tuple[int, int, int], b: tuple[int, int, int], c: tuple[int, int, int]) -> int:
    low = a[2] + b[2] + c[2]
    middle = a[1] + b[1] + c[1] + (low >> _BITS)
    high = a[0] + b[0] + c[0] + (middle >> _BITS)
    if high < 0:
        return -1
    return 1 if high > 0 or (middle & _MASK) > 0 or (low & _MASK) > 0 else 0
