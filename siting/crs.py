"""The metric system of a plan, and latitude/longitude to and from the National Grid exactly.

PROJ as it is installed with Python lacks Ordnance Survey's OSTN15 grid and is up to 3.6 m wrong in
Great Britain, so this is the only module that converts between latitude/longitude and metres;
`ostn15` has the grid and is exact to the millimetre.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from siting.faults import CrsError
from siting.ostn15 import from_national_grid, to_national_grid
from siting.words import BNG, WGS84

FloatArray = NDArray[np.float64]

# Great Britain with its sea, without Ireland, the Isle of Man's west or France: corners as
# longitude, latitude, drawn by hand through the middle of the North Channel, the Irish Sea and
# the English Channel.
_GREAT_BRITAIN_OUTLINE = (
    (-6.6, 49.6), (-2.6, 49.9), (0.4, 50.5), (1.62, 51.05), (2.3, 51.6), (2.3, 53.2), (0.3, 54.6),
    (-0.9, 56.0), (-0.3, 58.2), (-0.3, 61.1), (-2.2, 61.1), (-4.0, 59.3), (-9.2, 58.9), (-9.2, 56.6),
    (-6.6, 55.45), (-5.6, 54.9), (-5.35, 54.1), (-5.3, 53.0), (-5.9, 51.9), (-6.0, 50.6),
)  # fmt: skip

EASTING_RANGE_M = (0.0, 700_000.0)
NORTHING_RANGE_M = (0.0, 1_300_000.0)


@dataclass(frozen=True, slots=True)
class MetricSystem:
    """A coordinate system in metres: EPSG:27700 in Great Britain, elsewhere a UTM zone."""

    epsg: int

    @property
    def is_national_grid(self) -> bool:
        """Whether this is the British National Grid."""
        return self.epsg == BNG

    @property
    def name(self) -> str:
        """The authority's name for it, such as EPSG:27700."""
        return f"EPSG:{self.epsg}"


def metric_system_at(longitude: float, latitude: float) -> MetricSystem:
    """Choose the metric system for an area from one place (degrees, EPSG:4326) in its middle.

    Raises
    ------
    CrsError
        Where the place is nearer to a pole than UTM reaches.
    """
    if in_great_britain(longitude, latitude):
        return MetricSystem(BNG)
    if not -80 <= latitude <= 84:  # noqa: PLR2004 - the limits of UTM
        msg = f"Latitude {latitude:.3f} lies outside the zones that can be measured in metres."
        raise CrsError(msg)
    zone = int((longitude + 180) // 6) % 60 + 1
    return MetricSystem((32600 if latitude >= 0 else 32700) + zone)


def in_great_britain(longitude: float, latitude: float) -> bool:
    """Tell whether a place (degrees, EPSG:4326) is in Great Britain or its coastal waters."""
    inside = False
    previous_lon, previous_lat = _GREAT_BRITAIN_OUTLINE[-1]
    for lon, lat in _GREAT_BRITAIN_OUTLINE:
        if (lat > latitude) != (previous_lat > latitude):
            crossing = lon + (latitude - lat) / (previous_lat - lat) * (previous_lon - lon)
            inside ^= longitude < crossing
        previous_lon, previous_lat = lon, lat
    return inside


def each_in_great_britain(longitude: FloatArray, latitude: FloatArray) -> NDArray[np.bool_]:
    """Tell of each of many places what `in_great_britain` tells of one."""
    inside = np.zeros(len(longitude), dtype=bool)
    previous_lon, previous_lat = _GREAT_BRITAIN_OUTLINE[-1]
    for lon, lat in _GREAT_BRITAIN_OUTLINE:
        if lat != previous_lat:
            crossing = lon + (latitude - lat) / (previous_lat - lat) * (previous_lon - lon)
            inside ^= ((lat > latitude) != (previous_lat > latitude)) & (longitude < crossing)
        previous_lon, previous_lat = lon, lat
    return inside


def to_metres(longitude: ArrayLike, latitude: ArrayLike, system: MetricSystem) -> tuple[FloatArray, FloatArray]:
    """Convert degrees (EPSG:4326) to metres east and north in `system`.

    On the National Grid by OSTN15; a place beyond its reach becomes NaN.
    """
    lon = np.atleast_1d(np.asarray(longitude, dtype=np.float64))
    lat = np.atleast_1d(np.asarray(latitude, dtype=np.float64))
    if lon.size == 0:
        return lon.copy(), lat.copy()
    if system.is_national_grid:
        return to_national_grid(lon, lat)
    x_m, y_m = _transformer(WGS84, system.epsg).transform(lon, lat)
    return np.asarray(x_m), np.asarray(y_m)


def to_degrees(x_m: ArrayLike, y_m: ArrayLike, system: MetricSystem) -> tuple[FloatArray, FloatArray]:
    """Convert metres east and north in `system` to longitude and latitude (degrees, EPSG:4326)."""
    x = np.atleast_1d(np.asarray(x_m, dtype=np.float64))
    y = np.atleast_1d(np.asarray(y_m, dtype=np.float64))
    if x.size == 0:
        return x.copy(), y.copy()
    if system.is_national_grid:
        return from_national_grid(x, y)
    lon, lat = _transformer(system.epsg, WGS84).transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def between_metric(x_m: ArrayLike, y_m: ArrayLike, source: MetricSystem, target: MetricSystem) -> tuple[FloatArray, FloatArray]:
    """Convert metres of one system to metres of another; the same system returns the same figures."""
    if source == target:
        return np.atleast_1d(np.asarray(x_m, np.float64)), np.atleast_1d(np.asarray(y_m, np.float64))
    return to_metres(*to_degrees(x_m, y_m, source), target)


@cache
def _transformer(source_epsg: int, target_epsg: int) -> Transformer:
    return Transformer.from_crs(source_epsg, target_epsg, always_xy=True)
