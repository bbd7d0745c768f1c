"""How dense a town is at each piece of road: a continuous measure of the map, the same in any country.

Two counts a square kilometre are taken over some 600 metres around, falling off with distance, so
that nothing jumps at a line: junctions of public roads, and traffic signals. What mappers draw as
several nodes (the corners of a crossing between two carriageways, the heads of one set of signals)
counts once. The square root of their product is the measure of a dense town: a city's streets have
many of both, a suburb or a market town many junctions and hardly a signal, a ring road among
fields signals and hardly a junction.
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64
from siting.roads.segments import Pieces

JUNCTION_CELL_M = 30.0
"""Junctions within one square of this size are one."""
SIGNAL_CELL_M = 50.0
"""Signals within one square of this size are one."""
_CELL_M = 250.0
_MARGIN_CELLS = 4
_LEAST_ARMS = 3
_LEAST_COVER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Density:
    """How close junctions and signals lie around each segment: Float64, one a segment, a square kilometre."""

    junctions_per_km2: Float64
    signals_per_km2: Float64

    @property
    def town_per_km2(self) -> Float64:
        """The measure of a dense town: the geometric mean of the two."""
        return np.sqrt(self.junctions_per_km2 * self.signals_per_km2)


def measure_density(pieces: Pieces, is_public: Bool) -> Density:
    """Count junctions and signals around the middle of each segment.

    `is_public` tells of each segment whether the public drives along it: no drive, no car park. At
    the edge of an extract the counts are taken over that part of the surroundings which lies in the
    extract's rectangle.
    """
    chosen = np.flatnonzero(is_public)
    if len(chosen):
        # A line that is drawn twice is one road.
        chosen = chosen[np.unique(pieces.line[2 * chosen] >> 1, return_index=True)[1]]
    ends = np.concatenate([pieces.from_junction[chosen], pieces.to_junction[chosen]])
    arms = np.bincount(ends, minlength=pieces.junctions)
    x_m, y_m = _junction_places(pieces)
    real = arms >= _LEAST_ARMS
    first, last = pieces.geometry_start[:-1], pieces.geometry_start[1:] - 1
    middle = np.column_stack([pieces.x_m[first] + pieces.x_m[last], pieces.y_m[first] + pieces.y_m[last]]) / 2
    extent = np.array([[pieces.x_m.min(), pieces.y_m.min()], [pieces.x_m.max(), pieces.y_m.max()]])
    return Density(
        junctions_per_km2=_per_km2(_once_a_cell(x_m[real], y_m[real], JUNCTION_CELL_M), middle, extent),
        signals_per_km2=_per_km2(_once_a_cell(pieces.signal_x_m, pieces.signal_y_m, SIGNAL_CELL_M), middle, extent),
    )


def _junction_places(pieces: Pieces) -> tuple[Float64, Float64]:
    x_m, y_m = np.zeros(pieces.junctions), np.zeros(pieces.junctions)
    first, last = pieces.geometry_start[:-1], pieces.geometry_start[1:] - 1
    for junction, at in ((pieces.from_junction, first), (pieces.to_junction, last)):
        x_m[junction], y_m[junction] = pieces.x_m[at], pieces.y_m[at]
    return x_m, y_m


def _once_a_cell(x_m: Float64, y_m: Float64, cell_m: float) -> Float64:
    """Return the middles of the squares that hold a point."""
    column, row = np.floor(x_m / cell_m).astype(np.int64), np.floor(y_m / cell_m).astype(np.int64)
    least, rows = row.min(initial=0), row.max(initial=0) - row.min(initial=0) + 1
    column, row = np.divmod(np.unique(column * rows + (row - least)), rows)
    return np.column_stack([column + 0.5, row + (least + 0.5)]) * cell_m


def _per_km2(points: Float64, at: Float64, extent: Float64) -> Float64:
    """Count points around each place, a square kilometre: a pyramid five cells wide, read between cells."""
    low = np.floor(extent[0] / _CELL_M) - _MARGIN_CELLS
    columns, rows = (np.floor(extent[1] / _CELL_M) - low + _MARGIN_CELLS + 1).astype(np.int64)
    column, row = np.clip((np.floor(points / _CELL_M) - low).astype(np.int64).T, 0, [[columns - 1], [rows - 1]])
    count = np.bincount(row * columns + column, minlength=rows * columns).astype(np.float32).reshape(rows, columns)
    across, along = (
        np.diff(np.clip((low[axis] + np.arange(cells + 1)) * _CELL_M, *extent[:, axis])) / _CELL_M
        for axis, cells in enumerate((columns, rows))
    )
    inside = np.outer(along, across).astype(np.float32)
    density = _blurred(count) / np.maximum(_blurred(inside), _LEAST_COVER) / (_CELL_M / 1000) ** 2
    place = at / _CELL_M - 0.5 - low
    left, below = np.floor(place).astype(np.int64).T
    east, north = (place - np.floor(place)).T
    cells, corner = density.ravel(), below * columns + left
    south_edge = cells.take(corner) * (1 - east) + cells.take(corner + 1) * east
    north_edge = cells.take(corner + columns) * (1 - east) + cells.take(corner + columns + 1) * east
    return np.asarray(south_edge * (1 - north) + north_edge * north, dtype=np.float64)


def _blurred(cells: np.ndarray) -> np.ndarray:
    """Average each cell with its eight neighbours, twice."""
    for axis in (0, 0, 1, 1):
        count = cells.shape[axis]
        padded = np.pad(cells, [(1, 1) if axis == side else (0, 0) for side in (0, 1)])
        before, here, after = (np.take(padded, range(step, step + count), axis=axis) for step in range(3))
        cells = (before + here + after) / 3
    return cells
