"""The languages of a pack: English, and for a home in Wales Welsh before it (Welsh Language (Wales) Measure 2011).

All Welsh stands in `welsh.toml`; dates are written by the locale's own rules.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date

from engagement.around.neighbours import Considered
from engagement.pack import HOUSEHOLD, PREMISES, Pack, address_lines, addressee

ENGLISH: Final = "en"
WELSH: Final = "cy"
WORD_TAGS: Final = {ENGLISH: "en-GB", WELSH: "cy-GB"}
"""How a word processor names the languages."""
_LOCALES: Final = {ENGLISH: "en_GB", WELSH: "cy"}
_HERE = Path(__file__).parent


def languages(pack: Pack) -> tuple[str, ...]:
    """Return the languages of what the public and councillors get, the first first."""
    return (WELSH, ENGLISH) if pack.engagement.nation == "Wales" else (ENGLISH,)


@cache
def welsh() -> Mapping[str, Any]:
    """Return all Welsh wording."""
    return tomllib.loads((_HERE / "welsh.toml").read_text(encoding="utf-8"))


def in_welsh(pack: Pack) -> Mapping[str, str]:
    """Return the Welsh of what stands in templates, by its English; nothing where the pack has no Welsh."""
    return welsh()["words"] if WELSH in languages(pack) else {}


def both(pack: Pack, english: str) -> str:
    """Return a word of the templates as the pack writes it: Welsh and English, or English."""
    told = in_welsh(pack).get(english)
    return f"{told} / {english}" if told else english


def long_date(day: dt.date, language: str, *, weekday: bool = True) -> str:
    """Write a day in full, as in "Monday 25 January 2027" and "Dydd Llun 25 Ionawr 2027"."""
    return str(format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale=_LOCALES[language]))


def after_on(day: dt.date, language: str) -> str:
    """Write a day in full as it stands after "on": in Welsh with the change that "ar" makes, as in "ddydd Llun"."""
    told = long_date(day, language)
    return f"d{told[0].lower()}{told[1:]}" if language == WELSH else told


def long_dates(pack: Pack, day: dt.date, *, weekday: bool = True) -> str:
    """Write a day in full in each language of the pack."""
    return " / ".join(long_date(day, language, weekday=weekday) for language in languages(pack))


def short_time(pack: Pack, start: dt.datetime) -> str:
    """Write a day and time briefly in each language of the pack, as in "Llun 25 Ion / Mon 25 Jan 10:00"."""
    days = (str(format_date(start.date(), "E d MMM", locale=_LOCALES[language])) for language in languages(pack))
    return f"{' / '.join(days)} {start:%H:%M}"


def short_day(day: dt.date, language: str) -> str:
    """Write a day briefly, as in "Mon 25 Jan 2027" and "Llun 25 Ion 2027"."""
    return str(format_date(day, "E d MMM y", locale=_LOCALES[language]))


def visit_words(pack: Pack, one: Considered, language: str = ENGLISH) -> str:
    """Say when a household is invited."""
    visit = pack.visit_of(one)
    if visit is None:
        return str(welsh()["no_time_yet"]) if language == WELSH else "a time that we will agree with you"
    to = welsh()["to"] if language == WELSH else "to"
    return f"{long_date(visit.slot.start.date(), language)}, {visit.slot.start:%H:%M} {to} {visit.slot.end:%H:%M}"


def fields(pack: Pack, one: Considered) -> dict[str, object]:
    """Return what a letter's wording may name: English by the plain name, Welsh by the name with `_cy`."""
    known = {f"{name}_cy": value for name, value in _in_language(pack, one, WELSH).items()} if WELSH in languages(pack) else {}
    return {**_in_language(pack, one, ENGLISH), **known, "slot_minutes": pack.engagement.slot_minutes}


FIELDS: Final = (
    "provider", "today", "address", "greeting", "home_address", "visit", "slot_minutes", "contact", "regulator", "drop_in",
    "signatory", "address_source",
)  # fmt: skip
"""The names of the fields, without those in Welsh."""


def fields_of_pack(pack: Pack, language: str) -> dict[str, str]:
    """Return what every letter of a pack may name, whomever it is to."""
    engagement = pack.engagement
    told = welsh() if language == WELSH else _ENGLISH
    return {
        "provider": engagement.provider or told["provider"],
        "today": long_date(pack.made, language, weekday=False),
        "home_address": pack.home.row.address or told["home_address"],
        "contact": engagement.contact or told["contact"],
        "regulator": told["regulator"] if language == WELSH else pack.regulator,
        "drop_in": _drop_in(pack, language),
        "signatory": engagement.signatory or told["signatory"],
    }


def _in_language(pack: Pack, one: Considered, language: str) -> dict[str, object]:
    told = welsh() if language == WELSH else _ENGLISH
    premises = one.address.kind.premises
    lines = address_lines(one)
    whom = told["addressee_premises" if premises else "addressee_household"]
    return {
        **fields_of_pack(pack, language),
        "address": [whom, *lines],
        "greeting": told["greeting_premises" if premises else "greeting_household"],
        "visit": visit_words(pack, one, language),
        "address_source": told["source_list"] if pack.has_address_files else told["source_open_map"],
    }


def _drop_in(pack: Pack, language: str) -> str:
    held = pack.engagement.drop_in
    if held is None:
        return ""
    on, to = (" ar", welsh()["to"]) if language == WELSH else (" on", "to")
    place = f", {held.place}" if held.place else ""
    return f"{on} {after_on(held.date, language)}, {held.start:%H:%M} {to} {held.end:%H:%M}{place}"


_ENGLISH: Final = {
    "addressee_household": HOUSEHOLD,
    "addressee_premises": PREMISES,
    "greeting_household": "neighbour",
    "greeting_premises": "Manager",
    "provider": "[name of the provider]",
    "home_address": "[address of the home]",
    "contact": "[telephone number or e-mail address]",
    "signatory": "[name]",
    "source_open_map": "OpenStreetMap, a public map",
    "source_list": "a list of local addresses that we hold",
}


def addressed_to(pack: Pack, one: Considered) -> str:
    """Return to whom an envelope is addressed, in each language of the pack."""
    premises = one.address.kind.premises
    told = welsh()["addressee_premises" if premises else "addressee_household"] if WELSH in languages(pack) else ""
    return f"{told} / {addressee(one)}" if told else addressee(one)


def label_lines(pack: Pack, one: Considered) -> list[str]:
    """Return a household's label: to whom, in each language of the pack, and the address."""
    lines = address_lines(one)
    return [addressed_to(pack, one), *lines] if lines else []
