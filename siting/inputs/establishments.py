"""Schools from the download of Get Information About Schools: those that are open, of some kinds, and what stands of them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, Severity, stopping
from siting.inputs.postcodes import tidy_postcode
from siting.sentences import counted
from siting.storage.decoding import decode_text

_ALWAYS = (("establishmentname", "schoolname", "schname", "name"), ("easting",), ("northing",))
"""What a list must have; of each the headings that it may stand under, as letters and figures alone."""
_NUMBER = ("urn",)
_STATUS = ("establishmentstatusname", "establishmentstatus")
_KIND = ("typeofestablishmentname", "typeofestablishment", "type")
_PHASE = ("phaseofeducationname", "phaseofeducation", "phase")
_TELEPHONE = ("telephonenum", "telephone")
_ADDRESS = ("street", "locality", "address3", "town", "postcode")
_HEAD = ("headtitlename", "headfirstname", "headlastname")
_AS_WRITTEN = {"urn": "URN", "establishmentname": "EstablishmentName", "easting": "Easting", "northing": "Northing"}
_KINDS_SHOWN = 8
_DOWNLOAD = (
    "Take the download of Get Information About Schools (edubasealldata); a Welsh list needs EstablishmentName, Easting, "
    "Northing and PhaseOfEducation added"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    """An open school of the register, as it stands there; what the list does not say is empty.

    Attributes
    ----------
    row
        Its row in the file.
    head, head_job
        The head teacher as title, first and last name, each as written; and what the post is called.
    easting_m, northing_m
        Metres, EPSG:27700; both None where the register has no place.
    postcode
        As it is written tidily; None where it is none.
    """

    row: int
    urn: str
    name: str
    kind: str
    phase: str
    address: str
    telephone: str
    head: tuple[str, str, str]
    head_job: str
    easting_m: float | None
    northing_m: float | None
    postcode: str | None


def read_establishments(
    path: Path, kinds: Sequence[str] = (), *, numbered: bool = False
) -> tuple[tuple[Establishment, ...], tuple[Fault, ...]]:
    """Read the open schools, of the kinds that hold one of some words; and what is wrong or was passed over.

    Parameters
    ----------
    numbered
        Whether each must have a number (URN) of its own, by which it is known from then on.
    """
    try:
        text = decode_text(path.read_bytes())
        separator = max(",;\t", key=text.partition("\n")[0].count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        header = [_plain(cell) for cell in next(rows, [])]
        cells = [
            (number, {name: cell.strip() for name, cell in zip(header, row, strict=False) if name in _READ})
            for number, row in enumerate(rows, start=2)
            if any(row)
        ]
    except (OSError, csv.Error) as error:
        return (), (_fault(path, f"the list of schools cannot be read ({error})", _DOWNLOAD),)
    if text.lstrip().startswith("<"):
        return (), (_fault(path, "this is a web page, not a list of schools", _DOWNLOAD),)
    needed = (_NUMBER, *_ALWAYS) if numbered else _ALWAYS
    missing = [_AS_WRITTEN[names[0]] for names in needed if not set(names) & set(header)]
    if missing:
        problem = "this column is missing, so that no school can be read"
        return (), tuple(_fault(path, problem, _DOWNLOAD, row=1, column=name) for name in missing)
    return _chosen(path, cells, kinds, numbered=numbered)


_READ = {*_NUMBER, *_STATUS, *_KIND, *_PHASE, *_TELEPHONE, *_ADDRESS, *_HEAD, "headpreferredjobtitle"}.union(*_ALWAYS)


def _chosen(
    path: Path, cells: Sequence[tuple[int, Mapping[str, str]]], kinds: Sequence[str], *, numbered: bool
) -> tuple[tuple[Establishment, ...], tuple[Fault, ...]]:
    words = [word.casefold() for word in kinds]
    open_rows = [(number, row) for number, row in cells if _is_open(_first(row, _STATUS))]
    seen = Counter(_first(row, _KIND) for _, row in open_rows)
    faults = [
        _fault(
            path, f"no open school is of a kind that has {word!r} in it", f"Kinds in the file are {_some(seen)}", column="kinds"
        )
        for word in kinds
        if not any(word.casefold() in kind.casefold() for kind in seen)
    ]
    chosen = [(number, row) for number, row in open_rows if not words or any(w in _first(row, _KIND).casefold() for w in words)]
    if numbered:
        faults += _number_faults(path, chosen)
    passed_over = len(cells) - len(open_rows)
    if passed_over:
        problem = f"{counted(passed_over, 'school')} that {'is' if passed_over == 1 else 'are'} closed or not yet open"
        faults.append(_fault(path, f"{problem} passed over", "Nothing is to be done", severity=Severity.WARNING))
    if not chosen and not stopping(faults):
        faults.append(_fault(path, "there is no open school in it", _DOWNLOAD))
    return tuple(_establishment(number, row) for number, row in chosen), tuple(faults)


def _number_faults(path: Path, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Fault]:
    numbers = Counter(row.get("urn", "") for _, row in rows)
    for number, row in rows:
        urn = row.get("urn", "")
        if not re.fullmatch(r"[0-9]{1,9}", urn):
            yield _fault(path, "this is no URN", "Correct it, or take the download anew", row=number, column="URN")
        elif numbers[urn] > 1:
            yield _fault(path, f"the school {urn} stands in the file twice", "Keep one row", row=number, column="URN")


def _is_open(status: str) -> bool:
    """Tell whether a status is that of a school that is open; a list without one is of open schools."""
    return not status or status.casefold().startswith("open")


def _establishment(number: int, row: Mapping[str, str]) -> Establishment:
    easting_m, northing_m = (_metres(row.get(name, "")) for name in ("easting", "northing"))
    whole = easting_m is not None and northing_m is not None
    title, first, last = (row.get(key, "") for key in _HEAD)
    return Establishment(
        row=number,
        urn=row.get("urn", ""),
        name=_first(row, _ALWAYS[0]),
        kind=_first(row, _KIND),
        phase=_first(row, _PHASE),
        address=", ".join(part for key in _ADDRESS if (part := row.get(key, ""))),
        telephone=_first(row, _TELEPHONE),
        head=(title, first, last),
        head_job=row.get("headpreferredjobtitle", ""),
        easting_m=easting_m if whole else None,
        northing_m=northing_m if whole else None,
        postcode=tidy_postcode(row.get("postcode", "")),
    )


def _metres(text: str) -> float | None:
    """Read metres; the register writes 0 where it has no place."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value > 0 else None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _some(kinds: Counter[str]) -> str:
    named = [kind for kind, _ in kinds.most_common(_KINDS_SHOWN) if kind]
    return ", ".join(named) or "not said: leave schools.kinds out"


def _fault(
    path: Path,
    problem: str,
    remedy: str,
    *,
    row: int | None = None,
    column: str | None = None,
    severity: Severity = Severity.FAULT,
) -> Fault:
    return Fault(file=path.name, problem=problem, remedy=remedy, row=row, column=column, severity=severity)
