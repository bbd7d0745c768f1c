"""Who does a screen's tasks: this process, one after the other, or the workers of a cluster (see `cluster`)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from siting.faults import SitingError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class ScreenStoppedError(SitingError, RuntimeError):
    """A screen could not be ended; what is done is kept."""


class Runner(Protocol):
    """Does a job for each of some items, in whatever order, and yields the answers as they come."""

    @property
    def words(self) -> str:
        """Who does the work, for people to read."""

    @property
    def dashboard(self) -> str:
        """The address of a page that shows the work; empty where there is none."""

    def run(self, job: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Do the job for each item; what fails is tried again where that may help."""


class InProcess:
    """Does everything in the process that asks, one item after the other."""

    words = "this process alone"
    dashboard = ""

    def run(self, job: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Do the job for each item in their order."""
        yield from map(job, items)
