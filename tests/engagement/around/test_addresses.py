"""Address files are known by their headers, indexed once and never read whole."""

from pathlib import Path

import pytest

from engagement.around.addresses import AddressFile, read_header, recognise
from siting.faults import InputFaultsError

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
        recognise(tmp_path / "a.csv", read_header(tmp_path / "a.csv"))


def test_the_index_is_made_again_when_the_file_changes(tmp_path: Path) -> None:
    assert len(file_of(tmp_path, OPEN_UPRN).near(485_600, 186_400, 50)) == 2
    assert len(file_of(tmp_path, OPEN_UPRN + "5,485601,186401,51.57,-0.77\n").near(485_600, 186_400, 50)) == 3
