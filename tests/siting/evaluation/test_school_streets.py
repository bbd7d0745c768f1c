"""What is said of a home that no car reaches at school hours alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from siting.evaluation.evaluation import evaluate_inputs
from siting.evaluation.home_result import home_facts
from siting.evaluation.reasons import explain
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.osm.extract import read_osm
from siting.roads.build import build_network
from siting.travel_model import TravelModel

ROAD = {"highway": "residential", "maxspeed": "30 mph"}
AT_SCHOOL = {"motor_vehicle:conditional": "no @ (Mo-Fr 08:00-09:15,14:45-16:00)"}
NODES = {"a": (0, 0), "b": (1000, 0), "c": (1000, 1000), "d": (0, 1000), "p": (500, 0), "q": (500, -600), "r": (500, -900)}


@pytest.mark.parametrize(
    ("street", "closed", "exempt", "said"),
    [
        ("pq", AT_SCHOOL, False, "Mill Lane is closed to traffic at those hours (the plan counts on no exemption"),
        ("pq", AT_SCHOOL, True, "Its way begins or ends in Mill Lane, closed to traffic on the school run"),
        ("pq", {"motor_vehicle": "private", "access:conditional": "no @ (22:00-06:00)"}, False, "minutes to Hill School"),
        ("pq", {}, False, "minutes to Hill School"),
    ],
)
def test_a_home_behind_a_road_closed_at_school_hours(
    tmp_path: Path, draw: Callable[..., Any], street: str, closed: dict[str, str], *, exempt: bool, said: str
) -> None:
    assert said in judged_in(tmp_path, draw, [(street, ROAD | {"name": "Mill Lane"} | closed)], home=(500, -300), exempt=exempt)


def test_a_home_beyond_a_road_closed_at_school_hours_and_one_that_nothing_reaches(
    tmp_path: Path, draw: Callable[..., Any]
) -> None:
    streets = [("pq", ROAD | {"name": "Mill Lane"} | AT_SCHOOL), ("qr", ROAD)]
    beyond = judged_in(tmp_path, draw, streets, home=(500, -800), exempt=False)
    assert "closed to traffic at those hours" in beyond
    assert "At other hours there is a way." in beyond


def test_where_the_school_itself_lies_in_the_closed_street_its_road_is_named(tmp_path: Path, draw: Callable[..., Any]) -> None:
    streets = [("pq", ROAD | {"name": "Mill Lane"} | AT_SCHOOL)]
    text = judged_in(tmp_path, draw, streets, home=(1000, 500), school=(500, -300), exempt=False)
    assert "Mill Lane is closed to traffic at those hours" in text


def judged_in(
    folder: Path,
    draw: Callable[..., Any],
    streets: list[tuple[str, dict[str, str]]],
    *,
    home: tuple[float, float],
    exempt: bool,
    school: tuple[float, float] = (0, 500),
) -> str:
    """Return the reasons of a home beside a square of open roads and the streets."""
    draw(NODES, [("apb", ROAD), ("bc", ROAD), ("cd", ROAD), ("da", ROAD), *streets])
    (folder / "homes.csv").write_text(f"home_id,easting,northing\nH1,{480_000 + home[0]},{190_000 + home[1]}\n", encoding="utf-8")
    (folder / "plan.toml").write_text(
        f'[area]\nnetwork = "drawn.osm"\n[[schools]]\nname = "Hill School"\neasting = {480_000 + school[0]}\n'
        f'northing = {190_000 + school[1]}\n[inputs]\ncandidates = "homes.csv"\n'
        f"[rules]\nschool_street_exempt = {str(exempt).lower()}\n",
        encoding="utf-8",
    )
    plan = Plan.read(folder / "plan.toml")
    hours = plan.rules.school_hours
    network = build_network(read_osm(folder / "drawn.osm", hours=hours), TravelModel(hours=hours))
    found = evaluate_inputs(read_inputs(plan), network, with_areas=False)
    return " ".join(explain(home_facts(found.results[0]), plan.rules))
