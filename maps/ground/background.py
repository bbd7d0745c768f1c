"""The base map's ground: water, woods, built-up areas and names, from the file that the roads come from.

Kept between runs beside the network, by the source's content.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from osmium.geom import WKBFactory

from siting.arrays import Float64
from siting.crs import MetricSystem, to_metres
from siting.roads.network import RoadNetwork
from siting.storage.kept import cache_folder, keep

BACKGROUND_VERSION = 2
"""Raised whenever the same source would make another ground."""

SMALLEST_M2 = 20_000.0
"""Smaller water and woods do not show on a map of a county."""

_KINDS = ("built", "wood", "water", "river")
_PLACES = ("city", "town", "village", "suburb", "hamlet")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """Areas by kind and rivers, in the network's metres; names with their kind and place."""

    shapes: Mapping[str, tuple[shapely.Geometry, ...]]
    names: tuple[tuple[str, str, float, float], ...]


def open_background(source: Path, network: RoadNetwork, folder: Path | None = None) -> Background:
    """Return the ground of a source, read now or kept from before."""
    path = (folder or cache_folder()) / "backgrounds" / f"{network.fingerprint}-{BACKGROUND_VERSION}.background"

    def make() -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        return _take_apart(read_background(source, network.system))

    if not network.fingerprint:
        return read_background(source, network.system)
    return _put_together(*keep(path, make))


def read_background(source: Path, system: MetricSystem) -> Background:
    """Read the ground of an OpenStreetMap extract."""
    shapes: dict[str, list[shapely.Geometry]] = {kind: [] for kind in _KINDS}
    names: list[tuple[str, str, float, float]] = []
    factory = WKBFactory()
    objects = osmium.FileProcessor(str(source)).with_areas()
    objects.with_filter(osmium.filter.KeyFilter("natural", "landuse", "water", "waterway", "place"))
    for thing in objects:
        tags = dict(thing.tags)
        if isinstance(thing, osmium.osm.Node):
            kind, name = tags.get("place"), tags.get("name")
            if kind in _PLACES and name:
                (x_m,), (y_m,) = to_metres(thing.location.lon, thing.location.lat, system)
                names.append((name, kind, float(x_m), float(y_m)))
            continue
        kind = _kind(tags, is_area=isinstance(thing, osmium.osm.Area))
        if kind is None:
            continue
        made = _shape(factory, thing, system)
        if made is not None and (kind == "river" or shapely.area(made) >= SMALLEST_M2):
            shapes[kind].append(made)
    names.sort(key=lambda name: (_PLACES.index(name[1]), name[0]))
    return Background(
        shapes={kind: tuple(found) for kind, found in shapes.items()},
        names=tuple(name for name in names if np.isfinite(name[2])),
    )


def _kind(tags: Mapping[str, str], *, is_area: bool) -> str | None:
    if not is_area:
        return "river" if tags.get("waterway") in {"river", "canal"} else None
    if tags.get("natural") == "water" or tags.get("landuse") == "reservoir" or tags.get("waterway") == "riverbank":
        return "water"
    if tags.get("natural") == "wood" or tags.get("landuse") == "forest":
        return "wood"
    return "built" if tags.get("landuse") in {"residential", "commercial", "retail", "industrial"} else None


def _shape(factory: WKBFactory, thing: object, system: MetricSystem) -> shapely.Geometry | None:
    try:
        if isinstance(thing, osmium.osm.Area):
            degrees = shapely.from_wkb(factory.create_multipolygon(thing))
        elif isinstance(thing, osmium.osm.Way) and not thing.is_closed():
            degrees = shapely.from_wkb(factory.create_linestring(thing))
        else:
            return None
    except (RuntimeError, shapely.errors.GEOSException):
        # A shape that the mappers left open or crossed is not worth stopping a map for.
        return None

    def convert(coordinates: Float64) -> Float64:
        return np.column_stack(to_metres(coordinates[:, 0], coordinates[:, 1], system))

    metres = shapely.simplify(shapely.transform(degrees, convert), 8.0)
    return metres if np.isfinite(shapely.get_coordinates(metres)).all() and not metres.is_empty else None


def _take_apart(background: Background) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    arrays: dict[str, np.ndarray] = {}
    for kind, found in background.shapes.items():
        blobs = [shapely.to_wkb(shape) for shape in found]
        arrays[f"{kind}.bytes"] = np.frombuffer(b"".join(blobs), dtype=np.uint8)
        arrays[f"{kind}.length"] = np.array([len(blob) for blob in blobs], dtype=np.int64)
    return arrays, {"names": background.names}


def _put_together(arrays: Mapping[str, np.ndarray], plain: Mapping[str, Any]) -> Background:
    def shapes(kind: str) -> Iterator[shapely.Geometry]:
        content, start = arrays[f"{kind}.bytes"].tobytes(), 0
        for length in arrays[f"{kind}.length"]:
            yield shapely.from_wkb(content[start : start + int(length)])
            start += int(length)

    names = tuple((str(name), str(kind), float(x_m), float(y_m)) for name, kind, x_m, y_m in plain["names"])
    return Background(shapes={kind: tuple(shapes(kind)) for kind in _KINDS}, names=names)
