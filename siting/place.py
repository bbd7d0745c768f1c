"""A place: metres of a coordinate system, and how roughly they are known."""

from dataclasses import dataclass

from siting.crs import MetricSystem, between_metric
from siting.words import BNG

NATIONAL_GRID = MetricSystem(BNG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is, in metres of `system`, and how roughly that is known.

    `accuracy_m` is 0 for coordinates as given, and the postcode's roughness otherwise.
    """

    x_m: float
    y_m: float
    system: MetricSystem
    accuracy_m: float = 0.0
    postcode: str | None = None

    def within(self, system: MetricSystem) -> "Place":
        """Return the same place in metres of another system."""
        (x_m,), (y_m,) = between_metric(self.x_m, self.y_m, self.system, system)
        return Place(x_m=float(x_m), y_m=float(y_m), system=system, accuracy_m=self.accuracy_m, postcode=self.postcode)
