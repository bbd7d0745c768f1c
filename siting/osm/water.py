"""Water that nobody drives a private way across: coasts, rivers, canals and lakes, as lines.

Source of the tags: OpenStreetMap's wiki, natural=coastline, Key:waterway, natural=water. A shore is
a line as good as an area here: whoever crosses water crosses its shore.
"""

from collections.abc import Mapping

KEYS = ("natural", "waterway", "landuse")
_ALWAYS = {("natural", "coastline"), ("waterway", "river"), ("waterway", "canal"), ("waterway", "riverbank")}
_LAKES = {("natural", "water"), ("landuse", "reservoir"), ("waterway", "dock")}
KINDS = _ALWAYS | _LAKES
_SMALL_WATER = {"pond", "basin", "wastewater", "pool", "fountain", "moat", "ditch", "stream_pool"}


def is_water(tags: Mapping[str, str]) -> bool:
    """Tell whether a way is water, or its shore, that is in the way; a garden's pond is not, nor a river in a pipe."""
    if tags.get("tunnel", "no") != "no" or tags.get("water") in _SMALL_WATER or tags.get("intermittent") == "yes":
        return False
    return not KINDS.isdisjoint(tags.items())
