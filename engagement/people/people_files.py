"""The plan's files of people, schools and areas: each is read when it is first asked for, and once for all homes."""

from functools import cached_property

import numpy as np

from engagement.people.areas import Areas, open_areas
from engagement.people.stakeholder_files import (
    Person,
    School,
    read_councillors,
    read_named_contacts,
    read_police_team,
    read_schools,
)
from siting.crs import MetricSystem
from siting.faults import Fault
from siting.inputs.plan import Plan

_NOT_OF_AN_AGE = frozenset({"not applicable", "16 plus", "nursery"})
"""Phases of which no head teacher is told."""


class PeopleFiles:
    """Who is who around the homes of a plan; areas are in metres of `system`.

    Whatever cannot be read raises `InputFaultsError` when it is first asked for; what the plan does not name is empty or None.
    `warnings` grows by what is only told of a file, when that is read.
    """

    def __init__(self, plan: Plan, system: MetricSystem) -> None:
        self.plan, self.system = plan, system
        self.warnings: list[Fault] = []

    @cached_property
    def named(self) -> tuple[Person, ...]:
        """The leads whom the council or the provider names."""
        name = self.plan.inputs.contacts
        return read_named_contacts(self.plan.resolve(name), self.warnings) if name else ()

    @cached_property
    def councillors(self) -> tuple[Person, ...]:
        """Elected members, each with their ward, division or parish."""
        name = self.plan.inputs.councillors
        return read_councillors(self.plan.resolve(name), self.warnings) if name else ()

    @cached_property
    def police(self) -> tuple[Person, ...]:
        """The people of all neighbourhood teams."""
        names = self.plan.inputs.police_team or ()
        return tuple(one for name in names for one in read_police_team(self.plan.resolve(name), self.warnings))

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """Every open school of the registers."""
        return tuple(one for name in self.plan.inputs.gias or () for one in read_schools(self.plan.resolve(name), self.warnings))

    @cached_property
    def schools_by_phase(self) -> dict[str, tuple[tuple[School, ...], np.ndarray]]:
        """By phase the schools kept by the state of which a head teacher is told, with their metres (schools x 2, EPSG:27700)."""
        by_phase: dict[str, list[School]] = {}
        for school in self.schools:
            phase = school.phase or "School"
            if "independent" not in school.kind.casefold() and phase.casefold() not in _NOT_OF_AN_AGE:
                by_phase.setdefault(phase, []).append(school)
        return {
            phase: (tuple(found), np.array([(one.easting_m, one.northing_m) for one in found]))
            for phase, found in by_phase.items()
        }

    @cached_property
    def wards(self) -> Areas | None:
        """Wards, divisions and parishes."""
        name = self.plan.inputs.wards
        return open_areas(self.plan.resolve(name), self.system) if name else None

    @cached_property
    def police_areas(self) -> Areas | None:
        """Neighbourhoods of the police."""
        name = self.plan.inputs.police_areas
        return open_areas(self.plan.resolve(name), self.system) if name else None
