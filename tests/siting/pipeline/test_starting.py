"""A plan is started from a few answers, and can be read and run at once."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting import pipeline
from siting.faults import UsageError
from siting.inputs.plan import Plan
from siting.pipeline.starting import plan_text

ANSWERS = {"title": "Rutland: one home", "school": "Oakham school", "school_at": "LE15 6DT", "place": "Rutland, England"}


def test_the_sample_is_copied_beside_what_is_there_and_never_over_it(tmp_path: Path) -> None:
    one, other = pipeline.start_sample(tmp_path), pipeline.start_sample(tmp_path)
    assert one != other
    assert Plan.read(one).title == Plan.read(other).title
    assert (one.parent / "Open the planner.bat").is_file()


def test_a_plan_is_started_in_a_folder_of_its_own(tmp_path: Path) -> None:
    path = pipeline.start_plan(tmp_path, pipeline.PlanAnswers(**ANSWERS))
    assert path.parent.parent == tmp_path
    assert Plan.read(path).title == "Rutland: one home"


@settings(deadline=None, max_examples=25)
@given(title=st.text(min_size=1).filter(str.strip), school=st.text(min_size=1).filter(str.strip))
def test_whatever_is_typed_is_text_in_the_plan(title: str, school: str) -> None:
    try:
        title.encode()
        school.encode()
    except UnicodeEncodeError:
        return
    text = plan_text(pipeline.PlanAnswers(title=title, school=school, school_at="LE15 6DT", place="Rutland"))
    read = tomllib.loads(text)
    assert read["title"] == title.strip()
    assert read["schools"] == [{"name": school.strip(), "postcode": "LE15 6DT"}]


@pytest.mark.parametrize(("key", "value"), [("title", "  "), ("school", ""), ("school_at", "nowhere"), ("gate", "x")])
def test_an_answer_that_cannot_be_used_writes_nothing(key: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        pipeline.start_plan(tmp_path, pipeline.PlanAnswers(**(ANSWERS | {key: value})))
    assert not list(tmp_path.iterdir())


def test_starters_stay_as_they_are_where_they_were_changed(tmp_path: Path) -> None:
    (tmp_path / "Open the planner.command").write_text("mine", encoding="utf-8")
    written = pipeline.write_starters(tmp_path)
    assert len(written) == 3
    assert (tmp_path / "Open the planner.command").read_text(encoding="utf-8") == "mine"
    assert b"\r\n" in (tmp_path / "Open the planner.bat").read_bytes()
