"""Homes of the candidates table that are one and the same house, as two agents list it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from rapidfuzz.fuzz import token_set_ratio

from siting.inputs.rows import HomeRow
from siting.place import Place

SAME_PLACE_M = 5.0
"""Typed coordinates this close are one house's (own choice: two agents rarely click nearer to each other by chance)."""
NEARBY_M = 300.0
"""Within this two rows with the same address are one house, however roughly each is placed (own choice)."""
ALIKE = 90.0
"""How alike two addresses' words must be, of 100, once their figures agree (own choice, tried on invented listings)."""

_SHORT = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "cl": "close", "ln": "lane", "dr": "drive", "ct": "court",
    "cres": "crescent", "gdns": "gardens", "pl": "place", "sq": "square", "tce": "terrace", "ter": "terrace", "gr": "grove",
    "nr": "near", "hse": "house", "cott": "cottage", "apt": "flat", "apartment": "flat",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of the candidates table: its number, what it says and where it is (None where that is not known)."""

    number: int
    row: HomeRow
    place: Place | None


def same_houses(homes: Sequence[Listed]) -> tuple[tuple[Listed, ...], ...]:
    """Return the groups of rows that are the same house, each in the table's order.

    Two rows are one house where they share a property number (UPRN); or an address at about the
    same place; or coordinates to a few metres where neither address speaks against it; or where a
    postcode, bedrooms and price agree and nothing else tells them apart. Two property numbers that
    differ are two houses.
    """
    parent = list(range(len(homes)))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    words = [_words(home) for home in homes]
    for one, other in sorted(_pairs(homes)):
        if root(one) != root(other) and _is_same(homes[one], homes[other], words[one], words[other]):
            first, second = sorted((root(one), root(other)))
            parent[second] = first
    groups: dict[int, list[Listed]] = {}
    for index, home in enumerate(homes):
        groups.setdefault(root(index), []).append(home)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _pairs(homes: Sequence[Listed]) -> set[tuple[int, int]]:
    """Return the pairs that can be one house: of the same property number, or near to each other."""
    by_uprn: dict[str, list[int]] = {}
    for index, home in enumerate(homes):
        if home.row.uprn:
            by_uprn.setdefault(_figures(home.row.uprn), []).append(index)
    found = {pair for group in by_uprn.values() for pair in combinations(group, 2)}
    placed = [index for index, home in enumerate(homes) if home.place is not None]
    points = [shapely.Point(place.x_m, place.y_m) for index in placed if (place := homes[index].place)]
    if not points:
        return found
    left, right = shapely.STRtree(points).query(points, predicate="dwithin", distance=NEARBY_M)
    found |= {(placed[one], placed[other]) for one, other in zip(left, right, strict=True) if one < other}
    return found


def _is_same(one: Listed, other: Listed, words: list[str], others: list[str]) -> bool:
    if one.row.uprn and other.row.uprn:
        return _figures(one.row.uprn) == _figures(other.row.uprn)
    if one.place is None or other.place is None or one.place.system != other.place.system:
        return False
    if one.row.address and other.row.address:
        return _same_address(words, others)
    if _is_exact(one.row) and _is_exact(other.row):
        apart_m = float(np.hypot(one.place.x_m - other.place.x_m, one.place.y_m - other.place.y_m))
        return apart_m <= SAME_PLACE_M
    known = (one.row.bedrooms, one.row.price_gbp)
    alike = None not in known and known == (other.row.bedrooms, other.row.price_gbp)
    return alike and one.place.postcode is not None and one.place.postcode == other.place.postcode


def _same_address(words: list[str], others: list[str]) -> bool:
    if [word for word in words if word[0].isdecimal()] != [word for word in others if word[0].isdecimal()]:
        return False
    # The house's own words come first; what follows is town and county, which one agent writes and another leaves out.
    short = min(len(words), len(others), _OWN_WORDS)
    return (
        token_set_ratio(" ".join(words[:short]), " ".join(others[:short])) >= ALIKE
        and token_set_ratio(" ".join(words), " ".join(others)) >= ALIKE
    )


_OWN_WORDS = 3


def _words(home: Listed) -> list[str]:
    """Return an address's words as every agent would write them, without the postcode."""
    text = (home.row.address or "").casefold()
    if home.row.postcode:
        text = re.sub(r"\s*".join(map(re.escape, re.sub(r"\s", "", home.row.postcode.casefold()))), " ", text)
    text = re.sub(r"\([^)]*\)", " ", re.sub("['\u2019]", "", text))
    return [_SHORT.get(word, word) for word in re.findall(r"[^\W_]+", text) if word not in {"the", "a", "at"}]


def _is_exact(row: HomeRow) -> bool:
    return row.easting is not None or row.latitude is not None


def _figures(uprn: str) -> str:
    return re.sub(r"\D", "", uprn).lstrip("0")
