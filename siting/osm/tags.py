"""What OpenStreetMap's tags say to a car: access, direction, limits, surfaces, barriers.

Pure functions of tags. The meaning of each is that of OpenStreetMap's own wiki pages
(Key:access, Key:oneway, Key:maxspeed, Key:barrier, Key:surface, Relation:restriction). Of several
keys the narrowest that says something decides; a word that is not known says nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

import numpy as np

from siting.arrays import Int64
from siting.osm.hours import values_by_condition
from siting.osm.limits import DIRECTIONS, LIMIT_KEYS, Limit, LimitKind, lowest, parse_limit, read_limit, unread_limits
from siting.osm.sizes import SIZE_KEYS, car_fits, has_room_for_a_car
from siting.travel_model import ROAD_CLASSES, SURFACE_GROUPS

Tags = Mapping[str, str]


class Access(IntEnum):
    """What a car may do on a road in one direction."""

    NO = 0
    ENDS_ONLY = 1
    """Only where the journey begins or ends: private roads, `destination`, `customers`."""
    YES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTags:
    """A drivable way, as a car sees it."""

    road_class: int
    forward: Access
    backward: Access
    limit_forward: Limit
    limit_backward: Limit
    surface: int
    tunnel: bool
    roundabout: bool
    one_way: bool
    motor_road: bool
    name: str
    ref: str


CAR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""What access is tagged by, from the narrowest to the widest."""
_VEHICLES = CAR_KEYS[:-1]

_CLASS_CODE = {name: code for code, name in enumerate(ROAD_CLASSES)}
_DRIVEN_AS = {
    "pedestrian": "living_street",
    **dict.fromkeys(("footway", "path", "cycleway", "bridleway"), "track"),
}
"""Ways that are no roads, and the kind of road that they are driven like where their tags let cars in."""
_SURFACE_CODE = {
    surface: SURFACE_GROUPS.index(group)
    for group, surfaces in {
        "compacted": ("cement", "compacted", "fine_gravel"),
        "paving": ("paving_stones", "bricks", "brick", "metal"),
        "gravel": (
            "sett", "cobblestone:flattened", "unhewn_cobblestone", "wood", "gravel", "unpaved", "ground", "dirt", "grass",
            "grass_paver", "pebblestone", "pebbles", "shells", "tartan",
        ),
        "cobbles": ("cobblestone", "clay"),
        "earth": ("earth", "stone", "rock", "rocky", "sand"),
        "mud": ("mud",),
    }.items()
    for surface in surfaces
}  # fmt: skip
_SMOOTHNESS_CODE = {
    smoothness: SURFACE_GROUPS.index(group)
    for smoothness, group in {
        "intermediate": "compacted", "bad": "gravel", "very_bad": "earth", "horrible": "mud", "very_horrible": "ruts",
    }.items()
}  # fmt: skip
_TRACKTYPE_CODE = {
    tracktype: SURFACE_GROUPS.index(group)
    for tracktype, group in {
        "grade1": "paving", "grade2": "gravel", "grade3": "cobbles", "grade4": "grass_track", "grade5": "earth",
    }.items()
}  # fmt: skip
_YES = {"yes", "permissive", "designated", "official", "public", "discouraged", "destination;permissive"}
_GOODS_ONLY = {"delivery", "loading"}
_ENDS_ONLY = {
    "private", "destination", "customers", "customer", "permit", "residents", "resident", "permissive_private",
    "employees", "employee", "staff", "members", "visitors", "guests", "tenants", "students", "patients", "restricted", "license",
    "permits", "permit_holders", "permit_holder", "owner", "owners", "authorised", "authorized", "key", "access",
    "access_only", "local", "residents_only", *_GOODS_ONLY,
}  # fmt: skip
_NO = {
    "no", "agricultural", "forestry", "agricultural;forestry", "bus", "psv", "emergency", "military", "foot", "bicycle", "hov",
    "taxi", "hgv", "goods", "horse", "tram", "pedestrian", "pedestrians", "none", "closed", "prohibited", "never", "service",
}  # fmt: skip
_GONE = ("disused", "abandoned", "demolished", "razed", "removed", "dismantled", "ice_road", "winter_road")
"""What `yes` to makes a road one that is there no more, or that is none in a usual year."""
_OTHERS = ("bus", "psv", "tourist_bus", "taxi", "emergency")
_FOR_OTHERS = {"bus", "busway", "bus_lane", "bus_station", "emergency", "emergency_access"}
"""What `service` says of a road that buses, or the emergency services, alone use."""


def _lane_keys(key: str) -> tuple[str, ...]:
    return (f"{key}:lanes", *(f"{key}:lanes:{direction}" for direction in DIRECTIONS))


_KEPT = frozenset(
    {
        "highway", "junction", "surface", "tunnel", "motorroad", "area", "name", "ref", "service", "tracktype", "impassable",
        "smoothness", "oneway", "construction", "status", "route", "designation", "bus_gate", *_GONE, *_OTHERS,
        *LIMIT_KEYS, *SIZE_KEYS,
        *CAR_KEYS, *(f"{key}:{direction}" for key in CAR_KEYS for direction in DIRECTIONS),
        *(f"oneway:{key}" for key in _VEHICLES), *(lanes for key in CAR_KEYS for lanes in _lane_keys(key)),
    }
)  # fmt: skip


_ALWAYS = {"name", "ref", "highway", "area", "junction", "construction", "route", "designation", "bus_gate", *_GONE, *_OTHERS}
CONDITIONAL_KEYS = tuple(sorted(key for key in _KEPT - _ALWAYS if ":lanes" not in key))
"""The keys of a way that may hold by condition."""
WAY_KEYS = (
    *sorted(_KEPT),
    "tidal",
    "ford",
    "school_street",
    "opening_hours",
    *(f"{key}:conditional" for key in CONDITIONAL_KEYS),
)
"""Every key of a way that says something to a car."""
NODE_CONDITIONAL_KEYS = tuple(f"{key}{side}" for key in CAR_KEYS for side in ("", ":forward", ":backward"))


def read_road(tags: Tags) -> RoadTags | None:
    """Read a way's tags; None where no car may drive on it or it is no road."""
    return _read_road(tuple((key, value) for key, value in tags.items() if key in _KEPT))


def stricter(roads: Sequence[RoadTags | None]) -> RoadTags | None:
    """Return one road as it is at several times of day: as shut, and as slow, as at any of them."""
    there = [road for road in roads if road]
    if len(there) < len(roads):
        return None
    return replace(
        there[0],
        forward=min(road.forward for road in there),
        backward=min(road.backward for road in there),
        limit_forward=lowest(road.limit_forward for road in there),
        limit_backward=lowest(road.limit_backward for road in there),
    )


Kinds = tuple[list[RoadTags], Int64]
"""Roads without repeats, and which of those each way is."""


def distinct(roads: Sequence[RoadTags]) -> Kinds:
    """Return roads without repeats, and which of those each road is; ways alike share one value, which is told by identity."""
    numbers = np.fromiter(map(id, roads), dtype=np.int64, count=len(roads))
    _, first, which = np.unique(numbers, return_index=True, return_inverse=True)
    return [roads[at] for at in first.tolist()], which.astype(np.int64)


def is_road(tags: Tags) -> bool:
    """Tell whether a way's tags name a kind of road that cars use somewhere, or let cars into another way."""
    highway = _kind_of_way(tags)
    return highway in _CLASS_CODE or (highway in _DRIVEN_AS and _lets_cars_in(tags))


def _kind_of_way(tags: Tags) -> str:
    """Return what `highway` says, the first of several kinds that are known, in whatever letters."""
    text = tags.get("highway", "")
    if text in _CLASS_CODE or text in _DRIVEN_AS:
        return text
    words = [word.strip() for word in text.casefold().split(";")]
    return next((word for word in words if word in _CLASS_CODE or word in _DRIVEN_AS), "")


def is_road_at_some_hour(tags: Tags) -> bool:
    """Tell whether a way is a road, or one that is not lets cars in at some hours or in some conditions."""
    if is_road(tags):
        return True
    conditions = (tags.get(f"{key}{side}:conditional", "") for key in _VEHICLES for side in ("", ":forward", ":backward"))
    return _kind_of_way(tags) in _DRIVEN_AS and any(any(word in condition for word in _OPENING) for condition in conditions)


_OPENING = ("yes", "destination", "private", "permissive", "designated", "permit", "residents")


def _lets_cars_in(tags: Tags) -> bool:
    """Tell whether a key of vehicles, in so many words, opens a way to people's own cars in a direction at least."""
    for direction in DIRECTIONS:
        keys = (narrowed for key in _VEHICLES for narrowed in (f"{key}:{direction}", key))
        said = next((tags[key] for key in keys if key in tags and access_word(tags[key]) is not None), "no")
        if access_word(said) is not Access.NO and not _words(said) <= _GOODS_ONLY:
            return True
    return False


@lru_cache(maxsize=100_000)
def _read_road(pairs: tuple[tuple[str, str], ...]) -> RoadTags | None:
    tags = dict(pairs)
    if not is_road(tags) or _is_closed(tags) or not car_fits(tags):
        return None
    forward, backward = _directions(tags)
    forward_access = _way_access(tags, "forward") if forward else Access.NO
    backward_access = _way_access(tags, "backward") if backward else Access.NO
    if forward_access == backward_access == Access.NO:
        return None
    highway = _kind_of_way(tags)
    return RoadTags(
        road_class=_CLASS_CODE[_DRIVEN_AS.get(highway, highway)],
        forward=forward_access,
        backward=backward_access,
        limit_forward=read_limit(tags, "forward"),
        limit_backward=read_limit(tags, "backward"),
        surface=_surface(tags),
        tunnel=tags.get("tunnel", "no") not in {"no", "building_passage"},
        roundabout=_is_ring(tags),
        one_way=forward != backward,
        motor_road=tags.get("motorroad") == "yes",
        name=tags.get("name", ""),
        ref=tags.get("ref", ""),
    )


def _surface(tags: Tags) -> int:
    """Return the roughest that a road's surface, its smoothness or its kind of track makes of it."""
    codes = (("surface", _SURFACE_CODE), ("smoothness", _SMOOTHNESS_CODE), ("tracktype", _TRACKTYPE_CODE))
    return max(code.get(word, 0) for key, code in codes for word in _words(tags.get(key, "")))


_STILL_OPEN = {"no", "widening", "minor", *ROAD_CLASSES}
"""What `construction` says where traffic goes on. A kind of road is what a road that is open now was while it was built."""


def _is_closed(tags: Tags) -> bool:
    """Tell whether a road is no road now: a square, a ferry, being built, given up, or not for ordinary cars."""
    return (
        tags.get("area") == "yes"
        or tags.get("route") in {"ferry", "shuttle_train"}
        or "yes" in {tags.get("impassable"), *(tags.get(key) for key in _GONE)}
        or tags.get("construction", "no") not in _STILL_OPEN
        or "impassable" in {tags.get("smoothness"), tags.get("status")}
        or tags.get("status") in {"closed", "abandoned", "proposed", "construction"}
    )


def _way_access(tags: Tags, direction: str) -> Access:
    stated = stated_access(tags, direction)
    highway = _kind_of_way(tags)
    if _is_for_others(tags):
        by_vehicles = stated_access(tags, direction, _VEHICLES)
        return Access.NO if by_vehicles is None else by_vehicles
    if highway in _DRIVEN_AS:
        return Access.NO if stated is None else min(stated, Access.ENDS_ONLY)
    if highway == "track":
        # A track is a way through for nobody; whoever lives there drives in where it is built for that, or cars may use it by
        # law, as the definitive map's byways open to all traffic (Wildlife and Countryside Act 1981, section 66).
        may_be_driven = tags.get("tracktype") == "grade1" or _BYWAY in _words(tags.get("designation", ""))
        if stated is None and not may_be_driven:
            return Access.NO
        return min(stated if stated is not None else Access.YES, Access.ENDS_ONLY)
    if stated is None and highway == "service" and not {"designated", "official"}.isdisjoint({tags.get("bus"), tags.get("psv")}):
        # A drive that is signed for buses is no short cut, but whatever stands there may be driven to.
        return Access.ENDS_ONLY
    return Access.YES if stated is None else stated


_BYWAY = "byway_open_to_all_traffic"


def _is_for_others(tags: Tags) -> bool:
    """Tell whether a road is for buses, taxis or the emergency services alone: only a key of vehicles says otherwise."""
    return (
        not _FOR_OTHERS.isdisjoint(_words(tags.get("service", "")))
        or any(tags.get(key) in _ALONE for key in _OTHERS)
        or tags.get("bus_gate") == "yes"
    )


_ALONE = {"only", "exclusive"}


def stated_access(tags: Tags, direction: str | None = None, keys: tuple[str, ...] = CAR_KEYS) -> Access | None:
    """Return what the narrowest key that is understood says to a car in a direction; None where none says anything."""
    for key in keys:
        for narrowed in (f"{key}:{direction}", key) if direction else (key,):
            said = access_word(tags[narrowed]) if narrowed in tags else None
            if said is not None:
                return said
        for narrowed in (f"{key}:lanes:{direction}", f"{key}:lanes"):
            said = _widest_lane(tags[narrowed]) if narrowed in tags else None
            if said is not None:
                return said
    return None


def _widest_lane(text: str) -> Access | None:
    """Return what the lane that lets most in says; None where not every lane says something."""
    lanes = [access_word(lane) for lane in text.split("|")]
    known = [lane for lane in lanes if lane is not None]
    return max(known) if len(known) == len(lanes) else None


def access_word(text: str) -> Access | None:
    """Read one value of an access key; None where its words are not known."""
    words = _words(text)
    for known, access in ((_YES, Access.YES), (_ENDS_ONLY, Access.ENDS_ONLY), (_NO, Access.NO)):
        if words & known:
            return access
    return None


def _words(text: str) -> set[str]:
    return {word.strip() for word in text.casefold().replace(",", ";").replace("|", ";").split(";")}


UNKNOWN_WORD = "words about access that are not known"
UNREAD_LIMIT = "speed limits that cannot be read"
SCHOOL_STREET = "school streets without their hours"
UNDER_WATER = "roads that the tide or a river covers at times"


def unread_in(tags: Tags) -> Iterator[str]:
    """Yield of what kinds it is that a way says to cars and that is not read, or that no map can know."""
    for key in CAR_KEYS:
        for narrowed in (key, *(f"{key}:{direction}" for direction in DIRECTIONS)):
            if narrowed in tags and access_word(tags[narrowed]) is None:
                yield UNKNOWN_WORD
    yield from (UNREAD_LIMIT for _ in unread_limits(tags))
    if tags.get("tidal") == "yes" or is_ford(tags):
        yield UNDER_WATER
    if tags.get("school_street", "no") != "no" and not any(f"{key}:conditional" in tags for key in CAR_KEYS):
        yield SCHOOL_STREET


def for_residents(tags: Tags, said: Tags) -> Tags:
    """Return tags with what is said to those who live there: a way that is shut to all others begins and ends their journeys."""
    changed = dict(tags)
    for key, value in said.items():
        plain = key.removesuffix(":forward").removesuffix(":backward")
        narrow = CAR_KEYS[CAR_KEYS.index(plain) :]
        now = stated_access(changed, key.removeprefix(plain).strip(":") or None, narrow)
        is_shut = now is Access.NO or (now is None and not is_road(tags) and plain in _VEHICLES)
        if is_shut and access_word(value) in {Access.YES, Access.ENDS_ONLY}:
            changed[key] = "private"
        elif now is not Access.NO and access_word(value) is Access.NO:
            changed[key] = "no"
    return changed


def is_shut_by_condition(tags: Tags) -> bool:
    """Tell whether a condition shuts a way or what stands on it to cars, which is otherwise open; `delivery @ ...` opens it."""
    conditions = (tags.get(f"{key}:conditional", "") for key in NODE_CONDITIONAL_KEYS)
    return any(access_word(value) is Access.NO for condition in conditions for value in values_by_condition(condition))


def without_others(tags: Tags) -> Tags:
    """Leave out that a road is for others alone where a condition shuts it to cars: at other hours it is open to them."""
    if not is_shut_by_condition(tags):
        return tags
    return {
        key: value
        for key, value in tags.items()
        if key not in {*_OTHERS, "bus_gate"} and (key, value) not in {("highway", "bus_gate"), ("service", "bus")}
    }


def is_ford(tags: Tags) -> bool:
    """Tell whether a way or a node is a road through water."""
    return tags.get("ford", "no") not in {"no", "stepping_stones"} or tags.get("highway") == "ford"


_ONE_WAY = {
    "yes": (True, False), "true": (True, False), "1": (True, False),
    "-1": (False, True), "reverse": (False, True),
    "no": (True, True), "false": (True, True), "0": (True, True), "reversible": (False, False),
}  # fmt: skip
"""Forward and backward. Traffic that alternates takes turns, both ways where the road itself is two-way; which way a
reversible road runs nobody can know."""


def _directions(tags: Tags) -> tuple[bool, bool]:
    for key in (*(f"oneway:{vehicle}" for vehicle in _VEHICLES), "oneway"):
        said = _ONE_WAY.get(tags.get(key, "").strip().casefold())
        if said:
            return said
    return True, not (_is_ring(tags) or _kind_of_way(tags) == "motorway")


def _is_limit(text: str) -> bool:
    return parse_limit(text).kind is not LimitKind.NONE


def _is_direction(text: str) -> bool:
    return text.strip().casefold() in _ONE_WAY


def _is_access(text: str) -> bool:
    return access_word(text) is not None


_FROM_NARROW: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
    (CAR_KEYS, _is_access),
    ((*(f"oneway:{key}" for key in _VEHICLES), "oneway"), _is_direction),
    (("maxspeed:motorcar", "maxspeed:motor_vehicle", "maxspeed"), _is_limit),
)
"""Keys of one thing, from the narrowest to the widest, and whether a value is understood."""


def conditional_keys(tags: Tags, keys: Sequence[str]) -> tuple[str, ...]:
    """Return those of some keys whose conditions may decide: none where a narrower key always says something."""
    return tuple(key for key in keys if f"{key}:conditional" in tags and not _is_overruled(tags, key))


def _is_overruled(tags: Tags, key: str) -> bool:
    plain = key.removesuffix(":forward").removesuffix(":backward")
    side = key.removeprefix(plain)
    for chain, is_understood in _FROM_NARROW:
        if plain in chain:
            narrower = [with_side for other in chain[: chain.index(plain)] for with_side in {other, other + side}]
            return any(is_understood(tags[other]) for other in narrower if other in tags)
    return False


def _is_ring(tags: Tags) -> bool:
    return tags.get("junction", "").strip().casefold() in {"roundabout", "circular"}


class NodeEffect(IntEnum):
    """What a node on a road does to a car."""

    BLOCK = 1
    GATE = 2
    PRIVATE_GATE = 3
    """Opened by those who live behind it, and nobody else."""
    SIGNAL = 4
    STOP = 5
    GIVE_WAY = 6
    CROSSING = 7
    MINI_ROUNDABOUT = 8
    SIGNAL_CROSSING = 9
    PRIVATE_ENTRANCE = 10
    """As a private gate, without anything to open."""
    TURNING_CIRCLE = 11
    """A place made for turning back, where one turns also though the road goes on."""


class Side(IntEnum):
    """For whom what stands on a node of a road holds."""

    BACKWARD = -1
    BOTH = 0
    FORWARD = 1
    MINOR = 2
    """At a junction, for those who come by a smaller road than the largest there."""


_STRICTNESS = (NodeEffect.BLOCK, NodeEffect.PRIVATE_GATE, NodeEffect.PRIVATE_ENTRANCE, NodeEffect.GATE)

PRIVATE_EFFECTS = (NodeEffect.PRIVATE_GATE, NodeEffect.PRIVATE_ENTRANCE)

_OPEN_BARRIERS = {
    "cattle_grid", "toll_booth", "border_control", "entrance", "kerb", "no", "height_restrictor", "width_restrictor",
    "sally_port", "kent_carriage_gap", "speed_bump", "rumble_strip", "coupure",
}  # fmt: skip
_NO_GATE_KEYS = {
    "highway", "amenity", "shop", "entrance", "leisure", "tourism", "building", "office", "natural", "power", "public_transport",
    "man_made", "craft", "historic", "place", "emergency", "advertising", "healthcare", "club", "landuse",
}  # fmt: skip
"""What a node is that has an access of its own, which says nothing about the road."""
NODE_KEYS = (
    "highway",
    "barrier",
    "ford",
    *NODE_CONDITIONAL_KEYS,
    *(f"{key}:conditional" for key in NODE_CONDITIONAL_KEYS),
    *SIZE_KEYS,
)
"""A node without any of these keys does nothing to a car."""
NODE_DETAILS = (
    "locked", "bollard", "crossing", "crossing_ref", "crossing:signals", "direction", "traffic_signals:direction", "stop",
    "give_way",
)  # fmt: skip
"""What more is read of a node that has one of those."""
_GATES = {
    "gate",
    "lift_gate",
    "swing_gate",
    "sliding_gate",
    "sliding_beam",
    "hampshire_gate",
    "bump_gate",
    "chain",
    "rope",
    "yes",
}
_ON_FOOT = {"wicket_gate", "kissing_gate", "stile", "turnstile", "full-height_turnstile", "cycle_barrier", "motorcycle_barrier"}
"""Too narrow for a car, whatever the general access: only a key of vehicles says otherwise."""
_HIGHWAY_EFFECTS = {
    "traffic_signals": NodeEffect.SIGNAL,
    "stop": NodeEffect.STOP,
    "mini_roundabout": NodeEffect.MINI_ROUNDABOUT,
    "give_way": NodeEffect.GIVE_WAY,
    "crossing": NodeEffect.CROSSING,
    "turning_circle": NodeEffect.TURNING_CIRCLE,
    "turning_loop": NodeEffect.TURNING_CIRCLE,
}
"""The one that takes longest before the others: a node may be several."""
_WITH_SIGNALS = {"traffic_signals", "pelican", "puffin", "toucan", "pegasus"}


def read_node(tags: Tags) -> tuple[NodeEffect, int] | None:
    """Read a node's tags: its effect and for whom it holds (a `Side`)."""
    barriers = [word.strip() for word in tags.get("barrier", "").casefold().split(";") if word.strip()]
    if "bus_gate" in _words(tags.get("highway", "")):
        barriers.append("bus_trap")
    if not barriers and _NO_GATE_KEYS.isdisjoint(tags):
        # Access alone, on a node of the road and of nothing else, is that of whatever stands there.
        barriers = ["entrance"]
    if barriers:
        effects = [_barriers_effect(barriers, tags, direction) for direction in DIRECTIONS]
        if effects[0] is effects[1]:
            effect = effects[0]
            if effect:
                return effect, 0
        elif NodeEffect.BLOCK in effects:
            return NodeEffect.BLOCK, 1 if effects[0] is NodeEffect.BLOCK else -1
    kinds = _words(tags.get("highway", ""))
    for value, effect in _HIGHWAY_EFFECTS.items():
        if value in kinds:
            met = NodeEffect.SIGNAL_CROSSING if effect is NodeEffect.CROSSING and _has_signals(tags) else effect
            if tags.get(value) == "minor":
                return met, Side.MINOR
            side = tags.get("traffic_signals:direction", tags.get("direction", "both"))
            return met, {"forward": Side.FORWARD, "backward": Side.BACKWARD}.get(side, Side.BOTH)
    return None


def _has_signals(tags: Tags) -> bool:
    """Tell whether a crossing on foot stops cars by lights."""
    kinds = _words(tags.get("crossing", "")) | _words(tags.get("crossing_ref", ""))
    return not kinds.isdisjoint(_WITH_SIGNALS) or tags.get("crossing:signals", "no") not in {"no", "none"}


def _barriers_effect(barriers: Sequence[str], tags: Tags, direction: str) -> NodeEffect | None:
    """Return what the strictest of several barriers on a node does to a car."""
    if not car_fits(tags):
        return NodeEffect.BLOCK
    effects = [effect for barrier in barriers if (effect := _barrier_effect(barrier, tags, direction))]
    return min(effects, key=_STRICTNESS.index, default=None)


def _barrier_effect(barrier: str, tags: Tags, direction: str) -> NodeEffect | None:
    stated = stated_access(tags, direction, _VEHICLES if barrier in _ON_FOOT else CAR_KEYS)
    if barrier in _OPEN_BARRIERS:
        by_access = {Access.NO: NodeEffect.BLOCK, Access.ENDS_ONLY: NodeEffect.PRIVATE_ENTRANCE}
        return by_access.get(stated) if stated is not None else None
    if stated is Access.NO:
        return NodeEffect.BLOCK
    is_locked = barrier in _GATES and tags.get("locked", "").casefold() == "yes"
    sinks = stated is None and (barrier == "rising_bollard" or tags.get("bollard") == "rising")
    if stated is Access.ENDS_ONLY or is_locked or sinks:
        # Whoever lives behind a locked gate has its key; who may pass a bollard that sinks is not said, but somebody may.
        return NodeEffect.PRIVATE_GATE
    if barrier in _GATES:
        return None if stated is Access.YES else NodeEffect.GATE
    return None if stated is Access.YES or has_room_for_a_car(tags) else NodeEffect.BLOCK
