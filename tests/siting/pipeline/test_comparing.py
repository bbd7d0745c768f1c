"""Two runs side by side say what changed, and why."""

import json
import shutil
from pathlib import Path

import pytest

from siting import pipeline
from siting.faults import UsageError
from siting.pipeline.run_history import MOST_KEPT, KeptRun, tidy_runs
from siting.storage.kept import bundled_data

EXAMPLE = bundled_data() / "examples" / "safe-accommodation"


def _home(home_id: str, **facts: object) -> dict[str, object]:
    usual = {
        "verdict": "pass",
        "lat": 52.0,
        "lon": -3.0,
        "to_school_min": 40.0,
        "from_school_min": 40.0,
        "school": "S",
        "price_gbp": 400000,
    }
    return {"home_id": home_id} | usual | facts


def _run(name: str, homes: list[dict[str, object]], **changes: object) -> KeptRun:
    record = {
        "version": 1, "made": "2026-01-01T00:00:00+00:00", "program": "1", "title": "T",
        "settings": {"rules": {"school_minutes": 45.0}, "portfolio": None, "model": {}},
        "inputs": [{"file": "roads.osm.pbf", "sha256": "a"}], "homes": homes, "portfolio": None,
    }  # fmt: skip
    return KeptRun(name=name, record=record | changes)


def test_homes_in_and_out_and_a_verdict_that_turned_with_its_reason() -> None:
    one = _run("1", [_home("A"), _home("B"), _home("C")], portfolio={"homes": ["A", "B"]})
    other = _run(
        "2",
        [_home("A", verdict="fail", to_school_min=46.0), _home("C", price_gbp=450000), _home("D")],
        inputs=[{"file": "roads.osm.pbf", "sha256": "b"}],
        portfolio={"homes": ["A", "D"]},
    )
    found = pipeline.compare_runs(one, other)
    assert (found.arrived, found.left) == (("D",), ("B",))
    assert [(c.home_id, c.before, c.after) for c in found.turned] == [("A", "pass", "fail")]
    assert found.turned[0].changes == ("minutes to school 40.0, now 46.0",)
    assert found.otherwise[0].changes == ("price £400,000, now £450,000",)
    assert found.causes == ("roads.osm.pbf has changed.",)
    assert (found.chosen_in, found.chosen_out) == (("D",), ("B",))


def test_a_price_that_is_not_known_is_not_nought() -> None:
    found = pipeline.compare_runs(_run("1", [_home("A", price_gbp=None)]), _run("2", [_home("A", price_gbp=0)]))
    assert found.otherwise[0].changes == ("price not given, now £0",)


def test_a_rule_that_changed_is_named() -> None:
    settings = {"rules": {"school_minutes": 40.0}, "portfolio": None, "model": {}}
    found = pipeline.compare_runs(_run("1", [_home("A")]), _run("2", [_home("A")], settings=settings))
    assert found.causes == ("The rule school_minutes was 45.0, now 40.0.",)
    assert not found.is_same


def test_a_run_is_kept_and_compared_with_the_next(tmp_path: Path) -> None:
    plan = tmp_path / "plan" / "plan.toml"
    shutil.copytree(EXAMPLE, plan.parent)
    out = tmp_path / "out"
    pipeline.run_all(plan, out)
    (first,) = pipeline.list_runs(out)
    early = out / "runs" / "2020-01-01T000000Z.json"
    (out / "runs" / first).rename(early)
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("[inputs]", "[rules]\nfamily_miles = 5\n\n[inputs]"), encoding="utf-8"
    )
    pipeline.run_all(plan, out)
    found = pipeline.run_compare(early, out)
    assert "The rule family_miles was 20.0, now 5.0." in found.causes
    assert "plan.toml has changed." in found.causes


def test_what_is_kept_holds_no_place_of_a_family(tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan = EXAMPLE / "plan.toml"
    pipeline.run_all(plan, out)
    text = (out / "runs" / pipeline.list_runs(out)[0]).read_text(encoding="utf-8")
    asker = pipeline.HouseAsker.open(plan)
    assert asker.inputs.children
    for child in asker.inputs.children:
        assert child.row.postcode
        assert child.row.postcode not in text
    assert json.loads(text)["homes"]


def test_a_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="no kept run"):
        pipeline.read_run(path)
    with pytest.raises(UsageError, match="holds no kept run"):
        pipeline.run_compare(tmp_path, tmp_path)


def test_the_oldest_runs_are_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for number in range(MOST_KEPT + 5):
        (tmp_path / "runs" / f"2026-01-01T{number:06d}Z.json").write_text("{}", encoding="utf-8")
    (tmp_path / "runs" / "notes.txt").write_text("mine", encoding="utf-8")
    tidy_runs(tmp_path)
    kept = pipeline.list_runs(tmp_path)
    assert len(kept) == MOST_KEPT
    assert kept[-1] == "2026-01-01T000005Z.json"
    assert (tmp_path / "runs" / "notes.txt").exists()
