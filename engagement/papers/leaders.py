"""Letters to members, the police team, head teachers and the fire service: one Word file and one PDF a kind."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from docx.document import Document as DocumentType
from docx.enum.text import WD_BREAK
from docx.shared import Pt

from engagement.pack import Pack
from engagement.papers.languages import ENGLISH, WELSH, after_on, fields_of_pack, languages, long_date, welsh
from engagement.papers.letter_template import add_paragraph, blank_document
from engagement.people.members import STEP as MEMBERS_STEP
from engagement.people.stakeholder_rows import Stakeholder
from engagement.people.stakeholders import HEAD_TEACHER, OF_THE_POLICE
from siting.sentences import listed

KINDS: Final = ("members", "police", "heads", "fire")
_WORDING: Final = Path(__file__).with_name("leaders.toml")
_POLICE: Final = "Police: "
_SCHOOL: Final = " school"
_STATION: Final = " station, "
_COUNCILLOR: Final = ("Cllr ", "Councillor ", "Y Cyng. ", "Cyng. ")


def leaders(pack: Pack, kind: str) -> tuple[Stakeholder, ...]:
    """Return those of one kind to whom a letter can be written: whoever is known by name."""
    return tuple(row for row in pack.stakeholders if row.name and _kind_of(row) == kind)


def _kind_of(row: Stakeholder) -> str | None:
    if row.step == MEMBERS_STEP:
        return "members"
    if _STATION in row.role:
        # The contact is the team; a station is on the list for its distance.
        return None
    if OF_THE_POLICE.search(row.role):
        return "police"
    if "fire" in row.role.casefold():
        return "fire"
    return "heads" if row.role.endswith(_SCHOOL) or HEAD_TEACHER.search(row.role) else None


def leaders_letters(pack: Pack, kind: str) -> list[DocumentType]:
    """Return the letter to each of one kind, a Word document each; in Wales in Welsh, then in English on a page of its own."""
    return [_letter(pack, kind, row) for row in leaders(pack, kind)]


@cache
def _english() -> Mapping[str, Any]:
    return tomllib.loads(_WORDING.read_text(encoding="utf-8"))


def _letter(pack: Pack, kind: str, row: Stakeholder) -> DocumentType:
    document = blank_document(pack.engagement.provider)
    for index, language in enumerate(languages(pack)):
        if index:
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        told = welsh()["leaders"] if language == WELSH else _english()
        values = _values(pack, row, language)
        add_paragraph(document, values["provider"], language)
        add_paragraph(document, values["today"], language)
        for line in _address(row):
            add_paragraph(document, line, ENGLISH).paragraph_format.space_after = Pt(0)
        document.add_paragraph("")
        add_paragraph(document, told["greeting"].format(**values), language)
        add_paragraph(document, told[kind]["subject"], language, bold=True)
        for paragraph in _paragraphs(told[kind]["paragraphs"], values):
            add_paragraph(document, paragraph, language)
        add_paragraph(document, told["closing"], language)
        add_paragraph(document, values["signatory"], language).paragraph_format.space_after = Pt(0)
        add_paragraph(document, values["provider"], language)
    return document


def _paragraphs(wording: list[str], values: Mapping[str, str]) -> Iterator[str]:
    for paragraph in wording:
        if "{drop_in}" in paragraph and not values["drop_in"]:
            continue
        text = paragraph.format(**values)
        yield text[0].upper() + text[1:]


def _address(row: Stakeholder) -> list[str]:
    parts = [part.strip() for part in row.organisation.split(",") if part.strip()]
    rank = row.role.removeprefix(_POLICE)
    return [row.name, *([rank[0].upper() + rank[1:]] if row.role.startswith(_POLICE) else ()), *parts]


def _greeted(name: str, language: str) -> str:
    """Return how somebody is greeted: in Welsh a councillor by that word, whatever the list's abbreviation."""
    title = next((one for one in _COUNCILLOR if name.startswith(one)), None)
    return f"{welsh()['councillor']} {name.removeprefix(title)}" if title and language == WELSH else name


def _values(pack: Pack, row: Stakeholder, language: str) -> dict[str, str]:
    days = sorted({visit.slot.start.date() for visit in pack.schedule.visits})
    members_day = next((step.day for step in pack.steps if step.what.startswith("Invite local elected members")), None)
    to_agree = str(welsh()["no_time_yet"]) if language == WELSH else "a time that we will agree with you"
    joined = " a " if language == WELSH else " and "
    none_set = str(welsh()["days_not_set"]) if language == WELSH else "days that are still to be set"
    written = [after_on(day, language) if day == days[0] else long_date(day, language) for day in days]
    return {
        **fields_of_pack(pack, language),
        "name": _greeted(row.name, language),
        "organisation": row.organisation.partition(",")[0] or ("eich ysgol" if language == WELSH else "your school"),
        "metres": f"{pack.engagement.boundary_metres:g}",
        "members_day": long_date(members_day, language) if members_day else to_agree,
        "visit_days": listed(written).replace(" and ", joined) if written else none_set,
    }
