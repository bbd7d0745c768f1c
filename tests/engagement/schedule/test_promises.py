"""What is promised to neighbours is read and written by one at a time."""

from pathlib import Path

import pytest

from engagement.schedule.issue import promises_kept
from siting.faults import UsageError


def test_nobody_promises_a_time_while_papers_are_made(tmp_path: Path) -> None:
    out = tmp_path / "new" / "results"
    with promises_kept(out, wait_s=1.0), pytest.raises(UsageError, match="being made just now"), promises_kept(out, wait_s=0.01):
        pytest.fail("two promised at once")
    with promises_kept(out, wait_s=0.01):
        assert out.is_dir()


def test_papers_that_are_refused_leave_nothing_behind(tmp_path: Path) -> None:
    out, refusal = tmp_path / "new" / "results", UsageError("refused")
    with pytest.raises(UsageError, match="refused"), promises_kept(out, wait_s=0.01):
        raise refusal
    assert not list(tmp_path.iterdir())
    with promises_kept(out, wait_s=0.01):
        (out / "letter").touch()
    before = sorted(out.iterdir())
    with pytest.raises(UsageError, match="refused"), promises_kept(out, wait_s=0.01):
        raise refusal
    assert sorted(out.iterdir()) == before
