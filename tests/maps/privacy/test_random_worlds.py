"""Plans that differ in all that is to be kept secret give partners and the public the same files, byte for byte.

Who holds both files of two such plans, and everything public, cannot tell them apart: whatever is
tried on them (order of rows, ids, extents, rounding, sizes, counts, colours, centre and zoom, packed
corners, differences of exports, dates) does no better than chance. Families, their councils, limits and
zones are drawn by lot, all homes that are not shown are replaced by others, and the rows are shuffled.

Two worlds of one plan each time; more with SITING_ATTACKS=20, others with SITING_ATTACK_SEED=500, on any plan with
SITING_ATTACK_PLANS=a/plan.toml:b/plan.toml.
"""

import hashlib
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from maps.atlas import atlas_pdf
from maps.figure import evaluation_figure
from maps.files import map_html
from maps.layers import MapDrawer
from maps.privacy.subject import MapSubject
from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Home, PlanInputs, read_inputs
from siting.inputs.rows import HomeRow
from siting.pipeline.evaluating import evaluate_and_trace
from siting.pipeline.subjects import map_subject
from siting.place import NATIONAL_GRID, Place
from siting.progress import silent
from siting.storage.kept import bundled_data
from siting.words import Audience, HomeStatus

pytestmark = pytest.mark.slow
MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)
WORLDS = int(os.environ.get("SITING_ATTACKS", "2"))
FIRST = int(os.environ.get("SITING_ATTACK_SEED", "0"))
NAMED = os.environ.get("SITING_ATTACK_PLANS", "")
PLANS = [Path(one) for one in NAMED.split(":")] if NAMED else [bundled_data() / "examples" / "safe-accommodation" / "plan.toml"]


def places(subject: MapSubject, within_m: float) -> list[Place]:
    """Return the postcodes about the plan's school."""
    table = duckdb.read_parquet(str(bundled_data() / "codepoint-open.parquet")).df()
    school = subject.inputs.schools[0].place.within(NATIONAL_GRID)
    near = table[np.hypot(table.easting - school.x_m, table.northing - school.y_m) < within_m]
    return [
        Place(x_m=float(one.easting), y_m=float(one.northing), system=NATIONAL_GRID, postcode=one.postcode)
        for one in near.itertuples()
    ]


def other_world(inputs: PlanInputs, shown: set[str], near: list[Place], far: list[Place], draw: random.Random) -> PlanInputs:
    """Return the same plan with everything else about it drawn anew."""
    kept = [home for home in inputs.homes if home.row.home_id in shown]
    hidden = []
    for number in range(draw.randrange(1, 12)):
        place = draw.choice(draw.choice([near, far]))
        row = {
            "home_id": draw.choice(["X", "A", "Z", "10"]) + f"{number:03d}",
            "postcode": place.postcode,
            "address": f"{draw.randrange(1, 99)} Any Road",
            "price_gbp": draw.randrange(100_000, 900_000),
            "bedrooms": draw.randrange(2, 7),
            "beds": draw.randrange(1, 5),
            "authority": draw.choice(["Powys", "Shropshire"]),
            "link": "https://homes.example/1",
        }
        hidden.append(Home(row=HomeRow.model_validate(row), place=place))
    homes = [*kept, *hidden]
    draw.shuffle(homes)
    children = []
    for number in range(draw.randrange(0, 25)):
        model = draw.choice(inputs.children)
        place = draw.choice(draw.choice([near, far]))
        changes = {
            "child_ref": f"K{number}",
            "authority": draw.choice(["Powys", "Shropshire", "Herefordshire"]),
            "max_minutes": draw.choice([None, 30.0, 90.0]),
            "postcode": place.postcode,
        }
        children.append(replace(model, row=model.row.model_copy(update=changes), place=place))
    return replace(inputs, homes=tuple(homes), children=tuple(children), exclusions=())


def exports(subject: MapSubject) -> Iterator[tuple[str, str]]:
    """Yield every kind of file that leaves the house, by name, with its digest."""
    drawer = MapDrawer(subject)
    for audience in (Audience.PARTNER, Audience.PUBLIC):
        yield f"{audience} page", digest(map_html(drawer, audience, MADE).encode())
        for kind in ("svg", "png"):
            yield f"{audience} {kind}", digest(evaluation_figure(subject, audience, made=MADE, format_name=kind))
    yield "partner atlas", digest(atlas_pdf(subject, Audience.PARTNER, made=MADE))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.parent.name)
def test_worlds_that_differ_in_their_secrets_give_the_same_files(plan: Path) -> None:
    inputs = read_inputs(Plan.read(plan))
    evaluation, source = evaluate_and_trace(inputs, silent)
    first = map_subject(inputs, evaluation, source, None)
    chosen = tuple(home.row.home_id for home in inputs.homes[:2])
    first = replace(first, chosen=chosen, allocation={})
    shown = {home.row.home_id for home in inputs.homes if home.row.status is not HomeStatus.CANDIDATE} | set(chosen)
    near, far = places(first, 30_000), places(first, 150_000)
    known = dict(exports(first))
    for seed in range(FIRST, FIRST + WORLDS):
        draw = random.Random(seed)  # noqa: S311 - the same worlds every time
        other = other_world(inputs, shown, near, far, draw)
        judged = evaluate_inputs(other, first.evaluation.network)
        allocation = {child.row.child_ref: draw.choice(chosen) for child in other.children}
        world = replace(first, inputs=other, evaluation=judged, chosen=chosen[::-1], allocation=allocation)
        changed = [name for name, found in exports(world) if found != known[name]]
        assert changed == [], f"world {seed}"
