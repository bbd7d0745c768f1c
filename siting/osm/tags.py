"""What OpenStreetMap's tags say to a car: access, direction, limits, surfaces, barriers.

Pure functions of tags. The meaning of each is that of OpenStreetMap's own wiki pages
(Key:access, Key:oneway, Key:maxspeed, Key:barrier, Key:surface, Relation:restriction).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from siting.travel_model import ROAD_CLASSES, SURFACE_GROUPS
from siting.words import METRES_PER_MILE

Tags = Mapping[str, str]


class Access(IntEnum):
    """What a car may do on a road in one direction."""

    NO = 0
    ENDS_ONLY = 1
    """Only where the journey begins or ends: private roads, `destination`, `customers`."""
    YES = 2


class LimitKind(IntEnum):
    """How a road's speed limit is known."""

    NONE = 0
    POSTED = 1
    NATIONAL = 2
    """The national limit, to be resolved by the kind of road."""
    BUILT_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTags:
    """A drivable way, as a car sees it. Limits in km/h, NaN where not posted."""

    road_class: int
    forward: Access
    backward: Access
    limit_kind: LimitKind
    limit_forward_kmh: float
    limit_backward_kmh: float
    surface: int
    tunnel: bool
    roundabout: bool
    one_way: bool
    motor_road: bool
    name: str
    ref: str


_CLASS_CODE = {name: code for code, name in enumerate(ROAD_CLASSES)}
_SURFACE_CODE = {
    surface: SURFACE_GROUPS.index(group)
    for group, surfaces in {
        "setts": ("paving_stones", "sett", "bricks", "brick", "wood", "metal", "concrete:plates", "concrete:lanes"),
        "gravel": (
            "unpaved",
            "gravel",
            "fine_gravel",
            "pebblestone",
            "compacted",
            "ground",
            "grass_paver",
            "unhewn_cobblestone",
        ),
        "cobbles": ("cobblestone",),
        "earth": ("dirt", "earth", "grass", "sand"),
        "mud": ("mud",),
    }.items()
    for surface in surfaces
}
_NO = {"no", "agricultural", "forestry", "bus", "psv", "emergency", "military", "foot", "bicycle", "hov", "taxi"}
_ENDS_ONLY = {
    "private",
    "destination",
    "customers",
    "permit",
    "delivery",
    "residents",
    "permissive_private",
    "employees",
}
_ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_KEPT = (
    "highway", "access", "vehicle", "motor_vehicle", "motorcar", "oneway", "oneway:motor_vehicle", "junction",
    "maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed", "surface", "tunnel",
    "motorroad", "area", "name", "ref", "service", "tracktype", "dual_carriageway", "impassable", "smoothness",
    "vehicle:forward", "vehicle:backward", "motor_vehicle:forward", "motor_vehicle:backward",
)  # fmt: skip


def read_road(tags: Tags) -> RoadTags | None:
    """Read a way's tags; None where no car may drive on it or it is no road."""
    return _read_road(tuple(tags.get(key, "") for key in _KEPT))


@lru_cache(maxsize=100_000)
def _read_road(values: tuple[str, ...]) -> RoadTags | None:
    tags = {key: value for key, value in zip(_KEPT, values, strict=True) if value}
    road_class = _CLASS_CODE.get(tags.get("highway", ""))
    if road_class is None or tags.get("area") == "yes" or tags.get("impassable") == "yes":
        return None
    if tags.get("service") == "emergency_access" or tags.get("smoothness") == "impassable":
        return None
    access = _access(tags)
    if tags["highway"] == "track":
        # A track is a way through only where its tags say that cars may use it.
        if not any(key in tags for key in _ACCESS_KEYS) and tags.get("tracktype") != "grade1":
            return None
        access = min(access, Access.ENDS_ONLY)
    forward, backward = _directions(tags)
    forward_access = _directed(tags, "forward", access) if forward else Access.NO
    backward_access = _directed(tags, "backward", access) if backward else Access.NO
    if forward_access == backward_access == Access.NO:
        return None
    kind, limit_forward, limit_backward = _limits(tags)
    return RoadTags(
        road_class=road_class,
        forward=forward_access,
        backward=backward_access,
        limit_kind=kind,
        limit_forward_kmh=limit_forward,
        limit_backward_kmh=limit_backward,
        surface=_SURFACE_CODE.get(tags.get("surface", ""), 0),
        tunnel=tags.get("tunnel", "no") not in {"no", "building_passage"},
        roundabout=tags.get("junction") in {"roundabout", "circular"},
        one_way=forward != backward,
        motor_road=tags.get("motorroad") == "yes",
        name=tags.get("name", ""),
        ref=tags.get("ref", ""),
    )


def _access(tags: Tags) -> Access:
    for key in _ACCESS_KEYS:
        if key in tags:
            return _access_value(tags[key])
    return Access.YES


def _access_value(value: str) -> Access:
    words = {word.strip() for word in value.split(";")}
    if words & {"yes", "permissive", "designated", "official", "public"}:
        return Access.YES
    if words & _ENDS_ONLY:
        return Access.ENDS_ONLY
    return Access.NO if words & _NO else Access.YES


def _directed(tags: Tags, direction: str, access: Access) -> Access:
    for key in ("motor_vehicle", "vehicle"):
        value = tags.get(f"{key}:{direction}")
        if value is not None:
            return min(access, _access_value(value))
    return access


def _directions(tags: Tags) -> tuple[bool, bool]:
    one_way = tags.get("oneway:motor_vehicle", tags.get("oneway", ""))
    if one_way in {"-1", "reverse"}:
        return False, True
    if one_way in {"yes", "true", "1"}:
        return True, False
    if one_way in {"reversible", "alternating"}:
        return False, False
    implied = tags.get("junction") in {"roundabout", "circular"} or tags["highway"] == "motorway"
    return True, one_way == "no" or not implied


def _limits(tags: Tags) -> tuple[LimitKind, float, float]:
    both = tags.get("maxspeed", "")
    forward = parse_limit_kmh(tags.get("maxspeed:forward", both))
    backward = parse_limit_kmh(tags.get("maxspeed:backward", both))
    if forward == forward and backward == backward:  # noqa: PLR0124 - neither is NaN
        return LimitKind.POSTED, forward, backward
    hint = ";".join((both, tags.get("maxspeed:type", ""), tags.get("source:maxspeed", ""))).lower()
    if re.search(r"national|nsl|:rural|:motorway|:trunk", hint):
        return LimitKind.NATIONAL, forward, backward
    if re.search(r"gb:urban|nsl_restricted|:urban|:zone:?30", hint):
        return LimitKind.BUILT_UP, forward, backward
    return LimitKind.NONE, forward, backward


def parse_limit_kmh(text: str) -> float:
    """Read a posted limit: `30 mph`, `50`, `50 km/h`, `walk`; NaN where there is no figure."""
    match = re.match(r"\s*(\d+(?:\.\d+)?)\s*(mph|km/?h|kmh|kph|knots)?\s*(;|$)", text)
    if match:
        value = float(match[1])
        return value * METRES_PER_MILE / 1000 if match[2] == "mph" else value
    if text.strip().lower() == "gb:nsl_dual":
        # Written by the mapper, it holds whatever the road looks like.
        return 70 * METRES_PER_MILE / 1000
    return 7.0 if text.strip() == "walk" else float("nan")


class NodeEffect(IntEnum):
    """What a node on a road does to a car."""

    BLOCK = 1
    GATE = 2
    PRIVATE_GATE = 3
    SIGNAL = 4
    STOP = 5
    GIVE_WAY = 6
    CROSSING = 7
    MINI_ROUNDABOUT = 8
    SIGNAL_CROSSING = 9


_OPEN_BARRIERS = {
    "cattle_grid", "toll_booth", "border_control", "entrance", "kerb", "no", "height_restrictor", "sally_port",
    "hampshire_gate", "kent_carriage_gap", "speed_bump",
}  # fmt: skip
_GATES = {"gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate", "chain", "yes"}
_HIGHWAY_EFFECTS = {
    "traffic_signals": NodeEffect.SIGNAL,
    "stop": NodeEffect.STOP,
    "give_way": NodeEffect.GIVE_WAY,
    "crossing": NodeEffect.CROSSING,
    "mini_roundabout": NodeEffect.MINI_ROUNDABOUT,
}


def read_node(tags: Tags) -> tuple[NodeEffect, int] | None:
    """Read a node's tags: its effect and the direction it holds for (1 along the way, -1 against, 0 both)."""
    barrier = tags.get("barrier")
    if barrier and barrier not in _OPEN_BARRIERS:
        effect = _barrier_effect(barrier, tags)
        return (effect, 0) if effect else None
    for value in tags.get("highway", "").split(";"):
        if value in _HIGHWAY_EFFECTS:
            effect = _HIGHWAY_EFFECTS[value]
            if effect is NodeEffect.CROSSING and tags.get("crossing") == "traffic_signals":
                effect = NodeEffect.SIGNAL_CROSSING
            side = tags.get("traffic_signals:direction", tags.get("direction", "both"))
            return effect, {"forward": 1, "backward": -1}.get(side, 0)
    return None


def _barrier_effect(barrier: str, tags: Tags) -> NodeEffect | None:
    stated = next((_access_value(tags[key]) for key in _ACCESS_KEYS if key in tags), None)
    if barrier in _GATES:
        if stated is Access.NO or tags.get("locked") == "yes":
            return NodeEffect.BLOCK
        return NodeEffect.PRIVATE_GATE if stated is Access.ENDS_ONLY else NodeEffect.GATE
    if stated is Access.YES:
        return None
    return NodeEffect.PRIVATE_GATE if stated is Access.ENDS_ONLY else NodeEffect.BLOCK
