"""Ordnance Survey's OSTN15: degrees (ETRS89) to the British National Grid and back, exact to the millimetre.

OSTN15 is a table of shifts, east and north, at each corner of a grid of one kilometre over the
Transverse Mercator plane of ETRS89; between the corners the shifts are taken in proportion
(Ordnance Survey, "A Guide to Coordinate Systems in Great Britain", 2020, section 6.3). The table
lies beside this module in whole millimetres, as differences of differences, which pack well.

The table: © Crown copyright, Ordnance Survey and the Ministry of Defence (MOD) 2016; all rights
reserved; used under the two-clause BSD licence.
"""

from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

FloatArray = NDArray[np.float64]

_CELL_M = 1000.0
_PLANE = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=GRS80"
)
"""The National Grid's projection on the ellipsoid of ETRS89 (the guide's annexe A)."""
_ENOUGH_M = 1e-5
_MOST_STEPS = 20


def to_national_grid(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Convert degrees (ETRS89, as EPSG:4326) to eastings and northings (EPSG:27700); NaN beyond the table."""
    x_m, y_m = (np.asarray(part, np.float64) for part in _plane().transform(longitude, latitude))
    east_m, north_m = _shifts(x_m, y_m)
    return x_m + east_m, y_m + north_m


def from_national_grid(easting_m: FloatArray, northing_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Convert eastings and northings (EPSG:27700) to degrees (ETRS89, as EPSG:4326); NaN beyond the table.

    The shift is looked up where the point would lie, again and again until it stays (the guide,
    section 6.3).
    """
    x_m, y_m = easting_m, northing_m
    for _ in range(_MOST_STEPS):
        east_m, north_m = _shifts(x_m, y_m)
        moved_m = np.hypot(easting_m - east_m - x_m, northing_m - north_m - y_m)
        x_m, y_m = easting_m - east_m, northing_m - north_m
        if not np.any(moved_m > _ENOUGH_M):
            break
    longitude, latitude = _plane().transform(x_m, y_m, direction="INVERSE")
    return np.where(np.isfinite(x_m), longitude, np.nan), np.where(np.isfinite(x_m), latitude, np.nan)


def _shifts(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the shifts east and north at points of the plane, in metres."""
    table_m = _table_m()
    rows, columns = table_m.shape[1] - 1, table_m.shape[2] - 1
    known = (x_m >= 0) & (y_m >= 0) & (x_m < columns * _CELL_M) & (y_m < rows * _CELL_M)
    column = np.where(known, x_m // _CELL_M, 0).astype(np.int64)
    row = np.where(known, y_m // _CELL_M, 0).astype(np.int64)
    across, up = x_m / _CELL_M - column, y_m / _CELL_M - row
    shifts_m = (
        table_m[:, row, column] * (1 - across) * (1 - up)
        + table_m[:, row, column + 1] * across * (1 - up)
        + table_m[:, row + 1, column] * (1 - across) * up
        + table_m[:, row + 1, column + 1] * across * up
    )
    shifts_m = np.where(known, shifts_m, np.nan)
    return shifts_m[0], shifts_m[1]


@cache
def _table_m() -> FloatArray:
    """Return the shifts in metres: east and north x corners northwards x corners eastwards."""
    with resources.files("siting").joinpath("ostn15.npz").open("rb") as file, np.load(file) as packed:
        differences = packed["shifts_mm"].astype(np.int64)
    return np.asarray(differences.cumsum(axis=1).cumsum(axis=2) / 1000.0)


@cache
def _plane() -> Transformer:
    return Transformer.from_pipeline(_PLANE)
