"""Journeys that people drove or looked up: a table of from, to, date, departed, minutes and source."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, UsageError
from siting.inputs.locating import parse_place
from siting.inputs.names import fold_name, meant
from siting.inputs.rows import ObservedRow
from siting.inputs.tables import TableRow, read_table
from siting.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedJourney:
    """A journey as it was driven, or as a sat-nav foretold it.

    `label` names both ends as the plan does (a home_id, a school), or as a place that was typed;
    `ends` are the home_id or school of either, None for a place that was typed. `minutes_high` is a sat-nav's upper end.
    """

    label: str
    ends: tuple[str | None, str | None]
    origin: Place
    destination: Place
    day: dt.date
    departed: dt.time
    minutes: float
    source: str
    minutes_high: float | None


def read_observed(path: Path, named: Mapping[str, Place]) -> tuple[tuple[ObservedJourney, ...], tuple[Fault, ...]]:
    """Read a table of observed journeys; `named` has the places that a plan knows by home_id or by a school's name.

    With the faults and warnings of the table and of every row that cannot be understood.
    """
    table = read_table(path, ObservedRow)
    known = {fold_name(name): (name, place) for name, place in named.items()}
    journeys: list[ObservedJourney] = []
    faults = list(table.faults)
    for row in table.rows:
        found = _journey(table.file, row, known)
        if isinstance(found, ObservedJourney):
            journeys.append(found)
        else:
            faults += found
    return tuple(journeys), tuple(faults)


def _journey(file: str, row: TableRow[ObservedRow], known: Mapping[str, tuple[str, Place]]) -> ObservedJourney | list[Fault]:
    faults: list[Fault] = []
    ends: list[Place] = []
    names: list[str | None] = []
    for column, text in (("from", row.value.origin), ("to", row.value.to)):
        there = known.get(fold_name(text))
        names.append(there[0] if there else None)
        try:
            ends.append(there[1] if there else parse_place(text))
        except UsageError:
            guess = meant(text, [name for name, _ in known.values()])
            faults.append(
                Fault(
                    file=file,
                    row=row.number,
                    column=column,
                    problem="this is no home_id, no school's name and no place",
                    remedy=f"Did you mean {guess}" if guess else 'Write one of them, a postcode, or "latitude,longitude"',
                )
            )
    if faults:
        return faults
    return ObservedJourney(
        label=f"{row.value.origin} to {row.value.to}",
        ends=(names[0], names[1]),
        origin=ends[0],
        destination=ends[1],
        day=row.value.date,
        departed=row.value.departed,
        minutes=row.value.minutes,
        source=row.value.source,
        minutes_high=row.value.minutes_high,
    )
