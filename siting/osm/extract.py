"""An OpenStreetMap extract (`.osm.pbf`, `.osm`) to the raw material of a road network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from siting.faults import NetworkSourceError
from siting.osm.pbf import PbfWays, UnknownFormError, read_ways
from siting.osm.tags import CAR_KEYS, NodeEffect, RoadTags, Tags, read_node, read_road
from siting.words import Scenario

ATTRIBUTION = "© OpenStreetMap contributors, Open Database Licence 1.0 (openstreetmap.org/copyright)"

_LOCATION_SCALE = 1e7


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction at a node, or by way of roads: `only` bans every other turn, otherwise this one is banned.

    `scenarios` are those in which it is in force, a bit each in the order of `Scenario`.
    """

    from_way: int
    via_node: int | None
    to_way: int
    only: bool
    via_ways: tuple[int, ...] = ()
    scenarios: int = 2 ** len(Scenario) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmRoads:
    """The drivable ways of an extract, as read.

    Attributes
    ----------
    roads
        The tags of each way, as a car sees them.
    way_ids
        Each way's OpenStreetMap number.
    way_starts
        Where each way's nodes begin in `node_refs`; one longer than `roads`.
    node_refs, longitude, latitude
        The nodes of all ways, one after another; degrees, EPSG:4326.
    node_effects
        Of nodes that hold a car up: their effect and the direction that it holds for.
    by_hour
        Of ways that are not the same at all hours, by their place in `roads`: the tags in each
        scenario, in their order; None where no car may drive there.
    shut_in
        Of nodes that no car passes at some hours: the scenarios of those, a bit each.
    restrictions
        Turn restrictions.
    left_out
        How many things of each kind were seen and not used, with what they are.
    """

    roads: Sequence[RoadTags]
    way_ids: NDArray[np.int64]
    way_starts: NDArray[np.int64]
    node_refs: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    node_effects: dict[int, tuple[NodeEffect, int]]
    restrictions: Sequence[Restriction]
    left_out: dict[str, int]
    by_hour: Mapping[int, tuple[RoadTags | None, ...]] = field(default_factory=dict)
    shut_in: Mapping[int, int] = field(default_factory=dict)


def read_osm(path: Path, progress: Callable[[str], None] = lambda _step: None) -> OsmRoads:
    """Read the roads of an OpenStreetMap extract, as users download them.

    Raises
    ------
    NetworkSourceError
        Where the file is no OpenStreetMap file, is damaged, or holds no road for cars.
    """
    try:
        return _read(path, progress)
    except (RuntimeError, OSError) as error:
        msg = (
            f"{path.name} cannot be read as an OpenStreetMap extract ({error}). "
            "Download it again as .osm.pbf, for example a county from Geofabrik."
        )
        raise NetworkSourceError(msg) from error


def _read(path: Path, progress: Callable[[str], None]) -> OsmRoads:
    effects: dict[int, tuple[NodeEffect, int]] = {}
    left_out = {
        "ferries": 0,
        "conditional or vehicle-type turn restrictions": 0,
        "turn restrictions that do not say where": 0,
    }
    progress("reading nodes")
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("highway", "barrier"))
    for node in nodes:
        effect = read_node(dict(node.tags))
        if effect is not None:
            effects[node.id] = effect
    progress("reading roads")
    ways = read_drivable(path)
    left_out["ferries"] = ways.ferries
    if not ways.roads:
        msg = f"{path.name} holds no road that a car may use. Use an extract that covers the area's roads."
        raise NetworkSourceError(msg)
    progress("reading turn restrictions")
    return OsmRoads(
        roads=ways.roads,
        way_ids=ways.way_ids,
        way_starts=ways.way_starts,
        node_refs=ways.node_refs,
        longitude=ways.longitude,
        latitude=ways.latitude,
        node_effects=effects,
        restrictions=_read_restrictions(path, left_out),
        left_out={kind: count for kind, count in left_out.items() if count},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivableWays:
    """The ways that a car may use, in columns, and how many ferries were passed over."""

    roads: Sequence[RoadTags]
    way_ids: NDArray[np.int64]
    way_starts: NDArray[np.int64]
    node_refs: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    ferries: int


def read_drivable(path: Path, *, general: bool = False) -> DrivableWays:
    """Read the ways that a car may use; `general` takes the slower reader, which knows every form of file."""
    if path.suffix == ".pbf" and not general:
        try:
            return _columnar(read_ways(path, ("highway", "route")))
        except UnknownFormError:
            pass
    return _one_by_one(path)


def _columnar(ways: PbfWays) -> DrivableWays:
    read: dict[tuple[tuple[str, str], ...], RoadTags | None] = {}
    roads: list[RoadTags] = []
    kept: list[int] = []
    ferries = 0
    for way, tags in enumerate(ways.tags):
        if tags not in read:
            read[tags] = read_road(dict(tags))
        road = read[tags]
        if road is None:
            ferries += ("route", "ferry") in tags
            continue
        roads.append(road)
        kept.append(way)
    chosen = np.array(kept, dtype=np.int64)
    known = np.isfinite(ways.longitude)
    of_way = np.repeat(np.arange(len(ways.way_id)), np.diff(ways.ref_start))
    count = np.bincount(of_way[known], minlength=len(ways.way_id))
    whole = count[chosen] >= 2  # noqa: PLR2004 - a line has two ends
    roads = [road for road, is_line in zip(roads, whole, strict=True) if is_line]
    chosen = chosen[whole]
    wanted = np.zeros(len(ways.way_id), dtype=bool)
    wanted[chosen] = True
    nodes = known & wanted[of_way]
    return DrivableWays(
        roads=roads,
        way_ids=ways.way_id[chosen],
        way_starts=np.concatenate([[0], np.cumsum(count[chosen])]).astype(np.int64),
        node_refs=ways.node_ref[nodes],
        longitude=np.rint(ways.longitude[nodes] * _LOCATION_SCALE) / _LOCATION_SCALE,
        latitude=np.rint(ways.latitude[nodes] * _LOCATION_SCALE) / _LOCATION_SCALE,
        ferries=ferries,
    )


def _one_by_one(path: Path) -> DrivableWays:
    roads: list[RoadTags] = []
    way_ids: list[int] = []
    lengths: list[int] = []
    refs: list[int] = []
    x: list[int] = []
    y: list[int] = []
    ferries = 0
    ways = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway", "route"))
    )
    for way in ways:
        if not isinstance(way, osmium.osm.Way):
            continue
        tags = dict(way.tags)
        road = read_road(tags)
        if road is None:
            ferries += tags.get("route") == "ferry"
            continue
        before = len(refs)
        for member in way.nodes:
            location = member.location
            if location.valid():
                refs.append(member.ref)
                x.append(location.x)
                y.append(location.y)
        if len(refs) - before < 2:  # noqa: PLR2004 - a line has two ends
            del refs[before:], x[before:], y[before:]
            continue
        roads.append(road)
        way_ids.append(way.id)
        lengths.append(len(refs) - before)
    return DrivableWays(
        roads=roads,
        way_ids=np.array(way_ids, dtype=np.int64),
        way_starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        node_refs=np.array(refs, dtype=np.int64),
        longitude=np.array(x, dtype=np.float64) / _LOCATION_SCALE,
        latitude=np.array(y, dtype=np.float64) / _LOCATION_SCALE,
        ferries=ferries,
    )


def _read_restrictions(path: Path, left_out: dict[str, int]) -> list[Restriction]:
    restrictions: list[Restriction] = []
    relations = osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(osmium.filter.TagFilter(("type", "restriction")))
    for relation in relations:
        if not isinstance(relation, osmium.osm.Relation):
            continue
        tags = dict(relation.tags)
        kind = restriction_kind(tags)
        if kind is None:
            left_out["conditional or vehicle-type turn restrictions"] += 1
            continue
        members: dict[str, list[tuple[str, int]]] = {}
        for member in relation.members:
            members.setdefault(member.role, []).append((member.type, member.ref))
        via = members.get("via", [])
        ways = tuple(ref for member_type, ref in via if member_type == "w")
        node = next((ref for member_type, ref in via if member_type == "n"), None)
        if not via or (ways and node is not None):
            left_out["turn restrictions that do not say where"] += 1
            continue
        for _, from_way in members.get("from", []):
            for _, to_way in members.get("to", []):
                restrictions.append(Restriction(from_way, node, to_way, kind == "only", ways))
    return restrictions


def restriction_kind(tags: Tags) -> str | None:
    """Tell whether a restriction's tags say `no` or `only` to cars at any time; None where they do not."""
    if any(word.strip() in CAR_KEYS for word in tags.get("except", "").casefold().split(";")):
        return None
    for key in (*(f"restriction:{vehicle}" for vehicle in CAR_KEYS[:-1]), "restriction"):
        for kind in ("no", "only"):
            if tags.get(key, "").casefold().startswith(f"{kind}_"):
                return kind
    return None
