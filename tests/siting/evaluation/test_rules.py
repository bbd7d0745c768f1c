"""The minutes rule: exactly at the limit is in, the worse direction governs, nothing is rounded."""

import math
import tomllib

import pytest

from siting.evaluation.rules import MinutesRule, judge_minutes, within_miles
from siting.inputs.plan_parts import Rules
from siting.inputs.rows import ChildRow
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario, Verdict

RULE = MinutesRule(limit_ms=45 * MILLISECONDS_PER_MINUTE, scenario=Scenario.TYPICAL, error_share=0.0)


def times(typical_ms: int, school_run_ms: int, back_ms: int | None = None) -> dict[tuple[Scenario, Direction], int]:
    table = {(Scenario.FREE_FLOW, d): 30 * 60_000 for d in Direction}
    table |= {(Scenario.TYPICAL, d): typical_ms for d in Direction}
    table |= {(Scenario.SCHOOL_RUN, d): school_run_ms for d in Direction}
    if back_ms is not None:
        table[Scenario.TYPICAL, Direction.FROM_SCHOOL] = back_ms
    return table


@pytest.mark.parametrize(
    ("typical_ms", "school_run_ms", "verdict"),
    [
        (2_700_000, 2_700_000, Verdict.PASS),
        (2_700_001, 2_700_001, Verdict.FAIL),
        (2_600_000, 2_700_001, Verdict.MARGINAL),
        (int(NO_WAY_MS), int(NO_WAY_MS), Verdict.UNREACHABLE),
    ],
)
def test_verdict_at_the_limit(typical_ms: int, school_run_ms: int, verdict: Verdict) -> None:
    assert judge_minutes(times(typical_ms, school_run_ms), RULE).verdict is verdict


def test_exactly_at_any_limit_is_in_and_a_millisecond_more_is_out() -> None:
    """All hundredths of a minute up to two hours, as a plan file writes them: a hundredth is 600 milliseconds."""
    for hundredths in range(1, 12_001):
        rules = Rules.model_validate(tomllib.loads(f"school_minutes = {hundredths / 100:.2f}"))
        rule = MinutesRule(limit_ms=rules.school_ms, scenario=Scenario.TYPICAL, error_share=0.0)
        limit_ms = hundredths * 600
        assert judge_minutes(times(limit_ms, limit_ms), rule).verdict is Verdict.PASS, hundredths
        assert judge_minutes(times(limit_ms + 1, limit_ms + 1), rule).verdict is Verdict.FAIL, hundredths


def test_a_childs_own_limit_is_whole_milliseconds_too() -> None:
    for hundredths in range(500, 12_001):
        child = ChildRow(child_ref="C1", postcode="HP11 2JZ", max_minutes=f"{hundredths / 100:.2f}")
        assert child.max_ms == hundredths * 600


def test_the_worse_direction_governs() -> None:
    assert judge_minutes(times(2_000_000, 2_000_000, back_ms=2_700_001), RULE).verdict is Verdict.FAIL


def test_within_the_models_error_is_marginal() -> None:
    rule = MinutesRule(limit_ms=45 * MILLISECONDS_PER_MINUTE, scenario=Scenario.TYPICAL, error_share=0.08)
    assert judge_minutes(times(2_600_000, 2_600_000), rule).verdict is Verdict.MARGINAL


def test_unreachable_has_no_margin_and_break_even_is_of_free_flow() -> None:
    no_way = int(NO_WAY_MS)
    assert math.isnan(judge_minutes(times(no_way, no_way), RULE).margin_min)
    assert judge_minutes(times(2_600_000, 2_600_000), RULE).break_even_factor == pytest.approx(1.5)


def test_twenty_miles_are_in_to_the_centimetre() -> None:
    assert within_miles(32_186.88, 20)
    assert not within_miles(32_186.89, 20)


def test_what_is_told_is_of_the_right_journey_and_in_minutes() -> None:
    """Typical 40, school run 50, limit 45, an error of a tenth: no figure stands in for another."""
    rule = MinutesRule(limit_ms=45 * 60_000, scenario=Scenario.TYPICAL, error_share=0.1, bad_day_factor=1.2)
    found = judge_minutes(times(40 * 60_000, 50 * 60_000), rule)
    assert found.error_min == pytest.approx(4.0), "a tenth of the journey, not of the limit, in minutes"
    assert found.margin_min == pytest.approx(5.0)
    assert found.school_run_margin_min == pytest.approx(-5.0), "the school run's own, not the rule's"
    assert found.break_even_factor == pytest.approx(45 / 30)
    assert found.bad_day_min == pytest.approx(60.0), "on the school run"


@pytest.mark.parametrize(
    ("minutes", "verdict", "near_miss"),
    [
        (37.0, Verdict.PASS, False),
        (37.5, Verdict.PASS, False),  # 45 = 1.2 x 37.5
        (37.6, Verdict.MARGINAL, False),
        (45.0, Verdict.MARGINAL, False),
        (45.1, Verdict.FAIL, True),
        (56.2, Verdict.FAIL, True),
        (56.25, Verdict.FAIL, False),  # 45 = 0.8 x 56.25
        (57.0, Verdict.FAIL, False),
    ],
)
def test_the_band_decides_on_both_sides_of_the_line(minutes: float, verdict: Verdict, near_miss: bool) -> None:
    rule = MinutesRule(limit_ms=45 * 60_000, scenario=Scenario.SCHOOL_RUN, error_share=0.2)
    time_ms = round(minutes * 60_000)
    found = judge_minutes(times(time_ms, time_ms), rule)
    assert (found.verdict, found.near_miss) == (verdict, near_miss)


def test_where_there_is_no_way_nothing_is_told() -> None:
    no_way = int(NO_WAY_MS)
    found = judge_minutes(times(no_way, no_way), RULE)
    assert not found.near_miss
    assert all(math.isnan(value) for value in (found.error_min, found.bad_day_min, found.school_run_margin_min))
    only_quiet = judge_minutes(times(40 * 60_000, no_way), RULE)
    assert only_quiet.verdict is Verdict.MARGINAL
    assert math.isnan(only_quiet.bad_day_min)
