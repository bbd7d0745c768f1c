"""What turns cost and which are made: a third road, a U-turn, a kink, private roads one behind the other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siting.faults import InputFaultsError
from siting.osm.extract import read_osm
from siting.pipeline.roads import run_isochrones, run_times
from siting.roads.build import build_network
from siting.roads.joining import join_points
from siting.times.routing import reach, times_at
from siting.travel_model import TravelModel
from siting.words import Direction, Scenario

Draw = Callable[..., Any]
ROAD = {"highway": "residential", "maxspeed": "30 mph"}
CORNER = {"a": (0, 0), "b": (1000, 0), "c": (1000, 1000), "e": (2000, 0)}


def test_a_turn_at_three_roads_takes_time_and_a_bend_does_not(draw: Draw) -> None:
    bend = draw(CORNER, [("ab", ROAD), ("bc", ROAD)])
    junction = draw(CORNER, [("ab", ROAD), ("bc", ROAD), ("be", ROAD)])
    assert 2 < junction.seconds("a", "c") - bend.seconds("a", "c") < 8


def test_a_u_turn_at_a_dead_end_costs_its_figure(draw: Draw) -> None:
    """North of b only the far side may be driven to: over the dead end at e and back."""
    ways = [("ab", ROAD), ("bc", ROAD), ("be", ROAD)]
    cheap = draw(CORNER, ways, [("no_left_turn", 1, "b", 2)], u_turn_delay=0)
    dear = draw(CORNER, ways, [("no_left_turn", 1, "b", 2)], u_turn_delay=20)
    assert dear.seconds("a", "c") - cheap.seconds("a", "c") == pytest.approx(20, abs=0.01)


def test_a_kink_of_a_metre_at_the_junction_is_no_turn(draw: Draw) -> None:
    nodes = {"a": (0, 0), "k": (999, 1), "b": (1000, 0), "e": (2000, 0), "s": (1000, -1000)}
    straight = draw(nodes, [("ab", ROAD), ("be", ROAD), ("sb", ROAD)])
    kinked = draw(nodes, [("akb", ROAD), ("be", ROAD), ("sb", ROAD)])
    assert kinked.seconds("a", "e") == pytest.approx(straight.seconds("a", "e"), abs=0.2)


@pytest.mark.parametrize(("drives_on", "dearer"), [(None, "right"), ("left", "right"), ("right", "left")])
def test_the_turn_across_the_traffic_is_the_dearer_one(draw: Draw, tmp_path: Path, drives_on: str | None, dearer: str) -> None:
    """Where nobody says so, cars in Great Britain drive on the left."""
    nodes = {"a": (0, 0), "b": (1000, 0), "n": (1000, 1000), "s": (1000, -1000)}
    net = draw(nodes, [("ab", ROAD), ("bn", ROAD), ("bs", ROAD)])
    network = build_network(read_osm(tmp_path / "drawn.osm"), TravelModel(), drives_on)
    found = reach(network, join_points(network, *net.at("a")), Scenario.TYPICAL, Direction.FROM_SCHOOL)
    left_ms, right_ms = times_at(found, join_points(network, *net.at("n", "s")))
    assert left_ms != right_ms
    assert ("right" if right_ms > left_ms else "left") == dearer


def test_no_house_joins_a_motorroad(draw: Draw) -> None:
    nodes = {"a": (0, 0), "b": (3000, 0), "c": (0, 300), "d": (3000, 300)}
    net = draw(nodes, [("ab", {"highway": "trunk", "motorroad": "yes"}), ("cd", ROAD), ("ac", ROAD)])
    assert join_points(net.network, np.array([481_500.0]), np.array([190_010.0])).distance_m[0] == pytest.approx(290, abs=0.5)


def test_off_the_map_the_commands_name_the_place_and_tell_no_time(draw: Draw, tmp_path: Path) -> None:
    draw({"a": (0, 0), "b": (3000, 0)}, [("ab", ROAD)])
    (tmp_path / "from.csv").write_text("id,easting,northing\nNEAR,481000,190010\nFAR,481000,193000\n", encoding="utf-8")
    (tmp_path / "to.csv").write_text("id,easting,northing\nB,482000,190010\n", encoding="utf-8")
    told = run_times(tmp_path / "drawn.osm", tmp_path / "from.csv", tmp_path / "to.csv", Scenario.TYPICAL, tmp_path / "times.csv")
    rows = (tmp_path / "times.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[2] == "FAR,B,,"
    assert not rows[1].endswith(",,")
    assert ["FAR" in str(warning) for warning in told.warnings] == [True]
    with pytest.raises(InputFaultsError, match="off the map"):
        run_isochrones(
            tmp_path / "drawn.osm", "51.64,-0.83", (15.0,), Direction.TO_SCHOOL, Scenario.TYPICAL, tmp_path / "areas.gpkg"
        )
