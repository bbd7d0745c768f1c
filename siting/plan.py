"""The plan file: what it may say, read and checked.

The text under each field is its documentation; the reference in `docs/plan-reference.md` is made
from it.
"""

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from siting.decoding import decode_text
from siting.faults import Fault, InputFaultsError
from siting.speeds import FIGURES, TravelModel
from siting.words import Objective, Scenario

PositiveNumber = Annotated[float, Field(gt=0)]


Files = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""One file or several."""


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
    places: Annotated[int, Field(ge=0)] | None = None
    """How many more children it can take; without it, any number."""
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
    addresses: Files | None = None
    """Address files, for engagement: OS Open UPRN, AddressBase Core or Plus, or a table of your own (CSV).
    Without it OpenStreetMap's addresses are used."""
    plots: Files | None = None
    """Plots of land, for engagement: INSPIRE Index Polygons (GML) or any layer of polygons. Where the home is near
    a council's border, name the neighbouring council's file too."""
    boundary: str | None = None
    """A home's boundary drawn by hand, for engagement: GeoJSON or GeoPackage, with a `home_id` column."""
    decisions: str | None = None
    """Neighbours added or removed by hand, with a reason: CSV (`siting decide` writes it)."""
    contacts: str | None = None
    """Named stakeholders, for engagement: CSV or Excel with role, name and how to reach them."""
    wards: str | None = None
    """Boundaries of wards and county divisions, at full resolution."""
    councillors: str | None = None
    """Elected members, by ward: CSV as from opencouncildata, or ModernGov's XML."""
    gias: Files | None = None
    """Local schools: CSV as downloaded from Get Information About Schools."""
    police_areas: str | None = None
    """Boundaries of police neighbourhoods: KML, GeoPackage or another format that GDAL reads."""
    police_team: Files | None = None
    """Police neighbourhood teams: CSV, or JSON as police.uk gives it."""

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """The key and the name of every file that is named."""
        values = self.model_dump()
        return tuple(
            (f"inputs.{key}", name)
            for key, value in values.items()
            if key != "decisions"  # made by `siting decide` when the first is taken
            for name in ((value,) if isinstance(value, str) else value or ())
        )


class DropIn(PlanPart):
    """The drop-in session for the wider community."""

    date: dt.date
    """Its day."""
    start: dt.time = dt.time(15)
    """When it begins."""
    end: dt.time = dt.time(19)
    """When it ends."""
    place: str = ""
    """Where it is held."""


class Engagement(PlanPart):
    """How the neighbours are told."""

    boundary_metres: PositiveNumber = 20
    """How far from the home's boundary an immediate neighbour may be."""
    sharers_and_each_side: Annotated[int, Field(ge=0)] = 0
    """Besides: those who share the boundary, and so many homes on either side along the road (another council's practice)."""
    slot_minutes: Annotated[int, Field(ge=5, le=120)] = 15
    """The length of one neighbour's visit."""
    days: tuple[dt.date, ...] = ()
    """The days of the neighbours' visits; without them three weekdays are proposed before the opening day."""
    start: dt.time = dt.time(10)
    """When a visiting day begins."""
    end: dt.time = dt.time(16)
    """When a visiting day ends."""
    breaks: tuple[str, ...] = ("12:30-13:30",)
    """Times of day without visits, as `"12:30-13:30"`."""
    evening: str | None = None
    """Further visits in the evening, as `"18:00-20:00"`."""
    hosts: tuple[str, ...] = ("Host 1",)
    """Who receives visitors, each a household at a time."""
    spare_slots: Annotated[int, Field(ge=0)] = 2
    """Slots kept free a day, for those who cannot come at theirs."""
    nation: Annotated[str, Field(pattern="^(England|Wales|Scotland|Northern Ireland)$")] = "England"
    """Whose bank holidays are left out."""
    opening_day: dt.date | None = None
    """When the home opens; the steps are dated back from it."""
    keep_until: dt.date | None = None
    """The day by which lists and letters are to be destroyed, printed on each; by default when the home has opened."""
    drop_in: DropIn | None = None
    """The drop-in session."""
    provider: str = ""
    """Who writes, as letters and papers name it."""
    contact: str = ""
    """How neighbours reach the provider: a telephone number or an e-mail address."""
    signatory: str = ""
    """Who signs the letters."""
    logo: str | None = None
    """A picture (PNG or SVG) for the head of letters, relative to the plan file."""
    letter: str | None = None
    """Your own wording of the letter: a Word file made from the one in a pack, relative to the plan file."""


class PortfolioPart(PlanPart):
    """Which homes to have together. Options of `siting portfolio` go before what stands here."""

    homes: Annotated[int, Field(ge=1)] | None = None
    """How many homes in all, those bought or already open among them."""
    beds: Annotated[int, Field(ge=1)] | None = None
    """How many beds in all, at least."""
    budget_gbp: PositiveNumber | None = None
    """The most that may be spent: prices of candidates, and works on them and on houses already bought."""
    objective: Objective = Objective.TOTAL
    """What to make least: the `total` of the children's family minutes, or the `worst` of them."""
    include_marginal: bool = True
    """Whether homes with the verdict `marginal` may be chosen."""
    locked: tuple[str, ...] = ()
    """Homes that must be chosen, by home_id."""
    barred: tuple[str, ...] = ()
    """Homes that must not be chosen, by home_id."""
    most_in_one_town: Annotated[int, Field(ge=1)] | None = None
    """The most homes with the same `town` in the candidates table."""
    most_in_one_ward: Annotated[int, Field(ge=1)] | None = None
    """The most homes with the same `ward` in the candidates table."""
    least_miles_apart: PositiveNumber | None = None
    """No two homes nearer to each other than this, in a straight line."""
    works_gbp: Annotated[float, Field(ge=0)] = 0
    """The cost of works on a house where the candidates table does not say."""
    solo_most_bedrooms: Annotated[int, Field(ge=1)] | None = None
    """The largest house, in bedrooms, that is used for one child alone; without it, any."""
    trade: bool = True
    """Whether councils sell each other beds; otherwise each must fit its children in its own."""
    weekly_price_gbp: PositiveNumber | None = None
    """What a bed costs a week, also when a council buys it from another."""
    visits_a_week: PositiveNumber = 1
    """How often a child and the family visit each other, there and back; only for the minutes a week."""


class AuthorityShare(PlanPart):
    """What one council has in the contract."""

    beds: Annotated[int, Field(ge=0)]
    """The beds allocated to it."""


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
    portfolio: PortfolioPart | None = None
    """Which homes to have together; `siting run` chooses them where this part is there."""
    authorities: Mapping[str, AuthorityShare] = Field(default_factory=dict)
    """The partner councils by name, and their beds."""
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
        # A council's name or a school's number stands between the part and its keys.
        if isinstance(step, str) and step in _PARTS:
            part = _PARTS[step]
    return [name for name in part.model_fields if name != "path"]


_PARTS: dict[str, type[PlanPart]] = {
    "area": Area,
    "schools": School,
    "rules": Rules,
    "inputs": Inputs,
    "engagement": Engagement,
    "drop_in": DropIn,
    "portfolio": PortfolioPart,
    "authorities": AuthorityShare,
}


def _missing_files(plan: Plan) -> list[Fault]:
    named = list(plan.inputs.named)
    named += [
        (key, name)
        for key, name in (
            ("area.network", plan.area.network),
            ("engagement.logo", plan.engagement.logo),
            ("engagement.letter", plan.engagement.letter),
        )
        if name
    ]
    return [
        Fault(
            file=plan.path.name,
            column=key,
            problem=f"the file {name} is not there",
            remedy="Paths are relative to the plan file; check the name",
        )
        for key, name in named
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
