"""A spreadsheet as it is: nothing guessed unseen, nothing of the user's changed, nothing of another's lost."""

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from siting import pipeline
from siting.faults import UsageError
from siting.inputs.plan import Plan
from siting.pipeline.bringing_tables import Shown

PLAN = """# mine
title = "A plan"
[area]
place = "Rutland"
[[schools]]
name = "S"
postcode = "LE15 6DT"
[inputs]
candidates = "mine.csv" # the agents' list
[rules]
family_miles = 20
"""
WHO = {"who": "me", "when": "2026-01-01T00:00:00+00:00"}
AGENTS = (
    "Agent's list\n\nRef,Address,Post code,Guide price,Viewings\nA1,1 High St,LE15 6DT,POA,3\n"
    "A2,2 High St,LE15 OGU,£300000,1\nTotal,,,,4\n"
)
CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "tables"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "mine.csv").write_text("home_id,postcode\nX,LE15 6DT\n", encoding="utf-8")
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def bring(plan: Path, text: str, kind: str = "candidates") -> Shown:
    upload = plan.parent / "upload.csv"
    upload.write_text(text, encoding="utf-8")
    pipeline.bring(plan, kind, upload, "agents.csv", seen=pipeline.brought_tables(plan).version)
    upload.unlink()
    return seen(plan, kind)


def seen(plan: Path, kind: str = "candidates") -> Shown:
    shown = pipeline.show_table(plan, kind)
    assert shown
    return shown


def correct(
    plan: Path, cells: dict[tuple[int, str], str], columns: dict[str, str] | None = None, out: tuple[int, ...] = ()
) -> Shown:
    version = pipeline.brought_tables(plan).version
    pipeline.correct_table(plan, "candidates", columns=columns or {}, cells=cells, left_out=out, seen=version, **WHO)
    return seen(plan)


def test_each_fault_stands_beside_its_cell_in_the_users_own_rows(plan: Path) -> None:
    shown = bring(plan, AGENTS)
    assert shown.header_row == 3
    headings = {column["index"]: column["heading"] for column in shown.columns}
    beside = {
        (fault.row, headings[fault.column]) for fault in shown.faults if fault.stops and fault.column is not None and fault.row
    }
    assert beside == {(4, "Guide price"), (5, "Post code")}
    assert any("total" in line for line in shown.left_out)
    assert not shown.is_sound


def test_corrected_in_place_it_is_used_and_the_users_files_stay_as_they_are(plan: Path) -> None:
    bring(plan, AGENTS)
    shown = correct(plan, {(4, "Guide price"): "", (5, "Post code"): "LE15 6GU"})
    assert shown.is_sound, shown.faults
    cell = next(cell for row in shown.rows if row["number"] == 5 for cell in row["cells"] if cell["was"])
    assert (cell["was"], cell["text"], cell["who"]) == ("LE15 OGU", "LE15 6GU", "me")
    used = pipeline.use_table(plan, "candidates", seen=shown.version)
    read = Plan.read(plan)
    assert read.resolve(read.inputs.candidates) == used
    with used.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["home_id"], row["postcode"], row["price_gbp"]) for row in rows] == [
        ("A1", "LE15 6DT", ""),
        ("A2", "LE15 6GU", "£300000"),
    ]
    assert (plan.parent / "mine.csv").read_text(encoding="utf-8") == "home_id,postcode\nX,LE15 6DT\n"
    kept = next((plan.parent / "brought").iterdir())
    assert kept.read_text(encoding="utf-8") == AGENTS
    text = plan.read_text(encoding="utf-8")
    assert text.startswith("# mine")
    assert "family_miles = 20" in text


def test_a_table_that_is_not_sound_is_not_used(plan: Path) -> None:
    shown = bring(plan, AGENTS)
    with pytest.raises(UsageError, match="need correcting"):
        pipeline.use_table(plan, "candidates", seen=shown.version)
    assert plan.read_text(encoding="utf-8") == PLAN


def test_of_two_who_correct_the_same_the_second_is_told(plan: Path) -> None:
    old = bring(plan, AGENTS).version
    correct(plan, {(5, "Post code"): "LE15 6GU"})
    with pytest.raises(UsageError, match="Somebody else"):
        pipeline.correct_table(plan, "candidates", columns={}, cells={(5, "Post code"): "LE15 6HB"}, left_out=(), seen=old, **WHO)
    assert any(cell["text"] == "LE15 6GU" for row in seen(plan).rows for cell in row["cells"])


def test_a_choice_of_columns_is_remembered_for_files_of_the_same_shape(plan: Path) -> None:
    text = "Thing,Post code,Viewings\nA1,LE15 6DT,3\n"
    first = bring(plan, text)
    assert first.numbers_rows
    chosen = correct(plan, {}, columns={"Thing": "home_id"})
    assert not chosen.numbers_rows
    again = bring(plan, text.replace("A1", "B7"))
    assert next(column for column in again.columns if column["heading"] == "Thing")["field"] == "home_id"


def test_merged_cells_and_cells_of_spaces_are_asked_about(plan: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("Ref", "Post code", "Beds for children"), ("A1", "LE15 6DT", 2), ("A2", None, 3), ("A3", "LE15 8RL", "  ")):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    upload = plan.parent / "upload.xlsx"
    book.save(upload)
    pipeline.bring(plan, "candidates", upload, "agents.xlsx", seen=pipeline.brought_tables(plan).version)
    asked = [(fault.row, fault.column) for fault in seen(plan).faults if fault.stops]
    assert (3, 1) in asked
    assert (4, 2) in asked
    mended = correct(plan, {(3, "Post code"): "LE15 6DT", (4, "Beds for children"): "2"})
    assert not [fault for fault in mended.faults if fault.stops]


def test_a_row_can_be_left_out_and_taken_in_again(plan: Path) -> None:
    bring(plan, AGENTS)
    assert not any(fault.row == 5 for fault in correct(plan, {}, out=(5,)).faults if fault.stops)
    assert any(fault.row == 5 for fault in correct(plan, {}, out=()).faults if fault.stops)


def test_a_copy_that_was_changed_by_hand_is_kept(plan: Path) -> None:
    bring(plan, "home_id,postcode\nA1,LE15 6DT\n")
    used = pipeline.use_table(plan, "candidates", seen=seen(plan).version)
    used.write_text("home_id,postcode\nHAND,LE15 6DT\n", encoding="utf-8")
    pipeline.use_table(plan, "candidates", seen=seen(plan).version)
    kept = list(plan.parent.glob("candidates-changed-by-hand-*.csv"))
    assert len(kept) == 1
    assert "HAND" in kept[0].read_text(encoding="utf-8")


def test_a_house_is_added_beside_those_of_the_users_own_table(plan: Path) -> None:
    house = {"home_id": "New", "latitude": "52.67", "longitude": "-0.73", "price_gbp": "300000"}
    used = pipeline.add_home(plan, house)
    with used.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["home_id"] for row in rows] == ["X", "New"]
    assert rows[1]["latitude"] == "52.67"
    assert (plan.parent / "mine.csv").read_text(encoding="utf-8") == "home_id,postcode\nX,LE15 6DT\n"
    with pytest.raises(UsageError, match="cannot be added"):
        pipeline.add_home(plan, house)
    assert len(pipeline.brought_tables(plan).tables["candidates"].added) == 1


def test_a_list_whose_ending_is_in_capitals_is_kept(plan: Path) -> None:
    (plan.parent / "mine.csv").rename(plan.parent / "Mine.CSV")
    plan.write_text(PLAN.replace("mine.csv", "Mine.CSV"), encoding="utf-8")
    pipeline.add_home(plan, {"home_id": "NEW", "postcode": "LE15 6DT"})
    with (plan.parent / Plan.read(plan).inputs.candidates).open(encoding="utf-8-sig") as file:
        assert [row["home_id"] for row in csv.DictReader(file)] == ["X", "NEW"]


def test_who_a_child_is_is_not_shown_and_stops_the_list(plan: Path) -> None:
    shown = bring(plan, "child_ref,first name,postcode\nC1,Zebedee,LE15 6DT\n", "children")
    assert not shown.is_sound
    assert not any("Zebedee" in cell["text"] for row in shown.rows for cell in row["cells"])


def test_what_is_no_table_is_refused_in_words(plan: Path) -> None:
    with pytest.raises(UsageError):
        bring(plan, "")


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this checkout")
def test_an_agents_untidy_export_asks_for_what_it_cannot_know(plan: Path) -> None:
    pipeline.bring(plan, "candidates", CASES / "messy_export.xlsx", "messy.xlsx", seen=pipeline.brought_tables(plan).version)
    shown = seen(plan)
    assert not shown.is_sound
    cells = {
        (7, "Postcode"): "LE15 6GE",
        (7, "bedrooms"): "3",
        (7, "price_gbp"): "",
        (8, "Postcode"): "LE15 6GU",
        (8, "bedrooms"): "3",
        (9, "Postcode"): "LE15 6DT",
        (9, "price_gbp"): "500000",
        (10, "Postcode"): "LE15 6HB",
    }
    shown = correct(plan, cells)
    assert shown.is_sound, shown.faults
    assert len(shown.rows) == 5
