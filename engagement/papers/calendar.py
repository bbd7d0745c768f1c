"""Calendar files that Outlook and Google accept; a re-issue updates what was issued before.

Titles are neutral and no place is named: a shared calendar is read by many. An event keeps its
identifier for as long as its household is invited, and counts up when its time changes.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator

from icalendar import Calendar, Event

from engagement.pack import Pack
from engagement.schedule.visits import ZONE

_DOMAIN = "home-siting-planner"


def calendar_file(pack: Pack, previous: bytes | None = None, *, made: dt.datetime) -> bytes:
    """Return the visits and the drop-in as iCalendar; `previous` is what was issued before, for sequence numbers."""
    before = _before(previous)
    calendar = Calendar()
    calendar.add("prodid", "-//Home siting planner//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", ZONE.key)
    told: set[str] = set()
    for event in _events(pack):
        identifier = str(event["uid"])
        told.add(identifier)
        event.add("dtstamp", made.astimezone(dt.UTC))
        event.add("sequence", _sequence(event, before.get(identifier)))
        calendar.add_component(event)
    for identifier, old in before.items():
        if identifier not in told:
            calendar.add_component(_cancelled(old, made))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(pack: Pack) -> Iterator[Event]:
    for visit in pack.schedule.visits:
        event = Event()
        event.add("uid", _identifier(pack.home_id, visit.neighbour.address.key))
        event.add("summary", f"Visit, {pack.case_code}, no. {pack.number_of(visit.neighbour)}")
        event.add("dtstart", visit.slot.start)
        event.add("dtend", visit.slot.end)
        event.add("description", f"Host: {visit.slot.host}. The number is that of the printed list.")
        event.add("class", "PRIVATE")
        event.add("status", "CONFIRMED")
        yield event
    drop_in = pack.engagement.drop_in
    if drop_in is not None:
        event = Event()
        event.add("uid", _identifier(pack.home_id, "drop-in"))
        event.add("summary", f"Session, {pack.case_code}")
        event.add("dtstart", dt.datetime.combine(drop_in.date, drop_in.start, ZONE))
        event.add("dtend", dt.datetime.combine(drop_in.date, drop_in.end, ZONE))
        event.add("class", "PRIVATE")
        event.add("status", "CONFIRMED")
        yield event


def _identifier(home_id: str, key: str) -> str:
    digest = hashlib.blake2b(f"{home_id}\n{key}".encode(), digest_size=12).hexdigest()
    return f"{digest}@{_DOMAIN}"


def _before(previous: bytes | None) -> dict[str, Event]:
    if not previous:
        return {}
    return {str(event["uid"]): event for event in Calendar.from_ical(previous).walk("VEVENT") if isinstance(event, Event)}


def _sequence(event: Event, old: Event | None) -> int:
    if old is None:
        return 0
    before = int(old.get("sequence", 0))
    same = event.start == old.start and event.end == old.end
    same = same and str(old.get("status")) == str(event.get("status"))
    return before if same else before + 1


def _cancelled(old: Event, made: dt.datetime) -> Event:
    event = Event()
    for key in ("uid", "summary", "dtstart", "dtend", "class"):
        if key in old:
            event[key] = old[key]
    already = str(old.get("status")) == "CANCELLED"
    event.add("status", "CANCELLED")
    event.add("sequence", int(old.get("sequence", 0)) + (0 if already else 1))
    event.add("dtstamp", made.astimezone(dt.UTC))
    return event
