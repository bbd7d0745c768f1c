"""Address files are known by their headers, indexed once and never read whole."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from engagement.around.address_index import volumes_of
from engagement.around.address_kinds import kind_of
from engagement.around.addresses import AddressFile
from engagement.around.same_address import parts_of
from siting.faults import InputFaultsError
from siting.inputs.address_formats import read_format
from siting.storage.kept import bundled_data

OPEN_UPRN = (
    "\ufeffUPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n"
    "100090000001,485600.00,186400.00,51.57,-0.77\n"
    "1,485610.50,186400.00,51.57,-0.77\n"
)
PLUS = (
    "UPRN,UDPRN,CHANGE_TYPE,STATE,STATE_DATE,CLASS,PARENT_UPRN,X_COORDINATE,Y_COORDINATE,POSTCODE_LOCATOR,STREET_DESCRIPTION,"
    "PAO_START_NUMBER\n"
    "100090000002,,I,2,,RD04,,485600,186400,SL7 1QN,Station Road,12\n"
    "100090000003,,I,4,,RD04,,485602,186400,SL7 1QN,Station Road,14\n"
)


def file_of(folder: Path, text: str | bytes, name: str = "addresses.csv") -> AddressFile:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return AddressFile(folder / name, folder=folder / "cache")


def test_open_uprn_with_a_byte_order_mark(tmp_path: Path) -> None:
    found = file_of(tmp_path, OPEN_UPRN).near(485_600, 186_400, 50)
    assert [address.uprn for address in found] == ["1", "100090000001"]
    assert found[0].x_m == 485_610.5
    assert not found[0].kind.known
    assert "find property 1" in found[0].written


def test_addressbase_plus_leaves_out_what_is_gone(tmp_path: Path) -> None:
    found = file_of(tmp_path, PLUS).near(485_600, 186_400, 50)
    assert [address.kind.left_out for address in found] == [None, "no longer there"]
    assert found[0].written == "12 Station Road, SL7 1QN"


def test_property_numbers_are_never_floats(tmp_path: Path) -> None:
    file = file_of(tmp_path, OPEN_UPRN.replace("100090000001", "199999999999"))
    assert file.find("199999999999") is not None
    assert file.find("000000000001") is not None
    assert file.find("2") is None


def test_a_plain_table_in_windows_letters_and_degrees(tmp_path: Path) -> None:
    text = 'Address,Latitude,Longitude,Postcode\n"Tŷ Mawr, 1 High Street",52.658007833,1.716073973,NR29 3AA\n'
    found = file_of(tmp_path, text).near(651_409.804, 313_177.450, 5)
    assert found[0].written == "Tŷ Mawr, 1 High Street"
    assert abs(found[0].x_m - 651_409.804) < 0.01
    windows = file_of(tmp_path, "Address,Easting,Northing\nSt John’s École – £5,1000,1000\n".encode("cp1252"), "windows.csv")
    assert windows.near(1_000, 1_000, 5)[0].written == "St John’s École – £5"


def test_what_is_far_is_not_answered_and_nothing_near_is_missed(tmp_path: Path) -> None:
    rows = [f"{n},{485_000 + 7 * n},{186_000 + 3 * n}" for n in range(3_000)]
    file = file_of(tmp_path, "UPRN,X_COORDINATE,Y_COORDINATE\n" + "\n".join(rows) + "\n")
    found = {int(a.uprn or 0) for a in file.near(490_000, 188_142, 600)}
    expected = {n for n in range(3_000) if abs(485_000 + 7 * n - 490_000) <= 600 and abs(186_000 + 3 * n - 188_142) <= 600}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LMK_KEY,ADDRESS,UPRN\n1,x,2\n", "energy performance"),
        ("name,colour\na,b\n", "no columns with a place"),
    ],
)
def test_files_that_are_not_for_letters_or_have_no_place(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=words):
        read_format(tmp_path / "a.csv")


def test_the_index_is_made_again_when_the_file_changes(tmp_path: Path) -> None:
    assert len(file_of(tmp_path, OPEN_UPRN).near(485_600, 186_400, 50)) == 2
    assert len(file_of(tmp_path, OPEN_UPRN + "5,485601,186401,51.57,-0.77\n").near(485_600, 186_400, 50)) == 3


CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "engagement"


@pytest.fixture
def case(tmp_path: Path) -> Callable[[str], AddressFile]:
    if not CASES.is_dir():
        pytest.skip("the shared cases are not beside this checkout")
    return lambda name: AddressFile(CASES / name, folder=tmp_path / "cache")


@pytest.mark.parametrize("name", ["plus.csv", "plus_headerless_001.csv", "ngd.csv"])
def test_every_product_gives_the_same_street(name: str, case: Callable[[str], AddressFile]) -> None:
    """Rows without a Royal Mail match too: 1 Station Road has none in Plus."""
    core = (bundled_data() / "chilterns" / "addresses.csv").read_text(encoding="utf-8").splitlines()
    rows = {row["uprn"]: row for row in csv.DictReader(core) if row["street_name"] == "Station Road"}
    found = {address.uprn: address for address in case(name).near(485_580, 186_380, 400)}
    both = {uprn: row for uprn, row in rows.items() if uprn in found}
    assert len(both) > 50
    for uprn, row in both.items():
        assert parts_of(found[uprn].written) == parts_of(row["single_line_address"]), uprn
        told = kind_of(row["classification_code"])
        assert (found[uprn].kind.left_out is None, found[uprn].kind.premises) == (told.left_out is None, told.premises)


def test_premium_s_typed_records_are_put_together(case: Callable[[str], AddressFile]) -> None:
    found = case("premium.csv").near(485_580, 186_380, 100)
    assert [a.written for a in found[:3]] == [f"{n} STATION ROAD, MARLOW, SL7 1QN" for n in (1, 3, 5)]
    assert len(found) == 6


PREMIUM = """10,"GeoPlace",9999,2024-01-01,1,2024-01-01,14:00:00,"1.0","F"
11,"I",1,777,1,4,2,,,8,,,,,,,,,,
15,"I",2,777,"HIGH STREET","BOURNE END","MARLOW","BUCKS","ENG",,,,
15,"I",2,777,"STRYD FAWR","BOURNE END","MARLOW","BUCKS","CYM",,,,
21,"I",3,100000000001,1,2,,,485580,186380,51.5,-0.7,1,440,"E",,,,,"D","SL7 1QN",0
21,"I",3,100000000002,8,4,,,485581,186380,51.5,-0.7,1,440,"E",,,,,"D","SL7 1QN",0
21,"D",3,100000000003,1,2,,,485582,186380,51.5,-0.7,1,440,"E",,,,,"D","SL7 1QN",0
24,"I",4,100000000001,"K2","ENG",8,,,,,,"","","","",1,"","","","OLD NAME",777,"1","","",""
24,"I",4,100000000001,"K1","ENG",1,,,,,2,"A","","","",22,"",29,"","THE MILL",777,"1","","",""
28,"I",5,100000000001,1,"","","FLAT 9","OTHER","","","LOW STREET","","","MARLOW","SL7 1QX","S","1A","","","","","",,,,,
31,"I",6,100000000002,"O","MILL LTD","",,,,
32,"I",7,100000000001,"C2","X","VOA",1,,,,
32,"I",7,100000000001,"C1","RD06","AddressBase Premium Classification Scheme",1,,,,
99,0,12,2024-01-01,14:00:00
"""


def test_of_premium_the_approved_english_address_in_force_counts(tmp_path: Path) -> None:
    first, second = file_of(tmp_path, PREMIUM).near(485_580, 186_380, 50)
    assert (first.sub_building, first.building_name, first.number, first.street) == ("2A", "THE MILL", "22-29", "HIGH STREET")
    assert first.town == "BOURNE END, MARLOW"
    assert first.welsh == "22-29 STRYD FAWR, SL7 1QX"
    assert not first.kind.premises
    assert second.kind.left_out == "a historical record"


def test_volumes_of_one_delivery_are_read_together_and_what_is_missing_is_said(tmp_path: Path) -> None:
    def is_street(line: str) -> bool:
        return line.startswith(("11,", "15,"))

    lines = PREMIUM.splitlines(keepends=True)
    streets, rest = tmp_path / "streets.csv", tmp_path / "rest.csv"
    streets.write_text("".join(line for line in lines if is_street(line)), encoding="utf-8")
    rest.write_text("".join(line for line in lines if not is_street(line)), encoding="utf-8")
    whole = file_of(tmp_path, PREMIUM)
    alone = AddressFile(rest, folder=tmp_path / "cache")
    assert any("have no street" in fault.problem for fault in alone.warnings)
    assert not any("have no street" in fault.problem for fault in whole.warnings)
    files = [AddressFile(path, volumes=others, folder=tmp_path / "cache") for path, others in volumes_of([streets, rest]).items()]
    assert [address for file in files for address in file.near(485_580, 186_380, 50)] == whole.near(485_580, 186_380, 50)
    assert [fault for file in files for fault in file.warnings] == []


@pytest.mark.parametrize(
    "text",
    [
        "UPRN;Address;X;Y\n7;1 High Street;485580;186380\n",
        "uprn,address,lat,lon\n7,1 High Street,51.569498,-0.766503\n",
        "uprn,address,X,Y\n7,1 High Street,-0.766503,51.569498\n",
        "uprn\taddress\tEASTING\tNORTHING\n7\t1 High Street\t485580\t186380\n",
        "uprn,address,geometry\n7,1 High Street,POINT (485580 186380)\n",
        'uprn,address,geometry\n7,1 High Street,"POINT(-0.766503 51.569498)"\n',
    ],
)
def test_places_as_tables_write_them(text: str, tmp_path: Path) -> None:
    (found,) = file_of(tmp_path, text).near(485_580, 186_380, 100)
    assert (found.uprn, found.written) == ("7", "1 High Street")
    assert abs(found.x_m - 485_580) < 60


def test_places_off_the_grid_are_counted_and_take_nothing_else_with_them(tmp_path: Path) -> None:
    text = "uprn,address,lat,lon\n7,1 High Street,51.569498,-0.766503\n8,3 High Street,0,0\n9,5 High Street,-0.7665,51.5695\n"
    file = file_of(tmp_path, text)
    assert [one.uprn for one in file.near(485_580, 186_380, 100)] == ["7"]
    assert "2 of 3 addresses have no place" in file.warnings[0].problem


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_unicode_text_as_excel_saves_it_is_read(tmp_path: Path, encoding: str) -> None:
    text = "uprn\taddress\teasting\tnorthing\n7\t1 Ffordd y Dŵr\t485580\t186380\n"
    (found,) = file_of(tmp_path, text.encode(encoding)).near(485_580, 186_380, 100)
    assert found.written == "1 Ffordd y Dŵr"


def test_a_delivery_of_typed_records_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    blpu = '21,"I",1,{n},1,2,2010-01-01,,1000.0,1000.0,51.5,-0.77,1,440,"E",2010-01-01,,2016-02-10,2010-01-01,"D","SL7 1QN",0'
    head, rows = '10,"GeoPlace",9999,2026-01-01,1,2026-01-01,14:00:00,"1.0","F"', [blpu.format(n=n) for n in (7, 8)]
    whole = "\r\n".join([head, *rows, "99,0,2,2026-01-01,14:00:00"]) + "\r\n"
    assert file_of(tmp_path, whole).index.count() == 2
    assert file_of(tmp_path, "\n".join(rows), "no-header.csv").index.count() == 2
    with pytest.raises(InputFaultsError, match="cut off"):
        file_of(tmp_path, "\n".join([head, *rows]), "cut.csv")


def test_a_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    for name, number in (("a1.csv", 1), ("a[1].csv", 2), ("a*.csv", 3), ("a?.csv", 4)):
        (tmp_path / name).write_text(f"uprn,x,y\n{number},1000,1000\n", encoding="utf-8")
    for name, number in (("a[1].csv", 2), ("a*.csv", 3), ("a?.csv", 4), ("a1.csv", 1)):
        folder = tmp_path / f"kept [{number}] 'x'"
        assert [a.uprn for a in AddressFile(tmp_path / name, folder=folder).near(1000, 1000, 9)] == [str(number)]


def test_what_is_lost_is_counted(tmp_path: Path) -> None:
    text = (
        "uprn,address,x,y\n9.9E+11,1 High Street,1000,1000\n9.9E+11,3 High Street,1000,1000\n5,5 High Street,1002,1000\n"
        "5,5 High Street,1900,1000\n8,8 High Street,,\n12.0,12 High Street,1003,1000\n"
    )
    file = file_of(tmp_path, text)
    assert {a.written for a in file.near(1000, 1000, 50)} == {f"{n} High Street" for n in (1, 3, 5, 12)}
    assert len({a.key for a in file.near(1000, 1000, 50)}) == 4
    told = " ".join(fault.problem for fault in file.warnings)
    assert "1 of 6 addresses have no place" in told
    assert "2 UPRNs were shortened" in told
    assert "1 UPRNs stand at two places" in told
    assert file.find("12") is not None


@pytest.mark.parametrize("text", ["uprn,x,y\n", "", "\n\n", "uprn,x,y\n\n"])
def test_a_file_without_an_address_says_so(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputFaultsError, match="no address in this file"):
        file_of(tmp_path, text)


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    file_of(tmp_path, OPEN_UPRN)
    (index,) = (tmp_path / "cache").rglob("*.parquet")
    index.write_bytes(index.read_bytes()[:100])
    assert len(file_of(tmp_path, OPEN_UPRN).near(485_600, 186_400, 50)) == 2


@pytest.mark.parametrize("change", ["a last line of Excel's", "half of it", "Windows letters too"])
def test_lines_that_end_in_two_ways_are_read_all_the_same(tmp_path: Path, change: str) -> None:
    rows = [f'{n},{480_000 + n},{180_000 + n},"{n} Ffordd y Dŵr, Town"' for n in range(1, 400)]
    head = "uprn,easting,northing,address"
    text = "\n".join([head, *rows]) + "\n"
    match change:
        case "a last line of Excel's":
            content = text.encode() + b"\r\n"
        case "half of it":
            content = text[:9_000].replace("\n", "\r\n").encode() + text[9_000:].encode()
        case _:
            content = (text[:9_000].replace("\n", "\r\n") + text[9_000:]).replace("ŵ", "é").encode("cp1252")
    path = tmp_path / "addresses.csv"
    path.write_bytes(content)
    file = AddressFile(path, folder=tmp_path / "kept")
    assert file.index.count() == 399
    found = file.find("7")
    assert found is not None
    assert found.written.startswith("7 Ffordd y D")
