"""A plan is changed where it stands, and what is typed in it stays."""

from pathlib import Path

import pytest

from siting.faults import UsageError
from siting.pipeline.plan_edits import name_input, set_gate

PLAN = """# mine
title = "A"  # a title

[[schools]]
name = "S"   # the school
gate = "52.1,-0.5"

[inputs] # the tables
candidates = "a.csv"
# boundary = "not this"

[rules]
school_minutes = 45
"""


def test_one_line_changes_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    name_input(path, "boundary", 'it"s.geojson')
    assert path.read_text(encoding="utf-8") == PLAN.replace("tables\n", 'tables\nboundary = "it\\"s.geojson"\n')
    set_gate(path, "52.2,-0.6")
    assert 'gate = "52.2,-0.6"\n' in path.read_text(encoding="utf-8")
    set_gate(path, "")
    assert "gate" not in path.read_text(encoding="utf-8")


def test_a_part_that_is_not_there_is_added(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('title = "A"', encoding="utf-8")
    name_input(path, "plots", "p.gpkg")
    assert path.read_text(encoding="utf-8") == 'title = "A"\n\n[inputs]\nplots = "p.gpkg"\n'


@pytest.mark.parametrize(
    "text", ['inputs = {candidates = "a.csv"}\n', '[inputs]\nplots = [\n"a.gml",\n"b.gml"]\n', '[inputs]\n"plots" = "a.gml"\n']
)
def test_what_is_written_otherwise_is_told_and_left(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="plots ="):
        name_input(path, "plots", "p.gpkg")
    assert path.read_text(encoding="utf-8") == text


def test_a_plan_of_windows_letters_is_changed_too(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(PLAN.replace('"A"', '"Ch\u00e2teau"').encode("cp1252"))
    name_input(path, "boundary", "b.geojson")
    text = path.read_text(encoding="utf-8")
    assert 'title = "Ch\u00e2teau"' in text
    assert 'boundary = "b.geojson"' in text
