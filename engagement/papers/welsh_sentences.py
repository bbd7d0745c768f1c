"""Sentences that are made while a pack is worked out, in Welsh: by what stands in `welsh.toml` under `[sentences]`.

One that has no Welsh there stays in English, so that nothing is left unsaid.
"""

from functools import cache

from engagement.pack import Pack
from engagement.papers.languages import ENGLISH, WELSH, languages, long_date, welsh
from siting.wordings import Wordings


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
    return _wordings().text(english)


def welsh_of_papers() -> dict[str, str]:
    """Return the Welsh words and sentences of the papers by their English."""
    return {**welsh()["sentences"], **welsh()["words"]}


@cache
def _wordings() -> Wordings:
    return Wordings(welsh_of_papers(), lambda day: long_date(day, WELSH, weekday=False))
