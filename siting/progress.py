"""How a long job says what it is doing."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Self, TypeVar

Progress = Callable[[str], None]

_Item = TypeVar("_Item")
_TOLD_EVERY_S = 0.5
_MOST_TOLD = 100


class Step(str):
    """What is being done, and of a long job how much of it is done: `share` from 0 to 1, None where that is not known."""

    share: float | None

    __slots__ = ("share",)

    def __new__(cls, words: str, share: float | None = None) -> Self:
        """Make the words of a step with its share."""
        step = super().__new__(cls, words)
        step.share = share
        return step


def silent(_step: str) -> None:
    """Take a progress message and say nothing."""


def each(items: Sequence[_Item], words: str, progress: Progress) -> Iterator[_Item]:
    """Yield items one by one, and tell the share of them that is done, at most a hundred times."""
    told = -1
    for number, item in enumerate(items):
        if number * _MOST_TOLD // len(items) > told:
            told = number * _MOST_TOLD // len(items)
            progress(Step(words, number / len(items)))
        yield item


@contextmanager
def watched(words: str, share: Callable[[], float], progress: Progress) -> Iterator[Progress]:
    """Tell twice a second how much of a job is done that does not tell it itself; what it does tell is given that share.

    Who is told must bear to be called from another thread, one at a time.
    """
    said, telling, ended = [words], Lock(), Event()

    def tell(step: str) -> None:
        with telling:
            said[0] = step
            progress(Step(step, min(max(share(), 0.0), 1.0)))

    def keep_telling() -> None:
        while not ended.wait(_TOLD_EVERY_S):
            tell(said[0])

    tell(words)
    teller = Thread(target=keep_telling, daemon=True)
    teller.start()
    try:
        yield tell
    finally:
        ended.set()
        teller.join()


def time_passed(limit_s: float) -> Callable[[], float]:
    """Return what tells how much of a time from now on has passed, as a share of it."""
    begun_s = time.monotonic()
    return lambda: (time.monotonic() - begun_s) / limit_s
