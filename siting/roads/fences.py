"""What a private way from a house to its road does not cross: water and motorways; and where the roads that were read end."""

from collections.abc import Sequence

import numpy as np

from siting.arrays import Bool, Float64, Int8, Int64
from siting.crs import MetricSystem, to_metres
from siting.osm.extract import OsmRoads
from siting.roads.join_grid import JoinGrid, make_join_grid
from siting.roads.network import Fences
from siting.roads.segments import Pieces
from siting.travel_model import ROAD_CLASSES

_FENCED = [ROAD_CLASSES.index(name) for name in ("motorway", "motorway_link")]
_MOST_OUTSIDE = 0.01
"""Who cuts roads at a box keeps no way that does not come into it. A file of whose ways more lie wholly outside the box
that it names was cut by something else, and says nothing of where its roads end (the share is an own choice: room for
a few roads that somebody added by hand)."""


def make_fences(
    source: OsmRoads, tunnel: Bool, pieces: Pieces, road_class: Int8, system: MetricSystem
) -> tuple[Fences, JoinGrid]:
    """Lay the fences over a network's ground, and file their pieces; `tunnel` tells of each segment whether it is in one."""
    lines = [_motorways(pieces, np.isin(road_class, _FENCED) & ~tunnel)]
    if source.water is not None and len(source.water.longitude):
        water_x_m, water_y_m = to_metres(source.water.longitude, source.water.latitude, system)
        lines.append((np.diff(source.water.start), water_x_m, water_y_m))
    lengths, x_m, y_m = (np.concatenate(parts) for parts in zip(*lines, strict=True))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    known = np.isfinite(x_m) & np.isfinite(y_m)
    whole = np.diff(np.concatenate([[0], np.cumsum(~known)])[start]) == 0
    fences = Fences(start=start, x_m=x_m, y_m=y_m, bounds_m=_bounds_m(source, system))
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


def _bounds_m(source: OsmRoads, system: MetricSystem) -> Float64:
    """Return the box of the file in metres, a little wide where meridians converge; infinite where it does not hold the roads.

    A way that comes into the box reaches beyond it as it may: extracts keep ways whole.
    """
    everywhere = np.array([-np.inf, -np.inf, np.inf, np.inf])
    if source.box is None:
        return everywhere
    west, south, east, north = source.box
    middle = (west + east) / 2
    x_m, y_m = to_metres([west, middle, east] * 2, [south] * 3 + [north] * 3, system)
    bounds_m = np.array([x_m.min(), y_m.min(), x_m.max(), y_m.max()])
    if not np.isfinite(bounds_m).all():
        return everywhere
    # The box in metres holds the one in degrees: what keeps to that need not be converted.
    if _share_outside(source.longitude, source.latitude, source.way_starts, source.box) > _MOST_OUTSIDE:
        x_m, y_m = to_metres(source.longitude, source.latitude, system)
        if _share_outside(x_m, y_m, source.way_starts, bounds_m.tolist()) > _MOST_OUTSIDE:
            return everywhere
    return bounds_m


def _share_outside(x: Float64, y: Float64, way_starts: Int64, box: Sequence[float]) -> float:
    """Return which share of the ways lies wholly on one side of a box, all in metres or all in degrees."""
    first = way_starts[:-1]
    before = (np.maximum.reduceat(axis, first) < low for axis, low in ((x, box[0]), (y, box[1])))
    beyond = (np.minimum.reduceat(axis, first) > high for axis, high in ((x, box[2]), (y, box[3])))
    return float(np.logical_or.reduce([*before, *beyond]).mean())
