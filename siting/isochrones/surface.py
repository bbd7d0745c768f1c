"""A network's ground as triangles whose corners have travel times: what isochrones are cut out of.

The corners are points along every road that a house may stand at (see `road_corners`) and, where no
road is near, points of the open ground between, each joined to the nearest road as a house there would be. So the
ground's travel times are by the same rule as a home's. The triangles are Delaunay's.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from siting.arrays import Float64, Int32
from siting.isochrones.road_corners import corners_on_roads, join_corners
from siting.isochrones.triangulation import triangulate
from siting.isochrones.zone import GROUND_FROM_ROAD_M, GROUND_STEP_M, Zone, segment_boxes
from siting.kernels.closed_arrays import close_arrays
from siting.roads.joining import Joins, join_points, within_bounds
from siting.roads.network import RoadNetwork
from siting.storage.array_file import read_kept
from siting.storage.kept import cache_folder, keep

SURFACE_VERSION = 21
"""Raised whenever the same network would make other triangles."""

_MARGIN_M = 900.0
_FRAME_M = 5_000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surface:
    """Triangles over a network.

    Attributes
    ----------
    x_m, y_m
        Float64, the corners; the last four frame the rest and are never reached.
    joins
        How each corner but the frame's is joined to the network.
    triangles
        Int32, triangles x 3: corners, counter-clockwise.
    neighbours
        Int32, triangles x 3: the triangle across the side opposite each corner; -1 at the edge.
    """

    x_m: Float64
    y_m: Float64
    joins: Joins
    triangles: Int32
    neighbours: Int32

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)


def open_surface(network: RoadNetwork, zone: Zone | None = None, folder: Path | None = None) -> Surface:
    """Return the triangles of a network within a zone at least, made now or kept from before; without a zone of all of it.

    Well inside a zone the triangles are the same whatever the zone is: Delaunay's triangles
    depend on nothing beyond a circle, and points of open ground keep every circle small.
    """
    if not network.fingerprint:
        return make_surface(network, zone)
    return _kept_surface(network, zone, (folder or cache_folder()) / "surfaces")


_OPEN: dict[Path, tuple[Zone | None, Surface]] = {}
_MOST_OPEN = 4


def _kept_surface(network: RoadNetwork, zone: Zone | None, folder: Path) -> Surface:
    begins = f"{network.fingerprint}-{SURFACE_VERSION}-"
    for path, (laid, surface) in _OPEN.items():
        if path.parent == folder and path.name.startswith(begins) and _serves(laid, zone):
            return surface
    path, laid = _laid_before(folder, begins, zone)

    def make() -> tuple[dict[str, np.ndarray], dict[str, str]]:
        surface = make_surface(network, laid)
        arrays = {name: getattr(surface, name) for name in ("x_m", "y_m", "triangles", "neighbours")}
        return arrays | {f"joins.{part.name}": getattr(surface.joins, part.name) for part in fields(Joins)}, {}

    arrays, _ = keep(path, make)
    joins = Joins(**{part.name: arrays[f"joins.{part.name}"] for part in fields(Joins)})
    surface = Surface(
        x_m=arrays["x_m"],
        y_m=arrays["y_m"],
        joins=joins,
        triangles=arrays["triangles"],
        neighbours=arrays["neighbours"],
    )
    while len(_OPEN) >= _MOST_OPEN:
        del _OPEN[next(iter(_OPEN))]
    _OPEN[path] = laid, surface
    return surface


def _serves(laid: Zone | None, zone: Zone | None) -> bool:
    return laid is None or (zone is not None and laid.covers(zone))


def _laid_before(folder: Path, begins: str, zone: Zone | None) -> tuple[Path, Zone | None]:
    """Return where triangles are kept that serve a zone, those of the least ground, and of which zone they are."""
    if zone is None:
        return folder / f"{begins}all.surface", None
    known = []
    for path in folder.glob(f"{begins}*.zone"):
        found = read_kept(path)
        if found is not None:
            arrays, plain = found
            laid = Zone(column=plain["column"], row=plain["row"], held=arrays["held"])
            if laid.covers(zone):
                known.append((int(laid.held.sum()), path.with_suffix(".surface"), laid))
    if known:
        return min(known, key=lambda one: one[:2])[1:]
    path = folder / f"{begins}{zone.digest}.surface"
    keep(path.with_suffix(".zone"), lambda: ({"held": zone.held}, {"column": zone.column, "row": zone.row}))
    return path, zone


def make_surface(network: RoadNetwork, zone: Zone | None = None) -> Surface:
    """Lay the triangles over a network, or over a zone of it."""
    segments = network.segments
    chosen = segments.joinable
    if zone is None:
        of_chosen = np.repeat(chosen, np.diff(segments.geometry_start))
        x_m, y_m = segments.x_m[of_chosen], segments.y_m[of_chosen]
        box = (
            float(x_m.min() - _MARGIN_M),
            float(y_m.min() - _MARGIN_M),
            float(x_m.max() + _MARGIN_M),
            float(y_m.max() + _MARGIN_M),
        )
    else:
        joinable = np.flatnonzero(segments.joinable)
        chosen = np.zeros(len(segments), dtype=bool)
        chosen[joinable] = zone.touches(segment_boxes(network, joinable))
        box = zone.box
    with ThreadPoolExecutor(1) as beside:
        on_ground = beside.submit(_ground_corners, network, box, zone)
        corners = corners_on_roads(network, chosen)
        # How corners are joined is of no account to the triangles, which take as long.
        joined = beside.submit(join_corners, network, corners)
        ground_x_m, ground_y_m, ground = on_ground.result()
        frame_x_m, frame_y_m = _frame(np.concatenate([corners.x_m, ground_x_m]), np.concatenate([corners.y_m, ground_y_m]))
        x_m = np.concatenate([corners.x_m, ground_x_m, frame_x_m])
        y_m = np.concatenate([corners.y_m, ground_y_m, frame_y_m])
        triangles, neighbours = triangulate(x_m, y_m)
        on_road = joined.result()
    on_map = within_bounds(network, corners.x_m, corners.y_m)
    on_road = replace(on_road, segment=np.where(on_map, on_road.segment, -1))
    joins = Joins(
        **{part.name: np.concatenate([getattr(on_road, part.name), getattr(ground, part.name)]) for part in fields(Joins)}
    )
    return Surface(x_m=x_m, y_m=y_m, joins=joins, triangles=triangles, neighbours=neighbours)


def _ground_corners(
    network: RoadNetwork, box: tuple[float, float, float, float], zone: Zone | None
) -> tuple[Float64, Float64, Joins]:
    """Return points of a lattice that lie away from every road, and how they are joined to one.

    The lattice is that of the coordinate system, so that it is the same in every zone.
    """
    west, south, east, north = box
    columns = np.arange(np.floor(west / GROUND_STEP_M), np.ceil(east / GROUND_STEP_M) + 1)
    rows = np.arange(np.floor(south / GROUND_STEP_M), np.ceil(north / GROUND_STEP_M) + 1)
    # Every other row is shifted, so that no four points lie on one circle.
    x_m = ((columns[None, :] + (rows[:, None] % 2) / 2) * GROUND_STEP_M).ravel()
    y_m = np.repeat(rows * GROUND_STEP_M, len(columns))
    if zone is not None:
        held = zone.holds(x_m, y_m)
        x_m, y_m = x_m[held], y_m[held]
    joins = join_points(network, x_m, y_m)
    away = (joins.distance_m > GROUND_FROM_ROAD_M) | (joins.segment < 0)
    return x_m[away], y_m[away], joins[np.flatnonzero(away)]


def _frame(x_m: Float64, y_m: Float64) -> tuple[Float64, Float64]:
    west, east = x_m.min() - _FRAME_M, x_m.max() + _FRAME_M
    south, north = y_m.min() - _FRAME_M, y_m.max() + _FRAME_M
    return np.array([west, east, east, west]), np.array([south, south, north, north])
