"""Every fault of every file is named at once, and no child's or family's place is repeated."""

from pathlib import Path

import pytest
from typer.testing import CliRunner
from xlsxwriter import Workbook

from siting.cli import main
from siting.faults import InputFaultsError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline import check
from siting.storage.database import connect
from siting.storage.kept import bundled_data

MANY = Path(__file__).resolve().parents[1] / "faults" / "many"
PLAN = '[area]\nnetwork = "r.osm.pbf"\n[[schools]]\nname = "S"\npostcode = "HP11 2JZ"\n[inputs]\ncandidates = "{homes}"\n'


def plan_in(folder: Path, homes: str = "homes.csv") -> Path:
    (folder / "plan.toml").write_text(PLAN.format(homes=homes), encoding="utf-8")
    (folder / "r.osm.pbf").write_bytes(b"")
    return folder / "plan.toml"


def test_thirty_planted_faults_are_all_named() -> None:
    with pytest.raises(InputFaultsError) as caught:
        check(MANY / "plan.toml")
    told = str(caught.value).splitlines()
    expected = (MANY / "expected.txt").read_text(encoding="utf-8").splitlines()[:-1]
    assert told == expected
    assert len(told) >= 30


def test_a_family_s_place_is_never_repeated() -> None:
    told = [
        line
        for line in (MANY / "expected.txt").read_text(encoding="utf-8").splitlines()
        if line.removeprefix("warning: ").startswith(("children", "excl"))
    ]
    assert len(told) == 8
    for secret in ("ZZ9 9ZZ", "QQ1 1QQ", "HP5 1AX", "HP11 2PX"):
        assert secret not in "\n".join(told)


def test_a_fault_of_every_row_is_one_line_and_others_are_told_row_by_row(tmp_path: Path) -> None:
    rows = "".join(f"H{n},ZZ99 9ZZ,{'many' if n % 20 == 0 else 3}\n" for n in range(200))
    (tmp_path / "homes.csv").write_text(f"home_id,postcode,beds\n{rows}", encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        check(plan_in(tmp_path))
    told = [fault for fault in caught.value.faults if fault.column == "postcode"]
    assert [fault.rows for fault in told] == [tuple(range(2, 202))]
    assert str(told[0]).startswith("homes.csv, rows 2-201 (200 rows), column postcode: this postcode does not exist (ZZ99 9ZZ)")
    assert [fault.row for fault in caught.value.faults if fault.column == "beds"] == list(range(2, 202, 20))


def test_a_workbook_with_a_merged_title_and_formulas(tmp_path: Path) -> None:
    with Workbook(tmp_path / "homes.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "Houses for sale, autumn")
        sheet.write_row(2, 0, ["Home ID", "POSTCODE", "Price GBP", "Note"])
        sheet.write_row(3, 0, ["H1", "HP112JZ", 250000])
        sheet.write_string(3, 3, "=cmd|' /C calc'!A0")
    inputs = read_inputs(Plan.read(plan_in(tmp_path, "homes.xlsx")))
    home = inputs.homes[0].row
    assert (home.home_id, home.price_gbp) == ("H1", 250_000)
    assert home.model_extra == {"note": "=cmd|' /C calc'!A0"}
    assert any("begins with =" in str(warning) and warning.row == 4 for warning in inputs.warnings)


def test_a_sector_s_average_is_used_with_a_warning(tmp_path: Path) -> None:
    question = "SELECT postcode FROM read_parquet(?) WHERE positional_quality = 60 ORDER BY postcode LIMIT 1"
    with connect() as database:
        ((rough,),) = database.execute(question, [str(bundled_data() / "codepoint-open.parquet")]).fetchall()
    (tmp_path / "homes.csv").write_text(f"home_id,postcode\nH1,{rough}\n", encoding="utf-8")
    inputs = read_inputs(Plan.read(plan_in(tmp_path)))
    assert "only the average position of its sector is known, good to about" in str(inputs.warnings[0])
    assert inputs.homes[0].place.accuracy_m > 0


def test_a_column_that_says_who_a_child_is_is_refused(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    plan.write_text(plan.read_text(encoding="utf-8") + 'children = "c.csv"\n', encoding="utf-8")
    (tmp_path / "homes.csv").write_text("home_id,postcode\nH1,HP11 2JZ\n", encoding="utf-8")
    for column in ("name", "Date of Birth", "NHS number", "surname"):
        (tmp_path / "c.csv").write_text(f"child_ref,postcode,{column}\nC1,HP11 2JZ,x\n", encoding="utf-8")
        with pytest.raises(InputFaultsError, match="may say who a child is"):
            check(plan)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["check", "PLAN"], 1, "31 faults; "),
        (["check", "nowhere.toml"], 1, "cannot be read"),
        (["isochrones", "--network", "x.osm.pbf", "--at", "HP11 2JZ", "--minutes", "many"], 2, "--minutes takes figures"),
        (["unknown"], 2, ""),
        (["isochrones", "--network", "x.osm.pbf", "--at", "51,0", "--direction", "up"], 2, "--direction takes"),
    ],
)
def test_exit_statuses(arguments: list[str], status: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = [str(MANY / "plan.toml") if part == "PLAN" else part for part in arguments]
    with pytest.raises(SystemExit) as left:
        main(given)
    assert left.value.code == status
    assert words in capsys.readouterr().err


def test_previous_outputs_stay_when_a_run_fails(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "evaluation.csv").write_text("before", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["evaluate", str(MANY / "plan.toml"), "--out", str(out)])
    assert (out / "evaluation.csv").read_text(encoding="utf-8") == "before"
    assert [path.name for path in out.iterdir()] == ["evaluation.csv"]


def test_every_command_has_help() -> None:
    from siting.cli import app

    told = CliRunner().invoke(app, ["--help"]).stdout
    for command in (
        "run",
        "check",
        "evaluate",
        "isochrones",
        "times",
        "portfolio",
        "engage",
        "map",
        "log",
        "area",
        "figures",
        "why",
        "decide",
    ):
        assert command in told


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("HP6 5EZZ,486600,193000", "this has not the form of a full postcode (HP6 5EZZ)"),
        ("HP11 9ZZ,486600,193000", "this postcode does not exist (HP11 9ZZ)"),
        ("LE15 6DT,486600,193000", "the place in the row's other columns lies 72 miles from this postcode (LE15 6DT)"),
        ("HP11 2JZ,486600,193000", None),
    ],
)
def test_a_wrong_postcode_beside_coordinates_is_said(tmp_path: Path, row: str, said: str | None) -> None:
    (tmp_path / "homes.csv").write_text(f"home_id,postcode,easting,northing\nH1,{row}\n", encoding="utf-8")
    warnings = read_inputs(Plan.read(plan_in(tmp_path))).warnings
    assert [(w.row, w.column, w.problem) for w in warnings] == ([(2, "postcode", said)] if said else [])


def test_a_wrong_postcode_is_said_together_with_wrong_coordinates(tmp_path: Path) -> None:
    (tmp_path / "homes.csv").write_text("home_id,postcode,easting,northing\nH1,HP11 9ZZ,486600,-9\n", encoding="utf-8")
    with pytest.raises(InputFaultsError) as raised:
        read_inputs(Plan.read(plan_in(tmp_path)))
    assert {fault.column for fault in raised.value.faults} == {"postcode", "easting"}


def test_a_wrong_postcode_of_a_family_is_said_and_not_repeated(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    plan.write_text(plan.read_text(encoding="utf-8") + 'children = "c.csv"\n', encoding="utf-8")
    (tmp_path / "homes.csv").write_text("home_id,postcode\nH1,HP11 2JZ\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(
        "child_ref,authority,postcode,easting,northing\nC1,Rutland,LE15 6DT,486600,193000\n", encoding="utf-8"
    )
    (warning,) = read_inputs(Plan.read(plan)).warnings
    assert "miles from this postcode" in str(warning)
    assert "LE15" not in str(warning)
