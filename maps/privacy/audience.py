"""Who may see what: one table, which everything that draws a map asks.

What an audience may not see is never put into its file. Counts of children are given in bands, so
that no count of one is shown and two exports cannot be set against each other.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from siting.words import PERSONAL_DATA_NOTICE, Audience


class Layer(StrEnum):
    """What a map can show."""

    SCHOOLS = "schools"
    AREAS = "areas"
    AUTHORITIES = "authorities"
    HOMES = "homes"
    ROUTES = "routes"
    FAMILIES = "families"
    MINUTES = "minutes"
    EXCLUSIONS = "exclusions"
    PORTFOLIO = "portfolio"
    ENGAGEMENT = "engagement"


ALL: Final = frozenset({"*"})
"""Every column, the users' own among them."""

_JOURNEY = frozenset({"to_school_min", "from_school_min", "margin_min", "error_min", "school_road_miles", "route", "school"})
_AREA = frozenset({"minutes", "direction", "scenario", "polygons"})

MAY_SEE: Final[Mapping[Layer, Mapping[Audience, frozenset[str]]]] = MappingProxyType(
    {
        Layer.SCHOOLS: {
            Audience.INTERNAL: frozenset({"school", "at"}),
            Audience.PARTNER: frozenset({"school", "at"}),
            Audience.PUBLIC: frozenset({"school", "at"}),
        },
        Layer.AREAS: {Audience.INTERNAL: _AREA, Audience.PARTNER: _AREA, Audience.PUBLIC: _AREA},
        Layer.AUTHORITIES: {
            Audience.INTERNAL: frozenset({"name", "rings", "children"}),
            Audience.PARTNER: frozenset({"name", "rings", "children"}),
            Audience.PUBLIC: frozenset({"name", "rings"}),
        },
        Layer.HOMES: {
            Audience.INTERNAL: ALL,
            Audience.PARTNER: frozenset(
                {"rank", "home_id", "at", "verdict", "status", "address", "bedrooms", "beds", "annex", "authority", "reasons"}
            )
            | _JOURNEY,
        },
        Layer.ROUTES: {Audience.INTERNAL: ALL, Audience.PARTNER: ALL},
        Layer.FAMILIES: {Audience.INTERNAL: frozenset({"child_ref", "authority", "area", "at"})},
        Layer.MINUTES: {Audience.INTERNAL: ALL},
        Layer.EXCLUSIONS: {Audience.INTERNAL: frozenset({"child_ref", "at", "radius_m"})},
        Layer.PORTFOLIO: {
            Audience.INTERNAL: frozenset({"chosen", "allocation"}),
            Audience.PARTNER: frozenset({"chosen"}),
        },
        Layer.ENGAGEMENT: {
            Audience.INTERNAL: frozenset({"words", "area", "boundary", "plots", "buildings", "neighbours"}),
            Audience.PUBLIC: frozenset({"words", "area"}),
        },
    }
)
"""The columns of each layer that each audience may see; what is not here is not seen."""

NOTICES: Final[Mapping[Audience, str]] = MappingProxyType(
    {
        Audience.INTERNAL: PERSONAL_DATA_NOTICE,
        Audience.PARTNER: "Official: for partner councils. Holds places of homes under consideration. Do not publish.",
        Audience.PUBLIC: "For the public. Holds no home under consideration and no child's family.",
    }
)


def may_see(layer: Layer, audience: Audience) -> bool:
    """Tell whether an audience sees a layer at all."""
    return audience in MAY_SEE[layer]


def only_seen(layer: Layer, audience: Audience, values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Keep of each value the columns that the audience may see; nothing where it may see none."""
    if not may_see(layer, audience):
        return []
    allowed = MAY_SEE[layer][audience]
    return [{key: value for key, value in one.items() if allowed == ALL or key in allowed} for one in values]
