"""From a plan and a home to its surroundings: as far as the plan says, with what is missing said aloud."""

import csv
from pathlib import Path

import numpy as np
import pytest
from marlow_plan import write_marlow_plan

from engagement.prepare import HomeView, consider_home, find_home, make_pack
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.engagement_sources import sources_of


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    write_marlow_plan(tmp_path / "plan")
    return tmp_path / "plan" / "plan.toml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def view_of(plan: Path, home_id: str = "H04") -> HomeView:
    inputs = read_inputs(Plan.read(plan))
    return consider_home(sources_of(inputs), find_home(inputs, home_id))


def test_three_hundred_metres_are_three_hundred_metres(plan: Path) -> None:
    """Everybody whose very point lies within it is in, however far beyond the usual reach."""
    change(plan, "boundary_metres = 20", "boundary_metres = 300")
    view = view_of(plan)
    invited = {one.address.uprn for one in view.considered if one.invited}
    left_out = {one.address.uprn for one in view.considered if one.address.kind.left_out or one.because == "the home itself"}
    rows = csv.DictReader((plan.parent / "addresses.csv").read_text(encoding="utf-8-sig").splitlines())
    near = {r["uprn"] for r in rows if np.hypot(float(r["easting"]) - 485_586.5, float(r["northing"]) - 186_371.4) <= 299}
    assert len(near) > 60
    assert near - left_out <= invited


def told(plan: Path, tmp_path: Path, home_id: str = "H04") -> str:
    import datetime as dt

    inputs = read_inputs(Plan.read(plan))
    pack = make_pack(sources_of(inputs), find_home(inputs, home_id), tmp_path / "register.sqlite", dt.date(2027, 1, 1))
    return "\n".join(map(str, pack.warnings))


def test_an_address_file_with_nothing_near_is_said_with_counts(plan: Path, tmp_path: Path) -> None:
    (plan.parent / "far.csv").write_text("uprn,address,x,y\n5,1 Far Lane,300000,300000\n", encoding="utf-8")
    change(plan, 'addresses = "addresses.csv"', 'addresses = "far.csv"')
    words = told(plan, tmp_path)
    assert "none of its 1 addresses is within 170 m of H04; the nearest is 217" in words
    assert "no neighbour is within 20 m: 0 addresses were considered" in words
    assert "look lived in and have no address: walk there" in words


def test_swapped_eastings_are_said(plan: Path, tmp_path: Path) -> None:
    path = plan.parent / "addresses.csv"
    change(path, "easting,northing", "northing,easting")
    assert "easting and northing look swapped" in told(plan, tmp_path)


def test_homes_of_the_plan_in_one_street_are_not_invited_to_each_other(plan: Path) -> None:
    table = plan.parent / "candidates.csv"
    rows = table.read_text(encoding="utf-8-sig").splitlines()
    own = next(row for row in rows if row.startswith("H04,"))
    for status, invited in (("open", False), ("candidate", True)):
        next_door = (
            own.replace("H04,", "H98,").replace("14 Station Road", "12 Station Road").replace("990000003035", "990000003034")
        )
        next_door = next_door.replace("485586.5,186371.4", "485583.37,186381.67").replace("bought", status)
        table.write_text("\n".join([*rows, next_door]) + "\n", encoding="utf-8")
        view = view_of(plan)
        assert any(one.address.uprn == "990000003034" and one.invited for one in view.considered) == invited, status
