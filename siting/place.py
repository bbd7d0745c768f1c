"""A place: metres of a coordinate system, and how roughly they are known; and many places as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from siting.arrays import Bool, Float64, Int32
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Many places as columns, any of which may not be known.

    Attributes
    ----------
    x_m, y_m
        Float64, in the metres of each one's own system; NaN where it is not known.
    epsg
        Int32, the number of each one's system.
    """

    x_m: Float64
    y_m: Float64
    epsg: Int32

    @classmethod
    def of(cls, places: Sequence[Place | None]) -> Self:
        """Put places into columns."""
        figures = [(place.x_m, place.y_m, place.system.epsg) if place is not None else (np.nan, np.nan, BNG) for place in places]
        x_m, y_m, epsg = np.array(figures, dtype=np.float64).reshape(-1, 3).T
        return cls(x_m=np.ascontiguousarray(x_m), y_m=np.ascontiguousarray(y_m), epsg=epsg.astype(np.int32))

    @property
    def known(self) -> Bool:
        """Tell of which it is known where they are."""
        return np.isfinite(self.x_m) & np.isfinite(self.y_m)

    def within(self, system: MetricSystem) -> tuple[Float64, Float64]:
        """Return where they are in metres of one system; NaN where that is not known."""
        x_m, y_m = np.full(len(self.x_m), np.nan), np.full(len(self.x_m), np.nan)
        for epsg in np.unique(self.epsg[self.known]).tolist():
            rows = np.flatnonzero(self.known & (self.epsg == epsg))
            x_m[rows], y_m[rows] = between_metric(self.x_m[rows], self.y_m[rows], MetricSystem(epsg), system)
        return x_m, y_m
