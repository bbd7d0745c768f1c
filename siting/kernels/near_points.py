"""Whether any of many points lies near, by squares that are found by their numbers' hash (no square without a point is held)."""

import numpy as np

from siting.arrays import Bool, Float64, Int64
from siting.kernels.compiled import compiled

_EAST, _NORTH = 73_856_093, 19_349_663
"""Large primes that spread the numbers of squares (M. Teschner and others, "Optimized spatial hashing for collision detection
of deformable objects", 2003)."""


@compiled
def any_nearer(x_m: Float64, y_m: Float64, place_x_m: Float64, place_y_m: Float64, than_m: Float64) -> Bool:
    """Tell of each place whether one of some points lies nearer to it than its own distance (all in metres)."""
    answer = np.zeros(len(place_x_m), dtype=np.bool_)
    if len(x_m) == 0 or len(place_x_m) == 0:
        return answer
    side_m = max(2.0 * than_m.max(), 1e-3)
    room = 1
    while room < 2 * len(x_m):
        room *= 2
    newest = np.full(room, -1, dtype=np.int64)
    before = np.empty(len(x_m), dtype=np.int64)
    for point in range(len(x_m)):
        at = _entry(int(np.floor(x_m[point] / side_m)), int(np.floor(y_m[point] / side_m)), room)
        before[point] = newest[at]
        newest[at] = point
    for place in range(len(place_x_m)):
        answer[place] = _has_nearer(x_m, y_m, newest, before, side_m, place_x_m[place], place_y_m[place], than_m[place])
    return answer


@compiled
def _has_nearer(
    x_m: Float64,
    y_m: Float64,
    newest: Int64,
    before: Int64,
    side_m: float,
    place_x_m: float,
    place_y_m: float,
    than_m: float,
) -> bool:
    """Look through the squares, four at most, that a circle touches; a point of another square in the same entry does no harm."""
    west, east = int(np.floor((place_x_m - than_m) / side_m)), int(np.floor((place_x_m + than_m) / side_m))
    south, north = int(np.floor((place_y_m - than_m) / side_m)), int(np.floor((place_y_m + than_m) / side_m))
    for column in range(west, east + 1):
        for row in range(south, north + 1):
            point = newest[_entry(column, row, len(newest))]
            while point >= 0:
                if (x_m[point] - place_x_m) ** 2 + (y_m[point] - place_y_m) ** 2 < than_m * than_m:
                    return True
                point = before[point]
    return False


@compiled
def _entry(column: int, row: int, room: int) -> int:
    return ((column * _EAST) ^ (row * _NORTH)) & (room - 1)
