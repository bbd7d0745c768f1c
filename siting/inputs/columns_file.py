"""What a user said of a table's columns: a small table of its own beside the plan (`table,heading,field`)."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from siting.faults import Fault, InputFaultsError
from siting.inputs.headings import OWN, field_names
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.storage.decoding import decode_text

TABLES: Mapping[str, type[PlacedRow]] = {"candidates": HomeRow, "children": ChildRow, "exclusions": ExclusionRow}
"""The tables whose columns may be chosen, as the plan names them."""
COLUMNS = ("table", "heading", "field")


def read_columns(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Return by table the field that each heading was chosen for (`own` for none); nothing where there is no file.

    Raises
    ------
    InputFaultsError
        Naming rows whose table or field there is not.
    """
    if not path.is_file():
        return {}
    chosen: dict[str, dict[str, str]] = {}
    faults = []
    try:
        rows = list(csv.reader(io.StringIO(decode_text(path.read_bytes()), newline=""), strict=True))
    except (OSError, csv.Error) as error:
        fault = Fault(file=path.name, problem="the file cannot be read", remedy="Save it again as CSV, or delete it")
        raise InputFaultsError([fault]) from error
    if rows and [cell.strip().casefold() for cell in rows[0][:3]] != list(COLUMNS):
        remedy = f"Begin it with the headings {', '.join(COLUMNS)}, or name another file under [inputs] columns"
        raise InputFaultsError([Fault(file=path.name, row=1, problem="this is no table of chosen columns", remedy=remedy)])
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        table, heading, field = (cell.strip() for cell in (*row, "", "", "")[:3])
        known = (*field_names(TABLES[table]), OWN) if table in TABLES else ()
        if field in known and heading:
            chosen.setdefault(table, {})[heading] = field
        else:
            column, words = ("field", known) if known else ("table", tuple(TABLES))
            remedy = f"Write one of: {', '.join(words)}"
            faults.append(Fault(file=path.name, row=number, column=column, problem="this word is not known", remedy=remedy))
    if faults:
        raise InputFaultsError(faults)
    return chosen


def columns_text(chosen: Mapping[str, Mapping[str, str]]) -> str:
    """Write what was chosen as the file that is read again."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows((table, heading, field) for table, fields in chosen.items() for heading, field in fields.items())
    return stream.getvalue()
