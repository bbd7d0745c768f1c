"""What is wrong with a postcode beside coordinates or a property number: the place is not taken from it, but miles are."""

import numpy as np

from siting.postcodes import Postcode, tidy_postcode
from siting.words import METRES_PER_MILE

FAR_FROM_POSTCODE_M = 5_000.0
"""A place so far from its postcode's position is surely not of it (own choice: few postcodes cover as much ground)."""
_TIMES_ITS_ROUGHNESS = 3.0


def wrong_beside(text: str, found: Postcode | None, easting_m: float, northing_m: float) -> tuple[str, str] | None:
    """Say what is wrong with a postcode beside a place (EPSG:27700; NaN where that is not known), and what to do.

    The place of a home or a family stands only in brackets at the end.
    """
    tidy = tidy_postcode(text)
    correct = "The place is taken from the row's other columns; correct it, since miles are measured between postcodes"
    if tidy is None:
        return f"this has not the form of a full postcode ({text[:20]})", correct
    if found is None:
        return f"this postcode does not exist ({tidy})", correct
    if not found.has_position:
        return None
    distance_m = float(np.hypot(found.easting_m - easting_m, found.northing_m - northing_m))
    rough_m = found.roughness_m if np.isfinite(found.roughness_m) else 0.0
    if distance_m > max(FAR_FROM_POSTCODE_M, _TIMES_ITS_ROUGHNESS * rough_m):
        return (
            f"the place in the row's other columns lies {distance_m / METRES_PER_MILE:,.0f} miles from this postcode ({tidy})",
            "Correct one of them: minutes are counted from the place, and miles from the postcode",
        )
    return None
