"""The elected members of the ward, the county division and the parish in which a home lies."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

import shapely

from engagement.people.areas import KINDS, Area, plain_code, same_area
from engagement.people.people_files import PeopleFiles
from engagement.people.stakeholder_files import Person
from engagement.people.stakeholder_rows import Stakeholder, row_of
from siting.faults import Fault, Severity

STEP = "Invite elected members"
_THURSDAY, _MAY = 3, 5
_NOT_IN_IT = "The home lies in no {kind} of the boundaries that are known: check whether it has one"
_NOT_IN_THE_FILE = {
    "county division": "No county divisions are known: where there is a county council, look up its member",
    "parish": "No parishes are known: where the street has a {council}, tell its clerk",
}
_ENDINGS = {" ward": "ward", " division": "county division", " parish": "parish", " council": "parish"}
"""What an area's name says of its kind: a ward and a division of one name are two areas."""
LOCAL_COUNCILS: Final = {
    "England": "Parish or town council",
    "Wales": "Community or town council",
    "Scotland": "Community council",
    "Northern Ireland": "",
}
"""The council nearest to a street, by nation (Local Government Act 1972; Local Government (Scotland) Act 1973); none in Northern
Ireland. Only England has county councils with divisions of their own."""


def elected_members(
    files: PeopleFiles, point: shapely.Point, today: dt.date, nation: str, warnings: list[Fault]
) -> Iterator[Stakeholder]:
    """List the members for a place (metres of the files' system); an area of which nobody is known is an open task."""
    wards = files.wards
    kinds = [kind for kind in KINDS.values() if kind != "county division" or nation == "England"]
    kinds = [kind for kind in kinds if kind != "parish" or LOCAL_COUNCILS[nation]]
    if wards is None:
        why = "It is not known in which ward the home lies: look it up"
        asked = "Name a file of wards' boundaries under [inputs] wards"
        yield Stakeholder(step=STEP, role="Elected member of the ward", name="", why=why, for_plan=asked)
        return
    found = wards.at(point)
    warnings += wards.warnings
    people = files.councillors
    warnings += older_than_an_election(people, today)
    for area in found:
        yield from _members_of(area, people, nation)
    for kind in kinds:
        if not any(area.kind == kind for area in found):
            words = _NOT_IN_IT if kind in wards.kinds or kind not in _NOT_IN_THE_FILE else _NOT_IN_THE_FILE[kind]
            told = words.format(kind=_kind_words(kind, nation), council=LOCAL_COUNCILS[nation].lower())
            yield Stakeholder(step=STEP, role=_role(kind, nation), name="", why=told)


def _members_of(area: Area, people: Iterable[Person], nation: str) -> Iterator[Stakeholder]:
    role = _role(area.kind, nation)
    found = [person for person in people if _is_of(person, area)]
    for person in found:
        if person.name:
            yield row_of(person, STEP, role, f"the home lies in {area.name}")
        else:
            why = f"{area.name}: the seat is listed without a name; look up who holds it"
            yield Stakeholder(step=STEP, role=role, name="", why=why, source=person.source)
    if not found:
        ask = "tell its clerk" if area.kind == "parish" else "look up who was elected"
        yield Stakeholder(step=STEP, role=role, name="", why=f"{area.name}: nobody is listed for it; {ask}")


def _is_of(person: Person, area: Area) -> bool:
    """Tell whether somebody is of an area: by the codes where both have one, else by the names."""
    if area.code and person.area_code:
        return plain_code(person.area_code) == area.code
    said = next((kind for ending, kind in _ENDINGS.items() if person.area.casefold().endswith(ending)), area.kind)
    return said == area.kind and same_area(person.area, area.name)


def _role(kind: str, nation: str) -> str:
    return LOCAL_COUNCILS[nation] if kind == "parish" else f"Elected member of the {kind}"


def _kind_words(kind: str, nation: str) -> str:
    return "community" if kind == "parish" and nation != "England" else kind


def older_than_an_election(people: Iterable[Person], today: dt.date) -> Iterator[Fault]:
    """Warn of lists that were made before the last ordinary day of election, the first Thursday in May.

    Source: Representation of the People Act 1983, section 37.
    """
    last = max(day for day in (_election_day(today.year), _election_day(today.year - 1)) if day <= today)
    for source in sorted({person.source for person in people}):
        dates = [made for person in people if person.source == source and (made := _date(person.as_at))]
        if dates and max(dates) < last:
            yield Fault(
                file=source,
                problem=f"this list is of {max(dates):%d %B %Y}, before the day of elections on {last:%d %B %Y}",
                remedy="Where the council elected then, download it again",
                severity=Severity.WARNING,
            )


def _election_day(year: int) -> dt.date:
    first = dt.date(year, _MAY, 1)
    return first + dt.timedelta(days=(_THURSDAY - first.weekday()) % 7)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
