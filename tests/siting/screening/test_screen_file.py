"""What is wrong with a screen file, or with a file that it names, is said all at once; nothing is guessed."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from siting.faults import InputFaultsError, Severity
from siting.inputs.authorities import open_authorities
from siting.inputs.establishments import read_establishments
from siting.inputs.need import read_need
from siting.inputs.screen import Screen
from siting.inputs.screen_inputs import read_screen_inputs
from siting.pipeline.screen import run_screen
from siting.storage.database import connect

GIAS = (
    "URN,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),Postcode,Easting,Northing\n"
    '100001,"Oak Hill, the school",Community special school,Open,HP11 2JZ,486000,193000\n'
    '100002,Elm,Academy special converter,"Open, but proposed to close",HP11 2JZ,,\n'
    "100003,Ash,Foundation special school,Closed,HP11 2JZ,486000,193000\n"
    "100004,Fir,Community school,Open,HP11 2JZ,486000,193000\n"
    "100005,Yew,Community special school,Open,,0,0\n"
)
SCREEN = '[area]\nnetwork = "roads.osm.pbf"\n[schools]\ngias = "gias.csv"\nkinds = ["special"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "roads.osm.pbf").write_bytes(b"")
    (tmp_path / "gias.csv").write_bytes(GIAS.encode("cp1252"))
    return tmp_path


def read(folder: Path, text: str) -> Screen:
    (folder / "screen.toml").write_text(text, encoding="utf-8")
    return Screen.read(folder / "screen.toml")


def faults(action: Callable[[], object]) -> list[str]:
    with pytest.raises(InputFaultsError) as error:
        action()
    return [str(fault) for fault in error.value.faults]


def test_every_misspelt_key_is_named_at_once(folder: Path) -> None:
    text = (
        SCREEN
        + '[rules]\nminuts = 45\nscenarios = ["rush"]\n[regions]\ncount = 0\n[places]\npostcodes = ["HP111"]\n[model]\nx = 1\n'
    )
    told = faults(lambda: read(folder, text))
    assert any("rules.minuts" in one and "Did you mean minutes" in one for one in told)
    assert any("rules.scenarios" in one for one in told)
    assert any("regions.count" in one for one in told)
    assert any("places" in one and "neither a postcode area" in one for one in told)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[area]\nnetwork = "roads.osm.pbf"\n[schools]\n', "give either gias"),
        ('[area]\nnetwork = "roads.osm.pbf"\n[schools]\ntable = "gias.csv"\nkinds = ["special"]\n', "kinds are those of"),
        ('[schools]\ngias = "gias.csv"\n', "area: this key is missing"),
        (SCREEN + '[places]\ntable = "gias.csv"\npostcodes = ["HP"]\n', "not both"),
        (SCREEN + "[rules]\nminutes = 500\n", "rules.minutes"),
        (SCREEN + "[rules]\ndirections = []\n", "rules.directions"),
        (SCREEN + "[model]\nturn_delays = 3\n", "Did you mean turn_delay"),
        (SCREEN.replace("gias.csv", "other.csv"), "the file other.csv is not there"),
        (SCREEN + '[councils]\nboundaries = "a.gpkg"\nneed = "b.csv"\n', "the file b.csv is not there"),
        ("title = Screen\n", "not valid TOML"),
    ],
)
def test_what_cannot_be_meant_is_a_fault(folder: Path, text: str, words: str) -> None:
    assert any(words in one for one in faults(lambda: read(folder, text)))


def test_schools_of_the_register_are_those_open_and_of_the_kinds(folder: Path) -> None:
    inputs = read_screen_inputs(read(folder, SCREEN))
    schools = inputs.schools
    assert list(zip(schools.ids, schools.names, schools.places.known, strict=True)) == [
        ("100001", "Oak Hill, the school", True),
        ("100002", "Elm", True),
        ("100005", "Yew", False),
    ]
    told = " ".join(map(str, inputs.warnings))
    assert "1 school that is closed or not yet open" in told
    assert "row 3: these schools are placed by their postcode" in told
    assert "row 6: these schools have no place" in told
    assert inputs.places is None


def test_a_real_download_is_read(shared_data: Path) -> None:
    schools, told = read_establishments(shared_data / "places" / "gias-columns-synthetic.csv")
    assert len(schools) == 60
    assert not [one for one in told if one.severity is Severity.FAULT]
    primary, _ = read_establishments(shared_data / "places" / "gias-primary.csv")
    assert len(primary) > 10_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,place\nOak,HP11 2JZ\n", "column URN: this column is missing"),
        ("name,place\nOak,HP11 2JZ\n", "column Northing: this column is missing"),
        ("", "the file is empty"),
        ("<!DOCTYPE html>\n<title>Sign in</title>\n", "a web page"),
        (GIAS.replace('"Oak Hill, the school"', '"Oak Hill'), "quotation marks of a cell do not match"),
        (GIAS.replace("486000,193000", "#REF!,193000"), "row 2, column Easting: the cell holds an error (#REF!)"),
        (GIAS.replace("486000,193000", "4860k,193000"), "row 2, column Easting: this is not a number"),
        (
            GIAS.replace("special school,Open", "special school,Maybe"),
            "rows 2 and 6, column status: whether such a school",
        ),
        (GIAS.replace("Northing", "Norhtin"), "Rename the column Norhtin to Northing"),
        (GIAS.replace('"Oak Hill, the school"', "Oak Hill, the school"), "row 2: the row has 8 cells and the header only 7"),
        (GIAS.replace("100001", "1x"), "this is no URN"),
        (GIAS.replace("100002", "100001"), "stands in the file twice"),
        (GIAS.replace("special", "other"), "Kinds in the file are"),
    ],
)
def test_a_register_that_is_something_else_is_refused(folder: Path, text: str, words: str) -> None:
    (folder / "gias.csv").write_text(text, encoding="utf-8")
    assert any(words in one for one in faults(lambda: read_screen_inputs(read(folder, SCREEN))))


def _as_excel(path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Results")
        sheet.write(0, 0, "Schools and colleges")
        for row, cells in enumerate(csv.reader(io.StringIO(GIAS)), start=2):
            sheet.write_row(row, 0, cells)
        sheet.set_row(5, None, None, {"hidden": True})
        book.add_worksheet("Notes").write(0, 0, "Downloaded in March")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f"Schools, March\n\n{GIAS}".replace(",", ";").encode("utf-16"), ()),
        (f"sep=,\n{GIAS}".encode("cp1252"), ()),
        (GIAS.replace("EstablishmentName", "Establishment Nme").encode(), ("for EstablishmentName",)),
        ((GIAS + ",Total,,,,,\n").encode(), ("a total or another sum",)),
        (None, ('not "Notes"', "the row is left out: hidden")),
        (GIAS.replace(",Open,", ",,").encode(), ()),
        (GIAS.replace("Status (name)", "Opened").encode(), ("no column says which schools are open",)),
    ],
)
def test_a_register_is_read_as_other_tables_are(tmp_path: Path, content: bytes | None, told: tuple[str, ...]) -> None:
    path = tmp_path / "gias.csv"
    _as_excel(path) if content is None else path.write_bytes(content)
    schools, faults = read_establishments(path)
    assert not [one for one in faults if one.severity is Severity.FAULT], faults
    assert {(one.urn, one.easting_m) for one in schools} >= {("100001", 486000.0), ("100002", None)}
    said = " ".join(map(str, faults))
    assert all(words in said for words in told), said


def test_a_place_that_is_not_in_britain_is_no_schools_place(tmp_path: Path) -> None:
    (tmp_path / "gias.csv").write_text(GIAS.replace("486000,193000", "51.63,-0.74"), encoding="utf-8")
    schools, faults = read_establishments(tmp_path / "gias.csv")
    assert schools[0].easting_m is None
    assert any("not in Great Britain" in one.problem and one.row == 2 for one in faults)


def test_faults_of_all_files_are_told_together(folder: Path) -> None:
    (folder / "gias.csv").write_text("name\n", encoding="utf-8")
    (folder / "places.csv").write_text("id,postcode\na,ZZ99 9ZZ\n", encoding="utf-8")
    (folder / "need.csv").write_text("child_ref,authority,children\nc1,Rutland,1\n", encoding="utf-8")
    (folder / "councils.gpkg").write_text("no shapes", encoding="utf-8")
    text = SCREEN + '[places]\ntable = "places.csv"\n[councils]\nboundaries = "councils.gpkg"\nneed = "need.csv"\n'
    told = faults(lambda: read_screen_inputs(read(folder, text)))
    assert {one.split(",")[0].split(":")[0] for one in told} == {"gias.csv", "places.csv", "need.csv", "councils.gpkg"}


def test_need_is_counts_by_council(tmp_path: Path) -> None:
    path = tmp_path / "need.csv"
    path.write_text(
        'Table A\nLocal authority,Children looked after\nRutland,35\nEssex,"1,050"\nCity of London,c\n', encoding="utf-8"
    )
    need, told = read_need(path)
    assert dict(need.children) == {"Rutland": 35, "Essex": 1050, "City of London": None}
    assert not told


def test_the_column_of_its_own_name_is_the_count(tmp_path: Path) -> None:
    path = tmp_path / "need.csv"
    path.write_text("number,authority,children\n1,Rutland,35\n2,Essex,1050\n", encoding="utf-8")
    assert dict(read_need(path)[0].children) == {"Rutland": 35, "Essex": 1050}


def test_need_of_two_years_is_asked_about_and_hidden_rows_are_said(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "need.xlsx"
    for years in (("2024",), ("2019", "2024")):
        with xlsxwriter.Workbook(path) as book:
            for year in years:
                sheet = book.add_worksheet(year)
                for row, cells in enumerate((("authority", "children"), ("Rutland", 35), ("Essex", 1050))):
                    sheet.write_row(row, 0, cells)
                sheet.set_row(2, None, None, {"hidden": True})
        need, told = read_need(path)
        if len(years) == 1:
            assert dict(need.children) == {"Rutland": 35}
            assert [(fault.row, fault.severity) for fault in told] == [(3, Severity.WARNING)]
        else:
            assert 'several sheets have councils and children: "2019", "2024"' in told[0].problem


def test_boundaries_without_a_name_are_a_fault(tmp_path: Path) -> None:
    shapes = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)]
    gpd.GeoDataFrame({"name": ["A", None]}, geometry=shapes, crs=27700).to_file(tmp_path / "councils.gpkg")
    authorities, told = open_authorities(tmp_path / "councils.gpkg")
    assert authorities is None
    assert "rows without a name" in told[0].problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("child_ref,authority,children\nc1,Rutland,1\n", "says who a child is"),
        ("authority,children,date of birth\nRutland,1,2012-01-01\n", "says who a child is"),
        ("authority,children\nRutland,1\nRutland Council,1\n", "stand in it more than once"),
        ("authority,children\nRutland,many\n", "not a whole number"),
        ("authority,share\nRutland,3\n", "no row of headings"),
        ("authority,children\n", "there is no council in it"),
        ("authority,number,cla\nRutland,1,35\n", "this may be the column number or cla"),
        ("%PDF-1.4", "a PDF"),
    ],
)
def test_a_table_of_single_children_or_of_something_else_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "need.csv").write_text(text, encoding="utf-8")
    _, told = read_need(tmp_path / "need.csv")
    assert any(words in str(one) for one in told)


def test_need_stands_beside_cover_by_council(
    tmp_path: Path, road_points: Callable, write_points: Callable, write_screen: Callable
) -> None:
    """Two councils of which one goes on beyond the extract, one without a published figure; and one unknown to the boundaries."""
    places = road_points(300, 4)
    west, east = places[:, 0].min() - 500, places[:, 0].max() + 500
    south, north = places[:, 1].min() - 500, places[:, 1].max() + 500
    middle = float(places[:, 0].mean())
    shapes = [shapely.box(west, south, middle, north), shapely.box(middle, south, east + 90_000, north)]
    frame = gpd.GeoDataFrame({"name": ["Westshire", "Eastshire"]}, geometry=shapes, crs=27700)
    frame.to_file(tmp_path / "councils.gpkg", driver="GPKG")
    (tmp_path / "need.csv").write_text(
        "authority,children\nWestshire County Council,120\nEastshire,c\nElsewhere,9\n", encoding="utf-8"
    )
    write_points(tmp_path / "schools.csv", "s", road_points(4, 5))
    write_points(tmp_path / "places.csv", "p", places)
    path = write_screen(tmp_path, minutes=15)
    path.write_text(path.read_text() + '[councils]\nboundaries = "councils.gpkg"\nneed = "need.csv"\n', encoding="utf-8")
    outcome = run_screen(path, tmp_path / "out", workers=1)
    assert "1 council of it is not among the boundaries (Elsewhere)" in " ".join(map(str, outcome.warnings))
    table = pd.read_csv(tmp_path / "out" / "councils.csv", encoding="utf-8-sig").set_index("authority")
    assert table["children"].to_dict() == pytest.approx({"Westshire": 120, "Eastshire": float("nan")}, nan_ok=True)
    assert table["wholly_on_the_map"].to_dict() == {"Westshire": "yes", "Eastshire": "no"}
    assert table["places"].sum() == 300
    assert table["schools"].sum() == 4
    schools = pd.read_csv(tmp_path / "out" / "schools.csv", encoding="utf-8-sig")
    with connect() as database:
        (reached,) = database.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(tmp_path / "out" / "reached.parquet")]
        ).fetchone()
    assert 0 < table["places_reached"].sum() <= schools["places_within_school_run"].sum()
    assert table["places_reached"].sum() == reached
    few = table["share_reached"]["Westshire"] < 0.5
    assert ("120 children are counted by councils" in " ".join(outcome.summary)) == few
    assert (table["places_reached_by_two"] <= table["places_reached"]).all()
