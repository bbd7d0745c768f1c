"""Text tables (CSV, semicolons, tabs) to cells, as each separator would have them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from siting.inputs.cells import MOST_CELLS, Book, Cell, Kind, Sheet, UnreadableError, check_size, text_cell
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


def read_delimited(content: bytes) -> list[Book]:
    """Return the table that each separator gives, those that part the text at all; a reader chooses by the headings.

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
            rows = dict(_rows(text, separator, skip=1 if marked else 0))
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


def _rows(text: str, separator: str, *, skip: int) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Return the filled cells by the row that a spreadsheet would show: a cell may hold line breaks."""
    # A space after each comma belongs to the comma where every row has it.
    lines = [line for line in text.splitlines() if separator in line]
    spaced = bool(lines) and all(
        re.search(rf"{re.escape(separator)}(?! )", line.rstrip(f"{separator} ")) is None for line in lines
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=spaced)
    number, count = 0, 0
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
        found = {column: _cell(cell) for column, cell in enumerate(cells) if cell}
        count += len(found)
        if found:
            check_size(number, max(found), min(count, MOST_CELLS + 1))
            yield number, found


def _cell(text: str) -> Cell:
    # A formula in a text file was never worked out, or is text that only looks like one: the reader says which is taken.
    return text_cell(text) if text[0] != "=" else Cell(text, Kind.TEXT)
