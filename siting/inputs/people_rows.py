"""One row of each table of people to contact: named leads, elected members, police teams; extra columns are passed over.

A cell that is empty is as if it were not there: a post that nobody holds is a row all the same.
"""

from typing import ClassVar

from siting.inputs.rows import Row


class PersonRow(Row):
    """What every table of people may say of one."""

    needed_columns: ClassVar[tuple[str, ...]] = ("name",)

    name: str = ""
    """Who it is."""
    email: str = ""
    """Their e-mail address."""
    telephone: str = ""
    """Their telephone number."""
    mobile: str = ""
    """Another number, used where there is no telephone number."""
    as_at: str = ""
    """When that was so."""


class LeadRow(PersonRow):
    """Somebody whom the council or the provider names."""

    needed_columns: ClassVar[tuple[str, ...]] = ("role", "name")

    role: str = ""
    """What they are in the plan."""
    organisation: str = ""
    """For whom they work."""


class MemberRow(PersonRow):
    """An elected member."""

    ward: str = ""
    """The ward for which they were elected."""
    division: str = ""
    """The county division, where that is another column."""
    ward_code: str = ""
    """The code of the ward, division or parish in national statistics."""
    post: str = ""
    """What they are besides, such as Leader."""
    title: str = ""
    """How they are addressed."""
    organisation: str = ""
    """Their council."""


class OfficerRow(PersonRow):
    """Somebody of a police neighbourhood team."""

    rank: str = ""
    """Such as PC or PCSO."""
    neighbourhood: str = ""
    """Whose team it is."""
