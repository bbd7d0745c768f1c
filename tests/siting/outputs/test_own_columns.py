"""What a person has written into the workbook is there after the next run, beside the right home."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.outputs.evaluation_workbook import write_workbook
from siting.outputs.own_columns import NOTES, read_own_columns
from siting.outputs.provenance import Provenance
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data

NOTHING = Provenance(rows=(("This run", "plan", "Sample"),))


@pytest.fixture(scope="module")
def sample() -> Evaluation:
    inputs = read_inputs(Plan.read(bundled_data() / "chilterns" / "plan.toml"))
    return evaluate_inputs(inputs, open_network(bundled_data() / "chilterns" / "chilterns.osm.pbf"))


def edit(path: Path, cells: dict[tuple[str, str], str]) -> None:
    """Write into cells of the sheet Homes, by home and heading; a heading that is not there is added at the right."""
    book = load_workbook(path)
    sheet = book["Homes"]
    headings = {str(cell.value): cell.column for cell in sheet[5] if cell.value}
    rows = {str(sheet.cell(row, headings["Home"]).value): row for row in range(6, sheet.max_row + 1)}
    for (home, heading), text in cells.items():
        column = headings.setdefault(heading, max(headings.values()) + 1)
        sheet.cell(5, column).value = heading
        sheet.cell(rows[home], column).value = text
    book.save(path)


def shown(path: Path) -> pd.DataFrame:
    return pd.read_excel(path, sheet_name="Homes", header=4, engine="openpyxl").set_index("Home")


def test_notes_and_own_columns_travel_by_home_from_run_to_run(sample: Evaluation, tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{n}.xlsx" for n in (1, 2, 3))
    write_workbook(first, "Sample", sample, NOTHING, ())
    assert read_own_columns(first).empty
    edit(first, {("H04", "Your notes"): "damp cellar", ("H11", "visited by"): "A. Lead", ("H04", "Verdict"): "mine"})
    own = read_own_columns(first)
    assert own.loc["H04", NOTES] == "damp cellar"
    assert own.loc["H11", "visited by"] == "A. Lead"
    assert set(own.columns) == {NOTES, "visited by"}, "what the planner works out is worked out anew"
    write_workbook(second, "Sample", sample, NOTHING, (), own=own)
    write_workbook(third, "Sample", sample, NOTHING, (), own=read_own_columns(second))
    table = shown(third)
    assert table.loc["H04", "Your notes"] == "damp cellar"
    assert table.loc["H11", "visited by"] == "A. Lead"
    assert table.loc["H04", "Verdict"] in {"pass", "marginal", "fail"}
    assert table["Your notes"].notna().sum() == table["visited by"].notna().sum() == 1


def test_notes_on_a_home_that_is_listed_no_more_are_kept(sample: Evaluation, tmp_path: Path) -> None:
    own = pd.DataFrame({NOTES: ["sold", "kept"]}, index=["GONE", "H04"])
    for number in (1, 2, 3):
        path = tmp_path / f"{number}.xlsx"
        write_workbook(path, "Sample", sample, NOTHING, (), own=own)
        own = read_own_columns(path)
        assert own.loc["GONE", NOTES] == "sold"
        assert own.loc["H04", NOTES] == "kept"


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04"])
def test_what_is_no_workbook_has_no_notes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "evaluation.xlsx").write_bytes(content)
    assert read_own_columns(tmp_path / "evaluation.xlsx").empty
    shutil.copyfile(bundled_data() / "chilterns" / "candidates.csv", tmp_path / "other.xlsx")
    assert read_own_columns(tmp_path / "other.xlsx").empty
