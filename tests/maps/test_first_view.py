"""At first sight of any plan the school's town is named, and every home is found and opened by clicking the map alone.

Four plans each time; all seven, which take minutes, with SITING_JOURNEYS=1.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from maps.files import map_html
from maps.layers import MapDrawer
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.evaluating import evaluate_and_trace
from siting.pipeline.subjects import map_subject
from siting.progress import silent
from siting.storage.kept import bundled_data
from siting.words import Audience

pytestmark = pytest.mark.slow
MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)
EVERY = bool(os.environ.get("SITING_JOURNEYS"))
TOWNS = {
    "rutland": {"Oakham"}, "newport": {"Newport"}, "safe-accommodation": {"Llandrindod Wells"},
    "chilterns": {"High Wycombe"}, "in-it-together": {"High Wycombe"}, "thames-valley": {"High Wycombe", "Bicester"},
    "homes-and-horizons": {"Bridgwater", "Yeovil"},
}  # fmt: skip
EXTRACTS = {
    "rutland": ("rutland-2022-07-20.osm.pbf", "LE15 6HH", 15),
    "newport": ("newport-2023-06-13.osm.pbf", "NP20 4UR", 10),
}


def plan_of(name: str, shared_data: Path, folder: Path) -> Path:
    """Return the plan of an example, or one of fourteen homes drawn by lot round a school of an extract."""
    if name == "chilterns":
        return bundled_data() / name / "plan.toml"
    if name not in EXTRACTS:
        return bundled_data() / "examples" / name / "plan.toml"
    extract, school, limit = EXTRACTS[name]
    table = duckdb.read_parquet(str(bundled_data() / "codepoint-open.parquet")).df()
    (at,) = table[table.postcode == school].itertuples()
    near = table[np.hypot(table.easting - at.easting, table.northing - at.northing) < 9_000]
    rows = [f"R{n:02d},{postcode}" for n, postcode in enumerate(near.sample(14, random_state=4).postcode)]
    # Two of one postcode, and one at the school's.
    rows += [rows[0].replace("R00", "R14"), f"R15,{school}"]
    (folder / "homes.csv").write_text("\n".join(["home_id,postcode", *rows]), encoding="utf-8")
    plan = folder / "plan.toml"
    plan.write_text(
        f'title = "Homes for {name.title()}"\n[area]\nnetwork = "{(shared_data / extract).as_posix()}"\n[[schools]]\n'
        f'name = "School"\npostcode = "{school}"\n[rules]\nschool_minutes = {limit}\n[inputs]\ncandidates = "homes.csv"\n',
        encoding="utf-8",
    )
    return plan


def clicked_open(page: Any, home_id: str) -> bool:
    """Click the sign of a home where it is seen, or the sign of several that it is in until it has its own."""
    # The window of the home before may lie over the sign.
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup").wait_for(state="detached")
    page.evaluate("document.getElementById('whole').click()")
    for _ in range(6):
        at = page.evaluate(
            "id => { const own = standing.get('sign ' + id)?.[0], of = own ? null : [...standing].find(([key]) =>"
            " key.split('\\n').includes(id)); const { left, top, width, height } = (own ?? of[1][0]).getElement()"
            ".getBoundingClientRect(); return [left + width / 2, top + height / 2, Boolean(own)]; }",
            home_id,
        )
        page.mouse.click(*at[:2])
        if at[2]:
            page.locator(".leaflet-popup-content").wait_for(timeout=20_000)
            return home_id in page.locator(".leaflet-popup-content h2").inner_text()
    return False


@pytest.mark.parametrize(
    "name", [name if EVERY or n < 3 else pytest.param(name, marks=pytest.mark.skip("minutes")) for n, name in enumerate(TOWNS)]
)
def test_the_schools_town_is_named_and_every_home_opens_by_a_click(
    browser: Any, shared_data: Path, tmp_path: Path, name: str
) -> None:
    inputs = read_inputs(Plan.read(plan_of(name, shared_data, tmp_path)))
    evaluation, source = evaluate_and_trace(inputs, silent)
    path = tmp_path / "map.html"
    subject = map_subject(inputs, evaluation, source, None)
    path.write_text(map_html(MapDrawer(subject), Audience.INTERNAL, MADE), encoding="utf-8")
    for size in ({"width": 390, "height": 844}, {"width": 1366, "height": 768}):
        page = browser.new_page(viewport=size, reduced_motion="reduce")
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
        assert set(page.locator(".place-name.first").all_inner_texts()) >= TOWNS[name]
        home_ids = [home.row.home_id for home in inputs.homes]
        assert [one for one in home_ids if not clicked_open(page, one)] == []
        page.close()
