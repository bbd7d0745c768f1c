"""Journeys that people drove or looked up: a table of from, to, date, departed, minutes and source."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, UsageError
from siting.inputs.locating import parse_place
from siting.inputs.names import fold_name, meant
from siting.inputs.rows import ObservedRow
from siting.inputs.tables import TableRow, read_table
from siting.place import Place

_ENDS = (("origin", "from"), ("to", "to"))
"""The fields that say where a journey begins and ends, and how their columns are called."""


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


def read_observed(path: Path, named: Mapping[str, Place] | None) -> tuple[tuple[ObservedJourney, ...], tuple[Fault, ...]]:
    """Read a table of observed journeys; `named` has the places that a plan knows by home_id or by a school's name.

    It is None where those cannot all be read: then no end is looked up, and no journey returned.
    With the faults and warnings of the table and of every row that cannot be understood.
    """
    table = read_table(path, ObservedRow)
    if named is None:
        return (), table.faults
    known = {fold_name(name): (name, place) for name, place in named.items()}
    journeys: list[ObservedJourney] = []
    faults = list(table.faults)
    for row in table.rows:
        ends = _ends(table.file, row, known, faults)
        if len(ends) == len(_ENDS):
            journeys.append(_journey(row.value, ends))
    for row in table.places_only:
        # What is wrong with its ends is told together with what is wrong with its other cells.
        _ends(table.file, row, known, faults)
    return tuple(journeys), tuple(faults)


def _ends(
    file: str, row: TableRow[ObservedRow], known: Mapping[str, tuple[str, Place]], faults: list[Fault]
) -> list[tuple[str | None, Place]]:
    """Return the ends of a journey that are known, each as its name in the plan and its place; of others a fault is told."""
    ends: list[tuple[str | None, Place]] = []
    for field, column in _ENDS:
        text = getattr(row.value, field, None)
        if text is None:
            continue
        there = known.get(fold_name(text))
        try:
            ends.append(there or (None, parse_place(text)))
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
    return ends


def _journey(row: ObservedRow, ends: Sequence[tuple[str | None, Place]]) -> ObservedJourney:
    (origin_name, origin), (end_name, destination) = ends
    return ObservedJourney(
        label=f"{row.origin} to {row.to}",
        ends=(origin_name, end_name),
        origin=origin,
        destination=destination,
        day=row.date,
        departed=row.departed,
        minutes=row.minutes,
        source=row.source,
        minutes_high=row.minutes_high,
    )
