"""All that a screen names, read, checked and placed; every fault of every file raised at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, InputFaultsError, Severity, in_order, stopping
from siting.inputs.authorities import Authorities, open_authorities
from siting.inputs.council_names import plain_name
from siting.inputs.establishments import Establishment, read_establishments
from siting.inputs.need import Need, read_need
from siting.inputs.points import Points, read_points
from siting.inputs.postcodes import find_postcodes
from siting.inputs.screen import Screen
from siting.place import NATIONAL_GRID, Place
from siting.sentences import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenInputs:
    """What a screen's files hold.

    `places` is None where they are the unit postcodes of the extract's ground.
    """

    screen: Screen
    schools: Points
    places: Points | None
    authorities: Authorities | None
    need: Need | None
    warnings: tuple[Fault, ...]


def read_screen_inputs(screen: Screen) -> ScreenInputs:
    """Read every file that a screen names, but for the roads.

    Raises
    ------
    InputFaultsError
        With all faults of all files, warnings among them.
    """
    faults: list[Fault] = []
    schools = _read_schools(screen, faults)
    places = _read_points(screen.resolve(screen.places.table), faults) if screen.places.table else None
    authorities, need = None, None
    if screen.councils is not None:
        authorities, told = open_authorities(screen.resolve(screen.councils.boundaries))
        faults += told
    if screen.councils is not None and screen.councils.need:
        need, need_faults = read_need(screen.resolve(screen.councils.need))
        faults += need_faults
        faults += _unknown_councils(screen.resolve(screen.councils.need), need, authorities)
    if stopping(faults):
        raise InputFaultsError(faults)
    return ScreenInputs(
        screen=screen, schools=schools, places=places, authorities=authorities, need=need, warnings=in_order(faults)
    )


def _read_schools(screen: Screen, faults: list[Fault]) -> Points:
    if screen.schools.table:
        return _read_points(screen.resolve(screen.schools.table), faults)
    schools: dict[str, tuple[str, Place | None]] = {}
    for name in screen.schools.gias or ():
        path = screen.resolve(name)
        found, told = read_establishments(path, screen.schools.kinds, numbered=True)
        faults += told
        schools |= {school.urn: (school.name, place) for school, place in zip(found, _placed(path, found, faults), strict=True)}
    return Points.of([(urn, *known) for urn, known in schools.items()])


def _placed(path: Path, schools: Sequence[Establishment], faults: list[Fault]) -> list[Place | None]:
    """Place schools by their grid reference, else by their postcode."""
    wanted = [school.postcode for school in schools if school.easting_m is None and school.postcode]
    known = find_postcodes(wanted)
    places: list[Place | None] = []
    by_postcode, nowhere = [], []
    for school in schools:
        place = None
        found = known.get(school.postcode or "")
        if school.easting_m is not None and school.northing_m is not None:
            place = Place(x_m=school.easting_m, y_m=school.northing_m, system=NATIONAL_GRID)
        elif found is not None and found.has_position:
            place = Place(x_m=found.easting_m, y_m=found.northing_m, system=NATIONAL_GRID, accuracy_m=found.roughness_m)
            by_postcode.append(school.row)
        else:
            nowhere.append(school.row)
        places.append(place)
    for rows, problem, remedy in (
        (by_postcode, "these schools are placed by their postcode", "It is used; give easting and northing to be exact"),
        (
            nowhere,
            "these schools have no place, so that nothing is known of them",
            "Give easting and northing, or leave them out",
        ),
    ):
        if rows:
            told = Fault(file=path.name, row=rows[0], rows=tuple(rows), problem=problem, remedy=remedy, severity=Severity.WARNING)
            faults.append(told)
    return places


def _read_points(path: Path, faults: list[Fault]) -> Points:
    points, told = read_points(path)
    faults += told
    return points


def _unknown_councils(path: Path, need: Need, authorities: Authorities | None) -> list[Fault]:
    if authorities is None:
        return []
    known = {plain_name(name) for name in authorities.names}
    unknown = [name for name in need.children if plain_name(name) not in known]
    if not unknown:
        return []
    are = "is" if len(unknown) == 1 else "are"
    shown = ", ".join(unknown[:5]) + (" and more" if len(unknown) > 5 else "")  # noqa: PLR2004 - as many as a line holds
    return [
        Fault(
            file=path.name,
            column="authority",
            problem=f"{counted(len(unknown), 'council')} of it {are} not among the boundaries ({shown})",
            remedy="It is left out of the summary; check the spelling, or give boundaries of the same year",
            severity=Severity.WARNING,
        )
    ]
