"""Spreadsheets of many makes, each as a whole: which rows are read, and which rows and columns are asked about."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook

from siting.faults import stopping
from siting.inputs.locating import locate_table
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.inputs.tables import read_table

Asked = set[tuple[int | None, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A text as its lines, which of its rows are read, and which rows and columns are asked about."""

    row_type: type[PlacedRow]
    lines: tuple[str, ...]
    read: tuple[int, ...]
    asked: Asked
    end: str = "\n"
    encoding: str = "utf-8"


TEXTS = {
    "an agent's export without postcodes": Kept(
        row_type=HomeRow,
        lines=(
            "Property ID,Display Address,Price,Price Qualifier,Beds,Baths,Added On",
            '1,"Mill Road, HP11","\xa3425,000",Guide Price,4,2,Added on 03/11/2026',
            '2,Hill,"\xa3395,000",Offers in Excess of,3,1,x',
        ),
        read=(),
        asked={(1, "Beds"), (1, "postcode")},
    ),
    "an agent's words for price, bedrooms and state": Kept(
        row_type=HomeRow,
        lines=(
            "listing_id,postcode,price,bedrooms,status",
            "1,HP11 2PX,OIEO \xa3325000,4,Sold STC",
            '2,HP13 5SU,"\xa31,200 pcm",Studio,candidate',
            "3,HP6 5ES,325-350k,3+1,candidate",
            "4,SL7 1QN,425000,five,Under offer",
            "5,SL7 1AA,425000,4,open",
            "6,HP5 1AX,425000,0,open",
        ),
        read=(6,),
        asked={
            (2, "price"),
            (2, "status"),
            (3, "bedrooms"),
            (3, "price"),
            (4, "bedrooms"),
            (4, "price"),
            (5, "bedrooms"),
            (5, "status"),
            (7, "bedrooms"),
        },
    ),
    "a page's number and its headings again": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Postcode,Price",
            "H1,HP11 2PX,425000",
            "Page 1 of 2,,",
            "\ufeffRef,Postcode,Price",
            "H2,HP13 5SU,395000",
        ),
        read=(2, 5),
        asked={(3, None)},
    ),
    "subtotals of areas, their titles and a source": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Postcode,Bedrooms",
            "Wycombe,,",
            "H1,HP11 2PX,4",
            "Wycombe subtotal,,4",
            "Marlow,,",
            "H2,SL7 1QN,3",
            "Marlow sub-total,,3",
            "Grand total,,7",
            "",
            "Source: agents,,",
        ),
        read=(3, 6),
        asked={(2, None), (5, None), (10, None), (10, "Ref")},
    ),
    "letters of no width, and spaces that do not break": Kept(
        row_type=HomeRow,
        lines=(
            "Ref\u200b,Post\xa0code,Price",
            "H1\u200b,HP11\xa02PX\u200b,\u200b425000",
            "H2\xad,HP13 5SU,395\u202f000",
        ),
        read=(2, 3),
        asked=set(),
    ),
    "a Macintosh's letters": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Postcode,Address,Price",
            "H1,HP11 2PX,Caf\xe9,\xa3425000",
        ),
        read=(2,),
        asked=set(),
        end="\r",
        encoding="mac-roman",
    ),
    "line ends of three kinds, and commas at the end": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Postcode,Price,,\r",
            "H1,HP11 2PX,425000,,",
            "H2,HP13 5SU,395000,,\rH3,SL7 1QN,500000,,\r",
        ),
        read=(2, 3, 4),
        asked=set(),
    ),
    "a comma within a price": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Postcode,Price",
            "H1,HP11 2PX,425,000",
            "H2,HP13 5SU,395000",
        ),
        read=(3,),
        asked={(2, None), (2, "Price")},
    ),
    "postcodes as people write them": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Postcode",
            "H1,HPII 2PX",
            "H2,hp112px",
            "H3,HP11",
            "H4,HP11 2",
            "H5,HP11 2PX or HP13 5SU",
            "H6,HP11-2PX",
            "H7,unknown",
            "H8,BT1 1AA",
        ),
        read=(3,),
        asked={
            (2, "postcode"),
            (4, "postcode"),
            (5, "postcode"),
            (6, "postcode"),
            (7, "postcode"),
            (8, "postcode"),
            (9, "postcode"),
        },
    ),
    "degrees in other notations and the other way round": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Latitude,Longitude",
            'H1,"51\xb037\'48""N","0\xb045\'00""W"',
            "H2,N51.63,W0.75",
            "H3,-0.75,51.63",
            "H4,51.63,-0.75",
        ),
        read=(5,),
        asked={(2, "latitude"), (2, "longitude"), (3, "latitude"), (3, "longitude"), (4, "latitude")},
    ),
    "metres the other way round, cut short, in one cell": Kept(
        row_type=HomeRow,
        lines=(
            "Ref,Easting,Northing",
            "H1,193000,486600",
            "H2,4866,1930",
            "H3,486600193000,",
            'H4,"486,600","193,000"',
        ),
        read=(5,),
        asked={(2, "easting"), (3, "easting"), (4, None)},
    ),
    "kilometres": Kept(
        row_type=HomeRow,
        lines=(
            "home_id,Easting (km),Northing (km)",
            "H1,486.6,193",
        ),
        read=(),
        asked={(1, "Easting (km)"), (1, "Northing (km)")},
    ),
    "bedrooms beside places": Kept(
        row_type=HomeRow,
        lines=(
            "home_id,Postcode,Beds,Capacity",
            "H1,HP11 2PX,5,4",
        ),
        read=(2,),
        asked={(1, "Beds")},
    ),
    "a case system's export, whose cells look like headings": Kept(
        row_type=ChildRow,
        lines=(
            "LCS ID,Responsible Authority,Postcode (parental),Solo/Dual,SEN,EHCP",
            "55,Bucks,HP11 2PX,Solo,Y,Y",
            "56,X,HP13 5SU,Solo,Y,Y",
        ),
        read=(),
        asked={(1, "Postcode (parental)"), (1, "Solo/Dual"), (1, "child_ref")},
    ),
    "who a child is": Kept(
        row_type=ChildRow,
        lines=(
            "child_ref,Case name,Ethnicity,Client surname,Home postcode",
            "C1,x,x,x,HP11 2PX",
        ),
        read=(2,),
        asked={(1, "case_name"), (1, "client_surname"), (1, "ethnicity")},
    ),
    "words for no place": Kept(
        row_type=ChildRow,
        lines=(
            "child_ref,postcode,solo",
            "C1,N/K,no",
            "C2,NFA,no",
            "C3,UASC,no",
            "C4,abroad,no",
            "C5,,no",
            "C6,HP11 2PX,no",
        ),
        read=(6, 7),
        asked={(2, "postcode"), (3, "postcode"), (4, "postcode"), (5, "postcode")},
    ),
    "minutes in other notations": Kept(
        row_type=ChildRow,
        lines=(
            "child_ref,postcode,max_minutes",
            "C1,HP11 2PX,0:45",
            "C2,HP11 2PX,45m",
            "C3,HP11 2PX,1h",
            "C4,HP11 2PX,-30",
            "C5,HP11 2PX,45 min",
        ),
        read=(6,),
        asked={(2, "max_minutes"), (3, "max_minutes"), (4, "max_minutes"), (5, "max_minutes")},
    ),
    "totals of councils": Kept(
        row_type=ChildRow,
        lines=(
            "child_ref,postcode,authority",
            "C1,HP11 2PX,Reading",
            "Reading Total,,",
            "C2,SL7 1QN,Luton",
            "Luton Total,,",
        ),
        read=(2, 4),
        asked=set(),
    ),
    "radii in other units": Kept(
        row_type=ExclusionRow,
        lines=(
            "child_ref,postcode,radius_miles",
            "C1,HP11 2PX,5 miles",
            "C2,HP11 2PX,5km",
            "C3,HP11 2PX,500m",
            "C4,HP11 2PX,1/2",
            "C5,HP11 2PX,",
        ),
        read=(2,),
        asked={(3, "radius_miles"), (4, "radius_miles"), (5, "radius_miles"), (6, "radius_miles")},
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_read_right_or_asked_about_in_the_right_row(tmp_path: Path, name: str) -> None:
    kept = TEXTS[name]
    (tmp_path / "t.csv").write_bytes("".join(line + kept.end for line in kept.lines).encode(kept.encoding))
    check(tmp_path / "t.csv", kept.row_type, kept.read, kept.asked)


def check(path: Path, row_type: type[PlacedRow], read: Sequence[int], asked: Asked) -> None:
    table = read_table(path, row_type)
    placed, told = locate_table(table)
    stops = {(fault.row, fault.column) for fault in stopping([*table.faults, *told])}
    assert stops == asked
    unplaced = {row for row, column in asked if column in {"postcode", "latitude", "easting"}}
    assert [row.number for row in table.rows if row.number not in unplaced] == list(read)
    assert all(row.number in placed for row in table.rows if row.number in read and row.value.has_place)


def test_workbooks_with_headings_in_two_rows_units_below_and_times_in_minutes(tmp_path: Path) -> None:
    def book(rows: Sequence[Sequence[object]], *merged: str) -> Path:
        made = Workbook()
        sheet = made.active
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
        made.save(tmp_path / "t.xlsx")
        return tmp_path / "t.xlsx"

    grouped = [["Property", None, "Cost"], ["Ref", "Post code", "Price"], ["H1", "HP11 2PX", 425_000]]
    check(book(grouped, "A1:B1"), HomeRow, [3], set())
    units = [["home_id", "postcode", "price_gbp"], [None, None, "£"], ["H1", "HP11 2PX", 425_000]]
    check(book(units), HomeRow, [3], {(2, "home_id"), (2, "price_gbp")})
    times = [["child_ref", "postcode", "max_minutes"], ["C1", "HP11 2PX", dt.time(0, 45)], ["C2", "HP11 2PX", 45 / 1_440]]
    check(book(times), ChildRow, [], {(2, "max_minutes"), (3, "max_minutes")})
    below = [
        ["Council"],
        [],
        ["Extract:", dt.date(2026, 11, 1)],
        *([] for _ in range(5)),
        ["UPRN", "Asset Ref", "Post Code", "Asset Value"],
    ]
    below += [[100_081_234_567, "A1", "HP11 2PX", 425_000], ["Total", None, None, 425_000]]
    check(book(below), HomeRow, [], {(9, "home_id"), (9, "Asset Value"), (10, "uprn")})
