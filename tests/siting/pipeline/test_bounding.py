"""A boundary is confirmed, joined from plots or drawn; neighbours follow it, and nothing is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from marlow_plan import write_marlow_plan

from siting.faults import UsageError
from siting.inputs.plan import Plan
from siting.pipeline.bounding import FILE, bring_boundary_back, confirm_boundary, show_boundary, take_boundary_back

pytestmark = pytest.mark.slow
HOME = "H04"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_marlow_plan(tmp_path / "plan")


def confirm(plan: Path, how: str, seen: str, **more: Any) -> str:
    return confirm_boundary(plan, HOME, how, who="A. Lead", when="2027-01-01T10:00:00+00:00", seen=seen, **more)


def test_a_boundary_is_confirmed_changed_taken_back_and_brought_back(plan: Path) -> None:
    first = show_boundary(plan, HOME)
    assert first.confirmed is None
    assert first.in_force == first.proposed
    (own,) = [plot for plot in first.plots if plot["proposed"]]
    assert own is first.plots[0]
    beside = next(plot for plot in first.plots if not plot["proposed"] and plot["distance_m"] < 0.01)

    seen = confirm(plan, "proposed", first.version)
    confirmed = show_boundary(plan, HOME)
    assert confirmed.version == seen
    assert Plan.read(plan).inputs.boundary == FILE
    assert confirmed.neighbours == first.neighbours
    assert "confirmed by the lead" in confirmed.words

    seen = confirm(plan, "plots", seen, plots=[own["key"], beside["key"]], reason="both gardens are ours")
    joined = show_boundary(plan, HOME)
    assert joined.neighbours > first.neighbours
    assert [plot["taken"] for plot in joined.plots if plot["key"] in {own["key"], beside["key"]}] == [True, True]
    assert joined.confirmed
    assert joined.confirmed["reason"] == "both gardens are ours"

    (earlier,) = joined.earlier
    bring_boundary_back(plan, HOME, earlier["number"], seen=joined.version)
    again = show_boundary(plan, HOME)
    assert again.neighbours == first.neighbours
    take_boundary_back(plan, HOME, seen=again.version)
    last = show_boundary(plan, HOME)
    assert last.confirmed is None
    assert last.in_force == first.proposed
    assert len(last.earlier) == 2
    with pytest.raises(UsageError, match="Somebody else changed"):
        confirm(plan, "proposed", seen)


def test_corners_are_checked_before_they_are_a_boundary(plan: Path) -> None:
    shown = show_boundary(plan, HOME)
    (rings, *_), lat, lon = shown.in_force, shown.lat, shown.lon
    corners = "\n".join(f"{lat}, {lon}" for lat, lon in rings[0][:-1])
    for wrong, told in (
        ("here", "is no corner"),
        (f"{lat}, {lon}\n{lat}, {lon}\n{lat}, {lon}", "at least three"),
        (f"{lat}, {lon}\n{lat + 1e-4}, {lon + 1e-4}\n{lat}, {lon + 1e-4}\n{lat + 1e-4}, {lon}", "crosses itself"),
        ("\n".join(f"{lon}, {lat}" for lat, lon in rings[0][:-1]), "from the home. Check"),
        (f"{lat - 0.1}, {lon - 0.1}\n{lat + 0.1}, {lon - 0.1}\n{lat}, {lon + 0.1}", "hectares"),
    ):
        with pytest.raises(UsageError, match=told):
            confirm(plan, "drawn", shown.version, corners=wrong, reason="x")
    with pytest.raises(UsageError, match="Say why"):
        confirm(plan, "drawn", shown.version, corners=corners)
    assert not plan.with_name(FILE).exists()
    confirm(plan, "drawn", shown.version, corners=corners, reason="as walked")
    drawn = show_boundary(plan, HOME)
    assert drawn.neighbours == shown.neighbours
    assert "drawn by hand" in drawn.words


def test_boundaries_of_the_users_own_file_are_taken_over_and_the_file_stays(plan: Path) -> None:
    shown = show_boundary(plan, HOME)
    ring = [[lon, lat] for lat, lon in shown.plots[1]["shape"][0][0]]
    own = {"type": "Feature", "properties": {"home_id": "H07"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "features": [own]})
    (plan.parent / "mine.geojson").write_text(text, encoding="utf-8")
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("[inputs]\n", '[inputs]\nboundary = "mine.geojson"\n'), encoding="utf-8"
    )
    confirm(plan, "proposed", shown.version)
    kept = json.loads(plan.with_name(FILE).read_text(encoding="utf-8"))["features"]
    assert sorted(one["properties"]["home_id"] for one in kept) == [HOME, "H07"]
    assert (plan.parent / "mine.geojson").read_text(encoding="utf-8") == text
