"""OpenDocument spreadsheets (.ods) to cells, with errors, merged cells and what is hidden.

Written on the published format (OASIS OpenDocument 1.3, part 3). Repeated rows and cells, of which
an empty sheet has a million, are counted and not copied.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeXml

from siting.inputs.cells import (
    MOST_ROWS,
    Book,
    Cell,
    Kind,
    Mark,
    Sheet,
    UnreadableError,
    check_size,
    number_text,
    text_cell,
    with_struck,
)
from siting.inputs.excel import check_archive

_WHITE = "#ffffff"
_MOST_BASES = 10
_ONE_NUMBER = re.compile(r"[-+]?[0-9.]+(?:E[+-]?[0-9]+)?|[-\u2013\u2014]|[0-9]+/[0-9]+", re.IGNORECASE)
_SCALES = {1_000: " thousand", 1_000_000: " million"}


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
    marks = _marks(archive, root)
    return Book(
        sheets=tuple(_Reader(marks).read(table, visible=_get(table, "style-name") not in hidden) for table in _all(root, "table"))
    )


def _marks(archive: zipfile.ZipFile, root: Element) -> Mapping[str, Mark]:
    """Return of each style of cells or letters what it says of what it shows; a style may be based on another."""
    styles: dict[str, tuple[str, dict[str, str]]] = {}
    roots = [root]
    if "styles.xml" in archive.namelist():
        with archive.open("styles.xml") as stream:
            roots.insert(0, SafeXml.parse(stream).getroot())
    for style in (style for one in roots for style in _all(one, "style")):
        looks = {
            name: value
            for part in style
            if _local(part) in {"text-properties", "table-cell-properties"}
            for name in ("text-line-through-style", "text-line-through-type", "color", "background-color")
            if (value := _get(part, name))
        }
        styles[_get(style, "name")] = _get(style, "parent-style-name"), looks
    return {name: mark for name in styles if (mark := _mark(_looks(name, styles))) is not None}


def _looks(name: str, styles: Mapping[str, tuple[str, dict[str, str]]]) -> dict[str, str]:
    """Return how a style looks, with what it has from those that it is based on; few, for a damaged file may go round."""
    looks: dict[str, str] = {}
    for _ in range(_MOST_BASES):
        if name not in styles:
            break
        name, own = styles[name]
        looks = own | looks
    return looks


def _mark(looks: Mapping[str, str]) -> Mark | None:
    if {looks.get("text-line-through-style", "none"), looks.get("text-line-through-type", "none")} != {"none"}:
        return Mark.STRUCK
    is_bare = looks.get("background-color", "transparent") in {"transparent", _WHITE}
    return Mark.UNSEEN if looks.get("color", "").lower() == _WHITE and is_bare else None


@dataclass(slots=True)
class _Reader:
    """One sheet as it is walked through; `marks` has what styles say of the cells that have them."""

    marks: Mapping[str, Mark]
    column_styles: list[tuple[int, str]] = field(default_factory=list)
    comments: set[tuple[int, int]] = field(default_factory=set)
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    filtered: bool = False
    count: int = 0

    def read(self, table: Element, *, visible: bool) -> Sheet:
        row, last = 1, 0
        for column in _inside(table, "table-column"):
            last += int(_get(column, "number-columns-repeated") or 1)
            self.column_styles.append((last, _get(column, "default-cell-style-name")))
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
            comments=frozenset(self.comments),
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
            cell = self._marked(element, row, column) if _local(element) == "table-cell" else None
            if any(_local(part) == "annotation" for part in element):
                self.comments.add((number, column))
            if cell is not None and cell.text and (cell.text.strip() or repeated == 1):
                check_size(1, column + repeated - 1, 0)
                found |= dict.fromkeys(range(column, column + repeated), cell)
            column += repeated
        return found

    def _marked(self, element: Element, row: Element, column: int) -> Cell | None:
        cell = _cell(element)
        if cell is None:
            return None
        of_column = next((style for last, style in self.column_styles if column < last), "")
        style = _get(element, "style-name") or _get(row, "default-cell-style-name") or of_column
        if style in self.marks:
            return cell._replace(mark=self.marks[style])
        spans = [span for part in element if _local(part) == "p" for span in _all(part, "span")]
        struck = "".join(_words(span) for span in spans if self.marks.get(_get(span, "style-name")) is Mark.STRUCK)
        return with_struck(cell, _paragraphs(element), struck)


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
            return _number(float(_get(element, "value")), text, has_text=any(_local(part) == "p" for part in element))
        case "boolean":
            return Cell("yes" if _get(element, "boolean-value") == "true" else "no", Kind.YES_NO)
        case "date":
            return Cell(_get(element, "date-value").replace("T00:00:00", ""), Kind.DATE)
        case "time":
            return Cell(text, Kind.DATE)
        case _:
            return text_cell(text) if text else None


def _number(value: float, shown: str, *, has_text: bool) -> Cell:
    """Return a number as it is shown, where that says more than the number itself."""
    plain = number_text(value)
    if not shown:
        return Cell(plain, Kind.NUMBER, Mark.UNSEEN if has_text else None)
    # Leading zeros, words, units and thousands are in what is shown alone; the value has what rounding hides.
    digits = re.sub(r"[^0-9]", "", shown)
    if digits[:1] == "0" and digits.lstrip("0") == plain and "." not in shown:
        return Cell(shown, Kind.NUMBER)
    figures = re.sub(r"£|GBP|[\s,()]", "", shown).replace("\u2212", "-")
    if not _ONE_NUMBER.fullmatch(figures):
        return Cell(shown, Kind.NUMBER)
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", figures):
        seen, half = float(figures), 0.5 / 10 ** len(figures.partition(".")[2])
        for times, words in _SCALES.items():
            if seen and abs(value / times - seen) <= half:
                return Cell(f"{number_text(round(value / times, 9))}{words}", Kind.NUMBER)
    return Cell(plain, Kind.NUMBER)


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
