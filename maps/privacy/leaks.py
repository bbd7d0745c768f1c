"""A search through a finished page for what its audience must not find; a page that fails is not written.

The page is searched as it stands and decoded: character references, escapes of JSON and addresses,
base64 and compressed blobs in it, and every packed place and line.
"""

import base64
import binascii
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import numpy as np

from maps.ground.packing import SCALE
from siting.crs import to_degrees
from siting.faults import SitingError
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.postcodes import tidy_postcode
from siting.place import NATIONAL_GRID, Place
from siting.words import Audience

_BLOB = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}")
_NUMBER = re.compile(r"-?\d+\.\d+")
_METRES = re.compile(r"(?<!\d)\d{5,7}(?!\d)")
_NEAR = 0.0005
"""Half of three decimals of a degree, about fifty metres: a place that is shown so exactly is given away."""

_GEOGRAPHY = ("background", "areas", "authorities", "routes")
"""Layers that are the same whoever the children are; a road or an edge may pass any house by chance."""
_SHORT = 4
"""Words up to this long, such as C12, are also names of roads: they are looked for among the values only."""


class LeakError(SitingError):
    """A page would give away what its audience must not see; it was not written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What must not be in a page.

    `words` are postcodes, references, property numbers and addresses; `places` latitudes and
    longitudes in degrees, and eastings and northings in metres.
    """

    words: frozenset[str]
    degrees: tuple[tuple[float, float], ...]
    metres: tuple[tuple[float, float], ...]


def secrets_of(inputs: PlanInputs, audience: Audience, *, told_home: str | None = None) -> Secrets:
    """Gather what an audience must not find: families for partners; homes too for the public.

    `told_home` is the home whose neighbours are being told: the area round it may be drawn, its
    address and name may not stand there.
    """
    if audience is Audience.INTERNAL:
        return Secrets(words=frozenset(), degrees=(), metres=())
    words: set[str] = set()
    places: list[Place] = []
    for child in inputs.children:
        words |= {child.row.child_ref, *_named(child.row.postcode, child.row.uprn, tidy_postcode(child.row.placement or ""))}
        places += [child.place] if child.place else []
    for exclusion in inputs.exclusions:
        words |= set(_named(exclusion.row.postcode, exclusion.row.uprn))
        places.append(exclusion.place)
    if audience is Audience.PUBLIC:
        for home in inputs.homes:
            words |= {home.row.home_id, *_named(home.row.postcode, home.row.uprn, home.row.address, home.row.link)}
            if home.row.home_id != told_home:
                places.append(home.place)
    # What the audience may see is in nobody's secret, even where a family lives beside it.
    shown = [school.place for school in inputs.schools]
    if audience is Audience.PARTNER:
        shown += [home.place for home in inputs.homes]
        for home in inputs.homes:
            words -= set(_named(home.row.postcode, home.row.uprn))
    for place in shown:
        words -= set(_named(place.postcode))
    open_places = np.array([_degrees(place) for place in shown])
    hidden = [(place, _degrees(place)) for place in places]
    hidden = [(place, at) for place, at in hidden if not (np.abs(open_places - np.array(at)) < _NEAR).all(axis=1).any()]
    grid = [place.within(NATIONAL_GRID) for place, _ in hidden]
    return Secrets(
        words=frozenset(word for word in words if len(word) > 1),
        degrees=tuple(at for _, at in hidden),
        metres=tuple((place.x_m, place.y_m) for place in grid),
    )


def _degrees(place: Place) -> tuple[float, float]:
    (lon,), (lat,) = to_degrees(place.x_m, place.y_m, place.system)
    return float(lat), float(lon)


def refuse_leaks(page: str, secrets: Secrets) -> None:
    """Search a page.

    Raises
    ------
    LeakError
        Saying what kind of thing was found, not the thing itself.
    """
    for text in _decoded(page) if secrets.words or secrets.degrees else ():
        plain = _squeezed(text)
        for word in secrets.words:
            if len(word) > _SHORT and _squeezed(word) in plain:
                raise LeakError(_refusal(_kind(word)))
        if _holds_numbers(text, secrets):
            raise LeakError(_refusal("place's coordinates"))
    found = re.search(r'id="plan-data">(.*?)</script>', page, re.DOTALL)
    values = json.loads(found[1]) if found else {"corner": (0.0, 0.0)}
    private = {key: value for key, value in values.items() if key not in _GEOGRAPHY}
    for text in _texts(private):
        for word in secrets.words:
            if len(word) <= _SHORT and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                raise LeakError(_refusal(_kind(word)))
    for place in _packed_places(private, values["corner"]):
        if any(abs(place[0] - lat) < _NEAR and abs(place[1] - lon) < _NEAR for lat, lon in secrets.degrees):
            raise LeakError(_refusal("place, or something drawn where it is"))


def _refusal(what: str) -> str:
    return f"The map was not written: it would hold a private {what}. This is a fault of the program; please report it."


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_+]+", "", text).casefold()


def _texts(value: object) -> Iterator[str]:
    """Yield every text among values, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _named(*texts: str | None) -> Iterator[str]:
    for text in texts:
        if text:
            yield text


def _kind(word: str) -> str:
    return "number" if word.isdigit() else "word, such as a postcode, an address or a reference"


def _holds_numbers(text: str, secrets: Secrets) -> bool:
    """Find coordinates written out: both of a place's figures to three decimals, or to the metre."""
    written = {round(float(number), 3) for number in set(_NUMBER.findall(text))}
    if any(round(lat, 3) in written and round(lon, 3) in written for lat, lon in secrets.degrees):
        return True
    metres = set(_METRES.findall(text))
    return any(f"{x:.0f}" in metres and f"{y:.0f}" in metres for x, y in secrets.metres)


def _decoded(page: str) -> Iterator[str]:
    """Yield the page and everything that decodes out of it."""
    unescaped = html.unescape(page)
    spoken = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), unescaped)
    # Each way of writing is searched once.
    yield from {page, unescaped, unquote(unescaped), spoken}
    for blob in _BLOB.findall(page):
        try:
            content = base64.b64decode(blob + "=" * (-len(blob) % 4))
        except (binascii.Error, ValueError):
            continue
        yield content.decode("latin-1")
        for mode in (zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
            try:
                yield zlib.decompress(content, mode).decode("latin-1")
            except zlib.error:
                continue


def _packed_places(value: object, corner: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Yield every packed place of the values, the middle and the ends of each line's extent among them."""
    for numbers in _packed_lines(value):
        points = np.cumsum(np.array(numbers, dtype=np.float64).reshape(-1, 2), axis=0) / SCALE + np.array(corner)
        for lat, lon in (*points.tolist(), ((points.min(axis=0) + points.max(axis=0)) / 2).tolist()):
            yield float(lat), float(lon)


def _packed_lines(value: object) -> Iterator[list[int]]:
    items: Iterable[Any]
    if isinstance(value, Mapping):
        items = value.values()
    elif isinstance(value, list):
        if len(value) >= 2 and len(value) % 2 == 0 and all(type(item) is int for item in value):  # noqa: PLR2004 - a pair
            yield value
            return
        items = value
    else:
        return
    for item in items:
        yield from _packed_lines(item)
