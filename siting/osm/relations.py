"""The relations of an extract that matter to a car: the shores of waters, and turn restrictions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import osmium

from siting.osm.any_form import Source, deleted_in_editor
from siting.osm.tags import CAR_KEYS
from siting.osm.water import KINDS, is_water

RESTRICTION_TYPES = ("restriction", *(f"restriction:{vehicle}" for vehicle in CAR_KEYS[:-1]))


class Relation(NamedTuple):
    """A turn restriction: its tags, and its members of each role, as their kind (`n`, `w`, `r`) and number."""

    tags: Mapping[str, str]
    members: Mapping[str, Sequence[tuple[str, int]]]


class Relations(NamedTuple):
    """The ways that are shores of waters drawn as relations, in rising order, and turn restrictions."""

    shores: tuple[int, ...]
    restrictions: Sequence[Relation]


def read_relations(source: Source) -> Relations:
    """Read the relations of a file, or of a part of one in memory."""
    deleted = deleted_in_editor(source) if isinstance(source, Path) else set()
    wanted = (*sorted(KINDS), *(("type", kind) for kind in RESTRICTION_TYPES))
    shores: set[int] = set()
    restrictions: list[Relation] = []
    opened = str(source) if isinstance(source, Path) else source
    for relation in osmium.FileProcessor(opened, osmium.osm.RELATION).with_filter(osmium.filter.TagFilter(*wanted)):
        if not isinstance(relation, osmium.osm.Relation) or not relation.visible or ("relation", relation.id) in deleted:
            continue
        tags = {tag.k: tag.v for tag in relation.tags}
        if is_water(tags):
            shores |= {member.ref for member in relation.members if member.type == "w"}
        if tags.get("type") in RESTRICTION_TYPES:
            members: dict[str, list[tuple[str, int]]] = {}
            for member in relation.members:
                members.setdefault(member.role.strip().casefold(), []).append((member.type, member.ref))
            restrictions.append(Relation(tags, members))
    return Relations(tuple(sorted(shores)), restrictions)
