"""How far a run is told to be never falls, is never done before the end, and is not told where it is not known."""

import pytest

from siting.page.pace import durations_s, how_far

BEFORE = {"reading": 2.0, "judging": 6.0, "writing": 2.0}


def test_steps_took_as_long_as_until_the_next() -> None:
    assert durations_s([(0.0, "a"), (2.0, "b"), (3.0, "a")], 7.0) == {"a": 6.0, "b": 1.0}


def test_share_and_time_left_follow_what_it_took_before() -> None:
    share, left_s = how_far([(0.0, "reading"), (2.0, "judging")], 5.0, None, BEFORE) or (0.0, 0.0)
    assert (share, left_s) == pytest.approx((0.5, 5.0))
    share, left_s = how_far([(0.0, "reading"), (2.0, "judging")], 3.0, 0.5, BEFORE) or (0.0, 0.0)
    assert (share, left_s) == pytest.approx((0.5, 5.0))


def test_a_step_that_takes_longer_than_before_is_not_done() -> None:
    share, left_s = how_far([(0.0, "writing")], 900.0, None, {"writing": 2.0}) or (1.0, 0.0)
    assert share < 1.0
    assert left_s > 0.0


def test_the_share_never_falls_as_time_passes() -> None:
    told = [(0.0, "reading"), (2.0, "judging"), (8.0, "writing")]
    shares = [
        (how_far([step for step in told if step[0] <= at / 10], at / 10, None, BEFORE) or (0.0, 0.0))[0] for at in range(100)
    ]
    assert shares == sorted(shares)


def test_what_was_never_done_here_is_not_guessed() -> None:
    assert how_far([(0.0, "reading")], 1.0, None, {}) is None
    assert how_far([], 1.0, None, BEFORE) is None
