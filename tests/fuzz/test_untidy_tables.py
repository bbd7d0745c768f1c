"""Spreadsheets drawn as people write them: each is read right, asked about in the right row, or refused; none silently misread.

`FUZZ_FILES` says how many (some thousands by hand, a sample here), `FUZZ_FIRST` from which seed on; a seed that breaks makes
the same file again.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from untidy import Untidy, draw_untidy

from siting.faults import Fault, stopping
from siting.inputs.authorities import plain_name
from siting.inputs.locating import locate_table
from siting.inputs.postcodes import tidy_postcode
from siting.inputs.tables import read_table

FILES = int(os.environ.get("FUZZ_FILES", "60"))
FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
BROKE = (1593, 3200, 3519, 3717, 4847, 5291, 7092, 8345, 9962, 20768)
"""What was misread once: headings over two rows, and an error taken for one."""
SEEDS = [int(os.environ["FUZZ_SEED"])] if "FUZZ_SEED" in os.environ else [*BROKE, *range(FIRST, FIRST + FILES)]


def is_same(name: str, read: Any, true: Any) -> bool:
    if name == "postcode":
        return tidy_postcode(read or "") == true
    if name == "authority":
        return read is not None and plain_name(read) == plain_name(true)
    if name == "address":
        return read is not None and " ".join(str(read).split()).startswith(" ".join(true.replace(", ", " ").split())[:8])
    if name in {"home_id", "child_ref"}:
        return str(read) == true
    return bool(read == true)


def misreading(drawn: Untidy) -> str | None:
    """Say what was misread without a word, or what was asked that is plain; None where all is well."""
    table = read_table(drawn.path, drawn.row_type)
    _, placing = locate_table(table)
    faults = [*table.faults, *placing]
    stops = stopping(faults)
    said = {row for fault in faults for row in (*fault.rows, fault.row) if row is not None}
    header = table.understanding.header_row
    headings_stop = any(fault.row in {None, header} for fault in stops)
    if stops:
        if drawn.plain:
            return f"asked about what is plain: {stops[0]}"
        where = [fault for fault in stops if fault.row not in {None, header} and not {*fault.rows, fault.row} & drawn.planted]
        odd_heading = any(habit.startswith("heading ") for habit in drawn.habits)
        if where and not odd_heading:
            return f"a row without anything odd is asked about: {where[0]}"
    if table.understanding.header_row is None:
        return None if stops else "nothing is read, and nobody says so"
    read = {row.number: row.value for row in table.rows}
    for number, true in drawn.truth.items():
        if number not in read:
            if number not in said and not headings_stop:
                return f"row {number} is not read, and nobody says so"
            continue
        if any(fault.row == number or number in fault.rows for fault in stops):
            continue
        for name, value in true.items():
            if table.understanding.column_of(name):
                if not is_same(name, getattr(read[number], name), value) and not _column_stops(name, table, stops):
                    return f"row {number}, {name}: {getattr(read[number], name)!r} is read where {value!r} is meant"
            elif not headings_stop and not _is_said(name, drawn, faults):
                return f"the column of {name} is not read, and nobody says so"
    extra = sorted(read.keys() - drawn.truth.keys() - said) if not headings_stop else []
    return f"row {extra[0]} is read as a row of the table" if extra else None


def _column_stops(name: str, table: Any, stops: Sequence[Fault]) -> bool:
    """Tell whether a column itself is asked about: for two of them are alike, or one is."""
    use = table.understanding.column_of(name)
    return any(fault.column in {name, use.heading} and fault.row == table.understanding.header_row for fault in stops)


def _is_said(name: str, drawn: Untidy, faults: list[Fault]) -> bool:
    """Tell whether a heading that is odd enough to be a user's own stands for the field."""
    return any(habit.endswith(f"for {name}") for habit in drawn.habits) or any(
        name in fault.problem or "column is not read" in fault.problem for fault in faults
    )


def test_no_drawn_spreadsheet_is_silently_misread(tmp_path: Path) -> None:
    wrong = []
    for seed in SEEDS:
        drawn = draw_untidy(tmp_path, seed)
        found = misreading(drawn)
        if found:
            wrong.append(f"{seed} ({drawn.path.suffix}, {drawn.row_type.__name__}; {', '.join(drawn.habits)}): {found}")
        if "FUZZ_SEED" not in os.environ:
            drawn.path.unlink()
    assert not wrong, "\n".join(wrong[:60])
