"""Whether a family car fits: limits of width, height, length and weight, in metric and British units.

Source: OpenStreetMap's wiki, Key:maxwidth, Key:maxheight, Key:maxweight. A bare number is metres or
tonnes. Words such as `default` or `unsigned` give no figure and forbid nothing.
"""

import re
from collections.abc import Mapping

CAR_SIZES: Mapping[str, float] = {
    "weight": 2.0, "weightrating": 2.5, "axleload": 1.2, "height": 1.8, "length": 4.8, "width": 1.9, "axles": 2.0, "wheels": 4.0,
    "seats": 5.0,
}  # fmt: skip
"""A family car with people in it, in tonnes and metres (own assumption; its width as OSRM's car has it, so that a
restriction to six feet six inches lets it through): what is forbidden to lorries is not forbidden to it."""

_SIZE_OF_KEY = {
    "maxwidth": "width", "maxwidth:physical": "width", "width": "width", "est_width": "width",
    "maxheight": "height", "maxheight:physical": "height", "maxlength": "length",
    "maxweight": "weight", "maxweightrating": "weightrating",
}  # fmt: skip
SIZE_KEYS = tuple(_SIZE_OF_KEY)
"""The keys that limit a car's size, or say how wide a way is."""

_METRES_PER_FOOT = 0.3048
_METRES_PER_INCH = 0.0254
_TO_METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "cm": 0.01}
_TO_TONNES = {"": 1.0, "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "kg": 0.001, "cwt": 0.0508, "lt": 1.016, "lbs": 0.000454}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")
_FEET = re.compile(r"(\d+(?:\.\d+)?)\s*(?:'|ft|feet|foot)(?:\s*-?\s*(\d+(?:\.\d+)?)\s*(?:\"|''|in|inches)?)?")


def car_fits(tags: Mapping[str, str]) -> bool:
    """Tell whether no limit of size that is understood keeps a family car out."""
    return all(_limit(tags[key], size) >= CAR_SIZES[size] for key, size in _SIZE_OF_KEY.items() if key in tags)


def has_room_for_a_car(tags: Mapping[str, str]) -> bool:
    """Tell whether a barrier says how wide it is, and a family car fits: posts that keep out what is wider."""
    stated = [_limit(tags[key], "width") for key in ("maxwidth", "maxwidth:physical") if key in tags]
    return any(width != _NO_LIMIT for width in stated) and car_fits(tags)


_NO_LIMIT = float("inf")


def _limit(text: str, size: str) -> float:
    """Return metres or tonnes; endless where the text holds no figure."""
    text = text.strip().casefold().replace("\u2019", "'").replace("\u201d", '"').replace(",", ".")
    feet = _FEET.fullmatch(text)
    if feet and size in {"width", "height", "length"}:
        return float(feet[1]) * _METRES_PER_FOOT + float(feet[2] or 0) * _METRES_PER_INCH
    number = _NUMBER.fullmatch(text)
    units = _TO_TONNES if size in {"weight", "weightrating"} else _TO_METRES
    # Nought is nobody's width: a slip of the pen.
    if number and number[2] in units and float(number[1]) > 0:
        return float(number[1]) * units[number[2]]
    return _NO_LIMIT
