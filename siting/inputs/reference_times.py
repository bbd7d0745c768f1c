"""Another planner's journeys with their seconds: places in degrees and a column of times, checked cell by cell."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic_core import PydanticCustomError

from siting.arrays import Bool, Float64
from siting.faults import Fault, InputFaultsError, UsageError
from siting.inputs.cells import HEADER_SEARCH_ROWS, Row, Sheet, UnreadableError
from siting.inputs.headings import tidy_heading
from siting.inputs.names import meant
from siting.inputs.reading import read_books
from siting.inputs.tables import gather_faults
from siting.inputs.values import cell_error, read_number
from siting.sentences import counted

LEAST_S = 60.0
"""Shorter journeys are mostly the way to the road and are left out."""
_PLACES = {"origin_lon": 180.0, "origin_lat": 90.0, "destination_lon": 180.0, "destination_lat": 90.0}
"""The columns of places, and how many degrees there are to either side of nought."""
_WRITTEN_BY_A_PROGRAM = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """Journeys and their seconds as another planner or a person measured them.

    Attributes
    ----------
    origin, destination
        Float64, journeys x 2: longitude and latitude (EPSG:4326).
    held_out
        Whether a journey judges; the others are fitted. All journeys of one origin are on one side.
    """

    origin: Float64
    destination: Float64
    seconds: Float64
    held_out: Bool


def read_reference(path: Path, column: str) -> Reference:
    """Read a reference: `origin_lon`, `origin_lat`, `destination_lon`, `destination_lat` and a column of seconds.

    A journey without seconds, or of a minute or less, is left out.

    Raises
    ------
    InputFaultsError
        With everything that is wrong: what the file is instead, columns that are missing, cells that are no numbers.
    UsageError
        Where the column of seconds that is named is one of the places'.
    """
    if tidy_heading(column) in map(tidy_heading, _PLACES):
        msg = f"{column} says where a journey is, not how long it takes. Name the column of seconds: --column."
        raise UsageError(msg)
    try:
        books = read_books(path)
    except UnreadableError as error:
        fault = Fault(file=path.name, row=error.row, column=error.column, problem=error.problem, remedy=error.remedy)
        raise InputFaultsError([fault]) from error
    sheets = [sheet for book in books for sheet in book.sheets if sheet.visible and not sheet.is_empty]
    if not sheets:
        fault = Fault(file=path.name, problem="the file is empty", remedy="Give the file of journeys with their seconds")
        raise InputFaultsError([fault])
    sheet, header, columns = _table(path, sheets, (*_PLACES, column))
    rows = [(number, row) for number, row in sorted(sheet.rows.items()) if number > header and number not in sheet.hidden_rows]
    faults: list[Fault] = []
    journeys = [journey for number, row in rows if (journey := _journey(path, number, row, columns, column, faults))]
    told = list(gather_faults(faults, len(rows), key=lambda index: (faults[index].column, faults[index].problem)))
    if told:
        raise InputFaultsError(told)
    values = np.array(journeys, dtype=np.float64).reshape(-1, 5)
    origin, destination = values[:, 0:2], values[:, 2:4]
    held_out = np.array([_judges(at) for at in origin.tolist()], dtype=bool)
    if held_out.all() or not held_out.any():
        few = f"it has {counted(len(journeys), 'journey')} of more than a minute"
        problem = f"{few}, too few to fit figures by some and judge by others"
        fault = Fault(file=path.name, problem=problem, remedy="Give journeys from more places")
        raise InputFaultsError([fault])
    return Reference(origin=origin, destination=destination, seconds=values[:, 4], held_out=held_out)


def _judges(origin: Sequence[float]) -> bool:
    return hashlib.blake2b(f"{origin}".encode(), digest_size=1).digest()[0] % 2 == 1


def _table(path: Path, sheets: Sequence[Sheet], needed: Sequence[str]) -> tuple[Sheet, int, Mapping[str, int]]:
    """Return the sheet, the row of headings and the columns by name.

    Raises
    ------
    InputFaultsError
        Where a column is missing, or is there twice.
    """
    looks = [
        (sheet, number, {index: tidy_heading(cell.text) for index, cell in sheet.rows[number].items()})
        for sheet in sheets
        for number in sorted(sheet.rows)[:HEADER_SEARCH_ROWS]
    ]
    wanted = {name: tidy_heading(name) for name in needed}
    sheet, header, headings = max(looks, key=lambda look: len(set(wanted.values()) & set(look[2].values())))
    faults = []
    for name, tidy in wanted.items():
        times = list(headings.values()).count(tidy)
        if times == 0:
            guess = meant(name, [cell.text for cell in sheet.rows[header].values()])
            remedy = f"Rename {guess} if it is that" if guess else "Add it"
            faults.append(Fault(file=path.name, row=header, column=name, problem="this column is missing", remedy=remedy))
        elif times > 1:
            problem = "two columns have this name"
            faults.append(Fault(file=path.name, row=header, column=name, problem=problem, remedy="Rename or delete one of them"))
    if faults:
        raise InputFaultsError(faults)
    return sheet, header, {name: next(i for i, text in headings.items() if text == tidy) for name, tidy in wanted.items()}


def _journey(
    path: Path, number: int, row: Row, columns: Mapping[str, int], seconds: str, faults: list[Fault]
) -> tuple[float, ...] | None:
    """Return a journey's four degrees and its seconds; None where it is left out or something is wrong with it."""
    texts = {name: row[index].text.strip() if index in row else "" for name, index in columns.items()}
    if not any(texts.values()):
        return None
    values: list[float] = []
    wrong: list[Fault] = []
    for name, text in texts.items():
        if name == seconds and not text:
            continue
        try:
            values.append(_number(text, name))
        except PydanticCustomError as error:
            told = error.context or {}
            problem = f"{told['problem']} ({text[:20]!r})" if text else str(told["problem"])
            wrong.append(Fault(file=path.name, row=number, column=name, problem=problem, remedy=str(told["remedy"])))
    faults += wrong
    return tuple(values) if not wrong and len(values) == len(columns) and values[-1] > LEAST_S else None


def _number(text: str, name: str) -> float:
    """Read degrees or seconds as a program writes them; what people write otherwise is asked about.

    Raises
    ------
    PydanticCustomError
        Saying what is wrong and what to do.
    """
    if not text:
        raise cell_error(problem="the cell is empty", remedy="Fill it in, or delete the row")
    value = float(text) if _WRITTEN_BY_A_PROGRAM.fullmatch(text) else read_number(text)
    most = _PLACES.get(name)
    if most is not None and abs(value) > most:
        raise cell_error(
            problem="there are not so many degrees", remedy="Write degrees (EPSG:4326), longitude and latitude apart"
        )
    if most is None and not 0 <= value < math.inf:
        raise cell_error(problem="a journey does not take so long", remedy="Write seconds; leave it empty where there is no way")
    return float(value)
