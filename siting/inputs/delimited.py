"""Text tables (CSV, semicolons, tabs) to cells, as each separator would have them."""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

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
    text = text_of(content)
    books: list[Book] = []
    refusals: list[UnreadableError] = []
    for separator in separators_of(text):
        try:
            rows = dict(_rows(text, separator, taken=taken))
        except UnreadableError as error:
            refusals.append(error)
        else:
            books.append(Book(sheets=(Sheet(name="", rows=rows),), is_text=True))
    if not books:
        raise refusals[0]
    return books


def text_of(content: bytes) -> str:
    """Return a file's text.

    Raises
    ------
    UnreadableError
        Where the file is something else than a table.
    """
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


_SAYS_ITS_OWN = re.compile(r"\s*sep=(.)[ \t]*\r?\n")


def separators_of(text: str) -> Sequence[str]:
    """Return what may part the cells of a text: what its first line says, else what stands in it at all."""
    marked = _SAYS_ITS_OWN.match(text)
    return (marked[1],) if marked else [mark for mark in SEPARATORS if mark in text] or (",",)


def split_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Return the cells of each row by the number that a spreadsheet would show: a cell may hold line breaks.

    Raises
    ------
    UnreadableError
        Where quotation marks do not match.
    """
    reader = _reader_of(text, separator)
    skip = 1 if _SAYS_ITS_OWN.match(text) else 0
    number = 0
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
        if number > skip:
            yield number, cells


def split_rows_by_the_thousand(text: str, separator: str, count: int) -> Iterator[list[list[str]]]:
    """Return the cells of all rows, of so many rows at once, blank ones too: a quicker way to what `split_rows` gives.

    Raises
    ------
    UnreadableError
        Where quotation marks do not match.
    """
    reader = _reader_of(text, separator)
    try:
        while some := list(islice(reader, count)):
            yield some
    except csv.Error:
        # Which row it is, is said by who counts them.
        deque(split_rows(text, separator), maxlen=0)
        raise


def _reader_of(text: str, separator: str) -> "Iterator[list[str]]":
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=_is_spaced(text, separator)
    )


def filled_cells(cells: Sequence[str]) -> dict[int, Cell]:
    """Return the filled cells of a row by column."""
    return {column: _cell(cell) for column, cell in enumerate(cells) if cell}


def _rows(text: str, separator: str, *, taken: Callable[[Sheet], Columns | None] | None) -> Iterator[tuple[int, dict[int, Cell]]]:
    count = 0
    start: dict[int, dict[int, Cell]] = {}
    columns: Columns | None = None
    known: dict[str, Cell] = {}
    for number, cells in split_rows(text, separator):
        found = filled_cells(cells) if columns is None else _taken_cells(cells, columns, known)
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


def _taken_cells(cells: Sequence[str], columns: Columns, known: dict[str, Cell]) -> dict[int, Cell]:
    """Return the filled cells of a row that are read; `known` has those that were made, for a large table says the same often."""
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
