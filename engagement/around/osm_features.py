"""What OpenStreetMap knows of a place: buildings, addresses, stations of police and fire, railways and water.

Read from the same extract as the roads, once; buildings and addresses are kept beside the network.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from engagement.around.address_kinds import AddressKind
from engagement.around.addresses import Address
from siting.crs import MetricSystem
from siting.osm.shapes import Form, read_shapes
from siting.roads.network import RoadNetwork
from siting.storage.kept import cache_folder, keep

FEATURES_VERSION = 4
"""Raised whenever the same source would give other features."""

_STATIONS = {"police": "police", "fire_station": "fire"}
_KEYS = ("building", "addr:housenumber", "addr:housename", "amenity", "tourism", "residential")
_SITES = {("tourism", "caravan_site"), ("residential", "trailer_park"), ("residential", "halting_site")}
"""Ground on which people live in what is mostly drawn as no building."""
_MOST_FLATS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A police or fire station."""

    kind: str
    name: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmFeatures:
    """Buildings, addresses and stations of an extract, in the network's metres.

    `buildings` are in the order of their OpenStreetMap numbers, and `kinds` what each is called there; an
    address that is a building's own has its position in them. `sites` are those of caravans.
    """

    buildings: tuple[shapely.Geometry, ...]
    addresses: tuple[Address, ...]
    stations: tuple[Station, ...]
    kinds: tuple[str, ...] = ()
    sites: tuple[shapely.Geometry, ...] = ()


def open_features(source: Path, network: RoadNetwork, folder: Path | None = None) -> OsmFeatures:
    """Return the features of a source, read now or kept from before."""
    if not network.fingerprint:
        return read_features(source, network.system)
    path = (folder or cache_folder()) / "features" / f"{network.fingerprint}-{FEATURES_VERSION}.features"

    def make() -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        return _take_apart(read_features(source, network.system))

    return _put_together(*keep(path, make))


def read_features(source: Path, system: MetricSystem) -> OsmFeatures:
    """Read buildings, addresses and stations of an OpenStreetMap extract."""
    buildings: list[tuple[int, shapely.Geometry, str]] = []
    addressed: list[tuple[str, Mapping[str, str], shapely.Geometry, bool]] = []
    stations: list[Station] = []
    sites: list[tuple[int, shapely.Geometry]] = []
    for thing in read_shapes(source, system, _KEYS, lambda form, _tags: form is not Form.LINE):
        tags, shape = thing.tags, thing.geometry
        if not shapely.is_valid(shape):
            shape = shapely.make_valid(shape)
        is_building = thing.form is Form.AREA and tags.get("building", "no") not in {"no", "ruins"}
        if is_building:
            buildings.append((thing.number, shape, tags["building"]))
        if "addr:housenumber" in tags or "addr:housename" in tags:
            letter = "n" if thing.form is Form.POINT else "a"
            addressed.append((f"{letter}{thing.number:012d}", tags, shape, is_building))
        if not _SITES.isdisjoint(tags.items()):
            sites.append((thing.number, shape))
        kind = _STATIONS.get(tags.get("amenity", ""))
        if kind:
            middle = shapely.centroid(shape)
            name = tags.get("name", f"an unnamed {kind} station")
            stations.append(Station(kind=kind, name=name, x_m=shapely.get_x(middle), y_m=shapely.get_y(middle)))
    buildings.sort(key=lambda building: building[0])
    position = {number: index for index, (number, _, _) in enumerate(buildings)}
    addresses = [
        address
        for key, tags, shape, is_building in sorted(addressed, key=lambda one: one[0])
        for address in _addresses(key, tags, shape, position.get(int(key[1:])) if is_building else None)
    ]
    return OsmFeatures(
        buildings=tuple(shape for _, shape, _ in buildings),
        kinds=tuple(kind for _, _, kind in buildings),
        sites=tuple(shape for _, shape in sorted(sites, key=lambda site: (site[0], shapely.to_wkb(site[1])))),
        addresses=tuple(addresses),
        stations=tuple(sorted(stations, key=lambda station: (station.kind, station.name, station.x_m))),
    )


def _addresses(key: str, tags: Mapping[str, str], shape: shapely.Geometry, building: int | None) -> Iterator[Address]:
    """Yield the households of one mapped address: each flat and each number of a list is one of its own."""
    at = shapely.point_on_surface(shape)
    flats = list(_listed(tags.get("addr:flats", ""), spans=True))
    numbers = list(_listed(tags.get("addr:housenumber", ""))) or [""]
    unit = tags.get("addr:unit", tags.get("addr:flat", ""))
    shop = bool({"shop", "office"} & tags.keys()) or tags.get("amenity") in {
        "school",
        "place_of_worship",
        "pub",
        "restaurant",
        "cafe",
    }
    for number in numbers:
        for flat in flats or [unit]:
            name = tags.get("addr:housename", "") or (tags.get("name", "") if shop else "")
            yield Address(
                key=f"{key}/{number}/{flat}",
                uprn=tags.get("ref:GB:uprn") if len(numbers) == 1 and not flats else None,
                parent_uprn=None,
                text="",
                sub_building=f"Flat {flat}" if flat else "",
                building_name=name,
                number=number,
                street=tags.get("addr:street", tags.get("addr:place", "")),
                town=tags.get("addr:city", tags.get("addr:town", "")),
                postcode=tags.get("addr:postcode", ""),
                x_m=float(shapely.get_x(at)),
                y_m=float(shapely.get_y(at)),
                kind=AddressKind(None, premises=shop),
                building=building,
            )


def _listed(text: str, *, spans: bool = False) -> Iterator[str]:
    """Write out `8;10A` as single numbers; with `spans` also `1-6`, which for a house may be one number."""
    for part in re.split(r"[;,]", text):
        span = re.fullmatch(r"\s*(\d+)\s*-\s*(\d+)\s*", part) if spans else None
        if span and 0 <= int(span[2]) - int(span[1]) <= _MOST_FLATS:
            yield from (str(number) for number in range(int(span[1]), int(span[2]) + 1))
        elif part.strip():
            yield part.strip()


def _take_apart(features: OsmFeatures) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    blobs = [shapely.to_wkb(shape) for shape in (*features.buildings, *features.sites)]
    arrays: dict[str, np.ndarray] = {
        "bytes": np.frombuffer(b"".join(blobs), dtype=np.uint8),
        "length": np.array([len(blob) for blob in blobs], dtype=np.int64),
    }
    plain: dict[str, Any] = {
        "addresses": [[getattr(a, name) for name in _KEPT] + [a.kind.premises] for a in features.addresses],
        "kinds": list(features.kinds),
        "stations": [[s.kind, s.name, s.x_m, s.y_m] for s in features.stations],
    }
    return arrays, plain


_KEPT = ("key", "uprn", "sub_building", "building_name", "number", "street", "town", "postcode", "x_m", "y_m", "building")


def _put_together(arrays: Mapping[str, np.ndarray], plain: Mapping[str, Any]) -> OsmFeatures:
    content = arrays["bytes"].tobytes()
    ends = np.cumsum(arrays["length"])
    blobs = [content[end - length : end] for end, length in zip(ends, arrays["length"], strict=True)]
    addresses = [
        Address(parent_uprn=None, text="", kind=AddressKind(None, premises=row[-1]), **dict(zip(_KEPT, row[:-1], strict=True)))
        for row in plain["addresses"]
    ]
    shapes = tuple(shapely.from_wkb(blobs)) if blobs else ()
    return OsmFeatures(
        buildings=shapes[: len(plain["kinds"])],
        sites=shapes[len(plain["kinds"]) :],
        addresses=tuple(addresses),
        stations=tuple(Station(kind=k, name=n, x_m=x, y_m=y) for k, n, x, y in plain["stations"]),
        kinds=tuple(plain["kinds"]),
    )
