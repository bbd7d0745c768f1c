"""Schools from the download of Get Information About Schools: those that are open, of some kinds, and where they are."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, Severity
from siting.inputs.postcodes import tidy_postcode
from siting.sentences import counted, listed
from siting.storage.decoding import decode_text

_NEEDED = {"urn": "URN", "establishmentname": "EstablishmentName", "easting": "Easting", "northing": "Northing"}
_STATUS = ("establishmentstatusname", "establishmentstatus")
_KIND = ("typeofestablishmentname", "typeofestablishment")
_KINDS_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    """A school of the register: its number, name and kind, and what says where it is (metres, EPSG:27700)."""

    row: int
    urn: str
    name: str
    kind: str
    easting_m: float | None
    northing_m: float | None
    postcode: str | None


def read_establishments(path: Path, kinds: Sequence[str] = ()) -> tuple[tuple[Establishment, ...], tuple[Fault, ...]]:
    """Read the open schools, of the kinds that hold one of some words; and what is wrong or was passed over."""
    try:
        rows = csv.reader(io.StringIO(decode_text(path.read_bytes()), newline=""), strict=True)
        header = [_plain(cell) for cell in next(rows, [])]
        missing = [name for key, name in _NEEDED.items() if key not in header]
        if missing:
            fault = _fault(
                path, f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} not among its columns", _DOWNLOAD, row=1
            )
            return (), (fault,)
        cells = [(number, dict(zip(header, row, strict=False))) for number, row in enumerate(rows, start=2) if any(row)]
    except (OSError, csv.Error) as error:
        return (), (_fault(path, f"the list of schools cannot be read ({error})", _DOWNLOAD),)
    return _chosen(path, cells, kinds)


_DOWNLOAD = "Take the download of Get Information About Schools (edubasealldata), or name a table of your own under schools.table"


def _chosen(
    path: Path, cells: Sequence[tuple[int, Mapping[str, str]]], kinds: Sequence[str]
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
    schools, numbers = [], Counter(row.get("urn", "").strip() for _, row in open_rows)
    for number, row in open_rows:
        kind, urn = _first(row, _KIND), row.get("urn", "").strip()
        if words and not any(word in kind.casefold() for word in words):
            continue
        if not re.fullmatch(r"[0-9]{1,9}", urn):
            faults.append(_fault(path, "this is no URN", "Correct it, or take the download anew", row=number, column="URN"))
        elif numbers[urn] > 1:
            faults.append(_fault(path, f"the school {urn} stands in the file twice", "Keep one row", row=number, column="URN"))
        else:
            schools.append(_establishment(number, urn, kind, row))
    passed_over = len(cells) - len(open_rows)
    if passed_over:
        problem = f"{counted(passed_over, 'school')} that {'is' if passed_over == 1 else 'are'} closed or not yet open"
        faults.append(_fault(path, f"{problem} passed over", "Nothing is to be done", severity=Severity.WARNING))
    if not schools and not faults:
        faults.append(_fault(path, "there is no open school in it", _DOWNLOAD))
    return tuple(schools), tuple(faults)


def _is_open(status: str) -> bool:
    """Tell whether a status is that of a school that is open; a list without one is of open schools."""
    return not status or status.casefold().startswith("open")


def _establishment(number: int, urn: str, kind: str, row: Mapping[str, str]) -> Establishment:
    easting_m, northing_m = (_metres(row.get(name, "")) for name in ("easting", "northing"))
    whole = easting_m is not None and northing_m is not None
    return Establishment(
        row=number,
        urn=urn,
        name=row.get("establishmentname", "").strip(),
        kind=kind,
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
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


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
