"""A sight of a plan as the values that the page draws; nothing else is put into the file."""

import base64
import math
import zlib
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
import shapely

from maps.ground.basemap import pack_basemap
from maps.ground.gazetteer import pack_postcodes
from maps.ground.packing import Packer, corner_of
from maps.privacy.sights import Bounds, InternalHome, InternalSight, PartnerHome, PartnerSight, Sight, sight_of
from maps.privacy.subject import EngagementArea, MapSubject
from maps.time_grid import pack_times, times_ms, whole_minutes
from siting.arrays import Float64
from siting.documents.looks import as_values
from siting.evaluation.sources import source_line
from siting.inputs.council_names import plain_name
from siting.osm.extract import ATTRIBUTION
from siting.sentences import SCENARIO_WORDS
from siting.words import Audience

AREA_SIMPLIFY_M = 25.0
"""How far a drawn edge may lie from the reckoned one; homes are judged by their own times, never by it."""

NO_WAY_TENTHS = 65_535
"""What stands in the page for the minutes between a home and a family where there is no way."""

COLUMNS = (
    ("rank", "Rank", "number"),
    ("home_id", "Home", "text"),
    ("verdict", "Verdict", "text"),
    ("status", "Status", "text"),
    ("chosen", "Chosen", "text"),
    ("to_school_min", "To school (min)", "decimal"),
    ("from_school_min", "From school (min)", "decimal"),
    ("margin_min", "Margin (min)", "decimal"),
    ("authority", "Council", "text"),
    ("beds", "Beds", "number"),
    ("price_gbp", "Price", "money"),
    ("children_within_family_miles", "Children within the miles", "number"),
    ("median_family_min", "Median family (min)", "decimal"),
    ("worst_family_min", "Farthest family (min)", "decimal"),
)
"""The table beside the map: key, heading and kind; those that its homes have are there."""


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
        # They do not depend on whose neighbours are shown.
        other.areas = self.areas
        other.subject = replace(self.subject, engagement=engagement)
        return other

    def sight(self, audience: Audience) -> Sight:
        """Return what an audience sees."""
        return sight_of(self.subject, audience)

    @cached_property
    def areas(self) -> list[dict[str, Any]]:
        """The areas within the minutes, packed."""
        frame = self.subject.evaluation.isochrones
        # Drawn edges may touch; they are only looked at.
        drawn = shapely.simplify(np.asarray(frame.geometry.array), AREA_SIMPLIFY_M, preserve_topology=False)
        rows = zip(frame["minutes"], frame["direction"], frame["scenario"], drawn, strict=True)
        return [
            {"minutes": _tidy(float(m)), "direction": d, "scenario": s, "polygons": self.packer.polygons(shape)}
            for m, d, s, shape in rows
        ]

    @cached_property
    def times(self) -> dict[str, Any]:
        """The minutes to and from school on a grid, packed: for those who choose the homes."""
        return pack_times(self.subject, self.sight(Audience.INTERNAL).region)

    @cached_property
    def postcodes(self) -> dict[str, Any] | None:
        """The postcodes of the ground, packed: for those who choose the homes."""
        subject = self.subject

        def minutes(x_m: Float64, y_m: Float64) -> list[np.ndarray]:
            return [whole_minutes(found) for found in times_ms(subject, x_m, y_m).values()]

        return pack_postcodes(self.sight(Audience.INTERNAL).region, subject.evaluation.network.system, minutes)

    def basemap(self, region: shapely.Polygon, *, streets: bool) -> dict[str, Any]:
        """Return the base map of a region, packed."""
        key = (*region.bounds, streets)
        if key not in self._basemaps:
            subject = self.subject
            self._basemaps[key] = pack_basemap(
                subject.evaluation.network,
                subject.background,
                region,
                self.packer,
                schools=[(shape.x, shape.y) for shape in subject.evaluation.schools.geometry],
                streets=streets,
            )
        return self._basemaps[key]

    def values(self, audience: Audience, *, made: str) -> dict[str, Any]:
        """Return what the page of an audience holds."""
        sight, packer = self.sight(audience), self.packer
        values: dict[str, Any] = {
            "title": sight.title,
            "audience": audience.value,
            "notice": sight.notice,
            "made": made,
            "sources": source_line(),
            "attribution": ATTRIBUTION.split(" (", maxsplit=1)[0],
            "corner": packer.corner,
            "bounds": _bounds(sight.view, packer),
            "school_minutes": sight.school_minutes,
            "rule_scenario": sight.scenario.value,
            "scenario_words": {scenario.value: words for scenario, words in SCENARIO_WORDS.items()},
            "looks": as_values(sorted({_tidy(area.minutes) for area in sight.areas})),
            "background": self.basemap(sight.region, streets=audience is Audience.INTERNAL),
            "schools": [{"school": one.name, "at": packer.place(one.x_m, one.y_m)} for one in sight.schools],
            "areas": self.areas,
            "authorities": [{"name": one.name, "rings": packer.polygons(one.shape)} for one in sight.authorities],
        }
        match sight:
            case InternalSight():
                values |= _internal(sight, packer)
                # The map of one home's neighbours is for the door, not for choosing homes.
                if sight.engagement is None:
                    values |= {"times": self.times, "postcodes": self.postcodes}
            case PartnerSight():
                homes = [_partner_row(home, packer) for home in sight.homes]
                values |= {"homes": homes, "columns": _columns(homes), "routes": _routes(sight, packer)}
        return values


def _internal(sight: InternalSight, packer: Packer) -> dict[str, Any]:
    """Return what stands besides on the page of those who choose the homes."""
    homes = [_internal_row(home, sight, packer) for home in sight.homes]
    values: dict[str, Any] = {
        "family_miles": sight.family_miles,
        "homes": homes,
        "columns": _columns(homes),
        "routes": _routes(sight, packer),
        "families": [
            {"child_ref": one.child_ref, "authority": one.authority, "area": one.area, "at": packer.place(one.x_m, one.y_m)}
            for one in sight.families
        ],
        "unplaced_children": sight.unplaced_children,
        "minutes": _family_minutes(sight),
        "exclusions": [
            {"child_ref": one.child_ref, "at": packer.place(one.x_m, one.y_m), "radius_m": one.radius_m} for one in sight.zones
        ],
        "engagement": _engagement(sight.engagement, packer) if sight.engagement else None,
        "authorities": [
            {
                "name": one.name,
                "rings": packer.polygons(one.shape),
                "children": sight.children_by_authority.get(plain_name(one.name), 0),
            }
            for one in sight.authorities
        ],
    }
    if sight.chosen is not None:
        values["portfolio"] = {"chosen": list(sight.chosen), "allocation": dict(sight.allocation)}
    return values


def _columns(homes: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the columns of the table of which some home has a value."""
    return [
        {"key": key, "words": words, "kind": kind}
        for key, words, kind in COLUMNS
        if any(home.get(key) is not None for home in homes)
    ]


def _internal_row(home: InternalHome, sight: InternalSight, packer: Packer) -> dict[str, Any]:
    row = {key: _plain(value) for key, value in home.columns.items()} | {"at": packer.place(home.x_m, home.y_m)}
    return row | ({"chosen": "yes" if home.home_id in sight.chosen else "no"} if sight.chosen is not None else {})


def _partner_row(home: PartnerHome, packer: Packer) -> dict[str, Any]:
    return {
        "home_id": home.home_id,
        "at": packer.place(home.x_m, home.y_m),
        "verdict": home.verdict.value,
        "status": home.status,
        "school": home.school,
        "to_school_min": _plain(home.to_school_min),
        "from_school_min": _plain(home.from_school_min),
        "margin_min": _plain(home.margin_min),
        "error_min": _plain(home.error_min),
        "school_road_miles": _plain(home.school_road_miles),
        "route": home.route,
        "address": home.address,
        "authority": home.authority,
        "bedrooms": home.bedrooms,
        "beds": home.beds,
        "annex": "yes" if home.annex else "no",
        "reasons": home.reasons,
    }


def _bounds(view: Bounds, packer: Packer) -> list[int]:
    return packer.line(np.array([view[0], view[2]]), np.array([view[1], view[3]]))


def _tidy(number: float) -> float | int:
    return number if number % 1 else int(number)


def _plain(value: object) -> object:
    """Write a frame's cell as JSON has it; what is missing is null."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, np.bool_ | bool):
        return "yes" if value else "no"
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float):
        return round(float(value), 3)
    return value if isinstance(value, int | str) else str(value)


def _routes(sight: PartnerSight | InternalSight, packer: Packer) -> dict[str, dict[str, list[int]]]:
    routes: dict[str, dict[str, list[int]]] = {}
    for (home_id, direction), shape in sight.routes.items():
        line = shapely.simplify(shape, 10.0)
        routes.setdefault(home_id, {})[direction.value] = packer.line(*shapely.get_coordinates(line).T)
    return routes


def _family_minutes(sight: InternalSight) -> str:
    """Pack the minutes by home and family: tenths of a minute in two bytes, the largest for no way; zlib, base64."""
    found = np.array([home.family_min for home in sight.homes], dtype=float).reshape(len(sight.homes), -1)
    tenths = np.where(np.isfinite(found), np.minimum(np.rint(found * 10), NO_WAY_TENTHS - 1), NO_WAY_TENTHS)
    return base64.b64encode(zlib.compress(tenths.astype("<u2").tobytes())).decode()


def _engagement(area: EngagementArea, packer: Packer) -> dict[str, Any]:
    return {
        "words": f"The {area.metres:g}-metre line and the neighbours within it",
        "metres": area.metres,
        "area": packer.polygons(area.area),
        "boundary": packer.polygons(area.boundary),
        "plots": [packer.polygons(shape) for shape in area.plots],
        "buildings": [packer.polygons(shape) for shape in area.buildings],
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
