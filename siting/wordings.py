"""Sentences that the planner makes, in another language: found by their wording, where `{a}`, `{b}` stand for what changes.

One that has no wording there is told as it is, so that nothing is left unsaid.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping

_BETWEEN = re.compile(r"(?<=\.) (?=[A-Z0-9])")
_DAY = re.compile(r"(?P<day>\d{1,2} [A-Z][a-z]+)(?P<year> \d{4})?")
_FIELD = re.compile(r"\{\w\}")


def sentences_of(text: str) -> list[str]:
    """Part a text into its sentences."""
    return [one for one in _BETWEEN.split(text) if one]


class Wordings:
    """Wordings in another language by their English; `written` writes a day of the month with its year."""

    def __init__(self, told: Mapping[str, str], written: Callable[[dt.date], str]) -> None:
        self._fixed = {english: words for english, words in told.items() if not _FIELD.search(english)}
        # Those with the most fixed words first: another may fit too.
        known = sorted(told.items() - self._fixed.items(), key=lambda pair: (-len(_FIELD.sub("", pair[0])), pair[0]))
        self._patterns = [(re.compile(re.sub(r"\\\{(\w)\\\}", r"(?P<\1>.+?)", re.escape(one))), words) for one, words in known]
        self._written = written

    def sentence(self, english: str) -> str | None:
        """Return a sentence in the other language; None where it has no wording."""
        if english in self._fixed:
            return self._fixed[english]
        for pattern, told in self._patterns:
            found = pattern.fullmatch(english)
            if found is not None:
                return told.format(
                    **{name: self.sentence(value) or self._day(value) or value for name, value in found.groupdict().items()}
                )
        return None

    def text(self, english: str) -> str | None:
        """Return all sentences of a text; None where one of them has no wording."""
        told = [self.sentence(one) for one in sentences_of(english)]
        known = [one for one in told if one is not None]
        return " ".join(known) if known and len(known) == len(told) else None

    def _day(self, english: str) -> str | None:
        """Return a day of the month, with its year where it has one; None for what is no day."""
        found = _DAY.fullmatch(english)
        if found is None:
            return None
        try:
            day = dt.datetime.strptime(f"{found['day']}{found['year'] or ' 2000'}", "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return None
        told = self._written(day)
        return told if found["year"] else told.removesuffix(" 2000")
