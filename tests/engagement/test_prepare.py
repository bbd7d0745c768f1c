"""From a plan and a home to its surroundings: as far as the plan says, with what is missing said aloud."""

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from address_files import read_rows, write_rows
from docx import Document
from marlow_plan import write_marlow_plan

from engagement.papers.write import write_pack
from engagement.prepare import HomeView, consider_home, find_home, make_pack
from siting.documents.pdf_text import texts_of_pages
from siting.faults import InputFaultsError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.engagement_sources import sources_of
from siting.storage.kept import bundled_data

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"></svg>'


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
    inputs = read_inputs(Plan.read(plan))
    pack = make_pack(sources_of(inputs), find_home(inputs, home_id), tmp_path / "register.sqlite", dt.date(2027, 1, 1))
    return "\n".join(map(str, pack.warnings))


FAR = "uprn,address,x,y\n5,1 Far Lane,300000,300000\n"


def test_an_address_file_with_nothing_near_makes_no_pack(plan: Path, tmp_path: Path) -> None:
    (plan.parent / "far.csv").write_text(FAR, encoding="utf-8")
    change(plan, 'addresses = "addresses.csv"', 'addresses = "far.csv"')
    with pytest.raises(InputFaultsError, match=r"none of its 1 addresses is within 170 m of H04; the nearest is 217"):
        told(plan, tmp_path)
    # The neighbouring council's file beside the right one is meant so.
    change(plan, 'addresses = "far.csv"', 'addresses = ["far.csv", "addresses.csv"]')
    assert "far.csv" not in told(plan, tmp_path)


def test_swapped_eastings_make_no_pack(plan: Path, tmp_path: Path) -> None:
    path = plan.parent / "addresses.csv"
    change(path, "easting,northing", "northing,easting")
    with pytest.raises(InputFaultsError, match="easting and northing look swapped"):
        told(plan, tmp_path)
    # Nor beside a file that has somebody there: those whom it swaps would be missing.
    rows = read_rows(bundled_data() / "chilterns" / "addresses.csv")
    write_rows(plan.parent / "own.csv", [row for row in rows if "STATION ROAD, MARLOW" in row["single_line_address"].upper()][:5])
    change(plan, 'addresses = "addresses.csv"', 'addresses = ["own.csv", "addresses.csv"]')
    with pytest.raises(InputFaultsError, match="easting and northing look swapped"):
        told(plan, tmp_path)


def test_addresses_without_a_place_make_no_pack(plan: Path, tmp_path: Path) -> None:
    rows = read_rows(plan.parent / "addresses.csv")
    write_rows(plan.parent / "addresses.csv", [row | {"easting": "", "northing": ""} for row in rows])
    with pytest.raises(InputFaultsError, match="has a place that can be read"):
        told(plan, tmp_path)


def test_a_pack_without_a_neighbour_where_people_live_says_so_on_every_paper(plan: Path, tmp_path: Path) -> None:
    """A list that lacks the home's own surroundings, as of a file cut off half-way."""
    rows = read_rows(plan.parent / "addresses.csv")
    apart_m = [np.hypot(float(row["easting"]) - 485_586.5, float(row["northing"]) - 186_371.4) for row in rows]
    write_rows(plan.parent / "addresses.csv", [row for row, metres in zip(rows, apart_m, strict=True) if metres > 80])
    change(plan, "[engagement]", '[engagement]\nnation = "Wales"')
    inputs = read_inputs(Plan.read(plan))
    sources = sources_of(inputs)
    made = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    pack = make_pack(sources, find_home(inputs, "H04"), tmp_path / "register.sqlite", made.date())
    assert not pack.walk
    assert pack.walk_there
    write_pack(tmp_path / "pack", pack, inputs.plan, SVG, tmp_path / "before", made)
    for name in ("neighbours", "runsheets", "stakeholders", "labels", "letters"):
        words = " ".join(" ".join(texts_of_pages((tmp_path / "pack" / f"{name}.pdf").read_bytes())).split())
        assert "NI CHANFUWYD CYMYDOG yn addresses.csv" in words, name
        assert "NO NEIGHBOUR WAS FOUND in addresses.csv within 20 m" in words, name
    (header,) = Document(str(tmp_path / "pack" / "letters.docx")).sections
    assert "NO NEIGHBOUR WAS FOUND" in header.header.paragraphs[0].text


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


def test_another_entry_written_as_the_home_itself_is_said(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    assert "written as the home itself" not in told(plan, tmp_path / "first")
    addresses = plan.parent / "addresses.csv"
    (own,) = [row for row in read_rows(addresses) if row["single_line_address"] == "14 Station Road, Marlow, SL7 1QN"]
    write_rows(addresses, [*read_rows(addresses), own | {"uprn": "990000099999"}])
    assert (
        "entries written as the home itself, which are invited: leave out by a decision what is no household of its own: 1"
        in told(plan, tmp_path)
    )
