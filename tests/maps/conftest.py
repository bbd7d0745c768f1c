"""The sample's maps."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maps.files import map_html
from maps.ground.background import open_background
from maps.layers import MapDrawer
from maps.privacy.subject import MapSubject
from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.words import Audience

MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def sample_inputs() -> PlanInputs:
    return read_inputs(Plan.read(bundled_data() / "chilterns" / "plan.toml"))


@pytest.fixture(scope="session")
def subject(sample_inputs: PlanInputs) -> MapSubject:
    source = bundled_data() / "chilterns" / "chilterns.osm.pbf"
    network = open_network(source)
    evaluation = evaluate_inputs(sample_inputs, network)
    return MapSubject(
        inputs=sample_inputs,
        evaluation=evaluation,
        background=open_background(source, network),
        chosen=("H01", "H04", "H06"),
        allocation={"C01": "H01"},
    )


@pytest.fixture(scope="session")
def drawer(subject: MapSubject) -> MapDrawer:
    """Draws the sample's maps for all tests: the ground and its minutes, which take longest, are packed once."""
    return MapDrawer(subject)


@pytest.fixture(scope="session")
def pages(drawer: MapDrawer, tmp_path_factory: pytest.TempPathFactory) -> dict[Audience, Path]:
    folder = tmp_path_factory.mktemp("maps")
    made = {}
    for audience in Audience:
        made[audience] = folder / f"{audience.value}.html"
        made[audience].write_text(map_html(drawer, audience, MADE), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def redrawn(drawer: MapDrawer, pages: dict[Audience, Path]) -> Callable[..., MapDrawer]:
    """Draw the sample with something of its subject changed over the same ground, which is not packed again."""
    assert pages

    def change(**changes: object) -> MapDrawer:
        other = copy(drawer)
        other.subject = replace(drawer.subject, **changes)  # type: ignore[arg-type]
        return other

    return change
