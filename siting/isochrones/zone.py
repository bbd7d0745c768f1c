"""The ground that triangles are laid over: the squares that journeys come near to, so that no more is laid than is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xxhash

from siting.arrays import Bool, Float64, Int64
from siting.kernels.compiled import compiled
from siting.roads.joining import ON_THE_BANK_M
from siting.roads.network import RoadNetwork
from siting.times.routing import Reach
from siting.words import MOST_OPEN_GROUND_M

SQUARE_M = 1_000.0
"""How wide a square is."""
GROUND_STEP_M = 300.0
"""How far apart points of open ground are."""
GROUND_FROM_ROAD_M = 150.0
"""They keep this from roads, which have corners of their own."""
_WIDEST_EMPTY_M = 370.0
"""No circle without a corner is wider, from its middle: the lattice leaves 188 m, a road beside one of its points 150 more,
and corners on a road are 60 m apart at most."""
_CHAIN_M = 500.0
"""A corner on a road is put in because of another within 31 m, that one because of a third, and so on: hardly ever twice."""
LONGEST_SIDE_M = 2 * _WIDEST_EMPTY_M
_MS_PER_S = 3600.0
AROUND_REACHED_M = MOST_OPEN_GROUND_M + ON_THE_BANK_M + LONGEST_SIDE_M + _CHAIN_M
"""What is laid around roads that are reached.

A corner within the minutes is joined to such a road, over so much open ground at most. The triangles around it, and each
corner that could be within their circles, lie within two empty circles of it. So all sides that lead out of an area are
those that would be there if all the ground were laid.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zone:
    """Squares of ground.

    Attributes
    ----------
    column, row
        The number of the first square eastward and northward: it begins at so many times `SQUARE_M` metres.
    held
        Bool, rows x columns: which squares are in it. At its edges there is one at least in each row and column.
    """

    column: int
    row: int
    held: Bool

    @property
    def digest(self) -> str:
        """Tell this zone from any other."""
        return xxhash.xxh3_64_hexdigest(f"{self.column} {self.row} {self.held.shape}".encode() + np.packbits(self.held).tobytes())

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        rows, columns = self.held.shape
        return (
            self.column * SQUARE_M,
            self.row * SQUARE_M,
            (self.column + columns) * SQUARE_M,
            (self.row + rows) * SQUARE_M,
        )

    def holds(self, x_m: Float64, y_m: Float64) -> Bool:
        """Tell which points lie in it."""
        rows, columns = self.held.shape
        row, column = (np.floor(axis / SQUARE_M).astype(np.int64) for axis in (y_m, x_m))
        row, column = row - self.row, column - self.column
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        inside[inside] = self.held[row[inside], column[inside]]
        return np.asarray(inside)

    def touches(self, boxes: Float64) -> Bool:
        """Tell which rectangles (n x 4: west, south, east, north) touch one of its squares."""
        west, south, east, north = self.box
        near = np.flatnonzero((boxes[:, 0] < east) & (boxes[:, 1] < north) & (boxes[:, 2] >= west) & (boxes[:, 3] >= south))
        answer = np.zeros(len(boxes), dtype=bool)
        answer[near] = self._touches_near(boxes[near])
        return answer

    def _touches_near(self, boxes: Float64) -> Bool:
        rows, columns = self.held.shape
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        sums[1:, 1:] = self.held.cumsum(axis=0).cumsum(axis=1)
        west, south, east, north = (np.floor(side / SQUARE_M).astype(np.int64) for side in boxes.T)
        left, right = np.clip(west - self.column, 0, columns), np.clip(east - self.column + 1, 0, columns)
        low, high = np.clip(south - self.row, 0, rows), np.clip(north - self.row + 1, 0, rows)
        return np.asarray(sums[high, right] - sums[high, left] - sums[low, right] + sums[low, left] > 0)

    def covers(self, other: "Zone") -> bool:
        """Tell whether all squares of another are in it."""
        rows, columns = np.nonzero(other.held)
        middle = (np.array([columns + other.column, rows + other.row]) + 0.5) * SQUARE_M
        return bool(self.holds(*middle).all())


def longest_side_ms(network: RoadNetwork) -> int:
    """Return how much later one end of a side over open ground can be than the other: a walk along it, in milliseconds.

    The line round an area runs between what is within its limit and what is beyond, so times must be known so far beyond it.
    """
    return int(LONGEST_SIDE_M * _MS_PER_S / network.model["access_speed"])


def segment_boxes(network: RoadNetwork, segment: Int64) -> Float64:
    """Return the rectangle of each of some segments: n x 4, west, south, east, north in metres."""
    segments = network.segments
    return _boxes(segments.geometry_start, segments.x_m, segments.y_m, segment)


@compiled
def _boxes(geometry_start: Int64, x_m: Float64, y_m: Float64, segment: Int64) -> Float64:
    boxes = np.empty((len(segment), 4))
    for row in range(len(segment)):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        for p in range(geometry_start[segment[row]], geometry_start[segment[row] + 1]):
            west, south = min(west, x_m[p]), min(south, y_m[p])
            east, north = max(east, x_m[p]), max(north, y_m[p])
        boxes[row, 0], boxes[row, 1], boxes[row, 2], boxes[row, 3] = west, south, east, north
    return boxes


def zone_of(reaches: Sequence[Reach], limit_ms: int) -> Zone:
    """Return the ground around all roads that some journeys reach within a limit."""
    network = reaches[0].network
    reached = np.zeros(len(network.segments), dtype=bool)
    for found in reaches:
        reached[network.state_arc[found.label <= limit_ms] >> 1] = True
        reached[np.maximum(found.hub.segment, 0)] = True
    margin_m = np.array([-AROUND_REACHED_M, -AROUND_REACHED_M, AROUND_REACHED_M, AROUND_REACHED_M])
    return zone_over(segment_boxes(network, np.flatnonzero(reached)) + margin_m)


def zone_over(boxes: Float64) -> Zone:
    """Return the squares that rectangles (n x 4, one at least) touch."""
    west, south, east, north = np.floor(boxes / SQUARE_M).astype(np.int64).T
    column, row = int(west.min()), int(south.min())
    # Each rectangle begins in one square and ends before three others: sums over rows and columns fill it.
    edges = np.zeros((int(north.max()) - row + 2, int(east.max()) - column + 2), dtype=np.int64)
    for rows, columns, step in ((south, west, 1), (south, east + 1, -1), (north + 1, west, -1), (north + 1, east + 1, 1)):
        np.add.at(edges, (rows - row, columns - column), step)
    return Zone(column=column, row=row, held=edges.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)
