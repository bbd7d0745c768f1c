"""Who is to be contacted, from files as they come; a role without a person is an open task."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engagement.around.osm_features import Station
from engagement.papers.welsh_sentences import told_in_welsh
from engagement.people.areas import is_generalised, read_areas
from engagement.people.contact_details import odd_details
from engagement.people.members import older_than_an_election
from engagement.people.people_files import PeopleFiles
from engagement.people.stakeholder_files import (
    Person,
    name_of,
    read_councillors,
    read_named_contacts,
    read_police_team,
    read_schools,
)
from engagement.people.stakeholder_rows import Stakeholder
from engagement.people.stakeholders import find_stakeholders
from siting.faults import InputFaultsError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.roads.cache import open_network
from siting.roads.joining import join_places, join_points
from siting.storage.kept import bundled_data
from siting.times.routing import reach, times_at
from siting.words import Direction, Scenario

TODAY = dt.date(2026, 11, 25)

MODERNGOV = """<?xml version="1.0" encoding="utf-8"?>
<councillorsbyward><wards><ward><wardtitle>Marlow South</wardtitle><councillors>
<councillor><fullusername>Cllr Siân Ŵyn</fullusername><keyposts>Leader</keyposts>
<workaddress><email>sian@example.org</email><phone>01632 960 001</phone></workaddress></councillor>
<councillor><fullusername>VACANCY</fullusername></councillor>
</councillors></ward></wards></councillorsbyward>"""


def plan_with(tmp_path: Path, old: str, new: str) -> Plan:
    shutil.copytree(bundled_data() / "chilterns", tmp_path / "plan")
    path = tmp_path / "plan" / "plan.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return Plan.read(path)


def rows_of(plan: Plan, home_id: str, nation: str = "England") -> tuple[Stakeholder, ...]:
    inputs = read_inputs(plan)
    network = open_network(plan.resolve(str(plan.area.network)))
    home = next(home for home in inputs.homes if home.row.home_id == home_id)
    return find_stakeholders(PeopleFiles(plan, network.system), home, network, (), TODAY, nation)[0]


def people_of(plan: Plan, home_id: str, nation: str = "England") -> dict[str, list[str]]:
    rows = rows_of(plan, home_id, nation)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.role, []).append(row.name)
    return found


def test_modern_gov_s_xml_is_read(tmp_path: Path) -> None:
    (tmp_path / "members.xml").write_text(MODERNGOV, encoding="utf-8")
    people = read_councillors(tmp_path / "members.xml")
    assert [(p.name, p.area, p.email) for p in people] == [
        ("Cllr Siân Ŵyn", "Marlow South", "sian@example.org"),
        ("", "Marlow South", ""),
    ]


def test_an_attack_in_xml_is_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><councillorsbyward>&b;</councillorsbyward>'
    (tmp_path / "members.xml").write_text(bomb, encoding="utf-8")
    with pytest.raises(InputFaultsError):
        read_councillors(tmp_path / "members.xml")


def test_ward_and_division_both_have_members() -> None:
    people = people_of(Plan.read(bundled_data() / "chilterns" / "plan.toml"), "H05")
    assert len(people["Elected member of the ward"]) == 2
    assert len(people["Elected member of the county division"]) == 1


def test_a_role_without_a_person_is_an_open_task(tmp_path: Path) -> None:
    plan = plan_with(tmp_path, 'councillors = "councillors.csv"\n', "")
    people = people_of(plan, "H04")
    assert people["Elected member of the ward"] == [""]
    assert people["Strategic commissioner"] == [""]
    assert people["Fire station, the nearest by road"] == [""]


def test_whom_the_council_names_is_not_to_be_found(tmp_path: Path) -> None:
    plan = plan_with(tmp_path, 'gias = "schools.csv"\npolice_team = "police.csv"\n', "")
    asked = people_of(plan, "H05")
    unknown = {"Police: PCSO", "Police: area beat officer", "Head teacher of the local school", "Parish or town council"}
    assert {role for role in unknown if asked[role] == [""]} == unknown
    with (plan.path.parent / "contacts.csv").open("a", encoding="utf-8") as file:
        for role in ("PCSO", "Neighbourhood sergeant", "Headteacher", "Clerk of the parish council", "Placement officer"):
            file.write(f"{role},N. {role},Somewhere (invented),n@example.org,01632 960 200,2026-11-01\n")
    named = people_of(plan, "H05")
    assert not unknown & set(named)
    rows = {row.role: row.step for row in rows_of(plan, "H05")}
    assert rows["Clerk of the parish council"] == "Invite elected members"
    assert rows["PCSO"] == rows["Headteacher"] == rows["Neighbourhood sergeant"] == "Speak to local leaders"


def test_in_wales_there_is_no_county_council_and_all_of_it_has_its_welsh(tmp_path: Path) -> None:
    plan = plan_with(tmp_path, 'councillors = "councillors.csv"\n', "")
    rows = list(rows_of(plan, "H04", "Wales"))
    bare = plan.path.read_text(encoding="utf-8")
    for line in (
        'wards = "wards.gpkg"\n',
        'gias = "schools.csv"\n',
        'police_team = "police.csv"\n',
        'contacts = "contacts.csv"\n',
    ):
        bare = bare.replace(line, "")
    plan.path.write_text(bare, encoding="utf-8")
    rows += rows_of(Plan.read(plan.path), "H04", "Wales")
    roles = {row.role for row in rows}
    assert "Community or town council" in roles
    assert "Elected member of the county division" not in roles
    told = {text for row in rows for text in (row.step, row.role, row.why)}
    assert len(told) > 25
    assert [english for english in sorted(told) if told_in_welsh(english) is None] == []


@pytest.fixture(scope="module")
def at_thame() -> Callable[..., dict[str, list[Stakeholder]]]:
    """Everybody for a home in Thame, by role, of a plan whose files were changed."""
    plan = Plan.read(bundled_data() / "chilterns" / "plan.toml")
    network = open_network(plan.resolve(str(plan.area.network)))
    home = next(home for home in read_inputs(plan).homes if home.row.home_id == "H05")

    def find(changed: Plan, stations: tuple[Station, ...] = ()) -> dict[str, list[Stakeholder]]:
        rows, _ = find_stakeholders(PeopleFiles(changed, network.system), home, network, stations, TODAY, "England")
        roles = sorted({row.role for row in rows})
        return {role: [row for row in rows if row.role == role] for role in roles}

    return find


def test_a_team_that_was_looked_up_is_the_home_s_and_of_two_none_is(tmp_path: Path, at_thame: Any) -> None:
    plan = plan_with(tmp_path, "[engagement]", "[engagement]")
    team = json.dumps([{"name": "Ada Example", "rank": "PCSO"}])
    (tmp_path / "plan" / "police-a-N1.json").write_text(team, encoding="utf-8")
    plan.path.write_text(plan.path.read_text(encoding="utf-8").replace('"police.csv"', '"police-a-N1.json"'), encoding="utf-8")
    plan = Plan.read(plan.path)
    (pcso,), (officer,) = (at_thame(plan)[role] for role in ("Police: PCSO", "Police: area beat officer"))
    assert (pcso.name, pcso.why) == (
        "Ada Example",
        "neighbourhood team of the list police-a-N1.json: check that it is this home's",
    )
    assert officer.is_open_task
    assert told_in_welsh(pcso.why)
    assert told_in_welsh(officer.why)
    (tmp_path / "plan" / "police-b-N2.json").write_text(team, encoding="utf-8")
    both = plan.path.read_text(encoding="utf-8").replace('"police-a-N1.json"', '["police-a-N1.json", "police-b-N2.json"]')
    plan.path.write_text(both, encoding="utf-8")
    assert at_thame(Plan.read(plan.path))["Police: PCSO"][0].is_open_task


def test_what_no_road_leads_to_is_not_the_nearest_by_road(tmp_path: Path, at_thame: Any) -> None:
    plan = plan_with(tmp_path, "[engagement]", "[engagement]")
    path = plan.resolve("schools.csv")
    header, *rows = path.read_text(encoding="cp1252").splitlines()
    moved = [f"{row.rsplit(',', 2)[0]},100000,100000" if ",Primary," in row else row for row in rows]
    path.write_text("\n".join([header, *moved]), encoding="cp1252")
    found = at_thame(plan, (Station(kind="police", name="Far Isle police station", x_m=100.0, y_m=100.0),))
    for role in ("Police station, the nearest by road", "Head teacher of the local school"):
        (row,) = found[role]
        assert row.is_open_task
        assert "can be reached by road" in row.why
        assert told_in_welsh(row.why)


def test_a_contact_without_a_name_is_not_named(tmp_path: Path, at_thame: Any) -> None:
    plan = plan_with(tmp_path, "[engagement]", "[engagement]")
    with plan.resolve("contacts.csv").open("a", encoding="utf-8") as file:
        file.write("Strategic commissioner,to be confirmed,,,,\nParish council clerk,TBC,,,,\n")
    found = at_thame(plan)
    for role in ("Strategic commissioner", "Parish council clerk"):
        (row,) = found[role]
        assert (row.name, row.why) == ("", "Nobody is named yet")
        assert "contacts.csv" in row.for_plan


@pytest.mark.parametrize("change", ["codes in small letters", "no codes in the boundaries"])
def test_members_are_found_however_a_code_is_written(tmp_path: Path, at_thame: Any, change: str) -> None:
    import geopandas as gpd

    plan = plan_with(tmp_path, "[engagement]", "[engagement]")
    if change == "codes in small letters":
        path = plan.resolve("councillors.csv")
        path.write_text(path.read_text(encoding="utf-8").replace("E059", " e059"), encoding="utf-8")
    else:
        path = plan.resolve("wards.gpkg")
        wards = gpd.read_file(path)
        wards[wards["kind"] == "ward"].drop(columns="WD24CD").to_file(path, driver="GPKG")
    (first, second) = (row.name for row in at_thame(plan)["Elected member of the ward"])
    assert first
    assert second


@pytest.mark.parametrize(("kind", "is_known"), [("Parish", True), ("CIVIL PARISH/COMMUNITY", True), ("hundred", False)])
def test_the_kind_of_an_area_is_known_in_any_case_or_asked_about(tmp_path: Path, kind: str, is_known: bool) -> None:
    import geopandas as gpd
    import shapely

    path = tmp_path / "areas.gpkg"
    gpd.GeoDataFrame({"name": ["Marlow"], "kind": [kind]}, geometry=[shapely.box(0, 0, 1, 1)], crs=27700).to_file(path)
    if is_known:
        assert [area.kind for area in read_areas(path)[1]] == ["parish"]
    else:
        with pytest.raises(InputFaultsError, match="areas of this kind are: hundred"):
            read_areas(path)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_councillors, "name,ward,party\nCllr Ada Example, JP,Marlow,Invented\n"),
        (read_police_team, "neighbourhood,name,rank\nMarlow,Smith, Sam,PC\n"),
    ],
)
def test_a_comma_in_a_name_does_not_move_the_rest_unsaid(read: Callable[[Path], object], text: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=r"row 2.*4 cells and the header only 3"):
        read(tmp_path / "people.csv")


def test_contacts_may_come_as_a_workbook_of_one_sheet(tmp_path: Path) -> None:
    import xlsxwriter

    for sheets in (("People",), ("People", "Old")):
        with xlsxwriter.Workbook(tmp_path / "contacts.xlsx") as book:
            for name in sheets:
                sheet = book.add_worksheet(name)
                sheet.write_row(0, 0, ["Role", "Name", "Phone"])
                sheet.write_row(1, 0, ["Provider", "Sam Example", "01632 960 100"])
        if len(sheets) == 1:
            (person,) = read_named_contacts(tmp_path / "contacts.xlsx")
            assert (person.role, person.name, person.telephone) == ("Provider", "Sam Example", "01632 960 100")
        else:
            with pytest.raises(InputFaultsError, match="two sheets may be the table"):
                read_named_contacts(tmp_path / "contacts.xlsx")


def test_not_recorded_is_no_name() -> None:
    schools = read_schools(bundled_data() / "chilterns" / "schools.csv")
    assert name_of("Not recorded") == name_of(" VACANCY ") == ""
    assert all("Not recorded" not in school.head for school in schools)
    assert any(not school.head for school in schools)
    assert all(not school.name.startswith("closed") for school in schools)
    assert len(schools) == 45 - 7


def test_contacts_without_a_role_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("name,email\nA,a@b\n", encoding="utf-8")
    with pytest.raises(InputFaultsError, match="column role"):
        read_named_contacts(tmp_path / "c.csv")


def test_generalised_boundaries_are_known_by_their_name() -> None:
    import numpy as np
    import shapely

    shapes = np.array([shapely.box(0, 0, 1, 1)])
    assert is_generalised(Path("WD_MAY_2024_UK_BGC.gpkg"), shapes)
    assert not is_generalised(Path("WD_MAY_2024_UK_BFC.gpkg"), shapes)


def test_a_parish_and_a_division_that_no_file_has_are_open_tasks(tmp_path: Path) -> None:
    import geopandas as gpd

    plan = plan_with(tmp_path, "[engagement]\n", "[engagement]\n")
    path = plan.path.parent / "wards.gpkg"
    assert people_of(plan, "H05")["Parish or town council"] == [""]
    assert people_of(plan, "H04")["Elected member of the county division"] == [""], "the file's divisions end before it"
    frame = gpd.read_file(path)
    wards = frame[frame["kind"] != "division"]
    wards.to_file(path, driver="GPKG")
    assert people_of(plan, "H05")["Elected member of the county division"] == [""]


def test_the_parish_that_holds_the_home_is_named(tmp_path: Path) -> None:
    import geopandas as gpd
    import pandas as pd
    import shapely

    plan = plan_with(tmp_path, "[engagement]\n", "[engagement]\n")
    path = plan.path.parent / "wards.gpkg"
    frame = gpd.read_file(path)
    west, south, east, north = frame.total_bounds
    parishes = gpd.GeoDataFrame(
        {"PARNCP24CD": ["E04009999"], "PARNCP24NM": ["Marlow"]}, geometry=[shapely.box(west, south, east, north)], crs=frame.crs
    )
    gpd.GeoDataFrame(pd.concat([frame, parishes]), crs=frame.crs).to_file(path, driver="GPKG")
    with (plan.path.parent / "councillors.csv").open("a", encoding="utf-8") as file:
        file.write("Ada Clerk (clerk),Marlow Parish,E04009999,Marlow Town Council,,clerk@example.org,2026-05-20\n")
    assert people_of(plan, "H05")["Parish or town council"] == ["Ada Clerk (clerk)"]


@pytest.mark.parametrize(
    ("made", "today", "old"),
    [
        ("2026-05-06", dt.date(2026, 11, 25), True),
        ("2026-05-08", dt.date(2026, 11, 25), False),
        ("2025-06-01", dt.date(2026, 5, 6), False),
    ],
)
def test_a_list_from_before_the_elections_is_said(made: str, today: dt.date, old: bool) -> None:
    people = [Person(name="A", source="members.csv", as_at=made)]
    assert [fault.file for fault in older_than_an_election(people, today)] == (["members.csv"] if old else [])


def test_details_that_cannot_be_right_are_said() -> None:
    people = [
        Person(name="A", role="Clerk", email="a@council", telephone="tbc", source="contacts.csv"),
        Person(name="B", role="Clerk", email="b@example.org", telephone="01632 960 201", source="contacts.csv"),
        Person(name="C", role="PCSO", email="", telephone="101", source="contacts.csv"),
    ]
    assert [fault.column for fault in odd_details(people)] == ["email", "telephone"]


def test_the_nearest_school_is_open_kept_by_the_state_and_near_by_road() -> None:
    plan = Plan.read(bundled_data() / "chilterns" / "plan.toml")
    inputs = read_inputs(plan)
    network = open_network(plan.resolve(str(plan.area.network)))
    rows, _ = find_stakeholders(PeopleFiles(plan, network.system), inputs.homes[4], network, (), TODAY, "England")
    told = [row for row in rows if row.role.endswith(" school")]
    schools = {f"{s.name}, {s.address}": s for s in read_schools(plan.resolve("schools.csv"))}
    assert len(told) >= 2
    assert all("ndependent" not in schools[row.organisation].kind for row in told)
    for row in told:
        chosen = schools[row.organisation]
        of_phase = [s for s in schools.values() if s.phase == chosen.phase and "ndependent" not in s.kind]
        hub = join_places(network, [inputs.homes[4].place.within(network.system)])
        gates = join_points(network, np.array([s.easting_m for s in of_phase]), np.array([s.northing_m for s in of_phase]))
        least_ms = times_at(reach(network, hub, Scenario.TYPICAL, Direction.FROM_SCHOOL), gates).min()
        assert row.minutes == pytest.approx(least_ms / 60_000)


def test_files_are_read_once_for_all_homes(tmp_path: Path) -> None:
    plan = plan_with(tmp_path, "[engagement]", 'police_areas = "wards.gpkg"\n[engagement]')
    inputs = read_inputs(plan)
    network = open_network(plan.resolve(str(plan.area.network)))
    afresh = [
        find_stakeholders(PeopleFiles(plan, network.system), home, network, (), TODAY, "England") for home in inputs.homes[3:6]
    ]
    files = PeopleFiles(plan, network.system)
    first = find_stakeholders(files, inputs.homes[3], network, (), TODAY, "England")
    for name in ("contacts.csv", "councillors.csv", "schools.csv", "police.csv", "wards.gpkg"):
        (plan.path.parent / name).unlink()
    assert [first, *(find_stakeholders(files, home, network, (), TODAY, "England") for home in inputs.homes[4:6])] == afresh
    assert afresh[0] != afresh[1]
