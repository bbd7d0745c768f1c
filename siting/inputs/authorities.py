"""Authorities by their boundaries: in which a place lies, and which adjoin which.

*Outside the own authority* and *outside every adjoining one* are tests on boundaries; no miles
enter into them. The second is the "placement at a distance" of the Care Planning, Placement and
Case Review (England) Regulations 2010.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from siting.arrays import Float64
from siting.crs import MetricSystem, to_metres
from siting.faults import Fault, InputFaultsError
from siting.inputs.council_names import plain_name
from siting.storage.vector_layers import read_vector
from siting.words import BNG, WGS84

ADJOINING_M = 10.0
"""Boundaries this close adjoin: files drawn apart leave slivers between neighbours."""

_NAME_COLUMNS = ("name", r"(lad|ltla|ctyua|utla)\d\dnm", "authority", "council", "local_authority")
"""Patterns of what makers of boundaries call it; the Office for National Statistics with the year in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """Authorities' areas on the National Grid (EPSG:27700), each once."""

    names: tuple[str, ...]
    areas: tuple[shapely.Geometry, ...]
    _adjoining: dict[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find which adjoin which."""
        tree = shapely.STRtree(self.areas)
        left, right = tree.query(list(self.areas), predicate="dwithin", distance=ADJOINING_M)
        keys = [plain_name(name) for name in self.names]
        adjoining = {key: frozenset(keys[r] for one, r in zip(left, right, strict=True) if keys[one] == key) for key in keys}
        object.__setattr__(self, "_adjoining", adjoining)

    def knows(self, name: str) -> bool:
        """Tell whether an authority of that name is among them."""
        return plain_name(name) in self._adjoining

    def at(self, x_m: Float64, y_m: Float64) -> list[str | None]:
        """Return the authority in which each place (EPSG:27700) lies; None outside all of them."""
        answer: list[str | None] = [None] * len(x_m)
        tree = shapely.STRtree(self.areas)
        for place, area in zip(*tree.query(shapely.points(x_m, y_m), predicate="intersects"), strict=True):
            answer[place] = answer[place] or self.names[area]
        return answer

    def adjoin(self, one: str, other: str) -> bool:
        """Tell whether two authorities are the same or share a boundary."""
        return plain_name(other) in self._adjoining[plain_name(one)]


def read_authorities(frame: gpd.GeoDataFrame) -> Authorities:
    """Make authorities of a frame of polygons with a column `name` (or as the Office for National Statistics calls it).

    Raises
    ------
    ValueError
        Where there is no such column, no polygon or no coordinate system.
    """
    column = next((c for wanted in _NAME_COLUMNS for c in frame.columns if re.fullmatch(wanted, str(c).lower())), None)
    if column is None:
        msg = f"there is no column called name among {', '.join(map(str, frame.columns))}"
        raise ValueError(msg)
    if frame.crs is None:
        msg = "the coordinate system is not stated"
        raise ValueError(msg)
    if not frame.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        msg = "there are rows that are not polygons"
        raise ValueError(msg)
    if frame[column].isna().any() or not frame[column].astype(str).str.strip().all():
        msg = f"there are rows without a name in the column {column}"
        raise ValueError(msg)
    areas = shapely.make_valid(_on_national_grid(frame))
    names = frame[column].astype(str).to_numpy()
    unique = list(dict.fromkeys(names))
    return Authorities(names=tuple(unique), areas=tuple(shapely.union_all(areas[names == name]) for name in unique))


def open_authorities(path: Path) -> tuple[Authorities | None, tuple[Fault, ...]]:
    """Read a file of boundaries; None and what is wrong where it cannot be used."""
    try:
        return read_authorities(read_vector(path, "the boundaries")), ()
    except InputFaultsError as error:
        return None, error.faults
    except (OSError, ValueError, RuntimeError) as error:
        fault = Fault(
            file=path.name,
            problem=f"the boundaries cannot be used ({error})",
            remedy="Give polygons with a coordinate system and a column called name, one row an authority",
        )
        return None, (fault,)


def _on_national_grid(frame: gpd.GeoDataFrame) -> np.ndarray:
    if frame.crs.to_epsg() == BNG:
        return np.asarray(frame.geometry.array)
    degrees = frame.geometry.array if frame.crs.to_epsg() == WGS84 else frame.to_crs(WGS84).geometry.array

    def convert(coordinates: Float64) -> Float64:
        return np.column_stack(to_metres(coordinates[:, 0], coordinates[:, 1], MetricSystem(BNG)))

    return np.asarray(shapely.transform(np.asarray(degrees), convert))
