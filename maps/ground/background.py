"""The base map's ground: sea, water, woods, built-up areas, railways, marks and names, from the file that the roads come from.

Kept between runs beside the network, by the source's content.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from siting.crs import MetricSystem
from siting.osm.shapes import Form, read_shapes
from siting.roads.network import RoadNetwork
from siting.storage.kept import cache_folder, keep

BACKGROUND_VERSION = 5
"""Raised whenever the same source would make another ground."""

SMALLEST_M2 = 20_000.0
"""Smaller water and woods do not show on a map of a county."""

_KEYS = ("natural", "landuse", "water", "waterway", "place", "railway", "amenity")
_LEAST_DETAIL_M = 8.0
"""Bends smaller than this do not show."""
_KINDS = ("built", "wood", "water", "sea", "river", "coast", "rail")
_LINES = {"river", "coast", "rail"}
_PLACES = {"city": 150_000, "town": 15_000, "suburb": 4_000, "village": 1_000, "hamlet": 100}
"""How many people a place of a kind is taken to have where the map does not say (own assumption, for the order of names)."""
_REACH_M = {"city": 4_000.0, "town": 1_500.0}
"""How far a town reaches from its middle, about; for the town that a school is said to be in."""
_SCHOOL_TOWN_WITHIN_M = 12_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """The name of a place, in the network's metres; `people` as the map says or its kind suggests; `first` before all others."""

    name: str
    kind: str
    x_m: float
    y_m: float
    people: int
    first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A station, a hospital or a school of the map, in the network's metres."""

    kind: str
    name: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """Areas by kind and lines (rivers, coast, railways), in the network's metres; names and marks."""

    shapes: Mapping[str, tuple[shapely.Geometry, ...]]
    names: tuple[PlaceName, ...]
    marks: tuple[Mark, ...]


def by_importance(names: Sequence[PlaceName], schools: Sequence[tuple[float, float]]) -> list[PlaceName]:
    """Sort names: the town of each school first (`first`), then by how many people live there."""
    towns = {_town_of(names, *school) for school in schools}
    marked = [replace(place, first=place in towns) for place in names]
    return sorted(marked, key=lambda place: (not place.first, -place.people, place.name))


def _town_of(names: Sequence[PlaceName], x_m: float, y_m: float) -> PlaceName | None:
    """Return the town that a point is in or nearest to; a village where no town is near."""

    def beyond_m(place: PlaceName) -> float:
        return float(np.hypot(place.x_m - x_m, place.y_m - y_m)) - _REACH_M.get(place.kind, 0.0)

    towns = [place for place in names if place.kind in _REACH_M and beyond_m(place) < _SCHOOL_TOWN_WITHIN_M]
    return min(towns or [place for place in names if place.kind == "village"], key=beyond_m, default=None)


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
    names: list[PlaceName] = []
    marks: list[Mark] = []
    for thing in read_shapes(source, system, _KEYS, _is_shown):
        tags = thing.tags
        if thing.form is Form.POINT:
            x_m, y_m = float(shapely.get_x(thing.geometry)), float(shapely.get_y(thing.geometry))
            names += _place_name(tags, x_m, y_m)
            marks += _mark(tags, x_m, y_m)
            continue
        made = shapely.simplify(thing.geometry, _LEAST_DETAIL_M)
        if shapely.is_empty(made):
            continue
        if thing.form is Form.AREA:
            middle = shapely.point_on_surface(made)
            marks += _mark(tags, float(shapely.get_x(middle)), float(shapely.get_y(middle)))
        kind = _kind(tags, thing.form)
        if kind is not None and (kind in _LINES or shapely.area(made) >= SMALLEST_M2):
            shapes[kind].append(made)
    shapes["sea"] = _sea(shapes["coast"])
    return Background(
        shapes={kind: tuple(found) for kind, found in shapes.items()},
        names=tuple(sorted(names, key=lambda name: (-name.people, name.name))),
        marks=tuple(marks),
    )


def _is_shown(form: Form, tags: Mapping[str, str]) -> bool:
    return form is Form.POINT or _kind(tags, form) is not None or (form is Form.AREA and any(_mark(tags, 0.0, 0.0)))


def _place_name(tags: Mapping[str, str], x_m: float, y_m: float) -> Iterator[PlaceName]:
    kind, name = tags.get("place"), tags.get("name")
    if kind in _PLACES and name:
        told = "".join(letter for letter in tags.get("population", "") if letter not in ", ")
        yield PlaceName(name=name, kind=kind, x_m=x_m, y_m=y_m, people=int(told) if told.isdecimal() else _PLACES[kind])


def _mark(tags: Mapping[str, str], x_m: float, y_m: float) -> Iterator[Mark]:
    kind = tags.get("amenity", "")
    if tags.get("railway") in {"station", "halt"}:
        kind = "station"
    if kind in {"station", "hospital", "school"}:
        yield Mark(kind=kind, name=tags.get("name", ""), x_m=x_m, y_m=y_m)


def _kind(tags: Mapping[str, str], form: Form) -> str | None:
    if form is not Form.AREA:
        if tags.get("natural") == "coastline":
            return "coast"
        # Sidings and yards are not what people find their way by.
        if tags.get("railway") == "rail" and "service" not in tags:
            return "rail"
        return "river" if tags.get("waterway") in {"river", "canal"} else None
    if tags.get("natural") in {"water", "bay"} or tags.get("landuse") == "reservoir" or tags.get("waterway") == "riverbank":
        return "water"
    if tags.get("natural") == "wood" or tags.get("landuse") == "forest":
        return "wood"
    return "built" if tags.get("landuse") in {"residential", "commercial", "retail", "industrial"} else None


_RIVER_MOUTH_M = 800.0
"""Across so much water at most a coast that ends within the map is joined to the opposite bank (own assumption)."""


def _sea(coast: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """Return the sea: what lies to the right of the coastline, as mappers draw it, within the coast's own rectangle.

    A coast that ends up a river is closed across it. Where it ends elsewhere within that rectangle,
    nothing says where the sea ends: it stays a line.
    """
    if not coast:
        return []
    lines = shapely.line_merge(shapely.multilinestrings(list(coast)), directed=True)
    west, south, east, north = shapely.bounds(lines)
    # The rectangle is drawn in a little, so that the coast's loose ends reach over it.
    inside = shapely.box(west + 1, south + 1, east - 1, north - 1)
    edges = shapely.union_all([lines, shapely.boundary(inside), *_across_rivers(np.array(shapely.get_parts(lines)), inside)])
    cut = np.array(shapely.get_parts(shapely.intersection(lines, inside)))
    pieces = shapely.get_parts(shapely.polygonize([edges]))
    return [piece for piece in pieces if shapely.contains(inside, shapely.point_on_surface(piece)) and _is_sea(piece, cut)]


def _across_rivers(parts: "np.ndarray[Any, Any]", inside: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Yield a line from each loose end of a coast to the nearest other coast."""
    for row, part in enumerate(parts):
        if shapely.is_closed(part):
            continue
        others = np.delete(parts, row)
        for end in (shapely.get_point(part, 0), shapely.get_point(part, -1)):
            near = shapely.distance(others, end)
            if shapely.contains(inside, end) and len(others) and 0 < near.min() < _RIVER_MOUTH_M:
                yield shapely.shortest_line(end, others[int(np.argmin(near))])


def _is_sea(piece: shapely.Geometry, coast: "np.ndarray[Any, Any]") -> bool:
    """Tell whether more of the coast along a piece has it to its right than to its left."""
    steps = []
    for line in coast[shapely.intersects(coast, piece)]:
        points = shapely.get_coordinates(line)
        steps.append(np.hstack([points[:-1], points[1:]]))
    if not steps:
        return False
    start_x, start_y, end_x, end_y = np.concatenate(steps).T
    length = np.hypot(end_x - start_x, end_y - start_y)
    away = 0.5 / np.maximum(length, 1e-9)
    right_x, right_y = (end_y - start_y) * away, (start_x - end_x) * away
    x_m, y_m = (start_x + end_x) / 2, (start_y + end_y) / 2
    shapely.prepare(piece)
    right = length[shapely.contains_xy(piece, x_m + right_x, y_m + right_y)].sum()
    left = length[shapely.contains_xy(piece, x_m - right_x, y_m - right_y)].sum()
    return bool(right > left)


def _take_apart(background: Background) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    arrays: dict[str, np.ndarray] = {}
    for kind, found in background.shapes.items():
        blobs = [shapely.to_wkb(shape) for shape in found]
        arrays[f"{kind}.bytes"] = np.frombuffer(b"".join(blobs), dtype=np.uint8)
        arrays[f"{kind}.length"] = np.array([len(blob) for blob in blobs], dtype=np.int64)
    return arrays, {"names": list(map(astuple, background.names)), "marks": list(map(astuple, background.marks))}


def _put_together(arrays: Mapping[str, np.ndarray], plain: Mapping[str, Any]) -> Background:
    def shapes(kind: str) -> Iterator[shapely.Geometry]:
        content, start = arrays[f"{kind}.bytes"].tobytes(), 0
        for length in arrays[f"{kind}.length"]:
            yield shapely.from_wkb(content[start : start + int(length)])
            start += int(length)

    names = tuple(
        PlaceName(name=name, kind=kind, x_m=x_m, y_m=y_m, people=people) for name, kind, x_m, y_m, people, _ in plain["names"]
    )
    marks = tuple(Mark(kind=kind, name=name, x_m=x_m, y_m=y_m) for kind, name, x_m, y_m in plain["marks"])
    return Background(shapes={kind: tuple(shapes(kind)) for kind in _KINDS}, names=names, marks=marks)
