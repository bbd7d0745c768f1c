"""What the look of a table says beside its words: what is struck through, cannot be seen, or has a comment.

Somebody who strikes a house through may mean that it is gone, seen, or done with. Read, it could be bought; passed over, a
child who still waits would lose the place, and nobody would notice either. So it is asked about, for every table alike.
Letters that have the colour of their ground often repeat what stands above them: they are read, as a hidden
column is, and it is said.
"""

from collections.abc import Iterator, Mapping

from siting.faults import Fault, Severity
from siting.inputs.cells import Mark, Row
from siting.inputs.header_rows import Found
from siting.inputs.headings import TAKEN, ColumnUse

_ASKED = {
    Mark.STRUCK: (
        "what is in this cell is struck through",
        "Delete it where it no longer holds; take the line off where it is meant",
    ),
    Mark.PARTLY_STRUCK: ("part of what is in this cell is struck through", "Leave only what is meant in it"),
}
ASKED_MARKS = frozenset(_ASKED)
"""A cell that looks so is not used."""


def mark_faults(found: Found) -> Iterator[Fault]:
    """Ask about cells that are struck through, and say which are read although they cannot be seen or have a comment.

    One line a column for those that say the same. Rows that are struck through as a whole are told by `find_table`.
    """
    uses = {use.index: use for use in found.understanding.columns if use.sure in TAKEN}
    header = {found.understanding.header_row or 0: found.sheet.rows.get(found.understanding.header_row or 0, {})}
    for use in uses.values():
        for mark, (problem, remedy) in _ASKED.items():
            yield from _gathered(found, use, _rows_with({**header, **found.rows}, use.index, mark), problem, remedy)
        yield from _gathered(
            found,
            use,
            _rows_with(found.rows, use.index, Mark.UNSEEN),
            "what is in this cell cannot be seen in the sheet, and is read all the same",
            "Look whether it is right, or delete it",
            Severity.WARNING,
        )
    if found.sheet.strikes_by_rule:
        yield Fault(
            file=found.understanding.file,
            problem="a rule of the sheet (conditional formatting) strikes cells through, and is not worked out",
            remedy="Look whether a row that it strikes through still holds, and delete what does not",
            severity=Severity.WARNING,
        )
    commented = tuple(sorted({row for row, column in found.sheet.comments if row in found.rows and column in uses}))
    if commented:
        yield Fault(
            file=found.understanding.file,
            row=commented[0],
            rows=commented,
            problem="a cell has a comment, which is not read",
            remedy="Look whether it says that something else is meant",
            severity=Severity.WARNING,
        )


def _rows_with(rows: Mapping[int, Row], column: int, mark: Mark) -> tuple[int, ...]:
    return tuple(
        number for number, row in rows.items() if column in row and row[column].mark is mark and row[column].text.strip()
    )


def _gathered(
    found: Found, use: ColumnUse, rows: tuple[int, ...], problem: str, remedy: str, severity: Severity = Severity.FAULT
) -> Iterator[Fault]:
    if rows:
        yield Fault(
            file=found.understanding.file,
            row=rows[0],
            rows=rows,
            column=use.heading,
            problem=problem,
            remedy=remedy,
            severity=severity,
        )
