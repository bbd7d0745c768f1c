"""Who sees what is one table, and what it does not allow is not there."""

import json
import re
from pathlib import Path

import pytest

from maps.privacy.audience import MAY_SEE, Layer, may_see, only_seen
from maps.subject import MapSubject
from siting.crs import to_degrees
from siting.sentences import count_band
from siting.words import Audience


def values_of(page: Path) -> dict[str, object]:
    found = re.search(r'id="plan-data">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_every_layer_says_who_sees_it() -> None:
    assert set(MAY_SEE) == set(Layer)
    for layer in (Layer.FAMILIES, Layer.MINUTES, Layer.EXCLUSIONS):
        assert [a for a in Audience if may_see(layer, a)] == [Audience.INTERNAL]
    assert not may_see(Layer.HOMES, Audience.PUBLIC)


def test_columns_that_are_not_allowed_are_dropped() -> None:
    seen = only_seen(Layer.HOMES, Audience.PARTNER, [{"home_id": "H1", "price_gbp": 1, "note": "x", "median_family_min": 3}])
    assert seen == [{"home_id": "H1"}]
    assert only_seen(Layer.FAMILIES, Audience.PARTNER, [{"child_ref": "C1"}]) == []


@pytest.mark.parametrize(
    ("count", "words"), [(0, "none"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "about 5"), (13, "about 15")]
)
def test_counts_are_given_in_bands(count: int, words: str) -> None:
    assert count_band(count) == words


def test_each_page_holds_only_its_layers(pages: dict[Audience, Path]) -> None:
    internal, partner, public = (values_of(pages[audience]) for audience in Audience)
    assert len(internal["homes"]) == 15
    assert len(internal["families"]) == 20
    assert len(partner["homes"]) == 15
    assert (partner["families"], partner["minutes"], partner["exclusions"]) == ([], [], [])
    assert "allocation" not in partner["portfolio"]
    assert (public["homes"], public["families"], public["routes"], public["portfolio"]) == ([], [], {}, None)
    assert public["areas"]


@pytest.mark.parametrize("audience", [Audience.PARTNER, Audience.PUBLIC])
def test_no_family_is_in_a_page_that_is_passed_on(audience: Audience, pages: dict[Audience, Path], subject: MapSubject) -> None:
    text = pages[audience].read_text(encoding="utf-8")
    squeezed = re.sub(r"\s", "", text)
    written = {round(float(number), 3) for number in set(re.findall(r"-?\d+\.\d+", text))}
    for child in subject.inputs.children:
        assert child.place.postcode is not None
        assert child.place.postcode.replace(" ", "") not in squeezed
        (lon,), (lat,) = to_degrees(child.place.x_m, child.place.y_m, child.place.system)
        assert not (round(float(lat), 3) in written and round(float(lon), 3) in written)
        assert f"{child.place.x_m:.0f}" not in text
    if audience is Audience.PUBLIC:
        for home in subject.inputs.homes:
            assert home.row.home_id not in text
            assert str(home.row.uprn) not in text


@pytest.mark.parametrize("audience", [Audience.PARTNER, Audience.PUBLIC])
def test_what_is_in_view_is_not_moved_by_families(audience: Audience, subject: MapSubject) -> None:
    from dataclasses import replace

    from maps.layers import MapDrawer

    fewer = replace(subject, inputs=replace(subject.inputs, children=subject.inputs.children[:3]))
    one, other = (MapDrawer(s).values(audience, made="today") for s in (subject, fewer))
    assert one["bounds"] == other["bounds"]
    assert one["background"] == other["background"]
    assert one["corner"] == other["corner"]
