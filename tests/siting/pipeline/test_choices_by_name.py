"""Named choices: kept whole, never over what another wrote meanwhile."""

from pathlib import Path

import pytest

from siting import pipeline
from siting.faults import UsageError


def _choice(name: str) -> pipeline.NamedChoice:
    return pipeline.NamedChoice(
        name=name, asked={"homes": 3}, choice={"homes": ["A"]}, who="me", when="2026-01-01T00:00:00+00:00"
    )


def test_a_choice_is_kept_and_taken_away(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    empty = pipeline.named_choices(plan)
    kept = pipeline.name_choice(plan, _choice("Cheap"), seen=empty.version)
    assert pipeline.named_choices(plan) == kept
    assert kept.choices == (_choice("Cheap"),)
    assert pipeline.forget_choice(plan, "Cheap", seen=kept.version).choices == ()


def test_of_two_who_saw_the_same_the_second_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    seen = pipeline.named_choices(plan).version
    pipeline.name_choice(plan, _choice("One"), seen=seen)
    with pytest.raises(UsageError, match="Somebody else"):
        pipeline.name_choice(plan, _choice("Two"), seen=seen)
    with pytest.raises(UsageError, match="Somebody else"):
        pipeline.forget_choice(plan, "One", seen=seen)
    assert [one.name for one in pipeline.named_choices(plan).choices] == ["One"]


@pytest.mark.parametrize("name", ["", "  ", "one"])
def test_a_name_that_is_empty_or_taken_is_refused(name: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    kept = pipeline.name_choice(plan, _choice("One"), seen=pipeline.named_choices(plan).version)
    with pytest.raises(UsageError):
        pipeline.name_choice(plan, _choice(name), seen=kept.version)


def test_a_file_that_was_damaged_is_not_written_over(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    (tmp_path / "plan.choices.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        pipeline.name_choice(plan, _choice("One"), seen="")
    assert (tmp_path / "plan.choices.json").read_text(encoding="utf-8") == "{"
