"""What the page does with named choices and boundaries is done by commands too, with the same files behind both."""

from pathlib import Path

import pytest
from tiny_plan import CORNER_M, write_tiny_plan

from siting import cli, pipeline
from siting.crs import MetricSystem, to_degrees
from siting.faults import UsageError
from siting.pipeline.bounding import FILE
from siting.pipeline.outcome import Outcome
from siting.words import BNG


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_plan(tmp_path_factory.mktemp("tiny"), "Tiny")


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = 0
    try:
        cli.main(arguments)
    except SystemExit as left:
        status = int(left.code or 0)
    printed = capsys.readouterr()
    return status, printed.out + printed.err


def test_a_choice_is_kept_shown_explained_and_taken_away(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def choices(*options: str) -> tuple[int, str]:
        return said(["choices", str(plan), *options], capsys)

    assert choices() == (0, "No choice was kept yet.\n")
    assert choices("--keep", "Two", "--homes", "2")[0] == 2
    status, text = choices("--keep", "Two", "--homes", "2", "--lock", "H3", "--who", "A. Lead")
    assert (status, "H1, H3" in text) == (0, True)
    (kept,) = pipeline.named_choices(plan).choices
    assert kept.choice
    assert (kept.name, kept.who, kept.choice["homes"], kept.asked["locked"]) == ("Two", "A. Lead", ["H1", "H3"], ["H3"])
    assert set(kept.asked) >= {"homes", "beds", "budget_gbp", "objective", "include_marginal", "locked", "barred"}
    assert choices("--keep", "two", "--homes", "2", "--who", "B")[0] == 2
    assert "Kept by A. Lead" in choices()[1]
    text = choices("--why-not", "H3", "--homes", "2", "--bar", "H3")[1]
    assert "With H3 in" in text
    assert "H1" in choices("--trade", "--homes", "2")[1]
    assert choices("--keep", "x", "--trade")[0] == 2
    assert choices("--take-away", "Three")[0] == 2
    assert [one.name for one in pipeline.named_choices(plan).choices] == ["Two"]
    assert choices("--take-away", "Two")[0] == 0
    assert pipeline.named_choices(plan).choices == ()


def corners(side_m: float) -> str:
    x_m, y_m = CORNER_M
    places = [(x_m + 350, y_m + 355), (x_m + 350 + side_m, y_m + 355), (x_m + 350 + side_m, y_m + 355 + side_m)]
    lon, lat = to_degrees([x for x, _ in places], [y for _, y in places], MetricSystem(BNG))
    return "; ".join(f"{north:.7f}, {east:.7f}" for north, east in zip(lat, lon, strict=True))


def test_a_boundary_is_shown_drawn_taken_back_and_used_again(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def boundary(*options: str) -> tuple[int, str]:
        return said(["boundary", str(plan), "--home", "H1", *options], capsys)

    drawn = ["--use", "drawn", "--reason", "walked", "--corners", corners(20)]
    assert "addresses within 20 m" in boundary()[1]
    for wrong in (drawn, [*drawn, "--who", "A", "--take-back"], ["--take-back"], ["--again", "7"], ["--use", "proposed"]):
        assert boundary(*wrong)[0] == 2, wrong
        assert not plan.with_name(FILE).exists()
    status, text = boundary(*drawn, "--who", "A. Lead")
    assert status == 0
    assert "Confirmed by A. Lead" in text
    assert "walked" in text
    assert "taken back, number 0" in boundary("--take-back")[1]
    assert "Confirmed by A. Lead" in boundary("--again", "0")[1]
    file = plan.with_name("corners.txt")
    file.write_text(corners(30).replace("; ", "\n"), encoding="utf-8")
    text = boundary("--use", "drawn", "--reason", "again", "--corners", str(file), "--who", "B. Lead")[1]
    assert "Confirmed by B. Lead" in text
    assert pipeline.show_boundary(plan, "H1").confirmed


def test_of_two_commands_at_one_time_the_second_is_told(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = pipeline.show_boundary(plan, "H2")
    more = {"corners": corners(25), "reason": "mine", "when": "2027-01-01T10:00:00+00:00", "seen": shown.version}
    monkeypatch.setattr("siting.pipeline.bounding.FARTHEST_M", 5_000.0)
    pipeline.confirm_boundary(plan, "H2", "drawn", who="A", **more)
    with pytest.raises(UsageError, match="Somebody else"):
        pipeline.confirm_boundary(plan, "H2", "drawn", who="B", **more)


def test_what_is_typed_of_a_choice_reaches_the_job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[dict[str, object]] = []

    def run(_plan: Path, changes: dict[str, object], _out: Path, **_: object) -> Outcome:
        asked.append(changes)
        return Outcome(files=())

    monkeypatch.setattr(pipeline, "run_portfolio", run, raising=False)
    cli.main(["portfolio", str(tmp_path / "p.toml"), "--lock", "A", "--lock", "B", "--bar", "C", "--budget", "5", "--homes", "3"])
    cli.main(["portfolio", str(tmp_path / "p.toml"), "--beds", "2", "--objective", "cost"])
    assert asked == [
        {"homes": 3, "budget_gbp": 5.0, "locked": ["A", "B"], "barred": ["C"]},
        {"beds": 2, "objective": "cost"},
    ]


def test_a_time_and_a_host_reach_the_job_and_nothing_else_with_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, str, str | None]] = []

    def agree(_plan: Path, _home: str, address: str, slot: str, _out: Path, *, host: str | None = None) -> str:
        asked.append((address, slot, host))
        return "It is kept."

    monkeypatch.setattr(pipeline, "run_agree", agree, raising=False)
    usual = ["decide", str(tmp_path / "p.toml"), "--home", "H1", "--address", "1 High Street", "--slot", "2027-01-25 14:00"]
    assert said([*usual, "--host", "B. Host"], capsys) == (0, "It is kept.\n")
    assert said(usual, capsys)[0] == 0
    assert said([*usual, "--decision", "remove"], capsys)[0] == 2
    assert asked == [("1 High Street", "2027-01-25 14:00", "B. Host"), ("1 High Street", "2027-01-25 14:00", None)]
