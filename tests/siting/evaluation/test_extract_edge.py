"""What a run says of roads that were downloaded by a place's name."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from siting.evaluation.extract_edge import lacking_warnings
from siting.faults import Severity
from siting.inputs.plan import Plan
from siting.osm.extract import read_osm
from siting.outputs.provenance import trace_provenance
from siting.pipeline.roads import run_isochrones
from siting.roads.build import build_network
from siting.travel_model import TravelModel
from siting.words import Direction, Scenario

ROADS = {"a": (0, 0), "b": (800, 0), "c": (800, 800)}


def test_a_download_says_what_it_never_has(draw: Callable[..., Any], tmp_path: Path) -> None:
    network = draw(ROADS, [("abc", {"highway": "residential"})]).network
    drawn = tmp_path / "drawn.osm"
    assert lacking_warnings("drawn.osm", network.lacks) == ()
    drawn.write_text(drawn.read_text(encoding="utf-8").replace("<osm ", '<osm generator="OSMnx 2.1.1" ', 1), encoding="utf-8")
    downloaded = build_network(read_osm(drawn), TravelModel())
    assert downloaded.lacks == "turn restrictions and the shores of water"
    (warning,) = lacking_warnings("Oakham", downloaded.lacks)
    assert warning.severity is Severity.WARNING
    assert "Oakham" in str(warning)
    assert "a turn that is forbidden is driven" in str(warning)
    plan = Plan.read(Path(__file__).parents[3] / "data" / "chilterns" / "plan.toml")
    rows = trace_provenance(plan, (), downloaded, datetime(2026, 3, 2, tzinfo=UTC)).rows
    assert ("Road network", "what the file does not hold", downloaded.lacks) in rows


def test_areas_of_a_download_are_told_to_be_such(draw: Callable[..., Any], tmp_path: Path) -> None:
    draw(ROADS, [("abc", {"highway": "residential"})])
    drawn = tmp_path / "drawn.osm"
    drawn.write_text(drawn.read_text(encoding="utf-8").replace("<osm ", '<osm generator="OSMnx 2.1.1" ', 1), encoding="utf-8")
    place = "51.6027,-0.8390"
    outcome = run_isochrones(drawn, place, (5.0,), Direction.TO_SCHOOL, Scenario.TYPICAL, tmp_path / "areas.gpkg")
    assert any("turn restrictions" in str(warning) for warning in outcome.warnings)
