"""The README's commands are commands, and the plan's reference is what the program says."""

import importlib.util
import re
from pathlib import Path

from siting.cli import app

ROOT = Path(__file__).resolve().parents[1]


def test_every_command_of_the_readme_is_a_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    named = set(re.findall(r"(?<!from )\bsiting ([a-z]+)", "\n".join(re.findall(r"`[^`\n]+`|```\n.*?```", text, re.DOTALL))))
    assert named
    assert named <= known


def test_the_reference_of_the_plan_is_current() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "data" / "make_plan_reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "plan-reference.md").read_text(encoding="utf-8") == module.reference()


def test_files_that_the_readme_shows_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)h][^)]*)\)", text) + re.findall(r"`((?:data|docs|notebooks)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name
