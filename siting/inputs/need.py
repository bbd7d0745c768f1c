"""How many children each council has, as the national statistics publish it: never a table of single children."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, Severity
from siting.inputs.cells import Row, Sheet, UnreadableError
from siting.inputs.council_names import plain_name
from siting.inputs.headings import says_who, tidy_heading
from siting.inputs.marks import ASKED_MARKS
from siting.inputs.reading import read_books

_AUTHORITY = frozenset(
    {"authority", "local authority", "council", "la name", "name", "la", "authority name", "local authority name"}
)
_CHILDREN = frozenset(
    {"children", "number", "number of children", "children looked after", "looked after children", "cla", "count"}
)
_NOT_PUBLISHED = frozenset({"c", "x", "z", "u", "k", "low", ":", "-", "..", "n/a", "*", ""})
"""What the national statistics write where a figure is withheld, not applicable or not available."""
_HEADER_WITHIN_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Children by council; None where the figure is not published. Councils' names are as the file writes them."""

    children: Mapping[str, int | None]


def read_need(path: Path) -> tuple[Need, tuple[Fault, ...]]:
    """Read a table with `authority` and `children`, a row a council; and what is wrong with it."""
    try:
        books = read_books(path)
    except UnreadableError as error:
        return Need(children={}), (_fault(path, error.problem, error.remedy, row=error.row, column=error.column),)
    for book in books:
        found = [(sheet, header) for sheet in book.sheets if sheet.visible and (header := _header(sheet)) is not None]
        if len(found) > 1:
            named = ", ".join(f'"{sheet.name}"' for sheet, _ in found)
            problem, remedy = f"several sheets have councils and children: {named}", "Keep the counts of one year, on one sheet"
            return Need(children={}), (_fault(path, problem, remedy),)
        for sheet, (row, authority, children) in found:
            if faults := tuple(_ambiguous(path, sheet, row, authority, children)):
                return Need(children={}), faults
            return _read(path, sheet, row, authority[0], children[0])
    problem = "no row of headings has both authority and children"
    return Need(children={}), (_fault(path, problem, "Name the columns authority and children, a row a council"),)


def _ambiguous(path: Path, sheet: Sheet, header: int, authority: list[int], children: list[int]) -> Iterator[Fault]:
    for name, columns in (("authority", authority), ("children", children)):
        if len(columns) > 1:
            headings = " or ".join(sheet.rows[header][index].text.strip() for index in columns)
            yield _fault(
                path, f"this may be the column {headings}", f"Call the one that is meant {name}", row=header, column=name
            )


def _header(sheet: Sheet) -> tuple[int, list[int], list[int]] | None:
    """Return the row of the headings, and the columns that may be the council's and the count's: those of its own name first."""
    for number in sorted(sheet.rows)[:_HEADER_WITHIN_ROWS]:
        headings = {index: tidy_heading(cell.text) for index, cell in sheet.rows[number].items()}
        columns = [
            [index for index, text in headings.items() if text == name]
            or [index for index, text in headings.items() if text in also]
            for name, also in (("authority", _AUTHORITY), ("children", _CHILDREN))
        ]
        if all(columns):
            return number, columns[0], columns[1]
    return None


def _read(path: Path, sheet: Sheet, header: int, authority: int, children: int) -> tuple[Need, tuple[Fault, ...]]:
    others = [cell.text for index, cell in sheet.rows[header].items() if index not in {authority, children}]
    if any(says_who(text) for text in others):
        problem = "the table has a column that says who a child is; a screen counts children by council and needs none of them"
        return Need(children={}), (_fault(path, problem, "Give a row a council, with its count", row=header),)
    faults: list[Fault] = []
    found: dict[str, int | None] = {}
    rows: dict[str, list[int]] = {}
    hidden = [number for number, row in sorted(sheet.rows.items()) if number in sheet.hidden_rows and _text(row, authority)]
    if hidden:
        problem, remedy = "these councils are hidden in the sheet, and are left out", "Show the rows if they are meant"
        faults.append(_fault(path, problem, remedy, row=hidden[0], severity=Severity.WARNING))
    struck = [number for number, row in sorted(sheet.rows.items()) if number > header and _is_struck(row, (authority, children))]
    remedy = "Delete what no longer holds; take the line off what is meant"
    faults += [_fault(path, "what stands here is struck through", remedy, row=number) for number in struck]
    passed = {*sheet.hidden_rows, *struck}
    for number, row in sorted(sheet.rows.items()):
        name = _text(row, authority)
        if number <= header or number in passed or not (name or _text(row, children)):
            continue
        if not name:
            faults.append(_fault(path, "a number stands here without a council", "Write whose it is, or delete it", row=number))
            continue
        if _SUM.fullmatch(name):
            problem = "this is a sum and not a council"
            faults.append(_fault(path, problem, "Delete the row: its children would be counted twice", row=number))
            continue
        rows.setdefault(plain_name(name), []).append(number)
        count, told = _count(_text(row, children))
        if told:
            faults.append(
                _fault(path, told, "Write the number in figures, or c where it is withheld", row=number, column="children")
            )
        found[name] = count
    twice = Counter({name: len(numbers) for name, numbers in rows.items() if len(numbers) > 1})
    if twice:
        name, times = twice.most_common(1)[0]
        problem = (
            f"{len(twice)} councils stand in it more than once ({name} {times} times): these may be single children, or years"
        )
        faults.append(
            _fault(path, problem, "Keep one row a council, with its count of one year", row=rows[name][1], column="authority")
        )
    if not found:
        faults.append(_fault(path, "there is no council in it", "Give a row a council"))
    return Need(children=found), tuple(faults)


_SUM = re.compile(r"(grand |sub ?)?totals?|all councils|sum", re.IGNORECASE)


def _count(text: str) -> tuple[int | None, str]:
    if text.casefold() in _NOT_PUBLISHED:
        return None, ""
    # A comma parts thousands and nothing else: 2,5 is not 25.
    whole = re.fullmatch(r"([0-9]{1,3}(?:[, \u00a0][0-9]{3})+|[0-9]+)(?:\.0+)?", text, re.ASCII)
    return (int(re.sub(r"[^0-9]", "", whole[1])), "") if whole else (None, f"this is not a whole number ({text[:20]!r})")


def _is_struck(row: Row, columns: tuple[int, int]) -> bool:
    return any(row[column].mark in ASKED_MARKS for column in columns if column in row)


def _text(row: Row, column: int) -> str:
    cell = row.get(column)
    return cell.text.strip() if cell is not None else ""


def _fault(
    path: Path,
    problem: str,
    remedy: str,
    *,
    row: int | None = None,
    column: str | None = None,
    severity: Severity = Severity.FAULT,
) -> Fault:
    return Fault(file=path.name, problem=problem, remedy=remedy, row=row, column=column, severity=severity)
