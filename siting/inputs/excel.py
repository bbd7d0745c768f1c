"""Excel workbooks (.xlsx) to cells: with errors, formulas without a value, merged cells and what is hidden.

Written on the published format (ECMA-376, Office Open XML, part 1, SpreadsheetML) because the
readers that there are give an error, or a formula that was never worked out, as an empty cell.
Cells are kept where they are filled, so that one far away costs nothing.
"""

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import IO, cast
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeXml

from siting.inputs.cells import (
    MOST_ENTRIES,
    MOST_ROWS,
    MOST_UNPACKED_BYTES,
    Book,
    Cell,
    Kind,
    Sheet,
    UnreadableError,
    check_size,
    number_text,
    text_cell,
    with_struck,
)
from siting.inputs.excel_looks import PLAIN, Look, all_named, is_struck, local_name, looks_of, striking_looks
from siting.inputs.number_formats import number_cell

_DATE_1900, _DATE_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone


def read_excel(archive: zipfile.ZipFile) -> Book:
    """Read every sheet of a workbook.

    Raises
    ------
    UnreadableError
        Where it is too large, or not an Excel workbook.
    """
    check_archive(archive)
    main, book = _main_part(archive)
    links = _links(archive, main)
    styles = _styles(archive, links)
    context = _Context(
        strings=_shared_strings(archive, links),
        looks=looks_of(styles) if styles is not None else (),
        striking=striking_looks(styles) if styles is not None else frozenset(),
        start=_DATE_1904 if _is_true(_first(book, "workbookPr", "date1904")) else _DATE_1900,
        never_worked_out=_is_true(_first(book, "calcPr", "fullCalcOnLoad")),
    )
    sheets = []
    for entry in all_named(book, "sheet"):
        kind, target = links.get(_relation(entry), ("", ""))
        if kind.endswith("/worksheet") and target in archive.namelist():
            with archive.open(target) as stream:
                visible = entry.get("state", "visible") == "visible"
                sheet = _Reader(context).read(stream, entry.get("name", ""), visible=visible)
            sheets.append(replace(sheet, comments=_comments(archive, target)))
    return Book(sheets=tuple(sheets))


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse a zip that would unpack to more than a table can be.

    Raises
    ------
    UnreadableError
        Saying what is too large.
    """
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise UnreadableError(
            problem="the file holds far more than a table", remedy="Copy the table into a new workbook and save that"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError(problem="the file is protected by a password", remedy="Save it without one")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the sheets of one workbook share: its texts, how each style looks, and which looks of rules strike through."""

    strings: tuple[Cell, ...]
    looks: tuple[Look, ...]
    striking: frozenset[str]
    start: dt.datetime
    never_worked_out: bool


@dataclass(slots=True)
class _Reader:
    """One sheet on its way through the parser."""

    context: _Context
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    filtered: bool = False
    strikes_by_rule: bool = False
    row: int = 0
    count: int = 0

    def read(self, stream: IO[bytes], name: str, *, visible: bool) -> Sheet:
        rows_hidden_from_the_start = False
        for event, element in SafeXml.iterparse(stream, events=("start", "end")):
            tag = local_name(element.tag)
            if event == "start":
                if tag == "row":
                    self.row = int(element.get("r") or self.row + 1)
                continue
            match tag:
                case "row":
                    self._take_row(element, hidden=_is_true(element.get("hidden")) or rows_hidden_from_the_start)
                    element.clear()
                case "sheetFormatPr":
                    rows_hidden_from_the_start = _is_true(element.get("zeroHeight"))
                case "col":
                    self._take_columns(element)
                case "cfRule":
                    self.strikes_by_rule |= element.get("dxfId", "") in self.context.striking
                case "filterColumn":
                    self.filtered = True
                case "mergeCell":
                    self.merged.append(_range(element.get("ref", "A1")))
        return Sheet(
            name=name,
            rows=self.rows,
            visible=visible,
            filtered=self.filtered,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            merged=tuple(self.merged),
            strikes_by_rule=self.strikes_by_rule,
        )

    def _take_columns(self, element: Element) -> None:
        if _is_true(element.get("hidden")):
            last = min(int(element.get("max", "1")), 16_384)
            self.hidden_columns.update(range(int(element.get("min", "1")) - 1, last))

    def _take_row(self, element: Element, *, hidden: bool) -> None:
        found: dict[int, Cell] = {}
        column = -1
        for entry in element:
            if local_name(entry.tag) != "c":
                continue
            column = _place(reference)[1] if (reference := entry.get("r")) else column + 1
            cell = self._cell(entry)
            if cell is None or not cell.text:
                continue
            # A cell of nothing but spaces far away is dirt, not content.
            if cell.text.strip() or (self.row <= MOST_ROWS and column < max(len(found) + 50, 100)):
                self.count += 1
                check_size(self.row, column, self.count)
                found[column] = cell
        if found:
            self.rows[self.row] = found
        if hidden:
            self.hidden_rows.add(self.row)

    def _cell(self, entry: Element) -> Cell | None:
        style = int(entry.get("s") or 0)
        look = self.context.looks[style] if style < len(self.context.looks) else PLAIN
        cell = self._content(entry, look)
        return cell if cell is None or look.mark is None else cell._replace(mark=look.mark)

    def _content(self, entry: Element, look: Look) -> Cell | None:  # noqa: PLR0911 - one answer a kind of cell
        kind = entry.get("t", "n")
        value = next((part.text or "" for part in entry if local_name(part.tag) == "v"), None)
        formula = any(local_name(part.tag) == "f" for part in entry)
        if formula and (value is None or (value in {"", "0"} and kind != "str" and self.context.never_worked_out)):
            return Cell("=", Kind.NO_VALUE)
        match kind:
            case "s":
                return self.context.strings[int(value)] if value else None
            case "inlineStr":
                inline = next((part for part in entry if local_name(part.tag) == "is"), None)
                return _rich_text(inline) if inline is not None else None
            case "str":
                return text_cell(_unescaped(value or ""))
            case "b":
                return Cell("yes" if value == "1" else "no", Kind.YES_NO)
            case "e":
                return Cell(value or "#N/A", Kind.ERROR)
            case "d":
                return Cell(value or "", Kind.DATE)
            case _:
                return self._number(value, look) if value else None

    def _number(self, value: str, look: Look) -> Cell:
        number = float(value)
        return Cell(_date_text(number, self.context.start), Kind.DATE) if look.is_date else number_cell(number, look.code)


def _date_text(number: float, start: dt.datetime) -> str:
    try:
        at = start + dt.timedelta(days=number)
    except OverflowError:
        return number_text(number)
    if 0 <= number < 1:
        return f"{at:%H:%M}"
    return f"{at:%Y-%m-%d}" if number == int(number) else f"{at:%Y-%m-%d %H:%M}"


def _main_part(archive: zipfile.ZipFile) -> tuple[str, Element]:
    main = next((path for kind, path in _links(archive, "").values() if kind.endswith("/officeDocument")), "xl/workbook.xml")
    names = archive.namelist()
    if main.endswith(".bin"):
        raise UnreadableError(problem="this is Excel's binary format (.xlsb)", remedy="Save it as an Excel workbook (.xlsx)")
    if main not in names:
        raise UnreadableError(
            problem="the file is not an Excel workbook", remedy="Save the table as an Excel workbook (.xlsx) or CSV"
        )
    book = _parse(archive, main)
    if local_name(book.tag) != "workbook":
        what = "a Word document" if main.startswith("word/") else "no Excel workbook"
        raise UnreadableError(problem=f"the file is {what}", remedy="Copy the table into a spreadsheet and save that")
    return main, book


def _links(archive: zipfile.ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """Return the kind and path of each part that one refers to, by its relation's name."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return {}
    return {
        entry.get("Id", ""): (
            entry.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/"),
        )
        for entry in _parse(archive, path)
        if entry.get("TargetMode") != "External"
    }


def _shared_strings(archive: zipfile.ZipFile, links: Mapping[str, tuple[str, str]]) -> tuple[Cell, ...]:
    for kind, path in links.values():
        if kind.endswith("/sharedStrings") and path in archive.namelist():
            return tuple(_rich_text(entry) for entry in _parse(archive, path))
    return ()


def _styles(archive: zipfile.ZipFile, links: Mapping[str, tuple[str, str]]) -> Element | None:
    for kind, path in links.values():
        if kind.endswith("/styles") and path in archive.namelist():
            return _parse(archive, path)
    return None


def _comments(archive: zipfile.ZipFile, sheet: str) -> frozenset[tuple[int, int]]:
    """Return the row and column of each cell on which somebody wrote a comment."""
    found: set[tuple[int, int]] = set()
    for kind, path in _links(archive, sheet).values():
        if kind.endswith(("/comments", "/threadedComment")) and path in archive.namelist():
            parts = (entry for entry in _parse(archive, path).iter() if local_name(entry.tag) in {"comment", "threadedComment"})
            found.update(_place(reference) for entry in parts if (reference := entry.get("ref")))
    return frozenset(found)


def _parse(archive: zipfile.ZipFile, path: str) -> Element:
    with archive.open(path) as stream:
        return cast("Element", SafeXml.parse(stream).getroot())


def _rich_text(element: Element) -> Cell:
    """Join the runs of a rich text, without the readings that East Asian text carries; one of them may be struck through."""
    if len(element) == 1 and local_name(element[0].tag) == "t":
        return text_cell(_unescaped(element[0].text or ""))
    text, struck = "", ""
    for child in element:
        for part in [child] if local_name(child.tag) == "t" else list(child) if local_name(child.tag) == "r" else []:
            if local_name(part.tag) == "t":
                text += part.text or ""
                if any(is_struck(look) for look in child if local_name(look.tag) == "rPr"):
                    struck += part.text or ""
    return with_struck(text_cell(_unescaped(text)), text, struck)


def _unescaped(text: str) -> str:
    return text if "_x" not in text else re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _place(reference: str) -> tuple[int, int]:
    """Return row (from 1) and column (from 0) of a reference such as B7."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", reference)
    if found is None:
        raise UnreadableError(problem="the workbook is damaged", remedy="Open it in Excel and save it again")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


def _range(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _place(first), _place(last or first)
    return top, left, bottom, right


def _first(element: Element, name: str, key: str) -> str | None:
    return next((entry.get(key) for entry in all_named(element, name)), None)


def _relation(entry: Element) -> str:
    return next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")


def _is_true(value: str | None) -> bool:
    return value in {"1", "true"}
