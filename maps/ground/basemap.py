"""The base map as the page draws it: roads by class, ground and names, packed, within a region."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from maps.ground.background import Background, by_importance
from maps.ground.packing import Packer
from siting.roads.network import RoadNetwork
from siting.travel_model import ROAD_CLASSES

ROAD_GROUPS = {
    "motorway": ("motorway", "motorway_link", "trunk", "trunk_link"),
    "primary": ("primary", "primary_link"),
    "secondary": ("secondary", "secondary_link"),
    "tertiary": ("tertiary", "tertiary_link"),
    "streets": ("unclassified", "residential", "living_street", "road"),
}
MAIN_GROUPS = ("motorway", "primary", "secondary")
"""What a map for partners and the public shows: nobody's street."""

STREET_CELL_M = 3_000.0
_SIMPLIFY_M = {"motorway": 8.0, "primary": 8.0, "secondary": 8.0, "tertiary": 6.0, "streets": 4.0}
_ROAD_NAME_EVERY_M = 12_000.0


def pack_basemap(
    network: RoadNetwork,
    background: Background,
    region: shapely.Geometry,
    packer: Packer,
    *,
    schools: Sequence[tuple[float, float]],
    streets: bool,
) -> dict[str, Any]:
    """Pack what lies within a region (the network's metres); without `streets` only main roads.

    The names of the `schools`' towns come first.
    """
    lines = road_lines(network, region, ROAD_GROUPS if streets else MAIN_GROUPS)
    shapes = {kind: _within(found, region) for kind, found in background.shapes.items()}
    places = [
        (place.name, place.kind, place.x_m, place.y_m, place.people, int(place.first))
        for place in by_importance(background.names, schools)
        if shapely.intersects_xy(region, place.x_m, place.y_m)
    ]
    places += [(*name, 0, 0) for name in _road_names(network, region)]
    marks = [mark for mark in background.marks if shapely.intersects_xy(region, mark.x_m, mark.y_m)]
    return {
        "roads": {group: packer.lines(found) for group, found in lines.items() if group != "streets"},
        "streets": list(_street_cells(lines.get("streets", []), packer)),
        "areas": {kind: packer.polygons(shapes[kind]) for kind in ("sea", "built", "wood", "water")},
        "lines": {
            kind: packer.lines(part for shape in shapes[kind] for part in shapely.get_parts(shape))
            for kind in ("river", "coast", "rail")
        },
        "marks": [
            [mark.kind, mark.name, at]
            for mark, at in zip(marks, packer.places((mark.x_m, mark.y_m) for mark in marks), strict=True)
        ],
        "names": [
            [name, kind, at, people, first]
            for (name, kind, _, _, people, first), at in zip(
                places, packer.places((x_m, y_m) for _, _, x_m, y_m, _, _ in places), strict=True
            )
        ],
    }


def road_lines(network: RoadNetwork, region: shapely.Geometry, groups: Iterable[str]) -> dict[str, list[shapely.Geometry]]:
    """Return the roads of each group within a region's bounds, joined end to end and simplified."""
    segments = network.segments
    west, south, east, north = shapely.bounds(region)
    first = segments.geometry_start[:-1]
    inside = (
        (segments.x_m[first] > west)
        & (segments.x_m[first] < east)
        & (segments.y_m[first] > south)
        & (segments.y_m[first] < north)
    )
    found: dict[str, list[shapely.Geometry]] = {}
    for group in groups:
        codes = [ROAD_CLASSES.index(name) for name in ROAD_GROUPS[group]]
        chosen = np.flatnonzero(inside & np.isin(segments.road_class, codes))
        if not len(chosen):
            continue
        counts = segments.geometry_start[chosen + 1] - segments.geometry_start[chosen]
        points = np.concatenate([np.arange(segments.geometry_start[s], segments.geometry_start[s + 1]) for s in chosen])
        made = shapely.linestrings(
            np.column_stack([segments.x_m[points], segments.y_m[points]]), indices=np.repeat(np.arange(len(chosen)), counts)
        )
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(np.asarray(made)))))
        found[group] = list(shapely.simplify(merged, _SIMPLIFY_M[group]))
    return found


def _within(shapes: Iterable[shapely.Geometry], region: shapely.Geometry) -> list[shapely.Geometry]:
    west, south, east, north = shapely.bounds(region)
    clipped = [shapely.clip_by_rect(shape, west, south, east, north) for shape in shapes if shapely.intersects(shape, region)]
    return [shape for shape in clipped if not shape.is_empty]


def _street_cells(lines: list[shapely.Geometry], packer: Packer) -> Iterator[dict[str, Any]]:
    if not lines:
        return
    middles = shapely.get_coordinates(shapely.centroid(np.array(lines)))
    cells: dict[tuple[int, int], list[shapely.Geometry]] = {}
    for line, (x_m, y_m) in zip(lines, middles, strict=True):
        cells.setdefault((int(x_m // STREET_CELL_M), int(y_m // STREET_CELL_M)), []).append(line)
    inside = [cells[key] for key in sorted(cells)]
    bounds = packer.pack([shapely.total_bounds(np.array(found)).reshape(2, 2) for found in inside])
    packed = iter(packer.lines(line for found in inside for line in found))
    for box, found in zip(bounds, inside, strict=True):
        yield {"bounds": box, "lines": [next(packed) for _ in found]}


def _road_names(network: RoadNetwork, region: shapely.Geometry) -> Iterator[tuple[str, str, float, float]]:
    """Name the main roads at intervals along them."""
    segments = network.segments
    codes = [ROAD_CLASSES.index(name) for group in ("motorway", "primary") for name in ROAD_GROUPS[group]]
    placed: dict[str, list[tuple[float, float]]] = {}
    for segment in np.flatnonzero(np.isin(segments.road_class, codes)):
        ref = network.road_names[segments.road[segment]].partition("\t")[2].split(";")[0]
        middle = int(segments.geometry_start[segment] + segments.geometry_start[segment + 1]) // 2
        x_m, y_m = float(segments.x_m[middle]), float(segments.y_m[middle])
        near = any(np.hypot(x - x_m, y - y_m) < _ROAD_NAME_EVERY_M for x, y in placed.get(ref, []))
        if ref and not near and shapely.intersects_xy(region, x_m, y_m):
            placed.setdefault(ref, []).append((x_m, y_m))
            yield ref, "road", x_m, y_m
