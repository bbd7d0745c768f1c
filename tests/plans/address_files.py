"""The sample's addresses as other suppliers, other years and Excel would write them."""

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

from siting.inputs.address_formats import PLUS_HEADER

Row = dict[str, str]
_SHORT = {"Road": "Rd", "Close": "Cl", "Lane": "Ln", "Way": "Way", "Street": "St", "Avenue": "Ave"}


def read_rows(path: Path) -> list[Row]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def write_rows(path: Path, rows: list[Row], *, delimiter: str = ",", order: random.Random | None = None) -> None:
    names = list(rows[0])
    if order is not None:
        order.shuffle(names)
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, fieldnames=names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(content.getvalue(), encoding="utf-8")


def without_numbers(rows: list[Row]) -> list[Row]:
    return [row | {"uprn": "", "parent_uprn": ""} for row in rows]


def in_capitals(rows: list[Row]) -> list[Row]:
    return [row | {name: value.upper() for name, value in row.items() if not name.endswith("ing")} for row in rows]


def abbreviated(rows: list[Row]) -> list[Row]:
    def short(text: str) -> str:
        return " ".join(_SHORT.get(word.strip(","), word) for word in text.replace(",", " ").split())

    return [row | {name: short(row[name]) for name in ("single_line_address", "street_name")} for row in rows]


def by_columns_alone(rows: list[Row]) -> list[Row]:
    return [row | {"single_line_address": ""} for row in rows]


def by_line_alone(rows: list[Row]) -> list[Row]:
    columns = ("sub_building", "building_name", "building_number", "street_name", "town_name", "postcode")
    return [row | dict.fromkeys(columns, "") for row in rows]


def a_metre_off(rows: list[Row]) -> list[Row]:
    return [
        row | {"easting": f"{float(row['easting']) + 0.9:.2f}", "northing": f"{float(row['northing']) - 0.7:.2f}"} for row in rows
    ]


def with_another_town(rows: list[Row]) -> list[Row]:
    """As the post town is written beside the locality in some years."""
    return [row | {"single_line_address": row["single_line_address"].replace(", SL7", ", BUCKS, SL7")} for row in rows]


CHANGES: dict[str, Callable[[list[Row]], list[Row]]] = {
    "without numbers": without_numbers,
    "in capitals": in_capitals,
    "abbreviated": abbreviated,
    "by columns alone": by_columns_alone,
    "by line alone": by_line_alone,
    "a metre off": a_metre_off,
    "with another town": with_another_town,
}


def write_plus_chunk(path: Path, rows: list[Row]) -> None:
    """AddressBase Plus as it is delivered: no header, the number as a span, half the rows without Royal Mail's part."""
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    for at, row in enumerate(rows):
        digits = "".join(c for c in row["building_number"] if c.isdigit())
        known = {
            "UPRN": row["uprn"], "CHANGE_TYPE": "I", "STATE": "2", "CLASS": row["classification_code"],
            "PARENT_UPRN": row["parent_uprn"], "X_COORDINATE": row["easting"], "Y_COORDINATE": row["northing"], "RPC": "1",
            "LOCAL_CUSTODIAN_CODE": "440", "COUNTRY": "E", "SAO_TEXT": row["sub_building"], "PAO_START_NUMBER": digits,
            "PAO_START_SUFFIX": row["building_number"].removeprefix(digits), "PAO_TEXT": row["building_name"],
            "STREET_DESCRIPTION": row["street_name"].upper(), "TOWN_NAME": row["town_name"].upper(),
            "ADMINISTRATIVE_AREA": "BUCKINGHAMSHIRE", "POSTCODE_LOCATOR": row["postcode"], "ADDRESSBASE_POSTAL": "L",
        }  # fmt: skip
        if at % 2:
            known |= {
                "BUILDING_NUMBER": digits,
                "THOROUGHFARE": row["street_name"].upper(),
                "POST_TOWN": row["town_name"].upper(),
            }
            known |= {"POSTCODE": row["postcode"], "ADDRESSBASE_POSTAL": "D", "UDPRN": str(at)}
        writer.writerow([known.get(name, "") for name in PLUS_HEADER])
    path.write_text(content.getvalue(), encoding="utf-8")


def write_ngd(path: Path, rows: list[Row]) -> None:
    """NGD Address: the place as well-known text, other names of columns."""
    written = [
        {
            "osid": "x", "uprn": row["uprn"], "geometry": f"POINT ({row['easting']} {row['northing']})",
            "addressclassificationcode": row["classification_code"], "fulladdress": row["single_line_address"],
            "subname": row["sub_building"], "name": row["building_name"], "number": row["building_number"],
            "streetname": row["street_name"], "townname": row["town_name"], "postcode": row["postcode"],
            "addressstatus": "Approved", "buildstatus": "Built Complete", "parentuprn": row["parent_uprn"],
        }
        for row in rows
    ]  # fmt: skip
    write_rows(path, written)
