"""Water that nobody drives a private way across: coasts, rivers, canals and lakes, as lines.

Source of the tags: OpenStreetMap's wiki, natural=coastline, Key:waterway, natural=water. A shore is
a line as good as an area here: whoever crosses water crosses its shore.
"""

from collections.abc import Mapping
from pathlib import Path

import osmium

KEYS = ("natural", "waterway", "landuse")
_ALWAYS = {("natural", "coastline"), ("waterway", "river"), ("waterway", "canal"), ("waterway", "riverbank")}
_LAKES = {("natural", "water"), ("landuse", "reservoir"), ("waterway", "dock")}
_WATER = _ALWAYS | _LAKES
_SMALL_WATER = {"pond", "basin", "wastewater", "pool", "fountain", "moat", "ditch", "stream_pool"}


def is_water(tags: Mapping[str, str]) -> bool:
    """Tell whether a way is water, or its shore, that is in the way; a garden's pond is not, nor a river in a pipe."""
    if tags.get("tunnel", "no") != "no" or tags.get("water") in _SMALL_WATER or tags.get("intermittent") == "yes":
        return False
    return not _WATER.isdisjoint(tags.items())


def shores(path: Path) -> tuple[int, ...]:
    """Return the ways that are shores of waters drawn as relations."""
    relations = osmium.FileProcessor(str(path), osmium.osm.RELATION)
    relations.with_filter(osmium.filter.TagFilter(*sorted(_WATER)))
    found: set[int] = set()
    for relation in relations:
        if isinstance(relation, osmium.osm.Relation) and relation.visible and is_water({tag.k: tag.v for tag in relation.tags}):
            found |= {member.ref for member in relation.members if member.type == "w"}
    return tuple(sorted(found))
