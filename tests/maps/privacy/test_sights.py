"""What an audience may not see has no place in its type, nor in the page that is made of it."""

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from maps.layers import MapDrawer
from maps.privacy.sights import InternalSight, PartnerHome, PartnerSight, PublicSight, natural, sight_of
from maps.privacy.subject import MapSubject
from siting.place import NATIONAL_GRID, Place
from siting.words import Audience

SECRET_WORDS = (
    "famil", "child", "rank", "median", "worst", "placement", "exclu", "zone", "alloc", "price", "uprn", "postcode", "link",
)  # fmt: skip


def values_of(page: Path) -> dict[str, object]:
    html = page.read_text(encoding="utf-8")
    found = re.search(r'id="plan-data">(.*?)</script>', html, re.DOTALL)
    assert found
    later = re.findall(r'data-part="(\w+)">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1]) | {key: json.loads(inside) for key, inside in later}


@pytest.mark.parametrize("kind", [PublicSight, PartnerSight, PartnerHome])
def test_no_field_speaks_of_families(kind: type) -> None:
    names = [part.name for part in fields(kind)]
    assert not [name for name in names if any(word in name for word in SECRET_WORDS)]
    assert "homes" not in [part.name for part in fields(PublicSight)]


def test_a_council_s_children_are_counted_however_it_is_spelt(subject: MapSubject, redrawn: Callable[..., MapDrawer]) -> None:
    def children(drawer: MapDrawer) -> dict[str, int]:
        return {one["name"]: one["children"] for one in drawer.values(Audience.INTERNAL, made="")["authorities"]}

    own = redrawn()
    spelt = [
        replace(c, row=c.row.model_copy(update={"authority": f"{c.row.authority} COUNCIL"})) for c in subject.inputs.children
    ]
    other = redrawn(inputs=replace(subject.inputs, children=tuple(spelt)))
    assert children(other) == children(own)
    assert sum(children(own).values()) == len(subject.inputs.children)


def test_each_page_holds_only_what_its_audience_sees(pages: dict[Audience, Path], subject: MapSubject) -> None:
    internal, partner, public = (values_of(pages[audience]) for audience in Audience)
    assert len(internal["homes"]) == 15
    assert len(internal["families"]) == 20
    assert [home["home_id"] for home in partner["homes"]] == ["H01", "H04", "H06"]
    assert set(partner) - set(public) == {"homes", "columns", "routes"}
    assert set(partner["routes"]) == {"H01", "H04", "H06"}
    assert not [key for key in partner["homes"][0] if any(word in key for word in SECRET_WORDS)]
    assert {tuple(sorted(one)) for one in [*partner["authorities"], *public["authorities"]]} == {("name", "rings")}
    assert public["areas"]
    assert isinstance(sight_of(subject, Audience.INTERNAL), InternalSight)


def test_homes_that_stand_are_shown_to_partners_and_candidates_only_when_chosen(subject: MapSubject) -> None:
    nothing_chosen = sight_of(replace(subject, chosen=None), Audience.PARTNER)
    assert isinstance(nothing_chosen, PartnerSight)
    standing = {home.row.home_id for home in subject.inputs.homes if home.row.status.value != "candidate"}
    assert {home.home_id for home in nothing_chosen.homes} == standing
    assert {home.row.status.value for home in subject.inputs.homes} == {"candidate", "bought", "open"}, "the data can fail this"


def test_a_family_in_cornwall_moves_nothing_that_others_see(subject: MapSubject) -> None:
    first, *rest = subject.inputs.children
    truro = Place(x_m=182_500.0, y_m=44_800.0, system=NATIONAL_GRID, postcode="TR1 2HE")
    moved = replace(subject, inputs=replace(subject.inputs, children=(replace(first, place=truro), *rest)))
    for audience in (Audience.PARTNER, Audience.PUBLIC):
        before, after = (sight_of(one, audience) for one in (subject, moved))
        assert (after.view, after.region) == (before.view, before.region)
    assert sight_of(moved, Audience.INTERNAL).region != sight_of(subject, Audience.INTERNAL).region, "the data can fail this"


def test_names_sort_as_people_sort_them() -> None:
    assert sorted(["H10", "H2", "h1", "Oakham", "10", "9"], key=natural) == ["9", "10", "h1", "H2", "H10", "Oakham"]
