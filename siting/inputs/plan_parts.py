"""The parts of a plan file: every key, its unit and what it means without it.

The text under each field is its documentation; the reference in `docs/plan-reference.md` is made
from it.
"""

import datetime as dt
import re
from enum import StrEnum
from functools import cache
from typing import Annotated, Self, get_args, get_origin
from unicodedata import category

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from siting.travel_model import USUAL_HOURS, SchoolHours
from siting.words import Objective, Scenario, whole_ms

PositiveNumber = Annotated[float, Field(gt=0)]


def _typed_figure(value: object) -> object:
    if problem := _not_of_a_kind(value, frozenset({float})):
        raise ValueError(problem)
    return value


_FIGURE = re.compile(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*")


def _not_of_a_kind(value: object, kinds: frozenset[type]) -> str:
    """Say what is wrong with a value that could be taken for what it does not say: yes for 1, 8.45 for seconds past midnight."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, bool) and bool not in kinds:
        return "true and false are no value of this key"
    if bool in kinds and not isinstance(value, bool):
        return "this is neither true nor false; write one of them, without quotes"
    if kinds & {dt.time, dt.date} and (is_number or (isinstance(value, str) and not re.search(r"[0-9][:-][0-9]", value))):
        return "write a time as 08:45:00" if dt.time in kinds else "write a day as 2027-03-01"
    if kinds & {int, float} and isinstance(value, str) and not _FIGURE.fullmatch(value):
        return (
            f"this is not a number ({value[:20]!r}); write it in figures without quotes, with a point and no commas, as in 45.5"
        )
    if isinstance(value, str) and any(category(letter) == "Cc" for letter in value):
        return "it holds a letter that cannot be seen; type it again"
    return ""


Figure = Annotated[float, BeforeValidator(_typed_figure)]
"""A number and nothing that could be taken for one."""

Files = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""One file or several."""


class PlanPart(BaseModel):
    """A part of the plan: cannot be changed, and knows no keys but its own."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True, allow_inf_nan=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_what_it_says(cls, value: object, info: ValidationInfo) -> object:
        kinds = _kinds_of(cls, info.field_name or "")
        for one in value if isinstance(value, list) else [value]:
            if problem := _not_of_a_kind(one, kinds):
                raise ValueError(problem)
        return value


@cache
def _kinds_of(part: type[BaseModel], key: str) -> frozenset[type]:
    """Return the plain types that a key of a part may hold."""
    found: set[type] = set()
    waiting: list[object] = [part.model_fields[key].annotation] if key in part.model_fields else []
    while waiting:
        one = waiting.pop()
        if get_origin(one) is Annotated or get_args(one):
            waiting += [arg for arg in get_args(one) if isinstance(arg, type) or get_args(arg)]
        elif isinstance(one, type):
            found.add(one)
    return frozenset(found)


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
    grid_reference: str | None = None
    """An Ordnance Survey grid reference, such as `SK 860 088`."""
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


class SchoolDay(PlanPart):
    """When school starts and ends."""

    school_start: dt.time = USUAL_HOURS.start
    """When school starts: on the school run roads and turns are as they are then, on weekdays in term."""
    school_end: dt.time = USUAL_HOURS.end
    """When school ends: what is closed at either end of the day counts as closed on the school run."""
    school_street_exempt: bool = True
    """Whether a home or a school in a road that is closed at those hours is driven to all the same, by its people's permit."""

    @model_validator(mode="after")
    def _start_before_end(self) -> Self:
        if self.school_start >= self.school_end:
            msg = "school_start must be earlier than school_end"
            raise ValueError(msg)
        return self

    @property
    def school_hours(self) -> SchoolHours:
        """The hours of the school run."""
        return SchoolHours(start=self.school_start, end=self.school_end, exempt=self.school_street_exempt)


class Rules(SchoolDay):
    """What a home is judged by."""

    school_minutes: Annotated[PositiveNumber, Field(le=600)] = 45
    """The most minutes by car between home and school, in the worse direction. A contract's rule, not law."""
    scenario: Scenario = Scenario.SCHOOL_RUN
    """Which scenario the rule is judged by; the others are shown beside it."""
    family_miles: Annotated[PositiveNumber, Field(le=1_000)] = 20
    """The straight-line distance of the national statistic on placements far from home."""

    @property
    def school_ms(self) -> int:
        """The most whole milliseconds between home and school; what takes exactly that long is in."""
        return whole_ms(self.school_minutes)


class Inputs(PlanPart):
    """The tables, as paths relative to the plan file."""

    candidates: str
    """The homes for sale or already open: CSV or Excel."""
    children: str | None = None
    """The children whose families the homes should be near: CSV or Excel."""
    observed: str | None = None
    """Journeys that you drove or looked up, for `siting calibrate`: a table with from, to (places, a home_id or a school's
    name), date, departed, minutes, source (`drive`, `sat-nav`, `bus tracker`) and, where you have it, minutes_high."""
    exclusions: str | None = None
    """Places that a child must not live near: CSV or Excel."""
    columns: str = "columns.csv"
    """Which column of a table is which, where its heading does not say: CSV with `table` (`candidates`, `children` or
    `exclusions`), `heading` and `field` (`own` for none of them). The local page writes it; read where it is there."""
    boundaries: str | None = None
    """Authorities' boundaries with a `name` column: GeoPackage, GeoJSON, GML, KML, shapefile or FlatGeobuf."""
    addresses: Files | None = None
    """Address files, for engagement: OS Open UPRN, AddressBase Core, Plus or Premium, NGD Address, or a table of your own (CSV).
    Of a delivery in several volumes name all: they are read together.
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
    """Local schools: the download of Get Information About Schools (CSV or Excel)."""
    police_areas: str | None = None
    """Boundaries of police neighbourhoods: KML, GeoPackage, GeoJSON, GML, shapefile or FlatGeobuf."""
    police_team: Files | None = None
    """Police neighbourhood teams: CSV, or JSON as police.uk gives it."""

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """The key and the name of every file that is named."""
        values = self.model_dump()
        return tuple(
            (f"inputs.{key}", name)
            for key, value in values.items()
            if key not in {"decisions", "columns"}  # made when the first is taken or chosen
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


class LargeParcels(StrEnum):
    """What to do with addresses on parcels that are too large to be one house's."""

    ASK = "ask"
    COUNT = "count"
    PASS = "pass"  # noqa: S105 - a word of the plan


class Engagement(PlanPart):
    """How the neighbours are told."""

    boundary_metres: Annotated[PositiveNumber, Field(le=1_000)] = 20
    """How far from the home's boundary an immediate neighbour may be."""
    sharers_and_each_side: Annotated[int, Field(ge=0, le=100)] = 0
    """Besides: those who share the boundary, and so many homes on either side along the road (another council's practice)."""
    large_parcels: LargeParcels = LargeParcels.ASK
    """An address on a parcel of more than two hectares that comes within the distance, such as a farm's: `ask` lists it for
    a person to decide, `count` takes it as a neighbour, `pass` measures its building instead."""
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
    """Where the home stands: bank holidays, regulator and language follow; where it is not said, a Welsh postcode tells
    Wales and a Scottish one Scotland."""
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
    """The most that may be spent: prices of candidates, and works on them and on houses already bought.
    A home without a price cannot be bought within it."""
    objective: Objective = Objective.TOTAL
    """What to make least: the `total` of the children's family minutes, the `worst` of them, or the `cost`.
    Among choices that are equal in it the fewer minutes, then the cheaper, then the fewer homes win, then their home_id."""
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
    name_is_right: bool = False
    """Whether its name is right although it looks like that of another council, which is asked about."""
