"""Journeys that people drove or looked up: a table of from, to, date, departed, minutes and source."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from siting.faults import Fault, InputFaultsError, UsageError
from siting.inputs.cells import Row, Sheet, UnreadableError
from siting.inputs.locating import parse_place
from siting.inputs.names import fold_name, meant
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.reading import read_books
from siting.place import Place

_NEEDED = ("from", "to", "date", "departed", "minutes", "source")
_HEADER_ROWS = 20
_MOST_MINUTES = 600.0


def _read_date(value: object) -> object:
    """Read a day as people write it: 2026-11-03 or 3/11/2026, day before month."""
    text = str(value).strip().split(" ")[0].split("T")[0]
    british = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    return f"{british[3]}-{int(british[2]):02}-{int(british[1]):02}" if british else text


def _read_time(value: object) -> object:
    """Read a time of day as people write it: 8:15, 08.15, 08:15:00."""
    clock = re.fullmatch(r"(?:.*[ T])?(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?", str(value).strip())
    return f"{int(clock[1]):02}:{clock[2]}" if clock else value


def _read_source(value: object) -> object:
    return re.sub(r"[\s_-]+", "-", str(value).strip().casefold()).replace("satnav", "sat-nav").replace("bus-", "bus ")


Minutes = Annotated[float, Field(gt=0, le=_MOST_MINUTES, allow_inf_nan=False)]


class _ObservedRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    origin: Annotated[str, Field(alias="from", min_length=1)]
    to: Annotated[str, Field(min_length=1)]
    date: Annotated[dt.date, BeforeValidator(_read_date)]
    departed: Annotated[dt.time, BeforeValidator(_read_time)]
    minutes: Minutes
    source: Annotated[str, BeforeValidator(_read_source), Field(pattern="^(drive|sat-nav|bus tracker)$")]
    minutes_high: Minutes | None = None

    @model_validator(mode="after")
    def _upper_end_is_above(self) -> "_ObservedRow":
        if self.minutes_high is not None and self.minutes_high < self.minutes:
            msg = "minutes_high is less than minutes: it is the upper end of the range"
            raise ValueError(msg)
        return self


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


def read_observed(inputs: PlanInputs) -> tuple[ObservedJourney, ...]:
    """Read the plan's observed journeys; none where it names no file.

    Raises
    ------
    InputFaultsError
        With every row that cannot be understood.
    """
    name = inputs.plan.inputs.observed
    if not name:
        return ()
    path = inputs.plan.resolve(name)
    named = [(home.row.home_id, home.place) for home in inputs.homes]
    named += [(school.name, school.place) for school in inputs.schools]
    known = {fold_name(name): (name, place) for name, place in named}
    journeys: list[ObservedJourney] = []
    faults: list[Fault] = []
    for number, cells in _rows(path):
        found = _journey(path.name, number, cells, known)
        if isinstance(found, ObservedJourney):
            journeys.append(found)
        else:
            faults += found
    if faults:
        raise InputFaultsError(faults)
    return tuple(journeys)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the filled rows below the headings, by heading."""
    try:
        books = read_books(path)
    except UnreadableError as error:
        fault = Fault(file=path.name, row=error.row, column=error.column, problem=error.problem, remedy=error.remedy)
        raise InputFaultsError([fault]) from error
    for sheet in (sheet for book in books for sheet in book.sheets):
        header = _header(sheet)
        if header is None:
            continue
        at, columns = header
        for number, row in sorted(sheet.rows.items()):
            if number > at and any(cell.text.strip() for cell in row.values()):
                yield (
                    number,
                    {columns[key]: cell.text.strip() for key, cell in row.items() if key in columns and cell.text.strip()},
                )
        return
    raise InputFaultsError(
        [
            Fault(
                file=path.name,
                problem=f"no row has the headings {', '.join(_NEEDED)}",
                remedy="Write them in the first row; minutes_high may stand beside them",
            )
        ]
    )


def _header(sheet: Sheet) -> tuple[int, dict[int, str]] | None:
    for number in sorted(sheet.rows)[:_HEADER_ROWS]:
        row: Row = sheet.rows[number]
        columns = {key: re.sub(r"[^a-z]+", "_", cell.text.strip().casefold()).strip("_") for key, cell in row.items()}
        if set(_NEEDED) <= set(columns.values()):
            return number, columns
    return None


def _journey(
    file: str, number: int, cells: Mapping[str, str], known: Mapping[str, tuple[str, Place]]
) -> ObservedJourney | list[Fault]:
    faults: list[Fault] = []
    try:
        row = _ObservedRow.model_validate(cells)
    except ValidationError as error:
        for details in error.errors():
            column = str(details["loc"][0]) if details["loc"] else "minutes_high"
            problem = "nothing is written here" if details["type"] == "missing" else details["msg"].removeprefix("Value error, ")
            remedy = "source is drive, sat-nav or bus tracker" if column == "source" else "Correct it, or take the row out"
            faults.append(Fault(file=file, row=number, column=column, problem=problem[0].lower() + problem[1:], remedy=remedy))
        return faults
    ends: list[Place] = []
    names: list[str | None] = []
    for column, text in (("from", row.origin), ("to", row.to)):
        there = known.get(fold_name(text))
        names.append(there[0] if there else None)
        try:
            ends.append(there[1] if there else parse_place(text))
        except UsageError:
            guess = meant(text, [name for name, _ in known.values()])
            faults.append(
                Fault(
                    file=file,
                    row=number,
                    column=column,
                    problem="this is no home_id, no school's name and no place",
                    remedy=f"Did you mean {guess}" if guess else 'Write one of them, a postcode, or "latitude,longitude"',
                )
            )
    if faults:
        return faults
    return ObservedJourney(
        label=f"{row.origin} to {row.to}",
        ends=(names[0], names[1]),
        origin=ends[0],
        destination=ends[1],
        day=row.date,
        departed=row.departed,
        minutes=row.minutes,
        source=row.source,
        minutes_high=row.minutes_high,
    )
