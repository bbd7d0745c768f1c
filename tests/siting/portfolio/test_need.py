"""Where children live now, counted by hand, told exactly to case workers and in bands to a board."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.portfolio.need import NOT_KNOWN, Need, assess_need, for_board
from siting.storage.kept import bundled_data

# High Wycombe, Marlow (5 miles), Milton Keynes (31 miles) and Peterborough (61 miles) in a straight line.
CHILDREN = """child_ref,authority,postcode,placement,needs_bed
A1,Buckinghamshire,HP11 2PX,SL7 1QN,yes
A2,Buckinghamshire,HP11 2PX,MK9 3AP,yes
A3,Buckinghamshire,HP11 2PX,Kent,no
A4,Buckinghamshire,HP11 2PX,Buckinghamshire,yes
A5,Buckinghamshire,,PE1 1NA,yes
A6,Buckinghamshire,HP11 2PX,,yes
B1,Reading,RG2 7RD,PE1 1NA,yes
,,,,
"""


@pytest.fixture
def need(tmp_path: Path) -> Need:
    return assess_need(read_inputs(a_plan(tmp_path, CHILDREN)))


def a_plan(folder: Path, children: str, **replaced: str) -> Plan:
    shutil.copytree(bundled_data() / "chilterns", folder / "plan")
    (folder / "plan" / "children.csv").write_text(children.replace(",,,,\n", ""), encoding="utf-8")
    text = (folder / "plan" / "plan.toml").read_text(encoding="utf-8").replace('exclusions = "exclusions.csv"\n', "")
    for old, new in replaced.items():
        text = text.replace(f"{old} = 20\n", f"{old} = {new}\n")
    (folder / "plan" / "plan.toml").write_text(text, encoding="utf-8")
    return Plan.read(folder / "plan" / "plan.toml")


def row(need: Need, council: str) -> pd.Series:
    return need.by_authority.set_index("authority").loc[council]


def test_children_are_counted_by_where_they_live_now(need: Need) -> None:
    bucks = row(need, "Buckinghamshire")
    # A5 has a placement and no family to measure from, A3 and A4 a place without a point, A6 nothing.
    assert (bucks.children, bucks.over_20_miles, bucks.living_place_not_known) == (6, 1, 1)
    # A1 and A4 live in the own area; A2 in Milton Keynes and A3 in Kent outside; A5 lies outside the boundaries given.
    assert (bucks.living_in_own_area, bucks.living_outside) == (2, 2)
    # Of Reading's one child no boundary says where it lives: that is not known, and not none.
    reading = row(need, "Reading")
    assert (reading.over_20_miles, reading.living_place_not_known) == (1, 0)
    assert pd.isna([reading.living_in_own_area, reading.living_outside, reading.living_at_a_distance]).all()


def test_beds_are_needed_by_those_for_whom_one_is_looked_for(need: Need) -> None:
    bucks = row(need, "Buckinghamshire")
    standing = int(bucks.beds_standing)
    assert standing == 4, "H01 is open and has four beds; a house that is only bought has none yet"
    assert bucks.children_without_a_standing_bed == 5 - standing
    assert row(need, "Reading").children_without_a_standing_bed == 1


def test_the_total_is_the_sum(need: Need) -> None:
    total = row(need, "All")
    assert (total.children, total.over_20_miles) == (7, 2)


def test_the_national_statistic_keeps_its_twenty_miles_whatever_the_plan_says(tmp_path: Path) -> None:
    need = assess_need(read_inputs(a_plan(tmp_path, CHILDREN, family_miles="2")))
    assert row(need, "Buckinghamshire").over_20_miles == 1
    # By the plan's own two miles Marlow is beyond; and of those without both places nothing is told.
    assert need.over_family_miles == {"A1": True, "A2": True, "B1": True}


def test_places_where_children_live_are_listed(need: Need) -> None:
    now = need.living_now[need.living_now["authority"] == "Buckinghamshire"].set_index("living_in")["children"]
    assert (now["Buckinghamshire"], now["Kent"], now[NOT_KNOWN]) == (2, 1, 1)


def test_case_workers_read_figures_and_a_board_reads_bands(need: Need) -> None:
    exact, board = " ".join(need.sentences), " ".join(need.for_board)
    assert "7 children of 2 councils; a bed is needed for 6 of them." in exact
    assert "4 beds stand in homes already open." in exact
    assert "Of 3 children for whom it can be told, 2 now live more than 20 miles from home in a straight line." in exact
    assert "7 children of 2 councils" in board
    assert "20 miles" not in board, "of fewer than five no share is given"
    assert "fewer than 5 in Buckinghamshire and Reading" in board


def test_no_count_of_few_is_left_in_a_board_s_table(need: Need) -> None:
    table = for_board(need.by_authority)
    counts = table[[column for column in table.columns if column not in {"authority", "beds_standing", "beds_allocated"}]]
    told = {str(value) for value in counts.to_numpy().ravel()}
    assert told <= {"none", "None", "nan", "fewer than 5", "about 5", "7"}


def test_a_town_or_a_remark_does_not_say_whose_area_it_is(tmp_path: Path) -> None:
    children = (
        "child_ref,authority,postcode,placement\nA1,Buckinghamshire,HP11 2PX,High Wycombe\n"
        "A2,Buckinghamshire,HP11 2PX,with carers\n"
        "A3,Buckinghamshire,HP11 2PX,Bucks\nA4,Buckinghamshire,HP11 2PX,Oxon\n"
    )
    inputs = read_inputs(a_plan(tmp_path, children))
    bucks = row(assess_need(inputs), "Buckinghamshire")
    assert (bucks.living_in_own_area, bucks.living_outside) == (1, 1)
    (told,) = (fault for fault in inputs.warnings if fault.column == "placement")
    assert told.rows == (2, 3)
    assert "Wycombe" not in str(told)


@pytest.mark.parametrize("authority", ["", "Slough"])
def test_beds_stand_where_the_boundaries_have_the_home(tmp_path: Path, authority: str) -> None:
    plan = a_plan(tmp_path, CHILDREN)
    path = plan.resolve("candidates.csv")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",Buckinghamshire,open,", f",{authority},open,"), encoding="utf-8")
    inputs = read_inputs(plan)
    need = assess_need(inputs)
    assert row(need, "Buckinghamshire").beds_standing == 4
    assert "4 beds stand in homes already open." in need.sentences
    told = [fault.problem for fault in inputs.warnings if fault.column == "authority"]
    assert told == (["by the boundaries H01 stands in Buckinghamshire, and not in Slough"] if authority else [])


def test_beds_in_a_council_without_children_stand_too(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, CHILDREN)
    plan.path.write_text(plan.path.read_text(encoding="utf-8").replace('boundaries = "boundaries.gpkg"\n', ""), encoding="utf-8")
    path = plan.resolve("candidates.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(",Buckinghamshire,open,", ",Slough,open,"), encoding="utf-8")
    need = assess_need(read_inputs(Plan.read(plan.path)))
    assert (row(need, "Slough").beds_standing, row(need, "Slough").children, row(need, "All").beds_standing) == (4, 0, 4)
