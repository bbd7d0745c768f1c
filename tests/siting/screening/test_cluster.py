"""On Dask: the same answers as one process; whoever is killed, the result is whole and equal; without Dask it is said."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from siting.faults import UsageError
from siting.pipeline.screen import TIMES, UNFINISHED, run_screen
from siting.screening import cluster
from siting.screening.running import ScreenStoppedError
from siting.storage.database import connect

needs_dask = pytest.mark.skipif(not cluster.is_installed(), reason='Dask is an extra: pip install ".[cluster]"')
ROWS = ["scenario", "school", "postcode"]
KILLED = int(os.environ.get("SITING_KILLED", "3"))
"""How many workers are killed; each takes seconds to come back."""


def read_times(out: Path) -> pd.DataFrame:
    with connect() as database:
        question = "FROM read_parquet(?, hive_partitioning = false)"
        frame = database.execute(question, [str(out / TIMES / "*" / "*.parquet")]).df()
    return frame.sort_values(ROWS).reset_index(drop=True)


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, road_points: Callable, write_points: Callable, write_screen: Callable
) -> Path:
    folder = tmp_path_factory.mktemp("cluster")
    write_points(folder / "schools.csv", "s", road_points(16, 1))
    write_points(folder / "places.csv", "p", road_points(600, 2))
    write_screen(folder, minutes=12, count=4, areas=True)
    return folder


@pytest.fixture(scope="module")
def alone(folder: Path) -> pd.DataFrame:
    """What one process answers."""
    run_screen(folder / "screen.toml", folder / "alone", workers=1)
    return read_times(folder / "alone")


@needs_dask
@pytest.mark.parametrize(
    "why", [OSError(99, "Cannot assign requested address"), RuntimeError("Cluster failed to start"), TimeoutError("no answer")]
)
def test_workers_that_cannot_meet_on_this_machine_are_told_with_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    import distributed

    def apart(**_: object) -> None:
        raise why

    monkeypatch.setattr(distributed, "LocalCluster", apart)
    monkeypatch.setattr(cluster, "_CAN_FORK", False)
    with (
        pytest.raises(UsageError, match=r"cannot reach each other at 127\.0\.0\.1.* Use --workers 1\."),
        cluster.on_this_machine(2, tmp_path / "network") as runner,
    ):
        assert runner is not None


def test_without_dask_it_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "is_installed", lambda: False)
    for asked in ({"workers": 2}, {"scheduler": "tcp://127.0.0.1:1"}):
        with pytest.raises(UsageError, match=r"home-siting-planner\[cluster\]"):
            run_screen(folder / "screen.toml", folder / "none", **asked)
    assert not (folder / "none" / TIMES).exists()


def test_workers_and_a_scheduler_do_not_go_together(folder: Path) -> None:
    with pytest.raises(UsageError, match="not both"):
        run_screen(folder / "screen.toml", folder / "none", workers=2, scheduler="tcp://127.0.0.1:1")


def test_nothing_else_loads_dask() -> None:
    command = "import sys, siting.pipeline.screen, siting.screening.cluster; print({'dask', 'distributed'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


@needs_dask
@pytest.mark.slow
@pytest.mark.enable_socket
def test_workers_that_are_killed_again_and_again_change_nothing(folder: Path, alone: pd.DataFrame) -> None:
    """A screen on two workers of this machine, one of which is killed whenever some more is done."""
    out, killed, ended = folder / "killed", [], threading.Event()

    def kill() -> None:
        import psutil

        done = 0
        while not ended.wait(0.02):
            now = _made(out)
            workers = [child for child in psutil.Process().children(recursive=True) if _is_worker(child)]
            if now > done and workers and len(killed) < KILLED:
                done = now
                workers[len(killed) % len(workers)].kill()
                killed.append(now)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        run_screen(folder / "screen.toml", out, workers=2)
    finally:
        ended.set()
        killer.join()
    assert len(killed) == KILLED
    pd.testing.assert_frame_equal(read_times(out), alone, check_exact=True)


def _made(out: Path) -> int:
    """Count the files that an unfinished screen has made, also while its folder is taken away."""
    return sum(name.endswith(".parquet") for _, _, names in os.walk(out / UNFINISHED) for name in names)


def _is_worker(process: Any) -> bool:
    """Tell whether a process was started as a worker, anew or as a copy of the one that has all loaded."""
    import psutil

    try:
        begun = " ".join(process.cmdline())
        return "spawn_main" in begun or ("forkserver" in begun and "forkserver" in " ".join(process.parent().cmdline()))
    except (psutil.Error, AttributeError):
        return False


@dataclass
class Answered:
    """A future as the client tells it."""

    status: str
    answers: tuple[str, ...] = ()

    def result(self) -> tuple[str, ...]:
        return self.answers


class Rounds(cluster.OnDask):
    """A client to whom each round brings what is given."""

    def __init__(self, *rounds: list[tuple[int, Answered]]) -> None:
        super().__init__(lambda: SimpleNamespace(client=SimpleNamespace(nthreads=lambda: {"one": 1})), "")
        self.rounds, self.asked = list(rounds), []

    def _submitted(self, job: object, waiting: Mapping[int, object]) -> Iterator[tuple[int, Answered]]:  # noqa: ARG002
        self.asked.append(sorted(waiting))
        yield from self.rounds.pop(0)


@needs_dask
def test_what_died_with_its_worker_after_it_was_done_is_asked_for_again() -> None:
    """A worker that is killed takes answers with it which nobody has fetched; the scheduler is still there."""
    first = [(0, Answered("lost")), (1, Answered("finished", ("b",))), (2, Answered("pending"))]
    runner = Rounds(first, [(2, Answered("finished", ("c",))), (0, Answered("finished", ("a",)))])
    assert sorted(runner.run(str, ["x", "y", "z"])) == ["a", "b", "c"]
    assert runner.asked == [[0, 1, 2], [0, 2]]


@needs_dask
def test_a_scheduler_that_cancels_and_does_not_come_back_is_said() -> None:
    runner = Rounds([(0, Answered("finished", ("a",))), (1, Answered("cancelled"))])
    with pytest.raises(ScreenStoppedError, match="1 task"):
        list(runner.run(str, ["x", "y"]))


class Outside:
    """A scheduler and a worker, each a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address, self._folder, self._port = f"tcp://127.0.0.1:{port}", folder, port
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        self.worker = self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--death-timeout", "120")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:]]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self._folder, stdout=quiet, stderr=quiet, env=os.environ | {"PYTHONWARNINGS": ""})

    def end(self) -> None:
        for process in (self.worker, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    found = Outside(tmp_path, int(np.random.default_rng().integers(20_000, 50_000)))
    yield found
    found.end()


@needs_dask
@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_scheduler_that_is_killed_is_said_and_the_screen_goes_on_later(
    folder: Path, alone: pd.DataFrame, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_RETURN_S", 60)
    out = folder / "scheduler"
    ended = threading.Event()

    def kill() -> None:
        while not ended.wait(0.02):
            if _made(out) >= 3:
                monkeypatch.setattr(cluster, "_RETURN_S", 3)
                outside.scheduler.send_signal(signal.SIGKILL)
                return

    killer = threading.Thread(target=kill)
    killer.start()
    _wait_for_worker(outside)
    with pytest.raises(ScreenStoppedError, match="run the same command"):
        run_screen(folder / "screen.toml", out, scheduler=outside.address)
    ended.set()
    killer.join()
    assert not (out / TIMES).exists()
    said: list[str] = []
    run_screen(folder / "screen.toml", out, workers=1, say=said.append)
    assert "were done before" in " ".join(said)
    pd.testing.assert_frame_equal(read_times(out), alone, check_exact=True)


def _wait_for_worker(outside: Outside) -> None:
    from distributed import Client

    for _ in range(60):
        try:
            with Client(outside.address, timeout=5, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=60)
                return
        except (OSError, TimeoutError):
            time.sleep(1)
