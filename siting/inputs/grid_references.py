"""Ordnance Survey grid references, such as SK 860 088, to metres on the National Grid; and what only looks like a place.

The lettering is Ordnance Survey's: two letters name a square of 100 km, the first in squares of
500 km from 1000 km west and 500 km south of the grid's origin, both along an alphabet without I.
"""

import re

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_SQUARE_M = 100_000
_LETTERED = re.compile(r"([A-HJ-Z]{2})([0-9]*)")
_FIGURES = re.compile(r"([0-9]{6}(?:\.[0-9]+)?)[ ,;/]+([0-9]{6,7}(?:\.[0-9]+)?)")
_PLUS_CODE = re.compile(r"[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4}\b.*", re.IGNORECASE)
_THREE_WORDS = re.compile(r"(///\s*)?[^\W\d_]{3,}\.[^\W\d_]{3,}\.[^\W\d_]{3,}")
_MOST_FIGURES = 10
_LEAST_FIGURES = 6


def read_grid_reference(text: str) -> tuple[float, float, float] | None:
    """Return easting and northing of the middle of the square that a grid reference names, and the square's width, in metres.

    Six, eight or ten figures after the letters, with or without spaces, or easting and northing in
    full; of ten figures, which name a metre, the corner as given. None where it is no grid reference.

    Raises
    ------
    ValueError
        Where it is one and names no place: too few figures, an odd number, or no square of Great Britain.
    """
    full = _FIGURES.fullmatch(text.strip())
    if full is not None:
        return float(full[1]), float(full[2]), 0.0
    found = _LETTERED.fullmatch(re.sub(r"[\s,.]", "", text.upper()))
    if found is None:
        return None
    letters, figures = found[1], found[2]
    if not _LEAST_FIGURES <= len(figures) <= _MOST_FIGURES or len(figures) % 2:
        msg = f"a grid reference needs six, eight or ten figures after its letters, and this has {len(figures)}"
        raise ValueError(msg)
    east, north = _square(letters)
    half = len(figures) // 2
    width_m = 10.0 ** (_MOST_FIGURES // 2 - half)
    middle_m = width_m / 2 if width_m > 1 else 0.0
    return east + int(figures[:half]) * width_m + middle_m, north + int(figures[half:]) * width_m + middle_m, width_m


def _square(letters: str) -> tuple[int, int]:
    first, second = (_LETTERS.index(letter) for letter in letters)
    east = (first % 5 - 2) * 5 + second % 5
    north = (3 - first // 5) * 5 + 4 - second // 5
    if not (0 <= east < 7 and 0 <= north < 13):  # noqa: PLR2004 - the grid's width and height in squares
        msg = f"no square of the National Grid is called {letters}"
        raise ValueError(msg)
    return east * _SQUARE_M, north * _SQUARE_M


def other_notation(text: str) -> tuple[str, str] | None:
    """Say of a plus code or three words what they are and what to give instead; None for anything else."""
    if _PLUS_CODE.fullmatch(text.strip()):
        return (
            "this is a plus code, which the planner does not read",
            "Give the postcode, a grid reference or latitude and longitude",
        )
    if _THREE_WORDS.fullmatch(text.strip()):
        return (
            "this is a what3words address, which can only be looked up by sending it to a web service",
            "Give the postcode, a grid reference or latitude and longitude",
        )
    return None
