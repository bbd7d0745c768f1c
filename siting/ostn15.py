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

FloatArray = NDArray[np.float64]

_CELL_M = 1000.0
# The National Grid's projection on the ellipsoid of ETRS89 (the guide's annexe A).
_SEMI_MAJOR_M, _FLATTENING = 6_378_137.0, 1 / 298.257222101
_SCALE, _EAST_0_M, _NORTH_0_M = 0.9996012717, 400_000.0, -100_000.0
_LONGITUDE_0, _LATITUDE_0 = np.radians(-2.0), np.radians(49.0)
_N = _FLATTENING / (2 - _FLATTENING)
_MERIDIAN_M = _SCALE * _SEMI_MAJOR_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_FORWARD = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49_561 * _N**4 / 161_280,
)
_BACKWARD = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4_397 * _N**4 / 161_280,
)
"""Krüger's series to the fourth order, exact to well under a millimetre here (C. F. F. Karney, "Transverse Mercator with an
accuracy of a few nanometers", 2011, equations 35 and 36). PROJ has the same, but must not be asked from a database's threads."""
_ENOUGH_M = 1e-5
_MOST_STEPS = 20
_NEWTON_STEPS = 4
_POINTS_AT_ONCE = 8192
"""What is worked out for so many points stays near the processor: a third of the time of all of a region's at once."""


def to_national_grid(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Convert degrees (ETRS89, as EPSG:4326) to eastings and northings (EPSG:27700); NaN beyond the table."""
    longitude, latitude = np.broadcast_arrays(np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64))
    shape = longitude.shape
    longitude, latitude = longitude.ravel(), latitude.ravel()
    easting_m, northing_m = np.empty(longitude.size), np.empty(longitude.size)
    for first in range(0, longitude.size, _POINTS_AT_ONCE):
        some = slice(first, first + _POINTS_AT_ONCE)
        x_m, y_m = _to_plane(np.radians(longitude[some]), np.radians(latitude[some]))
        east_m, north_m = _shifts(x_m, y_m)
        easting_m[some], northing_m[some] = x_m + east_m, y_m + north_m
    return easting_m.reshape(shape), northing_m.reshape(shape)


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
    longitude, latitude = _from_plane(x_m, y_m)
    return np.degrees(longitude), np.degrees(latitude)


def _shifts(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the shifts east and north at points of the plane, in metres."""
    table_m = _table_m()
    rows, columns = table_m.shape[1] - 1, table_m.shape[2] - 1
    across, up = x_m / _CELL_M, y_m / _CELL_M
    known = (across >= 0) & (up >= 0) & (across < columns) & (up < rows)
    all_known = bool(known.all())
    if not all_known:
        across, up = np.where(known, across, 0.0), np.where(known, up, 0.0)
    column, row = across.astype(np.int64), up.astype(np.int64)
    across, up = across - column, up - row
    corner = row * table_m.shape[2] + column
    corners = (corner, corner + 1, corner + table_m.shape[2], corner + table_m.shape[2] + 1)
    not_across, not_up = 1 - across, 1 - up
    shares = (not_across * not_up, across * not_up, not_across * up, across * up)
    east_m, north_m = (
        sum((axis_m.take(at) * share for at, share in zip(corners[1:], shares[1:], strict=True)), axis_m.take(corner) * shares[0])
        for axis_m in table_m.reshape(2, -1)
    )
    return (east_m, north_m) if all_known else (np.where(known, east_m, np.nan), np.where(known, north_m, np.nan))


@cache
def _table_m() -> FloatArray:
    """Return the shifts in metres: east and north x corners northwards x corners eastwards."""
    with resources.files("siting").joinpath("ostn15.npz").open("rb") as file, np.load(file) as packed:
        differences = packed["shifts_mm"].astype(np.int64)
    return np.asarray(differences.cumsum(axis=1).cumsum(axis=2) / 1000.0)


def _to_plane(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Project radians on the ellipsoid to the plane, metres east and north."""
    away = longitude - _LONGITUDE_0
    conformal, cosine = _conformal(latitude), np.cos(away)
    xi, eta = np.arctan2(conformal, cosine), np.arcsinh(np.sin(away) / np.hypot(conformal, cosine))
    along, across = _series(xi, eta, _FORWARD)
    return _EAST_0_M + _MERIDIAN_M * (eta + across), _NORTH_0_M + _MERIDIAN_M * (xi + along - _origin())


def _from_plane(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Project metres of the plane back to radians on the ellipsoid."""
    xi, eta = (y_m - _NORTH_0_M) / _MERIDIAN_M + _origin(), (x_m - _EAST_0_M) / _MERIDIAN_M
    along, across = _series(xi, eta, _BACKWARD)
    xi, eta = xi - along, eta - across
    wanted = np.sin(xi) / np.hypot(np.sinh(eta), np.cos(xi))
    latitude = np.arctan(wanted)
    for _ in range(_NEWTON_STEPS):
        # Newton's steps on the tangent of the conformal latitude: Karney's equation 19.
        tangent = np.tan(latitude)
        found = _conformal(latitude)
        squared = _FLATTENING * (2 - _FLATTENING)
        slope = (1 + (1 - squared) * tangent**2) / ((1 - squared) * np.hypot(1, found) * np.hypot(1, tangent))
        latitude = np.arctan(tangent + (wanted - found) * slope)
    return _LONGITUDE_0 + np.arctan2(np.sinh(eta), np.cos(xi)), latitude


def _conformal(latitude: FloatArray) -> FloatArray:
    """Return the tangent of the conformal latitude."""
    eccentricity = np.sqrt(_FLATTENING * (2 - _FLATTENING))
    sine = np.sin(latitude)
    return np.asarray(np.sinh(np.arctanh(sine) - eccentricity * np.arctanh(eccentricity * sine)))


def _series(xi: FloatArray, eta: FloatArray, terms: tuple[float, ...]) -> tuple[FloatArray, FloatArray]:
    """Sum the terms' waves; each multiple of an angle is made of the one before it, since sines are dear."""
    sine, cosine, grow_sine, grow_cosine = one = np.sin(2 * xi), np.cos(2 * xi), np.sinh(2 * eta), np.cosh(2 * eta)
    along, across = terms[0] * sine * grow_cosine, terms[0] * cosine * grow_sine
    for term in terms[1:]:
        sine, cosine = sine * one[1] + cosine * one[0], cosine * one[1] - sine * one[0]
        grow_sine, grow_cosine = grow_sine * one[3] + grow_cosine * one[2], grow_cosine * one[3] + grow_sine * one[2]
        along, across = along + term * sine * grow_cosine, across + term * cosine * grow_sine
    return np.asarray(along), np.asarray(across)


@cache
def _origin() -> float:
    """Return the grid's true origin along the meridian, as a share of it."""
    xi = np.arctan(_conformal(np.asarray(_LATITUDE_0)))
    return float(xi + _series(xi, np.asarray(0.0), _FORWARD)[0])
