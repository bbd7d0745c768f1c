"""Addresses from the files that users have, near one place.

Files are recognised by their headers: OS Open UPRN, AddressBase Core, AddressBase Plus, or a plain
table with a place. OpenStreetMap's own addresses come from the extract (`osm_features`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engagement.around.address_index import AddressIndex, open_index
from engagement.around.address_kinds import AddressKind, kind_of
from siting.faults import Fault, InputFaultsError
from siting.progress import Progress, silent
from siting.storage.decoding import decode_text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "uprn": ("uprn",),
    "parent_uprn": ("parent_uprn",),
    "classification": ("classification_code", "class"),
    "easting": ("easting", "x_coordinate"),
    "northing": ("northing", "y_coordinate"),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "logical_status": ("status", "logical_status", "blpu_logical_status"),
    "state": ("state", "blpu_state"),
    "postal": ("postal", "addressbase_postal", "postal_address_code"),
    "text": ("single_line_address", "address", "full_address"),
    "sub_building": ("sub_building", "sub_building_name", "sao_text"),
    "building_name": ("building_name", "organisation_name", "organisation", "pao_text"),
    "building_number": ("building_number", "house_number", "housenumber", "pao_start_number"),
    "street": ("street_name", "street", "thoroughfare", "street_description"),
    "town": ("town_name", "town", "post_town", "posttown"),
    "postcode": ("postcode", "postcode_locator"),
}
"""The meaning of columns by the names that files give them; the first that is there counts."""

_FORBIDDEN = re.compile(r"lmk_key|epc|transaction_id|price_paid|inspection_date|current_energy_rating", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One entry of an address file, in metres of the National Grid or of the network."""

    key: str
    uprn: str | None
    parent_uprn: str | None
    text: str
    sub_building: str
    building_name: str
    number: str
    street: str
    town: str
    postcode: str
    x_m: float
    y_m: float
    kind: AddressKind
    building: int | None = None

    @property
    def door(self) -> str:
        """What stands on the door: the flat, the number or the name."""
        return ", ".join(part for part in (self.sub_building, self.building_name, self.number) if part)

    @property
    def written(self) -> str:
        """The address on one line, or what is known in its stead."""
        if self.text:
            return self.text
        house = " ".join(part for part in (self.number, self.street) if part)
        parts = [self.sub_building, self.building_name, house, self.town, self.postcode]
        made = ", ".join(part for part in parts if part)
        return made or f"no address text: find property {self.uprn} at {self.x_m:.0f}, {self.y_m:.0f}"


class AddressFile:
    """An address file, indexed once."""

    def __init__(self, path: Path, *, folder: Path | None = None, progress: Progress = silent) -> None:
        """Recognise the file by its header and index it.

        Raises
        ------
        InputFaultsError
            Where it has no property number or place, or comes from a register that is not for letters.
        """
        header = read_header(path)
        columns = recognise(path, header)
        self.path = path
        self.index: AddressIndex = open_index(path, columns, folder=folder, progress=progress)

    def near(self, x_m: float, y_m: float, reach_m: float) -> list[Address]:
        """Return the entries within a square of twice `reach_m` round a place (EPSG:27700), in the order of their keys."""
        rows = self.index.near(x_m, y_m, reach_m)
        addresses = [_address(row) for row in rows]
        return sorted(addresses, key=lambda address: address.key)

    def find(self, uprn: str) -> Address | None:
        """Return the entry of one property number."""
        row = self.index.find(int(uprn))
        return _address(row) if row else None


def read_header(path: Path) -> list[str]:
    """Read the names of an address file's columns."""
    with path.open("rb") as file:
        line = decode_text(file.readline())
    return [name.strip().strip('"') for name in line.rstrip("\r\n").split(",")]


def recognise(path: Path, header: list[str]) -> dict[str, str]:
    """Return the file's column for each meaning that it has.

    Raises
    ------
    InputFaultsError
        As `AddressFile`.
    """
    if any(_FORBIDDEN.search(name) for name in header):
        fault = Fault(
            file=path.name,
            problem="this looks like the energy performance or price paid register, whose licence is not for letters",
            remedy="Use OS Open UPRN, AddressBase, OpenStreetMap or a list of your own",
        )
        raise InputFaultsError([fault])
    named = {re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"): name for name in header}
    columns = {}
    for meaning, names in COLUMNS.items():
        found = next((named[name] for name in names if name in named), None)
        if found is not None:
            columns[meaning] = found
    placed = {"easting", "northing"} <= columns.keys() or {"latitude", "longitude"} <= columns.keys()
    if not placed:
        fault = Fault(
            file=path.name,
            row=1,
            problem="no columns with a place were found in this address file",
            remedy="It needs UPRN with X_COORDINATE and Y_COORDINATE, or easting and northing, or latitude and longitude",
        )
        raise InputFaultsError([fault])
    return columns


def _address(row: Mapping[str, str]) -> Address:
    uprn = row.get("uprn") or None
    x_m, y_m = float(row["x_m"]), float(row["y_m"])
    return Address(
        key=uprn.zfill(12) if uprn else f"place-{x_m:.2f}-{y_m:.2f}-{row.get('text', '')}",
        uprn=uprn,
        parent_uprn=row.get("parent_uprn") or None,
        text=row.get("text", ""),
        sub_building=row.get("sub_building", ""),
        building_name=row.get("building_name", ""),
        number=row.get("building_number", ""),
        street=row.get("street", ""),
        town=row.get("town", ""),
        postcode=row.get("postcode", ""),
        x_m=x_m,
        y_m=y_m,
        kind=kind_of(
            row.get("classification", ""),
            logical_status=row.get("logical_status", ""),
            state=row.get("state", ""),
            postal=row.get("postal", ""),
        ),
    )
