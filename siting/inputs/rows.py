"""One row of each table that users type, checked and typed; extra columns are kept."""

import re
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from siting.words import HomeStatus, whole_ms

_TRUE = {"yes", "y", "true", "1", "x"}
_FALSE = {"no", "n", "false", "0", ""}


def _number(value: Any) -> Any:  # noqa: ANN401 - what a cell holds is not known before this
    """Read a number as people write it: with a pound sign, commas or spaces."""
    if isinstance(value, str):
        return re.sub(r"[£,\s]", "", value)
    return value


def _yes_or_no(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        msg = "should be yes or no"
        raise ValueError(msg)
    return value


def _safe_identifier(value: str) -> str:
    if value[:1] in "=+-@":
        msg = "an identifier must not begin with = + - or @, which spreadsheets take for a formula"
        raise ValueError(msg)
    return value


Identifier = Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(str), BeforeValidator(_safe_identifier)]
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Amount = Annotated[float, BeforeValidator(_number), Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_number), Field(ge=0, le=100)]
YesOrNo = Annotated[bool, BeforeValidator(_yes_or_no)]


class Row(BaseModel):
    """A row of a table. Headers in any case; a cell that is empty is as if it were not there."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)


class PlacedRow(Row):
    """A row that says where it is, in one of several ways."""

    needs_place: ClassVar[bool] = True
    """Whether a row without a place is a fault."""

    postcode: str | None = None
    """A unit postcode."""
    easting: Number | None = None
    """Metres east (EPSG:27700), with `northing`."""
    northing: Number | None = None
    """Metres north (EPSG:27700)."""
    latitude: Number | None = None
    """Degrees north (EPSG:4326), with `longitude`."""
    longitude: Number | None = None
    """Degrees east (EPSG:4326)."""
    uprn: str | None = None
    """A unique property reference number, where the plan gives an address file."""

    @property
    def has_place(self) -> bool:
        """Whether anything says where it is."""
        return any(getattr(self, key) is not None for key in ("postcode", "easting", "latitude", "uprn"))

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        for one, other in (("easting", "northing"), ("latitude", "longitude")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                msg = f"{one} and {other} go together, and one of them is empty"
                raise ValueError(msg)
        if self.needs_place and not self.has_place:
            msg = "no place is given: fill in postcode, or easting and northing, or latitude and longitude"
            raise ValueError(msg)
        return self


class HomeRow(PlacedRow):
    """A house for sale, or a home already open."""

    home_id: Identifier
    """The users' own name for it, once in the table."""
    address: str | None = None
    """For people to read."""
    bedrooms: Count | None = None
    """How many bedrooms the house has."""
    beds: Count | None = None
    """How many children it would take."""
    annex: YesOrNo = False
    """Whether it has an annex."""
    price_gbp: Amount | None = None
    """The asking price, in pounds."""
    works_gbp: Amount | None = None
    """What the works on it would cost, in pounds."""
    town: str | None = None
    """The town it stands in, for limits on homes in one town."""
    ward: str | None = None
    """The ward it stands in, for limits on homes in one ward."""
    authority: str | None = None
    """The council in whose area it stands."""
    status: HomeStatus = HomeStatus.CANDIDATE
    """`candidate`, `bought` (the neighbours are told next) or `open`."""
    link: str | None = None
    """A web page about it."""


class ChildRow(PlacedRow):
    """A child, known only by an opaque reference, and where the family lives.

    The family's place may honestly be missing (of about one child in eleven, as of those who came to
    the country alone): such a child needs a bed and a school all the same, and counts as not known.
    """

    needs_place: ClassVar[bool] = False

    child_ref: Identifier
    """The users' own reference, once in the table."""
    authority: str | None = None
    """The council responsible for the child."""
    solo: YesOrNo = False
    """Whether the child needs a home alone."""
    max_minutes: Amount | None = None
    """The most minutes by road from family to home, where one is set."""
    needs_bed: YesOrNo = True
    """Whether a bed is looked for; otherwise the child only counts in the picture of the need."""
    placement: str | None = None
    """Where the child lives now: a postcode, or the name of a council or place."""
    weekly_cost: Amount | None = None
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

    child_ref: Identifier
    """Whose it is; must stand in the children table."""
    radius_miles: Amount
    """How far the exclusion reaches, in a straight line."""


class PointRow(PlacedRow):
    """A named place of a `siting times` table."""

    id: Identifier
    """The users' own name for it, once in the table."""
