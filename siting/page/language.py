"""The words of the page in English and Welsh: English stands where it is used, Welsh in one file beside it."""

import datetime as dt
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from siting import pipeline
from siting.wordings import Wordings, sentences_of

ENGLISH, WELSH = "en", "cy"
LANGUAGES = {ENGLISH: "English", WELSH: "Cymraeg"}

Say = Callable[..., str]


def words_in(language: str) -> Say:
    """Return what says a sentence in a language; `{name}` in it is filled with what is given by name.

    A sentence that the Welsh file lacks is said in English.
    """
    known = welsh() if language == WELSH else {}

    def say(sentence: str, **values: object) -> str:
        found = known.get(sentence, sentence)
        return found.format(**values) if values else found

    return say


def parts_in(language: str, text: str) -> list[tuple[str, str]]:
    """Return sentences that the planner made, each with the language to mark it with: Welsh where it has a wording, else English.

    What is in the page's own language needs no mark.
    """
    if language == ENGLISH:
        return [(text, "")]
    return [(found, "") if (found := _sentence(one)) else (one, ENGLISH) for one in sentences_of(text)]


def _sentence(english: str) -> str | None:
    whole = _table()["sentences"].get(english)
    return whole if whole is not None else _wordings().sentence(english) or _wordings().sentence(english.removesuffix("."))


def welsh() -> dict[str, str]:
    """Return the Welsh sentences of the page itself by their English."""
    return _table()["sentences"]


@cache
def _wordings() -> Wordings:
    """Return the wordings of what the planner says on the page, and of what it says on papers."""
    from babel.dates import format_date  # noqa: PLC0415 - not every page has a date

    def written(day: dt.date) -> str:
        return str(format_date(day, "d MMMM y", locale=WELSH))

    return Wordings({**pipeline.welsh_of_papers(), **_table()["told"]}, written)


@cache
def _table() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("welsh.toml").read_text(encoding="utf-8")
    return {
        part: {str(english): str(said) for english, said in sentences.items()} for part, sentences in tomllib.loads(text).items()
    }
