"""An OpenStreetMap extract (`.osm.pbf`, `.osm`) to the raw material of a road network."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
from numpy.typing import NDArray

from siting.arrays import Int64
from siting.faults import NetworkSourceError
from siting.osm.any_form import UNREADABLE, AnyWays, Box, check_form, deleted_in_editor, made_by, read_box, read_ways_of_any_form
from siting.osm.hours import (
    OF_SOMETHING_ELSE,
    AtHour,
    at_moment,
    has_conditions,
    has_opening_hours,
    moments,
    outside_opening_hours,
)
from siting.osm.pbf import PbfWays, UnknownFormError, read_blocks, ways_in_columns
from siting.osm.relations import RESTRICTION_TYPES, Relation, Relations, read_relations
from siting.osm.tags import (
    CAR_KEYS,
    CONDITIONAL_KEYS,
    NODE_CONDITIONAL_KEYS,
    NODE_KEYS,
    UNDER_WATER,
    WAY_KEYS,
    Access,
    NodeEffect,
    RoadTags,
    Tags,
    conditional_keys,
    for_residents,
    is_ford,
    is_road,
    is_road_at_some_hour,
    is_shut_by_condition,
    read_node,
    read_road,
    stated_access,
    stricter,
    unread_in,
    without_others,
)
from siting.osm.water import KEYS as WATER_KEYS
from siting.osm.water import KINDS, is_water
from siting.progress import Progress, silent
from siting.travel_model import USUAL_HOURS, SchoolHours
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Lines in degrees (EPSG:4326): where each begins, one longer than the lines, and their points."""

    start: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]


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
    unread
        Of ways that say something by a condition or word that is not read, by their place in `roads`: of what kind it is.
    restrictions
        Turn restrictions.
    left_out
        How many things of each kind were seen and not used, with what they are.
    water
        The shores and rivers that nobody drives across but by a road; None where none were read.
    box
        The degrees within which the file says that it holds everything; None where it does not say.
    lacks
        What whoever made the file leaves out of every such file; empty where nothing is known to be.
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
    unread: Mapping[int, str] = field(default_factory=dict)
    water: Lines | None = None
    box: Box | None = None
    lacks: str = ""


FAST_FROM_BYTES = 2**20
"""Above this size the reader in columns is the faster, below it the general one, which has nothing to compile (measured in
processor time: Rutland's 1.6 MB take 0.2 s against 1.1 s, an 8 x 8 grid of it 4.5 s against 27 s)."""


def read_osm(path: Path, progress: Progress = silent, *, hours: SchoolHours = USUAL_HOURS) -> OsmRoads:
    """Read the roads of an OpenStreetMap extract, as users download them.

    Raises
    ------
    NetworkSourceError
        Where the file is no OpenStreetMap file, is damaged, or holds no road for cars.
    """
    try:
        return _read(path, progress, hours)
    except NetworkSourceError:
        raise
    except UNREADABLE as error:
        msg = (
            f"{path.name} cannot be read as an OpenStreetMap extract ({error}). "
            "Download it again as .osm.pbf, for example a county from Geofabrik."
        )
        raise NetworkSourceError(msg) from error


def _read(path: Path, progress: Progress, hours: SchoolHours) -> OsmRoads:
    progress("reading roads")
    ways = read_drivable(path, hours=hours, progress=progress)
    if not ways.roads:
        msg = f"{path.name} holds no road that a car may use. Use an extract that covers the area's roads."
        raise NetworkSourceError(msg)
    progress("reading nodes")
    left_out: Counter[str] = Counter()
    effects, shut_in, odd = _read_nodes(_tagged_nodes(path) if ways.tagged is None else ways.tagged, hours)
    unread = _past_odd_nodes(ways, odd, left_out)
    progress("reading turn restrictions")
    restrictions = _read_restrictions(ways.restrictions, hours, left_out)
    return OsmRoads(
        roads=ways.roads,
        way_ids=ways.way_ids,
        way_starts=ways.way_starts,
        node_refs=ways.node_refs,
        longitude=ways.longitude,
        latitude=ways.latitude,
        node_effects=effects,
        restrictions=restrictions,
        left_out={kind: count for kind, count in (left_out + ways.left_out).items() if count},
        by_hour=ways.by_hour,
        shut_in=shut_in,
        unread=unread,
        water=ways.water,
        box=ways.box,
        lacks=LACKS_OF_GRAPHS if made_by(path).startswith("OSMnx") else "",
    )


LACKS_OF_GRAPHS = "turn restrictions and the shores of water"
"""What no file holds that was made of a graph of roads, as OSMnx makes them."""

_Tagged = Iterable[tuple[int, tuple[tuple[str, str], ...]]]
"""Nodes that may do something to a car, with their tags."""


def _tagged_nodes(path: Path) -> _Tagged:
    deleted = deleted_in_editor(path)
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter(*NODE_KEYS))
    for node in nodes:
        if isinstance(node, osmium.osm.Node) and node.visible and ("node", node.id) not in deleted:
            yield node.id, tuple([(tag.k, tag.v) for tag in node.tags])


def _past_odd_nodes(ways: "DrivableWays", odd: Mapping[int, str], left_out: Counter[str]) -> dict[int, str]:
    """Return of what kind it is that ways say, or a node on them, and that is not read; count what nodes on roads say."""
    unread = dict(ways.unread)
    positions = np.flatnonzero(np.isin(ways.node_refs, list(odd))) if odd else np.zeros(0, dtype=np.int64)
    of_positions = np.searchsorted(ways.way_starts, positions, side="right") - 1
    met = set(zip(ways.node_refs[positions].tolist(), of_positions.tolist(), strict=True))
    left_out.update(odd[node] for node in {node for node, _ in met} if odd[node] != UNDER_WATER)
    # A ford is counted on each road through it, but not on one that names it too.
    wet = {way for node, way in met if odd[node] == UNDER_WATER}
    left_out[UNDER_WATER] += sum(unread.get(way) != UNDER_WATER for way in wet)
    for node, way in sorted(met):
        unread.setdefault(way, odd[node])
    return unread


def _read_nodes(nodes: _Tagged, hours: SchoolHours) -> tuple[dict[int, tuple[NodeEffect, int]], dict[int, int], dict[int, str]]:
    """Return what nodes do to a car, of those that no car passes at some hours the scenarios of these, and the odd ones.

    Of those, fords and what is not read, it is of what kind.
    """
    effects: dict[int, tuple[NodeEffect, int]] = {}
    shut_in: dict[int, int] = {}
    odd: dict[int, str] = {}
    known: dict[tuple[tuple[str, str], ...], tuple[NodeEffect, int] | None] = {}
    for number, pairs in nodes:
        if is_ford(dict(pairs)):
            odd[number] = UNDER_WATER
        if pairs in known:
            effect = known[pairs]
        elif has_conditions(tags := dict(pairs)):
            unread: set[str] = set()
            by_scenario = [_least_open(tags, times, unread) for times in moments(hours).values()]
            if unread:
                odd[number] = min(unread)
            blocked = [effect is not None and effect[0] is NodeEffect.BLOCK for effect in by_scenario]
            if any(blocked) and not all(blocked):
                shut_in[number] = sum(1 << row for row, is_blocked in enumerate(blocked) if is_blocked)
            # What is private at some hours alone has one effect for all: that of the school run, by which homes are judged.
            open_then = [effect for effect, is_blocked in zip(by_scenario, blocked, strict=True) if not is_blocked]
            effect = open_then[-1] if open_then else by_scenario[0]
        else:
            effect = known[pairs] = read_node(tags)
        if effect is not None:
            effects[number] = effect
    return effects, shut_in, odd


def _least_open(tags: Tags, times: Sequence[time], unread: set[str]) -> tuple[NodeEffect, int] | None:
    """Return what a node does to a car at the one of some times at which it stops it most."""
    effects = []
    keys = conditional_keys(tags, NODE_CONDITIONAL_KEYS)
    # What is shut at some hours stands open at the others: a gate, a post that sinks or is taken away.
    stands_open = is_shut_by_condition(tags) or has_opening_hours(tags)
    tags = without_others(tags)
    for moment in times:
        at_hour = _at(tags, moment, keys)
        unread.update(at_hour.unread)
        is_open = stands_open and stated_access(at_hour.tags) is None
        effects.append(read_node({**at_hour.tags, "access": "yes"} if is_open else at_hour.tags))
    return min(effects, key=lambda effect: effect[0] if effect else len(NodeEffect) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivableWays:
    """The ways that a car may use, in columns; fields as in `OsmRoads`, and the tagged nodes where they were read beside."""

    roads: Sequence[RoadTags]
    way_ids: NDArray[np.int64]
    way_starts: NDArray[np.int64]
    node_refs: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    left_out: Counter[str]
    by_hour: Mapping[int, tuple[RoadTags | None, ...]]
    unread: Mapping[int, str]
    water: Lines
    box: Box | None
    restrictions: Sequence[Relation]
    tagged: _Tagged | None


def read_drivable(
    path: Path, *, general: bool | None = None, hours: SchoolHours = USUAL_HOURS, progress: Progress = silent
) -> DrivableWays:
    """Read the ways that a car may use; `general` takes or leaves the slower reader, which knows every form of file.

    Raises
    ------
    NetworkSourceError
        Where the file holds several versions of things.
    RuntimeError, OSError, ValueError
        Where it cannot be read.
    """
    if general is None:
        general = path.suffix != ".pbf" or path.stat().st_size < FAST_FROM_BYTES
    if not general:
        try:
            blocks = read_blocks(path, progress)
            with_relations = osmium.io.FileBuffer(blocks.with_relations, "osm.pbf")
            relations = read_relations(with_relations)
            ways = ways_in_columns(blocks, _KEYS, relations.shores, node_keys=NODE_KEYS)
            return _of_cars(ways, hours, relations, read_box(with_relations))
        except UnknownFormError:
            pass
    box = check_form(path)
    relations = read_relations(path)
    return _of_cars(read_ways_of_any_form(path, _KEYS, relations.shores, wanted=_is_wanted), hours, relations, box)


_KEYS = ("highway", "route", *WATER_KEYS)


def _is_wanted(tags: Tags) -> bool:
    return is_road_at_some_hour(tags) or tags.get("route") == "ferry" or is_water(tags)


class _Reading(NamedTuple):
    """What one set of tags says: the road in each scenario, one for all where they are alike, and what is unread."""

    by_scenario: tuple[RoadTags | None, ...]
    usual: RoadTags | None
    unread: tuple[str, ...]

    @property
    def is_by_hour(self) -> bool:
        """Whether the road is another in one scenario than in another."""
        return len(self.by_scenario) > 1 and len(set(self.by_scenario)) > 1


def _of_cars(ways: PbfWays | AnyWays, hours: SchoolHours, relations: Relations, box: Box | None) -> DrivableWays:
    """Keep the ways that a car may use; where nodes are missing, what is on either side of them."""
    readings = _read_all(ways.tags, hours)
    times = np.bincount(ways.tag_set, minlength=len(readings)).tolist()
    left_out: Counter[str] = Counter()
    for tags, reading, count in zip(ways.tags, readings, times, strict=True):
        if reading.usual is None:
            left_out["ferries"] += count * (("route", "ferry") in tags)
            left_out["roads of which nobody can know which way they run"] += count * _is_reversible(tags)
        for kind in reading.unread:
            left_out[kind] += count
    is_kept = np.array([reading.usual is not None for reading in readings], dtype=bool)
    kept = np.flatnonzero(is_kept[ways.tag_set]) if readings else np.zeros(0, dtype=np.int64)
    piece_of, starts, positions = _known_runs(ways, kept)
    left_out["roads that the extract cuts off"] += _cut_off(ways, kept)
    tag_set = ways.tag_set[kept][piece_of]
    is_by_hour = np.array([reading.is_by_hour for reading in readings], dtype=bool)[tag_set]
    is_unread = np.array([bool(reading.unread) for reading in readings], dtype=bool)[tag_set]
    roads = [reading.usual for reading in readings if reading.usual]
    of_kept = np.cumsum(is_kept) - 1
    return DrivableWays(
        roads=[roads[number] for number in of_kept[tag_set].tolist()],
        way_ids=ways.way_id[kept][piece_of],
        way_starts=starts,
        node_refs=ways.node_ref[positions],
        longitude=np.rint(ways.longitude[positions] * _LOCATION_SCALE) / _LOCATION_SCALE,
        latitude=np.rint(ways.latitude[positions] * _LOCATION_SCALE) / _LOCATION_SCALE,
        left_out=left_out,
        by_hour={piece: readings[tag_set[piece]].by_scenario for piece in np.flatnonzero(is_by_hour).tolist()},
        water=_water(ways, relations.shores),
        box=box,
        restrictions=relations.restrictions,
        tagged=list(zip(ways.tagged.tolist(), ways.tags_of_tagged, strict=True)) if isinstance(ways, PbfWays) else None,
        unread={piece: readings[tag_set[piece]].unread[0] for piece in np.flatnonzero(is_unread).tolist()},
    )


_LEAST_SHORE_DEGREES = 0.004
"""What is smaller all round, about 400 m, is a pond that one drives past."""


def _water(ways: PbfWays | AnyWays, shore_ids: Sequence[int]) -> Lines:
    chosen = np.isin(ways.way_id, np.array(shore_ids, dtype=np.int64))
    chosen |= np.array([not KINDS.isdisjoint(tags) and is_water(dict(tags)) for tags in ways.tags], dtype=bool)[ways.tag_set]
    _, starts, positions = _known_runs(ways, np.flatnonzero(chosen))
    lon, lat, ref = ways.longitude[positions], ways.latitude[positions], ways.node_ref[positions]
    first, last = starts[:-1], np.maximum(starts[1:] - 1, 0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(lon), np.diff(lat)))]) if len(lon) else np.zeros(1)
    is_pond = (ref[first] == ref[last]) & (along[last] - along[first] < _LEAST_SHORE_DEGREES) if len(first) else np.zeros(0, bool)
    kept = np.repeat(~is_pond, np.diff(starts))
    lengths = np.diff(starts)[~is_pond]
    return Lines(start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), longitude=lon[kept], latitude=lat[kept])


def _is_reversible(tags: tuple[tuple[str, str], ...]) -> bool:
    return ("oneway", "reversible") in tags and is_road(dict(tags))


_SAID_TO_CARS = (frozenset(WAY_KEYS) | OF_SOMETHING_ELSE) - {"name", "ref"}


def _read_all(sets: Sequence[tuple[tuple[str, str], ...]], hours: SchoolHours) -> list[_Reading]:
    """Read sets of tags; what many roads say that differ in their names alone is read once."""
    known: dict[tuple[tuple[str, str], ...], _Reading] = {}
    named: dict[tuple[int, str, str], RoadTags] = {}

    def with_names(road: RoadTags | None, name: str, ref: str) -> RoadTags | None:
        if road is None or not (name or ref):
            return road
        key = id(road), name, ref
        if key not in named:
            named[key] = replace(road, name=name, ref=ref)
        return named[key]

    readings = []
    for pairs in sets:
        said = tuple([pair for pair in pairs if pair[0] in _SAID_TO_CARS])
        reading = known.get(said)
        if reading is None:
            reading = known[said] = _read_tags(dict(said), hours)
        tags = dict(pairs)
        names = tags.get("name", ""), tags.get("ref", "")
        rows = tuple(with_names(road, *names) for road in reading.by_scenario)
        readings.append(_Reading(rows, with_names(reading.usual, *names), reading.unread))
    return readings


def _read_tags(tags: Tags, hours: SchoolHours) -> _Reading:
    words = tuple(unread_in(tags)) if is_road(tags) else ()
    if not (has_conditions(tags) and is_road_at_some_hour(tags)):
        road = read_road(tags)
        return _Reading((road,), road, words if road else ())
    unread: set[str] = set()
    keys = conditional_keys(tags, CONDITIONAL_KEYS)
    tags = without_others(tags)
    rows = []
    for times in moments(hours).values():
        at_times = [_at(tags, moment, keys) for moment in times]
        unread.update(*(one.unread for one in at_times))
        rows.append(stricter([read_road(one.tags) for one in at_times]))
    if None in rows and not is_road(tags):
        # A precinct that lets cars in at some hours: a house there is joined to the street from which it is always reached.
        rows = [None] * len(rows)
    usual = next((road for road in rows if road), None)
    return _Reading(tuple(rows), usual, (*words, *sorted(unread)) if usual else ())


def _at(tags: Tags, moment: time, keys: Sequence[str]) -> AtHour:
    """Return tags as they are at a time of day, with what residents may and what opening hours make of them."""
    at_hour = at_moment(tags, moment, keys)
    if at_hour.to_residents:
        at_hour = AtHour(for_residents(at_hour.tags, at_hour.to_residents), at_hour.unread)
    is_shut = stated_access(at_hour.tags) is not Access.NO and outside_opening_hours(tags, moment)
    if isinstance(is_shut, str):
        return AtHour(at_hour.tags, at_hour.unread | {is_shut})
    if is_shut:
        return AtHour(
            {key: value for key, value in at_hour.tags.items() if key not in NODE_CONDITIONAL_KEYS} | _SHUT, at_hour.unread
        )
    return at_hour


_SHUT = {"motorcar": "no"}


def _known_runs(ways: PbfWays | AnyWays, kept: Int64) -> tuple[Int64, Int64, Int64]:
    """Find the runs of at least two nodes of known place on each kept way: the way's place among the kept, starts, positions."""
    lengths = np.diff(ways.ref_start)[kept]
    of_way = np.repeat(np.arange(len(kept)), lengths)
    positions = np.arange(len(of_way)) + np.repeat(ways.ref_start[:-1][kept] - np.cumsum(lengths) + lengths, lengths)
    known = np.isfinite(ways.longitude[positions]) & np.isfinite(ways.latitude[positions])
    if known.all() and (lengths >= 2).all():  # noqa: PLR2004 - a line has two ends
        return np.arange(len(kept)), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), positions
    begins = np.ones(len(of_way), dtype=bool)
    begins[1:] = (of_way[1:] != of_way[:-1]) | ~known[:-1]
    run = np.cumsum(begins & known) - 1
    nodes = np.bincount(run[known], minlength=0) if known.any() else np.zeros(0, dtype=np.int64)
    is_line = nodes >= 2  # noqa: PLR2004 - a line has two ends
    chosen = known & is_line[np.where(known, run, 0)] if len(nodes) else known
    first = np.flatnonzero(begins & known)[is_line] if len(nodes) else np.zeros(0, dtype=np.int64)
    return of_way[first], np.concatenate([[0], np.cumsum(nodes[is_line])]).astype(np.int64), positions[chosen]


def _cut_off(ways: PbfWays | AnyWays, kept: Int64) -> int:
    """Count the kept ways that lack the place of a node."""
    missing = np.concatenate([[0], np.cumsum(~np.isfinite(ways.longitude))])
    return int((missing[ways.ref_start[1:]] > missing[ways.ref_start[:-1]])[kept].sum())


def _read_restrictions(relations: Iterable[Relation], hours: SchoolHours, left_out: Counter[str]) -> list[Restriction]:
    restrictions: list[Restriction] = []
    for relation in relations:
        in_force, unread = restriction_in_force(relation.tags, hours)
        left_out.update(unread)
        for kind, scenarios in in_force.items():
            restrictions += _restrictions_of(kind, scenarios, relation.members, left_out)
    return restrictions


def _restrictions_of(
    kind: str, scenarios: int, members: Mapping[str, Sequence[tuple[str, int]]], left_out: Counter[str]
) -> Iterator[Restriction]:
    # A member that is named twice is one.
    from_ways, to_ways = ({ref: None for kind_of, ref in members.get(role, []) if kind_of == "w"} for role in ("from", "to"))
    via = dict.fromkeys(members.get("via", []))
    ways = tuple(ref for kind_of, ref in via if kind_of == "w")
    nodes = [ref for kind_of, ref in via if kind_of == "n"]
    if not from_ways or not to_ways or not (ways or nodes) or len(ways) + len(nodes) < len(via):
        left_out["turn restrictions that do not say where"] += 1
        return
    several_from = len(from_ways) > 1 and not kind.endswith("no_entry")
    several_to = len(to_ways) > 1 and not kind.endswith("no_exit")
    if several_from or several_to or len(nodes) > 1 or (nodes and ways):
        left_out[AMBIGUOUS] += 1
        return
    for from_way, to_way in itertools.product(from_ways, to_ways):
        yield Restriction(from_way, nodes[0] if nodes else None, to_way, kind.startswith("only"), ways, scenarios)


AMBIGUOUS = "turn restrictions that may mean more than one turn"


def restriction_in_force(tags: Tags, hours: SchoolHours) -> tuple[dict[str, int], Counter[str]]:
    """Return what a restriction's tags forbid to cars (as `no_left_turn`) with its scenarios, and what is unread."""
    unread: Counter[str] = Counter()
    if any(word.strip() in CAR_KEYS for word in tags.get("except", "").casefold().split(";")):
        return {}, unread
    tags = _with_old_hours(tags)
    in_force: dict[str, int] = {}
    # A key that always holds leaves nothing to the wider ones, whatever their conditions are.
    first = next((at for at, key in enumerate(_RESTRICTION_KEYS) if key in tags), len(_RESTRICTION_KEYS))
    keys = _RESTRICTION_KEYS[: first + 1]
    for row, times in enumerate(moments(hours).values()):
        for moment in times:
            at_hour = at_moment(tags, moment, keys)
            unread |= Counter(at_hour.unread)
            value = next((at_hour.tags[key].casefold() for key in keys if key in at_hour.tags), "")
            if value.startswith(("no_", "only_")):
                in_force[value] = in_force.get(value, 0) | 1 << row
            elif value not in {"", "none", "no", "off"}:
                unread["turn restrictions of an unknown kind"] = 1
    return in_force, unread


_RESTRICTION_KEYS = RESTRICTION_TYPES[1:] + RESTRICTION_TYPES[:1]


def _with_old_hours(tags: Tags) -> Tags:
    """Put hours in the old manner (`hour_on`, `hour_off`, `day_on`, `day_off`) into a condition."""
    if not ("hour_on" in tags or "day_on" in tags) or "restriction" not in tags:
        return tags
    days = f"{tags['day_on'][:2]}-{tags.get('day_off', tags['day_on'])[:2]} " if "day_on" in tags else ""
    times = f"{tags['hour_on']}-{tags['hour_off']}" if {"hour_on", "hour_off"} <= tags.keys() else ""
    others = {key: value for key, value in tags.items() if key != "restriction"}
    return {"restriction:conditional": f"{tags['restriction']} @ ({days}{times})".replace(" )", ")")} | others
