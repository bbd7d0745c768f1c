"""The closed vocabularies, unit constants and identifiers that every module shares."""

import re
import unicodedata
from enum import StrEnum
from typing import NewType

HomeId = NewType("HomeId", str)
ChildRef = NewType("ChildRef", str)

LONGEST_IDENTIFIER = 80
_LONGEST_NAME_BYTES = 200
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3])( *\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows after a point."""


def tidy_identifier(text: str) -> str:
    """Write an identifier without the spaces round it, in one form of its letters (NFC)."""
    return unicodedata.normalize("NFC", text).strip()


def fold_identifier(text: str) -> str:
    """Return what two identifiers share that a disk or a reader takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def identifier_problem(text: str) -> str | None:
    """Say what keeps an identifier from being the name of a file or folder on every system; None where nothing does."""
    if text != unicodedata.normalize("NFC", text):
        return "the letters of this identifier are not in their usual form"
    if any(not (letter.isalnum() or letter in "-_. " or unicodedata.category(letter).startswith("M")) for letter in text):
        return "an identifier may hold letters, figures, - _ . and spaces alone"
    if not text or text[0] in ". " or text[-1] in ". ":
        return "an identifier must not be empty, or begin or end with a point or a space"
    if _RESERVED.fullmatch(text):
        return "Windows keeps this name for itself"
    if len(text) > LONGEST_IDENTIFIER or len(text.encode()) > _LONGEST_NAME_BYTES:
        return f"an identifier must not be longer than {LONGEST_IDENTIFIER} letters"
    return None


BNG = 27700
"""EPSG code of the British National Grid."""
WGS84 = 4326
"""EPSG code of latitude and longitude as satellites give them."""

METRES_PER_MILE = 1609.344
"""Exact by the international agreement of 1959."""
MILLISECONDS_PER_MINUTE = 60_000

FAR_FROM_ROAD_M = 500.0
"""From here on the way to the road is said aloud: the map may lack the house's road."""
MOST_OPEN_GROUND_M = 1_000.0
"""A place farther than this from every road that it can be joined to lies off the map: its road is not in the file
(own choice: no drive in Britain is so long without being mapped as a road, and at 10 km/h it is six minutes already)."""


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
