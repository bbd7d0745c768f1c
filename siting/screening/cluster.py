"""The one module that knows Dask: workers on this machine, or those of a scheduler elsewhere.

Tasks name files; nothing large travels. A task whose worker dies is given to another, and one
whose scheduler is lost is given to it again once it is back.
"""

import importlib.util
import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from siting.faults import UsageError
from siting.screening.forked import NETWORK_VARIABLE
from siting.screening.preparing import SCREEN_VERSION
from siting.screening.running import ScreenStoppedError
from siting.sentences import counted
from siting.storage.kept import CACHE_VARIABLE, cache_folder

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

Item = TypeVar("Item")
Answer = TypeVar("Answer")

WORKER_BYTES = 1_000_000_000
"""What a worker is reckoned to need (own choice: twice what was measured, without what all of them map)."""
_DEATHS = 30
"""So many workers may die over one task before it is given up."""
_ERRORS = 2
"""So often a task that fails is tried again."""
_RETURN_S = 60
"""So long a scheduler that is lost is waited for."""
_LOOKED_AFTER_S = 3.0
_MOST_AT_ONCE = 20
_ROUNDS = 16
"""Tasks are handed over so many at once, but in so many rounds at least, so that workers end about together.

One by one, what passes between scheduler and worker takes a third as long as a task itself.
"""
_CAN_FORK = sys.platform == "linux"
_LOADED_BEFORE = ("distributed", "siting.screening.forked")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NO_WORKERS = (
    "The workers of this machine could not be started, or cannot reach each other at 127.0.0.1: something of the system, such as "
    "a firewall, keeps them apart. Use --workers 1."
)
_INSTALL = 'It needs Dask: pip install "home-siting-planner[cluster]".'


def is_installed() -> bool:
    """Tell whether Dask can be had."""
    return importlib.util.find_spec("distributed") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Started:
    """A client of a cluster, who does the work in words, and how it is ended."""

    client: "Client"
    words: str
    end: Callable[[], None]


@contextmanager
def on_this_machine(workers: int | None, network: Path) -> Iterator["OnDask"]:
    """Give a cluster of worker processes on this machine, as many as its cores and memory allow unless said.

    It starts aside: whoever asks goes on until there is something to run. `network` is the file of the kept network.

    Raises
    ------
    UsageError
        Where Dask is not installed.
    """
    _require_dask("More than one worker")
    _begin_forking(network)
    with ThreadPoolExecutor(max_workers=1) as aside:
        starting = aside.submit(_start_here, workers)
        try:
            yield OnDask(starting.result, "")
        finally:
            starting.result().end()


def _start_here(workers: int | None) -> _Started:
    _quiet()
    from dask.system import CPU_COUNT  # noqa: PLC0415
    from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra, and slow to load
    from distributed.system import MEMORY_LIMIT  # noqa: PLC0415

    count = workers or max(1, min(CPU_COUNT, int(MEMORY_LIMIT // WORKER_BYTES)))
    with ExitStack() as stack:
        try:
            # Dask would count what all workers map together against each of them.
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=0,
                    dashboard_address="127.0.0.1:0",
                    host="127.0.0.1",
                )
            )
        except (OSError, RuntimeError, TimeoutError) as error:
            raise UsageError(_NO_WORKERS) from error
        client = Client(cluster, set_as_default=False)
        stack.callback(client.close)
        stack.enter_context(_kept_up(cluster, count))
        return _Started(client=client, words=f"{counted(count, 'worker')} on this machine", end=stack.pop_all().close)


def _begin_forking(network: Path) -> None:
    """Let workers begin as copies of a process that has all loaded, where the system can: each would take seconds."""
    if not _CAN_FORK:
        return
    from multiprocessing import forkserver  # noqa: PLC0415 - not everywhere

    multiprocessing.get_context("forkserver").set_forkserver_preload(list(_LOADED_BEFORE))
    os.environ[NETWORK_VARIABLE] = str(network)
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[NETWORK_VARIABLE]


@contextmanager
def _kept_up(cluster: "LocalCluster", count: int) -> Iterator[None]:
    """Start workers anew that died while they started, which Dask would do without."""
    ended = Event()

    def keep_up() -> None:
        while not ended.wait(_LOOKED_AFTER_S):
            cluster.scale(count)

    keeper = Thread(target=keep_up, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


@contextmanager
def on_scheduler(address: str) -> Iterator["OnDask"]:
    """Give the workers of a scheduler.

    Raises
    ------
    UsageError
        Where Dask is not installed, the scheduler does not answer, it has no workers, or a worker has another program or
        does not see this one's files.
    """
    _require_dask("A scheduler")
    _quiet()
    client = _connected(address)
    try:
        _refuse_strangers(client, address)
        words = f"{counted(len(client.scheduler_info()['workers']), 'worker')} of {address}"
        started = _Started(client=client, words=words, end=client.close)
        yield OnDask(lambda: started, address)
    finally:
        with suppress(Exception):
            client.close(timeout=2)


class OnDask:
    """A client of a cluster as one who does tasks; it may still be starting until it is asked for something."""

    def __init__(self, started: Callable[[], _Started], address: str) -> None:
        self._started = started
        self._found_again: Client | None = None
        self._address = address

    @property
    def words(self) -> str:
        """Who does the work."""
        return self._started().words

    @property
    def _client(self) -> "Client":
        return self._found_again or self._started().client

    @property
    def dashboard(self) -> str:
        """The address of the cluster's own page; empty where it has none."""
        return str(self._client.dashboard_link or "")

    def run(self, job: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Do the job for each item; what fails is tried again elsewhere.

        Raises
        ------
        ScreenStoppedError
            Where workers die over a task again and again, or the scheduler is gone.
        """
        at_once = max(1, min(_MOST_AT_ONCE, len(items) // (_ROUNDS * max(1, len(self._client.nthreads())))))
        waiting = {first: items[first : first + at_once] for first in range(0, len(items), at_once)}
        deaths: Counter[int] = Counter()
        while waiting:
            try:
                for number, future in self._submitted(job, waiting):
                    if future.status == "finished":
                        del waiting[number]
                        yield from future.result()
                    elif future.status == "error":
                        deaths[number] += 1
                        _raise_unless_death(future.exception(), deaths[number])
                    elif future.status == "cancelled":
                        raise ConnectionError(future.status)  # noqa: TRY301 - the scheduler has gone
                    # What was done, and died with its worker before it was fetched, is asked for again in the next round.
            except Exception as error:
                if not _is_gone(error):
                    raise
                self._reconnect(sum(map(len, waiting.values())))

    def _submitted(self, job: Callable[[Item], Answer], waiting: Mapping[int, Sequence[Item]]) -> Iterator[tuple[int, Any]]:
        from distributed import as_completed  # noqa: PLC0415

        futures = self._client.map(partial(_each, job), list(waiting.values()), pure=False, retries=_ERRORS)
        number_of = {future.key: number for future, number in zip(futures, waiting, strict=True)}
        completed = as_completed(futures, loop=self._client.loop)
        del futures
        for future in completed:
            yield number_of[future.key], future

    def _reconnect(self, left: int) -> None:
        """Wait for the scheduler to come back."""
        with suppress(Exception):
            self._client.close(timeout=2)
        try:
            self._found_again = _connected(self._address)
            self._found_again.wait_for_workers(1, timeout=_RETURN_S)
        except Exception as error:
            msg = (
                f"The scheduler has gone, and {counted(left, 'task')} are left. What is done is kept: "
                "start it again and run the same command, which goes on where this one stopped."
            )
            raise ScreenStoppedError(msg) from error


def _each(job: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    return [job(item) for item in items]


def _is_gone(error: BaseException) -> bool:
    """Tell whether an error says that the scheduler is not there."""
    from distributed.comm import CommClosedError  # noqa: PLC0415

    return isinstance(error, CommClosedError | ConnectionError | TimeoutError) or type(error).__name__.endswith("CancelledError")


def _raise_unless_death(error: BaseException, deaths: int) -> None:
    from distributed import KilledWorker  # noqa: PLC0415

    if not isinstance(error, KilledWorker):
        raise error
    if deaths > _DEATHS:
        msg = "Workers die over one task again and again, most likely for want of memory. Start fewer with --workers."
        raise ScreenStoppedError(msg) from error


def _connected(address: str) -> "Client":
    from distributed import Client  # noqa: PLC0415

    try:
        return Client(address, timeout=_RETURN_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        msg = f"No scheduler answers at {address}. Start one with `dask scheduler`, or leave --scheduler out."
        raise UsageError(msg) from error


def about_here(folder: str) -> tuple[int, bool]:
    """Say of the process that is asked which program it has, and whether it sees a folder."""
    return SCREEN_VERSION, Path(folder).is_dir() and os.access(folder, os.W_OK) and str(cache_folder()) == folder


def _refuse_strangers(client: "Client", address: str) -> None:
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    if not client.scheduler_info()["workers"]:
        msg = f"The scheduler at {address} has no workers. Start some with `dask worker {address}`."
        raise UsageError(msg)
    try:
        told = client.run(about_here, str(cache))
    except ImportError as error:
        msg = "The workers do not have this program. Install the same version on every machine of the cluster."
        raise UsageError(msg) from error
    if any(version != SCREEN_VERSION for version, _ in told.values()):
        msg = "Workers have another version of this program. Install the same one on every machine of the cluster."
        raise UsageError(msg)
    blind = sum(not sees for _, sees in told.values())
    if blind:
        msg = (
            f"{blind} of {counted(len(told), 'worker')} keep their files elsewhere than {cache}. "
            f"Let {CACHE_VARIABLE} name one folder that every machine sees, here and where the workers are started."
        )
        raise UsageError(msg)


def _require_dask(what: str) -> None:
    if not is_installed():
        msg = f"{what} cannot be had. {_INSTALL}"
        raise UsageError(msg)


def _quiet() -> None:
    """Let Dask say nothing on the console, and give up no task because some other process's workers died."""
    import dask.config  # noqa: PLC0415

    dask.config.set(
        {
            "logging": {"distributed": "critical", "tornado": "critical", "asyncio": "critical", "bokeh": "critical"},
            "distributed.scheduler.allowed-failures": _DEATHS,
            "distributed.comm.timeouts.connect": f"{_RETURN_S}s",
            "distributed.admin.tick.limit": "1h",
            # Each of its processes would look at itself fifty times a second.
            "distributed.admin.tick.interval": "1s",
            "distributed.admin.system-monitor.interval": "5s",
            "distributed.worker.multiprocessing-method": "forkserver" if _CAN_FORK else "spawn",
            # Nobody looks at the profile that it would keep of every worker.
            "distributed.worker.profile.enabled": False,
            # Dask would have each freed array given back to the system, which then clears the memory of the next one.
            "distributed.nanny.pre-spawn-environ": dict.fromkeys(_ONE_THREAD, 1),
        }
    )
