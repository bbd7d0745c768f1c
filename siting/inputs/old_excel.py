"""Workbooks of Excel 97 to 2003 (.xls) to cells, with errors, merged cells and what is hidden."""

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from siting.inputs.cells import (
    MOST_COLUMNS,
    Book,
    Cell,
    Kind,
    Mark,
    Sheet,
    UnreadableError,
    cell_name,
    check_size,
    number_text,
    text_cell,
    with_struck,
)
from siting.inputs.number_formats import number_cell

_VISIBLE = 0
_BOF, _EOF, _FORMULA = {0x0009, 0x0209, 0x0409, 0x0809}, 0x000A, {0x0006, 0x0206, 0x0406}
"""Kinds of records: where a sheet begins, where it ends, a formula ([MS-XLS], 2.4)."""
_ONE_CELL = _FORMULA | {0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
"""Kinds of records that hold one cell: LabelSst, Number, Label, BoolErr, RK; each begins with row and column."""
_SEVERAL_CELLS = 0x00BD
"""MulRk: row and first column, cells, and the last column in the last two bytes."""
_TO_BE_WORKED_OUT = 0b11
_EMPTY_TEXT = 3
_WHITE, _NO_FILL = frozenset({1, 9}), 0
"""Colours of every palette, and the pattern of a ground without one."""
_SUMMARY = "SummaryInformation".encode("utf-16-le")
"""A part of every workbook that Excel or LibreOffice has saved."""


def read_old_excel(content: bytes) -> Book:
    """Read every sheet of a workbook in Excel's former format.

    Raises
    ------
    UnreadableError
        Where it is protected by a password, or a document of another program in the same container.
    """
    import xlrd  # noqa: PLC0415 - only files of this format need it

    remarks = io.StringIO()
    try:
        # Its remarks would stand among the command's own answers.
        book = xlrd.open_workbook(logfile=remarks, file_contents=content, formatting_info=True, on_demand=True)
    except xlrd.XLRDError as error:
        if "ncrypted" in str(error) or b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
            raise UnreadableError(problem="the file is protected by a password", remedy="Save it without one") from error
        raise UnreadableError(
            problem="the file is not an Excel workbook, or is damaged",
            remedy="Open it in Excel and save it as an Excel workbook (.xlsx)",
        ) from error
    if "truncated" in remarks.getvalue():
        raise UnreadableError(
            problem="the file is damaged or cut off", remedy="Download or copy it again, or save it again where it was made"
        )
    saved = _SUMMARY in content
    return Book(sheets=tuple(_sheet(xlrd, book, number, saved=saved) for number in range(book.nsheets)))


def _sheet(xlrd: Any, book: Any, number: int, *, saved: bool) -> Sheet:  # noqa: ANN401 - xlrd has no types
    unknown = _never_worked_out(book, number, saved=saved)
    sheet = book.sheet_by_index(number)
    looks = _looks(book)
    rows: dict[int, dict[int, Cell]] = {}
    count = 0
    for row in range(sheet.nrows):
        found = {}
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            look = looks[sheet.cell_xf_index(row, column)]
            cell = Cell("=", Kind.NO_VALUE) if (row, column) in unknown else _cell(xlrd, kind, value, book.datemode, look.code)
            if cell is not None and cell.text:
                runs = sheet.rich_text_runlist_map.get((row, column))
                if look.mark is not None:
                    cell = cell._replace(mark=look.mark)
                elif runs and cell.kind is Kind.TEXT:
                    cell = with_struck(cell, cell.text, _struck(cell.text, runs, book.font_list))
                count += 1
                check_size(row + 1, column, count)
                found[column] = cell
        if found:
            rows[row + 1] = found
    return Sheet(
        name=sheet.name,
        rows=rows,
        visible=sheet.visibility == _VISIBLE,
        filtered=bool(getattr(sheet, "has_filter", False)),
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
        merged=tuple((top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells),
        comments=frozenset((row + 1, column) for row, column in sheet.cell_note_map),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """How a style shows what is in its cell: its number format, and what its letters say."""

    code: str
    mark: Mark | None


def _looks(book: Any) -> Mapping[int, _Look]:  # noqa: ANN401
    def mark(style: Any) -> Mark | None:  # noqa: ANN401
        font = book.font_list[style.font_index]
        if font.struck_out:
            return Mark.STRUCK
        ground = style.background
        is_bare = ground.fill_pattern == _NO_FILL or ground.pattern_colour_index in _WHITE
        return Mark.UNSEEN if font.colour_index in _WHITE and is_bare else None

    formats = book.format_map
    return {
        number: _Look(code=formats[style.format_key].format_str if style.format_key in formats else "", mark=mark(style))
        for number, style in enumerate(book.xf_list)
    }


def _struck(text: str, runs: Any, fonts: Any) -> str:  # noqa: ANN401
    """Return the letters of a text that are struck through; each run begins at a letter, with a font."""
    starts = [*runs, (len(text), 0)]
    return "".join(text[at:end] for (at, font), (end, _) in pairwise(starts) if fonts[font].struck_out)


def _never_worked_out(book: Any, number: int, *, saved: bool) -> set[tuple[int, int]]:  # noqa: ANN401
    """Find a sheet's formulas, by row and column from 0, whose stored value only fills its room until Excel works them out.

    Programs that write workbooks put 0 or an empty text there and ask for the sum at the next opening; some put an empty text
    and ask for nothing, which only a workbook that was `saved` by a spreadsheet program means.

    Raises
    ------
    UnreadableError
        Where two records are of one cell: then the place of one of them is damaged, and a value stands elsewhere than it was.
    """
    found = set()
    seen: set[tuple[int, int]] = set()
    for kind, content in _records(book, number):
        cells = _cells_of(kind, content)
        if not seen.isdisjoint(cells):
            row, column = min(seen.intersection(cells))
            raise UnreadableError(
                problem=f"the file is damaged: two values stand in its cell {cell_name(row + 1, column)}",
                remedy="Download or copy it again, or save it again where it was made",
                row=row + 1,
            )
        seen.update(cells)
        if kind in _FORMULA and cells and len(content) >= 16:  # noqa: PLR2004 - place, format, value and flags
            _, _, _, value, flags = struct.unpack_from("<HHH8sH", content)
            is_empty = value[6:] == b"\xff\xff" and value[0] == _EMPTY_TEXT
            asks = flags & _TO_BE_WORKED_OUT
            if (asks and (is_empty or value == bytes(8))) or (is_empty and not saved):
                found.update(cells)
    return found


def _records(book: Any, number: int) -> Iterator[tuple[int, memoryview]]:  # noqa: ANN401
    """Yield the records of a sheet, but not those of charts within it."""
    content, at, depth = memoryview(book.mem), book._sh_abs_posn[number], 0  # noqa: SLF001 - xlrd gives no other way to a formula
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        depth += (kind in _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if depth == 1:
            yield kind, content[at + 4 : at + 4 + length]
        at += 4 + length


def _cells_of(kind: int, content: memoryview) -> list[tuple[int, int]]:
    """Return the rows and columns, from 0, of the cells that a record holds."""
    if kind in _ONE_CELL and len(content) >= 4:  # noqa: PLR2004 - row and column
        return [struct.unpack_from("<HH", content)]
    if kind == _SEVERAL_CELLS and len(content) >= 6:  # noqa: PLR2004 - row, first and last column
        row, first = struct.unpack_from("<HH", content)
        (last,) = struct.unpack_from("<H", content, len(content) - 2)
        return [(row, column) for column in range(first, min(last, MOST_COLUMNS) + 1)]
    return []


def _cell(xlrd: Any, kind: int, value: Any, datemode: int, code: str) -> Cell | None:  # noqa: ANN401, PLR0911 - one answer a kind
    if kind == xlrd.XL_CELL_TEXT:
        return text_cell(str(value))
    if kind == xlrd.XL_CELL_NUMBER:
        return number_cell(float(value), code)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell("yes" if value else "no", Kind.YES_NO)
    if kind == xlrd.XL_CELL_ERROR:
        return Cell(xlrd.error_text_from_code.get(value, "#N/A"), Kind.ERROR)
    if kind == xlrd.XL_CELL_DATE:
        try:
            at = xlrd.xldate_as_datetime(value, datemode)
        except (xlrd.XLDateError, OverflowError, ValueError):
            return Cell(number_text(float(value)), Kind.NUMBER)
        return Cell(f"{at:%H:%M}" if value < 1 else f"{at:%Y-%m-%d}", Kind.DATE)
    return None
