"""What can be wrong with an input, how it is worded, and the exceptions with their exit status."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitStatus(IntEnum):
    """What a command tells the shell."""

    DONE = 0
    FAULTY_INPUT = 1
    WRONG_USAGE = 2
    PROGRAM_FAULT = 3
    NO_CHOICE = 4
    """The work is done, and is not what was asked for: no choice of homes keeps the rules; a pack has no neighbour where people
    seem to live."""


class Severity(StrEnum):
    """Whether a fault stops the work or is only said aloud."""

    FAULT = "fault"
    WARNING = "warning"


_FEW_ROWS = 3
_SPANS_SHOWN = 8


def spans(rows: Iterable[int]) -> str:
    """Write row numbers as a person does: `2-7, 9 and 12`; of very many spans the first few."""
    found: list[list[int]] = []
    for row in sorted(set(rows)):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in found]
    if len(words) > _SPANS_SHOWN:
        return ", ".join(words[:_SPANS_SHOWN]) + " and more"
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one place of one file, and what to do about it.

    `row` is the row number that a spreadsheet shows (the header is row 1), or None for the
    whole file; `rows` are all of them where one fault touches many. The wording never repeats the place of a child or a family.
    """

    file: str
    problem: str
    remedy: str
    row: int | None = None
    rows: tuple[int, ...] = ()
    column: str | None = None
    severity: Severity = Severity.FAULT

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Order in which faults are told: by file, then down the rows."""
        return (self.file, self.row or 0, self.column or "", self.problem)

    def __str__(self) -> str:
        """Word the fault on one line: file, row, column, what is wrong, what to do."""
        place = [self.file]
        if len(self.rows) > 1:
            place.append(f"rows {spans(self.rows)}" + (f" ({len(self.rows)} rows)" if len(self.rows) > _FEW_ROWS else ""))
        elif self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        prefix = "warning: " if self.severity is Severity.WARNING else ""
        return f"{prefix}{', '.join(place)}: {self.problem}. {self.remedy}."


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Sort faults by file and row, each told once."""
    return tuple(sorted(set(faults), key=lambda fault: fault.sort_key))


def stopping(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return those that stop the work."""
    return tuple(fault for fault in faults if fault.severity is Severity.FAULT)


class SitingError(Exception):
    """Base of every error that a user can act on; its text is a whole sentence."""

    exit_status = ExitStatus.FAULTY_INPUT


class InputFaultsError(SitingError, ValueError):
    """The inputs have faults: all of them, of all files, sorted."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UsageError(SitingError, ValueError):
    """The command was called with words that do not go together."""

    exit_status = ExitStatus.WRONG_USAGE


class NetworkSourceError(SitingError, OSError):
    """A road network could not be read or downloaded."""


class CrsError(SitingError, ValueError):
    """A coordinate system is missing or is not the one that the work needs."""
