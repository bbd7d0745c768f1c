"""The people to contact about a home: one row a role, also where nobody was found, which is an open task."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from engagement.around.osm_features import Station
from engagement.people.areas import same_area
from engagement.people.contact_details import odd_details
from engagement.people.members import LOCAL_COUNCILS, elected_members
from engagement.people.members import STEP as MEMBERS_STEP
from engagement.people.people_files import PeopleFiles
from engagement.people.stakeholder_files import Person, School, is_beat_officer, is_pcso
from engagement.people.stakeholder_rows import Stakeholder, row_of
from siting.faults import Fault, Severity
from siting.inputs.plan_inputs import Home
from siting.roads.joining import join_places, join_points
from siting.roads.network import RoadNetwork
from siting.times.routing import Reach, reach, times_at
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario

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


_BEAT_OFFICER, _PCSO, _HEAD = "Police: area beat officer", "Police: PCSO", "Head teacher of the local school"
_CLERK = re.compile(r"\b(parish|town|community) council|\bparish clerk", re.IGNORECASE)
OF_THE_POLICE = re.compile(r"police|heddlu|\bpcso\b|\bbeat\b|constable|\bpc\b|sergeant", re.IGNORECASE)
HEAD_TEACHER = re.compile(r"\bhead[ -]?teacher|\bpennaeth", re.IGNORECASE)
"""How they are called in a council's own list of contacts."""


def find_stakeholders(
    files: PeopleFiles, home: Home, network: RoadNetwork, stations: Sequence[Station], today: dt.date, nation: str
) -> tuple[tuple[Stakeholder, ...], tuple[Fault, ...]]:
    """List everybody whom the strategy names for a home in a nation, in the order in which they are told; with warnings."""
    place = home.place.within(network.system)
    point = shapely.Point(place.x_m, place.y_m)
    warnings: list[Fault] = []
    way_there = reach(network, join_places(network, [place]), Scenario.TYPICAL, Direction.FROM_SCHOOL)
    rows = [
        *_named(files),
        *elected_members(files, point, today, nation, warnings),
        *_police(files, home, point, way_there, warnings, stations),
        *_schools(files, point, way_there),
        *_fire(files, way_there, stations),
    ]
    rows = [row for row in rows if not (row.is_open_task and any(_fills(person.role, row.role) for person in files.named))]
    warnings += files.warnings
    warnings += odd_details(rows)
    warnings += [_to_be_named(files.plan.path.name, row) for row in rows if row.for_plan]
    steps = ("Brief executive members", "Invite elected members", "Speak to local leaders", "Hold the drop-in")
    return tuple(sorted(rows, key=lambda row: steps.index(row.step))), tuple(warnings)


def _named(files: PeopleFiles) -> Iterator[Stakeholder]:
    told: set[str] = set()
    for person in files.named:
        told.add(_plain_role(person.role))
        why = "named by the council or the provider" if person.name else "Nobody is named yet"
        asked = "" if person.name else f"Write a name into its row of {person.source}"
        yield replace(row_of(person, _step_of(person.role), person.role, why), for_plan=asked)
    for role in NAMED_LEADS:
        if _plain_role(role) not in told and role != "Fire and Rescue community safety":
            asked = "Add a row to the plan's contacts"
            yield Stakeholder(step=_step_of(role), role=role, name="", why="Nobody is named yet", for_plan=asked)


def _fills(named: str, asked: str) -> bool:
    """Tell whether a role as the council wrote it is one that would otherwise be to be found."""
    if asked in LOCAL_COUNCILS.values():
        return bool(_CLERK.search(named))
    if asked.startswith("Elected member"):
        return asked.rpartition(" ")[2] in named.casefold() and _step_of(named) == MEMBERS_STEP
    if asked == _HEAD:
        return bool(HEAD_TEACHER.search(named))
    if asked == _BEAT_OFFICER:
        return is_beat_officer(named) and bool(OF_THE_POLICE.search(named))
    return asked == _PCSO and is_pcso(named)


def _to_be_named(file: str, row: Stakeholder) -> Fault:
    return Fault(file=file, problem=f"{row.role}: nobody is known", remedy=row.for_plan, severity=Severity.WARNING)


def _plain_role(role: str) -> str:
    return role.casefold().replace("-", " ").strip().rstrip("s")


def _step_of(role: str) -> str:
    words = role.casefold()
    if "executive" in words or "cabinet" in words:
        return "Brief executive members"
    if any(word in words for word in ("councillor", "elected", "parish", "town council", "community council")):
        return "Invite elected members"
    if "fire" in words or "school" in words or OF_THE_POLICE.search(role) or HEAD_TEACHER.search(role):
        return "Speak to local leaders"
    return "Hold the drop-in"


def _police(
    files: PeopleFiles,
    home: Home,
    point: shapely.Point,
    way_there: Reach,
    warnings: list[Fault],
    stations: Sequence[Station],
) -> Iterator[Stakeholder]:
    areas: list[str] = []
    if files.police_areas is not None:
        warnings += files.police_areas.warnings
        areas = [area.name for area in files.police_areas.at(point)]
    elif home.row.town:
        areas = [home.row.town]
    team, where, doubt = _team(files.police, areas)
    for role, belongs in ((_BEAT_OFFICER, is_beat_officer), (_PCSO, is_pcso)):
        found = [p for p in team if belongs(p.role) and p.name]
        for person in found:
            yield row_of(person, "Speak to local leaders", role, where + doubt)
        if not found:
            why = f"Nobody of this rank is listed for the {where}: ask the force"
            asked = "Name the team's file under [inputs] police_team; `siting police` looks it up, if you allow it"
            yield Stakeholder(step="Speak to local leaders", role=role, name="", why=why, for_plan=asked)
    yield from _nearest_station("police", "Police station, the nearest by road", way_there, stations)


def _team(police: Sequence[Person], areas: Sequence[str]) -> tuple[Sequence[Person], str, str]:
    """Return the team of a place in some neighbourhoods, how it is called, and what is to be checked of it.

    Where neither says whose a list is, it is taken if there is but one, as when the team was looked up.
    """
    named = f"neighbourhood team of {areas[0]}" if areas else "neighbourhood team"
    own = [p for p in police if p.area and any(same_area(p.area, area) for area in areas)]
    if own:
        return own, named, ""
    of_none = [p for p in police if not p.area]
    if not areas:
        of_none = list(police)
    if len({(p.source, p.area) for p in of_none}) > 1:
        return [], named, ""
    where = f"neighbourhood team of the list {of_none[0].source}" if of_none else named
    return of_none, where, ": check that it is this home's"


def _schools(files: PeopleFiles, point: shapely.Point, way_there: Reach) -> Iterator[Stakeholder]:
    if not files.schools:
        asked = "Name the download of Get Information About Schools under [inputs] gias"
        yield Stakeholder(
            step="Speak to local leaders",
            role=_HEAD,
            name="",
            why="No list of schools is known: look up which school is nearest",
            for_plan=asked,
        )
        return
    by_phase = files.schools_by_phase
    for phase in sorted(by_phase, key=lambda name: (PHASES.index(name) if name in PHASES else len(PHASES), name)):
        nearest, minutes = _nearest_by_road(*by_phase[phase], point, way_there)
        if nearest is None:
            why = f"No {phase.lower()} school of the list can be reached by road: look up which is nearest"
            yield Stakeholder(step="Speak to local leaders", role=_HEAD, name="", why=why)
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


def _nearest_by_road(
    schools: Sequence[School], at_m: np.ndarray, point: shapely.Point, way_there: Reach
) -> tuple[School | None, float | None]:
    if not way_there.network.system.is_national_grid:
        return None, None
    straight_m = np.hypot(at_m[:, 0] - point.x, at_m[:, 1] - point.y)
    near = np.argsort(straight_m, kind="stable")[:SCHOOLS_TRIED]
    times = _minutes_to(way_there, *at_m[near].T)
    best = int(np.argmin(np.where(np.isnan(times), np.inf, times)))
    return (schools[int(near[best])], float(times[best])) if np.isfinite(times[best]) else (None, None)


def _fire(files: PeopleFiles, way_there: Reach, stations: Sequence[Station]) -> Iterator[Stakeholder]:
    if not any("fire" in person.role.casefold() for person in files.named):
        why = "The service's community-safety team is the contact, not the nearest station: ask who that is"
        role, asked = "Fire and Rescue community safety", "Add a row to the plan's contacts"
        yield Stakeholder(step="Speak to local leaders", role=role, name="", why=why, for_plan=asked)
    yield from _nearest_station("fire", "Fire station, the nearest by road", way_there, stations)


def _nearest_station(kind: str, role: str, way_there: Reach, stations: Sequence[Station]) -> Iterator[Stakeholder]:
    own = [station for station in stations if station.kind == kind]
    if not own:
        why = "None is on OpenStreetMap in this area"
        yield Stakeholder(step="Speak to local leaders", role=role, name="", why=why)
        return
    times = _minutes_to(way_there, np.array([s.x_m for s in own]), np.array([s.y_m for s in own]))
    best = int(np.argmin(np.where(np.isnan(times), np.inf, times)))
    if not np.isfinite(times[best]):
        why = "None of those on OpenStreetMap can be reached by road"
        yield Stakeholder(step="Speak to local leaders", role=role, name="", why=why)
        return
    yield Stakeholder(
        step="Speak to local leaders",
        role=role,
        name=own[best].name,
        why="for the distance; the contact is the team",
        minutes=float(times[best]),
        source="OpenStreetMap",
    )


def _minutes_to(way_there: Reach, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    time_ms = times_at(way_there, join_points(way_there.network, x_m, y_m))
    return np.where(time_ms < NO_WAY_MS, time_ms / MILLISECONDS_PER_MINUTE, np.nan)
