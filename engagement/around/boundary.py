"""The edge of a home, from which its neighbours are measured: its plot, else its building, else its point."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from engagement.around.plots import Plots, in_system, is_huge, is_road
from siting.crs import MetricSystem
from siting.faults import Fault, InputFaultsError, Severity
from siting.inputs.cells import number_text
from siting.inputs.headings import tidy_heading
from siting.storage.vector_layers import read_vector
from siting.words import Basis, fold_identifier, tidy_identifier

if TYPE_CHECKING:
    import geopandas as gpd

NEAREST_BUILDING_M = 15.0
"""A home's point may lie at its gate; a building farther than this is not taken for its own (own choice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeBoundary:
    """The edge of a home, in metres.

    Attributes
    ----------
    area
        The home's land, its building's outline or its point.
    basis
        Which of these it is.
    words
        What that means, in a sentence for the lead.
    drawn
        Whether a person drew or accepted it.
    """

    area: shapely.Geometry
    basis: Basis
    words: str
    drawn: bool = False


def propose_boundary(
    x_m: float,
    y_m: float,
    plots: Plots,
    buildings: Sequence[shapely.Geometry],
    roads: shapely.Geometry,
    address_points: np.ndarray,
) -> HomeBoundary:
    """Propose the edge of a home at a place.

    The plot that holds the place is taken, with any parcel that the home's building also stands on;
    roads and estate-sized parcels are passed over. `address_points` (n x 2) are the addresses
    around, by whose number a parcel is known for an estate's.
    """
    point = shapely.Point(x_m, y_m)
    building = _own_building(point, buildings)
    found = [plots.shapes[i] for i in plots.within(point)]
    usable = [plot for plot in found if not is_road(plot, roads) and not is_huge(plot, _count(plot, address_points))]
    if usable:
        own = min(usable, key=shapely.area)
        parcels = [own, *_parcels_under(building, own, plots, roads, address_points)]
        area = shapely.union_all(parcels)
        several = f" made of {len(parcels)} parcels" if len(parcels) > 1 else ""
        return HomeBoundary(
            area=area,
            basis=Basis.PLOT,
            words=f"The boundary is that of the home's plot{several}. Registered plots are indicative: walk the edge.",
        )
    passed = " The plot that holds it is an estate's or a road and was not used." if found else ""
    if building is not None:
        return HomeBoundary(
            area=building,
            basis=Basis.BUILDING,
            words=(
                "No plot is known, so the boundary is the outline of the home's building: the garden is not counted, and "
                f"neighbours of its far end may be missing. Draw the boundary to be sure.{passed}"
            ),
        )
    return HomeBoundary(
        area=point,
        basis=Basis.POINT,
        words=f"Neither a plot nor a building is known, so distances are from one point: draw the boundary.{passed}",
    )


def read_boundaries(path: Path) -> "tuple[gpd.GeoDataFrame, list[str]]":
    """Read the boundaries that the lead drew, and of each the home_id as it is written; empty where it has none.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read or has no `home_id`.
    """
    frame = read_vector(path, "the drawn boundary", remedy="Save it as GeoJSON")
    column = next((name for name in frame.columns if tidy_heading(str(name)) in {"home id", "homeid", "home ref"}), None)
    if column is None:
        fault = Fault(
            file=path.name, column="home_id", problem="this column is missing", remedy="Say whose boundary each shape is"
        )
        raise InputFaultsError([fault])
    return frame, [_written(value) for value in frame[column]]


def _written(value: object) -> str:
    """Return a home_id as it was typed: a program that draws keeps a column of figures as numbers."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    return number_text(float(value)) if isinstance(value, int | float | np.number) else tidy_identifier(str(value))


def boundaries_of_no_home(path: Path, home_ids: Iterable[str]) -> Iterator[Fault]:
    """Warn of shapes of a drawn file that are of no home of the plan: they have no effect.

    Raises
    ------
    InputFaultsError
        As `read_boundaries`.
    """
    known = {fold_identifier(home_id) for home_id in home_ids}
    for name in dict.fromkeys(read_boundaries(path)[1]):
        if name and fold_identifier(name) not in known:
            yield Fault(
                file=path.name,
                column="home_id",
                problem=f"a boundary is drawn for {name}, and the candidates table has no such home: it has no effect",
                remedy="Write the home_id as it stands there, or take the shape out",
                severity=Severity.WARNING,
            )


def read_drawn_boundary(path: Path, home_id: str, system: MetricSystem) -> HomeBoundary | None:
    """Read the boundary that the lead drew for a home; several shapes of one home are merged. None where there is none.

    Raises
    ------
    InputFaultsError
        As `read_boundaries`, and where the shape is no polygon or in metres that are not expected.
    """
    frame, home_ids = read_boundaries(path)
    own = frame[[fold_identifier(one) == fold_identifier(home_id) for one in home_ids]]
    shapes = np.asarray(own.geometry.array)
    shapes = shapes[~shapely.is_missing(shapes)]
    if not len(shapes):
        return None
    if not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
        fault = Fault(file=path.name, problem=f"the boundary of {home_id} is no polygon", remedy="Draw it as a closed shape")
        raise InputFaultsError([fault])
    metres = in_system(shapes, frame.crs.to_epsg() if frame.crs else None, system, path)
    reasons = [str(value) for key in own.columns if str(key).lower() == "reason" for value in own[key] if value]
    why = f" because: {'; '.join(dict.fromkeys(reasons))}" if reasons else ""
    return HomeBoundary(
        area=shapely.union_all(shapely.make_valid(metres)),
        basis=Basis.PLOT,
        words=f"The boundary {_how(own)} ({path.name}){why}.",
        drawn=True,
    )


_HOW = {
    "proposed": "was confirmed by the lead as it was proposed",
    "plots": "was put together from plots by the lead",
    "drawn": "was drawn by hand",
}


def _how(own: "gpd.GeoDataFrame") -> str:
    """Say how a boundary came to be, where the file has a column for it."""
    told = {str(value) for value in own["how"]} if "how" in own.columns else set()
    return _HOW.get(told.pop(), _HOW["drawn"]) if len(told) == 1 else _HOW["drawn"]


def _own_building(point: shapely.Point, buildings: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    if not buildings:
        return None
    shapes = np.array(buildings)
    distance_m = shapely.distance(shapes, point)
    nearest = int(np.argmin(distance_m))
    return buildings[nearest] if distance_m[nearest] <= NEAREST_BUILDING_M else None


def _parcels_under(
    building: shapely.Geometry | None, own: shapely.Geometry, plots: Plots, roads: shapely.Geometry, address_points: np.ndarray
) -> list[shapely.Geometry]:
    """Return other parcels that belong to the home's: a fifth of its building stands on them, and nobody else's address."""
    if building is None or not shapely.intersects(building, own):
        return []
    parcels = []
    for i in plots.within(building):
        plot = plots.shapes[i]
        share = shapely.area(shapely.intersection(plot, building)) / max(shapely.area(building), 1e-9)
        if plot is own or share < 0.2 or is_road(plot, roads) or shapely.equals(plot, own):  # noqa: PLR2004 - a fifth
            continue
        if _count(plot, address_points) == 0 and not is_huge(plot, 0):
            parcels.append(plot)
    return parcels


def _count(plot: shapely.Geometry, address_points: np.ndarray) -> int:
    if not len(address_points):
        return 0
    return int(shapely.contains_xy(plot, address_points[:, 0], address_points[:, 1]).sum())
