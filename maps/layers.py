"""What a plan's map shows to an audience, as values that the page draws; nothing else is put into the file."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
import shapely

from maps.ground.basemap import pack_basemap
from maps.ground.packing import Packer, corner_of
from maps.privacy.audience import NOTICES, Layer, may_see, only_seen
from maps.subject import EngagementArea, MapSubject
from siting.evaluation.families import NO_FAMILIES, NOT_KNOWN
from siting.evaluation.home_result import HomeResult, home_facts
from siting.evaluation.judging import Evaluation
from siting.evaluation.reasons import explain
from siting.evaluation.sources import source_line
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.postcodes import outward_part
from siting.osm.extract import ATTRIBUTION
from siting.roads.network import RoadNetwork
from siting.sentences import SCENARIO_WORDS, count_band
from siting.words import METRES_PER_MILE, Audience

AREA_SIMPLIFY_M = 25.0
"""How far a drawn edge may lie from the reckoned one; homes are judged by their own times, never by it."""
MARGIN_M = 6_000.0
"""How far the base map goes beyond the areas."""

MANY_PAIRS = 100_000
STREETS_AROUND_M = 700.0
"""How far round a home the public map of its neighbours shows streets."""

COLUMNS = (
    ("rank", "Rank", "number"),
    ("home_id", "Home", "text"),
    ("verdict", "Verdict", "text"),
    ("to_school_min", "To school (min)", "decimal"),
    ("from_school_min", "From school (min)", "decimal"),
    ("margin_min", "Margin (min)", "decimal"),
    ("beds", "Beds", "number"),
    ("price_gbp", "Price", "money"),
    ("children_within_family_miles", "Children within the miles", "number"),
    ("median_family_min", "Median family (min)", "decimal"),
    ("worst_family_min", "Farthest family (min)", "decimal"),
)
"""The table beside the map: key, heading and kind."""


class MapDrawer:
    """Makes the maps of one subject; what they share is packed once."""

    def __init__(self, subject: MapSubject) -> None:
        network = subject.evaluation.network
        segments = network.segments
        # The corner is the network's, which no home and no family moves.
        corner = corner_of(
            np.array([segments.x_m.min(), segments.x_m.max(), segments.x_m.min()]),
            np.array([segments.y_m.min(), segments.y_m.max(), segments.y_m.max()]),
            network.system,
        )
        self.subject = subject
        self.packer = Packer(network.system, corner)
        self._basemaps: dict[tuple[Any, ...], dict[str, Any]] = {}

    def showing(self, engagement: EngagementArea) -> Self:
        """Return a drawer of the same subject with one home's neighbours, which shares what is packed."""
        other = copy(self)
        other.subject = replace(self.subject, engagement=engagement)
        return other

    @cached_property
    def areas(self) -> list[dict[str, Any]]:
        """The areas within the minutes, packed."""
        return _areas(self.subject, self.packer)

    @cached_property
    def routes(self) -> dict[str, dict[str, list[int]]]:
        """The homes' ways to school, packed."""
        return _routes(self.subject.evaluation, self.packer)

    def basemap(self, region: shapely.Polygon, *, streets: bool) -> dict[str, Any]:
        """Return the base map of a region, packed."""
        key = (*region.bounds, streets)
        if key not in self._basemaps:
            subject = self.subject
            self._basemaps[key] = pack_basemap(
                subject.evaluation.network, subject.background, region, self.packer, streets=streets
            )
        return self._basemaps[key]

    def values(self, audience: Audience, *, made: str) -> dict[str, Any]:
        """Return what the page of an audience holds."""
        subject, packer = self.subject, self.packer
        inputs, evaluation = subject.inputs, subject.evaluation
        network, plan = evaluation.network, inputs.plan
        region = _region(subject, audience)
        homes = _homes(subject, audience, packer)
        # The public map of one home's neighbours shows that home's street and nothing else.
        areas = [] if audience is Audience.PUBLIC and subject.engagement is not None else self.areas
        streets = audience is Audience.INTERNAL or areas == []
        return {
            "title": plan.title,
            "audience": audience.value,
            "notice": NOTICES[audience],
            "made": made,
            "sources": source_line(),
            "attribution": ATTRIBUTION.split(" (")[0],
            "corner": packer.corner,
            "bounds": packer.line(*_bounds_line(_view(subject, audience))),
            "school_minutes": plan.rules.school_minutes,
            "family_miles": plan.rules.family_miles,
            "rule_scenario": plan.rules.scenario.value,
            "scenario_words": {scenario.value: words for scenario, words in SCENARIO_WORDS.items()},
            "columns": [{"key": k, "words": w, "kind": kind} for k, w, kind in COLUMNS if any(k in home for home in homes)],
            "background": self.basemap(region, streets=streets),
            "schools": only_seen(Layer.SCHOOLS, audience, _schools(evaluation, packer)),
            "areas": only_seen(Layer.AREAS, audience, areas),
            "authorities": only_seen(Layer.AUTHORITIES, audience, _authorities(subject, region, packer) if areas else []),
            "homes": homes,
            "routes": self.routes if may_see(Layer.ROUTES, audience) else {},
            "families": only_seen(Layer.FAMILIES, audience, _families(inputs, network, packer)),
            "minutes": _minutes(evaluation) if may_see(Layer.MINUTES, audience) else [],
            "exclusions": only_seen(Layer.EXCLUSIONS, audience, _exclusions(inputs, network, packer)),
            "portfolio": _portfolio(subject, audience),
            "engagement": _engagement(subject, audience, packer),
        }


def _region(subject: MapSubject, audience: Audience) -> shapely.Polygon:
    """Return the rectangle of the base map: the areas and a margin; on the internal map homes and families too."""
    if audience is not Audience.INTERNAL and subject.engagement is not None and may_see(Layer.ENGAGEMENT, audience):
        near: shapely.Polygon = shapely.box(*shapely.bounds(shapely.buffer(subject.engagement.area, STREETS_AROUND_M)))
        return near
    west, south, east, north = subject.evaluation.isochrones.total_bounds
    points = [(west, south), (east, north)]
    network = subject.evaluation.network
    if may_see(Layer.HOMES, audience):
        points += [(shape.x, shape.y) for shape in subject.evaluation.homes.geometry]
    if may_see(Layer.FAMILIES, audience):
        places = [child.place.within(network.system) for child in subject.inputs.children if child.place]
        points += [(place.x_m, place.y_m) for place in places]
    known = np.array([point for point in points if np.isfinite(point).all()])
    (west, south), (east, north) = known.min(axis=0), known.max(axis=0)
    rectangle: shapely.Polygon = shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    return rectangle


def _view(subject: MapSubject, audience: Audience) -> tuple[float, float, float, float]:
    """Return what is in view at first; to partners and the public the areas alone, which no family moves."""
    if subject.engagement is not None and may_see(Layer.ENGAGEMENT, audience):
        return tuple(shapely.bounds(shapely.buffer(subject.engagement.area, 150)))
    bounds = subject.evaluation.isochrones.total_bounds
    return float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])


def _bounds_line(bounds: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([bounds[0], bounds[2]]), np.array([bounds[1], bounds[3]])


def _schools(evaluation: Evaluation, packer: Packer) -> list[dict[str, Any]]:
    frame = evaluation.schools
    return [
        {"school": name, "at": packer.place(shape.x, shape.y)}
        for name, shape in zip(frame["school"], frame.geometry, strict=True)
    ]


def _areas(subject: MapSubject, packer: Packer) -> list[dict[str, Any]]:
    frame = subject.evaluation.isochrones
    # Drawn edges may touch; they are only looked at.
    drawn = shapely.simplify(np.asarray(frame.geometry.array), AREA_SIMPLIFY_M, preserve_topology=False)
    rows = zip(frame["minutes"], frame["direction"], frame["scenario"], drawn, strict=True)
    return [
        {"minutes": float(m) if m % 1 else int(m), "direction": d, "scenario": s, "polygons": packer.polygons(shape)}
        for m, d, s, shape in rows
    ]


def _authorities(subject: MapSubject, region: shapely.Geometry, packer: Packer) -> list[dict[str, Any]]:
    authorities = subject.inputs.authorities
    if authorities is None or not subject.evaluation.network.system.is_national_grid:
        return []
    counts: dict[str, int] = {}
    for child in subject.inputs.children:
        counts[child.row.authority or ""] = counts.get(child.row.authority or "", 0) + 1
    return [
        {"name": name, "rings": packer.polygons(shapely.simplify(area, 60)), "children": count_band(counts.get(name, 0))}
        for name, area in zip(authorities.names, authorities.areas, strict=True)
        if shapely.intersects(area, region)
    ]


def _homes(subject: MapSubject, audience: Audience, packer: Packer) -> list[dict[str, Any]]:
    evaluation = subject.evaluation
    frame = evaluation.homes
    rows = pd.DataFrame(frame.drop(columns="geometry")).to_dict("records")
    values = []
    for row, shape, result in zip(rows, frame.geometry, evaluation.results, strict=True):
        one = {str(key): _plain(value) for key, value in row.items()} | {"at": packer.place(shape.x, shape.y)}
        if audience is not Audience.INTERNAL:
            one["reasons"] = _reasons_without_families(result, subject)
        values.append(one)
    return only_seen(Layer.HOMES, audience, values)


def _reasons_without_families(result: HomeResult, subject: MapSubject) -> str:
    """Word a home's reasons as if the plan had no children: nothing in them points to a family."""
    return " ".join(explain(home_facts(result, NO_FAMILIES), subject.inputs.plan.rules))


def _plain(value: object) -> object:
    """Write a frame's cell as JSON has it; what is missing is null."""
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, np.bool_ | bool):
        return "yes" if value else "no"
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float):
        return round(float(value), 3)
    return value if isinstance(value, int | str) else str(value)


def _routes(evaluation: Evaluation, packer: Packer) -> dict[str, dict[str, list[int]]]:
    routes: dict[str, dict[str, list[int]]] = {}
    frame = evaluation.routes
    for home_id, direction, shape in zip(frame["home_id"], frame["direction"], frame.geometry, strict=True):
        line = shapely.simplify(shape, 10.0)
        routes.setdefault(str(home_id), {})[str(direction)] = packer.line(*shapely.get_coordinates(line).T)
    return routes


def _families(inputs: PlanInputs, network: RoadNetwork, packer: Packer) -> list[dict[str, Any]]:
    values = []
    for child in inputs.children:
        if child.place is None:  # a family whose place is not known is drawn nowhere
            continue
        place = child.place.within(network.system)
        values.append(
            {
                "child_ref": child.row.child_ref,
                "authority": child.row.authority,
                "area": outward_part(place.postcode) if place.postcode else "without postcode",
                "at": packer.place(place.x_m, place.y_m),
            }
        )
    return values


def _minutes(evaluation: Evaluation) -> list[list[float | None]]:
    # Of very many pairs whole minutes are enough to look at, and halve the file.
    decimals = 1 if len(evaluation.families) <= MANY_PAIRS else None
    return [
        [
            round(value, decimals) if np.isfinite(value) else None
            for value in evaluation.families.family_min(result.row)[evaluation.families.family != NOT_KNOWN].tolist()
        ]
        for result in evaluation.results
    ]


def _exclusions(inputs: PlanInputs, network: RoadNetwork, packer: Packer) -> list[dict[str, Any]]:
    values = []
    for exclusion in inputs.exclusions:
        place = exclusion.place.within(network.system)
        radius_m = exclusion.row.radius_miles * METRES_PER_MILE
        values.append({"child_ref": exclusion.row.child_ref, "at": packer.place(place.x_m, place.y_m), "radius_m": radius_m})
    return values


def _portfolio(subject: MapSubject, audience: Audience) -> dict[str, Any] | None:
    if subject.chosen is None:
        return None
    told = {"chosen": list(subject.chosen), "allocation": dict(subject.allocation or {})}
    return next(iter(only_seen(Layer.PORTFOLIO, audience, [told])), None)


def _engagement(subject: MapSubject, audience: Audience, packer: Packer) -> dict[str, Any] | None:
    area = subject.engagement
    if area is None:
        return None
    told = {
        "words": f"The {area.metres:g}-metre line and the neighbours within it",
        "area": packer.polygons(area.area),
        "boundary": packer.polygons(area.boundary),
        "plots": _shapes(area.plots, packer),
        "buildings": _shapes(area.buildings, packer),
        "neighbours": [
            {
                "number": one["number"],
                "address": one["address"],
                "distance_m": round(float(one["distance_m"]), 1),
                "basis": one["basis"],
                "at": packer.place(float(one["x_m"]), float(one["y_m"])),
            }
            for one in area.neighbours
        ],
    }
    if audience is not Audience.INTERNAL:
        told["words"] = "Where neighbours are invited"
    return next(iter(only_seen(Layer.ENGAGEMENT, audience, [told])), None)


def _shapes(shapes: Sequence[shapely.Geometry], packer: Packer) -> list[list[list[list[int]]]]:
    return [packer.polygons(shape) for shape in shapes]
