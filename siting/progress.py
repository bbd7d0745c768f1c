"""How a long job says what it is doing."""

from collections.abc import Callable, Iterator, Sequence
from typing import Self, TypeVar

Progress = Callable[[str], None]

_Item = TypeVar("_Item")


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
    """Yield items one by one, and tell the share of them that is done."""
    for number, item in enumerate(items):
        progress(Step(words, number / len(items)))
        yield item
