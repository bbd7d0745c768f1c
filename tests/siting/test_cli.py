"""What the command prints and the status that it leaves with."""

import os
import subprocess
import sys
import unicodedata
from importlib import metadata
from pathlib import Path

import pytest

from siting import cli, pipeline
from siting.faults import Fault, Severity
from siting.pipeline.outcome import Outcome
from siting.progress import Step, each
from siting.storage import staging
from siting.storage.staging import staged


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


def left_with(arguments: list[str]) -> int:
    try:
        cli.main(arguments)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert left_with(["--version"]) == 0
    assert capsys.readouterr().out == f"siting {metadata.version('home-siting-planner')}\n"


def test_completion_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    left_with(["--help"])
    assert "--install-completion" in capsys.readouterr().out


def test_a_fault_of_the_program_is_logged_without_what_it_was_working_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SITING_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(staging, "_written", [])

    def fail(plan: Path, *_: object, **__: object) -> Outcome:
        family = "HP11 2JZ"
        raise KeyError(family) from ValueError(f"{family} of {plan}")

    monkeypatch.setattr(pipeline, "run_all", fail, raising=False)
    assert left_with(["run", "secret-street.toml"]) == 3
    told = capsys.readouterr().err
    assert "nothing was written" in told
    (log,) = (tmp_path / "logs").iterdir()
    assert str(log) in told
    text = log.read_text(encoding="utf-8")
    assert "HP11" not in text + told
    assert "secret" not in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "in fail" in text
    if os.name == "posix":
        assert log.stat().st_mode & 0o077 == 0


def test_what_was_written_is_not_denied(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def stop(*_: object, **__: object) -> Outcome:
        with staged(tmp_path) as folder:
            (folder / "evaluation.csv").write_text("", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(staging, "_written", [])
    monkeypatch.setattr(pipeline, "run_all", stop, raising=False)
    assert left_with(["run", "plan.toml"]) == 130
    assert capsys.readouterr().err == f"Stopped; written before that: {tmp_path / 'evaluation.csv'}.\n"


def test_results_go_beside_the_plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Path] = []

    def run(_plan: Path, out: Path, **_: object) -> Outcome:
        asked.append(out)
        return Outcome(files=())

    monkeypatch.setattr(pipeline, "run_all", run, raising=False)
    monkeypatch.chdir(tmp_path)
    for plan in ("somerset/plan.toml", "somerset/two.toml"):
        left_with(["run", plan])
    left_with(["run", "somerset/plan.toml", "--out", "there"])
    (tmp_path / "somerset-results" / "homes").mkdir(parents=True)
    left_with(["run", "somerset/plan.toml"])
    assert asked == [Path("somerset/somerset-results"), Path("somerset/two-results"), Path("there"), Path("somerset-results")]


def test_nothing_that_a_user_typed_is_obeyed_by_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warning = Fault(file="a\x1b[2J.csv", problem="od\u202ed", remedy="Look", severity=Severity.WARNING)
    outcome = Outcome(files=(Path("\x1b]0;x\x07.csv"),), warnings=(warning,), summary=("H\x9b1 passes.",))
    monkeypatch.setattr(pipeline, "run_all", lambda *_, **__: outcome, raising=False)
    left_with(["run", "plan.toml"])
    printed = "".join(capsys.readouterr())
    assert all(letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cf"} for letter in printed)
    assert "passes." in printed


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_that_lacks_a_letter_does_not_stop_the_answer(encoding: str) -> None:
    program = (
        "from pathlib import Path; from siting import cli, pipeline; from siting.pipeline.outcome import Outcome;"
        "pipeline.run_all = lambda *a, **k: Outcome(files=(Path('Nantgarw T\\u0177 \\u0175.csv'),)); cli.main(['run', 'p.toml'])"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    # Of a console that says it knows no letters at all, the wording of typer is taken for what it can show.
    assert done.stdout.startswith(b"Nantgarw T")


def test_long_work_shows_its_share_and_short_words_alone_do_no_harm() -> None:
    told: list[str] = []
    assert list(each(["a", "b", "c", "d"], "judging", told.append)) == ["a", "b", "c", "d"]
    assert told == ["judging"] * 4
    assert [getattr(step, "share", None) for step in told] == [0, 0.25, 0.5, 0.75]
    with cli._progress() as progress:
        for step in (Step("reading [red]"), Step("judging", 0.5), Step("judging", 0.9), "plain"):
            progress(step)
