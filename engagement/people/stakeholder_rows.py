"""A row of the list of people to contact."""

from dataclasses import dataclass

from engagement.people.stakeholder_files import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder:
    """One row of the list. Where `name` is empty the role is an open task, and `why` says what to do.

    `for_plan` tells whoever keeps the plan what to write in it, and is on no paper.
    """

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
    for_plan: str = ""

    @property
    def is_open_task(self) -> bool:
        """Whether somebody must still be found."""
        return not self.name


def row_of(person: Person, step: str, role: str, why: str) -> Stakeholder:
    """Return the row of a known person."""
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
