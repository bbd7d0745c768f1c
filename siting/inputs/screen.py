"""The file of a screen, read and checked: many schools, many places, one large extract.

The text under each field is its documentation.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from siting.faults import InputFaultsError
from siting.inputs.plan import unknown_figures
from siting.inputs.plan_parts import Figure, Files, PlanPart, PositiveNumber, SchoolDay
from siting.inputs.toml_files import key_fault, keys_at, missing_files, read_toml, refuse_path
from siting.travel_model import TravelModel
from siting.words import Direction, Scenario, whole_ms

MOST_MINUTES = 180
"""Farther than this nobody drives a child to school each day (own limit)."""
MOST_REGIONS = 400


class ScreenArea(PlanPart):
    """Where the roads come from."""

    network: str
    """A country's or a region's roads as an OpenStreetMap extract (`.osm.pbf`); like every file here, named as seen from the
    folder of the screen file. Take it wider than what is asked about: roads beyond it are not seen."""
    drives_on: Annotated[str, Field(pattern="^(left|right)$")] | None = None
    """The side of the road that cars drive on; by default left in Great Britain, right elsewhere."""


class ScreenSchools(PlanPart):
    """Which schools: from the national register, or from a table of your own."""

    gias: Files | None = None
    """The download of Get Information About Schools (CSV or Excel), one file or several, of which the open schools are taken."""
    kinds: tuple[str, ...] = ()
    """Of that download only schools whose type holds one of these words, such as `special`; by default all kinds."""
    table: str | None = None
    """Instead of `gias`: a table (CSV or Excel) with `id` (or `urn`), a `name` where you have one, and a place: `postcode`,
    `easting` and `northing`, or `latitude` and `longitude`."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.gias is None) == (self.table is None):
            msg = "give either gias (the national register) or table (your own), not both and not neither"
            raise ValueError(msg)
        if self.kinds and self.gias is None:
            msg = "kinds are those of the national register, and schools come from a table here"
            raise ValueError(msg)
        return self


class ScreenPlaces(PlanPart):
    """Which places: without this part every unit postcode on the extract's ground, which is known in Great Britain alone."""

    table: str | None = None
    """A table (CSV or Excel) with `id` and a place as for schools, such as houses for sale. A CSV file may have millions of rows
    where each has plain figures: `easting` and `northing`, or `latitude` and `longitude`."""
    postcodes: tuple[str, ...] = ()
    """Instead of a table: only unit postcodes of these areas (`HP`) or districts (`HP11`)."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.table is not None and self.postcodes:
            msg = "give either table or postcodes, not both"
            raise ValueError(msg)
        for text in self.postcodes:
            if not re.fullmatch(r"[A-Z]{1,2}([0-9][A-Z0-9]?)?", text.upper()):
                msg = f"{text[:10]!r} is neither a postcode area, as HP, nor a district, as HP11"
                raise ValueError(msg)
        return self


class ScreenRules(SchoolDay):
    """What is asked of every school and place."""

    minutes: Annotated[PositiveNumber, Field(le=MOST_MINUTES)] = 45
    """The most minutes by car between a place and a school, 180 at most; what takes exactly so long is within them."""
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)] = (Scenario.SCHOOL_RUN,)
    """How busy the roads are: one or more of `free_flow`, `typical` and `school_run`, each answered."""
    directions: Annotated[tuple[Direction, ...], Field(min_length=1)] = tuple(Direction)
    """Which way: `to_school`, `from_school` or both. A place is listed when one of the ways asked is within the minutes; its
    verdict is by the worse of them."""

    @property
    def limit_ms(self) -> int:
        """The most whole milliseconds; what takes exactly that long is in."""
        return whole_ms(self.minutes)


class ScreenRegions(PlanPart):
    """How the extract is parted; answers are the same however it is."""

    count: Annotated[int, Field(ge=1, le=MOST_REGIONS)] | None = None
    """Into how many regions; by default one for each half a million pieces of road. More of them want less memory each and more
    disk in all."""
    areas: bool = True
    """Whether the areas that one school and that two schools reach are drawn; without them a screen wants less time and disk."""


class ScreenCouncils(PlanPart):
    """A summary by council: its children, and how many of its places one school or two reach. Without this part there is none."""

    boundaries: str
    """Councils' boundaries with a `name` column: GeoPackage, GeoJSON, GML, KML, shapefile or FlatGeobuf."""
    need: str | None = None
    """How many children each council has, as the national statistics publish it: a table with `authority` and `children`,
    a row a council. A table of single children is refused."""


class Screen(PlanPart):
    """A whole screen file."""

    title: str = "Screen"
    """What heads every output."""
    area: ScreenArea
    """Where the roads come from."""
    schools: ScreenSchools
    """Which schools."""
    places: ScreenPlaces = ScreenPlaces()
    """Which places."""
    rules: ScreenRules = ScreenRules()
    """What is asked."""
    regions: ScreenRegions = ScreenRegions()
    """How the work is parted."""
    councils: ScreenCouncils | None = None
    """Need beside cover, by council."""
    model: Mapping[str, Figure] = Field(default_factory=dict)
    """Figures of the travel-time model to change, by their name in the table of figures in `method.md`."""
    path: Path = Field(default=Path("screen.toml"), exclude=True)
    """The file itself; not a key to write."""

    @classmethod
    def read(cls, path: Path | str) -> "Screen":
        """Read a screen file (TOML, UTF-8 with or without a byte-order mark, or Windows-1252).

        Raises
        ------
        InputFaultsError
            Naming every key that is missing, misspelt or has an impossible value, and every file
            that it names and that is not there.
        """
        path = Path(path)
        raw = read_toml(path, "screen")
        refuse_path(path, "screen", raw)
        try:
            screen = cls.model_validate({**raw, "path": path})
        except ValidationError as error:
            raise InputFaultsError(
                key_fault(path, "screen", details, keys_at(cls, _PARTS, details["loc"][:-1])) for details in error.errors()
            ) from error
        faults = [*missing_files(path, screen.named, "screen"), *unknown_figures(path.name, screen.model)]
        if faults:
            raise InputFaultsError(faults)
        return screen

    def resolve(self, relative: str) -> Path:
        """Return the path of a file that the screen names."""
        return self.path.parent / relative

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """The key and the name of every file that is named."""
        listed = [("area.network", self.area.network), ("schools.table", self.schools.table), ("places.table", self.places.table)]
        listed += [("schools.gias", name) for name in self.schools.gias or ()]
        if self.councils is not None:
            listed += [("councils.boundaries", self.councils.boundaries), ("councils.need", self.councils.need)]
        return tuple((key, name) for key, name in listed if name)

    @property
    def travel_model(self) -> TravelModel:
        """The travel-time model with this screen's changes."""
        return TravelModel(changes=tuple(sorted(self.model.items())), hours=self.rules.school_hours)


_PARTS: dict[str, type[PlanPart]] = {
    "area": ScreenArea,
    "schools": ScreenSchools,
    "places": ScreenPlaces,
    "rules": ScreenRules,
    "regions": ScreenRegions,
    "councils": ScreenCouncils,
}
