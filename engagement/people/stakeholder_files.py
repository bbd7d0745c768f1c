"""Reads who is who: elected members, schools, police teams, named leads. Each person keeps their source and its date."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from siting.faults import Fault, InputFaultsError, stopping
from siting.inputs.establishments import read_establishments
from siting.storage.decoding import decode_text

NOT_NAMES = {"", "not recorded", "n/a", "na", "none", "-", "vacancy", "vacant", "not applicable", "unknown"}
"""What files write where there is no name."""


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


def read_named_contacts(path: Path) -> tuple[Person, ...]:
    """Read the plan's own leads: `role`, `name` and what else is known (CSV).

    Raises
    ------
    InputFaultsError
        Where there is no column `role` or `name`.
    """
    rows = [_in_our_words(row) for row in _rows(path, typed=True)]
    missing = [column for column in ("role", "name") if column not in rows[0]]
    if missing:
        raise InputFaultsError(
            Fault(
                file=path.name,
                row=1,
                column=column,
                problem="this column is missing; the first row must say what each column holds",
                remedy="Add a first row with role, name, organisation, email, telephone",
            )
            for column in missing
        )
    return tuple(
        Person(
            name=name_of(row.get("name", "")),
            role=row.get("role", ""),
            organisation=row.get("organisation", ""),
            email=row.get("email", ""),
            telephone=row.get("telephone", ""),
            source=path.name,
            as_at=row.get("as_at", "") or _file_date(path),
        )
        for row in rows
    )


_ALSO = {
    "role": ("job_title", "title", "position", "post", "job"),
    "name": ("contact", "full_name", "contact_name", "person"),
    "organisation": ("organization", "org", "company", "agency", "employer", "council"),
    "email": ("e_mail", "mail", "email_address", "e_mail_address"),
    "telephone": (
        "phone",
        "tel",
        "tel_no",
        "telephone_number",
        "telephone_no",
        "phone_number",
        "phone_no",
        "mobile",
        "contact_number",
    ),
    "as_at": ("date", "last_updated", "updated"),
}
"""What people write above the columns of their contacts."""


def _in_our_words(row: Mapping[str, str]) -> dict[str, str]:
    """Return a row of contacts by our own names of its columns; where two are one of ours, the first that is filled in."""
    return {ours: _first(row, ours, *also) for ours, also in _ALSO.items() if {ours, *also} & row.keys()}


def read_councillors(path: Path) -> tuple[Person, ...]:
    """Read elected members: CSV (as opencouncildata gives it, or a table of your own) or ModernGov's XML by ward.

    Raises
    ------
    InputFaultsError
        Where the file is neither.
    """
    text = decode_text(path.read_bytes())
    if text.lstrip().startswith("<"):
        return tuple(_moderngov(path, text))
    if text.lstrip().startswith(("{", "[")):
        raise InputFaultsError([_nobody(path, "this is JSON, not a list of members", "Save it as CSV, or take ModernGov's XML")])
    people = []
    for row in _rows(path):
        ward = _first(row, "ward", "ward_name", "electoral_area", "division", "wd24nm", "ced24nm")
        people.append(
            Person(
                name=name_of(_first(row, "name", "councillor", "full_name", "councillor_name")),
                role=_first(row, "post", "role", "title"),
                organisation=_first(row, "council", "local_authority", "authority", "organisation"),
                email=_first(row, "email", "e_mail", "email_address"),
                telephone=_first(row, "telephone", "phone"),
                area=ward,
                area_code=_first(row, "ward_code", "wd24cd", "ced24cd", "gss_code", "code"),
                source=path.name,
                as_at=_first(row, "as_at", "date", "last_updated") or _file_date(path),
            )
        )
    if not any(person.area or person.area_code for person in people):
        fault = Fault(file=path.name, row=1, column="ward", problem="this column is missing", remedy="Say whose ward each is")
        raise InputFaultsError([fault])
    if not any(person.name for person in people):
        fault = Fault(file=path.name, row=1, column="name", problem="this column is missing, or empty", remedy="Say who each is")
        raise InputFaultsError([fault])
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


def read_schools(path: Path) -> tuple[School, ...]:
    """Read open schools that have a name and a place from Get Information About Schools' `edubasealldata`.

    Raises
    ------
    InputFaultsError
        Where no row has a school's name and its place, as in a list of another kind.
    """
    found, faults = read_establishments(path)
    if stopping(faults):
        raise InputFaultsError(faults)
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


def read_police_team(path: Path) -> tuple[Person, ...]:
    """Read a neighbourhood team: CSV with `name`, `rank`, `neighbourhood`, or police.uk's JSON list.

    An empty list is a team of which nobody is named.

    Raises
    ------
    InputFaultsError
        Where it is an error's message, a web page, cut off, or has no column `name`.
    """
    text = decode_text(path.read_bytes())
    if text.lstrip().startswith("<"):
        raise InputFaultsError([_nobody(path, "this is a web page, not a team", "Download the team again")])
    if text.lstrip().startswith(("[", "{")):
        area = path.stem
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
                    area=area,
                    source=path.name,
                    as_at=_file_date(path),
                )
            )
        return tuple(people)
    rows = _rows(path)
    if not {"name", "officer"} & set(rows[0]):
        fault = Fault(file=path.name, row=1, column="name", problem="this column is missing", remedy="Say who each is")
        raise InputFaultsError([fault])
    return tuple(
        Person(
            name=name_of(_first(row, "name", "officer")),
            role=_first(row, "rank", "role"),
            email=_first(row, "email", "e_mail"),
            telephone=_first(row, "telephone", "phone"),
            area=_first(row, "neighbourhood", "team", "area"),
            source=path.name,
            as_at=_first(row, "as_at", "date") or _file_date(path),
        )
        for row in rows
    )


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
    return "" if tidy.casefold() in NOT_NAMES else tidy


def is_beat_officer(rank: str) -> bool:
    """Tell whether a rank is the area beat officer's: a constable or sergeant of the team, not a PCSO."""
    words = rank.casefold()
    return not is_pcso(rank) and bool(re.search(r"constable|\bpc\b|sergeant|\bps\b|beat|officer", words))


def is_pcso(rank: str) -> bool:
    """Tell whether a rank is a police community support officer's."""
    return bool(re.search(r"\bpcso\b|community support", rank.casefold()))


def _rows(path: Path, *, typed: bool = False) -> Sequence[Mapping[str, str]]:
    """Return the rows below the first by its names; of a table that people type, what its shape may lose is a fault."""
    text = decode_text(path.read_bytes())
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [[cell.strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputFaultsError([_nobody(path, f"this is no CSV ({error})", "Save it again as CSV")]) from error
    if len(rows) < 2:  # noqa: PLR2004 - the names of the columns and something under them
        raise InputFaultsError(
            [Fault(file=path.name, problem="the file is empty", remedy="Fill it in, or take it out of the plan")]
        )
    names = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in rows[0]]
    if typed and (faults := list(_lost(path, names, rows))):
        raise InputFaultsError(faults)
    return [dict.fromkeys(names, "") | dict(zip(names, row, strict=False)) for row in rows[1:]]


def _lost(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    """Name what a table would lose: a column whose name another has or that has none, a row longer than the first."""
    for place, name in enumerate(names):
        if name and name in names[:place]:
            problem, remedy = "two columns have this name", "Rename or delete one of them"
            yield Fault(file=path.name, row=1, column=rows[0][place], problem=problem, remedy=remedy)
        if not name and any(place < len(row) and row[place] for row in rows[1:]):
            problem, remedy = f"column {place + 1} has values and no name", "Write above it what it holds, or delete it"
            yield Fault(file=path.name, row=1, problem=problem, remedy=remedy)
    for number, row in enumerate(rows[1:], start=2):
        if any(row[len(names) :]):
            problem = f"the row has {len(row)} cells and the first row only {len(names)}"
            yield Fault(file=path.name, row=number, problem=problem, remedy="Put quotes around text that holds a comma")


def _first(row: Mapping[str, str], *names: str) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _file_date(path: Path) -> str:
    return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d} (the file's date)"
