"""Reads who is who: elected members, schools, police teams, named leads. Each person keeps their source and its date."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from siting.faults import Fault, InputFaultsError
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
    rows = _rows(path)
    for column in ("role", "name"):
        if rows and column not in rows[0]:
            raise InputFaultsError(
                [Fault(file=path.name, row=1, column=column, problem="this column is missing", remedy="Add it")]
            )
    return tuple(
        Person(
            name=name_of(row.get("name", "")),
            role=row.get("role", ""),
            organisation=row.get("organisation", ""),
            email=row.get("email", ""),
            telephone=row.get("telephone", "") or row.get("phone", ""),
            source=path.name,
            as_at=row.get("as_at", "") or _file_date(path),
        )
        for row in rows
    )


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
    if people and not any(person.area for person in people):
        fault = Fault(file=path.name, row=1, column="ward", problem="this column is missing", remedy="Say whose ward each is")
        raise InputFaultsError([fault])
    return tuple(people)


def _moderngov(path: Path, text: str) -> Iterator[Person]:
    try:
        root: Element = SafeXml.fromstring(text.encode())
    except (ParseError, DefusedXmlException) as error:
        fault = Fault(file=path.name, problem=f"this is not ModernGov's XML ({error})", remedy="Download it again")
        raise InputFaultsError([fault]) from error
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


def read_schools(path: Path) -> tuple[School, ...]:
    """Read open schools from Get Information About Schools' `edubasealldata` (Windows-1252); closed ones are passed over."""
    schools = []
    for row in _rows(path):
        status = _first(row, "establishmentstatus_name", "establishmentstatus")
        if status and not status.lower().startswith("open"):
            continue
        place = _number(row.get("easting", "")), _number(row.get("northing", ""))
        name = _first(row, "establishmentname", "school_name", "name", "schname")
        if place[0] is None or place[1] is None or not name:
            continue
        person = " ".join(
            part for key in ("headtitle_name", "headfirstname", "headlastname") if (part := name_of(row.get(key, "")))
        )
        has_name = bool(name_of(row.get("headlastname", "")))
        address = [row.get(key, "") for key in ("street", "locality", "address3", "town", "postcode")]
        schools.append(
            School(
                urn=row.get("urn", ""),
                name=name,
                phase=_first(row, "phaseofeducation_name", "phaseofeducation", "phase"),
                kind=_first(row, "typeofestablishment_name", "typeofestablishment", "type"),
                address=", ".join(part for part in address if part),
                telephone=_first(row, "telephonenum", "telephone"),
                head=person if has_name else "",
                head_title=name_of(row.get("headpreferredjobtitle", "")) or "Headteacher",
                easting_m=place[0],
                northing_m=place[1],
                source=path.name,
                as_at=_file_date(path),
            )
        )
    return tuple(schools)


def read_police_team(path: Path) -> tuple[Person, ...]:
    """Read a neighbourhood team: CSV with `name`, `rank`, `neighbourhood`, or police.uk's JSON list."""
    text = decode_text(path.read_bytes())
    if text.lstrip().startswith("["):
        area = path.stem
        people = []
        for entry in json.loads(text):
            contact = entry.get("contact_details") or {}
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
        for row in _rows(path)
    )


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


def _rows(path: Path) -> Sequence[Mapping[str, str]]:
    reader = csv.reader(io.StringIO(decode_text(path.read_bytes()), newline=""))
    rows = [[cell.strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    if not rows:
        raise InputFaultsError(
            [Fault(file=path.name, problem="the file is empty", remedy="Fill it in, or take it out of the plan")]
        )
    names = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in rows[0]]
    return [dict(zip(names, row, strict=False)) for row in rows[1:]]


def _first(row: Mapping[str, str], *names: str) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _file_date(path: Path) -> str:
    return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d} (the file's date)"
