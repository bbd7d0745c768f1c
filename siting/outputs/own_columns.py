"""What users have written beside the homes in an evaluation's workbook, so that the next one keeps it."""

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd

from siting.inputs.cells import Sheet
from siting.inputs.excel import read_excel

NOTES = "your_notes"
"""The column that is theirs to fill in."""
HOMES_SHEET, METHOD_SHEET, KEPT_SHEET = "Homes", "Method", "Notes kept"
HEADINGS_ITEM = "columns of the sheet Homes"
"""Where the workbook itself says which of its columns are the planner's."""
SEPARATOR = " | "
_TOP = 5
"""The row of the headings, as a spreadsheet counts."""
_HOME = "Home"
_NOTES_HEADING = "Your notes"


def read_own_columns(workbook: Path) -> pd.DataFrame:
    """Return the columns of the sheet Homes that are not the planner's, and Your notes: indexed by `home_id`.

    Rows and columns without any text are left out; empty where there is no workbook, or none of ours. Homes
    of earlier notes that no table names any more are among them.
    """
    # Whatever is met in a damaged workbook: it is no longer as the run left it, and so is set aside and told as edited.
    with suppress(Exception), zipfile.ZipFile(workbook) as archive:
        sheets = {sheet.name: sheet for sheet in read_excel(archive).sheets}
        homes = _table(sheets[HOMES_SHEET])
        ours = _our_headings(sheets[METHOD_SHEET])
        if ours is None or _HOME not in homes.columns:
            return pd.DataFrame()
        found = _own(homes, [name for name in homes.columns if name not in ours or name == _NOTES_HEADING])
        if KEPT_SHEET in sheets:
            kept = _table(sheets[KEPT_SHEET])
            kept = _own(kept, [name for name in kept.columns if name != _HOME])
            found = pd.concat([found, kept.drop(index=found.index, errors="ignore")])
        return found.rename(columns={_NOTES_HEADING: NOTES}).fillna("")
    return pd.DataFrame()


def headings_text(headings: Sequence[str]) -> str:
    """Write the planner's own headings as the workbook keeps them."""
    return SEPARATOR.join(headings)


def _table(sheet: Sheet) -> pd.DataFrame:
    """Return the cells below the headings as texts; a heading is needed to say what a cell is about."""
    header = {column: cell.text.strip() for column, cell in sheet.rows.get(_TOP, {}).items() if cell.text.strip()}
    names = list(header.values())
    columns = {column: name for column, name in header.items() if names.count(name) == 1}
    rows = [row for number, row in sorted(sheet.rows.items()) if number > _TOP]
    return pd.DataFrame(
        {name: [row[column].text if column in row else "" for row in rows] for column, name in columns.items()}, dtype=object
    )


def _our_headings(sheet: Sheet) -> set[str] | None:
    for row in sheet.rows.values():
        texts = [cell.text for _, cell in sorted(row.items())]
        if HEADINGS_ITEM in texts:
            return set(texts[-1].split(SEPARATOR))
    return None


def _own(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    table = frame.assign(**{_HOME: frame[_HOME].astype(str).str.strip()}).set_index(_HOME)[list(names)]
    written = table.map(lambda cell: bool(cell.strip()))
    table = table.loc[written.any(axis=1), written.any(axis=0)]
    return table[~table.index.duplicated()]
