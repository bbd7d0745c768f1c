"""Speed limits as OpenStreetMap has them: figures with their units, zones, and the words of national law.

Source: OpenStreetMap's wiki, Key:maxspeed, Key:maxspeed:type, Key:zone:maxspeed; what other countries' words mean as
OSRM's car profile has it (`maxspeed_table`). Each direction is read by itself, the narrowest key that says something
first, and of several figures the lowest holds.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from siting.words import METRES_PER_MILE

MPH_TO_KMH = METRES_PER_MILE / 1000
_KNOT_TO_KMH = 1.852
_WALKING_KMH = 7.0
_UNIT_TO_KMH = {"m": MPH_TO_KMH, "k": 1.0, "kn": _KNOT_TO_KMH}
_LEAST_KMH = 4.5
"""No sign allows less than 3 mph, a walker's pace."""
_HIGHEST_MPH = 70.0
"""Highway Code, rule 124: no road in Great Britain allows more."""
_HIGHEST_KMH = 150.0
"""No road of Europe that has a limit allows more."""

DIRECTIONS = ("forward", "backward")

_FIGURE_KEYS = ("maxspeed:motorcar", "maxspeed:motor_vehicle", "maxspeed", "maxspeed:lanes")
_KIND_KEYS = ("zone:maxspeed", "maxspeed:type", "zone:traffic", "source:maxspeed")
_ADVISORY = "maxspeed:advisory"
_ALL_KEYS = (*_FIGURE_KEYS, *_KIND_KEYS, _ADVISORY)
LIMIT_KEYS = (*_ALL_KEYS, *(f"{key}:{d}" for key in _ALL_KEYS for d in DIRECTIONS))
"""Every key that a limit may stand under."""


_OF_FIGURES = frozenset(narrowed for key in (*_FIGURE_KEYS, _ADVISORY) for narrowed in (key, *(f"{key}:{d}" for d in DIRECTIONS)))


class LimitKind(IntEnum):
    """How a road's speed limit is known."""

    NONE = 0
    POSTED = 1
    NATIONAL = 2
    """The national limit, to be resolved by the kind of road."""
    BUILT_UP = 3


class Limit(NamedTuple):
    """A limit in one direction: how it is known, and km/h where it is posted (NaN otherwise)."""

    kind: LimitKind
    kmh: float


NO_LIMIT = Limit(LimitKind.NONE, math.nan)
_BUILT_UP = Limit(LimitKind.BUILT_UP, math.nan)
_NATIONAL = Limit(LimitKind.NATIONAL, math.nan)

_FIGURE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:(m)(?:p/?h|i(?:les)?(?:/| per )h(?:our)?|\.p\.h\.?)|(k)(?:m/?hr?|mp?h|ph)|(kn)(?:ots?)?)?"
)
_ZONE = re.compile(r"(?:([a-z]{2}):)?(?:zone:?)?\s*(\d+)([_ ]?(?:mph)?[_ ]?zone|[_ ]?mph)?")
_SILENT = re.compile(
    r"|none|no|yes|signals?|variable|unknown|unposted|unsigned|default|implicit|.*sign.*|.*marked|.*markings?|survey.*|\d{4}(-\d\d)*"
)
"""What says that there is no figure, or how it was found."""
# The narrow word before the wide one that it contains.
_WORDS: tuple[tuple[str, Limit], ...] = (
    (r"nsl_restricted|:urban|built[_ -]?up|restricted", _BUILT_UP),
    (r"nsl_dual|dual_carriageway", Limit(LimitKind.POSTED, 70 * MPH_TO_KMH)),
    (r"nsl_single|single_carriageway", Limit(LimitKind.POSTED, 60 * MPH_TO_KMH)),
    (r"(gb|uk):motorway", Limit(LimitKind.POSTED, 70 * MPH_TO_KMH)),
    (r"national|nsl|:rural|:motorway|:trunk", _NATIONAL),
    (r"(^|:)(walk|living_street|pedestrian_zone)$", Limit(LimitKind.POSTED, _WALKING_KMH)),
)
_IN_MILES = {"gb", "uk", "gg", "je", "im"}
_ABROAD = re.compile(r"([a-z]{2})(?:-[a-z]+)?:(urban|rural|trunk|motorway)")
_KMH_ABROAD = {"urban": 50.0, "rural": 90.0, "trunk": 110.0, "motorway": 130.0}
_KMH_OF_COUNTRY = {
    "at:rural": 100, "at:trunk": 100, "be:motorway": 120, "be-vlg:rural": 70, "by:urban": 60, "by:motorway": 110, "ch:rural": 80,
    "ch:trunk": 100, "ch:motorway": 120, "de:rural": 100, "dk:rural": 80, "fr:rural": 80, "ie:rural": 80, "ie:trunk": 100,
    "ie:motorway": 120, "nl:rural": 80, "nl:trunk": 100, "no:rural": 80, "no:motorway": 110, "pl:rural": 100, "pl:trunk": 120,
    "pl:motorway": 140, "ro:trunk": 100, "ru:urban": 60, "ru:motorway": 110, "za:urban": 60, "za:rural": 100,
}  # fmt: skip


def read_limit(tags: Mapping[str, str], direction: str) -> Limit:
    """Return the limit of a way in a direction, `forward` or `backward`, as its tags say it; where less is advised, that."""
    said = _stated(tags, direction)
    advised = parse_limit(tags.get(f"{_ADVISORY}:{direction}", tags.get(_ADVISORY, "")))
    return lowest([said, advised]) if advised.kind is LimitKind.POSTED else said


def _stated(tags: Mapping[str, str], direction: str) -> Limit:
    for key in (*_FIGURE_KEYS, *_KIND_KEYS):
        for narrowed in (f"{key}:{direction}", key):
            # The source of a limit may hold a year: only where a limit itself stands is a bare number one.
            bare = key not in _KIND_KEYS or key == "zone:maxspeed"
            said = parse_limit(tags[narrowed], bare=bare) if narrowed in tags else NO_LIMIT
            if said.kind is not LimitKind.NONE:
                return said
    return NO_LIMIT


def unread_limits(tags: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys of a way that ought to hold a limit and hold what is not read."""
    for key in tags:
        silent = key not in _OF_FIGURES or _SILENT.fullmatch(tags[key].strip().casefold())
        if not silent and parse_limit(tags[key]).kind is LimitKind.NONE:
            yield key


def lowest(limits: Iterable[Limit]) -> Limit:
    """Return the lowest of several limits: a figure before what is only known by its kind."""
    order = (LimitKind.POSTED, LimitKind.BUILT_UP, LimitKind.NATIONAL, LimitKind.NONE)
    return min(limits, key=lambda limit: (order.index(limit.kind), limit.kmh if limit.kind is LimitKind.POSTED else 0.0))


@lru_cache(maxsize=10_000)
def parse_limit(text: str, *, bare: bool = True) -> Limit:
    """Read one value: `30 mph`, `50`, `national`, `GB:nsl_single`, `GB:20_zone`; of several the lowest figure.

    A number without a unit is km/h, as OpenStreetMap has it; it counts only where `bare` ones do.
    """
    text = re.sub(r"(?<=\d),(?=\d(?!\d))", ".", text.casefold())
    limits = [_one(part.strip(), bare=bare) for part in re.split(r"[;|,]|\s-\s", text) if part.strip()]
    posted = [limit for limit in limits if limit.kind is LimitKind.POSTED]
    if posted:
        return min(posted, key=lambda limit: limit.kmh)
    return next((limit for limit in limits if limit.kind is not LimitKind.NONE), NO_LIMIT)


def _one(text: str, *, bare: bool) -> Limit:
    figure = _FIGURE.fullmatch(text)
    if figure:
        unit = figure[2] or figure[3] or figure[4]
        return _posted(float(figure[1]), unit or "k") if unit or bare else NO_LIMIT
    zone = _ZONE.fullmatch(text)
    if zone:
        # Only Britain writes `20_zone`; elsewhere a zone has its country or stands before its figure.
        in_miles = zone[1] in _IN_MILES or (zone[1] is None and zone[3] is not None)
        return _posted(float(zone[2]), "m" if in_miles else "k")
    abroad = _ABROAD.fullmatch(text)
    if abroad and abroad[1] not in _IN_MILES:
        return Limit(LimitKind.POSTED, float(_KMH_OF_COUNTRY.get(text, _KMH_ABROAD[abroad[2]])))
    return next((limit for pattern, limit in _WORDS if re.search(pattern, text)), NO_LIMIT)


def _posted(value: float, unit: str) -> Limit:
    if value * _UNIT_TO_KMH[unit] < _LEAST_KMH:
        return NO_LIMIT
    # What no law allows is a slip of the pen: the law's own limit for that kind of road holds.
    if value > (_HIGHEST_MPH if unit == "m" else _HIGHEST_KMH):
        return _NATIONAL
    return Limit(LimitKind.POSTED, value * _UNIT_TO_KMH[unit])
