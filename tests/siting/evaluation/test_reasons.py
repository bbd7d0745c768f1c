"""What a home's reasons say: nothing is rounded over the limit, rough places are said, no law is claimed."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from siting.evaluation.families import FamilySummary
from siting.evaluation.reasons import HomeFacts, explain
from siting.evaluation.rules import MinutesRule, judge_minutes
from siting.inputs.plan_parts import Rules
from siting.sentences import format_minutes
from siting.words import MILLISECONDS_PER_MINUTE, Direction, HomeStatus, Scenario

RULES = Rules()
RULE = MinutesRule(limit_ms=45 * MILLISECONDS_PER_MINUTE, scenario=Scenario.TYPICAL, error_share=0.08)
NO_CHILDREN = FamilySummary(
    children=0,
    families=0,
    within_miles=0,
    median_family_min=float("nan"),
    worst_family_min=float("nan"),
    outside_own_authority=None,
    outside_adjoining_authorities=None,
    excluded=0,
    excluded_children=(),
    unreachable_families=0,
)


@pytest.fixture
def facts() -> HomeFacts:
    times = {(scenario, direction): 2_690_000 for scenario in Scenario for direction in Direction}
    return HomeFacts(
        status=HomeStatus.CANDIDATE,
        school="Hill School",
        times=times,
        judgement=judge_minutes(
            times, MinutesRule(limit_ms=45 * MILLISECONDS_PER_MINUTE, scenario=Scenario.TYPICAL, error_share=0.08)
        ),
        snap_distance_m=12.0,
        off_the_map=False,
        roads=("A40",),
        school_miles=17.6,
        closures=(),
        families=NO_CHILDREN,
        accuracy_m=0.0,
    )


@given(st.floats(0, 200), st.sampled_from([15.0, 30.0, 45.0, 52.5]))
@example(45.04, 45.0)
@example(44.96, 45.0)
@example(45.0000001, 45.0)
@example(44.9999999, 45.0)
@example(45.0, 45.0)
def test_minutes_are_never_shown_on_the_other_side_of_the_limit(minutes: float, limit: float) -> None:
    text = format_minutes(minutes, limit)
    if text.startswith("just over"):
        assert minutes > limit
    elif text.startswith("just under"):
        assert minutes < limit
    else:
        assert (float(text) > limit) == (minutes > limit)
        assert (float(text) == limit) == (minutes == limit) or abs(minutes - limit) >= 0.05 - 1e-9
        assert float(text) == pytest.approx(minutes, abs=0.05 + 1e-9)


def test_a_place_far_from_every_road_is_said_aloud(facts: HomeFacts) -> None:
    near = " ".join(explain(facts, RULES))
    far = " ".join(explain(replace(facts, snap_distance_m=1_234.0), RULES))
    assert "mapped road" not in near
    assert "The nearest mapped road is 1,234 m away: check the place." in far


def test_a_place_that_is_only_roughly_known_is_said_aloud(facts: HomeFacts) -> None:
    assert "known only to about 900 m" in " ".join(explain(replace(facts, accuracy_m=900.0), RULES))


def test_both_directions_and_the_margin_are_told_and_no_law_is_claimed(facts: HomeFacts) -> None:
    text = " ".join(explain(facts, RULES))
    assert "44.8 minutes to Hill School (17.6 miles by A40) and 44.8 back" in text
    assert "0.2 minutes inside the 45-minute rule" in text
    for word in ("statutory", "law", "legal", "guidance", "75"):
        assert word not in text.lower()
