"""Removing any one of sixty households changes nothing for the other fifty-nine."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from engagement.papers.calendar import calendar_files
from engagement.papers.languages import fields, label_lines
from engagement.papers.letter_template import letter_template
from engagement.papers.letters import fill_letters
from engagement.papers.printed_papers import letters_pdf
from engagement.papers.reissue import ChangeKind, changes, this_issue

MADE = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
COUNT = 60
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
def test_no_page_of_another(new_pack: Callable[..., Any], first: Any) -> None:
    """The printed letters themselves, page by page."""
    leaver = 29
    left = (*first.walk[:leaver], *first.walk[leaver + 1 :])
    again = new_pack(left, previous=this_issue(first, b"wording"), **PLAN)
    pages = [pages_of(pack) for pack in (first, again)]
    assert pages[1] == pages[0][:leaver] + pages[0][leaver + 1 :]


def pages_of(pack: Any) -> list[str]:
    letters = fill_letters(pack, letter_template(pack))
    return [page.extract_text() for page in PdfReader(io.BytesIO(letters_pdf(pack, letters, None, made=MADE))).pages]
