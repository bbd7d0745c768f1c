"""One row of each table that users type, checked and typed; extra columns are kept."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from siting.inputs.observed_values import read_day, read_minutes, read_source, read_time_of_day
from siting.inputs.values import (
    Plausible,
    asked_about,
    cell_error,
    read_confirmed,
    read_council,
    read_degrees_of,
    read_identifier,
    read_name,
    read_number,
    read_word,
    read_yes_or_no,
    without_unit,
)
from siting.words import HomeStatus, whole_ms

Identifier = Annotated[str, Field(min_length=1), BeforeValidator(read_identifier)]
Name = Annotated[str, BeforeValidator(read_name)]
Council = Annotated[str, BeforeValidator(read_council)]
Confirmed = Annotated[frozenset[str], BeforeValidator(read_confirmed)]
Number = Annotated[float, BeforeValidator(read_number), Field(allow_inf_nan=False)]
Latitude = Annotated[float, BeforeValidator(read_degrees_of("N", "S")), Field(allow_inf_nan=False)]
Longitude = Annotated[float, BeforeValidator(read_degrees_of("E", "W")), Field(allow_inf_nan=False)]
Amount = Annotated[float, BeforeValidator(read_number), Field(ge=0, allow_inf_nan=False)]
YesOrNo = Annotated[bool, BeforeValidator(read_yes_or_no)]
Whole = Annotated[int, BeforeValidator(read_number), Field(ge=0, le=10_000)]
Status = Annotated[HomeStatus, BeforeValidator(read_word)]

BEDROOMS = Plausible(low=1, high=20, what="{:,.10g} bedrooms", remedy="Write how many the house has")
"""Other than any house that becomes a small children's home has; 0 is often written for not known (own limits, as below)."""
BEDS = Plausible(low=0, high=12, what="{:,.10g} beds", remedy="Write how many children it would take")
PRICE = Plausible(
    low=10_000,
    high=10_000_000,
    what="a price of \u00a3{:,.10g}",
    remedy="Write the pounds in full, as in 425000; leave it empty where it is not known",
)
PAID = replace(PRICE, or_nothing=True)
"""What was paid for a house of ours may be nothing."""
WORKS = Plausible(
    low=500,
    high=5_000_000,
    what="works at a cost of \u00a3{:,.10g}",
    remedy="Write the pounds in full; 0 where there are none",
    or_nothing=True,
)
MINUTES = Plausible(low=5, high=600, what="a maximum of {:,.10g} minutes", remedy="Write it in minutes, between 5 and 600")
WEEKLY_COST = Plausible(low=100, high=60_000, what="a weekly cost of \u00a3{:,.10g}", remedy="Write pounds a week, in full")
RADIUS = Plausible(low=0.01, high=300, what="a radius of {:,.10g} miles", remedy="Write it in miles")

Day = Annotated[dt.date, BeforeValidator(read_day)]
TimeOfDay = Annotated[dt.time, BeforeValidator(read_time_of_day)]
JourneyMinutes = Annotated[float, BeforeValidator(read_minutes), Field(gt=0, le=600, allow_inf_nan=False)]
Source = Annotated[str, BeforeValidator(read_source)]

Bedrooms = Annotated[
    Whole, BeforeValidator(without_unit("bed", "beds", "bedroom", "bedrooms")), AfterValidator(asked_about(BEDROOMS))
]
Beds = Annotated[Whole, AfterValidator(asked_about(BEDS))]
Works = Annotated[Amount, AfterValidator(asked_about(WORKS))]
Minutes = Annotated[
    Amount, BeforeValidator(without_unit("min", "mins", "minute", "minutes")), Field(gt=0), AfterValidator(asked_about(MINUTES))
]
WeeklyCost = Annotated[
    Amount,
    BeforeValidator(without_unit("pw", "p/w", "per week", "a week", "/week", "/wk")),
    AfterValidator(asked_about(WEEKLY_COST)),
]
Radius = Annotated[Amount, BeforeValidator(without_unit("mi", "mile", "miles")), Field(gt=0), AfterValidator(asked_about(RADIUS))]
"""A radius of no miles protects nobody, so that nobody can confirm one."""


class Row(BaseModel):
    """A row of a table. Headers in any case; a cell that is empty is as if it were not there."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    needed_columns: ClassVar[tuple[str, ...]] = ()
    """Columns that a table must have although a cell of them may be empty."""
    plausible: ClassVar[Mapping[str, Plausible]] = {}
    """The fields whose unusual values are asked about, and from where on."""
    also_asked_about: ClassVar[frozenset[str]] = frozenset()
    """Other fields that may be asked about: by what stands in other rows and files."""
    has_key: ClassVar[bool] = True
    """Whether the first column names the row, once in the table."""
    days_and_times: ClassVar[frozenset[str]] = frozenset()
    """The fields that hold a day or a time of day; in any other a spreadsheet's date is a slip."""
    looked_up: ClassVar[frozenset[str]] = frozenset()
    """The fields that are looked up elsewhere, also in a row of which nothing else can be read."""

    confirmed_values: Confirmed = frozenset()
    """Which values of the row are right although they are asked about: their columns, as in `price_gbp, bedrooms`."""

    @field_validator("confirmed_values", mode="after")
    @classmethod
    def _confirms_what_is_asked_about(cls, names: frozenset[str]) -> frozenset[str]:
        known = [*cls.plausible, *sorted(cls.also_asked_about)]
        unknown = sorted(names - set(known))
        if unknown:
            raise cell_error(
                problem="this does not say which values are right", remedy=f"Write one or more of: {', '.join(known)}"
            )
        return names

    def is_unusual(self, name: str) -> bool:
        """Whether the value of a field is one that is asked about."""
        value, rule = getattr(self, name), self.plausible.get(name)
        return rule is not None and value is not None and not rule.holds(value)

    @property
    def unusual(self) -> Iterator[tuple[str, str]]:
        """Each field whose value is unusual, and so was confirmed, with the value in words."""
        yield from ((name, rule.worded(getattr(self, name))) for name, rule in self.plausible.items() if self.is_unusual(name))


PLACE_FIELDS = ("postcode", "easting", "latitude", "lat_long", "grid_reference", "uprn")
"""Any one of them says where a row is."""
NO_PLACE = "no_place"
"""The kind of error of a row that does not say where it is."""
TYPED_PLACES = frozenset({"easting", "latitude", "lat_long", "grid_reference"})
"""Those of them that are asked about where nobody lives."""


class PlacedRow(Row):
    """A row that says where it is, in one of several ways."""

    needs_place: ClassVar[bool] = True
    """Whether a row without a place is a fault."""
    also_asked_about: ClassVar[frozenset[str]] = TYPED_PLACES

    postcode: str | None = None
    """A unit postcode."""
    easting: Number | None = None
    """Metres east (EPSG:27700), with `northing`."""
    northing: Number | None = None
    """Metres north (EPSG:27700)."""
    latitude: Latitude | None = None
    """Degrees north (EPSG:4326), with `longitude`."""
    longitude: Longitude | None = None
    """Degrees east (EPSG:4326)."""
    lat_long: str | None = None
    """Degrees north and degrees east (EPSG:4326) in one cell."""
    grid_reference: str | None = None
    """An Ordnance Survey grid reference, such as SK 860 088."""
    uprn: str | None = None
    """A unique property reference number, where the plan gives an address file."""

    @property
    def has_place(self) -> bool:
        """Whether anything says where it is."""
        return any(getattr(self, key) is not None for key in PLACE_FIELDS)

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        for one, other in (("easting", "northing"), ("latitude", "longitude")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                msg = f"{one} and {other} go together, and one of them is empty"
                raise ValueError(msg)
        if self.needs_place and not self.has_place:
            raise PydanticCustomError(NO_PLACE, "no place is given")
        return self


class HomeRow(PlacedRow):
    """A house for sale, or a home already open."""

    plausible: ClassVar[Mapping[str, Plausible]] = {
        "bedrooms": BEDROOMS, "beds": BEDS, "price_gbp": PRICE, "works_gbp": WORKS,
    }  # fmt: skip
    also_asked_about: ClassVar[frozenset[str]] = TYPED_PLACES | {"authority"}

    home_id: Identifier
    """The users' own name for it, once in the table."""
    address: str | None = None
    """For people to read."""
    bedrooms: Bedrooms | None = None
    """How many bedrooms the house has."""
    beds: Beds | None = None
    """How many children it would take."""
    annex: YesOrNo = False
    """Whether it has an annex."""
    status: Status = HomeStatus.CANDIDATE
    """`candidate`, `bought` (the neighbours are told next) or `open`."""
    price_gbp: Amount | None = None
    """The asking price, in pounds; a home without one is judged, and cannot be bought within a budget."""
    works_gbp: Works | None = None
    """What the works on it would cost, in pounds."""
    town: Name | None = None
    """The town it stands in, for limits on homes in one town."""
    ward: Name | None = None
    """The ward it stands in, for limits on homes in one ward."""
    authority: Council | None = None
    """The council in whose area it stands."""
    link: str | None = None
    """A web page about it."""

    @field_validator("price_gbp", mode="after")
    @classmethod
    def _price_is_plausible(cls, value: float | None, info: ValidationInfo) -> float | None:
        rule = PRICE if info.data.get("status") is HomeStatus.CANDIDATE else PAID
        return asked_about(rule)(value, info)

    def is_unusual(self, name: str) -> bool:
        """Whether the value of a field is one that is asked about."""
        free = name == "price_gbp" and self.price_gbp == 0 and self.status is not HomeStatus.CANDIDATE
        return not free and super().is_unusual(name)


class ChildRow(PlacedRow):
    """A child, known only by an opaque reference, and where the family lives.

    The family's place may honestly be missing (of about one child in eleven, as of those who came to
    the country alone): such a child needs a bed and a school all the same, and counts as not known.
    """

    needs_place: ClassVar[bool] = False
    plausible: ClassVar[Mapping[str, Plausible]] = {"max_minutes": MINUTES, "weekly_cost": WEEKLY_COST}
    also_asked_about: ClassVar[frozenset[str]] = TYPED_PLACES | {"authority"}

    child_ref: Identifier
    """The users' own reference, once in the table."""
    authority: Council | None = None
    """The council responsible for the child."""
    solo: YesOrNo = False
    """Whether the child needs a home alone."""
    max_minutes: Minutes | None = None
    """The most minutes by road from family to home, where one is set."""
    needs_bed: YesOrNo = True
    """Whether a bed is looked for; otherwise the child only counts in the picture of the need."""
    placement: Name | None = None
    """Where the child lives now: a postcode, or the name of a council or place."""
    weekly_cost: WeeklyCost | None = None
    """What that costs the council a week, in pounds."""

    @model_validator(mode="after")
    def _maximum_can_be_kept(self) -> Self:
        if self.max_minutes is not None and not self.has_place:
            msg = "a maximum of minutes to the family cannot be kept, since the row does not say where the family lives"
            raise ValueError(msg)
        return self

    @property
    def max_ms(self) -> int | None:
        """The most whole milliseconds by road from family to home; None where none is set."""
        return None if self.max_minutes is None else whole_ms(self.max_minutes)


class ExclusionRow(PlacedRow):
    """A place that one child must not live near."""

    has_key: ClassVar[bool] = False
    plausible: ClassVar[Mapping[str, Plausible]] = {"radius_miles": RADIUS}

    child_ref: Identifier
    """Whose it is; must stand in the children table."""
    radius_miles: Radius
    """How far the exclusion reaches, in a straight line."""


class ObservedRow(Row):
    """A journey that somebody drove, or that a sat-nav foretold."""

    has_key: ClassVar[bool] = False
    days_and_times: ClassVar[frozenset[str]] = frozenset({"date", "departed"})
    looked_up: ClassVar[frozenset[str]] = frozenset({"origin", "to"})

    origin: Annotated[str, Field(min_length=1)]
    """Where it began: a home_id, a school's name or a place; the column is called `from`."""
    to: Annotated[str, Field(min_length=1)]
    """Where it ended, in the same ways."""
    date: Day
    """The day."""
    departed: TimeOfDay
    """When it began, by the clock."""
    minutes: JourneyMinutes
    """How long it took; of a sat-nav's range the lower end."""
    source: Source
    """`drive`, `sat-nav` or `bus tracker`."""
    minutes_high: JourneyMinutes | None = None
    """The upper end of a sat-nav's range."""

    @field_validator("minutes_high", mode="after")
    @classmethod
    def _upper_end_is_above(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and value < info.data.get("minutes", 0.0):
            raise cell_error(problem="this is less than minutes", remedy="Write the upper end of the range here")
        return value


class PointRow(PlacedRow):
    """A named place of a table for `siting times` or `siting screen`."""

    id: Identifier
    """The users' own name for it, once in the table."""
    name: str | None = None
    """For people to read."""
