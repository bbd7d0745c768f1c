"""What is told of long work: its share, seldom enough, and nothing once it has ended."""

import time

import pytest

from siting.progress import Step, each, time_passed, watched


def test_the_share_of_many_things_is_told_at_most_a_hundred_times() -> None:
    told: list[str] = []
    assert list(each(range(2_500), "judging", told.append)) == list(range(2_500))
    shares = [step.share for step in told if isinstance(step, Step)]
    assert shares == [number / 100 for number in range(100)]


def test_nothing_is_told_of_nothing() -> None:
    told: list[str] = []
    assert list(each([], "judging", told.append)) == []
    assert told == []


def test_what_is_watched_is_told_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siting.progress._TOLD_EVERY_S", 0.001)
    told: list[str] = []
    done = [0.25]
    with watched("preparing", lambda: done[0], told.append) as tell:
        tell("comparing")
        done[0] = 1.5
        while getattr(told[-1], "share", None) != 1.0:
            time.sleep(0.001)
    ended = len(told)
    time.sleep(0.01)
    assert len(told) == ended
    assert (told[0], told[-1]) == ("preparing", "comparing")
    assert [getattr(step, "share", None) for step in told[:2]] == [0.25, 0.25]


def test_what_is_watched_may_fail() -> None:
    with pytest.raises(KeyError), watched("preparing", lambda: 0.0, lambda _: None):
        raise KeyError


def test_time_passes() -> None:
    passed = time_passed(1e6)
    assert 0 <= passed() < 1e-3
