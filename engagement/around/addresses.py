"""Addresses from the files that users have, near one place.

Which files are known, and by which columns, is said in `siting.inputs.address_formats`. OpenStreetMap's own
addresses come from the extract (`osm_features`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engagement.around.address_index import AddressIndex, open_index
from engagement.around.address_kinds import AddressKind, kind_of
from siting.faults import Fault, Severity
from siting.inputs.address_formats import read_format
from siting.progress import Progress, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One entry of an address file, in metres of the National Grid or of the network.

    `welsh` is the address in Welsh on one line, where the file has it.
    """

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
    welsh: str = ""

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


def address_as_told(uprn: str | None, text: str, place: tuple[float, float] | None, key: str = "") -> Address:
    """Return an address of which no more is known than its number, its line and its place in metres."""
    x_m, y_m = place or (0.0, 0.0)
    return Address(
        key=key, uprn=uprn, parent_uprn=None, text=text, sub_building="", building_name="", number="", street="",
        town="", postcode="", x_m=x_m, y_m=y_m, kind=AddressKind(None, premises=False),
    )  # fmt: skip


def buildings_of_households(addresses: Iterable[Address]) -> frozenset[str]:
    """Return the numbers, without leading zeros, of entries that stand for a building whose households are listed themselves.

    Of two households or more an entry is the parent; of one only where its own class does not say that it is somebody's home
    or premises too, as of a house with an annexe. A garage that names its house as parent makes no building of it.
    """
    known = list(addresses)
    children = {(a.parent_uprn.lstrip("0"), a.key) for a in known if a.parent_uprn and a.kind.left_out is None}
    households = Counter(parent for parent, _ in children)
    told = {a.uprn.lstrip("0") for a in known if a.uprn and a.kind.known and a.kind.left_out is None}
    return frozenset(number for number, count in households.items() if count > 1 or number not in told)


class AddressFile:
    """An address file, indexed once."""

    def __init__(
        self, path: Path, *, volumes: Sequence[Path] = (), folder: Path | None = None, progress: Progress = silent
    ) -> None:
        """Recognise the file by its header and index it, with the other `volumes` of its delivery.

        Raises
        ------
        InputFaultsError
            Where it has no property number or place, or comes from a register that is not for letters.
        """
        self.path = path
        self._is_one_of_several = bool(volumes)
        self.index: AddressIndex = open_index(path, volumes=volumes, folder=folder, progress=progress)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What is wrong with the file as a whole, with counts."""
        own = _warnings(self.path, self.index, one_of_several=self._is_one_of_several)
        return (*read_format(self.path).warnings, *own)

    def near(self, x_m: float, y_m: float, reach_m: float) -> list[Address]:
        """Return the entries within a square of twice `reach_m` round a place (EPSG:27700), in the order of their keys."""
        rows = self.index.near(x_m, y_m, reach_m)
        addresses = [_address(row) for row in rows]
        return sorted(addresses, key=lambda address: address.key)

    def find(self, uprn: str) -> Address | None:
        """Return the entry of one property number."""
        row = self.index.find(int(uprn))
        return _address(row) if row else None


def _warnings(path: Path, index: AddressIndex, *, one_of_several: bool) -> Iterator[Fault]:
    def told(problem: str, remedy: str) -> Fault:
        return Fault(file=path.name, problem=problem, remedy=remedy, severity=Severity.WARNING)

    counts = index.counts
    # A volume of a delivery may hold streets alone.
    if counts.rows == 0 and not one_of_several:
        yield told("there is no address in this file", "Give the file whole, or take it out of the plan")
    if counts.placeless:
        yield told(
            f"{counts.placeless:,} of {counts.rows:,} addresses have no place that can be read, and are on no list",
            "Fill in their easting and northing, or latitude and longitude",
        )
    if counts.streetless:
        yield told(
            f"{counts.streetless:,} of {counts.rows:,} addresses have no street: its record (15) is in no file of the plan",
            "Name all volumes of the delivery under addresses",
        )
    if counts.lost_numbers:
        yield told(
            f"{counts.lost_numbers:,} UPRNs were shortened (9.9E+11) or are no numbers; their addresses are used without one",
            "Take the file as it was delivered, without opening it in Excel",
        )
    if counts.doubled_numbers:
        yield told(
            f"{counts.doubled_numbers:,} UPRNs stand at two places each; both are considered",
            "See which is right",
        )


def _address(row: Mapping[str, str]) -> Address:
    uprn = row.get("uprn") or None
    x_m, y_m = float(row["x_m"]), float(row["y_m"])
    name, number = _name_and_number(row.get("building_name", ""), row.get("building_number", ""))
    said = ("text", "sub_building", "building_name", "building_number", "street")
    words = ", ".join(row[name] for name in said if row.get(name))
    return Address(
        key=uprn.zfill(12) if uprn else f"place-{x_m:.2f}-{y_m:.2f}-{words}",
        uprn=uprn,
        parent_uprn=row.get("parent_uprn") or None,
        text=row.get("text", ""),
        sub_building=row.get("sub_building", ""),
        building_name=name,
        number=number,
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
        welsh=_welsh(row),
    )


def _name_and_number(name: str, number: str) -> tuple[str, str]:
    """Part a name from a number: Royal Mail writes 16B where a name stands, besides or instead of the number."""
    if name.casefold() == number.casefold():
        return "", number
    if not number and re.fullmatch(r"\d+[A-Za-z]?(-\d+[A-Za-z]?)?", name):
        return "", name
    return name, number


def _welsh(row: Mapping[str, str]) -> str:
    street = row.get("welsh_street", "")
    if not street:
        return ""
    house = " ".join(part for part in (row.get("building_number", ""), street) if part)
    return ", ".join(part for part in (row.get("welsh", ""), house, row.get("welsh_town", ""), row.get("postcode", "")) if part)
