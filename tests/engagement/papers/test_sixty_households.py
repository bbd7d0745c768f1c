"""Removing any one of sixty households changes nothing for the other fifty-nine."""

import datetime as dt
import io
import os
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from engagement.papers.calendar import calendar_files
from engagement.papers.languages import fields, label_lines
from engagement.papers.letter_template import letter_template
from engagement.papers.letters import fill_letters
from engagement.papers.notify import notify_table
from engagement.papers.printed_papers import letters_pdf
from engagement.papers.reissue import ChangeKind, changes, this_issue
from engagement.papers.tables import visits_table

MADE = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
COUNT = 60
LEAVERS = tuple(range(COUNT)) if os.environ.get("SITING_LEAVERS") else (29,)
"""Without whom every paper is made again: by hand without each in turn."""
CALENDARS = {0, 17, 42, 59}
"""For whom the whole calendar is made again; an event is made from the slot and the number alone."""
PLAN = {"hosts": ("A", "B"), "spare_slots": 1, "days": (dt.date(2027, 7, 5), dt.date(2027, 7, 6), dt.date(2027, 7, 7))}


def what_each_is_told(pack: Any) -> dict[str, Any]:
    return {
        one.address.key: (pack.number_of(one), pack.visit_of(one).slot, fields(pack, one), label_lines(pack, one))
        for one in pack.walk
    }


def events(content: bytes) -> dict[str, tuple[Any, ...]]:
    found = Calendar.from_ical(content).walk("VEVENT")
    told = ("summary", "description", "status", "sequence")
    return {str(e["uid"]): (e["dtstart"].dt, e["dtend"].dt, *(str(e.get(name)) for name in told)) for e in found}


@pytest.fixture
def first(new_pack: Callable[..., Any], households: Callable[..., Any]) -> Any:
    pack = new_pack(households(COUNT), **PLAN)
    assert not pack.schedule.waiting
    return pack


def test_no_slot_number_letter_label_or_event_of_another(new_pack: Callable[..., Any], first: Any) -> None:
    issue, told, calendar = this_issue(first, b"wording"), what_each_is_told(first), calendar_files(first, made=MADE).visits
    before = events(calendar)
    for at, leaver in enumerate(first.walk):
        left = (*first.walk[:at], *first.walk[at + 1 :])
        again = new_pack(left, previous=issue, **PLAN)
        key = leaver.address.key
        assert what_each_is_told(again) == {other: what for other, what in told.items() if other != key}, at
        (gone,) = changes(again, this_issue(again, b"wording"))
        assert (gone.kind, gone.number) == (ChangeKind.GONE, first.number_of(leaver))
        if at not in CALENDARS:
            continue
        after = events(calendar_files(again, calendar, made=MADE).visits)
        changed = {uid for uid, what in after.items() if before.get(uid) != what}
        assert len(changed) == 1, at
        assert set(after) == set(before)
        assert [after[uid][4] for uid in changed] == ["CANCELLED"]


@pytest.mark.slow
@pytest.mark.parametrize("leaver", LEAVERS)
def test_no_byte_of_another(new_pack: Callable[..., Any], first: Any, whole: list[tuple[bytes, ...]], leaver: int) -> None:
    """The papers themselves: each letter as Word has it and as it is printed, each label, upload row, visit and event."""
    left = (*first.walk[:leaver], *first.walk[leaver + 1 :])
    again = new_pack(left, previous=this_issue(first, b"wording"), **PLAN)
    assert papers_of(again, first) == whole[:leaver] + whole[leaver + 1 :]


@pytest.fixture(scope="module")
def kept() -> dict[str, list[tuple[bytes, ...]]]:
    return {}


@pytest.fixture
def whole(first: Any, kept: dict[str, list[tuple[bytes, ...]]]) -> list[tuple[bytes, ...]]:
    if "all" not in kept:
        kept["all"] = papers_of(first, first)
    return kept["all"]


def papers_of(pack: Any, first: Any) -> list[tuple[bytes, ...]]:
    """All that each household of a pack gets, as bytes."""
    letters = fill_letters(pack, letter_template(pack))
    pages = PdfReader(io.BytesIO(letters_pdf(pack, letters, None, made=MADE))).pages
    issued = calendar_files(first, made=MADE).visits
    calendar = Calendar.from_ical(calendar_files(pack, None if pack is first else issued, made=MADE).visits)
    standing = {str(e["uid"]): e.to_ical() for e in calendar.walk("VEVENT") if str(e.get("status")) != "CANCELLED"}
    events = [e for e in standing.values() if b"Visit" in e]
    rows = visits_table(pack).to_csv(index=False).encode().splitlines()[1:]
    uploads = notify_table(pack, {"AB1 2CD"}).to_csv(index=False).encode().splitlines()[1:]
    assert len(letters) == len(pages) == len(uploads) == len(events) == len(rows) == len(pack.walk)
    return [
        (
            letter.element.xml.encode(),
            page.extract_text().encode(),
            "\n".join(label_lines(pack, one)).encode(),
            upload,
            next(row for row in rows if f",{one.address.uprn},".encode() in row),
            next(event for event in events if f", no. {pack.number_of(one)}\r\n".encode() in event),
        )
        for one, letter, page, upload in zip(pack.walk, letters, pages, uploads, strict=True)
    ]
