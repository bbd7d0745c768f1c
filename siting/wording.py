"""How figures and lists are written in a sentence."""

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """Write words as in "A, B and C"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def pounds(value: float) -> str:
    """Write an amount of money as people read it."""
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"  # noqa: RUF001 - a minus sign as typesetters write it


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a number and what it counts."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"
