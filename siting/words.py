"""The closed vocabularies, unit constants and identifiers that every module shares."""

from enum import StrEnum
from typing import NewType

HomeId = NewType("HomeId", str)
ChildRef = NewType("ChildRef", str)

BNG = 27700
"""EPSG code of the British National Grid."""
WGS84 = 4326
"""EPSG code of latitude and longitude as satellites give them."""

METRES_PER_MILE = 1609.344
"""Exact by the international agreement of 1959."""
SECONDS_PER_MINUTE = 60
MILLISECONDS_PER_SECOND = 1000
MILLISECONDS_PER_MINUTE = 60_000


def whole_ms(minutes: float) -> int:
    """Return minutes, as users write them, in whole milliseconds: 32.3 is 1,938,000, which no binary fraction of it is."""
    return round(minutes * MILLISECONDS_PER_MINUTE)


NO_WAY_MS = 2**62
"""The time where there is no way; larger than any other, so that it sorts last, and within 64 bits."""

PERSONAL_DATA_NOTICE = "Official: sensitive. Holds personal data about children's families. Do not publish or forward."


class Scenario(StrEnum):
    """How busy the roads are taken to be."""

    FREE_FLOW = "free_flow"
    TYPICAL = "typical"
    SCHOOL_RUN = "school_run"


class Direction(StrEnum):
    """Which way the journey runs, seen from the home."""

    TO_SCHOOL = "to_school"
    FROM_SCHOOL = "from_school"


class Verdict(StrEnum):
    """What the minutes rule says of a home, best first."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    MARGINAL = "marginal"
    FAIL = "fail"
    UNREACHABLE = "unreachable"


class Basis(StrEnum):
    """What a neighbour's distance was measured to."""

    PLOT = "plot"
    BUILDING = "building"
    POINT = "point"


class Audience(StrEnum):
    """Who will hold an output in their hands."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"


class Objective(StrEnum):
    """What a choice of homes makes least."""

    TOTAL = "total"
    WORST = "worst"
    COST = "cost"


class HomeStatus(StrEnum):
    """Whether a home is only offered, is bought and about to open, or already has children in it."""

    CANDIDATE = "candidate"
    BOUGHT = "bought"
    OPEN = "open"
