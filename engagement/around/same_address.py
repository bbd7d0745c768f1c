"""Whether two texts, written in two files or by a person, are one address.

No list writes an address as the next does. What tells one door from another is kept apart from what
names the street and the town: the figures and words of the door must be the same, the other words
may be more in one than in the other.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from engagement.around.addresses import Address
from siting.faults import UsageError

SAME_PLACE_M = 3.0
"""Two files put one door this near to another's place for it (own choice: address points are to a metre)."""
SAME_DOOR_M = 30.0
"""Where the door's figures are the same too, this far: OpenStreetMap's points lie in the middle of a building (own choice)."""

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
_SHORT = {
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive", "ct": "court",
    "gdns": "gardens", "gdn": "gardens", "garden": "gardens", "cres": "crescent", "cresc": "crescent", "pl": "place",
    "sq": "square", "stn": "station", "ter": "terrace", "terr": "terrace", "gr": "grove", "gro": "grove", "hse": "house",
    "bldgs": "buildings", "cott": "cottage", "fm": "farm", "pk": "park", "str": "street",
    "apt": "flat", "apartment": "flat", "no": "flat", "number": "flat", "fflat": "flat", "gnd": "ground", "1st": "first",
    "2nd": "second", "3rd": "third", "flr": "floor", "ty": "house", "nr": "near", "mt": "mount", "upr": "upper",
    "lwr": "lower",
}  # fmt: skip
_STREET_WORDS = {
    "street", "road", "avenue", "lane", "close", "drive", "court", "gardens", "crescent", "place", "square", "terrace", "grove",
    "way", "hill", "row", "park",
}  # fmt: skip
_SAID_OR_NOT = {"flat", "the", "at", "floor", "and"}
"""Words that one list writes and another does not; they tell no door from another."""
_COMPASS = frozenset({"north", "south", "east", "west"})
"""Words that tell one street from the next: Station Road East is not Station Road."""
_DOOR_WORDS = {
    "basement", "ground", "first", "second", "third", "fourth", "top", "upper", "lower", "front", "rear", "left", "right",
    "annexe", "annex", "attic", "middle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What an address says: the figures and words of its door in their order, its other words, its postcode."""

    door: tuple[str, ...]
    words: frozenset[str]
    postcode: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said that an address could be known by."""
        return not (self.door or self.words)


def parts_of(text: str) -> AddressParts:
    """Take an address on one line apart."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold().replace("&", " and ")
    plain = re.sub("['\u2019`.]", "", plain)
    found = list(_POSTCODE.finditer(plain))
    postcode = "".join(found[-1].groups()) if found else ""
    if found:
        plain = plain[: found[-1].start()] + " " + plain[found[-1].end() :]
    # "12 A" is 12A, but the A of "Flat A, 12" stays a letter of its own.
    plain = re.sub(r"\b(\d+)\s+([a-z])\b(?!\s*\d)", r"\1\2", plain)
    tokens = [token for part in plain.split(",") for token in _tokens(part)]
    tokens = [token.lstrip("0") or "0" if token.isdecimal() else token for token in tokens]
    door = tuple(token for token in tokens if _is_of_door(token))
    words = frozenset(t for t in tokens if t not in door and t not in _SAID_OR_NOT)
    return AddressParts(door, words, postcode)


def _tokens(part: str) -> list[str]:
    """Return the words of what stands between two commas, written out: "St" is a saint where a name begins, else a street."""
    words: list[str] = []
    for word in re.findall(r"[a-z0-9]+", part):
        if word == "st":
            begins = not words or words[-1] in _STREET_WORDS or words[-1] in _SAID_OR_NOT or _is_of_door(words[-1])
            words.append("saint" if begins else "street")
        else:
            words.append(_SHORT.get(word, word))
    return words


def _is_of_door(token: str) -> bool:
    return any(c.isdecimal() for c in token) or len(token) == 1 or token in _DOOR_WORDS


def parts_of_address(address: Address) -> tuple[AddressParts, ...]:
    """Take an entry apart, as its line says it, as its columns do, and as it is in Welsh."""
    house = " ".join(part for part in (address.number, address.street) if part)
    made = ", ".join(p for p in (address.sub_building, address.building_name, house, address.town, address.postcode) if p)
    texts = dict.fromkeys(text for text in (address.text, made, address.welsh) if text)
    return tuple(parts for text in texts if not (parts := parts_of(text)).is_empty)


def is_one_door(one: Address, other: Address) -> bool:
    """Tell whether a letter to either comes to the same door: both are written the same, with a door, and stand close together.

    They may be two entries of one household, or of several whom no list tells apart.
    """
    if np.hypot(one.x_m - other.x_m, one.y_m - other.y_m) > SAME_DOOR_M:
        return False
    mine, theirs = parts_of_address(one)[:1], parts_of_address(other)[:1]
    return bool(mine == theirs and mine and mine[0].door)


def is_exactly(one: AddressParts, other: AddressParts) -> bool:
    """Tell whether two say the same, but for a postcode that one of them leaves out."""
    return not one.is_empty and one.door == other.door and one.words == other.words and _no_other_postcode(one, other)


def may_be(one: AddressParts, other: AddressParts) -> bool:
    """Tell whether two may be one address: the door's figures the same, no word of the shorter missing in the longer.

    A word of the compass that only one of them has makes it another street.
    """
    if one.is_empty or one.door != other.door or not _no_other_postcode(one, other) or (one.words ^ other.words) & _COMPASS:
        return False
    shorter, longer = sorted((one.words, other.words), key=len)
    if not shorter:
        return bool(one.door) and bool(one.postcode) and one.postcode == other.postcode
    return shorter <= longer


def may_mean(asked: AddressParts, address: Address, all_parts: Sequence[AddressParts]) -> bool:
    """Tell whether a text may mean an entry: `may_be`, and it names that very street, and more than the street.

    "12 Station Road" does not mean 12 Station Road East, and "Station Road" neither the one house there without a number
    nor the Sub Station: of a house without one, every word of its name that is not the street's must be said.
    """
    if not any(may_be(asked, parts) for parts in all_parts):
        return False
    street = parts_of(address.street)
    own = street.words | set(street.door)
    said = asked.words | set(asked.door)
    if own and own & said and not own <= said:
        return False
    name = parts_of(address.door or address.text.partition(",")[0]).words - own
    return bool(asked.door) or (bool(name) and name <= asked.words)


def _no_other_postcode(one: AddressParts, other: AddressParts) -> bool:
    return not (one.postcode and other.postcode) or one.postcode == other.postcode


def resolve_address(text: str, addresses: Sequence[Address], home_id: str) -> Address:
    """Find the one entry that a person means by a property number or an address.

    Raises
    ------
    UsageError
        Where it is none of them, or may be several; the text says what to write instead.
    """
    wanted = text.strip()
    if not wanted:
        msg = "Say which address: --address, with its UPRN or as the lists write it."
        raise UsageError(msg)
    if re.fullmatch(r"[\d\s]+", wanted):
        number = re.sub(r"\s", "", wanted).lstrip("0")
        return _only(text, _distinct([a for a in addresses if a.uprn and a.uprn.lstrip("0") == number]), addresses, home_id)
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?\d+", wanted):
        msg = f'"{text}" is a UPRN that Excel shortened, and may be any of many. Give all its figures, or the address.'
        raise UsageError(msg)
    return _only(text, find_by_text(wanted, addresses), addresses, home_id)


def find_by_text(text: str, addresses: Sequence[Address]) -> list[Address]:
    """Return the entries that a text may mean: those that say just that, else those that say it and more.

    A text without a number or letter of a door that numbered doors say too is the name of a street or a place: then
    those doors are among the answers, so that it is never taken for the one house there that has no number.
    """
    asked = parts_of(text)
    known = [(address, parts_of_address(address)) for address in addresses]
    found = [address for address, all_parts in known if any(is_exactly(asked, parts) for parts in all_parts)]
    found = found or [address for address, all_parts in known if may_mean(asked, address, all_parts)]
    begun = _plain_words(text)
    found = found or [address for address in addresses if _plain_words(address.written).startswith(begun)]
    if found and not asked.door:
        found += [a for a, all_parts in known if any(parts.door and asked.words <= parts.words for parts in all_parts)]
    return _distinct(found)


def _plain_words(text: str) -> str:
    return "".join(f"{word} " for word in re.findall(r"\w+", text.casefold()))


def _distinct(found: Sequence[Address]) -> list[Address]:
    """Return each once: the same entry may stand in two files, or under one number at two places."""
    seen: dict[object, Address] = {}
    for address in found:
        seen.setdefault(address.uprn.lstrip("0") if address.uprn else address.key, address)
    return list(seen.values())


def _only(text: str, found: Sequence[Address], addresses: Sequence[Address], home_id: str) -> Address:
    if found and all(is_one_door(found[0], one) for one in found[1:]):
        return found[0]
    if found:
        several = "; ".join(f"{one.written} ({one.uprn or 'no UPRN'})" for one in found[:8])
        msg = f'"{text}" may be several addresses: {several}. Give one UPRN.'
        raise UsageError(msg)
    written = {form.casefold(): a.written for a in addresses for form in (a.written, f"{a.door} {a.street}")}
    near = get_close_matches(text.casefold(), written, n=3, cutoff=0.6)
    close = list(dict.fromkeys(written[form] for form in near))
    guess = f" Did you mean {' or '.join(close)}?" if close else ""
    msg = (
        f'No address "{text}" was considered around {home_id}: it is farther away, or written otherwise.{guess} '
        "Give its UPRN, or the address as the lists write it."
    )
    raise UsageError(msg)
