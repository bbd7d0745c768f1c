"""A second run makes nothing anew where nothing has changed, and everything where anything has."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from siting.faults import Fault, Severity
from siting.inputs.plan import Plan
from siting.pipeline import run_all
from siting.pipeline.main_job import UNCHANGED
from siting.pipeline.outcome import Outcome
from siting.pipeline.run_record import recall, remember, state_of
from siting.storage.kept import bundled_data

TODAY = dt.date(2026, 3, 2)
WARNING = Fault(file="homes.csv", problem="it is rough", remedy="Check it", row=3, rows=(3, 5), severity=Severity.WARNING)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    shutil.copytree(bundled_data() / "chilterns", tmp_path / "plan")
    return Plan.read(tmp_path / "plan" / "plan.toml")


@pytest.fixture
def out(tmp_path: Path, plan: Plan) -> Path:
    folder = tmp_path / "out"
    (folder / "homes" / "H1").mkdir(parents=True)
    files = [folder / "evaluation.csv", folder / "homes" / "H1" / "neighbours.csv"]
    for file in files:
        file.write_text("as made", encoding="utf-8")
    (folder / "homes" / "H1" / "register.sqlite").write_text("as made", encoding="utf-8")
    remember(folder, state_of(plan, TODAY), Outcome(files=tuple(files), warnings=(WARNING,), summary=("Said.",), no_choice=True))
    return folder


def test_an_unchanged_run_is_known_with_its_files_and_warnings(plan: Plan, out: Path) -> None:
    assert recall(out, state_of(plan, TODAY)) == Outcome(
        files=(out / "evaluation.csv", out / "homes" / "H1" / "neighbours.csv"),
        warnings=(WARNING,),
        summary=("Said.",),
        no_choice=True,
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "plan.toml").write_bytes((folder / "plan.toml").read_bytes() + b"\n"),
        lambda folder: (folder / "candidates.csv").write_bytes((folder / "candidates.csv").read_bytes() + b"\n"),
        lambda folder: (folder / "chilterns.osm.pbf").write_bytes(b""),
        lambda folder: (folder / "decisions.csv").write_text("home_id,address,decision,reason,who,date\n"),
    ],
    ids=["the plan", "a table", "the roads", "a file that the plan need not name"],
)
def test_any_changed_input_makes_everything_anew(plan: Plan, out: Path, change: Callable[[Path], object]) -> None:
    change(plan.path.parent)
    assert recall(out, state_of(plan, TODAY)) is None


def test_any_part_of_a_named_layer_makes_everything_anew(plan: Plan) -> None:
    """A shapefile is several files of one name, of which the plan names one."""
    layers = plan.path.parent / "layers"
    layers.mkdir()
    for ending in ("shp", "dbf"):
        (layers / f"wards.{ending}").write_text("as it was", encoding="utf-8")
    text = plan.path.read_text(encoding="utf-8").replace('wards = "wards.gpkg"', 'wards = "layers/wards.shp"')
    plan.path.write_text(text, encoding="utf-8")
    named = Plan.read(plan.path)
    before = state_of(named, TODAY)
    (layers / "wards.dbf").write_text("changed", encoding="utf-8")
    assert state_of(named, TODAY) != before


def test_another_day_makes_everything_anew(plan: Plan, out: Path) -> None:
    assert recall(out, state_of(plan, TODAY + dt.timedelta(days=1))) is None


@pytest.mark.parametrize("name", ["evaluation.csv", "homes/H1/neighbours.csv", "homes/H1/register.sqlite"])
def test_any_changed_output_or_register_makes_everything_anew(plan: Plan, out: Path, name: str) -> None:
    (out / name).write_text("changed by hand", encoding="utf-8")
    assert recall(out, state_of(plan, TODAY)) is None
    (out / name).unlink()
    assert recall(out, state_of(plan, TODAY)) is None


def test_a_damaged_record_is_not_believed(plan: Plan, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITING_CACHE_DIR", str(tmp_path / "cache"))
    state = state_of(plan, TODAY)
    remember(out, state, Outcome(files=(out / "evaluation.csv",)))
    assert recall(out, state) is not None
    record = next((tmp_path / "cache" / "runs").iterdir())
    record.write_text(record.read_text(encoding="utf-8")[:-10], encoding="utf-8")
    assert recall(out, state) is None


def test_the_main_job_twice(tmp_path: Path) -> None:
    network = bundled_data() / "examples" / "safe-accommodation" / "powys.osm.pbf"
    source = next((bundled_data() / "examples" / "safe-accommodation").glob("*.toml"))
    shutil.copytree(source.parent, tmp_path / "plan")
    assert network.exists()
    plan, out = tmp_path / "plan" / source.name, tmp_path / "out"
    first = run_all(plan, out)
    again = run_all(plan, out)
    assert (first.note, again.note) == ("", UNCHANGED)
    assert again.files == first.files
    assert again.warnings == first.warnings
    assert run_all(plan, out, fresh=True).note == ""
