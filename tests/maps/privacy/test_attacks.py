"""What partners and the public are given is the same whoever the children are, wherever the unchosen homes lie.

Attacks known from the field read an order, an extent, a shape shrunk, the difference of two exports, a
packed corner. All of them fail where the files are the same to the byte for plans that differ in
nothing but what is to be guessed: then nothing can do better than chance. One family lives in
Cornwall, so that whatever families move, order or widen is seen.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maps.figure import evaluation_figure
from maps.files import map_html
from maps.layers import MapDrawer
from maps.privacy.subject import MapSubject
from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan_inputs import PlanInputs
from siting.place import NATIONAL_GRID, Place
from siting.words import Audience

MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)
TRURO = Place(x_m=182_500.0, y_m=44_800.0, system=NATIONAL_GRID, postcode="TR1 2HE")
OTHERS = (Audience.PARTNER, Audience.PUBLIC)


def judged(inputs: PlanInputs, subject: MapSubject) -> MapSubject:
    """Return the same subject for other inputs, judged anew; what was chosen stays."""
    return replace(subject, inputs=inputs, evaluation=evaluate_inputs(inputs, subject.evaluation.network))


@pytest.fixture(scope="module")
def known_pictures(subject: MapSubject) -> dict[Audience, bytes]:
    return {audience: evaluation_figure(subject, audience, made=MADE) for audience in OTHERS}


@pytest.fixture(scope="module")
def other_families(subject: MapSubject) -> MapDrawer:
    """The plan with its first child's family in Cornwall, the other families turned round, and one child fewer."""
    children = subject.inputs.children
    places = [TRURO, *(child.place for child in reversed(children[:-1]))]
    moved = tuple(replace(child, place=place) for child, place in zip(children[:-1], places, strict=False))
    return MapDrawer(judged(replace(subject.inputs, children=moved, exclusions=()), subject))


@pytest.fixture(scope="module")
def other_candidates(subject: MapSubject) -> MapDrawer:
    """The plan without half of the homes that partners are not shown; those left lie a mile away and cost another price."""
    shown = {"H01", "H04", "H06"}
    kept = [home for n, home in enumerate(subject.inputs.homes) if home.row.home_id in shown or n % 2]
    moved = tuple(
        home if home.row.home_id in shown else replace(home, place=replace(home.place, x_m=home.place.x_m + 1_609, postcode=None))
        for home in kept
    )
    return MapDrawer(judged(replace(subject.inputs, homes=moved), subject))


@pytest.mark.slow
@pytest.mark.parametrize("audience", OTHERS)
def test_no_page_or_picture_tells_where_families_live(
    audience: Audience,
    drawer: MapDrawer,
    other_families: MapDrawer,
    pages: dict[Audience, Path],
    known_pictures: dict[Audience, bytes],
) -> None:
    ranked = [list(one.subject.evaluation.homes["home_id"]) for one in (drawer, other_families)]
    assert ranked[0] != ranked[1], "the data cannot fail this test: no order is moved by families"
    assert map_html(other_families, audience, MADE).encode() == pages[audience].read_bytes()
    assert evaluation_figure(other_families.subject, audience, made=MADE) == known_pictures[audience]


@pytest.mark.slow
def test_the_same_test_fails_on_the_internal_map(drawer: MapDrawer, other_families: MapDrawer) -> None:
    one, other = (each.sight(Audience.INTERNAL) for each in (drawer, other_families))
    assert one.region != other.region
    assert [home.home_id for home in one.homes] != [home.home_id for home in other.homes]  # type: ignore[union-attr]
    assert drawer.packer.corner == other_families.packer.corner


@pytest.mark.slow
@pytest.mark.parametrize("audience", OTHERS)
def test_no_page_or_picture_tells_of_homes_that_were_not_chosen(
    audience: Audience, other_candidates: MapDrawer, pages: dict[Audience, Path], known_pictures: dict[Audience, bytes]
) -> None:
    assert map_html(other_candidates, audience, MADE).encode() == pages[audience].read_bytes()
    assert evaluation_figure(other_candidates.subject, audience, made=MADE) == known_pictures[audience]


@pytest.mark.slow
def test_the_publics_page_tells_of_no_home_at_all(subject: MapSubject, pages: dict[Audience, Path]) -> None:
    fewer = judged(replace(subject.inputs, homes=subject.inputs.homes[2:3]), subject)
    page = map_html(MapDrawer(replace(fewer, chosen=None)), Audience.PUBLIC, MADE)
    assert page.encode() == pages[Audience.PUBLIC].read_bytes()
