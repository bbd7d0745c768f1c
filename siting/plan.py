"""The plan file: what it may say, read and checked.

The text under each field is its documentation; the reference in `data/plan-reference.md` is made
from it.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from siting.decoding import decode_text
from siting.faults import Fault, InputFaultsError
from siting.speeds import FIGURES, TravelModel
from siting.words import Scenario

PositiveNumber = Annotated[float, Field(gt=0)]


class PlanPart(BaseModel):
    """A part of the plan: cannot be changed, and knows no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True)


class Area(PlanPart):
    """Where the roads come from."""

    network: str | None = None
    """A road network as an OpenStreetMap extract (`.osm.pbf`), relative to the plan file."""
    place: str | None = None
    """Instead of `network`: the name of a place, whose roads are downloaded once with OSMnx."""
    drives_on: Annotated[str, Field(pattern="^(left|right)$")] | None = None
    """The side of the road that cars drive on; by default left in Great Britain, right elsewhere."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.network is None) == (self.place is None):
            msg = "give either network (a file) or place (a name), not both and not neither"
            raise ValueError(msg)
        return self


class School(PlanPart):
    """A school that the homes are for. A place is a postcode, a grid reference or coordinates."""

    name: str
    """How outputs call it."""
    postcode: str | None = None
    """Its unit postcode."""
    easting: float | None = None
    """Metres east on the National Grid (EPSG:27700), with `northing`."""
    northing: float | None = None
    """Metres north on the National Grid (EPSG:27700)."""
    latitude: float | None = None
    """Degrees north (EPSG:4326), with `longitude`."""
    longitude: float | None = None
    """Degrees east (EPSG:4326)."""
    gate: str | None = None
    """The entrance that cars use, as `"latitude,longitude"` or a postcode; used instead of the place above."""


class Rules(PlanPart):
    """What a home is judged by."""

    school_minutes: PositiveNumber = 45
    """The most minutes by car between home and school, in the worse direction. A contract's rule, not law."""
    scenario: Scenario = Scenario.TYPICAL
    """Which scenario the rule is judged by; the others are shown beside it."""
    family_miles: PositiveNumber = 20
    """The straight-line distance of the national statistic on placements far from home."""


class Inputs(PlanPart):
    """The tables, as paths relative to the plan file."""

    candidates: str
    """The homes for sale or already open: CSV or Excel."""
    children: str | None = None
    """The children whose families the homes should be near: CSV or Excel."""
    exclusions: str | None = None
    """Places that a child must not live near: CSV or Excel."""
    boundaries: str | None = None
    """Authorities' boundaries with a `name` column: GeoPackage, GeoJSON or another format that GDAL reads."""
    addresses: str | None = None
    """Address points, for engagement."""
    plots: str | None = None
    """Plots of land, for engagement."""
    contacts: str | None = None
    """Named stakeholders, for engagement."""


class Engagement(PlanPart):
    """How the neighbours are told."""

    boundary_metres: PositiveNumber = 20
    """How far from the home's boundary an immediate neighbour may be."""
    slot_minutes: PositiveNumber = 15
    """The length of one neighbour's visit."""


class Plan(PlanPart):
    """A whole plan file."""

    title: str = "Home siting plan"
    """What heads every output."""
    area: Area
    """Where the roads come from."""
    schools: Annotated[tuple[School, ...], Field(min_length=1)]
    """One or more schools; the nearest one counts for a home."""
    rules: Rules = Rules()
    """What a home is judged by."""
    inputs: Inputs
    """The tables."""
    engagement: Engagement = Engagement()
    """How the neighbours are told."""
    model: Mapping[str, float] = Field(default_factory=dict)
    """Figures of the travel-time model to change, by their name in the table of figures."""
    path: Path = Field(default=Path("plan.toml"), exclude=True)
    """The file itself; not a key to write."""

    @classmethod
    def read(cls, path: Path | str) -> "Plan":
        """Read a plan file (TOML, UTF-8 with or without a byte-order mark, or Windows-1252).

        Raises
        ------
        InputFaultsError
            Naming every key that is missing, misspelt or has an impossible value, and every file
            that the plan names and that is not there.
        """
        return _read_plan(Path(path))

    def resolve(self, relative: str) -> Path:
        """Return the path of a file that the plan names."""
        return self.path.parent / relative

    @property
    def travel_model(self) -> TravelModel:
        """The travel-time model with this plan's changes."""
        return TravelModel(changes=tuple(sorted(self.model.items())))


def _read_plan(path: Path) -> Plan:
    try:
        raw = tomllib.loads(decode_text(path.read_bytes()))
    except OSError as error:
        raise InputFaultsError(
            [Fault(file=path.name, problem=f"the plan file cannot be read ({error.strerror})", remedy="Check its path")]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputFaultsError([_syntax_fault(path, error)]) from error
    try:
        plan = Plan.model_validate({**raw, "path": path})
    except ValidationError as error:
        raise InputFaultsError(_plan_fault(path, details) for details in error.errors()) from error
    faults = [*_missing_files(plan), *_unknown_figures(plan)]
    if faults:
        raise InputFaultsError(faults)
    return plan


def _syntax_fault(path: Path, error: tomllib.TOMLDecodeError) -> Fault:
    line = re.search(r"line (\d+)", str(error))
    problem = re.sub(r" \(at .*\)$", "", str(error)).lower()
    return Fault(
        file=path.name,
        row=int(line[1]) if line else None,
        problem=f"the plan file is not valid TOML: {problem}",
        remedy='Text needs quotes, as in title = "Our plan"; see the example in the README',
    )


def _plan_fault(path: Path, details: ErrorDetails) -> Fault:
    location = details["loc"]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "area"
    match details["type"]:
        case "extra_forbidden":
            known = _keys_at(location[:-1])
            guess = difflib.get_close_matches(str(location[-1]), known, n=1)
            remedy = f"Did you mean {guess[0]}?" if guess else f"The keys known here are {', '.join(known)}"
            return Fault(file=path.name, column=key, problem="this key is not known", remedy=remedy.rstrip("?"))
        case "missing":
            return Fault(file=path.name, column=key, problem="this key is missing", remedy="Add it to the plan file")
        case _:
            problem = details["msg"].removeprefix("Value error, ")
            return Fault(
                file=path.name,
                column=key,
                problem=problem[0].lower() + problem[1:],
                remedy="Correct it; the README lists what each key may hold",
            )


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    part: type[BaseModel] = Plan
    for step in location:
        if isinstance(step, str):
            part = _PARTS[step]
    return [name for name in part.model_fields if name != "path"]


_PARTS: dict[str, type[PlanPart]] = {
    "area": Area,
    "schools": School,
    "rules": Rules,
    "inputs": Inputs,
    "engagement": Engagement,
}


def _missing_files(plan: Plan) -> list[Fault]:
    named = {f"inputs.{key}": value for key, value in plan.inputs.model_dump().items() if value}
    if plan.area.network:
        named["area.network"] = plan.area.network
    return [
        Fault(
            file=plan.path.name,
            column=key,
            problem=f"the file {name} is not there",
            remedy="Paths are relative to the plan file; check the name",
        )
        for key, name in named.items()
        if not plan.resolve(name).is_file()
    ]


def _unknown_figures(plan: Plan) -> list[Fault]:
    faults = []
    for name, value in plan.model.items():
        if name not in FIGURES:
            guess = difflib.get_close_matches(name, FIGURES, n=1)
            remedy = f"Did you mean {guess[0]}" if guess else "`siting figures` lists the names"
            faults.append(Fault(file=plan.path.name, column=f"model.{name}", problem="no such figure", remedy=remedy))
        elif not value >= 0:
            faults.append(
                Fault(
                    file=plan.path.name,
                    column=f"model.{name}",
                    problem="a figure of the model must not be negative",
                    remedy="Correct it",
                )
            )
    return faults
