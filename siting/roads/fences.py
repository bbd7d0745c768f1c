"""What a private way from a house to its road does not cross: water and motorways; and where the roads that were read end."""

import numpy as np

from siting.arrays import Bool, Float64, Int8, Int64
from siting.crs import MetricSystem, to_metres
from siting.osm.extract import OsmRoads
from siting.roads.join_grid import JoinGrid, make_join_grid
from siting.roads.network import Fences
from siting.roads.segments import Pieces
from siting.travel_model import ROAD_CLASSES

_FENCED = [ROAD_CLASSES.index(name) for name in ("motorway", "motorway_link")]
_MOST_OUTSIDE = 0.5
"""A file of whose roads more lie outside the box that it names was cut by something else than that box."""


def make_fences(source: OsmRoads, pieces: Pieces, road_class: Int8, system: MetricSystem) -> tuple[Fences, JoinGrid]:
    """Lay the fences over a network's ground, and file their pieces."""
    tunnel = np.array([road.tunnel for road in source.roads], dtype=bool)[pieces.way]
    lines = [_motorways(pieces, np.isin(road_class, _FENCED) & ~tunnel)]
    if source.water is not None and len(source.water.longitude):
        water_x_m, water_y_m = to_metres(source.water.longitude, source.water.latitude, system)
        lines.append((np.diff(source.water.start), water_x_m, water_y_m))
    lengths, x_m, y_m = (np.concatenate(parts) for parts in zip(*lines, strict=True))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    known = np.isfinite(x_m) & np.isfinite(y_m)
    whole = np.diff(np.concatenate([[0], np.cumsum(~known)])[start]) == 0
    fences = Fences(start=start, x_m=x_m, y_m=y_m, bounds_m=_bounds_m(source, pieces, system))
    if not whole.any():
        nothing = np.zeros(0)
        fences = Fences(start=np.zeros(1, np.int64), x_m=nothing, y_m=nothing, bounds_m=fences.bounds_m)
        cells = np.zeros(2, np.int64)
        none = np.zeros(0, np.int32)
        return fences, JoinGrid(origin=np.zeros(2), shape=np.ones(2, np.int64), cell_start=cells, segment=none, point=none)
    kept = np.repeat(whole, lengths)
    start = np.concatenate([[0], np.cumsum(lengths[whole])]).astype(np.int64)
    fences = Fences(start=start, x_m=x_m[kept], y_m=y_m[kept], bounds_m=fences.bounds_m)
    return fences, make_join_grid(start, fences.x_m, fences.y_m, np.ones(len(start) - 1, dtype=bool))


def _motorways(pieces: Pieces, chosen: Bool) -> tuple[Int64, Float64, Float64]:
    lengths = np.diff(pieces.geometry_start)
    points = np.repeat(chosen, lengths)
    return lengths[chosen], pieces.x_m[points], pieces.y_m[points]


def _bounds_m(source: OsmRoads, pieces: Pieces, system: MetricSystem) -> Float64:
    """Return the box of the file in metres, a little wide where meridians converge; infinite where it does not hold the roads."""
    everywhere = np.array([-np.inf, -np.inf, np.inf, np.inf])
    if source.box is None:
        return everywhere
    west, south, east, north = source.box
    middle = (west + east) / 2
    x_m, y_m = to_metres([west, middle, east] * 2, [south] * 3 + [north] * 3, system)
    bounds_m = np.array([x_m.min(), y_m.min(), x_m.max(), y_m.max()])
    outside = (pieces.x_m < bounds_m[0]) | (pieces.x_m > bounds_m[2]) | (pieces.y_m < bounds_m[1]) | (pieces.y_m > bounds_m[3])
    return bounds_m if np.isfinite(bounds_m).all() and outside.mean() <= _MOST_OUTSIDE else everywhere
