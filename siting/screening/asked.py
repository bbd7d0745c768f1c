"""What a screen asks, and the verdict on each journey by the minutes rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from siting.arrays import Bool, Int8, Int64
from siting.words import Direction, Scenario, Verdict

VERDICTS = (Verdict.PASS, Verdict.MARGINAL, Verdict.FAIL)
"""What a screen says of a journey, by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Within how many milliseconds, how busy, which way.

    Attributes
    ----------
    limit_ms
        What takes exactly that long is in.
    scenarios, directions
        One or more of each. A verdict is by the worse of the directions asked.
    error_share
        How wrong the minutes may be, as a share of them, either way.
    beyond_ms
        How much farther than the limit times are known: where areas are drawn, as far as their line needs it.
    """

    limit_ms: int
    scenarios: tuple[Scenario, ...]
    directions: tuple[Direction, ...]
    error_share: float
    beyond_ms: int = 0

    @property
    def searched_ms(self) -> int:
        """How far is searched."""
        return self.limit_ms + self.beyond_ms

    @property
    def searched(self) -> tuple[Scenario, ...]:
        """The scenarios to be searched: a verdict in another asks for the school run as well."""
        return tuple(dict.fromkeys((*self.scenarios, Scenario.SCHOOL_RUN)))

    def plain(self) -> dict[str, Any]:
        """Return it as plain values, by which results are known."""
        return {
            "limit_ms": self.limit_ms,
            "scenarios": [scenario.value for scenario in self.scenarios],
            "directions": [direction.value for direction in self.directions],
            "error_share": self.error_share,
            "beyond_ms": self.beyond_ms,
        }


def worse_ms(times: Mapping[Direction, Int64]) -> Int64:
    """Return the time of the worse of some directions, place by place."""
    worst, *others = times.values()
    for other in others:
        worst = np.maximum(worst, other)
    return worst


def verdicts(worst_ms: Int64, school_run_ms: Int64, asked: Asked) -> Int8:
    """Judge places by the worse direction in a scenario and on the school run, as `judge_minutes` judges a home.

    Answers the number of each one's verdict in `VERDICTS`.
    What is searched no farther than the limit is `fail` beyond it: whether there is a way at all is not known.
    """
    passes = worst_ms <= asked.limit_ms
    known_ms = np.where(passes, worst_ms, 0)
    sure: Bool = (school_run_ms <= asked.limit_ms) & (asked.limit_ms - known_ms >= known_ms * asked.error_share)
    best, middle, worst = range(len(VERDICTS))
    return np.where(passes, np.where(sure, best, middle), worst).astype(np.int8)
