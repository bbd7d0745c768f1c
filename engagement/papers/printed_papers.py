"""The pack's PDFs, each from a template and the pack's values."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from docx.document import Document as DocumentType

from engagement.around.neighbours import Considered
from engagement.around.walk_there import NO_ADDRESS, Unaddressed
from engagement.pack import RESIDENTS, Pack
from engagement.papers.languages import (
    WELSH,
    both,
    in_welsh,
    label_lines,
    languages,
    long_dates,
    short_day,
    short_time,
)
from engagement.papers.letters import letters_text, not_finished, not_released
from engagement.papers.questions import question_parts
from engagement.papers.welsh_sentences import in_each_language, said, told_in_welsh
from engagement.schedule.issue import household_digest
from siting.documents.typesetting import typeset
from siting.sentences import counted

_HERE = Path(__file__).parent
PEOPLE = "Names of people to contact, and that a home is planned"
"""What the papers are about that name nobody of the street."""


def contact_list(pack: Pack, street: bytes, *, made: datetime) -> bytes:
    """Typeset the list to carry to the doors, with the map of the street (SVG)."""
    times = {v.neighbour.address.key: short_time(pack, v.slot.start) for v in pack.schedule.visits}
    numbered = [(pack.number_of(one), one) for one in pack.walk]
    streets = [
        {
            "name": name or both(pack, "Without a street's name: walk there"),
            "rows": [
                {
                    "number": number,
                    "address": one.address.written,
                    "metres": f"{one.distance_m:.1f}",
                    "visit": times.get(one.address.key, both(pack, "no slot yet")),
                    "mark": _mark(pack, one),
                }
                for number, one in rows
            ],
        }
        for name, rows in groupby(numbered, key=lambda pair: pair[1].address.street)
    ]
    values = _common(pack, made) | {
        "classification": notice(pack),
        "subtitle": f"{_counted(pack)}. {both(pack, 'In walking order: odd numbers out, even numbers back')}",
        "words": in_each_language(pack, f"{pack.boundary.words} {pack.own_words}"),
        "streets": streets,
        "walk_there": [[one.label, f"{one.distance_m:.1f}", _lies(pack, one)] for one in pack.walk_there],
    }
    return typeset(_HERE / "contact_list.typ", values, made=made, pictures={"street.svg": street})


def _lies(pack: Pack, one: Unaddressed) -> str:
    """Say in which direction a building lies, and what is known of it where it is more than that it has no address."""
    return "; ".join(said(pack, part) for part in (one.direction, "" if one.what == NO_ADDRESS else one.what) if part)


def nobody_found(pack: Pack) -> str:
    """Return what heads every paper of a pack that has no neighbour where people seem to live, in each language of the pack."""
    return said(pack, pack.nobody_found) if pack.nobody_found else ""


def _counted(pack: Pack) -> str:
    """Say how many addresses are on the list."""
    count = len(pack.walk)
    told = in_welsh(pack).get("addresses")
    english = counted(count, "address", "addresses")
    return f"{count} {told} / {english}" if told else english


def notice(pack: Pack, about: str = RESIDENTS) -> str:
    """Return how a paper or a workbook is marked, in each language of the pack."""
    return said(pack, pack.notice.replace(RESIDENTS, about))


def _mark(pack: Pack, one: Considered) -> str:
    marks = []
    if one.shares_boundary:
        marks.append("shares the boundary")
    if one.across_road:
        marks.append("across the road")
    if one.borderline:
        marks.append("borderline: decide")
    if one.several:
        marks.append("may be several households")
    if one.note == "add":
        marks.append("added by hand")
    return ", ".join(both(pack, mark) for mark in marks)


def stakeholder_list(pack: Pack, *, made: datetime) -> bytes:
    """Typeset the steps and the people."""
    people = [
        {
            "step": in_each_language(pack, row.step),
            "role": in_each_language(pack, row.role),
            "name": row.name,
            "organisation": row.organisation,
            "reach": ", ".join(part for part in (row.telephone, row.email) if part),
            "why": in_each_language(pack, row.why + (f" ({row.minutes:.0f} min by road)" if row.minutes is not None else "")),
            "source": ", ".join(part for part in (row.source, row.as_at) if part),
        }
        for row in pack.stakeholders
    ]
    steps = [
        {
            "number": str(step.number),
            "what": in_each_language(pack, step.what),
            "day": [{"lang": language, "text": short_day(step.day, language)} for language in languages(pack)],
            "note": in_each_language(pack, step.note),
        }
        for step in pack.steps
    ]
    values = _common(pack, made) | {
        "classification": notice(pack, PEOPLE),
        "people": people,
        "steps": steps,
    }
    return typeset(_HERE / "stakeholders.typ", values, made=made)


def run_sheets(pack: Pack, *, made: datetime) -> bytes:
    """Typeset a sheet for each visiting day, spare slots among the visits."""
    entries = [(v.slot, pack.number_of(v.neighbour), v.neighbour.address.written) for v in pack.schedule.visits]
    entries += [(slot, 0, both(pack, "free")) for slot in pack.schedule.spare]
    entries.sort(key=lambda entry: (entry[0].start, entry[0].host))
    days = []
    for day, rows in groupby(entries, key=lambda entry: entry[0].start.date()):
        listed = list(rows)
        if not any(number for _, number, _ in listed):
            continue
        days.append(
            {
                "name": long_dates(pack, day),
                "words": both(pack, "Numbers are those of the contact list"),
                "rows": [
                    {
                        "time": f"{slot.start:%H:%M}\N{EN DASH}{slot.end:%H:%M}",
                        "host": slot.host,
                        "number": number or "",
                        "household": household,
                    }
                    for slot, number, household in listed
                ],
            }
        )
    waiting = [one.address.written for one in pack.schedule.waiting]
    left_out = [f"{long_dates(pack, day)}: {said(pack, reason)}" for day, reason in pack.schedule.left_out_days]
    values = _common(pack, made) | {"classification": notice(pack), "days": days, "waiting": waiting, "left_out_days": left_out}
    return typeset(_HERE / "runsheets.typ", values, made=made)


def letters_pdf(
    pack: Pack, letters: Iterable[DocumentType], logo: bytes | None, *, made: datetime, title: str = "Invitation"
) -> bytes:
    """Typeset the letters that were filled in as Word documents; the title is what the file says of itself."""
    name = "logo.svg" if logo else None
    letters = list(letters)
    marks = ["" if pack.released else not_released(pack), not_finished(pack, letters)]
    values = _common(pack, made) | {
        "title": title,
        "letters": letters_text(letters),
        "marks": [mark for mark in marks if mark],
        "logo": name,
        "footer": pack.engagement.contact,
    }
    pictures = {name: logo} if logo and name else None
    return typeset(_HERE / "letters.typ", values, made=made, pictures=pictures)


def labels(pack: Pack, *, made: datetime) -> bytes:
    """Typeset address labels on L7160 sheets; an address without text has none, since nobody can deliver to it."""
    lines = [label_lines(pack, one) for one in pack.walk]
    # What goes out of the house names neither the case nor the plan, in what the file says of itself either.
    values = _common(pack, made) | {"title": "Address labels", "labels": [label for label in lines if label]}
    return typeset(_HERE / "labels.typ", values, made=made)


def question_sheet(pack: Pack, *, made: datetime) -> bytes:
    """Typeset the questions and answers, and the statement-of-purpose page to fill in."""
    provider = pack.engagement.provider or "The provider"
    # It is handed to neighbours: it has no address of anybody in it, and names neither the case nor the plan.
    values = _common(pack, made) | {
        "title": "Questions and answers",
        "alert": "",
        "classification": provider,
        "case_code": "",
        "sources": pack.engagement.contact,
        "subtitle": provider,
        "parts": question_parts(pack),
    }
    return typeset(_HERE / "questions.typ", values, made=made)


def why_page(pack: Pack, one: Considered, *, made: datetime) -> bytes:
    """Typeset one page that says why an address was, or was not, invited."""
    measured = {
        "Plot to plot": one.plot_to_plot_m,
        "Home's boundary to its building": one.plot_to_building_m,
        "Home's boundary to its address point": one.plot_to_point_m,
    }
    heading = "Why was I invited?" if one.invited else "Why was I not invited?"
    told = [f"This address was {'' if one.invited else 'not '}invited: {one.because}.", *_why_words(pack, one)]
    values = _common(pack, made) | {
        # It is for the one who asks: of nobody else's address, and without the case.
        "title": heading,
        "alert": "",
        "classification": notice(pack, "One address"),
        "case_code": "",
        "mark": household_digest(pack.home_id, one.address.key),
        "subtitle": one.address.written,
        "parts": [_why_part(language, heading, told, measured) for language in languages(pack)],
    }
    return typeset(_HERE / "why.typ", values, made=made)


def _why_part(language: str, heading: str, told: Iterable[str], measured: Mapping[str, float]) -> dict[str, Any]:
    def say(english: str) -> str:
        return (told_in_welsh(english) or english) if language == WELSH else english

    answer, *words = map(say, told)
    rows = [[say(name), f"{value:.2f}" if value == value else say("not known")] for name, value in measured.items()]  # noqa: PLR0124 - NaN
    return {
        "lang": language,
        "heading": say(heading),
        "answer": answer,
        "words": words,
        "distances": {"columns": [say("Measured"), say("Metres")], "rows": rows, "numeric": [1]},
    }


def _why_words(pack: Pack, one: Considered) -> list[str]:
    limit = pack.engagement.boundary_metres
    rule = (
        f"Immediate neighbours are those whose land lies within {limit:g} metres of the home's boundary; all homes and "
        "premises on such land count, however far the door. The width of a road counts towards the distance, and the road "
        "itself is no neighbour. Where no plot is known the building is measured, and where no building is known the "
        "address point."
    )
    across = ", across a road" if one.across_road else ""
    shares = ", and shares the boundary" if one.shares_boundary else ""
    lies = f"It lies to the {one.direction}{across}{shares}. What decided was its {one.basis.value}."
    note = [f"Note: {one.note}."] if one.note and one.note not in {"add", "remove"} else []
    return [rule, pack.boundary.words, lies, *note]


def _common(pack: Pack, made: datetime) -> dict[str, Any]:
    return {
        "title": f"{pack.case_code}: {pack.title}",
        "classification": pack.notice,
        "case_code": said(pack, pack.case_code),
        "made": long_dates(pack, made.date(), weekday=False),
        "sources": ". ".join(f"{both(pack, what)}: {whose}" for what, whose in pack.sources),
        "provider": pack.engagement.provider,
        "alert": nobody_found(pack),
        "welsh": in_welsh(pack),
    }
