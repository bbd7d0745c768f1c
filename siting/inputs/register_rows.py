"""One row of the register of schools; its many other columns are passed over."""

from typing import ClassVar

from siting.inputs.rows import PlacedRow


class EstablishmentRow(PlacedRow):
    """A school, open or not, as the register has it."""

    needs_place: ClassVar[bool] = False
    needed_columns: ClassVar[tuple[str, ...]] = ("name", "easting", "northing")

    name: str = ""
    """What it is called."""
    urn: str = ""
    """Its number in the register."""
    status: str = ""
    """Whether it is open."""
    kind: str = ""
    """Such as Community special school."""
    phase: str = ""
    """Such as Primary."""
    street: str = ""
    """The first part of its address."""
    locality: str = ""
    """The second part."""
    address_3: str = ""
    """The third part."""
    town: str = ""
    """The post town."""
    telephone: str = ""
    """Its telephone number."""
    head_title: str = ""
    """How its head teacher is addressed."""
    head_first_name: str = ""
    """The head teacher's first name."""
    head_last_name: str = ""
    """The head teacher's last name."""
    head_job: str = ""
    """What the post is called."""
