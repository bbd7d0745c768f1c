"""OpenDocument spreadsheets (.ods) to cells, with errors, merged cells and what is hidden.

Written on the published format (OASIS OpenDocument 1.3, part 3). Repeated rows and cells, of which
an empty sheet has a million, are counted and not copied.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeXml

from siting.inputs.cells import MOST_ROWS, Book, Cell, Kind, Sheet, UnreadableError, check_size, number_text, text_cell
from siting.inputs.excel import check_archive


def read_opendocument(archive: zipfile.ZipFile) -> Book:
    """Read every sheet of an OpenDocument spreadsheet.

    Raises
    ------
    UnreadableError
        Where it is too large, encrypted, or another kind of document.
    """
    check_archive(archive)
    kind = archive.read("mimetype").decode("ascii", errors="replace").strip()
    if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        raise UnreadableError(problem="the file is not a spreadsheet", remedy="Copy the table into a spreadsheet and save that")
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise UnreadableError(problem="the file is protected by a password", remedy="Save it without one")
    with archive.open("content.xml") as stream:
        root: Element = SafeXml.parse(stream).getroot()
    hidden = {_get(style, "name") for style in _all(root, "style") if any(_get(p, "display") == "false" for p in style)}
    return Book(
        sheets=tuple(_Reader().read(table, visible=_get(table, "style-name") not in hidden) for table in _all(root, "table"))
    )


@dataclass(slots=True)
class _Reader:
    """One sheet as it is walked through."""

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    filtered: bool = False
    count: int = 0

    def read(self, table: Element, *, visible: bool) -> Sheet:
        row = 1
        for element in _inside(table, "table-row"):
            repeated = int(_get(element, "number-rows-repeated") or 1)
            cells = self._cells(element, row)
            # A row that is repeated to the end of the sheet is a format, not content.
            for number in range(row, row + (repeated if cells and repeated < MOST_ROWS else 1)):
                if cells:
                    self.count += len(cells)
                    check_size(number, max(cells), self.count)
                    self.rows[number] = cells
                if _get(element, "visibility") in {"collapse", "filter"}:
                    self.hidden_rows.add(number)
                    self.filtered |= _get(element, "visibility") == "filter"
            row += repeated
        return Sheet(
            name=_get(table, "name"),
            rows=self.rows,
            visible=visible,
            filtered=self.filtered,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(_hidden_columns(table)),
            merged=tuple(self.merged),
        )

    def _cells(self, row: Element, number: int) -> dict[int, Cell]:
        found: dict[int, Cell] = {}
        column = 0
        for element in row:
            if _local(element) not in {"table-cell", "covered-table-cell"}:
                continue
            repeated = int(_get(element, "number-columns-repeated") or 1)
            down, across = int(_get(element, "number-rows-spanned") or 1), int(_get(element, "number-columns-spanned") or 1)
            if down > 1 or across > 1:
                self.merged.append((number, column, number + down - 1, column + across - 1))
            cell = _cell(element) if _local(element) == "table-cell" else None
            if cell is not None and cell.text and (cell.text.strip() or repeated == 1):
                check_size(1, column + repeated - 1, 0)
                found |= dict.fromkeys(range(column, column + repeated), cell)
            column += repeated
        return found


def _cell(element: Element) -> Cell | None:  # noqa: PLR0911 - one answer a kind of cell
    kind, text = _get(element, "value-type"), _paragraphs(element)
    if _get(element, "value-type", space="calcext") == "error" or text_cell(text).kind is Kind.ERROR:
        return Cell(text or "#N/A", Kind.ERROR)
    if _get(element, "formula") and not kind:
        return Cell("=", Kind.NO_VALUE)
    match kind:
        case "percentage":
            return Cell(f"{number_text(round(float(_get(element, 'value')) * 100, 9))}%", Kind.NUMBER)
        case "float" | "currency":
            value = number_text(float(_get(element, "value")))
            # Leading zeros are in what is shown alone.
            return Cell(text if re.fullmatch(r"0[0-9]+", text) and text.lstrip("0") == value else value, Kind.NUMBER)
        case "boolean":
            return Cell("yes" if _get(element, "boolean-value") == "true" else "no", Kind.YES_NO)
        case "date":
            return Cell(_get(element, "date-value").replace("T00:00:00", ""), Kind.DATE)
        case "time":
            return Cell(text, Kind.DATE)
        case _:
            return Cell(text) if text else None


def _paragraphs(element: Element) -> str:
    return "\n".join(_words(part) for part in element if _local(part) == "p")


def _words(element: Element) -> str:
    """Return a paragraph's text; its runs of spaces, tabs and line breaks are elements."""
    words = element.text or ""
    for part in element:
        match _local(part):
            case "s":
                words += " " * min(int(_get(part, "c") or 1), 1_000)
            case "tab":
                words += "\t"
            case "line-break":
                words += "\n"
            case "annotation" | "note":
                pass
            case _:
                words += _words(part)
        words += part.tail or ""
    return words


def _hidden_columns(table: Element) -> Iterator[int]:
    column = 0
    for element in _inside(table, "table-column"):
        repeated = int(_get(element, "number-columns-repeated") or 1)
        if _get(element, "visibility") in {"collapse", "filter"}:
            yield from range(column, min(column + repeated, 16_384))
        column += repeated


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Return the rows or columns of a table in their order, those in groups and headers too."""
    for part in element:
        if _local(part) == name:
            yield part
        elif _local(part) in {f"{name}s", f"{name}-group", "table-header-rows", "table-header-columns"}:
            yield from _inside(part, name)


def _all(element: Element, name: str) -> list[Element]:
    return [entry for entry in element.iter() if _local(entry) == name]


def _get(element: Element, name: str, *, space: str = "") -> str:
    ending = f"}}{name}"
    for key, value in element.attrib.items():
        if key.endswith(ending) and ("calcext" in key) == (space == "calcext"):
            return value
    return ""


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
