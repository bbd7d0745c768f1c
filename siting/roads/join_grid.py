"""Finding the nearest point along a road: a grid of the pieces of road that a house may stand at.

A tree of lines takes a fifth longer and knows neither fences nor roads taken only where no other is
near (docs/decisions/own-arrays-and-joins.md).
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64
from siting.kernels.closed_arrays import close_arrays
from siting.kernels.compiled import compiled

CELL_M = 200.0
"""The side of a cell: a few pieces of road each, in towns and in the country."""
ROUNDING_M = 1e-6
"""By how much two ways to work out one distance may differ, many times over."""
_SURELY_FARTHER = 1.0 + 1e-9
"""A square of a distance that is more by this is not the nearest, whatever was lost in working it out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JoinGrid:
    """Which pieces of road (two points after each other) lie in which cell.

    Attributes
    ----------
    origin
        Float64: x and y of the lower left corner, in metres.
    shape
        Int64: rows and columns.
    cell_start, segment, point
        Where each cell's pieces begin (one longer than the cells); the segment of each piece and
        the index of its first point in the segments' geometry.
    """

    origin: Float64
    shape: Int64
    cell_start: Int64
    segment: Int32
    point: Int32

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)


def make_join_grid(geometry_start: Int64, x_m: Float64, y_m: Float64, joinable: Bool) -> JoinGrid:
    """File every piece of the joinable segments under the cells that its bounding box touches."""
    origin = np.array([x_m.min(), y_m.min()]) - 1.0
    shape = np.array([int((y_m.max() - origin[1]) // CELL_M) + 1, int((x_m.max() - origin[0]) // CELL_M) + 1], dtype=np.int64)
    cell_start = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    nothing = np.zeros(0, dtype=np.int32)
    _file_pieces(geometry_start, x_m, y_m, joinable, origin, shape, cell_start, nothing, nothing)
    cell_start = np.cumsum(cell_start)
    segment = np.zeros(cell_start[-1], dtype=np.int32)
    point = np.zeros(cell_start[-1], dtype=np.int32)
    _file_pieces(geometry_start, x_m, y_m, joinable, origin, shape, cell_start[:-1].copy(), segment, point)
    return JoinGrid(origin=origin, shape=shape, cell_start=cell_start, segment=segment, point=point)


@compiled
def _file_pieces(
    geometry_start: Int64,
    x_m: Float64,
    y_m: Float64,
    joinable: Bool,
    origin: Float64,
    shape: Int64,
    cursor: Int64,
    segment: Int32,
    point: Int32,
) -> None:
    """Count the pieces of each cell into `cursor` one place on, or file them where `cursor` points."""
    counting = len(segment) == 0
    for s in range(len(joinable)):
        if not joinable[s]:
            continue
        from_column, from_row = _cell(x_m, y_m, geometry_start[s], origin)
        for p in range(geometry_start[s], geometry_start[s + 1] - 1):
            left, low = from_column, from_row
            right, high = from_column, from_row = _cell(x_m, y_m, p + 1, origin)
            for row in range(min(low, high), max(low, high) + 1):
                for column in range(min(left, right), max(left, right) + 1):
                    cell = row * shape[1] + column
                    if counting:
                        cursor[cell + 1] += 1
                    else:
                        segment[cursor[cell]] = s
                        point[cursor[cell]] = p
                        cursor[cell] += 1


@compiled
def _cell(x_m: Float64, y_m: Float64, point: int, origin: Float64) -> tuple[int, int]:
    return int((x_m[point] - origin[0]) // CELL_M), int((y_m[point] - origin[1]) // CELL_M)


@compiled
def nearest_pieces(
    x_m: Float64,
    y_m: Float64,
    line_x_m: Float64,
    line_y_m: Float64,
    origin: Float64,
    shape: Int64,
    cell_start: Int64,
    segment: Int32,
    point: Int32,
    handicap_m: Float64,
    fence_x_m: Float64,
    fence_y_m: Float64,
    fence_origin: Float64,
    fence_shape: Int64,
    fence_cell_start: Int64,
    fence_point: Int32,
    most_m: float,
    looked_m: float,
) -> tuple[Int64, Int64, Float64, Float64]:
    """Find for each place the nearest point on a road, where there is one no farther than `looked_m` with its handicap.

    `handicap_m`, one a segment, is added to a segment's distance when the nearest is chosen. Nearer
    than `most_m` only what can be reached without crossing a fence is taken; of what is farther the
    nearest is told as it is. Answers the segment (-1 where there is none), the piece's first point, how far along the piece
    (0 to 1), and the distance without the handicap.
    """
    count = len(x_m)
    best_segment = np.full(count, -1, dtype=np.int64)
    best_point = np.full(count, -1, dtype=np.int64)
    best_share = np.zeros(count)
    best_distance = np.full(count, np.inf)
    rows, columns = shape[0], shape[1]
    for i in range(count):
        row = int(np.floor((y_m[i] - origin[1]) / CELL_M))
        column = int(np.floor((x_m[i] - origin[0]) / CELL_M))
        right_m, up_m = x_m[i] - origin[0] - column * CELL_M, y_m[i] - origin[1] - row * CELL_M
        edge_m = max(0.0, min(right_m, CELL_M - right_m, up_m, CELL_M - up_m))
        chosen = np.inf
        gap_x_m = max(0.0, origin[0] - x_m[i], x_m[i] - origin[0] - columns * CELL_M)
        gap_y_m = max(0.0, origin[1] - y_m[i], y_m[i] - origin[1] - rows * CELL_M)
        # A place far outside the grid starts with the ring that first touches it.
        ring = max(0, -row, row - rows + 1, -column, column - columns + 1)
        while ring <= rows + columns + max(abs(row), abs(column)):
            reached_m = (ring - 1) * CELL_M
            # What lies in no cell looked at so far is at least so far away.
            if min(chosen, looked_m) <= reached_m or chosen < reached_m + edge_m - ROUNDING_M:
                break
            if gap_x_m > 0.0 or gap_y_m > 0.0:
                # What was not looked at yet is a ring away along one axis, and along the other as far as the whole grid is.
                left_m = min(np.hypot(max(reached_m, gap_x_m), gap_y_m), np.hypot(gap_x_m, max(reached_m, gap_y_m)))
                if min(chosen, looked_m) < left_m - ROUNDING_M:
                    break
            for r in range(max(0, row - ring), min(rows - 1, row + ring) + 1):
                edge = r in (row - ring, row + ring)
                step = 1 if edge or ring == 0 else 2 * ring
                # Of a row that the ring runs along only what is in the grid is walked; of another its two ends.
                c = max(0, column - ring) if step == 1 else column - ring
                last = min(columns - 1, column + ring) if step == 1 else column + ring
                while c <= last:
                    if 0 <= c < columns:
                        cell = r * columns + c
                        for k in range(cell_start[cell], cell_start[cell + 1]):
                            p = point[k]
                            dx, dy = line_x_m[p + 1] - line_x_m[p], line_y_m[p + 1] - line_y_m[p]
                            length2 = dx * dx + dy * dy
                            share = 0.0
                            if length2 > 0:
                                share = ((x_m[i] - line_x_m[p]) * dx + (y_m[i] - line_y_m[p]) * dy) / length2
                                share = min(1.0, max(0.0, share))
                            off_x_m, off_y_m = line_x_m[p] + share * dx - x_m[i], line_y_m[p] + share * dy - y_m[i]
                            if off_x_m * off_x_m + off_y_m * off_y_m > chosen * chosen * _SURELY_FARTHER:
                                continue
                            distance = np.hypot(off_x_m, off_y_m)
                            counted = distance + handicap_m[segment[k]]
                            is_nearer = counted < chosen or (counted == chosen and segment[k] < best_segment[i])
                            if is_nearer and (
                                distance > most_m
                                or not _is_fenced_off(
                                    x_m[i],
                                    y_m[i],
                                    line_x_m[p] + share * dx,
                                    line_y_m[p] + share * dy,
                                    fence_x_m,
                                    fence_y_m,
                                    fence_origin,
                                    fence_shape,
                                    fence_cell_start,
                                    fence_point,
                                )
                            ):
                                chosen = counted
                                best_segment[i] = segment[k]
                                best_point[i] = p
                                best_share[i] = share
                                best_distance[i] = distance
                    c += step
            ring += 1
    return best_segment, best_point, best_share, best_distance


@compiled
def _is_fenced_off(
    x_m: float,
    y_m: float,
    to_x_m: float,
    to_y_m: float,
    fence_x_m: Float64,
    fence_y_m: Float64,
    origin: Float64,
    shape: Int64,
    cell_start: Int64,
    point: Int32,
) -> bool:
    """Tell whether the straight line from a place to a road crosses a fence."""
    if len(fence_x_m) == 0:
        return False
    left = max(0, int(np.floor((min(x_m, to_x_m) - origin[0]) / CELL_M)))
    right = min(shape[1] - 1, int(np.floor((max(x_m, to_x_m) - origin[0]) / CELL_M)))
    low = max(0, int(np.floor((min(y_m, to_y_m) - origin[1]) / CELL_M)))
    high = min(shape[0] - 1, int(np.floor((max(y_m, to_y_m) - origin[1]) / CELL_M)))
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            cell = row * shape[1] + column
            for k in range(cell_start[cell], cell_start[cell + 1]):
                p = point[k]
                ax, ay, bx, by = fence_x_m[p], fence_y_m[p], fence_x_m[p + 1], fence_y_m[p + 1]
                a_side = (to_x_m - x_m) * (ay - y_m) - (to_y_m - y_m) * (ax - x_m)
                b_side = (to_x_m - x_m) * (by - y_m) - (to_y_m - y_m) * (bx - x_m)
                place_side = (bx - ax) * (y_m - ay) - (by - ay) * (x_m - ax)
                road_side = (bx - ax) * (to_y_m - ay) - (by - ay) * (to_x_m - ax)
                if a_side * b_side <= 0.0 and place_side * road_side < 0.0:
                    return True
    return False


@compiled
def shares_along(
    segment: Int64, point: Int64, share_of_piece: Float64, geometry_start: Int64, line_x_m: Float64, line_y_m: Float64
) -> Float64:
    """Return how far along its segment each place lies, 0 to 1 of the length, from its piece and the share of that."""
    shares = np.zeros(len(segment))
    for i in range(len(segment)):
        before, whole = 0.0, 0.0
        for p in range(geometry_start[segment[i]], geometry_start[segment[i] + 1] - 1):
            length = np.hypot(line_x_m[p + 1] - line_x_m[p], line_y_m[p + 1] - line_y_m[p])
            if p < point[i]:
                before += length
            elif p == point[i]:
                before += share_of_piece[i] * length
            whole += length
        shares[i] = min(1.0, before / max(whole, 1e-9))
    return shares
