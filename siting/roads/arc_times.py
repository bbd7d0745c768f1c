"""How long a car takes along each arc, by scenario: the figures of `speeds` applied to the roads."""

from collections.abc import Sequence

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64
from siting.osm.limits import Limit, LimitKind
from siting.osm.tags import Kinds, RoadTags
from siting.roads.density import Density
from siting.roads.segments import Pieces
from siting.travel_model import ROAD_CLASSES, SURFACE_GROUPS, TravelModel
from siting.words import Scenario

_KMH_TO_MS_PER_M = 3600.0
_LEAST_STEP = 1e-9
"""Where a plan sets the begin and the end of a rise to one figure, it is a step."""
_MAIN_CLASSES = ("trunk", "primary", "secondary", "tertiary")
_LINKS = tuple(name for name in ROAD_CLASSES if name.endswith("_link"))


def time_arcs(pieces: Pieces, of_ways: Kinds, density: Density, model: TravelModel) -> Int32:
    """Return milliseconds, scenarios x arcs, in the order of `Scenario`; never less in a busier one.

    `free_flow` drives at speeds in practice without other traffic. `typical` and `school_run`
    lengthen its running time by the kind of road; in a dense town the town sets the pace, whatever
    the limit. What stands on the way is met at the ends of arcs (see `delays`), at the same cost in
    every scenario: what traffic waits there is in the pace.
    """
    roads, which = of_ways
    way = which[pieces.way]
    built_up = _ramp(density.junctions_per_km2, model["built_up.from"], model["built_up.full"])[:, None]
    open_pace, town_pace = (_KMH_TO_MS_PER_M / speeds[way] for speeds in _practice_kmh(roads, model))
    limit_pace = open_pace + built_up * (town_pace - open_pace)
    road_class = np.array([road.road_class for road in roads], dtype=np.int64)[way]
    motorway = np.array([name.startswith("motorway") for name in ROAD_CLASSES])[road_class]
    step = max(model["town.full"] - model["town.from"], _LEAST_STEP)
    dense = ((density.town_per_km2 - model["town.from"]) / step)[:, None]
    held = np.clip(dense, 0.0, 1.0) * _held_by_the_town(pieces, motorway, model)[:, None]
    denser = np.clip(dense - 1.0, 0.0, max(model["town.densest"] - 1.0, 0.0))
    rows: list[Float64] = []
    for scenario in Scenario:
        pace = limit_pace * _congestion(road_class, built_up, model, scenario)
        town = model[f"town_pace.{scenario.value}"] + denser * model[f"town_pace_denser.{scenario.value}"]
        pace += held * np.maximum(town - pace, 0.0)
        pace *= model[f"local.{scenario.value}"]
        rows.append(np.maximum(pieces.length_m[:, None] * pace, rows[-1] if rows else 1.0))
    return np.stack([np.rint(row).astype(np.int32).ravel() for row in rows])


def _ramp(value: Float64, low: float, high: float) -> Float64:
    """Rise from 0 at `low` to 1 at `high`."""
    return np.asarray(np.clip((value - low) / max(high - low, _LEAST_STEP), 0.0, 1.0))


def _held_by_the_town(pieces: Pieces, motorway: Bool, model: TravelModel) -> Float64:
    """Return how far the town around sets the pace of each segment: less on a long one, which no other road meets."""
    return np.where(motorway, 0.0, np.minimum(1.0, model["town.long_piece"] / np.maximum(pieces.length_m, 1.0)))


def _is_dual(road: RoadTags) -> bool:
    return road.one_way and not road.roundabout and not ROAD_CLASSES[road.road_class].endswith("_link")


def _national_limit_kmh(road: RoadTags, model: TravelModel) -> float:
    if ROAD_CLASSES[road.road_class] == "motorway":
        return model["national_limit.motorway"]
    return model["national_limit.dual" if _is_dual(road) else "national_limit.single"]


def _stated_kmh(road: RoadTags, limit: Limit, model: TravelModel) -> float | None:
    match limit.kind:
        case LimitKind.POSTED:
            return limit.kmh
        case LimitKind.NATIONAL:
            return _national_limit_kmh(road, model)
        case LimitKind.BUILT_UP:
            return model["national_limit.built_up"]
        case LimitKind.NONE:
            return None


def _practice_kmh(roads: Sequence[RoadTags], model: TravelModel) -> tuple[Float64, Float64]:
    """Return the speeds in practice of each road, forward and backward: in open country, and in a built-up place."""
    known: dict[tuple[object, ...], tuple[tuple[float, float], ...]] = {}
    rows = []
    for road in roads:
        limits = (road.limit_forward, road.limit_backward)
        # Most roads differ from another in their names alone.
        alike = (road.road_class, road.surface, road.one_way, road.roundabout, limits)
        if alike not in known:
            forward, backward = (_speeds_kmh(road, _stated_kmh(road, limit, model), model) for limit in limits)
            known[alike] = tuple(zip(forward, backward, strict=True))
        rows.append(known[alike])
    speeds = np.maximum(np.array(rows, dtype=np.float64).reshape(-1, 2, 2), 1.0)
    return speeds[:, 0], speeds[:, 1]


def _speeds_kmh(road: RoadTags, limit_kmh: float | None, model: TravelModel) -> tuple[float, float]:
    """Return the speed in practice in open country and in a built-up place; where a limit is stated it is the same."""
    cap = model[f"surface_cap.{SURFACE_GROUPS[road.surface]}"]
    if limit_kmh is not None:
        speed = min(cap, limit_kmh * model[f"limit_share.{_share_of_limit(road, limit_kmh, model)}"])
        return speed, speed
    road_class = ROAD_CLASSES[road.road_class]
    speed = min(cap, model[f"speed_without_limit.{road_class}"])
    if road_class.startswith("motorway"):
        return speed, speed
    return speed, min(speed, model["national_limit.built_up"] * model["limit_share.built_up"])


def _share_of_limit(road: RoadTags, limit_kmh: float, model: TravelModel) -> str:
    """Name the kind of road by which cars keep to their limit."""
    road_class = ROAD_CLASSES[road.road_class]
    if road_class == "motorway":
        return "motorway"
    fast = limit_kmh > model["built_up.limit"]
    if not road_class.startswith(_MAIN_CLASSES):
        return "lane" if fast and road_class not in _LINKS else "minor"
    if road_class in _LINKS:
        return "minor"
    if not fast:
        return "built_up"
    return "dual" if _is_dual(road) else "single"


def _congestion(road_class: Int64, built_up: Float64, model: TravelModel, scenario: Scenario) -> Float64 | float:
    """Return how many times its running time without other traffic each segment takes, segments x 1."""
    if scenario is Scenario.FREE_FLOW:
        return 1.0

    kinds = [_kind(name) for name in ROAD_CLASSES]
    factors = np.array([[model[f"{scenario.value}.{kind}"] for kind in pair] for pair in kinds])
    rural, urban = factors[road_class, 0][:, None], factors[road_class, 1][:, None]
    return np.asarray(rural + built_up * (urban - rural))


def _kind(road_class: str) -> tuple[str, str]:
    """Return the kinds of road by which traffic slows a class, in open country and in a built-up place."""
    if road_class.startswith("motorway"):
        return "motorway", "motorway"
    if road_class.startswith("trunk"):
        return "strategic", "urban_main"
    return ("rural_main", "urban_main") if road_class.startswith(_MAIN_CLASSES) else ("rural_minor", "urban_minor")
