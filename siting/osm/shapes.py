"""The shapes of an OpenStreetMap file by their tags, in metres: what stands at a point, along a line, on an area.

The one reader of all that is no road: buildings and addresses, water and woods, names and stations.
What a shape means is for those to say who ask.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.geom import WKBFactory
from osmium.osm.types import OSMEntity

from siting.crs import MetricSystem, to_metres
from siting.osm.any_form import check_form, deleted_in_editor, made_by

Tags = Mapping[str, str]
_ENDS = 2
_BLOCK = 10_000
"""How many shapes are converted at once: a city's buildings in a few goes, in some megabytes."""


class Form(StrEnum):
    """What kind of shape a thing has."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmShape:
    """One thing of the file: its shape in metres.

    `number` is that of the point, of the line, or libosmium's own of the area, which is different for ways and relations.
    """

    form: Form
    number: int
    tags: Tags
    geometry: shapely.Geometry


def read_shapes(
    path: Path, system: MetricSystem, keys: Sequence[str], wanted: Callable[[Form, Tags], bool] = lambda _form, _tags: True
) -> Iterator[OsmShape]:
    """Yield the shapes that have one of some keys and that are wanted, in the order of the file.

    A closed way is an area, and a line besides where it is a coast. A line that the file cuts off is one
    shape for each stretch whose nodes are there. What mappers left open or crossed beyond mending, and
    what lies outside the coordinate system, has no shape and is left out; so is what was deleted.

    Raises
    ------
    NetworkSourceError
        Where the file holds several versions of things, or broken texts.
    RuntimeError
        Where it cannot be read.
    """
    check_form(path)
    found = _in_degrees(path, keys, wanted)
    while block := list(itertools.islice(found, _BLOCK)):
        # Many at once: a call for each of a town's buildings takes ten times as long as reading them.
        degrees = np.array([geometry for *_, geometry in block], dtype=object)
        metres = shapely.transform(degrees, lambda at: np.column_stack(to_metres(at[:, 0], at[:, 1], system)))
        points, index = shapely.get_coordinates(metres, return_index=True)
        outside = np.zeros(len(block), dtype=bool)
        outside[index[~np.isfinite(points).all(axis=1)]] = True
        usable = ~outside & ~shapely.is_empty(metres)
        for (form, number, tags, _), geometry, is_usable in zip(block, metres, usable.tolist(), strict=True):
            if is_usable:
                yield OsmShape(form=form, number=number, tags=tags, geometry=geometry)


def _in_degrees(
    path: Path, keys: Sequence[str], wanted: Callable[[Form, Tags], bool]
) -> Iterator[tuple[Form, int, Tags, shapely.Geometry]]:
    """Yield the form, number, tags and shape of what is wanted; longitude before latitude."""
    factory = WKBFactory()
    deleted = deleted_in_editor(path)
    for thing in _things(path, keys):
        found = _form_of(thing)
        if found is None:
            continue
        form, named = found
        tags = dict(thing.tags)
        if named in deleted or not wanted(form, tags):
            continue
        for geometry in _degrees(factory, thing):
            yield form, thing.id, tags, geometry


def _things(path: Path, keys: Sequence[str]) -> Iterator[OSMEntity]:
    try:
        yield from osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.KeyFilter(*keys))
    except osmium.InvalidLocationError as error:
        raise RuntimeError(str(error)) from error


def _form_of(thing: object) -> tuple[Form, tuple[str, int]] | None:
    """Return a thing's form, and the kind and number that the file knows it by; None where it has no shape or is gone."""
    if not isinstance(thing, osmium.osm.Node | osmium.osm.Way | osmium.osm.Area) or not thing.visible:
        return None
    match thing:
        case osmium.osm.Node():
            return Form.POINT, ("node", thing.id)
        case osmium.osm.Area():
            return Form.AREA, ("way" if thing.from_way() else "relation", thing.orig_id())
        case osmium.osm.Way() if not thing.is_closed() or thing.tags.get("natural") == "coastline":
            return Form.LINE, ("way", thing.id)
    return None


def _degrees(factory: WKBFactory, thing: object) -> Iterator[shapely.Geometry]:
    match thing:
        case osmium.osm.Node():
            if thing.location.valid():
                yield shapely.Point(thing.location.lon, thing.location.lat)
        case osmium.osm.Area():
            try:
                yield shapely.from_wkb(factory.create_multipolygon(thing))
            except (RuntimeError, osmium.InvalidLocationError, shapely.errors.GEOSException):
                return
        case osmium.osm.Way():
            # Where an extract cuts a line off, what is on either side of the missing nodes.
            for is_known, run in itertools.groupby(thing.nodes, lambda node: node.location.valid()):
                points = [(node.location.lon, node.location.lat) for node in run] if is_known else []
                if len(points) >= _ENDS:
                    yield shapely.LineString(points)


def copy_extract(source: Path, target: Path) -> None:
    """Copy an OpenStreetMap file into the format that the target's name asks for; who made it stays with it."""
    header = osmium.io.Header()
    header.set("generator", made_by(source))
    with osmium.SimpleWriter(str(target), header=header) as writer:
        for item in osmium.FileProcessor(str(source)):
            writer.add(item)
