"""Work goes on in a process of its own: it is told step by step, stopped, and its faults are values."""

import time
from pathlib import Path

from siting.page.jobs import Jobs, Worker


def test_a_call_that_fails_says_what_is_wrong_and_the_next_is_answered(tmp_path: Path) -> None:
    worker = Worker()
    try:
        (tmp_path / "plan.toml").write_text("[area]\nnetwrk = 'x'\n", encoding="utf-8")
        refused = worker.ask("check", {"plan": str(tmp_path / "plan.toml"), "out": str(tmp_path / "out")})
        assert not refused.is_well
        assert any("netwrk" in fault["sentence"] for fault in refused.faults)
        broken = worker.ask("no such call of Ruth Marker", {})
        log = Path(broken.broken).read_text(encoding="utf-8")
        assert "KeyError" in log
        assert "Marker" not in log, "the words of an error may hold a name or a place"
        assert worker.ask("sample", {"folder": str(tmp_path)}).is_well
    finally:
        worker.stop()


def test_a_job_is_stopped_and_the_outputs_stay_as_they_were(tmp_path: Path) -> None:
    jobs = Jobs()
    try:
        plan = jobs.ask("sample", {"folder": str(tmp_path)}).done["plan"]
        out = tmp_path / "out"
        job = jobs.start("run", "key", {"plan": plan, "out": str(out)})
        assert jobs.start("run", "key", {}) is job
        while not job.steps and job.outcome is None:
            time.sleep(0.05)
        jobs.stop(job)
        while job.outcome is None:
            time.sleep(0.05)
        assert job.outcome.stopped
        assert not (out / "evaluation.csv").exists()
        assert jobs.going() is None
    finally:
        jobs.close()
