"""The people to contact about a home: one row a role, also where nobody was found, which is an open task."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from engagement.osm_features import Station
from engagement.plots import in_system
from engagement.stakeholder_files import (
    Person,
    School,
    is_beat_officer,
    is_pcso,
    read_councillors,
    read_named_contacts,
    read_police_team,
    read_schools,
)
from siting.authorities import plain_name
from siting.faults import Fault, InputFaultsError, Severity
from siting.inputs import Home, PlanInputs
from siting.joining import join_points
from siting.network import NO_WAY_MS, RoadNetwork
from siting.routing import reach, times_at
from siting.words import MILLISECONDS_PER_MINUTE, Direction, Scenario

PHASES = ("Nursery", "Primary", "Secondary", "Special", "All-through", "16 plus")
SCHOOLS_TRIED = 12
"""So many schools nearest in a straight line are timed by road; the nearest by road is among them."""

NAMED_LEADS = (
    "Lead for Children and Families",
    "Provider",
    "Strategic-partner lead",
    "Strategic commissioner",
    "Executive member",
    "Fire and Rescue community safety",
)
"""The people whom only the council and the provider know; named in the plan's contacts."""

_COARSE_M = 60.0
"""Full-resolution boundaries have a corner every few metres; those generalised to 20 m or 200 m do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder:
    """One row of the list. Where `name` is empty the role is an open task, and `why` says what to do."""

    step: str
    role: str
    name: str
    organisation: str = ""
    email: str = ""
    telephone: str = ""
    why: str = ""
    minutes: float | None = None
    source: str = ""
    as_at: str = ""

    @property
    def is_open_task(self) -> bool:
        """Whether somebody must still be found."""
        return not self.name


def find_stakeholders(
    inputs: PlanInputs, home: Home, network: RoadNetwork, stations: Sequence[Station]
) -> tuple[tuple[Stakeholder, ...], tuple[Fault, ...]]:
    """List everybody whom the strategy names for a home, in the order in which they are told; with warnings."""
    place = home.place.within(network.system)
    point = shapely.Point(place.x_m, place.y_m)
    warnings: list[Fault] = []
    rows = [
        *_named(inputs),
        *_members(inputs, point, network, warnings),
        *_police(inputs, home, point, network, warnings, stations),
        *_schools(inputs, point, network),
        *_fire(inputs, point, network, stations),
    ]
    steps = ("Brief executive members", "Invite elected members", "Speak to local leaders", "Hold the drop-in")
    return tuple(sorted(rows, key=lambda row: steps.index(row.step))), tuple(warnings)


def _named(inputs: PlanInputs) -> Iterator[Stakeholder]:
    people: Sequence[Person] = ()
    if inputs.plan.inputs.contacts:
        people = read_named_contacts(inputs.plan.resolve(inputs.plan.inputs.contacts))
    told: set[str] = set()
    for person in people:
        told.add(_plain_role(person.role))
        yield _row(person, _step_of(person.role), person.role, "named in the plan's contacts")
    for role in NAMED_LEADS:
        if _plain_role(role) not in told and role != "Fire and Rescue community safety":
            yield Stakeholder(step=_step_of(role), role=role, name="", why="Nobody is named: add a row to the plan's contacts")


def _plain_role(role: str) -> str:
    return role.casefold().replace("-", " ").strip().rstrip("s")


def _step_of(role: str) -> str:
    words = role.casefold()
    if "executive" in words or "cabinet" in words:
        return "Brief executive members"
    if "councillor" in words or "elected" in words or "parish" in words or "town council" in words:
        return "Invite elected members"
    if any(word in words for word in ("police", "pcso", "beat", "fire", "head teacher", "headteacher", "school")):
        return "Speak to local leaders"
    return "Hold the drop-in"


def _members(inputs: PlanInputs, point: shapely.Point, network: RoadNetwork, warnings: list[Fault]) -> Iterator[Stakeholder]:
    """List the members of the ward and of the county division in which the home lies."""
    files = inputs.plan.inputs
    if not files.wards:
        why = "No boundaries of wards are named in the plan: name them under [inputs] wards"
        yield Stakeholder(step="Invite elected members", role="Elected member of the ward", name="", why=why)
        return
    path = inputs.plan.resolve(files.wards)
    areas = _areas_at(path, point, network, warnings)
    people = read_councillors(inputs.plan.resolve(files.councillors)) if files.councillors else ()
    if not areas:
        why = f"The home lies in none of the wards of {path.name}"
        yield Stakeholder(step="Invite elected members", role="Elected member of the ward", name="", why=why)
    for code, name, kind in areas:
        role = f"Elected member of the {kind}"
        found = [p for p in people if (code and p.area_code == code) or (not p.area_code and _same_area(p.area, name))]
        for person in found:
            if person.name:
                yield _row(person, "Invite elected members", role, f"the home lies in {name}")
            else:
                why = f"{name}: the seat is listed without a name; look up who holds it"
                yield Stakeholder(step="Invite elected members", role=role, name="", why=why, source=person.source)
        if not found:
            why = f"{name}: nobody is listed for it; look up who was elected"
            yield Stakeholder(step="Invite elected members", role=role, name="", why=why)


def _same_area(one: str, other: str) -> bool:
    return bool(one) and plain_name(one.removesuffix(" Ward").removesuffix(" Division")) == plain_name(
        other.removesuffix(" Ward").removesuffix(" Division")
    )


def _areas_at(path: Path, point: shapely.Point, network: RoadNetwork, warnings: list[Fault]) -> list[tuple[str, str, str]]:
    """Return code, name and kind of each ward and division that holds a place."""
    try:
        frame = gpd.read_file(path)
    except (OSError, RuntimeError, ValueError) as error:
        fault = Fault(
            file=path.name, problem=f"the boundaries cannot be read ({str(error)[:100]})", remedy="Save them as GeoPackage"
        )
        raise InputFaultsError([fault]) from error
    shapes = in_system(np.asarray(frame.geometry.array), frame.crs.to_epsg() if frame.crs else None, network.system, path)
    if is_generalised(path, shapes):
        warnings.append(
            Fault(
                file=path.name,
                problem="these boundaries are generalised: near an edge they may name the wrong ward",
                remedy="Use the full-resolution boundaries (BFC or BFE)",
                severity=Severity.WARNING,
            )
        )
    named = {str(column).lower(): column for column in frame.columns}
    found = []
    for i in np.flatnonzero(shapely.intersects(shapes, point)):
        row = frame.iloc[int(i)]
        code_key = next((key for key in named if key.endswith("cd") and key[:3] in {"wd2", "ced"}), None)
        name_key = next((key for key in named if key.endswith("nm") and key[:3] in {"wd2", "ced"}), named.get("name"))
        code = str(row[named[code_key]]) if code_key else ""
        name = str(row[named[name_key]]) if name_key in named else str(row[name_key]) if name_key else ""
        is_division = code.startswith("E58") or str(row.get(named.get("kind", ""), "")) == "division"
        found.append((code, name, "county division" if is_division else "ward"))
    return sorted(found, key=lambda area: (area[2] != "ward", area[1]))


def is_generalised(path: Path, shapes: np.ndarray) -> bool:
    """Tell whether boundaries are generalised: by their name, or since their corners are far apart."""
    words = path.name.upper()
    if any(word in words for word in ("BGC", "BSC", "BUC", "GENERALISED")):
        return True
    if any(word in words for word in ("BFC", "BFE", "FULL")):
        return False
    corners = shapely.get_num_coordinates(shapes).sum()
    return bool(len(shapes) > 3 and corners / len(shapes) > 8 and shapely.length(shapes).sum() / max(corners, 1) > _COARSE_M)  # noqa: PLR2004


def _police(
    inputs: PlanInputs,
    home: Home,
    point: shapely.Point,
    network: RoadNetwork,
    warnings: list[Fault],
    stations: Sequence[Station],
) -> Iterator[Stakeholder]:
    files = inputs.plan.inputs
    people = [p for name in files.police_team or () for p in read_police_team(inputs.plan.resolve(name))]
    areas: list[str] = []
    if files.police_areas:
        areas = [name for _, name, _ in _areas_at(inputs.plan.resolve(files.police_areas), point, network, warnings)]
    elif home.row.town:
        areas = [home.row.town]
    team = [p for p in people if not p.area or not areas or any(_same_area(p.area, area) for area in areas)]
    if len({p.area for p in team}) > 1 and not areas:
        team = []
    where = f"neighbourhood team of {areas[0]}" if areas else "neighbourhood team"
    for role, belongs in (("Police: area beat officer", is_beat_officer), ("Police: PCSO", is_pcso)):
        found = [p for p in team if belongs(p.role) and p.name]
        for person in found:
            yield _row(person, "Speak to local leaders", role, where)
        if not found:
            why = f"Nobody of this rank is listed for the {where}: ask the force, or `siting police` looks it up if you allow it"
            yield Stakeholder(step="Speak to local leaders", role=role, name="", why=why)
    yield from _nearest_station("police", "Police station, the nearest by road", point, network, stations)


def _schools(inputs: PlanInputs, point: shapely.Point, network: RoadNetwork) -> Iterator[Stakeholder]:
    names = inputs.plan.inputs.gias or ()
    schools = [school for name in names for school in read_schools(inputs.plan.resolve(name))]
    if not schools:
        why = "No list of schools is named in the plan: name the download of Get Information About Schools under [inputs] gias"
        yield Stakeholder(step="Speak to local leaders", role="Head teacher of the local school", name="", why=why)
        return
    by_phase: dict[str, list[School]] = {}
    for school in schools:
        if "independent" in school.kind.casefold():
            continue
        by_phase.setdefault(school.phase or "School", []).append(school)
    for phase in sorted(by_phase, key=lambda name: (PHASES.index(name) if name in PHASES else len(PHASES), name)):
        if phase.casefold() in {"not applicable", "16 plus", "nursery"}:
            continue
        nearest, minutes = _nearest_by_road(by_phase[phase], point, network)
        if nearest is None:
            continue
        telephone = nearest.telephone if not nearest.telephone or nearest.telephone.startswith("0") else f"0{nearest.telephone}"
        yield Stakeholder(
            step="Speak to local leaders",
            role=f"{nearest.head_title}, {phase.lower()} school",
            name=nearest.head,
            organisation=f"{nearest.name}, {nearest.address}",
            telephone=telephone,
            why="the nearest open school of its phase by road"
            + ("" if nearest.head else "; the name is not recorded: ask the school"),
            minutes=minutes,
            source=nearest.source,
            as_at=nearest.as_at,
        )


def _nearest_by_road(schools: Sequence[School], point: shapely.Point, network: RoadNetwork) -> tuple[School | None, float | None]:
    if not network.system.is_national_grid:
        return None, None
    straight = np.array([np.hypot(s.easting_m - point.x, s.northing_m - point.y) for s in schools])
    near = [schools[i] for i in np.argsort(straight, kind="stable")[:SCHOOLS_TRIED]]
    times = _minutes_to(point, np.array([s.easting_m for s in near]), np.array([s.northing_m for s in near]), network)
    best = int(np.argmin(np.where(np.isnan(times), np.inf, times)))
    return (near[best], float(times[best])) if np.isfinite(times[best]) else (None, None)


def _fire(inputs: PlanInputs, point: shapely.Point, network: RoadNetwork, stations: Sequence[Station]) -> Iterator[Stakeholder]:
    people: Sequence[Person] = ()
    if inputs.plan.inputs.contacts:
        people = read_named_contacts(inputs.plan.resolve(inputs.plan.inputs.contacts))
    if not any("fire" in person.role.casefold() for person in people):
        why = "The service's community-safety team is the contact, not the nearest station: add it to the plan's contacts"
        yield Stakeholder(step="Speak to local leaders", role="Fire and Rescue community safety", name="", why=why)
    yield from _nearest_station("fire", "Fire station, the nearest by road", point, network, stations)


def _nearest_station(
    kind: str, role: str, point: shapely.Point, network: RoadNetwork, stations: Sequence[Station]
) -> Iterator[Stakeholder]:
    own = [station for station in stations if station.kind == kind]
    if not own:
        why = "None stands in the extract of OpenStreetMap"
        yield Stakeholder(step="Speak to local leaders", role=role, name="", why=why)
        return
    times = _minutes_to(point, np.array([s.x_m for s in own]), np.array([s.y_m for s in own]), network)
    best = int(np.argmin(np.where(np.isnan(times), np.inf, times)))
    minutes = float(times[best]) if np.isfinite(times[best]) else None
    yield Stakeholder(
        step="Speak to local leaders",
        role=role,
        name=own[best].name,
        why="for the distance; the contact is the team",
        minutes=minutes,
        source="OpenStreetMap",
    )


def _minutes_to(point: shapely.Point, x_m: np.ndarray, y_m: np.ndarray, network: RoadNetwork) -> np.ndarray:
    hub = join_points(network, np.array([point.x]), np.array([point.y]))
    time_ms = times_at(reach(network, hub, Scenario.TYPICAL, Direction.FROM_SCHOOL), join_points(network, x_m, y_m))
    return np.where(time_ms < NO_WAY_MS, time_ms / MILLISECONDS_PER_MINUTE, np.nan)


def _row(person: Person, step: str, role: str, why: str) -> Stakeholder:
    return Stakeholder(
        step=step,
        role=role,
        name=person.name,
        organisation=person.organisation,
        email=person.email,
        telephone=person.telephone,
        why=why,
        source=person.source,
        as_at=person.as_at,
    )
