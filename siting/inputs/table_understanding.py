"""How a table was understood, as values that a page shows and a user corrects."""

from collections.abc import Sequence
from dataclasses import dataclass

from siting.faults import Fault, Severity
from siting.inputs.headings import TAKEN, ColumnUse, Sureness, heading_of
from siting.inputs.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows of a sheet that are not read, and why."""

    rows: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a file was taken for.

    Attributes
    ----------
    sheet
        The sheet that is read; None of a text file, or where none is.
    other_sheets
        Those that are not, hidden ones among them.
    header_row
        The row that holds the headings, as a spreadsheet numbers it; None where there is none.
    columns
        Every column that has a heading or values, and what it is taken for.
    rows_read
        How many rows were read, sound or not.
    left_out
        Rows that were passed over, and why.
    """

    file: str
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    header_row: int | None = None
    columns: tuple[ColumnUse, ...] = ()
    rows_read: int = 0
    left_out: tuple[LeftOut, ...] = ()

    def column_of(self, field: str) -> ColumnUse | None:
        """Return the column that is read into a field, or None."""
        return next((use for use in self.columns if use.field == field and use.sure in TAKEN), None)


def heading_faults(
    understanding: Understanding, required: Sequence[str], row_type: type[Row], *, protective: bool, asks: bool = True
) -> list[Fault]:
    """Say what was taken for what, and stop where a heading is in doubt, twice there, refused or missing.

    In a protective table (of children, exclusions or people) a column without a heading stops too. A table that others
    made and that has many columns of its own `asks` nothing of one in doubt: it is said that it is not read, and only of
    near spellings what they were taken for.
    """
    faults = [_missing(understanding, name, row_type) for name in required if understanding.column_of(name) is None]
    guessed = {name for name in required if understanding.column_of(name) is None}
    faults += [
        fault
        for use in understanding.columns
        if not (use.sure is Sureness.DOUBT and set(use.maybe) & guessed)
        for fault in _one(understanding, use, row_type, protective=protective, asks=asks)
    ]
    faults += _twice(understanding)
    guesses = {Sureness.MEANT, Sureness.NEAR} if asks else {Sureness.NEAR}
    taken = [use for use in understanding.columns if use.sure in guesses]
    if taken:
        named = ", ".join(f'"{use.heading}" for {heading_of(use.field or "", row_type)}' for use in taken)
        faults.append(
            _fault(
                understanding,
                None,
                f"columns taken by what they mean: {named}",
                "Rename a column if that is not what it holds",
                Severity.WARNING,
            )
        )
    return faults


def _missing(understanding: Understanding, field: str, row_type: type[Row]) -> Fault:
    maybe = next((use.heading for use in understanding.columns if use.sure is Sureness.DOUBT and field in use.maybe), None)
    name = heading_of(field, row_type)
    remedy = f"Rename the column {maybe} to {name}" if maybe else "Add it"
    return _fault(understanding, name, "this column is missing", remedy)


def _one(  # noqa: PLR0911 - one answer a kind of heading
    understanding: Understanding, use: ColumnUse, row_type: type[Row], *, protective: bool, asks: bool
) -> list[Fault]:
    maybe = [heading_of(field, row_type) for field in use.maybe]
    match use.sure:
        case Sureness.DOUBT if use.maybe == ("bedrooms", "beds"):
            problem = "this may be the house's bedrooms or the places for children"
            return [_fault(understanding, use.heading, problem, "Rename it to bedrooms, or to beds for the places for children")]
        case Sureness.DOUBT if not asks:
            problem = f"this column is not read, and may be meant for {' or '.join(maybe[:2])}"
            return [_fault(understanding, use.heading, problem, f"Rename it to {maybe[0]} if it is that", Severity.WARNING)]
        case Sureness.DOUBT:
            problem = f"this column may be meant for {' or '.join(maybe[:2])}, and it is not sure"
            remedy = f"Rename it to {maybe[0]} if it is that, in its unit; if not put own before it, as in own {use.heading}"
            return [_fault(understanding, use.heading, problem, remedy)]
        case Sureness.NOT_USED:
            problem = f"this column is not read, since another is taken for {maybe[0]}"
            return [_fault(understanding, use.heading, problem, "Delete it if it says the same", Severity.WARNING)]
        case Sureness.REFUSED:
            problem = "this column may say who a child is, which the planner does not need"
            return [_fault(understanding, _as_field(use.heading), problem, "Delete the column; child_ref is enough")]
        case Sureness.UNNAMED:
            problem = "this column has values and no heading, so it is not read"
            severity = Severity.FAULT if protective else Severity.WARNING
            return [_fault(understanding, use.letter, problem, "Write a heading above it, or delete it", severity)]
        case _:
            return []


def _twice(understanding: Understanding) -> list[Fault]:
    fields = [use.field for use in understanding.columns if use.field and use.sure in TAKEN]
    faults = []
    for name in sorted({field for field in fields if fields.count(field) > 1}):
        headings = [use.heading for use in understanding.columns if use.field == name and use.sure in TAKEN]
        same = len({heading.casefold() for heading in headings}) == 1
        problem = "two columns have this name" if same else f"several columns look like it: {', '.join(headings)}"
        faults.append(_fault(understanding, name, problem, "Rename or delete one of them"))
    return faults


def _as_field(heading: str) -> str:
    return "_".join(heading.casefold().split())


def _fault(
    understanding: Understanding, column: str | None, problem: str, remedy: str, severity: Severity = Severity.FAULT
) -> Fault:
    return Fault(
        file=understanding.file, row=understanding.header_row, column=column, problem=problem, remedy=remedy, severity=severity
    )
