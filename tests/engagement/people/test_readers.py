"""A reader that finds nothing it knows says so: an error page is no empty list of members."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from openpyxl import Workbook

from engagement.people.areas import open_areas
from engagement.people.contact_details import odd_details
from engagement.people.stakeholder_files import read_councillors, read_named_contacts, read_police_team, read_schools
from siting.crs import MetricSystem
from siting.faults import Fault, InputFaultsError
from siting.words import BNG

PAGE = "<!DOCTYPE html><html><body>Error</body></html>"
MEMBERS = (
    "<councillorsbyward><wards><ward><wardtitle>W</wardtitle><councillors>{}</councillors></ward></wards></councillorsbyward>"
)


@pytest.mark.parametrize(
    ("read", "content", "words"),
    [
        (read_councillors, PAGE, "web page|ModernGov"),
        (read_councillors, "<html><body>Error</body></html>", "a web page"),
        (read_councillors, MEMBERS.format(""), "no councillor"),
        (read_councillors, '{"error": "x"}', "JSON"),
        (read_councillors, "name,colour\nA,red\n", "ward"),
        (read_councillors, "name,ward\n", "no rows"),
        (read_councillors, "who,ward\nA,W\n", "column name"),
        (read_police_team, '{"error": "x"}', "holds error"),
        (read_police_team, '[{"name":"A", ', "cut off"),
        (read_police_team, '[{"title": "x"}]', "nobody in this list"),
        (read_police_team, PAGE, "web page"),
        (read_police_team, "who,rank\nA,PC\n", "column name"),
        (read_schools, "Rhif,Enw'r ysgol,Cyfeiriad\n1,Ysgol y Dref,Stryd Fawr\n", "column EstablishmentName"),
        (read_schools, "EstablishmentName,Easting,Northing\nA,,\n", "no open school"),
        (read_schools, PAGE, "a web page"),
        (read_named_contacts, "Provider,Ann Lead,Care Ltd\nExecutive member,Bo,Council\n", "column role"),
        (read_named_contacts, "", "empty"),
    ],
)
def test_what_is_no_such_list_is_a_fault(read: Callable[[Path], object], content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "list.xml").write_text(content, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=words):
        read(tmp_path / "list.xml")


def test_an_empty_team_is_a_team_of_nobody_and_semicolons_are_read(tmp_path: Path) -> None:
    (tmp_path / "team.json").write_text("[]", encoding="utf-8")
    assert read_police_team(tmp_path / "team.json") == ()
    (tmp_path / "contacts.csv").write_text("Role;Name\nProvider;Ann Lead\n", encoding="utf-8")
    assert [person.name for person in read_named_contacts(tmp_path / "contacts.csv")] == ["Ann Lead"]


@pytest.mark.parametrize(
    ("columns", "name"), [(("Ward_Name", "Ward_Code"), "Marlow"), (("NAME", "CODE"), "Marlow"), (("x", "y"), None)]
)
def test_wards_by_other_names_are_known_or_refused(columns: tuple[str, str], name: str | None, tmp_path: Path) -> None:
    values = {columns[0]: ["Marlow"], columns[1]: ["E05000001"]}
    frame = gpd.GeoDataFrame(values, geometry=[shapely.box(0, 0, 100, 100)], crs="EPSG:27700")
    frame.to_file(tmp_path / "wards_bfc.gpkg", driver="GPKG", engine="pyogrio")
    if name is None:
        with pytest.raises(InputFaultsError, match="no column with an area's code or name"):
            open_areas(tmp_path / "wards_bfc.gpkg", MetricSystem(BNG))
    else:
        (area,) = open_areas(tmp_path / "wards_bfc.gpkg", MetricSystem(BNG)).at(shapely.Point(5, 5))
        assert (area.name, area.code, area.kind) == (name, "E05000001", "ward")


def told(read: Callable[[Path], object], path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputFaultsError) as caught:
        read(path)
    return str(caught.value)


CONTACTS = "role,name,email,telephone\nProvider,Ann Lead,a@example.org,01632 960 001\n"
MEMBER = "name,ward,email\nA Member,Abbey,a@example.org\n"
TEAM = "neighbourhood,name,rank\nMarlow,Sam Example,PC\n"


@pytest.mark.parametrize(
    ("read", "whole"), [(read_named_contacts, CONTACTS), (read_councillors, MEMBER), (read_police_team, TEAM)]
)
def test_what_a_table_of_people_may_lose_is_named_with_its_row_and_column(
    read: Callable[[Path], object], whole: str, tmp_path: Path
) -> None:
    header, row, _ = whole.split("\n")
    cells, names = row.split(","), header.split(",")
    name = cells.index(next(cell for cell in cells if cell.istitle() and " " in cell))

    def with_cell(value: str) -> str:
        return f"{header}\n{','.join(value if index == name else cell for index, cell in enumerate(cells))}\n"

    path = tmp_path / "people.csv"
    assert "row 2, column name: the cell holds an error (#N/A)" in told(read, path, with_cell("#N/A"))
    assert "row 2, column name: a letter of this cell could not be read" in told(read, path, with_cell("A\x07nn"))
    doubled = f"{header},{names[-1]}\n{row},another\n"
    assert f"row 1, column {names[-1]}: two columns have this name" in told(read, path, doubled)
    assert "this column has values and no heading" in told(read, path, f"{header},,x\n{row},another,x\n")
    assert "row 2: the row has" in told(read, path, f"{header}\n{row},another\n")
    assert "column name: this column is missing" in told(read, path, whole.replace("name", "colour", 1))


def test_people_are_read_from_excel_below_a_title_and_what_is_left_out_is_known(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows = [
        ["Contacts, November"],
        [],
        ["Job title", "Full name", "Tel. no.", "Mobile phone", "Emial"],
        ["Provider", "Ann", "", "101"],
    ]
    for cells in [*rows, ["Lead", "Max", "0163 2960001"], ["Lead", "Bo"], ["Total", "3"]]:
        sheet.append(cells)
    sheet.row_dimensions[6].hidden = True
    book.save(tmp_path / "contacts.xlsx")
    warnings: list[Fault] = []
    people = read_named_contacts(tmp_path / "contacts.xlsx", warnings)
    said = "\n".join(map(str, warnings))
    for words in (
        "row 6: the row is left out: hidden",
        "row 7: the row is left out: a total",
        "column Emial: this column is not read",
    ):
        assert words in said
    assert [(one.role, one.name, one.telephone) for one in people] == [
        ("Provider", "Ann", "101"),
        ("Lead", "Max", "0163 2960001"),
    ]


def test_whom_a_list_would_lose_or_merge_is_told_in_its_row(tmp_path: Path) -> None:
    """Members below one whose ward stands once for all; several names in a cell; somebody who is named as nothing."""
    members = tmp_path / "members.csv"
    members.write_text(
        'Ward,Name\nBooker,Jane Doe\n,John Roe\n,\nAbbey,Ann Poe and Bob Low\nAbbey,"Doe, Jane"\n', encoding="utf-8"
    )
    told: list[Fault] = []
    assert len(read_councillors(members, told)) == 4
    assert {(fault.rows, fault.column) for fault in told} == {((3,), "ward"), ((5,), "name")}
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("role,name,telephone\nDirector,Ruth M,1494123456\n,Someone,\nLead,Ann,01494 123456\n", encoding="utf-8")
    told = []
    people = read_named_contacts(contacts, told)
    assert [(fault.rows, fault.column) for fault in told] == [((3,), "role")]
    (odd,) = odd_details(people)
    assert "lacks the 0 with which it begins" in odd.problem
