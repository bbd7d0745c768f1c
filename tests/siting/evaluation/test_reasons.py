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


@pytest.mark.parametrize(("roughly_m", "is_said"), [(499.0, False), (500.0, True)])
def test_a_place_known_to_half_a_kilometre_is_rough(facts: HomeFacts, roughly_m: float, is_said: bool) -> None:
    assert ("so its minutes are rough" in " ".join(explain(replace(facts, accuracy_m=roughly_m), RULES))) is is_said


@pytest.mark.parametrize(
    ("within", "unknown", "words"),
    [
        (5, 0, "5 of 5 children have family within 20 miles in a straight line."),
        (2, 0, "2 of 5 children have family within 20 miles in a straight line, 3 beyond."),
        (2, 1, "2 of 5 children have family within 20 miles in a straight line, 2 beyond, 1 not known."),
        (2, 3, "2 of 5 children have family within 20 miles in a straight line, 3 not known."),
    ],
)
def test_a_family_of_no_known_place_is_neither_near_nor_beyond(facts: HomeFacts, within: int, unknown: int, words: str) -> None:
    families = replace(NO_CHILDREN, children=5, families=5, within_miles=within, place_not_known=unknown)
    assert words in list(explain(replace(facts, families=families), RULES))


def test_both_directions_and_the_margin_are_told_and_no_law_is_claimed(facts: HomeFacts) -> None:
    text = " ".join(explain(facts, RULES))
    assert "44.8 minutes to Hill School (17.6 miles by A40) and 44.8 back" in text
    assert "0.2 minutes inside the 45-minute rule" in text
    for word in ("statutory", "law", "legal", "guidance", "75"):
        assert word not in text.lower()


def judged(facts: HomeFacts, minutes: float, error_share: float) -> HomeFacts:
    times = {(scenario, direction): round(minutes * 60_000) for scenario in Scenario for direction in Direction}
    rule = MinutesRule(
        limit_ms=45 * MILLISECONDS_PER_MINUTE, scenario=Scenario.SCHOOL_RUN, error_share=error_share, bad_day_factor=1.15
    )
    return replace(facts, times=times, judgement=judge_minutes(times, rule))


def test_near_the_line_on_either_side_the_journey_to_try_is_named(facts: HomeFacts) -> None:
    clear, marginal, near_miss, far = (" ".join(explain(judged(facts, minutes, 0.18), RULES)) for minutes in (30, 44, 48, 60))
    journey = "the home to Hill School, setting out about 8:15 on a school day"
    assert journey in marginal
    assert "drive it before you rely on it" in marginal
    assert journey in near_miss
    assert "drive it before you rule it out" in near_miss
    assert "drive it" not in clear
    assert "drive it" not in far


def test_the_slower_way_is_the_one_to_try(facts: HomeFacts) -> None:
    near = judged(facts, 44, 0.18)
    times = dict(near.times) | {(Scenario.SCHOOL_RUN, Direction.FROM_SCHOOL): 44 * 60_000 + 1}
    assert "Hill School to the home, setting out about 15:15" in " ".join(explain(replace(near, times=times), RULES))


def test_a_bad_day_is_told_beside_the_usual(facts: HomeFacts) -> None:
    text = " ".join(explain(judged(facts, 40, 0.05), RULES))
    assert "40.0 minutes to Hill School" in text
    assert "On a bad day the school run may take 46.0 minutes." in text
    assert "give or take 2.0" in text


def test_families_are_counted_in_english_and_only_where_the_home_is_on_the_map(facts: HomeFacts) -> None:
    def told(count: int, *, off_the_map: bool = False) -> str:
        families = replace(NO_CHILDREN, children=3, families=3, unreachable_families=count)
        return " ".join(explain(replace(facts, families=families, off_the_map=off_the_map), RULES))

    assert "One family cannot be reached by road" in told(1)
    assert "2 families cannot be reached by road" in told(2)
    assert "cannot be reached" not in told(2, off_the_map=True)
