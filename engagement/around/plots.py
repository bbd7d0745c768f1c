"""Plots of land: INSPIRE Index Polygons as HM Land Registry gives them, or any layer of polygons.

They are indicative: freehold only, several parcels may make one title, roads and unregistered land
are missing. Invalid outlines are mended and told; every part of a multi-part shape is kept.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from siting.arrays import Float64, Int64
from siting.crs import MetricSystem, to_metres
from siting.faults import Fault, InputFaultsError, Severity
from siting.storage.vector_layers import Window, read_vector
from siting.words import WGS84

HUGE_M2 = 20_000.0
"""A parcel of more than two hectares is an estate's, not a house's (own choice): its addresses are measured
by their buildings instead, unless the plan asks otherwise."""
MANY_ADDRESSES = 40
"""A parcel with more addresses than this is an estate's or a block's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plots:
    """Plots in metres of one system, and what was mended in them."""

    shapes: tuple[shapely.Geometry, ...]
    warnings: tuple[Fault, ...]
    system: MetricSystem

    def within(self, area: shapely.Geometry) -> Int64:
        """Return the positions of the plots that meet an area."""
        if not self.shapes:
            return np.zeros(0, dtype=np.int64)
        return np.sort(shapely.STRtree(self.shapes).query(area, predicate="intersects")).astype(np.int64)


def no_plots(system: MetricSystem) -> Plots:
    """Return a set of no plots."""
    return Plots(shapes=(), warnings=(), system=system)


def read_plots(path: Path, system: MetricSystem, *, near: tuple[float, float, float, float] | None = None) -> Plots:
    """Read plots (GML, GeoPackage, GeoJSON, shapefile) into metres of a system.

    Parameters
    ----------
    near
        West, south, east, north in metres of `system`: only plots that meet it are read.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read, has no coordinate system or no polygons.
    """
    remedy = "Give the GML of INSPIRE Index Polygons, a GeoPackage or a GeoJSON"
    frame = read_vector(path, "the plots", remedy=remedy, near=Window(system.epsg, near) if near else None)
    shapes = np.asarray(frame.geometry.array)
    shapes = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    if near is not None and not len(shapes) and frame.crs is not None:
        return no_plots(system)
    if not polygonal.any() or frame.crs is None:
        what = "there are no polygons in it" if not polygonal.any() else "the coordinate system is not stated"
        remedy = "Give plots as polygons, with their coordinate system"
        raise InputFaultsError([Fault(file=path.name, problem=what, remedy=remedy)])
    metres = in_system(shapes[polygonal], frame.crs.to_epsg(), system, path)
    valid = shapely.is_valid(shapes[polygonal]) & shapely.is_valid(metres)
    if near is not None:
        inside = shapely.intersects(metres, shapely.box(*near))
        metres, valid = metres[inside], valid[inside]
    mended = metres.copy()
    mended[~valid] = shapely.make_valid(metres[~valid])
    warnings: tuple[Fault, ...] = ()
    if not polygonal.all():
        warnings = (
            Fault(
                file=path.name,
                problem=f"{int((~polygonal).sum()):,} of {len(polygonal):,} shapes are points or lines, and are not read",
                remedy="Give each plot as a polygon",
                severity=Severity.WARNING,
            ),
        )
    if not valid.all():
        warnings += (
            Fault(
                file=path.name,
                problem=f"{int((~valid).sum()):,} of {len(valid):,} plots have outlines that cross themselves or are open",
                remedy="They were mended; look at them where a neighbour depends on one",
                severity=Severity.WARNING,
            ),
        )
    return Plots(shapes=tuple(mended), warnings=warnings, system=system)


def in_system(shapes: np.ndarray, epsg: int | None, system: MetricSystem, path: Path) -> np.ndarray:
    """Convert shapes from their coordinate system to metres of `system`; the datum exactly, by OSTN15.

    Raises
    ------
    InputFaultsError
        Where the file's coordinate system is not latitude and longitude, nor the one wanted.
    """
    if epsg == system.epsg:
        return shapes
    if epsg != WGS84:
        remedy = f"Save it in latitude and longitude (EPSG:{WGS84}) or in {system.name}"
        fault = Fault(file=path.name, problem=f"the coordinate system EPSG:{epsg} is not expected here", remedy=remedy)
        raise InputFaultsError([fault])

    def convert(coordinates: Float64) -> Float64:
        return np.column_stack(to_metres(coordinates[:, 0], coordinates[:, 1], system))

    return np.asarray(shapely.transform(shapes, convert))


def is_road(plot: shapely.Geometry, roads: shapely.Geometry, *, width_m: float = 8.0) -> bool:
    """Tell whether a parcel is a road or verge: centrelines in it, widened to a carriageway, cover half of it."""
    inside = shapely.length(shapely.intersection(plot, roads))
    area_m2 = shapely.area(plot)
    return bool(inside > width_m and inside * width_m >= area_m2 / 2)


def is_huge(plot: shapely.Geometry, addresses: int) -> bool:
    """Tell whether a parcel is too large, or has too many addresses, to be one house's land."""
    return bool(shapely.area(plot) > HUGE_M2 or addresses > MANY_ADDRESSES)


ATTRIBUTION = "INSPIRE Index Polygons, Crown copyright and database rights, Ordnance Survey"
"""How plots from the Land Registry are credited."""
