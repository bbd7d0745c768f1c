"""What each audience sees of a plan, a type each: what is not a field here cannot be drawn, whoever draws.

Everything that shows a plan (page, picture, atlas) takes a sight and nothing else of the plan. Shapes
are in the network's metres. Nothing in the sight of partners or the public is moved, ordered, chosen
by or counted from children's families: not even a band of a count, since two exports set against each
other would show on which side of its edge a child was added.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import shapely

from maps.privacy.audience import NOTICES
from maps.privacy.subject import EngagementArea, MapSubject
from siting.evaluation.families import NO_FAMILIES
from siting.evaluation.home_result import HomeResult, home_facts, miles, minutes
from siting.evaluation.reasons import explain
from siting.inputs.council_names import plain_name
from siting.inputs.postcodes import outward_part
from siting.words import METRES_PER_MILE, Audience, Direction, HomeStatus, Scenario, Verdict

MARGIN_M = 6_000.0
"""How far the base map goes beyond what is drawn on it."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in the network's metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSchool:
    """A school and where cars enter it."""

    name: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenArea:
    """The ground within so many minutes of a school."""

    minutes: float
    direction: Direction
    scenario: Scenario
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAuthority:
    """A council's area."""

    name: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerHome:
    """What partner councils see of a home: what it is and its minutes to school; no rank, and nothing of families."""

    home_id: str
    x_m: float
    y_m: float
    verdict: Verdict
    status: str
    school: str | None
    to_school_min: float
    from_school_min: float
    margin_min: float
    error_min: float
    school_road_miles: float
    route: str | None
    address: str | None
    authority: str | None
    bedrooms: int | None
    beds: int | None
    annex: bool
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFamily:
    """A child's family: for those who plan the child's home alone."""

    child_ref: str
    authority: str | None
    area: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenZone:
    """A zone that a child must not live in."""

    child_ref: str
    x_m: float
    y_m: float
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalHome:
    """A home with every column of the evaluation, the users' own among them, and the minutes to each family."""

    home_id: str
    x_m: float
    y_m: float
    verdict: Verdict
    columns: Mapping[str, Any]
    family_min: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSight:
    """What the public sees: schools, areas, councils' borders."""

    audience: ClassVar[Audience] = Audience.PUBLIC
    title: str
    school_minutes: float
    scenario: Scenario
    schools: tuple[SeenSchool, ...]
    areas: tuple[SeenArea, ...]
    authorities: tuple[SeenAuthority, ...]
    view: Bounds
    region: shapely.Polygon

    @property
    def notice(self) -> str:
        """What the audience is told of the map."""
        return NOTICES[self.audience]

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text that users typed and this audience reads, with where it stands."""
        return (
            ("title", self.title),
            *(("schools.name", school.name) for school in self.schools),
            *(("boundaries", authority.name) for authority in self.authorities),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSight(PublicSight):
    """What partner councils see: the same, and homes that are open, bought or chosen, in the order of their names."""

    audience: ClassVar[Audience] = Audience.PARTNER
    homes: tuple[PartnerHome, ...]
    routes: Mapping[tuple[str, Direction], shapely.Geometry]

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text that users typed and this audience reads, with where it stands."""
        told = ("home_id", "status", "address", "authority")
        return (
            # `super()` alone does not know a class that was rebuilt with slots.
            *super(PartnerSight, self).texts,
            *((key, str(getattr(home, key))) for home in self.homes for key in told if getattr(home, key) is not None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalSight(PublicSight):
    """What those see who choose the homes: everything; homes best first."""

    audience: ClassVar[Audience] = Audience.INTERNAL
    family_miles: float
    homes: tuple[InternalHome, ...]
    routes: Mapping[tuple[str, Direction], shapely.Geometry]
    families: tuple[SeenFamily, ...]
    unplaced_children: int
    children_by_authority: Mapping[str, int]
    """By the plain names of councils, which files spell in several ways."""
    zones: tuple[SeenZone, ...]
    chosen: tuple[str, ...] | None
    allocation: Mapping[str, str]
    engagement: EngagementArea | None


Sight = PublicSight | PartnerSight | InternalSight


def sight_of(subject: MapSubject, audience: Audience) -> Sight:
    """Return what an audience sees of a plan."""
    match audience:
        case Audience.PUBLIC:
            return public_sight(subject)
        case Audience.PARTNER:
            return partner_sight(subject)
        case Audience.INTERNAL:
            return internal_sight(subject)


def public_sight(subject: MapSubject) -> PublicSight:
    """Return what the public sees."""
    return PublicSight(**_common(subject, ()))


def partner_sight(subject: MapSubject) -> PartnerSight:
    """Return what partner councils see."""
    results = [result for result in subject.evaluation.results if is_shown(result, subject)]
    homes = tuple(sorted((_partner_home(result, subject) for result in results), key=lambda home: natural(home.home_id)))
    return PartnerSight(
        **_common(subject, [(home.x_m, home.y_m) for home in homes]),
        homes=homes,
        routes=_routes(subject, {home.home_id for home in homes}),
    )


def internal_sight(subject: MapSubject) -> InternalSight:
    """Return what those see who choose the homes."""
    inputs, evaluation = subject.inputs, subject.evaluation
    homes = tuple(_internal_homes(subject))
    families = tuple(_families(subject))
    counts = Counter(plain_name(child.row.authority) for child in inputs.children if child.row.authority)
    common = _common(subject, [(home.x_m, home.y_m) for home in homes], [(family.x_m, family.y_m) for family in families])
    if subject.engagement is not None:
        common |= {"view": tuple(shapely.bounds(shapely.buffer(subject.engagement.area, 45)))}
    return InternalSight(
        **common,
        family_miles=inputs.plan.rules.family_miles,
        homes=homes,
        routes=_routes(subject, set(evaluation.homes["home_id"])),
        families=families,
        unplaced_children=len(inputs.children) - len(families),
        children_by_authority=counts,
        zones=tuple(_zones(subject)),
        chosen=subject.chosen,
        allocation=dict(subject.allocation or {}),
        engagement=subject.engagement,
    )


def is_shown(result: HomeResult, subject: MapSubject) -> bool:
    """Tell whether partner councils see a home: open, bought or chosen."""
    row = result.home.row
    return row.status is not HomeStatus.CANDIDATE or row.home_id in (subject.chosen or ())


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return by what names sort as people sort them: H2 before H10."""
    parts = "".join(letter if letter.isdecimal() == before.isdecimal() else f"\0{letter}" for before, letter in _pairs(text))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts.split("\0") if part]


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    return list(zip(text[:1] + text, text, strict=False))


def _common(
    subject: MapSubject, shown: Sequence[tuple[float, float]], beyond: Sequence[tuple[float, float]] = ()
) -> dict[str, Any]:
    """Gather what all audiences see, over the ground of the areas and of the points shown to this one.

    What is in view at first holds all points `shown`; those `beyond` only widen the ground.
    """
    plan, frame = subject.inputs.plan, subject.evaluation.isochrones
    bounds = tuple(map(float, frame.total_bounds))
    view = _widened(bounds, shown)
    west, south, east, north = _widened(view, beyond)
    region: shapely.Polygon = shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    return {
        "title": plan.title,
        "school_minutes": plan.rules.school_minutes,
        "scenario": plan.rules.scenario,
        "schools": _schools(subject),
        "areas": tuple(
            SeenArea(minutes=float(limit), direction=Direction(direction), scenario=Scenario(scenario), shape=shape)
            for limit, direction, scenario, shape in zip(
                frame["minutes"], frame["direction"], frame["scenario"], frame.geometry, strict=True
            )
        ),
        "authorities": _authorities(subject, region),
        "view": view,
        "region": region,
    }


def _widened(bounds: tuple[float, ...], points: Sequence[tuple[float, float]]) -> Bounds:
    known = np.array([bounds[:2], bounds[2:], *(point for point in points if np.isfinite(point).all())])
    (west, south), (east, north) = known.min(axis=0), known.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _schools(subject: MapSubject) -> tuple[SeenSchool, ...]:
    frame = subject.evaluation.schools
    return tuple(
        SeenSchool(name=str(name), x_m=shape.x, y_m=shape.y) for name, shape in zip(frame["school"], frame.geometry, strict=True)
    )


def _authorities(subject: MapSubject, region: shapely.Geometry) -> tuple[SeenAuthority, ...]:
    authorities = subject.inputs.authorities
    if authorities is None or not subject.evaluation.network.system.is_national_grid:
        return ()
    return tuple(
        SeenAuthority(name=name, shape=shapely.simplify(area, 60))
        for name, area in zip(authorities.names, authorities.areas, strict=True)
        if shapely.intersects(area, region)
    )


def _partner_home(result: HomeResult, subject: MapSubject) -> PartnerHome:
    row, network = result.home.row, subject.evaluation.network
    place = result.home.place.within(network.system)
    scenario = subject.inputs.plan.rules.scenario
    # Worded as if the plan had no children: nothing in it points to a family.
    reasons = " ".join(explain(home_facts(result, NO_FAMILIES), subject.inputs.plan.rules))
    return PartnerHome(
        home_id=row.home_id,
        x_m=place.x_m,
        y_m=place.y_m,
        verdict=result.judgement.verdict,
        status="proposed" if row.status is HomeStatus.CANDIDATE else row.status.value,
        school=result.school,
        to_school_min=minutes(result.times[scenario, Direction.TO_SCHOOL]),
        from_school_min=minutes(result.times[scenario, Direction.FROM_SCHOOL]),
        margin_min=result.judgement.margin_min,
        error_min=result.judgement.error_min,
        school_road_miles=miles(result.ways.get(Direction.TO_SCHOOL)),
        route=", ".join(result.roads.get(Direction.TO_SCHOOL, ())) or None,
        address=row.address,
        authority=row.authority,
        bedrooms=row.bedrooms,
        beds=row.beds,
        annex=bool(row.annex),
        reasons=reasons,
    )


def _internal_homes(subject: MapSubject) -> Sequence[InternalHome]:
    frame = subject.evaluation.homes
    placed = [child.place is not None for child in subject.inputs.children]
    families = subject.evaluation.families
    rows = pd.DataFrame(frame.drop(columns="geometry")).to_dict("records")
    return [
        InternalHome(
            home_id=str(row["home_id"]),
            x_m=shape.x,
            y_m=shape.y,
            verdict=Verdict(row["verdict"]),
            columns={str(key): value for key, value in row.items()},
            family_min=tuple(compress(families.family_min(result.row).tolist(), placed)),
        )
        for row, shape, result in zip(rows, frame.geometry, subject.evaluation.results, strict=True)
    ]


def _routes(subject: MapSubject, home_ids: set[str]) -> dict[tuple[str, Direction], shapely.Geometry]:
    frame = subject.evaluation.routes
    found = {
        (str(home_id), Direction(direction)): shape
        for home_id, direction, shape in zip(frame["home_id"], frame["direction"], frame.geometry, strict=True)
        if home_id in home_ids
    }
    return dict(sorted(found.items(), key=lambda item: (natural(item[0][0]), item[0][1])))


def _families(subject: MapSubject) -> Sequence[SeenFamily]:
    network = subject.evaluation.network
    return [
        SeenFamily(
            child_ref=child.row.child_ref,
            authority=child.row.authority,
            area=outward_part(place.postcode) if place.postcode else "without postcode",
            x_m=place.x_m,
            y_m=place.y_m,
        )
        for child in subject.inputs.children
        if child.place is not None
        for place in (child.place.within(network.system),)
    ]


def _zones(subject: MapSubject) -> Sequence[SeenZone]:
    network = subject.evaluation.network
    return [
        SeenZone(
            child_ref=exclusion.row.child_ref,
            x_m=place.x_m,
            y_m=place.y_m,
            radius_m=exclusion.row.radius_miles * METRES_PER_MILE,
        )
        for exclusion in subject.inputs.exclusions
        for place in (exclusion.place.within(network.system),)
    ]
