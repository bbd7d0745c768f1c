"""The ground under a plan's map: main roads, water and names of places, in degrees."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from maps.ground.background import PlaceName, open_background
from maps.ground.basemap import road_lines
from siting.crs import MetricSystem, to_degrees
from siting.inputs.plan import Plan
from siting.pipeline.evaluating import network_source
from siting.progress import Progress, silent
from siting.roads.cache import open_network

_GROUPS = {"motorway": ("motorway",), "main": ("primary",), "other": ("secondary", "tertiary")}
_SIMPLIFY_M = 40.0
_SHORTEST_M = 150.0
_MOST_NAMES = 120
_PLACES = 4
"""Decimals of a degree, about ten metres."""


def ground_of(plan_path: Path, *, progress: Progress = silent) -> dict[str, Any]:
    """Return what the map of a plan lies on, as lines of latitude and longitude and names with their place.

    Raises
    ------
    InputFaultsError, NetworkSourceError
        Where the plan or the roads cannot be used.
    """
    plan = Plan.read(plan_path)
    source = network_source(plan, progress)
    network = open_network(source, plan.travel_model, drives_on=plan.area.drives_on, progress=progress)
    background = open_background(source, network)
    segments, system = network.segments, network.system
    everywhere = shapely.box(segments.x_m.min() - 1, segments.y_m.min() - 1, segments.x_m.max() + 1, segments.y_m.max() + 1)
    lines = road_lines(network, everywhere, [group for groups in _GROUPS.values() for group in groups])
    found: dict[str, Any] = {
        kind: _degrees((line for group in groups for line in lines.get(group, ())), system) for kind, groups in _GROUPS.items()
    }
    water = [part.exterior for shape in background.shapes["water"] for part in shapely.get_parts(shape) if shapely.area(part)]
    return found | {"water": _degrees(water, system), "names": _names(background.names, system)}


def _degrees(lines: Iterable[shapely.Geometry], system: MetricSystem) -> list[list[list[float]]]:
    kept = [line for line in shapely.simplify(list(lines), _SIMPLIFY_M) if shapely.length(line) >= _SHORTEST_M]
    if not kept:
        return []
    corners, owner = shapely.get_coordinates(kept, return_index=True)
    longitude, latitude = to_degrees(corners[:, 0], corners[:, 1], system)
    pairs = np.round(np.column_stack([latitude, longitude]), _PLACES)
    return [part.tolist() for part in np.split(pairs, np.flatnonzero(np.diff(owner)) + 1)]


def _names(names: Iterable[PlaceName], system: MetricSystem) -> list[list[object]]:
    found: list[list[object]] = []
    for place in names:
        if place.kind in {"city", "town", "village"} and len(found) < _MOST_NAMES:
            (longitude,), (latitude,) = to_degrees(place.x_m, place.y_m, system)
            found.append([place.name, round(float(latitude), _PLACES), round(float(longitude), _PLACES)])
    return found
