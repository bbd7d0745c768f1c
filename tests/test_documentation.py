"""The README's commands are commands, and the plan's reference is what the program says."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from siting.cli import app

ROOT = Path(__file__).resolve().parents[1]


def test_every_command_of_the_readme_is_a_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    named = set(re.findall(r"(?<!from )\bsiting ([a-z]+)", "\n".join(re.findall(r"`[^`\n]+`|```\n.*?```", text, re.DOTALL))))
    assert named
    assert named <= known


def test_the_references_of_plan_and_screen_are_current() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "data" / "make_plan_reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "plan-reference.md").read_text(encoding="utf-8") == module.reference()
    assert (ROOT / "docs" / "screen-reference.md").read_text(encoding="utf-8") == module.screen_reference()


def test_files_that_the_readme_shows_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)h][^)]*)\)", text) + re.findall(r"`((?:data|docs|notebooks)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize(
    ("file", "extras"), [("locked.txt", []), ("locked-tests.txt", ["tests"]), ("locked-checks.txt", ["tests", "quality"])]
)
def test_what_the_commands_install_is_what_the_project_needs(file: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / ".ci" / file).read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))
    needed = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    for requirement in map(Requirement, needed):
        assert locked.get(requirement.name.lower(), "none") in requirement.specifier, f"{requirement}: run python data/lock.py"


def test_every_locked_package_has_its_hashes() -> None:
    for path in (ROOT / ".ci").glob("locked*.txt"):
        entries = re.split(r"^(?=[\w.-]+==)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        assert entries
        assert all("--hash=sha256:" in entry for entry in entries), path.name


def test_what_the_documents_name_is_there() -> None:
    """Paths in backquotes in the documents of the house exist, so that nobody is sent to a file that has moved."""
    for document in [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]:
        for name in re.findall(
            r"`((?:siting|engagement|maps|tests|data|docs|\.ci)/[\w./-]*)`", document.read_text(encoding="utf-8")
        ):
            assert (ROOT / name).exists(), f"{document.name}: {name}"
