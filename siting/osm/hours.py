"""What tags say at a moment: conditions by hour and day, as `motor_vehicle:conditional=no @ (Mo-Fr 08:15-09:15)`.

Source: OpenStreetMap's wiki, Conditional restrictions; of several clauses that hold the last one counts.
The hours themselves are read as the `opening_hours` that they are, after what mappers write beside
that form (`8am-9am`, `Mon - Fri`, `01.11. - 31.03.`) is put into it. A moment is a time of day on a
weekday in term, neither a bank holiday nor a school holiday; where the days or the months differ,
what holds on most of them counts.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, validate

from siting.osm.sizes import CAR_SIZES
from siting.travel_model import SchoolHours
from siting.words import Scenario

_SUFFIX = ":conditional"
_FREE_FLOW, _TYPICAL = time(3), time(11)

_TERM_DAYS = tuple(
    datetime.fromisoformat(monday) + timedelta(days=day)
    for monday in ("2025-11-10", "2026-02-02", "2026-05-11", "2026-06-22")
    for day in range(5)
)
"""Weekdays in term in four months of a school year, none of them a bank holiday in England and Wales."""

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "=": operator.eq,
}  # fmt: skip
_NOT_A_CAR = {
    "hgv",
    "goods",
    "bus",
    "psv",
    "coach",
    "trailer",
    "caravan",
    "bicycle",
    "motorcycle",
    "agricultural",
    "tractor",
    "taxi",
    "emergency",
    "moped",
    "mofa",
    "tourist_bus",
    "school_bus",
    "motorhome",
    "foot",
    "horse",
    "tram",
}
_SOME_PEOPLE = re.compile(
    r"permit|resident|destination|delivery|customer|disabled|staff|employee|emission|electric|hybrid|private|loading|pass|occup|hov"
)
_RESIDENTS = re.compile(r"residents?|permits?|permit[_ ]?holders?|destination|resident[_ ]?permits?|private")
"""Who among others lives there, and for whom it holds at all hours."""
_BUT_RESIDENTS = re.compile(
    r"\s*(?:\band\b|&&)?\s*\(?\s*(?:!|\bnon-?\s?|\b(?:not|except(?:\s+for)?|unless)\s+|\bvehicle\s*!=\s*)"
    r"(?:residents?|permits?|access)\b(?:[_ ]holders?)?\s*\)?",
    flags=re.IGNORECASE,
)
_ABOUT_ACCESS = re.compile(r"(motorcar|motor_vehicle|vehicle|access)\b")
_WEATHER = re.compile(r"wet|snow|ice|fog|rain|winter|summer|flood|tid(e|al)|water")

BY_WEATHER = "conditions by weather or tide"
FOR_SOME = "conditions for some people or cars only"
NOT_READ = "conditions that cannot be read"


def moments(hours: SchoolHours) -> dict[Scenario, tuple[time, ...]]:
    """Return the times of day of each scenario: on the school run, of both the way there and the way back."""
    before = (datetime.combine(_TERM_DAYS[0], hours.start) - timedelta(minutes=1)).time()
    return {
        Scenario.FREE_FLOW: (_FREE_FLOW,),
        Scenario.TYPICAL: (_TYPICAL,),
        Scenario.SCHOOL_RUN: (before, hours.start, hours.end),
    }


@dataclass(frozen=True, slots=True)
class AtHour:
    """Tags as they are at a moment, the kinds of conditions that could not be told, and what is said to those who live there."""

    tags: Mapping[str, str]
    unread: frozenset[str]
    to_residents: Mapping[str, str] = field(default_factory=dict)


def has_conditions(tags: Mapping[str, str]) -> bool:
    """Tell whether any tag holds by condition only."""
    return has_opening_hours(tags) or any(key.endswith(_SUFFIX) for key in tags)


def at_moment(tags: Mapping[str, str], moment: time, keys: Sequence[str]) -> AtHour:
    """Return tags with what their conditions make of some keys at a time of day."""
    changed = dict(tags)
    unread: set[str] = set()
    to_residents: dict[str, str] = {}
    for key in keys:
        for value, condition in _clauses(tags.get(f"{key}{_SUFFIX}", "")):
            others = _BUT_RESIDENTS.sub("", condition).strip() if _ABOUT_ACCESS.match(key) else condition
            if others != condition and value.casefold() == "no":
                # For everybody but those who live there, to whom the road is then as a private one.
                value, condition = "private", others or "24/7"  # noqa: PLW2901
            holds = condition_holds(condition, moment)
            if holds == FOR_SOME and _ABOUT_ACCESS.match(key) and _RESIDENTS.fullmatch(condition.strip(" ()").casefold()):
                to_residents[key] = value
            elif isinstance(holds, str):
                unread.add(holds)
            elif holds:
                changed[key] = value
    return AtHour(changed, frozenset(unread), to_residents)


_OPENING_HOURS = "opening_hours"
OF_SOMETHING_ELSE = frozenset(("amenity", "shop", "leisure", "tourism", "office", "building"))
"""Of what has one of these keys the opening hours are not the road's."""


def has_opening_hours(tags: Mapping[str, str]) -> bool:
    """Tell whether a way or a gate has opening hours of its own."""
    return _OPENING_HOURS in tags and OF_SOMETHING_ELSE.isdisjoint(tags)


def outside_opening_hours(tags: Mapping[str, str], moment: time) -> bool | str:
    """Tell whether a way or a gate is shut at a time of day by its own opening hours; the kind where they cannot be read.

    In free flow, which is a day without others rather than a night, it is as it is by day.
    """
    if not has_opening_hours(tags):
        return False
    is_open = condition_holds(tags[_OPENING_HOURS], _TYPICAL if moment == _FREE_FLOW else moment)
    return is_open if isinstance(is_open, str) else not is_open


def values_by_condition(text: str) -> tuple[str, ...]:
    """Return what a key says under its conditions, whichever those are."""
    return tuple(value for value, _ in _clauses(text))


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the value and the condition of each clause; a semicolon within brackets is the hours' own."""
    depth, clauses = 0, [""]
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == ";" and depth <= 0:
            clauses.append("")
        else:
            clauses[-1] += letter
    for row in reversed(range(1, len(clauses))):
        # `no @ Mo-Fr 08:00-09:00; SH off`: what has no value of its own goes on with the hours before it.
        if "@" not in clauses[row]:
            clauses[row - 1] += f";{clauses.pop(row)}"
    for clause in clauses:
        value, at, condition = clause.partition("@")
        if at and value.strip():
            yield value.strip(), condition.strip()
        elif clause.strip():
            yield value.strip(), ""


_AND = re.compile(r"(?<![:.]\d\d)(?<![ap]m)\s+and\s+|\s+and\s+(?!\d)|\s*&&\s*", flags=re.IGNORECASE)
_HOLIDAYS = r"(?:(?:school|public|bank)\s+holidays?(?:\s*(?:and|or|&|,)\s*)?)+"
_NO_HOLIDAYS = rf"(?:excluding|except(?:\s+for)?|outside|not|no)\s+(?:in\s+|during\s+)?{_HOLIDAYS}"
_NOT_IN_HOLIDAYS = re.compile(
    rf"(not\s+)?((SH|PH)\s*[,;]?\s*)+(off|closed)?|((SH|PH)\s+off\s*[,;]?\s*)+|{_NO_HOLIDAYS}|{_HOLIDAYS}\s+(off|closed)",
    flags=re.IGNORECASE,
)
"""Between two conditions; between two hours it lists them."""


@lru_cache(maxsize=10_000)
def condition_holds(condition: str, moment: time) -> bool | str:
    """Tell whether a condition holds for a car at a time of day; in place of an answer, the kind of condition it is."""
    parts = [part.strip(" ()") for part in _AND.split(condition)]
    # That something does not hold in holidays says nothing of a weekday in term.
    told = [_part_holds(part, moment) for part in parts if len(parts) == 1 or not _NOT_IN_HOLIDAYS.fullmatch(part)]
    if False in told:
        return False
    return next((one for one in told if isinstance(one, str)), True)


def _part_holds(part: str, moment: time) -> bool | str:
    compared = re.fullmatch(r"(?:max)?([a-z]+)\s*(>=|<=|>|<|=)\s*(\d+(?:\.\d+)?)\s*\S*", part.casefold())
    if compared and compared[1] in CAR_SIZES:
        return _COMPARED[compared[2]](CAR_SIZES[compared[1]], float(compared[3]))
    if part.casefold() in _NOT_A_CAR:
        return False
    hours = _hours(part)
    if hours is not None:
        days = [hours.is_open(day.replace(hour=moment.hour, minute=moment.minute)) for day in _TERM_DAYS]
        return sum(days) * 2 > len(days)
    if _WEATHER.search(part.casefold()):
        return BY_WEATHER
    return FOR_SOME if _SOME_PEOPLE.search(part.casefold()) else NOT_READ


def _hours(text: str) -> OpeningHours | None:
    """Read hours as they are written; None where they are none."""
    rules = []
    for rule in _in_form(text).split(";"):
        # In term there is no school holiday, and no weekday that is sampled is a bank holiday.
        rule = re.sub(rf"^\s*((SH|PH)\s*,\s*)+(?={_ANY_DAY})", "", rule, flags=re.IGNORECASE)  # noqa: PLW2901
        if re.match(r"\s*(SH|PH)\b", rule, flags=re.IGNORECASE):
            continue
        rules.append(re.sub(r"\s*,\s*(SH|PH)\b", "", rule, flags=re.IGNORECASE))
    if not rules:
        return OpeningHours("24/7 off")
    hours = ";".join(rules)
    return OpeningHours(hours) if hours.strip() and validate(hours) else None


_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_NAMES = r"\b(Mon?|Tu|Tues?|Wed?|Thu?|Thurs?|Fri?|Sat?|Sun?|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b"
_MONTH_NAMES = rf"\b({'|'.join(_MONTHS)}|January|February|March|April|June|July|August|Sept(ember)?|October|November|December)\b"
_ANY_DAY = rf"(?:{'|'.join(_DAYS)})\b"
_ANY_MONTH = rf"(?:{'|'.join(_MONTHS)})\b"
_SCHOOL_HOURS = "08:00-09:30,14:30-16:00"
"""Own assumption: when British signs by a school that name no hours mean it."""
_IN_TERM = "~"
"""Weekdays in term, which are those that are asked: the hours' own days, where they name some, else all of them."""
_SPELLINGS = (
    (r"^(always|24 ?hours?( a day)?|at all times)$", "24/7"),
    (r"^never$", "24/7 off"),
    (r"^(?!.*(?:sun|dawn|dusk)).*[()].*$", lambda text: text[0].replace("(", " ").replace(")", " ")),
    (rf"[,;]?\s*\b{_NO_HOLIDAYS}|[,;]?\s*\b{_HOLIDAYS}\s+(?:off|closed|excluded)\b", ""),
    (r"\b(?:during|at|on|in|between)\s+(?=[a-z\d])|\s*\bonly\b", ""),
    (r"^(\D*)\bschool[_ ]?(?:hours|times?|run)\b(?=\D*$)|^school$", rf"\1{_IN_TERM} {_SCHOOL_HOURS}"),
    (r"\b(week ?days?|school[_ ]?days?|(school[_ -]?)?term[_ -]?(time|days?)?)\b", _IN_TERM),
    (r"\bweek ?ends?\b", "Sa-Su"),
    (r"[\u2010-\u2015]|\b(?:to|until|till)\b", "-"),
    (r"(?<=[\dm])\s*(?:&|\+|/|\band\b|\bor\b)\s*(?=\d\d?[:.\d apm]*-)", ","),
    (r"\s*(?:&|\+|\band\b)\s*(?=\d)", ","),
    (r"\bM\s*-\s*F\b", "Mo-Fr"),
    (_DAY_NAMES, lambda day: day[0][:2].title()),
    (_MONTH_NAMES, lambda month: month[0][:3].title()),
    (rf"\b(\d{{1,2}})\s+({_ANY_MONTH})(?!\s*\d)", r"\2 \1"),
    (r"\b(\d{1,2})\.(\d{1,2})\.?\s*-\s*(\d{1,2})\.(\d{1,2})(?:\.|\b)(?!\d)", lambda dates: _dates(*dates.groups())),
    (r"\b(\d{1,2})((?:[:.]\d{2})?)\s*-\s*(?=(\d{1,2})(?:[:.]\d{2})?\s*([ap])\.?m\b)", lambda at: _with_half(*at.groups())),
    (r"\b(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\b\.?", lambda at: _of_24(at[1], at[2], at[3])),
    (r"\b(\d{1,2})[.:]?(\d{2})\s*-\s*(\d{1,2})[.:]?(\d{2})\b(?!\s*[-:])", r"\1:\2-\3:\4"),
    (r"(?<![:\d\[])\b(\d{1,2})\s*-\s*(\d{1,2}:\d\d)", r"\1:00-\2"),
    (rf"({_ANY_DAY}[\s,]+)(\d{{1,2}})\s*-\s*(\d{{1,2}})(?![:\d])", r"\1\2:00-\3:00"),
    (r"\b(\d):(\d\d)", r"0\1:\2"),
    (r"(?<=[a-z])\s+-\s+(?=[A-Z])", "-"),
    (r"(?<=:\d\d)\s+(?=\d\d:\d\d)", ","),
    # Days one after the other share what follows them.
    (rf"({_ANY_DAY})\s*,\s+(?={_ANY_DAY})", r"\1,"),
    # Days are said before their hours.
    (r"(?<=[A-Za-z])\s*,\s*(?=\d\d:\d\d)", " "),
    (rf"^([\d:,\s-]*\d:\d\d)\s+({_ANY_DAY}(?:\s*[-,]\s*{_ANY_DAY})*)$", r"\2 \1"),
    # Hours that follow a semicolon without days of their own are more hours of the same days.
    (r"(?<=\d)\s*;\s*(?=\d)", ","),
    (rf"(?<=\d)\s*,\s*(?=(?:{'|'.join(_DAYS)})\b)", ", "),
    (r"(?<=\d)\s+(?=(?:SH|PH)\b)", "; "),
    (r"[,\s]+$", ""),
)


def _in_form(text: str) -> str:
    """Put what mappers write into the form of `opening_hours`."""
    for pattern, instead in _SPELLINGS:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    if _IN_TERM not in text:
        return text
    hours = re.sub(rf"[\s(]*{_IN_TERM}[\s):]*", " ", text).strip(" ,")
    return hours if re.search(_ANY_DAY, hours) else f"Mo-Fr {hours}"


def _dates(*numbers: str) -> str:
    """Write `01.11.-31.03.` by the months' names, `07.00-19.00` as hours; what may be either is left unreadable."""
    first_day, first_month, last_day, last_month = map(int, numbers)
    are_dates = 0 < min(first_month, last_month) <= max(first_month, last_month) <= len(_MONTHS)
    are_hours = max(first_day, last_day) <= _HOURS_OF_DAY
    if are_dates == are_hours:
        return "?"
    if are_hours:
        return "{}:{}-{}:{}".format(*numbers)
    return f"{_MONTHS[first_month - 1]} {first_day}-{_MONTHS[last_month - 1]} {last_day}"


_HOURS_OF_DAY = 24


def _with_half(hour: str, minutes: str, last_hour: str, half: str) -> str:
    """Write `2:45-` as `2:45pm-` where only the end of the hours has its half of the day: the same, if that is after it."""
    is_same = int(hour) % 12 <= int(last_hour) % 12
    return f"{hour}{minutes}{half if is_same else 'a'}m-"


def _of_24(hour: str, minute: str | None, half: str) -> str:
    """Write an hour of the morning or the afternoon by the 24-hour clock."""
    return f"{int(hour) % 12 + 12 * (half.casefold() == 'p'):02}:{minute or '00'}"
