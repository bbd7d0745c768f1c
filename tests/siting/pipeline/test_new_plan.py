"""A plan that is started can be filled in: its comments are keys, its tables are read, and what is missing is named."""

import shutil
import tomllib
from pathlib import Path

import pytest
from openpyxl import load_workbook

from siting.faults import InputFaultsError, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline import start_folder
from siting.pipeline.new_plan import PLAN
from siting.storage.kept import bundled_data


def test_tables_have_notes_and_drop_downs_and_are_read_when_filled(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    made = start_folder(folder)
    assert sorted(path.name for path in made.files) == sorted(path.name for path in folder.iterdir())
    for name, cells in {
        "candidates.xlsx": {"home_id": "H1", "postcode": "HP13 5SU", "annex": "yes", "status": "open", "beds": 3},
        "children.xlsx": {"child_ref": "C1", "postcode": "RG1 3JH", "solo": "no"},
    }.items():
        book = load_workbook(folder / name)
        sheet = book.active
        assert sheet is not None
        headings = {str(cell.value): cell for cell in sheet[1]}
        assert all(cell.comment is not None and cell.comment.text for cell in headings.values())
        assert len(sheet.data_validations.dataValidation) >= 2
        for heading, value in cells.items():
            sheet.cell(2, headings[heading].column).value = value
        book.save(folder / name)
    shutil.copyfile(bundled_data() / "chilterns" / "chilterns.osm.pbf", folder / "roads.osm.pbf")
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace('postcode = ""', 'postcode = "HP11 2JZ"'), encoding="utf-8")
    inputs = read_inputs(Plan.read(folder / "plan.toml"))
    assert (inputs.homes[0].row.annex, inputs.homes[0].row.beds, inputs.homes[0].row.status.value) == (True, 3, "open")
    assert inputs.children[0].row.solo is False


def test_what_is_still_missing_is_named(tmp_path: Path) -> None:
    (plan, *_) = start_folder(tmp_path / "ours").files
    with pytest.raises(InputFaultsError, match=r"roads\.osm\.pbf is not there"):
        Plan.read(plan)
    (tmp_path / "ours" / "roads.osm.pbf").touch()
    with pytest.raises(InputFaultsError, match="The school"):
        read_inputs(Plan.read(plan))


def test_every_comment_that_is_a_line_of_the_plan_is_one(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in PLAN.splitlines()]
    raw = tomllib.loads("\n".join(line for line in lines if not line.startswith("place = ")))
    plan = Plan.model_validate({**raw, "path": tmp_path / "plan.toml"})
    assert plan.portfolio is not None
    assert plan.engagement.slot_minutes == 15


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        start_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.toml"]
