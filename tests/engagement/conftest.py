"""Streets made by hand, drawn where each test says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
import shapely

from engagement.around.address_kinds import AddressKind, kind_of
from engagement.around.addresses import Address
from engagement.around.boundary import HomeBoundary
from engagement.around.neighbours import Considered, Surroundings, consider
from engagement.around.plots import Plots
from siting.crs import MetricSystem
from siting.words import BNG, Basis

GRID = MetricSystem(BNG)


@dataclass
class Street:
    """A street being drawn, in metres; the home's plot is 10 m wide and 30 m deep, its front at y = 0."""

    home: shapely.Geometry = field(default_factory=lambda: shapely.box(0, 0, 10, 30))
    basis: Basis = Basis.PLOT
    addresses: list[Address] = field(default_factory=list)
    plots: list[shapely.Geometry] = field(default_factory=list)
    buildings: list[shapely.Geometry] = field(default_factory=list)
    roads: shapely.Geometry = field(default_factory=lambda: shapely.MultiLineString([[(-200, -6), (200, -6)]]))

    def add(self, number: str, x_m: float, y_m: float, **more: object) -> Address:
        """Add an address."""
        made = Address(
            key=f"{len(self.addresses):012d}",
            uprn=str(more.get("uprn", 100_000 + len(self.addresses))),
            parent_uprn=more.get("parent_uprn"),
            text="",
            sub_building=str(more.get("flat", "")),
            building_name="",
            number=number,
            street=str(more.get("street", "High Street")),
            town="Town",
            postcode="AB1 2CD",
            x_m=x_m,
            y_m=y_m,
            kind=kind_of(str(more.get("code", "RD"))) if "kind" not in more else AddressKind(None, premises=False),
        )
        self.addresses.append(made)
        return made

    def consider(self, limit_m: float = 20.0, *, own: Address | None = None, each_side: int = 0) -> tuple[Considered, ...]:
        """Consider everybody."""
        around = Surroundings(
            addresses=tuple(self.addresses),
            plots=Plots(
                shapes=(self.home, *self.plots) if self.basis is Basis.PLOT else tuple(self.plots), warnings=(), system=GRID
            ),
            buildings=tuple(self.buildings),
            roads=self.roads,
        )
        boundary = HomeBoundary(area=self.home, basis=self.basis, words="")
        return consider(boundary, own, around, limit_m, {}, each_side=each_side)

    def invited(self, limit_m: float = 20.0, **more: object) -> list[str]:
        """Return the numbers of those who are in, nearest first."""
        return [one.address.door for one in self.consider(limit_m, **more) if one.invited]


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def new_street() -> Callable[[], Street]:
    return Street


def numbers(found: Sequence[Considered]) -> list[str]:
    return [one.address.number for one in found]
