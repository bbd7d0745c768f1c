"""The evaluation as an Excel workbook that a property team works in."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from siting.documents.workbooks import Sheet, _opened, _Sheets, heading
from siting.evaluation.evaluation import RANKING, Evaluation
from siting.evaluation.home_result import HomeResult
from siting.faults import Fault
from siting.outputs.own_columns import HEADINGS_ITEM, HOMES_SHEET, KEPT_SHEET, METHOD_SHEET, NOTES, headings_text
from siting.outputs.provenance import LIMITS, Provenance
from siting.sentences import counted
from siting.words import FAR_FROM_ROAD_M, PERSONAL_DATA_NOTICE, HomeStatus, Verdict

_READ_FIRST = (
    "rank", "home_id", "verdict", "address", "to_school_min", "from_school_min", "margin_min", "beds", "price_gbp",
    "children_within_family_miles", "median_family_min", "why",
)  # fmt: skip
"""What a reader of the homes wants first; it fits a page of A4 at a size that is read, what follows is for the screen."""

MOST_PAIRS_LISTED = 50_000
"""Up to so many pairs are a sheet, which opens in a moment and can be looked through (own choice; a sheet ends at a million)."""
MOST_GRID_CHILDREN = 200
"""Up to so many children, and `MOST_PAIRS_LISTED` pairs, are the columns of a grid."""
PAIRS_FILE = "evaluation-children.parquet"
"""Where longer lists of pairs go."""


def lists_all_pairs(evaluation: Evaluation) -> bool:
    """Tell whether the workbook has room for every home and child; otherwise they go to `PAIRS_FILE`."""
    return len(evaluation.families) <= MOST_PAIRS_LISTED


def write_workbook(  # noqa: PLR0913 - what the workbook is made of
    path: Path,
    title: str,
    evaluation: Evaluation,
    provenance: Provenance,
    warnings: Sequence[Fault],
    *,
    further: Sequence[Sheet] = (),
    own: pd.DataFrame | None = None,
) -> None:
    """Write the sheets Homes, Reasons, Grid and Children, any further ones, Method and, where there are any, Warnings.

    `own` are the users' own columns of an earlier workbook, by `home_id`; those of homes that are listed
    no more get a sheet of their own.

    Raises
    ------
    SheetLimitError
        Where a table has no room.
    """
    own = pd.DataFrame() if own is None else own
    as_they_are = {str(name): str(name) for name in own.columns if name != NOTES}
    with _opened(path, title) as book:
        sheets = _Sheets(book, PERSONAL_DATA_NOTICE)
        homes, printed = _homes(evaluation, own)
        sheets.table(HOMES_SHEET, title, homes, note=f"{RANKING} {LIMITS} {_NOTES_NOTE}", printed=printed, own=as_they_are)
        reasons = homes[["rank", "home_id", "verdict", "reasons"]].copy()
        sheets.table("Reasons", f"{title}: why, home by home", reasons, note="The whole of what is said of each home.")
        _pairs(sheets, title, evaluation)
        for sheet in further:
            sheets.table(sheet.name, f"{title}: {sheet.title}", sheet.frame, note=sheet.note)
        lost = own[~own.index.isin(homes["home_id"])]
        if len(lost):
            kept = lost.rename_axis("home_id").reset_index()
            sheets.table(KEPT_SHEET, f"{title}: notes on homes no more listed", kept, note=_KEPT_NOTE, own=as_they_are)
        ours = [heading(str(key)) for key in homes.columns if key not in own.columns or key == NOTES]
        rows = pd.DataFrame(
            [*provenance.rows, ("This workbook", HEADINGS_ITEM, headings_text(ours))], columns=["about", "item", "value"]
        )
        sheets.table(METHOD_SHEET, f"{title}: what was read, and how", rows, note=_METHOD_NOTE)
        if warnings:
            told = [(fault.file, fault.row, fault.column, fault.problem, fault.remedy) for fault in warnings]
            frame = pd.DataFrame(told, columns=["file", "row", "column", "what", "what_to_do"])
            sheets.table("Warnings", f"{title}: what to check in the inputs", frame, note="None of these stopped the run.")


def _homes(evaluation: Evaluation, own: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the homes with what is read first at the left, users' own columns after it, and how many columns are printed."""
    homes = pd.DataFrame(evaluation.homes.drop(columns="geometry"))
    homes["why"] = [_why(result) for result in evaluation.results]
    first = [key for key in _READ_FIRST if key in homes.columns]
    theirs = own.reindex(homes["home_id"]).reset_index(drop=True)
    theirs = theirs[[key for key in theirs.columns if key not in homes.columns]]
    if NOTES not in theirs.columns:
        theirs.insert(0, NOTES, None)
    rest = homes[[key for key in homes.columns if key not in first]]
    return pd.concat([homes[first], theirs, rest], axis=1), len(first)


def _why(result: HomeResult) -> str:
    """Say in a few words what decides; the reasons say the rest."""
    judgement, families = result.judgement, result.families
    parts = []
    if result.home.row.status is not HomeStatus.CANDIDATE:
        parts.append(f"already {result.home.row.status.value}")
    if judgement.verdict is Verdict.UNREACHABLE:
        parts.append("no way by road")
    else:
        side = "inside" if judgement.margin_min >= 0 else "over"
        parts.append(f"{abs(judgement.margin_min):.1f} min {side}, give or take {judgement.error_min:.1f}")
    if families.excluded:
        parts.append(f"in an exclusion zone of {counted(families.excluded, 'child', 'children')}")
    if result.snap_distance_m > FAR_FROM_ROAD_M:
        parts.append(f"nearest road {result.snap_distance_m:,.0f} m away")
    return "; ".join(parts)


def _pairs(sheets: _Sheets, title: str, evaluation: Evaluation) -> None:
    families = evaluation.families
    if not len(families):
        return
    if not lists_all_pairs(evaluation):
        words = f"{len(families):,} pairs of a home and a child are in {PAIRS_FILE}, beside this workbook."
        told = pd.DataFrame({"what": [words]})
        sheets.table("Children", f"{title}: every home and child", told, note=_CHILDREN_NOTE)
        return
    if len(families.child_refs) <= MOST_GRID_CHILDREN:
        ordered = [result.row for result in evaluation.results]
        minutes = np.array([families.family_min(row) for row in ordered])
        grid = pd.DataFrame(minutes, columns=list(families.child_refs))
        grid.insert(0, "home_id", [families.home_ids[row] for row in ordered], allow_duplicates=True)
        sheets.grid("Grid", f"{title}: minutes between each home and each child's family", grid, note=_GRID_NOTE)
    sheets.table("Children", f"{title}: every home and child", evaluation.pairs, note=_CHILDREN_NOTE)


_CHILDREN_NOTE = (
    "Minutes are by road in the rule's scenario. Road miles are from home to family along that way; straight-line miles are from "
    "postcode to postcode, as the national statistic measures, whose band stands in its own words. "
    "Matching a child to a home is a matter for professionals; this sheet only measures."
)
_KEPT_NOTE = "From earlier workbooks: the table of homes names them no more."
_METHOD_NOTE = "The same files and settings give the same answer."
_GRID_NOTE = (
    "Minutes by road in the worse direction, in the rule's scenario; green is near and red far among these. Homes best first. An "
    "empty cell is not known, or there is no way."
)
_NOTES_NOTE = "What you write under Your notes, or in columns of your own, is kept when the workbook is made anew."
