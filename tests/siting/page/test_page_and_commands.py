"""Whatever the page asks the planner for is also to be had without it, and said to be."""

import re
from pathlib import Path

from siting import pipeline
from siting.cli import app
from siting.page.worker_calls import CALLS

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "page-and-commands.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| ")][2:]


def test_every_call_of_the_page_stands_in_the_list_and_no_other() -> None:
    told = [call for row in ROWS for call in re.findall(r"`(\w+)`", row[1])]
    assert sorted([*told, "warm"]) == sorted(CALLS)


def test_what_is_named_beside_it_is_there() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    for _, _, command, python in ROWS:
        for name in re.findall(r"`siting (\w+)", command):
            assert name in commands
        names = re.findall(r"`(\w+)(?:\.(\w+))?`", python)
        assert names
        for name, inner in names:
            assert not inner or hasattr(getattr(pipeline, name), inner)
            assert getattr(pipeline, name) is not None
