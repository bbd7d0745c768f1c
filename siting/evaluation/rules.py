"""The rules that a home is judged by, each answered with its evidence.

Nothing is rounded before it is tested; what is exactly at a limit is in.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from siting.words import (
    METRES_PER_MILE,
    MILLISECONDS_PER_MINUTE,
    NO_WAY_MS,
    Direction,
    Scenario,
    Verdict,
)

Times = Mapping[tuple[Scenario, Direction], int]
"""Milliseconds by scenario and direction; `NO_WAY_MS` where there is no way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesRule:
    """So many whole milliseconds by car between home and school, in the worse direction."""

    limit_ms: int
    scenario: Scenario
    error_share: float
    """How wrong the minutes may be, as a share of them, either way."""
    bad_day_factor: float = 1.0
    """How many times its usual time the school run takes on a bad day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the minutes rule says of one home.

    Attributes
    ----------
    margin_min
        Minutes left in the worse direction; negative when over; NaN where there is no way.
    error_min
        How wrong that time may be, either way.
    near_miss
        Over the limit, but by less than that: to be driven before it is ruled out.
    bad_day_min
        Minutes of the worse direction on a bad day at school's hours; NaN where there is no way.
    school_run_margin_min
        The same margin on the school run.
    break_even_factor
        How many times free flow the journey may take before it fails; NaN where there is no way.
    """

    verdict: Verdict
    margin_min: float
    error_min: float
    near_miss: bool
    bad_day_min: float
    school_run_margin_min: float
    break_even_factor: float


def worse_direction_ms(times: Times, scenario: Scenario) -> int:
    """Return the time of the worse direction, by which a home is judged."""
    return max(times[scenario, direction] for direction in Direction)


def judge_minutes(times: Times, rule: MinutesRule) -> Judgement:
    """Judge a home by the worse direction of its journeys.

    `marginal` passes in the rule's scenario, but fails on the school run, or passes by less than the
    minutes may be wrong. What fails by less than that is a near miss.
    """
    worst_ms = worse_direction_ms(times, rule.scenario)
    if worst_ms >= NO_WAY_MS:
        return Judgement(
            verdict=Verdict.UNREACHABLE,
            margin_min=math.nan,
            error_min=math.nan,
            near_miss=False,
            bad_day_min=math.nan,
            school_run_margin_min=math.nan,
            break_even_factor=math.nan,
        )
    limit_ms = rule.limit_ms
    error_ms = worst_ms * rule.error_share
    school_run_ms = worse_direction_ms(times, Scenario.SCHOOL_RUN)
    if worst_ms > limit_ms:
        verdict = Verdict.FAIL
    elif school_run_ms > limit_ms or limit_ms - worst_ms < error_ms:
        verdict = Verdict.MARGINAL
    else:
        verdict = Verdict.PASS
    return Judgement(
        verdict=verdict,
        margin_min=(limit_ms - worst_ms) / MILLISECONDS_PER_MINUTE,
        error_min=error_ms / MILLISECONDS_PER_MINUTE,
        near_miss=limit_ms < worst_ms < limit_ms + error_ms,
        bad_day_min=school_run_ms * rule.bad_day_factor / MILLISECONDS_PER_MINUTE if school_run_ms < NO_WAY_MS else math.nan,
        school_run_margin_min=(limit_ms - school_run_ms) / MILLISECONDS_PER_MINUTE if school_run_ms < NO_WAY_MS else -math.inf,
        break_even_factor=limit_ms / max(worse_direction_ms(times, Scenario.FREE_FLOW), 1),
    )


def within_miles(distance_m: float, miles: float) -> bool:
    """Test a straight line against so many miles: the national statistic's test for 20."""
    return distance_m <= miles * METRES_PER_MILE
