"""The evaluation as an Excel workbook that a property team works in."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from siting.documents.sheets import Sheet, _opened, _Sheets
from siting.evaluation.judging import RANKING, Evaluation
from siting.faults import Fault
from siting.outputs.provenance import LIMITS, Provenance
from siting.words import PERSONAL_DATA_NOTICE

_READ_FIRST = (
    "rank", "home_id", "verdict", "status", "address", "school", "to_school_min", "from_school_min", "margin_min", "error_min",
    "beds", "price_gbp", "children_within_family_miles", "median_family_min", "worst_family_min", "reasons",
)  # fmt: skip
"""What a reader of the homes wants first; it fits a printed page, what follows is for the screen."""


def write_workbook(
    path: Path,
    title: str,
    evaluation: Evaluation,
    provenance: Provenance,
    warnings: Sequence[Fault],
    *,
    further: Sequence[Sheet] = (),
) -> None:
    """Write the sheets Homes, Children, any further ones, Method and, where there are any, Warnings."""
    with _opened(path, title) as book:
        sheets = _Sheets(book, PERSONAL_DATA_NOTICE)
        homes = pd.DataFrame(evaluation.homes.drop(columns="geometry"))
        first = [key for key in _READ_FIRST if key in homes.columns]
        homes = homes[[*first, *(key for key in homes.columns if key not in first)]]
        sheets.table("Homes", title, homes, note=f"{RANKING} {LIMITS}", printed=len(first))
        if len(evaluation.pairs):
            sheets.table("Children", f"{title}: every home and child", evaluation.pairs, note=_CHILDREN_NOTE)
        for sheet in further:
            sheets.table(sheet.name, f"{title}: {sheet.title}", sheet.frame, note=sheet.note)
        rows = pd.DataFrame(provenance.rows, columns=["about", "item", "value"])
        sheets.table("Method", f"{title}: what was read, and how", rows, note="The same files and settings give the same answer.")
        if warnings:
            told = [(fault.file, fault.row, fault.column, fault.problem, fault.remedy) for fault in warnings]
            frame = pd.DataFrame(told, columns=["file", "row", "column", "what", "what_to_do"])
            sheets.table("Warnings", f"{title}: what to check in the inputs", frame, note="None of these stopped the run.")


_CHILDREN_NOTE = (
    "Minutes are by road in the rule's scenario; miles are in a straight line, postcode to postcode. "
    "Matching a child to a home is a matter for professionals; this sheet only measures."
)
