"""Tables in; checked rows, faults and how the table was understood out.

A reader never stops at the first fault, and never repeats what a cell of the children or
exclusions table holds. A cell is read right, asked about or refused; none is taken for nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar
from unicodedata import category

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from siting.faults import Fault, Severity
from siting.inputs.cells import Book, Cell, Kind, Row, UnreadableError
from siting.inputs.header_rows import Found, find_table, merged_faults
from siting.inputs.headings import TAKEN, Sureness, tidy_heading
from siting.inputs.marks import ASKED_MARKS, mark_faults
from siting.inputs.people_rows import PersonRow
from siting.inputs.reading import read_books
from siting.inputs.rows import NO_PLACE, PLACE_FIELDS, TYPED_PLACES, ChildRow, ExclusionRow, PlacedRow
from siting.inputs.rows import Row as TypedRow
from siting.inputs.table_understanding import Understanding, heading_faults
from siting.inputs.values import CONFIRMED_VALUES, read_confirmed
from siting.words import fold_identifier, tidy_identifier

RowT = TypeVar("RowT", bound=TypedRow)

DOUBLED = "stands in row"
"""What is said of a row whose key another has."""
MANY_ROWS = 10
"""From so many rows on a fault that touches nearly all of them is one line with a count."""
_NEARLY_ALL = 0.8
_VERY_MANY_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow(Generic[RowT]):
    """A checked row and the number that a spreadsheet shows beside it."""

    number: int
    value: RowT


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[RowT]):
    """The rows of a file that are sound, and everything found wrong in it.

    `places_only` are rows of which only the place, or the ends of a journey, can be read, so that what is wrong with
    them is told together with the rest. `understanding` says what was taken for what.
    """

    file: str
    rows: tuple[TableRow[RowT], ...]
    faults: tuple[Fault, ...]
    places_only: tuple[TableRow[RowT], ...] = ()
    understanding: Understanding = field(default_factory=lambda: Understanding(file=""))


def read_table(path: Path, row_type: type[RowT], columns: Mapping[str, str] | None = None) -> Table[RowT]:
    """Read a table of rows of one type: Excel (.xlsx, .xls), OpenDocument (.ods) or text with separators.

    The header is the row whose cells are best known as the table's headings, so title rows above
    it do no harm. Rows without any content are passed over. `columns` has what the user chose: a
    heading, and the field that it is, or `own` for none of them.
    """
    try:
        books = read_books(path)
    except UnreadableError as error:
        return _unreadable(path.name, error)
    return table_of(path.name, books, row_type, columns)


def table_of(file: str, books: Sequence[Book], row_type: type[RowT], columns: Mapping[str, str] | None = None) -> Table[RowT]:
    """Read a table out of a file's cells, as `read_table` does."""
    required = _required_columns(row_type)
    try:
        found = find_table(file, books, row_type, required[0], columns)
    except UnreadableError as error:
        return _unreadable(file, error)
    private, placed = issubclass(row_type, ChildRow | ExclusionRow), issubclass(row_type, PlacedRow)
    people = issubclass(row_type, PersonRow)
    faults = [
        *heading_faults(found.understanding, required, row_type, protective=private or people, asks=not people),
        *(_no_place_column(found, row_type) if placed else ()),
        *found.notes,
    ]
    faults += [*merged_faults(found), *mark_faults(found)]
    names = _column_names(found.understanding, row_type)
    rows: list[TableRow[RowT]] = []
    places_only: list[TableRow[RowT]] = []
    cell_faults: list[_CellFault] = []
    keys: list[tuple[int, str]] = []
    for number, row in found.rows.items():
        reading = _RowReading(number=number, row=row, names=names, private=private, key=required[0])
        sound = reading.read(row_type, {name for name in required if found.understanding.column_of(name) is None})
        (rows if reading.is_sound else places_only).extend([TableRow(number=number, value=sound)] if sound is not None else [])
        cell_faults += reading.faults
        keys.append((number, reading.key_of(required[0])))
    faults += surplus_faults(found)
    headings = {name: heading for name, heading in names.values() if name in row_type.model_fields}
    told = _told(file, cell_faults, len(found.rows), headings)
    return Table(
        file=file,
        rows=tuple(rows),
        faults=(
            *faults,
            *told,
            *(duplicate_faults(file, keys, required[0]) if placed and row_type.has_key else ()),
            *(_another_table(found, [*rows, *places_only]) if placed else ()),
        ),
        places_only=tuple(places_only),
        understanding=found.understanding,
    )


def _unreadable(file: str, error: UnreadableError) -> Table[Any]:
    fault = Fault(file=file, row=error.row, column=error.column, problem=error.problem, remedy=error.remedy)
    return Table(file=file, rows=(), faults=(fault,), understanding=Understanding(file=file))


@dataclass(frozen=True, slots=True, kw_only=True)
class _CellFault:
    row: int
    column: str | None
    problem: str
    remedy: str
    quote: str = ""
    severity: Severity = Severity.FAULT


@dataclass(slots=True, kw_only=True)
class _RowReading:
    """One row on its way from cells to a checked value; `names` has field or own name and heading, by column."""

    number: int
    row: Row
    names: Mapping[int, tuple[str, str]]
    private: bool
    key: str
    faults: list[_CellFault] = field(default_factory=list)
    is_valid: bool = True

    @property
    def is_sound(self) -> bool:
        return self.is_valid and not any(fault.severity is Severity.FAULT for fault in self.faults)

    def key_of(self, column: str) -> str:
        """Return the row's own identifier as it is typed, empty where there is none."""
        index = next((index for index, (name, _) in self.names.items() if name == column), None)
        cell = self.row.get(index) if index is not None else None
        return tidy_identifier(cell.text) if cell is not None and cell.kind not in {Kind.ERROR, Kind.NO_VALUE} else ""

    def read(self, row_type: type[RowT], missing: set[str]) -> RowT | None:
        """Return the row's value; where something else than its place is wrong, a value that holds the place alone."""
        values, faulty = self._values(row_type)
        try:
            value = row_type.model_validate(values)
        except ValidationError as error:
            self.is_valid = False
            for details in error.errors():
                self._take(details, faulty | missing)
        else:
            if self.is_sound:
                self._say_what_is_confirmed(value)
                return value
        return self._place_only(values, row_type)

    def _values(self, row_type: type[TypedRow]) -> tuple[dict[str, str], set[str]]:
        """Return the texts to be checked by name, and the names whose cells cannot be read at all."""
        values: dict[str, str] = {}
        faulty: set[str] = set()
        for index, (name, _) in self.names.items():
            cell = self.row.get(index)
            if cell is None or not cell.text:
                continue
            if cell.mark in ASKED_MARKS and name in row_type.model_fields:
                # Asked about by its look, so that what it says is not used and not told besides.
                faulty.add(name)
                self.is_valid = False
                continue
            problem = cell_problem(cell, name, row_type) if name in row_type.model_fields else None
            if problem is not None:
                self._say(name, *problem, cell)
                faulty.add(name)
            elif cell.text.strip():
                values[name] = cell.text.strip()
                self._warn_of_formula(name, cell)
        if CONFIRMED_VALUES in values:
            values[CONFIRMED_VALUES] = self._by_field(values[CONFIRMED_VALUES])
        if issubclass(row_type, PlacedRow) and faulty & set(PLACE_FIELDS) and not set(values) & set(PLACE_FIELDS):
            values["postcode"] = ""  # the fault of its cell is told, and not that there is none
        if issubclass(row_type, PlacedRow) and not faulty and set(values) <= {self.key} and len(self.names) > 1:
            self._say(None, _NOTHING, "Fill it in, or delete it", None)
        return values, faulty

    def _by_field(self, text: str) -> str:
        """Write each heading that a person named as the field that it is read into."""
        fields = {tidy_heading(heading): name for name, heading in self.names.values()}
        fields |= {tidy_heading(name): name for name, _ in self.names.values()}
        return ",".join(fields.get(tidy_heading(name), name) for name in read_confirmed(text))

    def _say_what_is_confirmed(self, value: TypedRow) -> None:
        """Say of each unusual value that it is used, and of what is confirmed for nothing that it is."""
        for name, words in value.unusual:
            problem = f"{words} is used as it stands, since {CONFIRMED_VALUES} says that it is right"
            self._say(name, problem, "Nothing is to be done if that is so", None, Severity.WARNING)
        for name in sorted(value.confirmed_values & value.plausible.keys()):
            if not value.is_unusual(name):
                problem = f"nothing is asked about {name} in this row, and it is confirmed all the same"
                self._say(CONFIRMED_VALUES, problem, "Take it out, so that a later slip is asked about", None, Severity.WARNING)

    def _place_only(self, values: dict[str, str], row_type: type[RowT]) -> RowT | None:
        """Return a row that holds where it is and nothing else; what else the type asks for is not looked at."""
        if not issubclass(row_type, PlacedRow):
            looked_up: dict[str, Any] = {name: values[name] for name in row_type.looked_up if values.get(name)}
            return row_type.model_construct(**looked_up) if looked_up else None
        own = {key: cell for key, cell in values.items() if key in PlacedRow.model_fields and cell}
        confirmed = read_confirmed(own.pop(CONFIRMED_VALUES, "")) & TYPED_PLACES
        if not own:
            return None
        try:
            place = PlacedRow.model_validate({**own, CONFIRMED_VALUES: confirmed})
        except ValidationError as error:
            for details in error.errors():
                self._take(details, set())
            return None
        return row_type.model_construct(**dict(place))

    def _take(self, details: ErrorDetails, known: set[str]) -> None:
        column = str(details["loc"][0]) if details["loc"] else None
        if column in known or (details["type"] == NO_PLACE and self._says_already()):
            return
        problem, remedy = _worded(details)
        index = next((index for index, (name, _) in self.names.items() if name == column), None)
        cell = self.row.get(index) if index is not None and details["type"] != "missing" else None
        if not any((fault.column, fault.problem) == (column, problem) for fault in self.faults):
            self._say(column, problem, remedy, cell)

    def _says_already(self) -> bool:
        """Tell whether it is said once of the table that no column has a place, or of the row that it holds nothing."""
        names = {name for name, _ in self.names.values()}
        return not names & set(PLACE_FIELDS) or any(fault.problem == _NOTHING for fault in self.faults)

    def _say(self, column: str | None, problem: str, remedy: str, cell: Cell | None, severity: Severity = Severity.FAULT) -> None:
        quote = f" ({cell.text[:40]!r})" if cell is not None and not self.private and cell.kind is not Kind.NO_VALUE else ""
        self.faults.append(
            _CellFault(row=self.number, column=column, problem=problem, remedy=remedy, quote=quote, severity=severity)
        )

    def _warn_of_formula(self, name: str, cell: Cell) -> None:
        if cell.text[0] == "=":
            problem = "the cell begins with = and is taken as plain text, not as a formula"
            self._say(name, problem, "Replace the formula by its value if that is not meant", None, Severity.WARNING)


_NUMBERS = frozenset({"easting", "northing", "latitude", "longitude", "bedrooms", "beds", "price_gbp", "works_gbp", "max_minutes",
    "weekly_cost", "radius_miles", "minutes", "minutes_high"})  # fmt: skip
_KEPT_AS_TEXT = frozenset({"address", "link", "as_at", "telephone", "mobile"})


def cell_problem(cell: Cell, name: str, row_type: type[TypedRow]) -> tuple[str, str] | None:  # noqa: PLR0911
    """Say why a cell of one of our columns cannot be read as what it shows, with the remedy."""
    if cell.kind is Kind.ERROR:
        return f"the cell holds an error ({cell.text.strip()})", "Mend the formula, or type the value"
    if cell.kind is Kind.NO_VALUE or (cell.text.strip()[:1] == "=" and name not in _KEPT_AS_TEXT and _is_formula(cell.text)):
        return (
            "the formula in this cell has no stored value",
            "Open the file in Excel, let it work out and save it, or type the value",
        )
    if not issubclass(row_type, PersonRow) and not cell.text.strip().strip("\u200b\u200c\u200d\u2060\ufeff \u00a0"):
        return "the cell holds only spaces", "Delete what is in it, or fill it in"
    if "\ufffd" in cell.text or _has_no_letter(cell.text):
        return "a letter of this cell could not be read", 'Save the file again as "CSV UTF-8" or .xlsx'
    if cell.kind is Kind.DATE and name not in _KEPT_AS_TEXT | row_type.days_and_times:
        return (
            "the cell holds a date or a time",
            "Excel may have made it of what was typed: format the cell as text and type it again",
        )
    if cell.kind is Kind.YES_NO and (name in _NUMBERS or name in _required_columns(row_type)):
        return "the cell holds yes or no", "Type the value"
    return None


def _has_no_letter(text: str) -> bool:
    # Nearly every text is printable, which is known at once. What is no letter at all shows that bytes were damaged.
    return not text.isprintable() and any(category(letter) in {"Cc", "Cn", "Cs"} and letter not in "\t\r\n" for letter in text)


def _is_formula(text: str) -> bool:
    return any(mark in text for mark in "()+*/&!") or text.strip()[1:].isalnum()


def _column_names(understanding: Understanding, row_type: type[TypedRow]) -> dict[int, tuple[str, str]]:
    """Return of each column that is read or travels along the field or own name, and its heading."""
    names: dict[int, tuple[str, str]] = {}
    used = set(row_type.model_fields)
    for use in understanding.columns:
        if use.sure in TAKEN and use.field:
            names[use.index] = (use.field, use.heading)
        elif use.sure in {Sureness.OWN, Sureness.NOT_USED}:
            name = tidy_heading(use.heading).replace(" ", "_")
            while name in used:
                name = f"own_{name}"
            used.add(name)
            names[use.index] = (name, use.heading)
    return names


def _required_columns(row_type: type[TypedRow]) -> list[str]:
    return [*row_type.needed_columns, *(name for name, known in row_type.model_fields.items() if known.is_required())]


def _no_place_column(found: Found, row_type: type[TypedRow]) -> list[Fault]:
    """Ask where a table says where its rows are, once for the table; a child's place may be missing, not all the children's."""
    columns = found.understanding.columns
    doubtful = any(use.sure is Sureness.DOUBT and set(use.maybe) & set(PLACE_FIELDS) for use in columns)
    if doubtful or any(found.understanding.column_of(name) for name in PLACE_FIELDS):
        return []
    words = any(tidy_heading(use.heading) in {"what3words", "what 3 words", "w3w", "plus code"} for use in columns)
    remedy = "Add postcode, or easting and northing, or latitude and longitude, or grid_reference"
    return [
        Fault(
            file=found.understanding.file,
            row=found.understanding.header_row,
            column="postcode",
            problem="no column says where the "
            + ("families live" if issubclass(row_type, ChildRow) else "rows are")
            + ("; what3words and plus codes are not read" if words else ""),
            remedy=remedy,
        )
    ]


def surplus_faults(found: Found) -> Iterator[Fault]:
    """Name the rows of a text file that are longer than its header: a comma in a text has moved their cells."""
    width = max((use.index for use in found.understanding.columns if use.heading), default=-1) + 1
    for number, row in found.rows.items() if found.is_text else ():
        filled = max((column for column, cell in row.items() if column >= width and cell.text.strip()), default=-1) + 1
        if filled:
            yield Fault(
                file=found.understanding.file,
                row=number,
                problem=f"the row has {filled} cells and the header only {width}",
                remedy="Put quotes around text that holds a comma",
            )


def _another_table(found: Found, rows: Sequence[TableRow[Any]]) -> Iterator[Fault]:
    """Ask about rows below an empty one of which none has a place, where a place may be missing: they may be another table."""
    blocks: list[list[TableRow[Any]]] = []
    for row in sorted(rows, key=lambda row: row.number):
        if not blocks or not _is_filled(found, range(blocks[-1][-1].number + 1, row.number)):
            blocks.append([])
        blocks[-1].append(row)
    placed = [any(row.value.has_place for row in block) for block in blocks]
    for before, block in enumerate(blocks[1:]):
        if not block[0].value.needs_place and any(placed[: before + 1]) and not placed[before + 1]:
            yield Fault(
                file=found.understanding.file,
                row=block[0].number,
                rows=tuple(row.number for row in block),
                problem="below an empty row stand rows without a place, which may be another table",
                remedy="Delete the other table, or put it on a sheet of its own; if they belong to this one, delete the row",
            )


def _is_filled(found: Found, numbers: range) -> bool:
    """Tell whether something stands in each of some rows of the sheet."""
    return all(any(cell.text.strip() for cell in found.sheet.rows.get(number, {}).values()) for number in numbers)


_NOTHING = "the row holds nothing but its reference"
_WORDING = {
    NO_PLACE: ("no place is given", "Fill in postcode, or easting and northing, or latitude and longitude"),
    "missing": ("the cell is empty", "Fill it in"),
    "string_too_short": ("the cell is empty", "Fill it in"),
    "float_parsing": ("this is not a number", "Write it in figures"),
    "int_parsing": ("this is not a whole number", "Write it in figures"),
    "int_from_float": ("this is not a whole number", "Write it in figures"),
    "finite_number": ("this is not a number", "Write it in figures"),
    "enum": ("this word is not known", "Write one of: candidate, bought, open"),
    "greater_than_equal": ("the number must not be negative", "Correct it"),
    "greater_than": ("the number must be more than 0", "Correct it"),
}


def _worded(details: ErrorDetails) -> tuple[str, str]:
    context: Mapping[str, Any] = details.get("ctx", {})
    if details["type"] == "cell":
        return str(context["problem"]), str(context["remedy"])
    if details["type"] in _WORDING:
        return _WORDING[details["type"]]
    if details["type"] == "less_than_equal":
        return f"the number must be at most {context['le']}", "Correct it"
    problem = details["msg"].removeprefix("Value error, ")
    return problem[0].lower() + problem[1:], "Correct it"


def _told(file: str, faults: Sequence[_CellFault], row_count: int, headings: Mapping[str, str]) -> Iterator[Fault]:
    """Word the faults of cells, one a cell; of one that touches nearly every row a line with a count."""

    def fault(one: _CellFault) -> Fault:
        return Fault(
            file=file,
            row=one.row,
            column=_shown(one.column, headings),
            problem=one.problem + one.quote,
            remedy=one.remedy,
            severity=one.severity,
        )

    told = [fault(one) for one in faults]
    yield from gather_faults(
        told, row_count, key=lambda index: (faults[index].column, faults[index].problem, faults[index].remedy)
    )


def gather_faults(faults: Sequence[Fault], row_count: int, key: Callable[[int], object]) -> Iterator[Fault]:
    """Make one line of the faults that say the same of nearly every row of a table; `key` tells by index what is the same."""
    groups: dict[object, list[Fault]] = {}
    for index, fault in enumerate(faults):
        groups.setdefault((key(index), fault.severity), []).append(fault)
    for group in groups.values():
        rows = tuple(sorted(fault.row for fault in group if fault.row is not None))
        many = len(rows) >= MANY_ROWS and len(rows) >= row_count * _NEARLY_ALL
        if many or len(rows) >= _VERY_MANY_ROWS:
            yield replace(min(group, key=lambda fault: fault.row or 0), rows=rows)
        else:
            yield from group


def _shown(column: str | None, headings: Mapping[str, str]) -> str | None:
    """Return a column as the user finds it: by its heading where that is not the field's name."""
    heading = headings.get(column or "")
    return column if heading is None or tidy_heading(heading).replace(" ", "_") == column else heading


def duplicate_faults(file: str, keys: Iterable[tuple[int, str]], column: str) -> Iterator[Fault]:
    """Name the rows whose key, given with the row's number, stands in a row before, or is taken for the same."""
    first_seen: dict[str, tuple[int, str]] = {}
    for number, key in keys:
        if not key:
            continue
        folded = fold_identifier(key)
        if folded in first_seen:
            first, other = first_seen[folded]
            yield Fault(
                file=file,
                row=number,
                column=column,
                problem=f"{key} {DOUBLED} {first} already" + ("" if key == other else f", as {other}"),
                remedy="Give each row its own",
            )
        else:
            first_seen[folded] = (number, key)
