"""Text tables (CSV, semicolons, tabs) to cells, as each separator would have them."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from siting.inputs.cells import (
    HEADER_SEARCH_ROWS,
    MOST_CELLS,
    Book,
    Cell,
    Columns,
    Kind,
    Sheet,
    UnreadableError,
    check_size,
    text_cell,
)
from siting.storage.decoding import decode_text

SEPARATORS = (",", ";", "\t", "|")

_NOT_TABLES = (
    (r"\s*(<!doctype html|<html|<table|<meta|<head)", "a web page saved under another name"),
    (r"\s*<\?xml", "XML"),
    (r"mime-version:", "a web archive saved under another name"),
    (r"%pdf-", "a PDF"),
    (r"\{\\rtf", "a text document (RTF)"),
    (r"\s*[\[{]\s*[\"{\[]", "JSON"),
)


def read_delimited(content: bytes, taken: Callable[[Sheet], Columns | None] | None = None) -> list[Book]:
    """Return the table that each separator gives, those that part the text at all; a reader chooses by the headings.

    Of a large table `taken` says, by the rows with which it begins, which columns are to be read below them.

    Raises
    ------
    UnreadableError
        Where the file is something else, or its quotes match under no separator.
    """
    text = _text_of(content)
    marked = re.match(r"\s*sep=(.)[ \t]*\r?\n", text)
    separators: Sequence[str] = (marked[1],) if marked else [mark for mark in SEPARATORS if mark in text] or (",",)
    books: list[Book] = []
    refusals: list[UnreadableError] = []
    for separator in separators:
        try:
            rows = dict(_rows(text, separator, skip=1 if marked else 0, taken=taken))
        except UnreadableError as error:
            refusals.append(error)
        else:
            books.append(Book(sheets=(Sheet(name="", rows=rows),), is_text=True))
    if not books:
        raise refusals[0]
    return books


def _text_of(content: bytes) -> str:
    text = decode_text(content)
    start = text[:4_096].casefold()
    for pattern, what in _NOT_TABLES:
        if re.match(pattern, start):
            raise UnreadableError(
                problem=f"the file is {what}, not a table",
                remedy="Open it in Excel and save it as an Excel workbook (.xlsx) or as CSV",
            )
    if "\x00" in text:
        raise UnreadableError(
            problem="the file is neither text nor a spreadsheet", remedy="Open it where it was made and save it as .xlsx or CSV"
        )
    return text


def _rows(
    text: str, separator: str, *, skip: int, taken: Callable[[Sheet], Columns | None] | None
) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Return the filled cells by the row that a spreadsheet would show: a cell may hold line breaks."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=_is_spaced(text, separator)
    )
    number, count = 0, 0
    start: dict[int, dict[int, Cell]] = {}
    columns: Columns | None = None
    known: dict[str, Cell] = {}
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableError(
                problem=f"the quotation marks of a cell do not match ({error})",
                remedy="Put quotation marks round the whole cell, and double those inside it; Excel does so when it saves CSV",
                row=number,
            ) from error
        if number <= skip:
            continue
        found = _filled(cells, columns, known)
        count += len(found)
        if found:
            check_size(number, max(found), min(count, MOST_CELLS + 1))
            yield number, found
        if taken is not None and found and len(start) < HEADER_SEARCH_ROWS:
            start[number] = found
            if len(start) == HEADER_SEARCH_ROWS:
                columns = taken(Sheet(name="", rows=start))
                if columns is None:
                    return


def _is_spaced(text: str, separator: str) -> bool:
    """Tell whether a space follows each separator of every row: then it belongs to the separator."""
    parted = False
    for line in re.finditer(r"[^\r\n]+", text):
        if separator in line[0]:
            if re.search(rf"{re.escape(separator)}(?! )", line[0].rstrip(f"{separator} ")):
                return False
            parted = True
    return parted


def _filled(cells: Sequence[str], columns: Columns | None, known: dict[str, Cell]) -> dict[int, Cell]:
    """Return the filled cells of a row by column; `known` has those that were made, for a large table says the same often."""
    if columns is None:
        return {column: _cell(cell) for column, cell in enumerate(cells) if cell}
    # What stands beyond the header shows that a text's comma has moved the cells.
    found = {}
    for column in (*columns.taken, *range(columns.width, len(cells))):
        text = cells[column] if column < len(cells) else ""
        if text:
            found[column] = known.get(text) or known.setdefault(text, _cell(text))
    return found


def _cell(text: str) -> Cell:
    # A formula in a text file was never worked out, or is text that only looks like one: the reader says which is taken.
    return text_cell(text) if text[0] != "=" else Cell(text, Kind.TEXT)
