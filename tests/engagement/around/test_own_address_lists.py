"""Address lists that people made themselves: their headings are understood, what is not read is told, what is in doubt stops."""

from pathlib import Path

import pytest

from engagement.around.addresses import AddressFile
from siting.faults import InputFaultsError

ROW = "485600,186400"


def file_of(folder: Path, text: str | bytes) -> AddressFile:
    (folder / "a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return AddressFile(folder / "a.csv", folder=folder / "cache")


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(InputFaultsError) as told:
        file_of(folder, text)
    return str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "Address,Eastings,Northings,Pcode\n1 High St,485600,186400,SL7 1QN\n",
        "Property Address;X coord;Y coord;Post Code\n1 High St;485600;186400;SL7 1QN\n",
        "sep=;\nAddress;Easting;Northing;Postcode\n1 High St;485600;186400;SL7 1QN\n",
        "Near 3 High St, all\n\nBy: property; autumn\nAddress,Easting,Northing,Postcode\n1 High St,485600,186400,SL7 1QN\n",
        "Adress,Eastng,Northng,Postcde\n1 High St,485600,186400,SL7 1QN\n",
        "Address\tEasting\tNorthing\tPostcode\r\n1 High St\t485600\t186400\tSL7 1QN\r\n\r\n",
        "\ufeffAddress,Easting,Northing,Postcode,\n1 High St,485600,186400,SL7 1QN,\n",
        '"Address","Easting\n(m)","Northing\n(m)","Post\ncode"\n"1 High St",485600,186400,SL7 1QN\n',
    ],
)
def test_headings_as_people_write_them_are_read(tmp_path: Path, text: str) -> None:
    (found,) = file_of(tmp_path, text).near(485_600, 186_400, 5)
    assert (found.text, found.postcode) == ("1 High St", "SL7 1QN")


def test_lines_of_an_address_are_put_together(tmp_path: Path) -> None:
    lines = f"Address line 1,Address line 2,Address line 3,Easting,Northing\nFlat 2,12 Mill Road,,{ROW}\n"
    (found,) = file_of(tmp_path, lines).near(485_600, 186_400, 5)
    assert found.written == "Flat 2, 12 Mill Road"


def test_what_was_taken_and_what_is_not_read_is_told_of_one_s_own_list_and_not_of_a_product(tmp_path: Path) -> None:
    own = file_of(tmp_path, f"Title\nAddress,Eastings,Northings,Owner,Post area\n1 High St,{ROW},Mr A,SL7\n")
    told = "\n".join(map(str, own.warnings))
    assert 'row 2: columns taken by what they mean: "Eastings" for easting, "Northings" for northing' in told
    assert 'columns that are not read: "Owner", "Post area"' in told
    assert "Mr A" not in told
    assert file_of(tmp_path, f"UPRN,X_COORDINATE,Y_COORDINATE,RPC\n1,{ROW},2\n").warnings == ()
    assert file_of(tmp_path, f"address,easting,northing\n1 High St,{ROW}\n").warnings == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            f"Address,Easting,Northing,Postcode,Postcode\nx,{ROW},SL7 1QN,SL7 1QX\n",
            "row 1, column Postcode: two columns have this name",
        ),
        (f"Address,Easting,easting,Northing\nx,{ROW},186400\n", "two columns have this name"),
        (
            f"Title\nAddress,Easting,Northing\nx,{ROW}\n12, High St,{ROW}\n",
            "row 4: the address file cannot be read (the row has 4 cells and the header 3)",
        ),
        (
            f"Address,Easting,Northing\nx,{ROW}\nSource: the council\n",
            "row 3: the address file cannot be read (the row has 1 cells and the header 3)",
        ),
        ("Address,Postcode\n1 High St,SL7 1QN\n", "no columns with a place"),
        (b"PK\x03\x04rest", "this is a spreadsheet"),
        ("\n\n", "there is no address"),
        ("Address,Easting,Northing\n", "there is no address"),
    ],
)
def test_what_cannot_be_read_is_refused_in_its_row(tmp_path: Path, text: str | bytes, words: str) -> None:
    assert words in refused(tmp_path, text)


def test_two_columns_that_nobody_reads_may_have_one_name(tmp_path: Path) -> None:
    text = f"Address,Easting,Northing,Notes,notes,,\nx,{ROW},a,b,c,d\n"
    assert len(file_of(tmp_path, text).near(485_600, 186_400, 5)) == 1
