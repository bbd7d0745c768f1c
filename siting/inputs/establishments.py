"""Schools from the download of Get Information About Schools: those that are open, of some kinds, and what stands of them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic_core import PydanticCustomError

from siting.faults import Fault, Severity, stopping
from siting.inputs.cells import Cell, Kind, UnreadableError
from siting.inputs.header_rows import columns_taken, find_table, merged_faults
from siting.inputs.headings import TAKEN, Sureness, heading_of
from siting.inputs.marks import mark_faults
from siting.inputs.postcodes import tidy_postcode
from siting.inputs.reading import read_books
from siting.inputs.register_rows import EstablishmentRow
from siting.inputs.table_understanding import Understanding, heading_faults
from siting.inputs.tables import cell_problem, gather_faults, surplus_faults
from siting.inputs.values import read_number
from siting.sentences import counted

_ADDRESS = ("street", "locality", "address_3", "town", "postcode")
_HEAD = ("head_title", "head_first_name", "head_last_name")
_OPEN = re.compile(r"open\b.*|yes|y", re.IGNORECASE)
_NOT_OPEN = re.compile(
    r"(closed|close|proposed|pending|rejected|not open|no|n|de-?registered|quarantined?|created in error)\b.*", re.IGNORECASE
)
"""What the register writes of a school that is not open (its own list of states), and what people write."""
_BRITAIN_M = {"easting_m": (50_000.0, 660_000.0), "northing_m": (5_000.0, 1_225_000.0)}
"""Between which metres of EPSG:27700 the land of Great Britain lies (read off the grid's own map)."""
NOTHING_TO_DO = "Nothing is to be done"
"""The remedy of what is only counted."""
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
    needed = ("urn", *_REQUIRED) if numbered else _REQUIRED
    try:
        books = read_books(path, taken=lambda start: columns_taken(start, EstablishmentRow, "name"))
        found = find_table(path.name, books, EstablishmentRow, "name", None)
    except UnreadableError as error:
        return (), (_fault(path, error.problem, error.remedy, row=error.row, column=error.column),)
    faults = [*_heading_faults(found.understanding, needed), *merged_faults(found), *mark_faults(found), *found.notes]
    if stopping(faults):
        return (), tuple(faults)
    columns = {use.index: use.field for use in found.understanding.columns if use.sure in TAKEN and use.field}
    faults += surplus_faults(found)
    rows = [(number, {name: row[index] for index, name in columns.items() if index in row}) for number, row in found.rows.items()]
    schools, told = _chosen(path, rows, kinds, numbered=numbered)
    return (() if stopping(faults) else schools), (*faults, *told)


_REQUIRED = EstablishmentRow.needed_columns


def _heading_faults(understanding: Understanding, needed: Sequence[str]) -> list[Fault]:
    """Say what is missing or in doubt; of the register's many other columns only those that may be what is not there."""
    others = replace(understanding, columns=tuple(use for use in understanding.columns if use.sure is not Sureness.NOT_USED))
    told = heading_faults(others, needed, EstablishmentRow, protective=False, asks=False)
    faults = [replace(fault, remedy=_DOWNLOAD) if fault.remedy == "Add it" else fault for fault in told]
    if understanding.column_of("status") is None and not stopping(faults):
        problem = "no column says which schools are open, so that each is taken for open"
        fault = Fault(file=understanding.file, column="status", problem=problem, remedy=_DOWNLOAD, severity=Severity.WARNING)
        faults.append(fault)
    return faults


_Cells = Mapping[str, Cell]
"""The filled cells of a school's row by field."""


def _chosen(
    path: Path, cells: Sequence[tuple[int, _Cells]], kinds: Sequence[str], *, numbered: bool
) -> tuple[tuple[Establishment, ...], tuple[Fault, ...]]:
    words = [word.casefold() for word in kinds]
    faults = list(_unknown_statuses(path, cells))
    open_rows = [(number, row) for number, row in cells if _is_open(_text(row, "status"))]
    seen = Counter(_text(row, "kind") for _, row in open_rows)
    faults += [
        _fault(
            path, f"no open school is of a kind that has {word!r} in it", f"Kinds in the file are {_some(seen)}", column="kinds"
        )
        for word in kinds
        if not any(word.casefold() in kind.casefold() for kind in seen)
    ]
    chosen = [(number, row) for number, row in open_rows if not words or any(w in _text(row, "kind").casefold() for w in words)]
    schools: list[Establishment] = []
    told: list[Fault] = []
    for number, row in chosen:
        told += _cell_faults(path, number, row)
        schools.append(_establishment(path, number, row, told))
    faults += gather_faults(told, len(chosen), key=lambda index: (told[index].column, told[index].problem.partition(" (")[0]))
    if numbered:
        faults += _number_faults(path, chosen)
    passed_over = len(cells) - len(open_rows)
    if passed_over:
        problem = f"{counted(passed_over, 'school')} that {'is' if passed_over == 1 else 'are'} closed or not yet open"
        faults.append(_fault(path, f"{problem} passed over", NOTHING_TO_DO, severity=Severity.WARNING))
    if not chosen and not stopping(faults):
        faults.append(_fault(path, "there is no open school in it", _DOWNLOAD))
    return tuple(schools), tuple(faults)


def _number_faults(path: Path, rows: Sequence[tuple[int, _Cells]]) -> Iterator[Fault]:
    numbers = Counter(_text(row, "urn") for _, row in rows)
    for number, row in rows:
        urn = _text(row, "urn")
        if not re.fullmatch(r"[0-9]{1,9}", urn):
            yield _fault(path, "this is no URN", "Correct it, or take the download anew", row=number, column="URN")
        elif numbers[urn] > 1:
            yield _fault(path, f"the school {urn} stands in the file twice", "Keep one row", row=number, column="URN")


def _is_open(status: str) -> bool:
    """Tell whether a status is that of a school that is open; a list without one is of open schools."""
    return not status or _OPEN.fullmatch(status) is not None


def _unknown_statuses(path: Path, rows: Sequence[tuple[int, _Cells]]) -> Iterator[Fault]:
    unknown: dict[str, list[int]] = {}
    for number, row in rows:
        status = _text(row, "status")
        if status and not _OPEN.fullmatch(status) and not _NOT_OPEN.fullmatch(status):
            unknown.setdefault(status, []).append(number)
    for status, numbers in unknown.items():
        told = _fault(
            path, f"whether such a school is open is not known ({status[:40]!r})", "Write Open or Closed", row=numbers[0]
        )
        yield replace(told, rows=tuple(numbers), column="status")


def _cell_faults(path: Path, number: int, row: _Cells) -> Iterator[Fault]:
    """Name the cells that cannot be read as they stand; a letter that is lost stops only where a figure or a name is."""
    for field, cell in row.items():
        if cell.kind is Kind.TEXT and cell.text[0].isalnum() and cell.text.isprintable() and "\ufffd" not in cell.text:
            continue  # as nearly every cell of a national file is
        problem = cell_problem(cell, field, EstablishmentRow)
        if problem is not None:
            stops = field in {*_REQUIRED, "urn", "status"}
            severity = Severity.FAULT if stops else Severity.WARNING
            column = heading_of(field, EstablishmentRow)
            yield _fault(path, problem[0], problem[1], row=number, column=column, severity=severity)


def _establishment(path: Path, number: int, row: _Cells, faults: list[Fault]) -> Establishment:
    easting_m, northing_m = _place(path, number, row, faults)
    title, first, last = (_text(row, key) for key in _HEAD)
    return Establishment(
        row=number,
        urn=_text(row, "urn"),
        name=_text(row, "name"),
        kind=_text(row, "kind"),
        phase=_text(row, "phase"),
        address=", ".join(part for key in _ADDRESS if (part := _text(row, key))),
        telephone=_text(row, "telephone"),
        head=(title, first, last),
        head_job=_text(row, "head_job"),
        easting_m=easting_m,
        northing_m=northing_m,
        postcode=tidy_postcode(_text(row, "postcode")),
    )


def _place(path: Path, number: int, row: _Cells, faults: list[Fault]) -> tuple[float | None, float | None]:
    """Read metres; the register writes 0 where it has no place. What is no number, or not in Great Britain, is told."""
    metres: list[float] = []
    for field in ("easting", "northing"):
        cell = row.get(field)
        if cell is None or not cell.text.strip() or cell_problem(cell, field, EstablishmentRow) is not None:
            continue
        try:
            metres.append(float(read_number(cell.text)))
        except PydanticCustomError as error:
            context = error.context or {}
            problem, column = f"{context['problem']} ({cell.text[:20]!r})", heading_of(field, EstablishmentRow)
            faults.append(_fault(path, problem, str(context["remedy"]), row=number, column=column))
    if len(metres) != len(_BRITAIN_M) or not all(metres):
        return None, None
    if not all(low <= value <= high for value, (low, high) in zip(metres, _BRITAIN_M.values(), strict=True)):
        problem, remedy = "the place is not in Great Britain, and is not used", "Give easting and northing in metres (EPSG:27700)"
        faults.append(_fault(path, problem, remedy, row=number, column="Easting", severity=Severity.WARNING))
        return None, None
    return metres[0], metres[1]


def _text(row: _Cells, field: str) -> str:
    cell = row.get(field)
    return cell.text.strip() if cell is not None else ""


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
