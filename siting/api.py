"""The planner from Python: GeoDataFrames of points in, tables and areas out."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.crs import MetricSystem, between_metric, to_metres
from siting.faults import CrsError
from siting.isochrones import areas as isochrone_areas
from siting.roads.cache import open_network as _open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork
from siting.times.matrix import pair_table
from siting.words import WGS84, Direction, Scenario


def open_network(source: str | Path) -> RoadNetwork:
    """Open the roads of an OpenStreetMap extract (`.osm.pbf`), built now or kept from before.

    Raises
    ------
    NetworkSourceError
        Where the file cannot be read or holds no roads.
    """
    return _open_network(Path(source))


def travel_times(
    network: RoadNetwork,
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    scenario: Scenario | str = Scenario.SCHOOL_RUN,
) -> pd.DataFrame:
    """Time every pair of points.

    Parameters
    ----------
    origins, destinations
        Points in degrees (EPSG:4326) or the network's metres; their index names them.

    Returns
    -------
    DataFrame
        `origin_id`, `destination_id` (the frames' indices), `minutes`, `miles`; missing where there is no way.

    Raises
    ------
    CrsError
        Where a frame has no coordinate system, or neither of these.
    """
    return pair_table(
        network,
        list(origins.index),
        _join(network, origins),
        list(destinations.index),
        _join(network, destinations),
        Scenario(scenario),
    )


def isochrones(
    network: RoadNetwork,
    hubs: gpd.GeoDataFrame,
    minutes: Iterable[float],
    *,
    direction: Direction | str = Direction.TO_SCHOOL,
    scenario: Scenario | str = Scenario.SCHOOL_RUN,
) -> gpd.GeoDataFrame:
    """Return the areas within each number of minutes of the nearest of some points, in the network's metres.

    Raises
    ------
    CrsError
        Where the frame has no coordinate system, or neither degrees nor the network's metres.
    """
    return isochrone_areas.isochrones(
        network,
        _join(network, hubs),
        minutes,
        Direction(direction),
        Scenario(scenario),
    )


def _join(network: RoadNetwork, points: gpd.GeoDataFrame) -> Joins:
    epsg = points.crs.to_epsg() if points.crs is not None else None
    x, y = np.asarray(points.geometry.x), np.asarray(points.geometry.y)
    if epsg == WGS84:
        return join_points(network, *to_metres(x, y, network.system))
    if epsg is None or not points.crs.is_projected:
        msg = f"The points need a coordinate system: EPSG:{WGS84}, or one in metres such as {network.system.name}."
        raise CrsError(msg)
    return join_points(network, *between_metric(x, y, MetricSystem(epsg), network.system))
