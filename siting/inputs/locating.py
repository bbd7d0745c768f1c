"""Postcodes, grid references, coordinates and property numbers to places with their accuracy."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from siting.crs import (
    EASTING_RANGE_M,
    NORTHING_RANGE_M,
    in_great_britain,
    metric_system_at,
    to_metres,
)
from siting.faults import CrsError, Fault, Severity, UsageError
from siting.inputs.grid_references import other_notation, read_grid_reference
from siting.inputs.headings import Sureness
from siting.inputs.postcodes import (
    Postcode,
    find_postcodes,
    is_settled,
    not_covered_at,
    tidy_postcode,
    unlike_postcode,
    wrong_beside,
)
from siting.inputs.rows import ChildRow, ExclusionRow, PlacedRow
from siting.inputs.tables import Table, gather_faults
from siting.inputs.uprns import find_uprns
from siting.inputs.values import how_to_confirm, says_not_known
from siting.place import NATIONAL_GRID, Place

PlacedT = TypeVar("PlacedT", bound=PlacedRow)

_NO_PLACE = re.compile(
    r"nfa|no fixed (abode|address)|uasc|abroad|overseas|homeless|withheld|confidential|n\.?k\.?", re.IGNORECASE
)
ROUGH_M = 400.0
"""A postcode whose nearest neighbour is farther than this covers open country: one in twenty does
(own count over a random thousand of Code-Point Open), and its position is said to be rough."""


IN_THE_SEA = "the place is in the sea or miles from any address"
USED_BY_A_ROAD = "it is used where the extract has a road"
_NOT_COVERED = "which the planner does not cover"


@dataclass(frozen=True, slots=True)
class _Problem:
    column: str
    problem: str
    remedy: str
    severity: Severity = Severity.FAULT


# Either a place, or what is wrong with it; with a rough postcode both.
_Answer = tuple[Place | None, _Problem | None]


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a row's place is looked up in."""

    postcodes: Mapping[str, Postcode]
    uprns: Mapping[int, tuple[float, float] | None] | None


def locate_table(
    table: Table[PlacedT], address_files: Sequence[Path] = (), *, unsettled_stops: bool = True
) -> tuple[dict[int, Place], list[Fault]]:
    """Place every row of a table; answer by row number, with a fault for each row that has no place.

    A warning says of a rough postcode how rough it is; of children and exclusions the wording
    never repeats the place. A place in the sea or miles from any address is a fault, and so is one on an island that is not
    covered; where `unsettled_stops` is false the first is used and the second left out, and both are said.
    """
    values = [(row.number, row.value) for row in (*table.rows, *table.places_only) if row.value.has_place]
    private = any(isinstance(value, ChildRow | ExclusionRow) for _, value in values[:1])
    placed, problems = _locate(values, address_files, unsettled_stops=unsettled_stops)
    if not unsettled_stops:
        problems = [(number, _left_out(one) if _NOT_COVERED in one.problem else one) for number, one in problems]
    faults = [
        Fault(
            file=table.file,
            row=number,
            column=_heading_of(table, problem.column),
            problem=_without_place(problem.problem) if private else problem.problem,
            remedy=_without_place(problem.remedy) if private else problem.remedy,
            severity=problem.severity,
        )
        for number, problem in problems
    ]
    told = gather_faults(
        faults, len(values), lambda index: (problems[index][1].column, _without_place(problems[index][1].problem))
    )
    return placed, list(told)


def _left_out(problem: _Problem) -> _Problem:
    return replace(problem, remedy="It is left out", severity=Severity.WARNING)


def _without_place(text: str) -> str:
    """Leave out the brackets at the end, which hold a place."""
    return re.sub(r" \([^)]*\)$", "", text)


def _heading_of(table: Table[PlacedT], column: str) -> str:
    """Return a column as the user finds it in the table."""
    use = table.understanding.column_of(column)
    return column if use is None or use.sure is Sureness.NAMED else use.heading


def locate_one(value: PlacedRow) -> Place:
    """Place a single thing that is not a row of a table, such as a school.

    Raises
    ------
    ValueError
        Where it has no place; the text says why and what to do.
    """
    placed, problems = _locate([(0, value)], ())
    if 0 not in placed:
        _, problem = problems[0]
        msg = f"{problem.problem}. {problem.remedy}"
        raise ValueError(msg)
    return placed[0]


def parse_place(text: str) -> Place:
    """Read a place typed on a command line: `"52.67,-0.73"` (degrees north, east), a grid reference or a postcode.

    Raises
    ------
    UsageError
        Where it is neither, or has no position.
    """
    degrees = read_degrees(text)
    try:
        return locate_one(PlacedRow(latitude=degrees[0], longitude=degrees[1]) if degrees else PlacedRow(postcode=text))
    except ValueError as error:
        msg = (
            f'The place "{text}" cannot be used: {error}. Write a postcode, a grid reference, or "latitude,longitude" in degrees.'
        )
        raise UsageError(msg) from error


def _locate(
    values: Iterable[tuple[int, PlacedRow]], address_files: Sequence[Path], *, unsettled_stops: bool = True
) -> tuple[dict[int, Place], list[tuple[int, _Problem]]]:
    values = list(values)
    by_uprn = [v.uprn for _, v in values if _way(v) is _from_uprn and v.uprn]
    sources = _Sources(
        postcodes=find_postcodes(tidy for _, value in values if (tidy := tidy_postcode(value.postcode or ""))),
        uprns=find_uprns(address_files, by_uprn) if address_files and by_uprn else None,
    )
    placed: dict[int, Place] = {}
    problems: list[tuple[int, _Problem]] = []
    for number, value in values:
        answer, problem = _way(value)(value, sources)
        if answer is not None:
            placed[number] = answer
        if problem is not None:
            problems.append((number, problem))
    for number, problem in _unsettled(values, placed, stops=unsettled_stops):
        if problem.severity is Severity.FAULT:
            del placed[number]
        problems.append((number, problem))
    for number, value in values:
        if value.postcode and _way(value) is not _from_postcode:
            place = placed.get(number)
            at = (place.x_m, place.y_m) if place and place.system == NATIONAL_GRID else (np.nan, np.nan)
            wrong = wrong_beside(value.postcode, sources.postcodes.get(tidy_postcode(value.postcode) or ""), *at)
            if wrong is not None:
                problems.append((number, _Problem("postcode", *wrong, Severity.WARNING)))
    return placed, problems


def _way(value: PlacedRow) -> Callable[[PlacedRow, _Sources], _Answer]:
    """Choose the most exact of the ways in which a row says where it is."""
    if value.easting is not None:
        return _from_grid
    if value.latitude is not None:
        return _from_degrees
    if value.lat_long is not None:
        return _from_one_cell
    if value.grid_reference is not None:
        return _from_reference
    if value.uprn is not None:
        return _from_uprn
    return _from_postcode


def _from_grid(value: PlacedRow, _sources: _Sources) -> _Answer:
    easting, northing = value.easting, value.northing
    assert easting is not None  # noqa: S101 - the row's own check
    assert northing is not None  # noqa: S101
    if not (EASTING_RANGE_M[0] <= easting <= EASTING_RANGE_M[1] and NORTHING_RANGE_M[0] <= northing <= NORTHING_RANGE_M[1]):
        return None, _Problem(
            "easting",
            f"the place is not on the National Grid ({easting:.0f}, {northing:.0f})",
            "Eastings run from 0 to 700000 and northings to 1300000; check the order and the digits",
        )
    return Place(x_m=easting, y_m=northing, system=NATIONAL_GRID, postcode=_tidy_or_none(value.postcode)), None


def _from_degrees(value: PlacedRow, _sources: _Sources) -> _Answer:  # noqa: PLR0911 - one answer a rule
    latitude, longitude = value.latitude, value.longitude
    assert latitude is not None  # noqa: S101 - the row's own check
    assert longitude is not None  # noqa: S101
    if latitude == 0 and longitude == 0:
        return None, _Problem(
            "latitude", "both figures are 0, which is in the Atlantic", "Give the place, or leave both cells empty"
        )
    island = not_covered_at(longitude, latitude)
    if island is not None:
        return None, _Problem("latitude", f"this is in {island}, {_NOT_COVERED}", "Take the row out, or leave its place empty")
    swapped = _Problem(
        "latitude", f"latitude and longitude look swapped ({latitude:g}, {longitude:g})", "Exchange the two columns"
    )
    if not in_great_britain(longitude, latitude) and in_great_britain(latitude, longitude):
        return None, swapped
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - the globe
        return None, _Problem("latitude", f"these are no degrees ({latitude:g}, {longitude:g})", "Check the figures")
    try:
        system = metric_system_at(longitude, latitude)
    except CrsError as error:
        return None, _Problem("latitude", str(error).rstrip("."), "Check the figures")
    (x_m,), (y_m,) = to_metres(longitude, latitude, system)
    if not np.isfinite(x_m):
        return None, _Problem(
            "latitude", f"the place is in the sea ({latitude:g}, {longitude:g})", "Check the figures and their signs"
        )
    return Place(x_m=float(x_m), y_m=float(y_m), system=system, postcode=_tidy_or_none(value.postcode)), None


def _from_one_cell(value: PlacedRow, sources: _Sources) -> _Answer:
    text = value.lat_long or ""
    degrees = read_degrees(text)
    if degrees is None:
        other = _other_than_postcode(text, "lat_long", value)
        return other or (
            None,
            _Problem("lat_long", f"these are not two figures in degrees ({text[:40]})", "Write them as in 51.6287, -0.7482"),
        )
    place, problem = _from_degrees(PlacedRow(latitude=degrees[0], longitude=degrees[1], postcode=value.postcode), sources)
    return place, problem and replace(problem, column="lat_long")


def read_degrees(text: str) -> tuple[float, float] | None:
    """Read degrees north and east in one text, with a comma or a space between; None where it is something else."""
    figure = r"([-+\u2212]?[0-9]{1,3}(?:\.[0-9]+)?)\u00b0?"
    found = re.fullmatch(rf"\s*\(?\s*{figure}\s*[,;/\s]\s*{figure}\s*\)?\s*", text)
    return (float(found[1].replace("\u2212", "-")), float(found[2].replace("\u2212", "-"))) if found else None


def _from_reference(value: PlacedRow, _sources: _Sources) -> _Answer:
    text = value.grid_reference or ""
    other = _other_than_postcode(text, "grid_reference", value)
    return other or (
        None,
        _Problem(
            "grid_reference", f"this is no grid reference ({text[:20]})", "Write it as in SK 860 088, or easting and northing"
        ),
    )


def _other_than_postcode(text: str, column: str, value: PlacedRow) -> _Answer | None:
    """Place a grid reference, or say what another notation is; None where the text is neither."""
    notation = other_notation(text)
    if notation is not None:
        return None, _Problem(column, *notation)
    try:
        reference = read_grid_reference(text)
    except ValueError as error:
        return None, _Problem(column, f"{error} ({text[:20]})", "Write it as in SK 860 088, or give easting and northing")
    if reference is None:
        return None
    easting, northing, width_m = reference
    place = Place(
        x_m=easting,
        y_m=northing,
        system=NATIONAL_GRID,
        accuracy_m=width_m if width_m > 1 else 0.0,
        postcode=_tidy_or_none(value.postcode) if column != "postcode" else None,
    )
    return place, None


def _from_uprn(value: PlacedRow, sources: _Sources) -> _Answer:
    uprn = re.sub(r"\s", "", value.uprn or "")
    if not re.fullmatch(r"\d{1,12}", uprn):
        return None, _Problem(
            "uprn",
            f"this is not a property number of up to twelve digits ({uprn[:20]})",
            "Excel may have shortened it: format the column as text before pasting",
        )
    if sources.uprns is None:
        return None, _Problem("uprn", "there is no address file to find it in", "Name one under [inputs] addresses")
    if int(uprn) in sources.uprns and sources.uprns[int(uprn)] is None:
        return None, _Problem("uprn", f"the address files have it at two places ({uprn})", "Give easting and northing instead")
    found = sources.uprns.get(int(uprn))
    if found is None:
        return None, _Problem("uprn", f"the address file does not have it ({uprn})", "Check the number")
    return Place(x_m=found[0], y_m=found[1], system=NATIONAL_GRID, postcode=_tidy_or_none(value.postcode)), None


def _from_postcode(value: PlacedRow, sources: _Sources) -> _Answer:
    text = value.postcode or ""
    if says_not_known(text.strip()) or _NO_PLACE.fullmatch(text.strip()):
        return None, _Problem("postcode", f"this is no postcode ({text[:20]!r})", "Leave the cell empty where it is not known")
    tidy = tidy_postcode(text)
    if tidy is None or tidy not in sources.postcodes:
        told = unlike_postcode(text)
        if told is not None:
            return None, _Problem("postcode", *told)
    if tidy is None:
        other = _other_than_postcode(text, "postcode", value)
        return other or (
            None,
            _Problem("postcode", f"this has not the form of a full postcode ({text[:20]!r})", "Write it as in HP11 2JZ"),
        )
    found = sources.postcodes.get(tidy)
    if found is None:
        return None, _Problem(
            "postcode",
            f"this postcode does not exist ({tidy})",
            "Check it; if it has ended or is newer than 2025, give easting and northing instead",
        )
    if not found.has_position:
        return None, _Problem(
            "postcode",
            f"this postcode exists but has no position ({tidy})",
            "Give easting and northing, or latitude and longitude, instead",
        )
    place = Place(
        x_m=found.easting_m,
        y_m=found.northing_m,
        system=NATIONAL_GRID,
        accuracy_m=found.roughness_m if np.isfinite(found.roughness_m) else 0.0,
        postcode=tidy,
    )
    return place, _roughness_warning(found)


def _roughness_warning(found: Postcode) -> _Problem | None:
    if found.is_sector_average:
        return _Problem(
            "postcode",
            f"only the average position of its sector is known, good to about {found.roughness_m:,.0f} m ({found.postcode})",
            "It is used; give easting and northing to be exact",
            Severity.WARNING,
        )
    if found.roughness_m > ROUGH_M:
        return _Problem(
            "postcode",
            f"the postcode covers open country, the next one lies {found.roughness_m:,.0f} m away ({found.postcode})",
            "It is used; give easting and northing to be exact",
            Severity.WARNING,
        )
    return None


def _unsettled(
    values: list[tuple[int, PlacedRow]], placed: Mapping[int, Place], *, stops: bool
) -> Iterable[tuple[int, _Problem]]:
    """Find coordinates on the National Grid where nobody lives for miles: the sea, or figures swapped."""
    typed = [
        (number, placed[number], value)
        for number, value in values
        if number in placed
        and placed[number].system == NATIONAL_GRID
        and _way(value) in (_from_grid, _from_degrees, _from_one_cell, _from_reference)
    ]
    if not typed:
        return
    x_m = np.array([place.x_m for _, place, _ in typed])
    y_m = np.array([place.y_m for _, place, _ in typed])
    exchanged = is_settled(y_m, x_m)
    for (number, place, value), settled, other in zip(typed, is_settled(x_m, y_m), exchanged, strict=True):
        if settled:
            continue
        column = _COLUMN_OF[_way(value)]
        if other and column == "easting":
            yield (
                number,
                _Problem(
                    column,
                    f"easting and northing look swapped ({place.x_m:.0f}, {place.y_m:.0f})",
                    "Exchange the two columns",
                ),
            )
        else:
            where = f" ({place.x_m:.0f}, {place.y_m:.0f})" if column in {"easting", "grid_reference"} else ""
            problem = f"{IN_THE_SEA}{where}"
            remedy = "Check the figures and their signs"
            if not stops:
                yield number, _Problem(column, problem, f"{remedy}; {USED_BY_A_ROAD}", Severity.WARNING)
            elif column in value.confirmed_values:
                yield number, _Problem(column, problem, "It is used, since it is confirmed as right", Severity.WARNING)
            else:
                yield number, _Problem(column, problem, f"{remedy}; {how_to_confirm(column)}")


_COLUMN_OF: dict[Callable[[PlacedRow, _Sources], _Answer], str] = {
    _from_grid: "easting",
    _from_degrees: "latitude",
    _from_one_cell: "lat_long",
    _from_reference: "grid_reference",
}


def _tidy_or_none(text: str | None) -> str | None:
    return tidy_postcode(text) if text else None
