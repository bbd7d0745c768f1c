"""All that an engagement pack says of one home, as values; the papers are made from it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from engagement.around.boundary import HomeBoundary
from engagement.around.neighbours import Considered, natural_key, nearby, neighbours
from engagement.around.walk_there import Unaddressed
from engagement.people.stakeholder_rows import Stakeholder
from engagement.register import Told
from engagement.schedule.issue import Issue
from engagement.schedule.steps import Step
from engagement.schedule.visits import Schedule, Visit
from siting.faults import Fault
from siting.inputs.plan_inputs import Home
from siting.inputs.plan_parts import Engagement
from siting.sentences import counted

RESIDENTS = "Addresses of residents and of a home"
NOTICE = f"Official: sensitive. {RESIDENTS}. Keep it safe; destroy it when the home has opened"
HOUSEHOLD = "The Occupier"
PREMISES = "The Manager"
"""Names of residents are neither needed nor asked for."""
REGULATORS = {"England": "Ofsted", "Wales": "Care Inspectorate Wales", "Scotland": "the Care Inspectorate"}
"""Who registers and inspects children's homes, by nation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The engagement pack of one home.

    Attributes
    ----------
    considered
        Every address that was considered, nearest first, but those set aside.
    walk_there
        Buildings and caravan sites within the distance that look lived in and have no address, by the labels on the map.
    set_aside
        Those who must be left alone, by decision or since they asked: only counted, on no paper and no list.
    walk
        The neighbours in walking order: by street, one side out and the other back.
    numbers
        Each neighbour's number on the printed list, by address key; kept from issue to issue.
    previous
        The issue before this one, where there was one.
    told
        Who the register says was invited or had a letter delivered.
    sources
        What was used and whose it is, for the foot of papers.
    address_source
        Where the addresses come from, as papers name it.
    released
        Whether letters may go out: the briefing of executive members is in the register.
    """

    home: Home
    title: str
    engagement: Engagement
    boundary: HomeBoundary
    own_words: str
    area: shapely.Geometry
    considered: tuple[Considered, ...]
    set_aside: tuple[Considered, ...]
    walk_there: tuple[Unaddressed, ...]
    walk: tuple[Considered, ...]
    numbers: Mapping[str, int]
    highest_number: int
    previous: Issue | None
    told: Told
    schedule: Schedule
    steps: tuple[Step, ...]
    stakeholders: tuple[Stakeholder, ...]
    released: bool
    made: dt.date
    sources: tuple[tuple[str, str], ...]
    has_address_files: bool
    address_source: str
    warnings: tuple[Fault, ...]
    plots: tuple[shapely.Geometry, ...]
    buildings: tuple[shapely.Geometry, ...]

    @property
    def home_id(self) -> str:
        """The home's identifier."""
        return self.home.row.home_id

    @property
    def regulator(self) -> str:
        """Who registers and inspects the home."""
        return REGULATORS.get(self.engagement.nation, "the regulator")

    @property
    def case_code(self) -> str:
        """What heads papers in the place of the address."""
        return f"Case {self.home_id}"

    @property
    def notice(self) -> str:
        """How every paper is marked, and until when it is kept."""
        if self.engagement.keep_until:
            day = self.engagement.keep_until
            return NOTICE.replace("when the home has opened", f"by {day.day} {day:%B %Y}") + "."
        opening = self.engagement.opening_day
        return NOTICE + (f" ({opening.day} {opening:%B %Y})." if opening else ".")

    @property
    def nobody_found(self) -> str:
        """What every paper says where no neighbour was found and buildings that look lived in stand within the distance."""
        if self.walk or not self.walk_there:
            return ""
        stand = f"{self.engagement.boundary_metres:g} m, and {counted(len(self.walk_there), 'place')} that may be lived in"
        return f"NO NEIGHBOUR WAS FOUND in {self.address_source} within {stand}: walk there before anything goes out."

    @property
    def neighbours(self) -> tuple[Considered, ...]:
        """Those who are in, nearest first."""
        return neighbours(self.considered)

    @property
    def nearby(self) -> tuple[Considered, ...]:
        """Those left out, to the last band."""
        return nearby(self.considered)

    def number_of(self, one: Considered) -> int:
        """Return a neighbour's number on the printed list."""
        return self.numbers[one.address.key]

    def visit_of(self, one: Considered) -> Visit | None:
        """Return a neighbour's visit; None where it has no slot yet."""
        return next((visit for visit in self.schedule.visits if visit.neighbour.address.key == one.address.key), None)


def walking_order(found: Sequence[Considered], own_street: str) -> tuple[Considered, ...]:
    """Order neighbours for a walk: the home's street first; on each, odd numbers out and even numbers back."""

    def key(one: Considered) -> tuple[object, ...]:
        address = one.address
        digits = "".join(c for c in address.number.partition("-")[0] if c.isdecimal())
        figure = int(digits) if digits else None
        side = 2 if figure is None else 0 if figure % 2 else 1
        number = natural_key(address.number)
        # Back along the even side: the highest number is met first.
        along = -(figure or 0) if side == 1 else (figure or 0)
        return (
            address.street.casefold() != own_street.casefold(),
            address.street.casefold(),
            side,
            along,
            number,
            natural_key(address.door),
        )

    return tuple(sorted(found, key=key))


def addressee(one: Considered) -> str:
    """Return to whom a letter is addressed, without a name."""
    return PREMISES if one.address.kind.premises else HOUSEHOLD


def address_lines(one: Considered) -> list[str]:
    """Return an address as the lines of an envelope, the postcode last; at most six."""
    address = one.address
    if not (address.street or address.text):
        return []
    if address.street:
        house = " ".join(part for part in (address.number, address.street) if part)
        lines = [address.sub_building, address.building_name, house, address.town, address.postcode]
        return [line for line in lines if line]
    parts = [part.strip() for part in address.text.split(",") if part.strip()]
    if address.postcode and (not parts or parts[-1].replace(" ", "") != address.postcode.replace(" ", "")):
        parts.append(address.postcode)
    while len(parts) > 6:  # noqa: PLR2004 - what fits an envelope and a label
        parts[0:2] = [f"{parts[0]}, {parts[1]}"]
    return parts
