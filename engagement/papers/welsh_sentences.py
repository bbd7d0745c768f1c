"""Sentences that are made while a pack is worked out, in Welsh: by what stands in `welsh.toml` under `[sentences]`.

A sentence is found again by its English, of which `{a}`, `{b}` stand for what changes. One that has no Welsh there
stays in English, so that nothing is left unsaid.
"""

import datetime as dt
import re
from functools import cache

from engagement.pack import Pack
from engagement.papers.languages import ENGLISH, WELSH, languages, long_date, welsh

_BETWEEN = re.compile(r"(?<=\.) (?=[A-Z])")
_DAY = re.compile(r"(?P<day>\d{1,2} [A-Z][a-z]+)(?P<year> \d{4})?")


def in_each_language(pack: Pack, english: str) -> list[dict[str, str]]:
    """Return what a paper says in each language of the pack, the first first: `lang` and `text`."""
    parts = [{"lang": ENGLISH, "text": english}]
    told = told_in_welsh(english) if WELSH in languages(pack) else None
    # A word that is the same in both is said once.
    return [{"lang": WELSH, "text": told}, *parts] if told and told != english else parts


def said(pack: Pack, english: str) -> str:
    """Return what a paper says in one line: in Welsh before English where the pack has both."""
    return " / ".join(one["text"] for one in in_each_language(pack, english))


def told_in_welsh(english: str) -> str | None:
    """Return some sentences in Welsh; None where one of them has none."""
    told = [_sentence(one) for one in _BETWEEN.split(english) if one]
    known = [one for one in told if one is not None]
    return " ".join(known) if known and len(known) == len(told) else None


def _sentence(english: str) -> str | None:
    word = welsh()["words"].get(english)
    if word is not None:
        return str(word)
    for pattern, told in _patterns():
        found = pattern.fullmatch(english)
        if found is not None:
            return told.format(**{name: _sentence(value) or _day(value) or value for name, value in found.groupdict().items()})
    return None


def _day(english: str) -> str | None:
    """Return a day of the month in Welsh, with its year where it has one; None for what is no day."""
    found = _DAY.fullmatch(english)
    if found is None:
        return None
    try:
        day = dt.datetime.strptime(f"{found['day']}{found['year'] or ' 2000'}", "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    told = long_date(day, WELSH, weekday=False)
    return told if found["year"] else told.removesuffix(" 2000")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the wordings, those with the most fixed words first."""
    known = sorted(welsh()["sentences"].items(), key=lambda pair: -len(re.sub(r"\{\w\}", "", pair[0])))
    return tuple((re.compile(re.sub(r"\\\{(\w)\\\}", r"(?P<\1>.+?)", re.escape(english))), told) for english, told in known)
