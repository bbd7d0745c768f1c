"""The calendar of visits as clients read it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from engagement.papers.calendar import calendar_files, cancel_events
from engagement.papers.reissue import this_issue
from siting.faults import InputFaultsError

MADE = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


def events(content: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_the_zone_is_two_yearly_rules(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    content = calendar_files(new_pack(households(3)), made=MADE).visits
    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in content
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in content
    assert b"RDATE" not in content
    summer = next(iter(events(content).values()))
    assert summer["dtstart"].dt.utcoffset() == dt.timedelta(hours=1)


def test_an_organiser_is_named(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    event = next(iter(events(calendar_files(new_pack(households(1)), made=MADE).visits).values()))
    assert str(event["organizer"]) == "mailto:hello@example.org"
    assert event["organizer"].params["CN"] == "Invented Care Ltd"
    without = calendar_files(new_pack(households(1), contact="01632 960 100"), made=MADE).visits
    assert str(next(iter(events(without).values()))["organizer"]) == "invalid:nomail"


def test_what_is_called_off_is_a_message_of_its_own(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    found = households(4)
    first = new_pack(found)
    before = calendar_files(first, made=MADE)
    assert before.cancelled is None
    again = calendar_files(new_pack(found[1:], previous=this_issue(first, b"")), before.visits, made=MADE)
    assert again.cancelled is not None
    message = Calendar.from_ical(again.cancelled)
    assert str(message["method"]) == "CANCEL"
    (gone,) = events(again.cancelled).values()
    assert (str(gone["status"]), gone["sequence"]) == ("CANCELLED", 1)
    assert str(gone["uid"]) in events(before.visits)
    kept = {uid: event for uid, event in events(again.visits).items() if uid != str(gone["uid"])}
    assert all(event["sequence"] == 0 for event in kept.values())
    assert all(event["dtstart"].dt == events(before.visits)[uid]["dtstart"].dt for uid, event in kept.items())


@pytest.mark.parametrize("content", [b"nonsense", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VCALENDAR", b"\xff\xfe\x00"])
def test_a_damaged_calendar_is_said(new_pack: Callable[..., Any], households: Callable[..., Any], content: bytes) -> None:
    with pytest.raises(InputFaultsError, match=r"visits\.ics"):
        calendar_files(new_pack(households(1)), content, made=MADE)


def test_an_event_counts_up_where_its_time_changes_and_a_cancelled_one_once(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    found = households(2)
    first = calendar_files(new_pack(found, drop_in=None), made=MADE).visits
    other_days = {"days": (dt.date(2027, 7, 12),), "drop_in": None}
    moved = calendar_files(new_pack(found, **other_days), first, made=MADE).visits
    assert [int(event["sequence"]) for event in events(moved).values()] == [1, 1]
    assert [
        int(event["sequence"])
        for event in events(calendar_files(new_pack(found, **other_days), moved, made=MADE).visits).values()
    ] == [1, 1]
    gone = moved
    for _ in range(2):
        gone = calendar_files(new_pack(found[:1], **other_days), gone, made=MADE).visits
        assert sorted((str(event["status"]), int(event["sequence"])) for event in events(gone).values()) == [
            ("CANCELLED", 2), ("CONFIRMED", 1),
        ]  # fmt: skip


def test_in_another_address_file_an_event_stays_the_one_that_clients_have(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    found = households(3)
    first = new_pack(found)
    before = calendar_files(first, made=MADE).visits
    issue = this_issue(first, b"")
    elsewhere = [replace(one, address=replace(one.address, key=f"place-{at}", uprn=None)) for at, one in enumerate(found)]
    again = new_pack(tuple(elsewhere), previous=issue)
    assert again.numbers == {f"place-{at}": at + 1 for at in range(3)}
    after = calendar_files(again, before, made=MADE)
    assert after.cancelled is None
    assert events(after.visits).keys() == events(before).keys()
    # Whoever is forgotten is called off by the number that they have, too.
    gone = cancel_events(before, "H1", "place-1", made=MADE, numbers={2})
    off = [str(event["summary"]) for event in events(gone.visits).values() if str(event["status"]) == "CANCELLED"]
    assert off == ["Visit, Case H1, no. 2"]
