"""Places of property numbers, from address files as they come."""

from pathlib import Path

import pytest

from siting.faults import InputFaultsError
from siting.inputs.locating import locate_table
from siting.inputs.rows import HomeRow
from siting.inputs.tables import read_table
from siting.inputs.uprns import find_uprns


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("UPRN,X_COORDINATE,Y_COORDINATE", "utf-8"),
        ('"UPRN","X_COORDINATE","Y_COORDINATE"', "utf-8-sig"),
        ("uprn,easting,northing", "cp1252"),
        ("street,northing,easting,uprn", "cp1252"),
    ],
)
def test_columns_are_found_by_name(tmp_path: Path, header: str, encoding: str) -> None:
    values = {
        "uprn": "100",
        "x": "486600.5",
        "y": "193000.25",
        "street": '"Café, Heol y Dŵr"' if encoding != "cp1252" else '"St John’s Café – £"',
    }
    names = [name.strip('"').lower() for name in header.split(",")]
    cells = [
        values[{"easting": "x", "northing": "y", "x_coordinate": "x", "y_coordinate": "y"}.get(name, name)] for name in names
    ]
    other = ["7" if name == "uprn" else cell for name, cell in zip(names, cells, strict=True)]
    path = tmp_path / "addresses.csv"
    path.write_text("\n".join([header, ",".join(other), ",".join(cells), ""]), encoding=encoding)
    assert find_uprns([path], ["100", "5", "not a number"]) == {100: (486_600.5, 193_000.25)}


def test_rows_without_a_place_answer_with_nothing(tmp_path: Path) -> None:
    path = tmp_path / "addresses.csv"
    path.write_text("uprn,easting,northing\n100,,\n101,east,north\n 102 , 486600 , 193000 \n", encoding="utf-8")
    assert find_uprns([path], ["100", "101", "102"]) == {102: (486_600.0, 193_000.0)}


def test_a_file_that_says_no_place_is_named(tmp_path: Path) -> None:
    path = tmp_path / "addresses.csv"
    path.write_text("uprn,street\n100,High Street\n", encoding="utf-8")
    with pytest.raises(InputFaultsError, match=r"addresses\.csv"):
        find_uprns([path], ["100"])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("uprn;X;Y\n100;486600;193000\n", (486_600.0, 193_000.0)),
        ("UPRN,lat,lon\n100,51.628,-0.748\n", (486_757.0, 193_020.0)),
    ],
)
def test_what_the_engagement_reads_is_read_here_too(tmp_path: Path, text: str, place: tuple[float, float]) -> None:
    path = tmp_path / "addresses.csv"
    path.write_text(text, encoding="utf-8")
    assert find_uprns([path], ["100"])[100] == pytest.approx(place, abs=150)


def test_a_file_that_is_no_csv_is_a_fault_of_that_file(tmp_path: Path) -> None:
    path = tmp_path / "addresses.csv"
    path.write_text('uprn,easting,northing\n1,2,3\n4,"5,6\n7,8,9,10,11\n', encoding="utf-8")
    with pytest.raises(InputFaultsError, match=r"addresses\.csv, row 3: the address file cannot be read .* Save it again as CSV"):
        find_uprns([path], ["1"])


def test_a_number_at_two_places_is_at_neither(tmp_path: Path) -> None:
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text("uprn,x,y\n1,486600,193000\n1,486601,193000\n2,486600,193000\n2,497000,193000\n", encoding="utf-8")
    second.write_text("uprn,x,y\n1,486610,193000\n3,486600,193000\n", encoding="utf-8")
    assert find_uprns([first, second], ["1", "2", "3"]) == {1: (486_600, 193_000), 2: None, 3: (486_600, 193_000)}
    homes = tmp_path / "homes.csv"
    homes.write_text("home_id,uprn\nH1,1\nH2,2\n", encoding="utf-8")
    placed, faults = locate_table(read_table(homes, HomeRow), (first, second))
    assert set(placed) == {2}
    assert [(fault.row, "at two places" in fault.problem) for fault in faults] == [(3, True)]
