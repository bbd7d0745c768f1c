"""Lines and places as whole numbers: differences in millionths of a degree (about a tenth of a metre) from a corner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from siting.arrays import Float64
from siting.crs import MetricSystem, to_degrees

SCALE = 1_000_000


@dataclass(frozen=True, slots=True)
class Packer:
    """Packs metres of one system; the corner is a whole degree south-west of everything."""

    system: MetricSystem
    corner: tuple[float, float]

    def line(self, x_m: Float64, y_m: Float64) -> list[int]:
        """Pack a line: latitude and longitude in turn, each as the difference from the one before."""
        return self.pack([np.column_stack([x_m, y_m])])[0]

    def place(self, x_m: float, y_m: float) -> list[int]:
        """Pack one place."""
        return self.line(np.array([x_m]), np.array([y_m]))

    def places(self, points: Iterable[tuple[float, float]]) -> list[list[int]]:
        """Pack places."""
        return self.pack([np.array([point]) for point in points])

    def polygons(self, areas: shapely.Geometry | Sequence[shapely.Geometry]) -> list[list[list[int]]]:
        """Pack an area or several: their parts, each an outer ring and its holes."""
        parts = shapely.get_parts(areas)
        parts = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)]
        rings, part_of = shapely.get_rings(parts, return_index=True)
        points, ring_of = shapely.get_coordinates(rings, return_index=True)
        packed = self.pack(np.split(points, np.flatnonzero(np.diff(ring_of)) + 1)) if len(points) else []
        found: list[list[list[int]]] = [[] for _ in parts]
        for part, ring in zip(part_of, packed, strict=True):
            found[part].append(ring)
        return found

    def lines(self, shapes: Iterable[shapely.Geometry]) -> list[list[int]]:
        """Pack lines."""
        return self.pack([shapely.get_coordinates(shape) for shape in shapes])

    def pack(self, lines: Sequence[Float64]) -> list[list[int]]:
        """Pack lines of coordinates (points x 2), all at once."""
        if not lines:
            return []
        points = np.concatenate(lines)
        lon, lat = to_degrees(points[:, 0], points[:, 1], self.system)
        numbers = np.column_stack([lat - self.corner[0], lon - self.corner[1]])
        whole = np.rint(np.where(np.isfinite(numbers), numbers, 0.0) * SCALE).astype(np.int64)
        ends = np.cumsum([len(line) for line in lines])
        differences = np.diff(whole, axis=0, prepend=0)
        starts = np.concatenate([[0], ends[:-1]])
        differences[starts[starts < len(whole)]] = whole[starts[starts < len(whole)]]
        flat = differences.ravel().tolist()
        return [flat[2 * start : 2 * end] for start, end in zip(starts, ends, strict=True)]


def corner_of(x_m: Float64, y_m: Float64, system: MetricSystem) -> tuple[float, float]:
    """Return the whole degrees south-west of a region, latitude first."""
    lon, lat = to_degrees(x_m, y_m, system)
    return float(np.floor(np.nanmin(lat))), float(np.floor(np.nanmin(lon)))
