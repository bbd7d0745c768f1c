"""The postcodes of a region, packed small, so that a page finds one without asking anybody."""

import base64
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from siting.arrays import Float64
from siting.crs import MetricSystem, to_degrees
from siting.inputs.postcodes import postcodes_within
from siting.place import NATIONAL_GRID

MOST = 400_000
"""Of more than this the page would grow by megabytes: then each sector stands for its postcodes."""
_SCALE = 10_000
"""Four decimals of a degree, about ten metres: a postcode is rougher."""


def pack_postcodes(
    region: shapely.Polygon, system: MetricSystem, minutes: Callable[[Float64, Float64], Sequence[np.ndarray]]
) -> dict[str, Any] | None:
    """Pack the postcodes within a region (the network's metres), with the whole `minutes` of each; None outside Great Britain.

    `south` and `west` are degrees; `packed` is text, compressed (zlib) and in base64: a line a sector,
    its name, then each unit's two letters, latitude and longitude in ten-thousandths of a degree from there, and
    its minutes.
    """
    if system != NATIONAL_GRID:
        return None
    west_m, south_m, east_m, north_m = map(float, shapely.bounds(region))
    names, position = postcodes_within(west_m, south_m, east_m, north_m)
    if not len(names):
        return None
    lon, lat = to_degrees(position[:, 0], position[:, 1], system)
    names = names.tolist()
    sectors, units = [name[:-2] for name in names], [name[-2:] for name in names]
    if len(names) > MOST:
        first, of = np.unique(sectors, return_inverse=True)
        counts = np.bincount(of)
        sectors, units = first.tolist(), [""] * len(first)
        lat, lon = np.bincount(of, lat) / counts, np.bincount(of, lon) / counts
        position = np.column_stack([np.bincount(of, axis) / counts for axis in position.T])
    told = [some.tolist() for some in minutes(position[:, 0], position[:, 1])]
    south, west = float(np.floor(lat.min())), float(np.floor(lon.min()))
    rows = np.rint((lat - south) * _SCALE).astype(int).tolist()
    columns = np.rint((lon - west) * _SCALE).astype(int).tolist()
    of_units = [",".join(map(str, unit)) for unit in zip(units, rows, columns, *told, strict=True)]
    # The names are in order, so that a sector's stand together.
    begins = [row for row, sector in enumerate(sectors) if row == 0 or sector != sectors[row - 1]]
    text = "\n".join(f"{sectors[begin]} {' '.join(of_units[begin:end])}" for begin, end in pairwise([*begins, len(of_units)]))
    return {
        "south": south,
        "west": west,
        "packed": base64.b64encode(zlib.compress(text.encode())).decode(),
    }
