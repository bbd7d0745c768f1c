"""Whether a home stands in England, in Wales or in Scotland, by its postcode: its papers, regulator and bank holidays follow."""

import itertools
from typing import Final

import numpy as np

from siting.crs import MetricSystem
from siting.inputs.plan_inputs import Home
from siting.inputs.plan_parts import Engagement
from siting.inputs.postcodes import outward_part, postcodes_within
from siting.words import BNG

WELSH_AREAS: Final = frozenset({"CF", "LD", "LL", "NP", "SA"})
"""Postcode areas in Wales but for the districts across the border below (Royal Mail's areas, read off a map by ourselves)."""
WELSH_DISTRICTS: Final = frozenset({"CH5", "CH6", "CH7", "CH8", "SY16", "SY17", "SY18", "SY19", "SY20", "SY23", "SY24", "SY25"})
"""Districts in Wales of areas that are otherwise English."""
ACROSS_THE_BORDER: Final = frozenset(
    {"CH4", "HR3", "HR5", "LD7", "LD8", "LL13", "LL14", "NP16", "NP25", "SY10", "SY15", "SY21", "SY22"}
)
"""Districts with homes in both: which, a postcode alone does not tell."""
SCOTTISH_AREAS: Final = frozenset({"AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "TD", "ZE"})
"""Postcode areas in Scotland but for the districts of TD below (Royal Mail's areas, read off a map by ourselves)."""
ACROSS_THE_TWEED: Final = frozenset({"TD5", "TD8", "TD9", "TD12", "TD15"})
"""Districts with homes in England and in Scotland, or in England alone."""
_NEAR_M: Final = 3_000.0


def with_nation(engagement: Engagement, home: Home) -> tuple[Engagement, str]:
    """Return a plan's engagement with the nation of a home, and what is to be said where the plan does not say which.

    What the plan says holds; else a home with a Welsh postcode is in Wales, and one with a Scottish postcode in Scotland.
    """
    if "nation" in engagement.model_fields_set:
        return engagement, ""
    postcode = home.place.postcode or _nearest_postcode(home)
    district = outward_part(postcode) if postcode else ""
    area = "".join(itertools.takewhile(str.isalpha, district))
    remedy = f'write nation = "{"Scotland" if area in SCOTTISH_AREAS else "Wales"}" or "England" under [engagement]'
    if not postcode:
        return engagement, "no postcode is near it, and England is taken: write its nation under [engagement]"
    for districts, other in ((ACROSS_THE_BORDER, "Wales"), (ACROSS_THE_TWEED, "Scotland")):
        if district in districts:
            return engagement, f"postcodes of {district} are in England and in {other}, and England is taken: {remedy}"
    if district in WELSH_DISTRICTS or area in WELSH_AREAS:
        said = f"it is in Wales by its postcode ({district}), so what the public gets is in Welsh and English"
        return engagement.model_copy(update={"nation": "Wales"}), f"{said}: {remedy} to be sure of it"
    if area in SCOTTISH_AREAS:
        said = f"it is in Scotland by its postcode ({district}), so its regulator and bank holidays are Scotland's"
        return engagement.model_copy(update={"nation": "Scotland"}), f"{said}: {remedy} to be sure of it"
    return engagement, ""


def _nearest_postcode(home: Home) -> str:
    """Return the postcode nearest to a home, or nothing where none is within three kilometres."""
    place = home.place.within(MetricSystem(BNG))
    if not np.isfinite([place.x_m, place.y_m]).all():
        return ""
    names, position = postcodes_within(place.x_m - _NEAR_M, place.y_m - _NEAR_M, place.x_m + _NEAR_M, place.y_m + _NEAR_M)
    return str(names[np.argmin(np.hypot(*(position - [place.x_m, place.y_m]).T))]) if len(names) else ""
