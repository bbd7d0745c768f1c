"""The words of the page in English and Welsh: English stands where it is used, Welsh in one file beside it."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

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


@cache
def welsh() -> dict[str, str]:
    """Return the Welsh sentences by their English."""
    text = Path(__file__).with_name("welsh.toml").read_text(encoding="utf-8")
    return {str(english): str(said) for english, said in tomllib.loads(text)["sentences"].items()}
