"""How figures and lists are written in a sentence."""

from collections.abc import Sequence

from siting.words import Scenario


def listed(words: Sequence[str]) -> str:
    """Write words as in "A, B and C"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def pounds(value: float) -> str:
    """Write an amount of money as people read it."""
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"  # noqa: RUF001 - a minus sign as typesetters write it


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a number and what it counts."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


SMALL_COUNT = 5
"""Counts of children are given to the nearest five, and those below five as such."""


def count_band(count: int) -> str:
    """Write a count of children so that it points to none of them."""
    if count == 0:
        return "none"
    return f"fewer than {SMALL_COUNT}" if count < SMALL_COUNT else f"about {round(count / SMALL_COUNT) * SMALL_COUNT}"


def total_band(count: int) -> str:
    """Write how many children there are in all: exactly, unless they are so few that it would point to them."""
    return str(count) if count >= SMALL_COUNT or count == 0 else count_band(count)


def sentence_case(text: str) -> str:
    """Begin a sentence with a capital, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


SCENARIO_WORDS = {
    Scenario.FREE_FLOW: "on empty roads",
    Scenario.TYPICAL: "on an ordinary weekday between the peaks",
    Scenario.SCHOOL_RUN: "on the school run",
}


def format_minutes(value_min: float, limit_min: float) -> str:
    """Write minutes to one decimal, to more where that would hide on which side of the limit they lie."""
    for decimals in (1, 2, 3):
        text = f"{value_min:.{decimals}f}"
        if (float(text) > limit_min) == (value_min > limit_min) and (float(text) != limit_min or value_min == limit_min):
            return text
    return f"just over {limit_min:g}" if value_min > limit_min else f"just under {limit_min:g}"
