"""How long a car takes along each arc, by scenario: the figures of `speeds` applied to the roads."""

from collections.abc import Sequence

import numpy as np

from siting.arrays import Bool, Float64, Int32
from siting.osm.limits import Limit, LimitKind
from siting.osm.tags import RoadTags
from siting.roads.segments import Pieces
from siting.travel_model import ROAD_CLASSES, SURFACE_GROUPS, TravelModel
from siting.words import Scenario

_KMH_TO_MS_PER_M = 3600.0
_MAIN_CLASSES = ("trunk", "primary", "secondary")


def time_arcs(pieces: Pieces, roads: Sequence[RoadTags], urban: Bool, model: TravelModel) -> Int32:
    """Return milliseconds, scenarios x arcs, in the order of `Scenario`.

    `free_flow` drives at speeds in practice without other traffic. `typical` and `school_run` slow
    its running time by the kind of road. What stands on the way is met at the ends of arcs (see `delays`).
    """
    practice_kmh = _practice_kmh(roads, model)[pieces.way]
    in_town_kmh = np.minimum(practice_kmh, _most_in_town_kmh(roads, model)[pieces.way])
    practice_kmh = np.where(urban[:, None], in_town_kmh, practice_kmh)
    running_ms = pieces.length_m[:, None] * _KMH_TO_MS_PER_M / practice_kmh
    congestion = _congestion(roads, urban, pieces, model)[:, None]
    by_scenario = {
        Scenario.FREE_FLOW: running_ms,
        Scenario.TYPICAL: running_ms,
        Scenario.SCHOOL_RUN: running_ms * congestion,
    }
    return np.stack([np.maximum(np.rint(by_scenario[scenario]), 1).astype(np.int32).ravel() for scenario in Scenario])


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


def _practice_kmh(roads: Sequence[RoadTags], model: TravelModel) -> Float64:
    """Return the speed in practice of each way, forward and backward."""
    known: dict[RoadTags, tuple[float, ...]] = {}
    rows = []
    for road in roads:
        if road not in known:
            cap = model[f"surface_cap.{SURFACE_GROUPS[road.surface]}"]
            unposted = model[f"speed_without_limit.{ROAD_CLASSES[road.road_class]}"]
            known[road] = tuple(
                min(cap, stated * model["limit_factor"] if (stated := _stated_kmh(road, limit, model)) else unposted)
                for limit in (road.limit_forward, road.limit_backward)
            )
        rows.append(known[road])
    return np.maximum(np.array(rows, dtype=np.float64), 1.0)


def _most_in_town_kmh(roads: Sequence[RoadTags], model: TravelModel) -> Float64:
    """Return the most that the law allows each way among streets, forward and backward; infinite where a sign says it."""
    built_up_kmh = model["national_limit.built_up"]
    unsigned = [
        [
            limit.kind is LimitKind.NONE and not ROAD_CLASSES[road.road_class].startswith("motorway")
            for limit in (road.limit_forward, road.limit_backward)
        ]
        for road in roads
    ]
    return np.where(np.array(unsigned, dtype=bool), built_up_kmh, np.inf)


def _congestion(roads: Sequence[RoadTags], urban: Bool, pieces: Pieces, model: TravelModel) -> Float64:
    motorway = np.array([ROAD_CLASSES[road.road_class].startswith("motorway") for road in roads])[pieces.way]
    main = np.array([ROAD_CLASSES[road.road_class].startswith(_MAIN_CLASSES) for road in roads])[pieces.way]
    return np.select(
        [motorway, main & urban, main, urban],
        [
            model["school_run.motorway"],
            model["school_run.urban_main"],
            model["school_run.rural_main"],
            model["school_run.urban_minor"],
        ],
        model["school_run.rural_minor"],
    )
