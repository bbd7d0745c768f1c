"""A table of named places as columns, however many there are.

A text table of millions of rows is read as columns where it is plain: an identifier beside figures. Whatever else stands in a
row is looked at as in any other table (see `tables`), so that it is read right, asked about or refused by the same rules.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from siting.crs import EASTING_RANGE_M, NORTHING_RANGE_M, each_in_great_britain, to_metres
from siting.faults import Fault, Severity, stopping
from siting.inputs.cells import HEADER_SEARCH_ROWS, MOST_ROWS, Book, Kind, Row, Sheet, UnreadableError
from siting.inputs.delimited import filled_cells, separators_of, split_rows, split_rows_by_the_thousand
from siting.inputs.header_rows import Found, find_table, names_a_sum
from siting.inputs.headings import TAKEN
from siting.inputs.locating import IN_THE_SEA, USED_BY_A_ROAD, locate_table
from siting.inputs.postcodes import each_covered, is_settled
from siting.inputs.reading import read_text_table
from siting.inputs.rows import PointRow
from siting.inputs.table_understanding import heading_faults
from siting.inputs.tables import DOUBLED, Table, duplicate_faults, gather_faults, read_table, table_of
from siting.inputs.values import read_identifier
from siting.place import NATIONAL_GRID, Place, Places
from siting.words import BNG, fold_identifier, tidy_identifier

FEW_ROWS = 5_000
"""A shorter table is read row by row: that takes no longer than a second."""
_AT_ONCE, _FEW_AT_ONCE = 50_000, 50
_KEY, _NAME = "id", "name"
_PAIRS = (("easting", "northing"), ("latitude", "longitude"))
_A_FIGURE = r"-?[0-9]{1,7}(?:\.[0-9]{1,12})?"
_A_KEY = r"(?:(?!(?:com|lpt)[0-9])[a-z_]{0,12}[0-9][a-z0-9_]{0,40}|[a-z]{1,2}[0-9][0-9a-z]? [0-9][a-z]{2})"
"""Letters with figures, or a unit postcode."""
_FIGURES, _MANY_FIGURES = re.compile(_A_FIGURE), re.compile(rf"{_A_FIGURE}(?:\n{_A_FIGURE})*+")
_KEYS, _MANY_KEYS = (re.compile(form, re.IGNORECASE | re.ASCII) for form in (_A_KEY, rf"{_A_KEY}(?:\n{_A_KEY})*+"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Named places as columns: their identifiers and names (object arrays of texts), and where they are."""

    ids: np.ndarray
    names: np.ndarray
    places: Places

    @classmethod
    def of(cls, points: Sequence[tuple[str, str, Place | None]]) -> "Points":
        """Put places with their identifiers and names into columns."""
        return cls(
            ids=np.array([name for name, _, _ in points], dtype=object),
            names=np.array([name for _, name, _ in points], dtype=object),
            places=Places.of([place for _, _, place in points]),
        )


def read_points(path: Path, few_rows: int = FEW_ROWS) -> tuple[Points, list[Fault]]:
    """Read a table of named places (see `rows.PointRow`), with all that is wrong with it.

    A place in the sea is used, and said: what counts is whether a road is near. A text table of more than `few_rows` rows is
    read as columns where it is plain.
    """
    try:
        text = read_text_table(path)
        if text is not None and text.count("\n") > few_rows:
            books = _start_of(text)
            columns = _find_columns(path.name, books)
            if columns is not None:
                return _read_columns(path.name, text, columns)
            start = table_of(path.name, list(books.values()), PointRow)
            if text.count("\n") > MOST_ROWS and stopping(start.faults):
                return _read_rows(start)
    except UnreadableError as error:
        fault = Fault(file=path.name, row=error.row, column=error.column, problem=error.problem, remedy=error.remedy)
        return Points.of([]), [fault]
    return _read_rows(read_table(path, PointRow))


def _read_rows(table: Table[PointRow]) -> tuple[Points, list[Fault]]:
    places, told = locate_table(table, unsettled_stops=False)
    return _points_of(table, places), [*table.faults, *told]


def _points_of(table: Table[PointRow], places: Mapping[int, Place]) -> Points:
    return Points.of([(row.value.id, row.value.name or row.value.id, places.get(row.number)) for row in table.rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where a text table's plain columns stand.

    `separator` parts its cells, `start` are the rows down to its header, `width` is the header's; `name` is None where there is
    none, and `empty` are the columns that a plain row leaves empty.
    """

    separator: str
    start: Mapping[int, Row]
    header: int
    width: int
    key: int
    name: int | None
    pair: tuple[str, str]
    first: int
    second: int
    first_heading: str
    empty: tuple[int, ...]


def _start_of(text: str) -> dict[str, Book]:
    """Return the rows with which a text begins, as each separator would part them."""
    books, refusals = {}, []
    for separator in separators_of(text):
        first = islice(split_rows(text, separator), 2 * HEADER_SEARCH_ROWS)
        try:
            rows = {number: row for number, cells in first if (row := filled_cells(cells))}
        except UnreadableError as error:
            refusals.append(error)
        else:
            books[separator] = Book(sheets=(Sheet(name="", rows=rows),), is_text=True)
    if not books:
        raise refusals[0]
    return books


def _find_columns(file: str, books: Mapping[str, Book]) -> "_Columns | None":
    """Find the plain columns by the rows with which a table begins; None where all is to be looked at row by row."""
    found = find_table(file, list(books.values()), PointRow, _KEY, None)
    if stopping(heading_faults(found.understanding, [_KEY], PointRow, protective=False)):
        return None
    separator = next(separator for separator, book in books.items() if book.sheets[0] is found.sheet)
    return _columns_of(found, separator)


def _columns_of(found: Found, separator: str) -> _Columns | None:
    uses = {use.field: use for use in found.understanding.columns if use.sure in TAKEN and use.field}
    pair = next((pair for pair in _PAIRS if set(pair) <= uses.keys()), None)
    header = found.understanding.header_row
    if pair is None or _KEY not in uses or header is None:
        return None
    own = {use.index for use in found.understanding.columns if use.sure not in TAKEN and use.heading}
    name = uses[_NAME].index if _NAME in uses else None
    width = max(use.index for use in found.understanding.columns if use.heading) + 1
    read = {uses[one].index for one in (_KEY, _NAME, *pair) if one in uses}
    return _Columns(
        separator=separator,
        start={number: row for number, row in found.sheet.rows.items() if number <= header},
        header=header,
        width=width,
        key=uses[_KEY].index,
        name=name,
        pair=pair,
        first=uses[pair[0]].index,
        second=uses[pair[1]].index,
        first_heading=uses[pair[0]].heading,
        empty=tuple(sorted(set(range(width)) - read - own)),
    )


@dataclass(slots=True, kw_only=True)
class _Plain:
    """The plain rows so far, and the others by their number."""

    numbers: list[np.ndarray] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    places: list[np.ndarray] = field(default_factory=list)
    unsettled: list[tuple[int, float, float]] = field(default_factory=list)
    others: dict[int, Row] = field(default_factory=dict)


def _read_columns(file: str, text: str, columns: _Columns) -> tuple[Points, list[Fault]]:
    plain = _Plain()
    first_row = 1
    for some in split_rows_by_the_thousand(text, columns.separator, _AT_ONCE):
        above = max(columns.header - first_row + 1, 0)
        _take(some[above:], first_row + above, columns, plain)
        first_row += len(some)
        if len(plain.others) > MOST_ROWS:
            return Points.of([]), [_too_many(file, columns, plain)]
    table = table_of(file, [Book(sheets=(Sheet(name="", rows={**columns.start, **plain.others}),), is_text=True)], PointRow)
    places, told = locate_table(table, unsettled_stops=False)
    numbers = np.concatenate([*plain.numbers, np.array([row.number for row in table.rows], dtype=np.int64)])
    points = _together(plain, _points_of(table, places), numbers)
    doubled = _doubled(file, columns, plain, table)
    faults = [fault for fault in table.faults if not (doubled and DOUBLED in fault.problem)]
    return points, [*faults, *told, *doubled, *_unsettled(file, columns, plain)]


def _take(rows: Sequence[list[str]], first_row: int, columns: _Columns, plain: _Plain) -> None:
    """Take the plain ones of some rows as they are, and put the others aside."""
    is_plain = np.array(_which_are_plain(rows, columns), dtype=bool)
    likely = [rows[at] for at in np.flatnonzero(is_plain).tolist()]
    first = np.array([cells[columns.first] for cells in likely], dtype=np.float64)
    second = np.array([cells[columns.second] for cells in likely], dtype=np.float64)
    x_m, y_m, known = _located(columns.pair, first, second)
    settled = is_settled(x_m, y_m)
    # Figures that would be right the other way round are asked about.
    known &= settled | (columns.pair != _PAIRS[0]) | ~is_settled(y_m, x_m)
    if not plain.ids and known.any():
        # One row at least is read with the others, so that what there is to say of the headings is said.
        known[np.argmax(known)] = False
    taken = np.flatnonzero(known).tolist()
    numbers = first_row + np.flatnonzero(is_plain)
    plain.numbers.append(numbers[known])
    plain.places.append(np.stack([x_m[known], y_m[known]]))
    plain.ids += [likely[at][columns.key] for at in taken]
    if columns.name is not None:
        plain.names += [likely[at][columns.name].strip() for at in taken]
    at_sea = known & ~settled
    plain.unsettled += zip(numbers[at_sea].tolist(), x_m[at_sea].tolist(), y_m[at_sea].tolist(), strict=True)
    is_plain[np.flatnonzero(is_plain)[~known]] = False
    others = ((first_row + at, filled_cells(rows[at])) for at in np.flatnonzero(~is_plain).tolist())
    plain.others |= {number: row for number, row in others if row}


def _which_are_plain(rows: Sequence[list[str]], columns: _Columns) -> list[bool]:
    """Tell of each row whether it is plain; of many at once where all of them are."""
    if _all_plain(rows, columns):
        return [True] * len(rows)
    if len(rows) <= _FEW_AT_ONCE:
        return [_looks_plain(cells, columns) for cells in rows]
    half = len(rows) // 2
    return [*_which_are_plain(rows[:half], columns), *_which_are_plain(rows[half:], columns)]


def _all_plain(rows: Sequence[list[str]], columns: _Columns) -> bool:
    if not rows or set(map(len, rows)) != {columns.width}:
        return False
    for column, cells in enumerate(zip(*rows, strict=True)):
        text = "\n".join(cells)
        if text.count("\n") >= len(rows):
            good = False  # a cell of several lines
        elif column in columns.empty:
            good = not any(cells)
        elif column in {columns.first, columns.second}:
            good = _MANY_FIGURES.fullmatch(text) is not None
        elif column == columns.key:
            good = _MANY_KEYS.fullmatch(text) is not None
        else:
            good = text[:1] != "=" and "\n=" not in text and (column != columns.name or all(map(_is_plain_name, cells)))
        if not good:
            return False
    return True


def _looks_plain(cells: list[str], columns: _Columns) -> bool:
    """Tell whether a row says nothing but an identifier, figures and what the table's owner keeps beside them."""
    return (
        len(cells) == columns.width
        and _FIGURES.fullmatch(cells[columns.first]) is not None
        and _FIGURES.fullmatch(cells[columns.second]) is not None
        and _is_plain_key(cells[columns.key])
        and not any(cells[column] for column in columns.empty)
        and not any(cell[:1] == "=" for cell in cells)
        and (columns.name is None or _is_plain_name(cells[columns.name]))
    )


def _is_plain_key(text: str) -> bool:
    if _KEYS.fullmatch(text):
        return True
    try:
        return bool(text) and text.isascii() and read_identifier(text) == text and not names_a_sum(text)
    except ValueError:
        return False


def _is_plain_name(text: str) -> bool:
    return text.isprintable() and "\ufffd" not in text and "#" not in text and not (text and text.isspace())


def _located(pair: tuple[str, str], first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return metres of the National Grid, and of which rows it is plain that they are right."""
    if pair == _PAIRS[0]:
        (west, east), (south, north) = EASTING_RANGE_M, NORTHING_RANGE_M
        return first, second, (west <= first) & (first <= east) & (south <= second) & (second <= north)
    known = each_in_great_britain(second, first) & each_covered(second, first)
    x_m, y_m = np.full(len(first), np.nan), np.full(len(first), np.nan)
    x_m[known], y_m[known] = to_metres(second[known], first[known], NATIONAL_GRID)
    return x_m, y_m, known & np.isfinite(x_m)


def _together(plain: _Plain, others: Points, numbers: np.ndarray) -> Points:
    """Put plain rows and others into the order of the file; `numbers` has those of the plain ones first."""
    order = np.argsort(numbers, kind="stable")
    x_m, y_m = np.concatenate(plain.places, axis=1)
    ids = np.array([*plain.ids, *others.ids], dtype=object)
    names = [name or key for name, key in zip(plain.names or plain.ids, plain.ids, strict=True)]
    return Points(
        ids=ids[order],
        names=np.array([*names, *others.names], dtype=object)[order],
        places=Places(
            x_m=np.concatenate([x_m, others.places.x_m])[order],
            y_m=np.concatenate([y_m, others.places.y_m])[order],
            epsg=np.concatenate([np.full(len(x_m), BNG, dtype=np.int32), others.places.epsg])[order],
        ),
    )


def _doubled(file: str, columns: _Columns, plain: _Plain, table: Table[PointRow]) -> list[Fault]:
    """Name all rows whose identifier stands in a row before; none where that is so of the others alone."""
    passed_over = {row for left in table.understanding.left_out for row in left.rows}
    others = {
        number: row[columns.key] for number, row in plain.others.items() if columns.key in row and number not in passed_over
    }
    keys = [(number, tidy_identifier(cell.text)) for number, cell in others.items() if cell.kind is not Kind.ERROR]
    # What is plain has no letter that folds otherwise.
    of_plain, of_others = list(map(str.lower, plain.ids)), [fold_identifier(key) for _, key in keys]
    if len(single := set(of_plain)) == len(of_plain) and single.isdisjoint(of_others):
        return []
    numbers = np.concatenate(plain.numbers).tolist()
    found = list(duplicate_faults(file, sorted([*zip(numbers, plain.ids, strict=True), *keys]), _KEY))
    return list(gather_faults(found, len(numbers) + len(keys), key=lambda _: _KEY))


def _unsettled(file: str, columns: _Columns, plain: _Plain) -> list[Fault]:
    column = columns.first_heading

    def fault(number: int, x_m: float, y_m: float) -> Fault:
        where = f" ({x_m:.0f}, {y_m:.0f})" if columns.pair == _PAIRS[0] else ""
        return Fault(
            file=file,
            row=number,
            column=column,
            problem=f"{IN_THE_SEA}{where}",
            remedy=f"Check the figures and their signs; {USED_BY_A_ROAD}",
            severity=Severity.WARNING,
        )

    return list(gather_faults([fault(*one) for one in plain.unsettled], len(plain.ids), key=lambda _: column))


def _too_many(file: str, columns: _Columns, plain: _Plain) -> Fault:
    one, other = columns.pair
    return Fault(
        file=file,
        row=min(plain.others),
        problem=f"more than {MOST_ROWS:,} rows hold something else than an identifier, {one} and {other} in plain figures",
        remedy="Write these three alone, as in A17, 486400, 208800, or part the table into several files",
    )
