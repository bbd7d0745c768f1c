"""Reads who is who: elected members, schools, police teams, named leads. Each person keeps their source and its date."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from siting.faults import Fault, InputFaultsError, Severity, stopping
from siting.inputs.cells import MOST_BYTES
from siting.inputs.establishments import NOTHING_TO_DO, read_establishments
from siting.inputs.people_rows import LeadRow, MemberRow, OfficerRow, PersonRow
from siting.inputs.tables import TableRow, read_table
from siting.inputs.values import says_not_known
from siting.storage.decoding import decode_text

PersonT = TypeVar("PersonT", bound=PersonRow)

_VACANT = re.compile(r"vacan(cy|t)( .*)?|na", re.IGNORECASE)
"""What files write where there is no name, besides the words for "not known" of all tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be contacted, and where that is known from."""

    name: str
    role: str = ""
    organisation: str = ""
    email: str = ""
    telephone: str = ""
    area: str = ""
    area_code: str = ""
    source: str = ""
    as_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """An open school, as Get Information About Schools has it."""

    urn: str
    name: str
    phase: str
    kind: str
    address: str
    telephone: str
    head: str
    head_title: str
    easting_m: float
    northing_m: float
    source: str
    as_at: str


def read_named_contacts(path: Path, warnings: list[Fault] | None = None) -> tuple[Person, ...]:
    """Read the plan's own leads: `role`, `name` and what else is known (CSV or Excel); what is only told goes into `warnings`.

    Raises
    ------
    InputFaultsError
        Where there is no column `role` or `name`, or a cell cannot be read.
    """
    rows = _people(path, LeadRow, warnings)
    as_nothing = (row.number for row in rows if row.value.name and not row.value.role)
    _tell(path, warnings, as_nothing, "role", "somebody is named, and not as what")
    return tuple(_person(path, row.value, role=row.value.role, organisation=row.value.organisation) for row in rows)


def read_councillors(path: Path, warnings: list[Fault] | None = None) -> tuple[Person, ...]:
    """Read elected members: a table (as opencouncildata gives it, or your own) or ModernGov's XML by ward.

    Raises
    ------
    InputFaultsError
        Where the file is neither.
    """
    text = _text_or_nothing(path)
    if text.lstrip().startswith("<"):
        return tuple(_moderngov(path, text))
    if text.lstrip().startswith(("{", "[")):
        raise InputFaultsError([_nobody(path, "this is JSON, not a list of members", "Save it as CSV, or take ModernGov's XML")])
    rows = _people(path, MemberRow, warnings)
    people = [
        _person(
            path,
            row,
            role=row.post or row.title,
            organisation=row.organisation,
            area=row.ward or row.division,
            area_code=row.ward_code,
        )
        for row in (numbered.value for numbered in rows)
    ]
    if not any(person.area or person.area_code for person in people):
        fault = Fault(file=path.name, row=1, column="ward", problem="this column is missing", remedy="Say whose ward each is")
        raise InputFaultsError([fault])
    if not any(person.name for person in people):
        fault = Fault(file=path.name, row=1, column="name", problem="this column is missing, or empty", remedy="Say who each is")
        raise InputFaultsError([fault])
    known = [(row.number, row.value) for row in rows if name_of(row.value.name)]
    nowhere = (number for number, row in known if not (row.ward or row.division or row.ward_code))
    _tell(path, warnings, nowhere, "ward", "no ward is given, so that the member is on no list")
    return tuple(people)


def _moderngov(path: Path, text: str) -> Iterator[Person]:
    try:
        root: Element = SafeXml.fromstring(text.encode())
    except (ParseError, DefusedXmlException) as error:
        raise InputFaultsError([_nobody(path, f"this is not ModernGov's XML ({error})", "Download it again")]) from error
    if not any(True for _ in root.iter("councillor")):
        what = "a web page" if root.tag.rpartition("}")[2].lower() == "html" else f"XML that begins with <{root.tag[:30]}>"
        raise InputFaultsError([_nobody(path, f"this is {what}; no councillor is in it", "Download GetCouncillorsByWard again")])
    for ward in root.iter("ward"):
        area = (ward.findtext("wardtitle") or "").strip()
        for member in ward.iter("councillor"):
            yield Person(
                name=name_of(member.findtext("fullusername") or ""),
                role=(member.findtext("keyposts") or "").strip(),
                email=(member.findtext("workaddress/email") or "").strip(),
                telephone=(member.findtext("workaddress/phone") or "").strip(),
                area=area or (member.findtext("districttitle") or "").strip(),
                source=path.name,
                as_at=_file_date(path),
            )


def _nobody(path: Path, problem: str, remedy: str) -> Fault:
    return Fault(file=path.name, problem=problem, remedy=remedy)


def read_schools(path: Path, warnings: list[Fault] | None = None) -> tuple[School, ...]:
    """Read open schools that have a name and a place from Get Information About Schools' `edubasealldata`.

    What is only told of it goes into `warnings`, but for how many schools are closed.

    Raises
    ------
    InputFaultsError
        Where no row has a school's name and its place, as in a list of another kind.
    """
    found, faults = read_establishments(path)
    if stopping(faults):
        raise InputFaultsError(faults)
    if warnings is not None:
        warnings += [fault for fault in faults if fault.remedy != NOTHING_TO_DO]
    as_at = _file_date(path)
    schools = tuple(
        School(
            urn=one.urn,
            name=one.name,
            phase=one.phase,
            kind=one.kind,
            address=one.address,
            telephone=one.telephone,
            head=" ".join(filter(None, map(name_of, one.head))) if name_of(one.head[-1]) else "",
            head_title=name_of(one.head_job) or "Headteacher",
            easting_m=one.easting_m,
            northing_m=one.northing_m,
            source=path.name,
            as_at=as_at,
        )
        for one in found
        if one.name and one.easting_m is not None and one.northing_m is not None
    )
    if not schools:
        raise InputFaultsError([_nobody(path, "no open school with a place is in it", "Check status, easting and northing")])
    return schools


def read_police_team(path: Path, warnings: list[Fault] | None = None) -> tuple[Person, ...]:
    """Read a neighbourhood team: a table with `name`, `rank`, `neighbourhood`, or police.uk's JSON list.

    An empty list is a team of which nobody is named.

    Raises
    ------
    InputFaultsError
        Where it is an error's message, a web page, cut off, or has no column `name`.
    """
    text = _text_or_nothing(path)
    if text.lstrip().startswith("<"):
        raise InputFaultsError([_nobody(path, "this is a web page, not a team", "Download the team again")])
    if text.lstrip().startswith(("[", "{")):
        people = []
        for entry in _team(path, text):
            details = entry.get("contact_details")
            contact = details if isinstance(details, dict) else {}
            people.append(
                Person(
                    name=name_of(str(entry.get("name") or "")),
                    role=str(entry.get("rank") or ""),
                    email=str(contact.get("email") or ""),
                    telephone=str(contact.get("telephone") or ""),
                    source=path.name,
                    as_at=_file_date(path),
                )
            )
        return tuple(people)
    rows = _people(path, OfficerRow, warnings)
    return tuple(_person(path, row.value, role=row.value.rank, area=row.value.neighbourhood) for row in rows)


def _team(path: Path, text: str) -> list[Mapping[str, Any]]:
    """Read police.uk's list of people.

    Raises
    ------
    InputFaultsError
        Where it is no such list.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputFaultsError([_nobody(path, "the file is cut off or damaged", "Download the team again")]) from error
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        said = ", ".join(map(str, list(found)[:3])) if isinstance(found, dict) else "something else"
        raise InputFaultsError([_nobody(path, f"this is no list of people, but holds {said}", "Download the team again")])
    if found and not any("name" in entry for entry in found):
        raise InputFaultsError([_nobody(path, "nobody in this list has a name", "Download the team's people")])
    return found


def name_of(text: str) -> str:
    """Return a name, or nothing where a file writes that it has none."""
    tidy = " ".join(text.split())
    return "" if says_not_known(tidy) or _VACANT.fullmatch(tidy) else tidy


def is_beat_officer(rank: str) -> bool:
    """Tell whether a rank is the area beat officer's: a constable or sergeant of the team, not a PCSO."""
    words = rank.casefold()
    return not is_pcso(rank) and bool(re.search(r"constable|\bpc\b|sergeant|\bps\b|beat|officer", words))


def is_pcso(rank: str) -> bool:
    """Tell whether a rank is a police community support officer's."""
    return bool(re.search(r"\bpcso\b|community support", rank.casefold()))


def _people(path: Path, row_type: type[PersonT], warnings: list[Fault] | None) -> tuple[TableRow[PersonT], ...]:
    """Return the rows of a table of people; what is only told of it goes into `warnings`.

    Raises
    ------
    InputFaultsError
        With everything that is wrong with it.
    """
    table = read_table(path, row_type)
    if stopping(table.faults):
        raise InputFaultsError(table.faults)
    if warnings is not None:
        warnings += table.faults
    problem = "several names may stand in this cell, and would be one person's"
    _tell(path, warnings, (row.number for row in table.rows if _is_several(row.value.name)), "name", problem)
    return table.rows


def _tell(path: Path, warnings: list[Fault] | None, rows: Iterable[int], column: str, problem: str) -> None:
    """Warn in one line of what holds for some rows."""
    found = tuple(rows)
    if found and warnings is not None:
        fault = Fault(
            file=path.name, row=found[0], rows=found, column=column, problem=problem, remedy="Fill it in, and give each a row"
        )
        warnings.append(replace(fault, severity=Severity.WARNING))


def _is_several(name: str) -> bool:
    """Tell whether a cell may name several people: two words and more on both sides of what parts them."""
    parts = re.split(r"\s*(?:[;/,\n]|&|\band\b)\s*", name.strip())
    return len(parts) > 1 and all(len(part.split()) > 1 for part in parts)


def _person(path: Path, row: PersonRow, **more: str) -> Person:
    return Person(
        name=name_of(row.name),
        email=row.email,
        telephone=row.telephone or row.mobile,
        source=path.name,
        as_at=row.as_at or _file_date(path),
        **more,
    )


def _text_or_nothing(path: Path) -> str:
    """Return a file's text; nothing of a spreadsheet, which is none, nor of what is far too large."""
    content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    return "" if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) else decode_text(content)


def _file_date(path: Path) -> str:
    return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d} (the file's date)"
