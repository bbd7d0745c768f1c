"""Areas within so many minutes of a school, by the same travel times that homes are judged by."""

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import shapely
from shapely import MultiPolygon

from siting.arrays import Float64
from siting.isochrones.contours import area_within
from siting.isochrones.surface import Surface, open_surface
from siting.isochrones.zone import longest_side_ms, zone_of
from siting.roads.joining import Joins
from siting.roads.network import RoadNetwork
from siting.times.routing import Reach, reach, times_at
from siting.words import NO_WAY_MS, Direction, Scenario, whole_ms

_MS_PER_S = 3600.0
_STEP_MIN = 15.0
_FARTHEST_M = 1e8
"""Beyond every coordinate: what stands for no bound where a number must stand."""


def isochrones(
    network: RoadNetwork,
    hubs: Joins,
    minutes: Iterable[float],
    direction: Direction,
    scenario: Scenario,
    *,
    surface: Surface | None = None,
) -> gpd.GeoDataFrame:
    """Return the areas within each number of minutes to or from the nearest of some places.

    Parameters
    ----------
    hubs
        The places, such as schools, joined to the network.
    minutes
        Limits; what takes exactly that long is in.
    direction
        `TO_SCHOOL`: from where one gets there in time; `FROM_SCHOOL`: where one gets to.
    surface
        The network's triangles where they are at hand.

    Returns
    -------
    GeoDataFrame
        One row a limit, rising: `minutes`, `direction`, `scenario` and the area (multipolygons in
        the network's metres); each lies within the next. A time with no area has an empty one.
    """
    limits = sorted(set(minutes))
    wide = limits[-1] if surface else _rounded_minutes(limits[-1])
    reaches = _reaches(network, hubs, direction, scenario, wide)
    surface = surface or open_surface(network, zone_of(reaches, whole_ms(wide)))
    return gpd.GeoDataFrame(
        {"minutes": limits, "direction": direction.value, "scenario": scenario.value},
        geometry=_areas(network, surface, _corner_times_ms(surface, reaches), limits),
        crs=network.system.epsg,
    )


def shared_surface(network: RoadNetwork, hubs: Joins, minutes: float) -> Surface:
    """Return triangles that serve every scenario and direction up to so many minutes."""
    # Nothing is reached on busier roads that is not reached on empty ones.
    wide = _rounded_minutes(minutes)
    reaches = [found for direction in Direction for found in _reaches(network, hubs, direction, Scenario.FREE_FLOW, wide)]
    return open_surface(network, zone_of(reaches, whole_ms(wide)))


def _rounded_minutes(minutes: float) -> float:
    """Round up to quarters of an hour, so that questions for different minutes share their triangles."""
    return float(np.ceil(minutes / _STEP_MIN) * _STEP_MIN)


def _reaches(network: RoadNetwork, hubs: Joins, direction: Direction, scenario: Scenario, minutes: float) -> list[Reach]:
    beyond_ms = whole_ms(minutes) + longest_side_ms(network)
    return [reach(network, hubs[row : row + 1], scenario, direction, limit_ms=beyond_ms) for row in range(len(hubs))]


def _corner_times_ms(surface: Surface, reaches: Sequence[Reach]) -> Float64:
    """Return the time of each corner of a surface to or from the nearest hub; infinite beyond the limit and a little."""
    best_ms = np.full(len(surface.joins), NO_WAY_MS)
    for found in reaches:
        best_ms = np.minimum(best_ms, times_at(found, surface.joins))
    time_ms = np.where(best_ms < NO_WAY_MS, best_ms.astype(np.float64), np.inf)
    return np.concatenate([time_ms, np.full(len(surface.x_m) - len(time_ms), np.inf)])


def _areas(network: RoadNetwork, surface: Surface, time_ms: Float64, limits: Sequence[float]) -> list[MultiPolygon]:
    ms_per_m = _MS_PER_S / network.model["access_speed"]
    areas = (
        area_within(
            surface.x_m,
            surface.y_m,
            time_ms,
            surface.triangles,
            surface.neighbours,
            float(whole_ms(limit)),
            ms_per_m,
        )
        for limit in limits
    )
    return [_on_the_map(area, network.fences.bounds_m) for area in areas]


def _on_the_map(area: MultiPolygon, bounds_m: Float64) -> MultiPolygon:
    """Cut an area off where the file's roads end: the last corners on the map lie a little within that line or beyond."""
    west, south, east, north = area.bounds
    if area.is_empty or (west >= bounds_m[0] and south >= bounds_m[1] and east <= bounds_m[2] and north <= bounds_m[3]):
        return area
    low_x_m, low_y_m, high_x_m, high_y_m = np.clip(bounds_m, -_FARTHEST_M, _FARTHEST_M).tolist()
    kept = shapely.get_parts(area.intersection(shapely.box(low_x_m, low_y_m, high_x_m, high_y_m)))
    return MultiPolygon([part for part in kept if part.geom_type == "Polygon"])
