"""The areas that any school, and that at least two schools, reach within the minutes: by the same times as the places.

Each region draws its own ground, cut off at its own edges; the pieces of all regions together leave no gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import MultiPolygon

from siting.arrays import Float64, Int32, UInt8
from siting.isochrones.contours import area_within
from siting.isochrones.surface import Surface
from siting.roads.network import RoadNetwork
from siting.screening.asked import Asked
from siting.screening.preparing import RegionFiles, open_cut, open_ground
from siting.screening.regions import Box
from siting.screening.tasks import read_ground
from siting.storage.array_file import read_arrays, write_arrays
from siting.words import NO_WAY_MS, Scenario

AT_LEAST = (1, 2)
"""By how many schools ground must be reached to be in an area."""
_MS_PER_S = 3600.0
_GRID_M = 0.01
"""Pieces that meet on a seam are joined on points this close."""
SHOWN_WITHIN_M = 60.0
"""How far an outline may lie from the area's own where it is shown in a picture."""
_AREA, _SHOWN = "area", "shown"
_FARTHEST_M = 1e8


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The ground of one region to be drawn.

    Attributes
    ----------
    region, box
        Its files and its edges.
    ground
        The files in which the tasks of its schools kept their times.
    asked
        What is asked.
    target
        The file to write.
    """

    region: RegionFiles
    box: Box
    ground: tuple[Path, ...]
    asked: Asked
    target: Path


def draw_region(drawing: Drawing) -> Path:
    """Draw a region's areas into its file."""
    if drawing.region.ground is None:
        return drawing.target
    surface, network = open_ground(drawing.region.ground), open_cut(drawing.region.network).network
    ground = [read_ground(path) for path in drawing.ground]
    arrays = {}
    for scenario in drawing.asked.scenarios:
        nearest = _nearest_ms([one[scenario.value] for one in ground], len(surface.joins))
        for at_least, time_ms in zip(AT_LEAST, nearest, strict=True):
            area = _area(network, surface, time_ms, drawing)
            arrays[_name(scenario, at_least)] = _as_bytes(area)
    write_arrays(drawing.target, arrays, {})
    return drawing.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What all regions drew of one area, to be joined: of a scenario, and of how many schools at least.

    `drawn` are the regions' files, `target` is the file to write.
    """

    drawn: tuple[Path, ...]
    scenario: Scenario
    schools_at_least: int
    target: Path


def joinings(drawn: Sequence[Path], asked: Asked, folder: Path) -> list[Joining]:
    """Return what is to be joined of what the regions drew, into a folder."""
    return [
        Joining(
            drawn=tuple(drawn),
            scenario=scenario,
            schools_at_least=at_least,
            target=folder / f"{scenario.value}.{at_least}.joined",
        )
        for scenario in asked.scenarios
        for at_least in AT_LEAST
    ]


def join_regions(joining: Joining) -> Path:
    """Join one area of all regions into its file, as it is and as simple as a picture needs it."""
    name = _name(joining.scenario, joining.schools_at_least)
    of_regions = [_of_bytes(read_arrays(path)[0][name]) for path in joining.drawn]
    area = _polygons(shapely.union_all(of_regions, grid_size=_GRID_M))
    shapes = {_AREA: area, _SHOWN: shapely.simplify(area, SHOWN_WITHIN_M)}
    about = {"scenario": joining.scenario.value, "schools_at_least": joining.schools_at_least}
    write_arrays(joining.target, {part: _as_bytes(shape) for part, shape in shapes.items()}, about)
    return joining.target


def gather_areas(joined: Sequence[Path], epsg: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the joined areas, a row a scenario and number of schools, in the network's metres; and the same as for a picture."""
    read = [read_arrays(path) for path in joined]
    rows = [about for _, about in read]
    areas, shown = (
        gpd.GeoDataFrame(rows, geometry=[_of_bytes(arrays[part]) for arrays, _ in read], crs=epsg) for part in (_AREA, _SHOWN)
    )
    return areas, shown


def _name(scenario: Scenario, schools_at_least: int) -> str:
    return f"{scenario.value}.{schools_at_least}"


def _as_bytes(shape: shapely.Geometry) -> UInt8:
    return np.frombuffer(shapely.to_wkb(shape), dtype=np.uint8)


def _of_bytes(content: UInt8) -> shapely.Geometry:
    return shapely.from_wkb(content.tobytes())


def _nearest_ms(times: Sequence[tuple[Int32, Int32]], corners: int) -> tuple[Float64, ...]:
    """Return the time of each corner to the nearest school and to the second nearest; infinite beyond the limit."""
    first, second = (np.full(corners, NO_WAY_MS, dtype=np.int64) for _ in AT_LEAST)
    for corner, time_ms in times:
        later = np.maximum(first[corner], time_ms)
        first[corner] = np.minimum(first[corner], time_ms)
        second[corner] = np.minimum(second[corner], later)
    return tuple(np.where(best < NO_WAY_MS, best.astype(np.float64), np.inf) for best in (first, second))


def _area(network: RoadNetwork, surface: Surface, time_ms: Float64, drawing: Drawing) -> MultiPolygon:
    frame = np.full(len(surface.x_m) - len(time_ms), np.inf)
    area = area_within(
        surface.x_m,
        surface.y_m,
        np.concatenate([time_ms, frame]),
        surface.triangles,
        surface.neighbours,
        float(drawing.asked.limit_ms),
        _MS_PER_S / network.model["access_speed"],
    )
    west, south, east, north = drawing.box
    bounds_m = network.fences.bounds_m
    edges = np.clip([west, south, east, north], -_FARTHEST_M, _FARTHEST_M)
    edges = np.concatenate([np.maximum(edges[:2], bounds_m[:2]), np.minimum(edges[2:], bounds_m[2:])])
    return _polygons(shapely.intersection(area, shapely.box(*edges.tolist())))


def _polygons(shape: shapely.Geometry) -> MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])
