"""What the command prints and the status that it leaves with."""

from pathlib import Path

import pytest

from siting import cli, pipeline
from siting.faults import Fault, Severity
from siting.pipeline.outcome import Outcome


def test_the_answer_is_printed_and_warnings_go_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warning = Fault(file="a.csv", problem="odd", remedy="Look", severity=Severity.WARNING)
    outcome = Outcome(files=(Path("x.csv"),), warnings=(warning,), summary=("Two homes pass.",))
    monkeypatch.setattr(pipeline, "run_evaluation", lambda *_, **__: outcome, raising=False)
    cli.main(["evaluate", "plan.toml"])
    printed = capsys.readouterr()
    assert printed.out.splitlines() == ["Two homes pass.", "x.csv"]
    assert printed.err.splitlines() == ["warning: a.csv: odd. Look."]


def test_no_choice_of_homes_has_an_exit_status_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(files=(), summary=("No choice of homes keeps every rule.",), no_choice=True)
    monkeypatch.setattr(pipeline, "run_all", lambda *_, **__: outcome, raising=False)
    with pytest.raises(SystemExit) as left:
        cli.main(["run", "plan.toml"])
    assert left.value.code == 4
    assert "No choice" in capsys.readouterr().out
