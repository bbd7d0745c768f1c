"""Who stands on the list of a home's last pack, and what was decided since: who is to be left alone, who was added."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engagement.around.addresses import Address, address_as_told
from engagement.around.decisions import Decision, in_force, of_home, with_others
from engagement.around.decisions_file import read_decisions
from engagement.prepare import REGISTER, decisions_path_of
from engagement.register import opted_out
from siting.faults import Fault, InputFaultsError
from siting.inputs.plan import Plan
from siting.sentences import listed
from siting.storage.decoding import decode_text

NEIGHBOURS = "neighbours.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPack:
    """Who is to be told by the last list, and who must be left alone since it was made: address by property number or address.

    `added` counts those who were added since and stand on no list yet.
    """

    neighbours: Mapping[str, str]
    left_alone: Mapping[str, str]
    added: int = 0
    addresses: tuple[Address, ...] = ()


def addresses_listed(path: Path) -> list[str]:
    """Return the addresses of a pack's list, each on one line; none where somebody has made another table of it."""
    try:
        return [row["address"] for row in _rows(path)]
    except InputFaultsError:
        return []


def _rows(path: Path) -> list[dict[str, str]]:
    """Read a pack's list, also as a spreadsheet saved it again."""
    lines = decode_text(path.read_bytes()).splitlines()
    reader = csv.DictReader(lines, delimiter=max(",;\t", key=lines[0].count) if lines else ",", restval="")
    missing = sorted({"uprn", "address", "easting", "northing"} - set(reader.fieldnames or ()))
    if missing:
        problem = f"the pack's list was changed: {listed([f'the column {name}' for name in missing])} is missing"
        raise InputFaultsError([Fault(file=path.name, problem=problem, remedy="Make the papers again")])
    return list(reader)


def _place(row: dict[str, str]) -> tuple[float, float] | None:
    try:
        return float(row["easting"]), float(row["northing"])
    except ValueError:
        return None


def read_last_pack(plan_path: Path, home_id: str, out: Path) -> LastPack | None:
    """Read a home's last list beside what was decided and who opted out since; None where no pack was made.

    Raises
    ------
    InputFaultsError
        Where the plan, the list or a decision cannot be read: then it is not known who is to be left alone.
    """
    path = out / "homes" / home_id / NEIGHBOURS
    if not path.is_file():
        return None
    addresses = [
        address_as_told(row["uprn"] or None, row["address"], _place(row), row["uprn"] or row["address"]) for row in _rows(path)
    ]
    decided = read_decisions(decisions_path_of(Plan.read(plan_path)))
    registers = sorted((out / "homes").glob(f"*/{REGISTER}"))
    asked = [one for register in registers for one in opted_out(register, register.parent.name)]
    own = (*of_home(decided, home_id), *of_home(asked, home_id))
    others = [one for one in (*decided, *asked) if one.home_id != home_id and (one.mark or one.uprn or one.place)]
    rulings, unmatched = in_force(own, addresses)
    counted = with_others(rulings, in_force(others, addresses)[0])
    alone = {key for key, one in counted.items() if one.decision is Decision.REMOVE}
    without = {(fault.file, fault.row) for fault in unmatched}
    return LastPack(
        addresses=tuple(addresses),
        neighbours={one.key: one.text for one in addresses if one.key not in alone},
        left_alone={one.key: one.text for one in addresses if one.key in alone},
        added=sum(one.decision is Decision.ADD and (one.file, one.row) in without for one in own),
    )
