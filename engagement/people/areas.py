"""Which wards, divisions, parishes or police neighbourhoods a place lies in."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from engagement.around.plots import in_system
from siting.crs import MetricSystem
from siting.faults import Fault, InputFaultsError, Severity
from siting.inputs.council_names import plain_name
from siting.storage.vector_layers import read_vector

_COARSE_M = 60.0
"""Full-resolution boundaries have a corner every few metres; those generalised to 20 m or 200 m do not."""

if TYPE_CHECKING:
    import geopandas as gpd

KINDS = {"wd": "ward", "ced": "county division", "par": "parish"}
"""What an area is, by how the names of the Office for National Statistics' columns begin (WD24CD, CED24CD, PARNCP24CD)."""


_NAMES = (
    "name",
    "ward_name",
    "wardname",
    "ward",
    "division_name",
    "division",
    "parish_name",
    "parish",
    "area_name",
    "neighbourhood",
)
_CODES = ("code", "ward_code", "wardcode", "gss_code", "area_code")
"""What other makers of boundaries call them (Ordnance Survey's Boundary-Line among them)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area that holds a place: its code and name where the file has them, and its kind."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Areas:
    """The areas of a file.

    Attributes
    ----------
    shapes
        Their outlines, in metres of the system in which they were opened.
    known
        What each of them is.
    warnings
        What is wrong with the file.
    """

    shapes: np.ndarray
    known: tuple[Area, ...]
    warnings: tuple[Fault, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Which kinds the whole file has."""
        return frozenset(area.kind for area in self.known)

    def at(self, point: shapely.Point) -> tuple[Area, ...]:
        """Return those that hold a place, by kind and name."""
        found = [self.known[int(i)] for i in np.flatnonzero(shapely.intersects(self.shapes, point))]
        order = list(KINDS.values())
        return tuple(sorted(found, key=lambda area: (order.index(area.kind), area.name)))


def open_areas(path: Path, system: MetricSystem) -> Areas:
    """Read a file of boundaries into metres of a system.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read.
    """
    frame, known = read_areas(path)
    shapes = in_system(np.asarray(frame.geometry.array), frame.crs.to_epsg() if frame.crs else None, system, path)
    warnings = []
    if is_generalised(path, shapes):
        warnings.append(
            Fault(
                file=path.name,
                problem="these boundaries are generalised: near an edge they may name the wrong ward",
                remedy="Use the full-resolution boundaries (BFC or BFE)",
                severity=Severity.WARNING,
            )
        )
    return Areas(shapes=shapes, known=tuple(known), warnings=tuple(warnings))


def read_areas(path: Path) -> tuple["gpd.GeoDataFrame", list[Area]]:
    """Read a file of boundaries, and what each of its areas is.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read, or none of its columns says what an area is called.
    """
    frame = read_vector(path, "the boundaries")
    rows = [{str(key).lower(): value for key, value in row.items()} for row in frame.drop(columns="geometry").to_dict("records")]
    known = [_area(row) for row in rows]
    if strange := sorted({area.kind for area in known} - set(KINDS.values())):
        fault = Fault(
            file=path.name,
            column="kind",
            problem=f"it is not known what areas of this kind are: {', '.join(strange[:5])}",
            remedy=f"Write {', '.join(KINDS.values())}, or leave it empty for a ward",
        )
        raise InputFaultsError([fault])
    if not any(area.name or area.code for area in known):
        columns = ", ".join(str(name) for name in frame.columns if name != "geometry")
        fault = Fault(
            file=path.name,
            problem=f"no column with an area's code or name is known among {columns or 'none'}",
            remedy="Call it name (or as the Office for National Statistics does: WD24CD, WD24NM); and add kind if not wards",
        )
        raise InputFaultsError([fault])
    return frame, known


def _area(row: dict[str, Any]) -> Area:
    def column(ending: str) -> str | None:
        names = (key for key in row if key.endswith(ending) and key.startswith(tuple(KINDS)))
        return next((key for key in names if not pd.isna(row[key])), None)

    def filled(names: tuple[str, ...]) -> str | None:
        return next((key for key in names if key in row and not pd.isna(row[key])), None)

    code_key, name_key = column("cd") or filled(_CODES), column("nm") or filled(_NAMES)
    code = plain_code(str(row[code_key])) if code_key else ""
    name = str(row[name_key]) if name_key else ""
    if code.startswith("E58") or (name_key or "").startswith("ced"):
        kind = "county division"
    elif code[:3] in {"E04", "W04"} or (name_key or "").startswith("par"):
        kind = "parish"
    else:
        kind = _kind("" if pd.isna(row.get("kind")) else str(row["kind"]))
    return Area(code=code, name=name, kind=kind)


_ALSO = {
    "": "ward", "electoral ward": "ward", "district ward": "ward", "unitary authority ward": "ward",
    "division": "county division", "electoral division": "county division", "county electoral division": "county division",
    "civil parish": "parish", "community": "parish", "civil parish community": "parish",
}  # fmt: skip
"""What other makers of boundaries call the kinds of areas."""


def _kind(written: str) -> str:
    """Return what an area is as `KINDS` has it; a word that is not known stays as it is."""
    plain = " ".join(re.sub(r"[^a-z]+", " ", written.casefold()).split())
    return _ALSO.get(plain, plain)


def plain_code(code: str) -> str:
    """Write an area's code without spaces and in capitals."""
    return "".join(code.split()).upper()


def same_area(one: str, other: str) -> bool:
    """Tell whether two names are of one area."""
    return bool(one) and _plain(one) == _plain(other)


def _plain(name: str) -> str:
    for ending in (" Ward", " Division", " Parish", " Parish Council", " Town Council"):
        name = name.removesuffix(ending)
    return plain_name(name)


def is_generalised(path: Path, shapes: np.ndarray) -> bool:
    """Tell whether boundaries are generalised: by their name, or since their corners are far apart."""
    words = path.name.upper()
    if any(word in words for word in ("BGC", "BSC", "BUC", "GENERALISED")):
        return True
    if any(word in words for word in ("BFC", "BFE", "FULL")):
        return False
    corners = shapely.get_num_coordinates(shapes).sum()
    return bool(len(shapes) > 3 and corners / len(shapes) > 8 and shapely.length(shapes).sum() / max(corners, 1) > _COARSE_M)  # noqa: PLR2004
