"""What a person decided about a neighbour: added, or not to be contacted. It survives every re-run.

The file only grows: a later row for the same home and address counts, an earlier one stays as it was.
"""

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from siting.faults import Fault, InputFaultsError
from siting.storage.decoding import decode_text

COLUMNS = ("date", "home_id", "address_key", "decision", "reason", "who")


class Decision(StrEnum):
    """What was decided."""

    ADD = "add"
    REMOVE = "remove"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision; `address_key` is a property number, or an address as the lists write it."""

    date: str
    home_id: str
    address_key: str
    decision: Decision
    reason: str
    who: str


def read_decisions(path: Path, home_id: str) -> Mapping[str, Decided]:
    """Return the decision in force for each address of a home; none where the file is not there.

    Raises
    ------
    InputFaultsError
        Naming every row that cannot be read: a decision must never be lost silently.
    """
    if not path.is_file():
        return {}
    rows = csv.DictReader(decode_text(path.read_bytes()).splitlines())
    missing = [name for name in ("home_id", "address_key", "decision", "reason") if name not in (rows.fieldnames or ())]
    if missing:
        faults = [Fault(file=path.name, column=name, problem="this column is missing", remedy="Add it") for name in missing]
        raise InputFaultsError(faults)
    found: dict[str, Decided] = {}
    faults = []
    for number, row in enumerate(rows, start=2):
        word = (row.get("decision") or "").strip().lower()
        if word not in set(Decision):
            remedy = "Write add, remove or automatic"
            faults.append(Fault(file=path.name, row=number, column="decision", problem="this word is not known", remedy=remedy))
            continue
        if not (row.get("reason") or "").strip():
            remedy = "Say why, so that whoever comes after knows"
            faults.append(Fault(file=path.name, row=number, column="reason", problem="the cell is empty", remedy=remedy))
        if (row.get("home_id") or "").strip() == home_id:
            key = plain_key(row["address_key"] or "")
            found[key] = Decided(
                date=row.get("date") or "",
                home_id=home_id,
                address_key=key,
                decision=Decision(word),
                reason=(row["reason"] or "").strip(),
                who=row.get("who") or "",
            )
    if faults:
        raise InputFaultsError(faults)
    return {key: decided for key, decided in found.items() if decided.decision is not Decision.AUTOMATIC}


def write_decision(path: Path, decided: Decided) -> None:
    """Add a decision to the end of the file, whole or not at all."""
    with FileLock(path.with_name(f".{path.name}.lock")):
        rows = path.read_bytes() if path.is_file() else (",".join(COLUMNS) + "\n").encode()
        if rows and not rows.endswith(b"\n"):
            rows += b"\n"
        line = ",".join(_cell(str(getattr(decided, name))) for name in COLUMNS)
        part = path.with_name(f".{path.name}.part")
        with part.open("wb") as file:
            file.write(rows + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def plain_key(text: str) -> str:
    """Write a property number with its twelve figures, and an address without what does not count."""
    words = " ".join(text.replace(",", " ").split()).casefold()
    return words.zfill(12) if words.isdigit() else words


def keys_of(uprn: str | None, written: str) -> Iterable[str]:
    """Return the keys by which a decision may name an address."""
    if uprn:
        yield plain_key(uprn)
    yield plain_key(written)


def today_row(home_id: str, address_key: str, decision: Decision, reason: str, who: str, day: date) -> Decided:
    """Make a decision of a day."""
    return Decided(date=day.isoformat(), home_id=home_id, address_key=address_key, decision=decision, reason=reason, who=who)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\n", " ") + '"'
