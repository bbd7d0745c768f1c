"""A table as it stands in its file: sheets of cells, with what a person sees and does not see of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

MOST_BYTES = 100_000_000
"""A larger file is no table of homes or children (own limits, here and below: far above what the planner is for)."""
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_CELLS = 5_000_000
HEADER_SEARCH_ROWS = 40
"""Among so many rows the headings are looked for."""
MOST_ENTRIES = 5_000
"""Of a zip, which a workbook is."""
MOST_UNPACKED_BYTES = 1_000_000_000


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"
    DATE = "date or time"
    ERROR = "error"
    NO_VALUE = "formula without a stored value"


class Mark(StrEnum):
    """What a cell's look says of what it holds."""

    STRUCK = "struck through"
    PARTLY_STRUCK = "struck through in part"
    UNSEEN = "there and not to be seen"


class Cell(NamedTuple):
    """A cell that is not empty: its text with its spaces, as a person would type it, what it is, and what its look says."""

    text: str
    kind: Kind = Kind.TEXT
    mark: Mark | None = None


Row = Mapping[int, Cell]
"""The filled cells of a row by column, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet. Rows are numbered as a spreadsheet shows them, from 1; columns from 0.

    `merged` has the first and last row and column of each merged range; `hidden_rows` and
    `hidden_columns` are not seen on the screen, `filtered` says that a filter is why. `comments`
    has the row and column of each cell that somebody has written a comment on; `strikes_by_rule`
    says that a rule (conditional formatting), which is not worked out, strikes some cells through.
    """

    name: str
    rows: Mapping[int, Row]
    visible: bool = True
    filtered: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    comments: frozenset[tuple[int, int]] = frozenset()
    strikes_by_rule: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing but spaces stands in it."""
        return not any(cell.text.strip() for row in self.rows.values() for cell in row.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The sheets of a file, in their order; a text file has one, without a name."""

    sheets: tuple[Sheet, ...]
    is_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns (from 0) of a large table that are to be read, and how many its header has."""

    taken: frozenset[int]
    width: int


@dataclass(slots=True)
class UnreadableError(ValueError):
    """A file that is not read as a table; what is wrong with it and what to do."""

    problem: str
    remedy: str
    row: int | None = None
    column: str | None = field(default=None)


def column_letter(column: int) -> str:
    """Name a column (from 0) as a spreadsheet does: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does, such as B7."""
    return f"{column_letter(column)}{row}"


_ERRORS = re.compile(
    r"#(N/?A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!)"
    r"|Err:\d+|#{3,}",
    re.IGNORECASE,
)
_BEGIN_ERRORS = frozenset("#Ee")


_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
"""Letters of no width that come along with what is copied from a web page."""


def text_cell(text: str) -> Cell:
    """Make a cell of typed text; the errors that spreadsheets write out are errors in a text file too.

    What cannot be seen is no part of it, unless it is all that there is.
    """
    if not text.isprintable():
        text = seen if (seen := text.translate(_UNSEEN)).strip() else text
    plain = text.strip()
    return Cell(text, Kind.ERROR if plain[:1] in _BEGIN_ERRORS and _ERRORS.fullmatch(plain) else Kind.TEXT)


def with_struck(cell: Cell, text: str, struck: str) -> Cell:
    """Say of a text's cell that it is struck through, or in part, by the letters that are."""
    if not struck.strip():
        return cell
    return cell._replace(mark=Mark.STRUCK if len(struck.strip()) >= len(text.strip()) else Mark.PARTLY_STRUCK)


def number_text(value: float) -> str:
    """Write a number as a person would have typed it, a whole one without a point."""
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 - beyond it a spreadsheet keeps no more figures
        return str(int(value))
    return repr(value)


def check_size(row: int, column: int, count: int) -> None:
    """Stop reading a sheet that is larger than any table of homes or children.

    Raises
    ------
    UnreadableError
        Naming the cell that lies too far away, or saying that there are too many.
    """
    if row > MOST_ROWS and column < MOST_COLUMNS and count >= row:
        raise UnreadableError(
            problem=f"the table has more than {MOST_ROWS:,} rows",
            remedy="Part it into several files. Only the places and schools of a screen may be more: "
            "in a CSV file with id, and easting and northing or latitude and longitude",
            row=row,
        )
    if row > MOST_ROWS or column >= MOST_COLUMNS:
        raise UnreadableError(
            problem=f"the cell {cell_name(row, column)} is filled, far below or beside the table",
            remedy="Go there (Ctrl+End), delete the row or column and save again",
            row=row,
        )
    if count > MOST_CELLS:
        raise UnreadableError(
            problem=f"the sheet has more than {MOST_CELLS:,} cells", remedy="Keep the table alone in the file", row=row
        )
