"""Which sheet of a file is the table, where its headings stand, and which of its rows are read."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from siting.faults import Fault, Severity, spans
from siting.inputs.cells import HEADER_SEARCH_ROWS, Book, Columns, Kind, Mark, Row, Sheet, UnreadableError
from siting.inputs.headings import TAKEN, ColumnUse, Sureness, heading_score, take_headings
from siting.inputs.rows import ExclusionRow, PlacedRow
from siting.inputs.rows import Row as TypedRow
from siting.inputs.table_understanding import LeftOut, Understanding

_LEAST_KNOWN = 2
"""Of a table of people, whose rows may hold a word of a heading: so many columns make a header."""
_SUM = re.compile(r"(grand |sub ?|overall )?totals?( .*)?|totals?:.*", re.IGNORECASE)
_TOTAL = re.compile(
    r"(grand |sub ?|overall )?(totals?|sum|average|mean|count|median|max(imum)?|min(imum)?)( .*)?|totals?:.*"
    r"|.{1,60} (sub-? ?)?totals?:?",
    re.IGNORECASE,
)
STRUCK = "struck through"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The table in a file: its sheet, the headings and the rows below them that are read."""

    sheet: Sheet
    understanding: Understanding
    rows: Mapping[int, Row]
    is_text: bool
    notes: tuple[Fault, ...]


def find_table(
    file: str, books: Sequence[Book], row_type: type[TypedRow], required: str, chosen: Mapping[str, str] | None
) -> Found:
    """Choose the sheet and its header row; of a text file the separator under which the headings are best.

    Raises
    ------
    UnreadableError
        Where there is no table, it is on a hidden sheet, or two sheets may be it.
    """
    looks = [
        _Look(book=book, sheet=sheet, header=header, uses=uses)
        for book in books
        for sheet in book.sheets
        for header, uses in [_header(sheet, row_type, required, chosen)]
    ]
    full = [look for look in looks if not look.sheet.is_empty]
    if not full:
        raise UnreadableError(problem="the file is empty", remedy="Fill it in, or take it out of the plan")
    best = _best(full, required)
    assert best.header is not None  # noqa: S101 - the best has one
    understanding = Understanding(
        file=file,
        sheet=best.sheet.name or None,
        other_sheets=tuple(look.sheet.name for look in looks if look.sheet is not best.sheet and look.sheet.name),
        header_row=best.header,
        columns=best.uses,
    )
    return _rows(best, understanding, full, row_type, required)


def names_a_sum(text: str) -> bool:
    """Tell whether a text stands beside a sum, as `Total` does."""
    return _TOTAL.fullmatch(text) is not None


def columns_taken(start: Sheet, row_type: type[TypedRow], required: str) -> Columns | None:
    """Return which columns a table reads, by the rows with which it begins; None where nothing is known of any heading."""
    _, uses = _header(start, row_type, required, None)
    taken = frozenset(use.index for use in uses if use.sure in TAKEN)
    return Columns(taken=taken, width=max(use.index for use in uses) + 1) if taken else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    book: Book
    sheet: Sheet
    header: int | None
    uses: tuple[ColumnUse, ...]

    def score(self, required: str) -> tuple[int, int, int]:
        return (*heading_score(self.uses, required), len(self.uses)) if self.header is not None else (0, 0, 0)


def _header(
    sheet: Sheet, row_type: type[TypedRow], required: str, chosen: Mapping[str, str] | None
) -> tuple[int | None, tuple[ColumnUse, ...]]:
    best: tuple[tuple[int, int, int], int | None, tuple[ColumnUse, ...]] = ((0, 0, 0), None, ())
    for number in sorted(sheet.rows)[:HEADER_SEARCH_ROWS]:
        headings = _words(sheet.rows[number])
        uses = take_headings(headings, row_type, chosen)
        score = heading_score(uses, required)
        # One in doubt is a heading too, as no word of a row of cells is.
        likely = len({use.field or use.maybe for use in uses if use.sure in TAKEN or use.sure is Sureness.DOUBT})
        likely += score[0] - len({use.field for use in uses if use.sure in TAKEN})
        if (likely, *score) > best[0] and (score[0] >= _LEAST_KNOWN or (score[0] and issubclass(row_type, PlacedRow))):
            best = (likely, *score), number, uses
    if best[1] is None:
        # Nothing is known of any heading: the first row of several words is what the user has to mend.
        for number in sorted(sheet.rows)[:HEADER_SEARCH_ROWS]:
            headings = _words(sheet.rows[number])
            if len(headings) > 1:
                return number, take_headings(headings, row_type, chosen)
        return None, ()
    above = _words(sheet.rows.get(best[1] - 1, {}))
    return best[1], take_headings(_words(sheet.rows[best[1]]), row_type, chosen, above) if above else best[2]


def _words(row: Row) -> dict[int, str]:
    """Return what may be headings of a row: an error is none."""
    return {column: cell.text for column, cell in row.items() if cell.text.strip() and cell.kind is not Kind.ERROR}


def _best(looks: Sequence[_Look], required: str) -> _Look:
    visible = [look for look in looks if look.sheet.visible]
    ranked = sorted(visible, key=lambda look: look.score(required), reverse=True)
    hidden = [look for look in looks if not look.sheet.visible and look.score(required)[0] > 2]  # noqa: PLR2004 - the key is there
    if hidden and (not ranked or ranked[0].score(required)[0] <= 2):  # noqa: PLR2004
        raise UnreadableError(
            problem=f'the table seems to be on the hidden sheet "{hidden[0].sheet.name}"',
            remedy="Unhide the sheet, or copy the table to one that is seen",
        )
    if not ranked or ranked[0].header is None:
        raise UnreadableError(
            problem=f"no header row was found with the column {required}", remedy="Put the column names in one row above the data"
        )
    if len(ranked) > 1 and ranked[0].book is ranked[1].book:
        first, second = ranked[0], ranked[1]
        if first.score(required)[0] > 2 and second.score(required)[0] >= first.score(required)[0] - 1:  # noqa: PLR2004
            raise UnreadableError(
                problem=f'two sheets may be the table: "{first.sheet.name}" and "{second.sheet.name}"',
                remedy="Keep the table on one sheet, and hide or delete the other",
            )
    return ranked[0]


def _rows(best: _Look, understanding: Understanding, looks: Sequence[_Look], row_type: type[TypedRow], required: str) -> Found:
    sheet, header = best.sheet, understanding.header_row or 0
    below = {
        number: row for number, row in sorted(sheet.rows.items()) if number > header and any(c.text.strip() for c in row.values())
    }
    hidden = [number for number in below if number in sheet.hidden_rows]
    below = {number: row for number, row in below.items() if number not in sheet.hidden_rows}
    taken = {use.index for use in understanding.columns if use.sure in TAKEN}
    struck = [number for number, row in below.items() if _is_struck(row, taken)]
    below = {number: row for number, row in below.items() if not _is_struck(row, taken)}
    if not below and not hidden and not struck:
        raise UnreadableError(problem="the file has a header but no rows", remedy="Fill it in, or take it out of the plan")
    headings = {use.index: use.heading.casefold() for use in understanding.columns}
    repeated = [number for number, row in below.items() if _repeats(row, headings)]

    def is_sum(row: Row) -> bool:
        if issubclass(row_type, PlacedRow):
            return _is_total(row, understanding, required)
        # Somebody may be called Max.
        return any(_SUM.fullmatch(cell.text.strip()) for cell in row.values())

    totals = [number for number, row in below.items() if number not in repeated and is_sum(row)]
    left_out = {
        "hidden by a filter" if sheet.filtered else "hidden": hidden,
        STRUCK: struck,
        "the headings again": repeated,
        "a total or another sum": totals,
    }
    kept = {number: row for number, row in below.items() if number not in {*repeated, *totals}}
    understanding = replace(
        understanding,
        rows_read=len(kept),
        left_out=tuple(LeftOut(rows=tuple(rows), why=why) for why, rows in left_out.items() if rows),
        columns=_with_unnamed(understanding.columns, kept, is_text=best.book.is_text),
    )
    notes = [_left_out_note(understanding.file, left, row_type) for left in understanding.left_out]
    notes += _sheet_notes(understanding, best, looks)
    notes += _hidden_columns(understanding, sheet)
    return Found(sheet=sheet, understanding=understanding, rows=kept, is_text=best.book.is_text, notes=tuple(notes))


def _is_struck(row: Row, taken: AbstractSet[int]) -> bool:
    """Tell whether all that is read of a row is struck through."""
    read = [cell for column, cell in row.items() if column in taken and cell.text.strip()]
    return bool(read) and all(cell.mark is Mark.STRUCK for cell in read)


def _repeats(row: Row, headings: Mapping[int, str]) -> bool:
    filled = 0
    for column, cell in row.items():
        if cell.text.strip():
            if " ".join(cell.text.split()).casefold() != headings.get(column):
                return False
            filled += 1
    return filled > 1


def _is_total(row: Row, understanding: Understanding, required: str) -> bool:
    """Tell a row of sums: a cell says so, and the row names no thing and no place of its own."""
    key = understanding.column_of(required)
    own = row.get(key.index) if key else None
    if own is not None and own.text.strip() and not _TOTAL.fullmatch(own.text.strip()):
        return False
    placed = {use.index for use in understanding.columns if use.field in {"postcode", "easting", "latitude", "lat_long", "uprn"}}
    if any(index in row and row[index].text.strip() and not _TOTAL.fullmatch(row[index].text.strip()) for index in placed):
        return False
    return any(_TOTAL.fullmatch(cell.text.strip()) for cell in row.values())


def _with_unnamed(columns: Sequence[ColumnUse], rows: Mapping[int, Row], *, is_text: bool) -> tuple[ColumnUse, ...]:
    """Add the columns that hold values below no heading; in a text file those beyond the header are told row by row."""
    known = {use.index for use in columns}
    width = max(known, default=0) if is_text else 1_000_000
    filled = {column for row in rows.values() for column, cell in row.items() if column not in known and cell.text.strip()}
    unnamed = [
        ColumnUse(index=column, heading="", field=None, sure=Sureness.UNNAMED) for column in sorted(filled) if column < width
    ]
    return tuple(sorted((*columns, *unnamed), key=lambda use: use.index))


def _left_out_note(file: str, left: LeftOut, row_type: type[TypedRow]) -> Fault:
    many = len(left.rows) > 1
    if left.why == STRUCK:
        return Fault(
            file=file,
            row=left.rows[0],
            rows=left.rows,
            problem=f"{len(left.rows)} rows are {STRUCK}" if many else f"the row is {STRUCK}",
            remedy="Delete what no longer holds; take the line off what is meant",
        )
    # A place that a child must not live near is in force or refused, never passed over.
    stops = left.why.startswith("hidden") and issubclass(row_type, ExclusionRow)
    return Fault(
        file=file,
        row=left.rows[0],
        rows=left.rows,
        problem=f"{len(left.rows)} rows are left out: {left.why}" if many else f"the row is left out: {left.why}",
        remedy="Show the rows if they are meant, or delete them"
        if left.why.startswith("hidden")
        else "Nothing is to be done if that is right",
        severity=Severity.FAULT if stops else Severity.WARNING,
    )


def _sheet_notes(understanding: Understanding, best: _Look, looks: Sequence[_Look]) -> list[Fault]:
    others = [look.sheet for look in looks if look.sheet is not best.sheet and look.book is best.book]
    if not others:
        return []
    named = ", ".join(f'"{sheet.name}"' + ("" if sheet.visible else " (hidden)") for sheet in others[:6])
    return [
        Fault(
            file=understanding.file,
            problem=f'the sheet "{best.sheet.name}" is read, and not {named}',
            remedy="Nothing is to be done if that is right",
            severity=Severity.WARNING,
        )
    ]


def _hidden_columns(understanding: Understanding, sheet: Sheet) -> list[Fault]:
    hidden = [use for use in understanding.columns if use.index in sheet.hidden_columns and use.sure in TAKEN]
    return [
        Fault(
            file=understanding.file,
            row=understanding.header_row,
            column=use.heading,
            problem=f"the column is hidden in the sheet and is read all the same, as {use.field}",
            remedy="Show it and look whether it is right, or delete it",
            severity=Severity.WARNING,
        )
        for use in hidden
    ]


def merged_faults(found: Found) -> list[Fault]:
    """Name merged cells in the columns that are read: only the first of each holds a value."""
    columns = {use.index: use for use in found.understanding.columns if use.sure in TAKEN}
    header = found.understanding.header_row or 0
    faults = []
    for top, left, bottom, right in found.sheet.merged:
        touched = [columns[index] for index in range(left, right + 1) if index in columns]
        rows = [number for number in range(max(top, header), bottom + 1) if number == header or number in found.rows]
        alone = top == bottom and rows and _is_alone(found.sheet.rows.get(top, {}), left)
        if touched and rows and not alone and (top, left) != (bottom, right):
            faults.append(
                Fault(
                    file=found.understanding.file,
                    row=rows[0],
                    rows=tuple(rows),
                    column=touched[0].heading,
                    problem=f"merged cells (rows {spans(range(top, bottom + 1))}), of which only the first holds a value",
                    remedy="Unmerge them and fill in each cell",
                )
            )
    return faults


def _is_alone(row: Row, left: int) -> bool:
    """Tell whether a merged cell is all that its row holds, as a title between the rows is."""
    return set(row) == {left}
