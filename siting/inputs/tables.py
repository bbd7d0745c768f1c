"""CSV and Excel in; checked rows and faults out.

A reader never stops at the first fault, and never repeats what a cell of the children or
exclusions table holds.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from python_calamine import CalamineError, CalamineWorkbook

from siting.faults import Fault, Severity, stopping
from siting.inputs.rows import ChildRow, ExclusionRow, PlacedRow
from siting.storage.decoding import decode_text

_HEADER_SEARCH_ROWS = 20
_IDENTITY_COLUMNS = re.compile(
    r"(fore|first|middle|last|sur|family|full|child(ren)?s?|childs|given|known)?_?names?|dob|date_of_birth|birth_?date|born"
    r"|nhs(_?(no|number|num))?|unique_pupil_number|upn|ni_number|national_insurance(_number)?|gender|sex|ethnicity|religion"
    r"|diagnosis|phone|telephone|mobile|e_?mail|address|family_address|photo"
)


RowT = TypeVar("RowT", bound=PlacedRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow(Generic[RowT]):
    """A checked row and the number that a spreadsheet shows beside it."""

    number: int
    value: RowT


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[RowT]):
    """The rows of a file that are sound, and everything found wrong in it.

    `places_only` are rows of which only the place can be read, so that what is wrong with it is
    told together with the rest.
    """

    file: str
    rows: tuple[TableRow[RowT], ...]
    faults: tuple[Fault, ...]
    places_only: tuple[TableRow[RowT], ...] = ()


def read_table(path: Path, row_type: type[RowT]) -> Table[RowT]:
    """Read a CSV (UTF-8, or Windows-1252) or Excel file of rows of one type.

    The header is the first row that holds the table's own columns, so title rows above it do no
    harm. Rows without any content are passed over.
    """
    try:
        cells = _read_cells(path)
    except (OSError, CalamineError, csv.Error) as error:
        fault = Fault(file=path.name, problem=f"the file cannot be read ({error})", remedy="Save it again as CSV or .xlsx")
        return Table(file=path.name, rows=(), faults=(fault,))
    required = _required_columns(row_type)
    header_at, columns = _find_header(cells, required)
    if columns is None or not any(any(row) for row in cells[header_at + 1 :]):
        return Table(file=path.name, rows=(), faults=(_empty_fault(path, cells, required, columns),))
    faults = _header_faults(path, header_at + 1, columns, row_type)
    if stopping(faults):
        return Table(file=path.name, rows=(), faults=tuple(faults))
    rows: list[TableRow[RowT]] = []
    places_only: list[TableRow[RowT]] = []
    for number, row in enumerate(cells[header_at + 1 :], start=header_at + 2):
        if not any(row):
            continue
        values = {column: cell for column, cell in zip(columns, row, strict=False) if cell and column}
        faults += _formula_warnings(path, number, values)
        faults += _surplus_faults(path, number, row, columns)
        try:
            rows.append(TableRow(number=number, value=row_type.model_validate(values)))
        except ValidationError as error:
            found = [_row_fault(path, number, details, row_type) for details in error.errors()]
            try:
                places_only.append(TableRow(number=number, value=_place_only(values, row_type)))
            except ValidationError as place_error:
                found += [_row_fault(path, number, details, row_type) for details in place_error.errors()]
            faults += dict.fromkeys(found)
    return Table(
        file=path.name,
        rows=tuple(rows),
        faults=(*faults, *_duplicates(path, rows, required[0])),
        places_only=tuple(places_only),
    )


def _place_only(values: dict[str, str], row_type: type[RowT]) -> RowT:
    """Return a row that holds where it is and nothing else; what else the type asks for is not looked at."""
    place = PlacedRow.model_validate({key: cell for key, cell in values.items() if key in PlacedRow.model_fields})
    return row_type.model_construct(**dict(place))


def _read_cells(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    text = decode_text(content).replace("\x00", "")
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    # A cell may hold line breaks: what counts is the row that a spreadsheet would show.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[cell.strip() for cell in row] for row in reader]


def _cell_text(cell: object) -> str:
    """Write a spreadsheet's cell as a person would have typed it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell).strip()


def _tidy_header(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_")


def _required_columns(row_type: type[PlacedRow]) -> list[str]:
    return [name for name, field in row_type.model_fields.items() if field.is_required()]


def _find_header(cells: list[list[str]], required: list[str]) -> tuple[int, list[str] | None]:
    for index, row in enumerate(cells[:_HEADER_SEARCH_ROWS]):
        columns = [_tidy_header(cell) for cell in row]
        if required[0] in columns:
            return index, columns
    for index, row in enumerate(cells[:_HEADER_SEARCH_ROWS]):
        if sum(bool(cell) for cell in row) > 1:
            return index, [_tidy_header(cell) for cell in row]
    return 0, None


def _empty_fault(path: Path, cells: list[list[str]], required: list[str], columns: list[str] | None) -> Fault:
    if not any(any(row) for row in cells) or columns is not None:
        problem = "the file is empty" if not any(any(row) for row in cells) else "the file has a header but no rows"
        return Fault(file=path.name, problem=problem, remedy="Fill it in, or take it out of the plan")
    return Fault(
        file=path.name,
        problem=f"no header row was found with the column {required[0]}",
        remedy="Put the column names in one row above the data",
    )


def _header_faults(path: Path, row: int, columns: Sequence[str], row_type: type[PlacedRow]) -> list[Fault]:
    faults = []
    for name in _required_columns(row_type):
        if name not in columns:
            guess = difflib.get_close_matches(name, [column for column in columns if column], n=1, cutoff=0.6)
            remedy = f"Rename the column {guess[0]} to {name}" if guess else "Add it"
            faults.append(Fault(file=path.name, row=row, column=name, problem="this column is missing", remedy=remedy))
    faults += [
        Fault(
            file=path.name,
            row=row,
            column=name,
            problem="two columns have this name",
            remedy="Rename or delete one of them",
        )
        for name in sorted({column for column in columns if column and columns.count(column) > 1})
    ]
    if issubclass(row_type, ChildRow | ExclusionRow):
        faults += [
            Fault(
                file=path.name,
                row=row,
                column=name,
                problem="this column may say who a child is, which the planner does not need",
                remedy="Delete the column; child_ref is enough",
            )
            for name in columns
            if _IDENTITY_COLUMNS.fullmatch(name)
        ]
    return faults


def _formula_warnings(path: Path, number: int, values: dict[str, str]) -> Iterator[Fault]:
    for column, cell in values.items():
        if cell[0] == "=":
            yield Fault(
                file=path.name,
                row=number,
                column=column,
                problem="the cell begins with = and is taken as plain text, not as a formula",
                remedy="Replace the formula by its value if that is not meant",
                severity=Severity.WARNING,
            )


def _surplus_faults(path: Path, number: int, row: list[str], columns: Sequence[str]) -> Iterator[Fault]:
    if any(row[len(columns) :]):
        yield Fault(
            file=path.name,
            row=number,
            problem=f"the row has {len(row)} cells and the header only {len(columns)}",
            remedy="Put quotes around text that holds a comma",
        )


_WORDING = {
    "missing": ("the cell is empty", "Fill it in"),
    "float_parsing": ("this is not a number", "Write it in figures"),
    "int_parsing": ("this is not a whole number", "Write it in figures"),
    "int_from_float": ("this is not a whole number", "Write it in figures"),
    "finite_number": ("this is not a number", "Write it in figures"),
    "enum": ("this word is not known", "Write one of: candidate, bought, open"),
    "string_too_long": ("the text is too long", "Shorten it to 80 characters"),
}


def _row_fault(path: Path, number: int, details: ErrorDetails, row_type: type[PlacedRow]) -> Fault:
    column = str(details["loc"][0]) if details["loc"] else None
    cell = details["input"]
    private = issubclass(row_type, ChildRow | ExclusionRow)
    if details["type"] in _WORDING:
        problem, remedy = _WORDING[details["type"]]
    elif details["type"] == "less_than_equal":
        problem, remedy = f"the number must be at most {details['ctx']['le']}", "Correct it"
    elif details["type"] == "greater_than_equal":
        problem, remedy = "the number must not be negative", "Correct it"
    else:
        problem, remedy = details["msg"].removeprefix("Value error, "), "Correct it"
    if not private and column and isinstance(cell, str) and cell:
        problem += f" ({cell[:40]!r})"
    return Fault(file=path.name, row=number, column=column, problem=problem[0].lower() + problem[1:], remedy=remedy)


def _duplicates(path: Path, rows: Sequence[TableRow[RowT]], column: str) -> Iterator[Fault]:
    if column == "child_ref" and rows and isinstance(rows[0].value, ExclusionRow):
        return
    first_seen: dict[str, int] = {}
    for row in rows:
        key = str(getattr(row.value, column))
        if key.casefold() in first_seen:
            yield Fault(
                file=path.name,
                row=row.number,
                column=column,
                problem=f"{key} stands in row {first_seen[key.casefold()]} already",
                remedy="Give each row its own",
            )
        else:
            first_seen[key.casefold()] = row.number
