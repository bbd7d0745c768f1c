"""Work that the server has done for it: a worker's process, and jobs that go on when the browser is closed."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from siting.page.pace import durations_s, how_far, keep_pace, read_pace

_PUT_AWAY_S = 5.0
_WORKER = (sys.executable, "-P", "-m", "siting.page.worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call: one of these is set.

    `done` is the call's answer; `faults` what is wrong with the inputs; `refused` a sentence on
    what cannot be done; `broken` the log of a fault of the program; `stopped` that it was stopped.
    """

    done: Any = None
    faults: tuple[Mapping[str, Any], ...] = ()
    refused: str = ""
    broken: str = ""
    stopped: bool = False

    @property
    def is_well(self) -> bool:
        """Whether the call was answered."""
        return not (self.faults or self.refused or self.broken or self.stopped)


@dataclass(slots=True, kw_only=True)
class Job:
    """One call on its way; `outcome` is set when it has ended.

    `share` is how much of the present step is done, from 0 to 1, where the step tells it; `pace` the
    file that keeps how long the steps took.
    """

    number: int
    call: str
    plan_key: str
    pace: Path | None = None
    share: float | None = None
    before: Mapping[str, float] = field(default_factory=dict)
    began_s: float = field(default_factory=time.time)
    steps: list[tuple[float, str]] = field(default_factory=list)
    outcome: Outcome | None = None
    ended_s: float | None = None

    @property
    def seconds(self) -> float:
        """How long it has gone on, or went on."""
        return (self.ended_s or time.time()) - self.began_s

    @property
    def far(self) -> tuple[float, float] | None:
        """The share that is done and the seconds that are left; None where it was never done here."""
        return how_far(self.steps, time.time(), self.share, self.before)


class Worker:
    """A process that answers one call after another; stopped, it is started anew when it is next asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()
        self._stopped = threading.Event()

    def ask(self, call: str, values: Mapping[str, Any], job: Job | None = None) -> Outcome:
        """Make a call and wait for what comes of it; steps are told to `job`."""
        with self._turn:
            self._stopped.clear()
            process = self._running()
            assert process.stdin is not None  # noqa: S101 - started with pipes
            assert process.stdout is not None  # noqa: S101
            try:
                process.stdin.write(json.dumps({"call": call, "values": dict(values)}) + "\n")
                process.stdin.flush()
                for line in process.stdout:
                    told = json.loads(line)
                    if "progress" not in told:
                        return _outcome(told)
                    if job is not None:
                        _note(job, told)
            except OSError:
                pass
            _put_away(process)
            self._process = None
            return Outcome(stopped=True) if self._stopped.is_set() else Outcome(broken="the worker ended")

    def warm(self) -> None:
        """Start the process, so that it is there when it is asked."""
        threading.Thread(target=self.ask, args=("warm", {}), daemon=True).start()

    def stop(self) -> None:
        """End the process, whatever it does; outputs are staged, so they stay as they were."""
        self._stopped.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        if process is not None and self._turn.acquire(timeout=_PUT_AWAY_S):
            _put_away(process)
            self._turn.release()

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - the program itself
                _WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
            )
        return self._process


class Jobs:
    """The jobs of one server: long ones one at a time in a worker of their own, short calls in another."""

    def __init__(self) -> None:
        self._long = Worker()
        self._short = Worker()
        self._jobs: list[Job] = []
        self._starting = threading.Lock()
        self._asked_soon = ""

    def warm(self) -> None:
        """Load the libraries before they are asked for."""
        self._short.warm()

    def start(self, call: str, plan_key: str, values: Mapping[str, Any], *, pace: Path | None = None) -> Job:
        """Start a long call, or return the one that goes on for the same plan; `pace` keeps how long its steps took."""
        with self._starting:
            going = self.going(plan_key)
            if going is not None:
                return going
            before = read_pace(pace) if pace else {}
            job = Job(number=len(self._jobs) + 1, call=call, plan_key=plan_key, pace=pace, before=before)
            self._jobs.append(job)
        threading.Thread(target=self._do, args=(job, values), daemon=True).start()
        return job

    def ask(self, call: str, values: Mapping[str, Any]) -> Outcome:
        """Make a short call and wait."""
        return self._short.ask(call, values)

    def ask_soon(self, call: str, values: Mapping[str, Any]) -> None:
        """Make a short call that nobody waits for; only the latest of a kind is worth making once."""
        key = json.dumps([call, dict(values)], sort_keys=True)
        if key != self._asked_soon:
            self._asked_soon = key
            threading.Thread(target=self.ask, args=(call, values), daemon=True).start()

    def find(self, number: int) -> Job | None:
        """Return the job of a number."""
        return next((job for job in self._jobs if job.number == number), None)

    def going(self, plan_key: str | None = None) -> Job | None:
        """Return the job that goes on, for a plan or for any."""
        return next((job for job in self._jobs if job.outcome is None and plan_key in {None, job.plan_key}), None)

    def last(self, plan_key: str) -> Job | None:
        """Return a plan's latest job."""
        return next((job for job in reversed(self._jobs) if job.plan_key == plan_key), None)

    def stop(self, job: Job) -> None:
        """Stop a job."""
        if job.outcome is None:
            self._long.stop()

    def close(self) -> None:
        """End the workers."""
        self._long.stop()
        self._short.stop()

    def _do(self, job: Job, values: Mapping[str, Any]) -> None:
        outcome = self._long.ask(job.call, values, job)
        job.ended_s = time.time()
        if job.pace and outcome.is_well and len(job.steps) > 1:
            keep_pace(job.pace, durations_s(job.steps, job.ended_s))
        job.outcome = outcome


def _note(job: Job, told: Mapping[str, Any]) -> None:
    """Note a step; the same step is told again as more of it is done."""
    job.share = told.get("share")
    if not job.steps or job.steps[-1][1] != told["progress"]:
        job.steps.append((time.time(), told["progress"]))


def _put_away(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


def _outcome(told: Mapping[str, Any]) -> Outcome:
    return Outcome(
        done=told.get("done"),
        faults=tuple(told.get("faults", ())),
        refused=told.get("refused", ""),
        broken=told.get("broken", ""),
    )
