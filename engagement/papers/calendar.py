"""Calendar files that Outlook, Apple's and Google's calendars accept; a re-issue updates what was issued before.

Titles are neutral and no place is named: a shared calendar is read by many. An event keeps its
identifier for as long as its household is invited, and counts up when its time changes. What is
called off is a message of its own (RFC 5546, section 3.2.5), since a calendar takes a cancellation
only as one.
"""

import datetime as dt
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from engagement.pack import Pack
from engagement.schedule.issue import household_digest
from engagement.schedule.visits import ZONE
from siting.faults import Fault, InputFaultsError

_DOMAIN = "home-siting-planner"
_NOBODY = "invalid:nomail"
"""What stands for an organiser without an e-mail address, as common calendars write it themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFiles:
    """The visits as they stand, cancelled ones among them; and what is called off, as a message of its own where there is any."""

    visits: bytes
    cancelled: bytes | None


def calendar_files(pack: Pack, previous: bytes | None = None, *, made: dt.datetime) -> CalendarFiles:
    """Return the visits and the drop-in as iCalendar; `previous` is what was issued before, for sequence numbers.

    Raises
    ------
    InputFaultsError
        Where what was issued before is no calendar any more: its events could not be updated.
    """
    before = _before(previous)
    standing = list(_events(pack))
    # A number is never given twice: who has it is the same household, although another address file names them otherwise.
    known = {str(event.get("summary")): uid for uid, event in before.items() if str(event.get("status")) != "CANCELLED"}
    for event in standing:
        if str(event["uid"]) not in before:
            event["uid"] = vText(known.get(str(event["summary"]), str(event["uid"])))
        event.add("dtstamp", made.astimezone(dt.UTC))
        event.add("sequence", _sequence(event, before.get(str(event["uid"]))))
    told = {str(event["uid"]) for event in standing}
    gone = [_cancelled(old, made) for identifier, old in before.items() if identifier not in told]
    cancelled = _calendar(gone, "CANCEL", pack) if gone else None
    return CalendarFiles(visits=_calendar([*standing, *gone], "PUBLISH", pack), cancelled=cancelled)


def _calendar(events: Iterable[Event], method: str, pack: Pack) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Home siting planner//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_london())
    for event in events:
        event.pop("organizer", None)
        event.add("organizer", _organiser(pack))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _london() -> Timezone:
    """Return the zone by its two yearly rules since 1996, which every client reads; some ignore lists of dates."""
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    for part, name, begins, before_h, after_h, month in (
        (TimezoneDaylight(), "BST", dt.datetime(1996, 3, 31, 1), 0, 1, 3),  # noqa: DTZ001 - local, as the rule wants it
        (TimezoneStandard(), "GMT", dt.datetime(1996, 10, 27, 2), 1, 0, 10),  # noqa: DTZ001
    ):
        part.add("tzname", name)
        part.add("dtstart", begins)
        part.add("tzoffsetfrom", dt.timedelta(hours=before_h))
        part.add("tzoffsetto", dt.timedelta(hours=after_h))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _organiser(pack: Pack) -> vCalAddress:
    written = re.search(r"[^\s,;:<>]+@[^\s,;:<>]+\.[A-Za-z]+", pack.engagement.contact)
    organiser = vCalAddress(f"mailto:{written[0].rstrip('.')}" if written else _NOBODY)
    if pack.engagement.provider:
        organiser.params["cn"] = vText(pack.engagement.provider)
    return organiser


def cancel_events(
    issued: bytes, home_id: str, key: str | None, *, made: dt.datetime, numbers: Container[int] = ()
) -> CalendarFiles:
    """Return a calendar in which the events of one address, or all where `key` is None, are called off; the rest as issued.

    `numbers` are those that the address has on the list, where another address file named it otherwise.
    """
    calendar = _read(issued)
    wanted = None if key is None else _identifier(home_id, key)
    gone: list[Event] = []
    for place, part in enumerate(calendar.subcomponents):
        if isinstance(part, Event) and (wanted in {None, str(part.get("uid"))} or _number_of(part) in numbers):
            gone.append(_cancelled(part, made))
            gone[-1].add("organizer", part.get("organizer", vCalAddress(_NOBODY)))
            calendar.subcomponents[place] = gone[-1]
    visits = bytes(calendar.to_ical())
    calendar["method"] = "CANCEL"
    calendar.subcomponents = [part for part in calendar.subcomponents if not isinstance(part, Event) or part in gone]
    return CalendarFiles(visits=visits, cancelled=bytes(calendar.to_ical()) if gone else None)


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


def _number_of(event: Event) -> int:
    """Return the number on the list that a visit is of; 0 for what is none."""
    _, _, number = str(event.get("summary", "")).rpartition(", no. ")
    return int(number) if number.isascii() and number.isdecimal() else 0


def _identifier(home_id: str, key: str) -> str:
    return f"{household_digest(home_id, key)}@{_DOMAIN}"


def _before(previous: bytes | None) -> dict[str, Event]:
    if not previous:
        return {}
    events = [event for event in _read(previous).walk("VEVENT") if isinstance(event, Event)]
    return {str(event["uid"]): event for event in events if event.start and event.end}


def _read(issued: bytes) -> Calendar:
    """Read a calendar that was issued before.

    Raises
    ------
    InputFaultsError
        Where it is damaged, or an event of it has no name or cannot be dated or counted.
    """
    try:
        calendar = Calendar.from_ical(issued)
        for event in calendar.walk("VEVENT"):
            _ = str(event["uid"]), int(event.get("sequence", 0)), isinstance(event, Event) and event.start and event.end
    except (ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        fault = Fault(
            file="visits.ics",
            problem="the calendar that was issued before is damaged, so that its events cannot be updated",
            remedy="Bring it back from a copy; or delete it, and tell those who imported it to remove its events",
        )
        raise InputFaultsError([fault]) from error
    return calendar


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
