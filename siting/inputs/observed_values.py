"""What the cells of observed journeys mean: days, times of day, minutes and who told them, as people write them."""

import datetime as dt
import re
from typing import Any

from siting.inputs.values import cell_error, read_number

_DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d %b, %Y")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?(?:[:.]\d{2}(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE
)
_WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?,?\s+", re.IGNORECASE)
_NOON = 12
_SOURCES = {
    "drive": ("drive", "drove", "driven", "driving", "test drive", "by car", "car", "dash cam"),
    "sat-nav": (
        "sat nav", "satnav", "sat navigation", "google", "google maps", "googlemaps", "apple maps", "waze", "tomtom", "bing maps",
        "here maps", "route planner",
    ),
    "bus tracker": ("bus tracker", "tracker", "vehicle tracker", "minibus tracker", "bus tracking"),
}  # fmt: skip
"""What people write for each source (gathered by hand)."""


def read_day(value: Any) -> Any:  # noqa: ANN401 - what a cell holds is not known before this
    """Read a day as people write it: 2026-11-03, 3/11/2026 (day before month), Tue 3 November 2026."""
    if not isinstance(value, str):
        return value
    text = re.sub(
        r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?,?\s+", "", " ".join(value.split()), flags=re.IGNORECASE
    )
    text = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text)
    iso = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", text)
    try:
        if iso:
            return dt.date.fromisoformat(iso[1])
    except ValueError as error:
        raise cell_error(problem="there is no such day", remedy="Correct it") from error
    for form in _DAYS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", text):
        raise cell_error(problem="the year has two figures", remedy="Write it in full, as in 3/11/2026")
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text):
        raise cell_error(problem="there is no such day", remedy="Write the day before the month, as in 3/11/2026")
    raise cell_error(problem="this is not a day", remedy="Write it as in 3/11/2026 or 2026-11-03")


def read_time_of_day(value: Any) -> Any:  # noqa: ANN401
    """Read a time of day as people write it: 8:15, 08.15, 0815, 8.15 am, 3:20pm."""
    if not isinstance(value, str):
        return value
    clock = _CLOCK.fullmatch(re.sub(r"^\d{4}-\d{2}-\d{2}[T ]", "", value.strip()))
    if clock is None or (clock["minute"] is None and clock["half"] is None):
        raise cell_error(problem="this is not a time of day", remedy="Write it as in 8:15 or 15:20")
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if clock["half"]:
        if not 1 <= hour <= _NOON:
            raise cell_error(problem="there is no such time of day", remedy="Write it as in 8:15 or 15:20")
        hour = hour % _NOON + (_NOON if clock["half"][0] in "pP" else 0)
    try:
        return dt.time(hour, minute)
    except ValueError as error:
        raise cell_error(problem="there is no such time of day", remedy="Write it as in 8:15 or 15:20") from error


def read_minutes(value: Any) -> Any:  # noqa: ANN401
    """Read minutes, with or without the word; hours, seconds and ranges are asked about."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"\s*(min(ute)?s?)\.?$", "", value.strip(), flags=re.IGNORECASE)
    if re.fullmatch(r"[\d.]+\s*(-|\u2013|to)\s*[\d.]+", text):
        raise cell_error(problem="this is a range", remedy="Write the lower figure here and the upper one in minutes_high")
    if re.search(r"[:h]", text, re.IGNORECASE) and re.search(r"\d", text):
        raise cell_error(problem="this may be hours, minutes or seconds", remedy="Write whole minutes, as in 65")
    return read_number(text)


def read_source(value: Any) -> Any:  # noqa: ANN401
    """Read who told the minutes: a drive, a sat-nav or a bus tracker, as people call them."""
    if not isinstance(value, str):
        return value
    word = " ".join(re.sub(r"[-_/]+", " ", value.casefold()).split())
    for source, names in _SOURCES.items():
        if word in names:
            return source
    raise cell_error(problem="this word is not known", remedy="Write one of: drive, sat-nav, bus tracker")
