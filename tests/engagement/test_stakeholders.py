"""Who is to be contacted, from files as they come; a role without a person is an open task."""

import shutil
from pathlib import Path

import pytest

from engagement.stakeholder_files import name_of, read_councillors, read_named_contacts, read_schools
from engagement.stakeholders import find_stakeholders, is_generalised
from siting.bundled import bundled_data
from siting.faults import InputFaultsError
from siting.inputs import read_inputs
from siting.network_cache import open_network
from siting.plan import Plan

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


def people_of(plan: Plan, home_id: str) -> dict[str, list[str]]:
    inputs = read_inputs(plan)
    network = open_network(plan.resolve(str(plan.area.network)))
    home = next(home for home in inputs.homes if home.row.home_id == home_id)
    rows, _ = find_stakeholders(inputs, home, network, ())
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
