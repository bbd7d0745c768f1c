"""Faults are named all at once, with file, row and column."""

import shutil
from pathlib import Path

import pytest

from siting.faults import InputFaultsError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.storage.kept import bundled_data

PLAN = """
[area]
network = "roads.osm.pbf"
[[schools]]
name = "The school"
postcode = "HP11 2JZ"
[inputs]
candidates = "homes.csv"
"""


def faults_of(folder: Path, homes: str | bytes, plan: str = PLAN) -> str:
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "roads.osm.pbf").write_bytes(b"")
    (folder / "homes.csv").write_bytes(homes if isinstance(homes, bytes) else homes.encode())
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(Plan.read(folder / "plan.toml"))
    return str(caught.value)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    told = faults_of(
        tmp_path,
        "home_id,postcode,latitude,longitude,price_gbp\n"
        "H1,ZZ99 9ZZ,,,1\n"
        "H1,BD98 1GA,,,1\n"
        "H3,,-0.73,51.62,1\n"
        "H4,,51.0,-9.9,1\n"
        "H5,HP11 2JZ,,,-5\n",
    )
    assert "row 2, column postcode: this postcode does not exist" in told
    assert "row 3, column home_id: H1 stands in row 2 already" in told
    assert "row 3, column postcode: this postcode exists but has no position" in told
    assert "row 4, column latitude: latitude and longitude look swapped" in told
    assert "row 6, column price_gbp: the number must not be negative" in told


def test_a_misspelt_key_is_guessed(tmp_path: Path) -> None:
    assert "Did you mean candidates" in faults_of(tmp_path, "", PLAN.replace("candidates", "candidate"))


@pytest.mark.parametrize(
    ("homes", "told"), [("", "the file is empty"), ("home,postcode\nH1,HP11 2JZ\n", "column home_id: this column is missing")]
)
def test_broken_files(tmp_path: Path, homes: str, told: str) -> None:
    assert told in faults_of(tmp_path, homes)


def test_windows_files_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "roads.osm.pbf").write_bytes(b"")
    row = "home_id,postcode,price_gbp,address\nH1,HP112JZ,£250000,St Mary’s\n"
    for content in (row.encode("cp1252"), row.encode("utf-8-sig")):
        (tmp_path / "homes.csv").write_bytes(content)
        home = read_inputs(Plan.read(tmp_path / "plan.toml")).homes[0]
        assert (home.row.price_gbp, home.row.address) == (250_000, "St Mary’s")


def test_a_placement_that_is_no_postcode_is_said_and_not_repeated(tmp_path: Path) -> None:
    shutil.copytree(bundled_data() / "chilterns", tmp_path / "plan")
    children = tmp_path / "plan" / "children.csv"
    children.write_text(children.read_text(encoding="utf-8").replace("NN4 7AA", "NN4 7ZZ"), encoding="utf-8")
    (warning,) = read_inputs(Plan.read(tmp_path / "plan" / "plan.toml")).warnings
    assert (warning.file, warning.row, warning.column) == ("children.csv", 7, "placement")
    assert "NN4" not in str(warning)


def test_a_row_s_place_is_judged_although_something_else_in_it_is_wrong(tmp_path: Path) -> None:
    shutil.copytree(bundled_data() / "chilterns", tmp_path / "plan")
    rows = "H2,NN4 7ZZ,,,two\nH3,HP20 1US,482078,,two\nH4,HP20 1US,,,2\n"
    (tmp_path / "plan" / "candidates.csv").write_text(f"home_id,postcode,easting,northing,beds\n{rows}", encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(Plan.read(tmp_path / "plan" / "plan.toml"))
    told = [(fault.row, fault.column) for fault in caught.value.faults if fault.file == "candidates.csv"]
    assert told == [(2, "beds"), (2, "postcode"), (3, None), (3, "beds")]


def test_of_a_child_s_faulty_row_the_place_is_not_repeated(tmp_path: Path) -> None:
    shutil.copytree(bundled_data() / "chilterns", tmp_path / "plan")
    rows = "C1,NN4 7ZZ,soon\n"
    (tmp_path / "plan" / "children.csv").write_text(f"child_ref,postcode,max_minutes\n{rows}", encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(Plan.read(tmp_path / "plan" / "plan.toml"))
    assert {fault.column for fault in caught.value.faults if fault.file == "children.csv"} == {"max_minutes", "postcode"}
    assert "NN4" not in str(caught.value)


def test_a_place_far_from_any_address_can_be_confirmed(tmp_path: Path) -> None:
    alone = "home_id,easting,northing,confirmed_values\nH1,5000,900000,{}\n"
    assert "write easting into a column confirmed_values" in faults_of(tmp_path, alone.format(""))
    (tmp_path / "homes.csv").write_text(alone.format("easting"), encoding="utf-8")
    inputs = read_inputs(Plan.read(tmp_path / "plan.toml"))
    assert len(inputs.homes) == 1
    assert any("It is used" in fault.remedy for fault in inputs.warnings)


def test_a_folder_in_place_of_the_plan_is_told_which_file_may_be_meant(tmp_path: Path) -> None:
    def said() -> str:
        with pytest.raises(InputFaultsError) as caught:
            Plan.read(tmp_path)
        return str(caught.value)

    assert "this is a folder, not the plan file. Name the plan file (.toml); there is none in this folder" in said()
    (tmp_path / "north.toml").touch()
    assert f"Did you mean {tmp_path / 'north.toml'}." in said()
    (tmp_path / "screen.toml").touch()
    assert "Name one of those in it: north.toml, screen.toml." in said()
    (tmp_path / "plan.toml").touch()
    assert f"Did you mean {tmp_path / 'plan.toml'}." in said()


def test_a_file_s_name_that_no_disk_can_hold_is_a_fault(tmp_path: Path) -> None:
    told = faults_of(tmp_path, "", PLAN.replace("homes.csv", "h" * 300))
    assert "column inputs.candidates: the file hhh" in told
    assert "is not there" in told
