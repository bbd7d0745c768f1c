"""A network's ground as triangles whose corners have travel times: what isochrones are cut out of.

The corners are points along every road that a house may stand at (see `road_corners`) and, where no
road is near, points of the open ground between, each joined to the nearest road as a house there would be. So the
ground's travel times are by the same rule as a home's. The triangles are Delaunay's.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from siting.arrays import Float64, Int32
from siting.isochrones.road_corners import corners_on_roads
from siting.isochrones.triangulation import triangulate
from siting.roads.joining import Joins, join_points, within_bounds
from siting.roads.network import RoadNetwork
from siting.storage.kept import cache_folder, keep
from siting.times.routing import Reach
from siting.words import MOST_OPEN_GROUND_M

SURFACE_VERSION = 18
"""Raised whenever the same network would make other triangles."""

GROUND_STEP_M = 300.0
"""How far apart points of open ground are."""
WINDOW_STEP_M = 5_000.0
"""Windows are kept in squares of this, so that one serves many questions."""
_GROUND_FROM_ROAD_M = 150.0
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


Window = tuple[float, float, float, float]
"""West, south, east, north, in the network's metres."""


def window_of(reaches: Sequence[Reach]) -> Window:
    """Return a rectangle that holds all ground that some journeys reach, off the roads too, to whole squares."""
    network = reaches[0].network
    segments = network.segments
    first, last = segments.geometry_start[:-1], segments.geometry_start[1:] - 1
    reached = np.zeros(len(segments), dtype=bool)
    for found in reaches:
        reached[network.state_arc[found.label <= found.limit_ms] >> 1] = True
        reached[np.maximum(found.hub.segment, 0)] = True
    ends = np.concatenate([first[reached], last[reached]])
    x_m, y_m = segments.x_m[ends], segments.y_m[ends]
    reach_m = MOST_OPEN_GROUND_M + 2 * GROUND_STEP_M
    low = [np.floor((axis.min() - reach_m) / WINDOW_STEP_M) * WINDOW_STEP_M for axis in (x_m, y_m)]
    high = [np.ceil((axis.max() + reach_m) / WINDOW_STEP_M) * WINDOW_STEP_M for axis in (x_m, y_m)]
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def open_surface(network: RoadNetwork, window: Window | None = None, folder: Path | None = None) -> Surface:
    """Return the triangles of a network within a window, made now or kept from before; without a window of all of it.

    Well inside a window the triangles are the same whatever the window is: Delaunay's triangles
    depend on nothing beyond a circle, and points of open ground keep every circle small.
    """
    if not network.fingerprint:
        return make_surface(network, window)
    return _kept_surface(network, window, folder or cache_folder())


_OPEN: dict[tuple[str, Window | None, Path], Surface] = {}
_MOST_OPEN = 4


def _kept_surface(network: RoadNetwork, window: Window | None, folder: Path) -> Surface:
    key = (network.fingerprint, window, folder)
    if key in _OPEN:
        return _OPEN[key]
    name = "all" if window is None else "-".join(f"{side:.0f}" for side in window)
    path = folder / "surfaces" / f"{network.fingerprint}-{name}-{SURFACE_VERSION}.surface"

    def make() -> tuple[dict[str, np.ndarray], dict[str, str]]:
        surface = make_surface(network, window)
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
    _OPEN[key] = surface
    return surface


def make_surface(network: RoadNetwork, window: Window | None = None) -> Surface:
    """Lay the triangles over a network, or over a window of it."""
    segments = network.segments
    chosen = segments.joinable
    if window is None:
        of_chosen = np.repeat(chosen, np.diff(segments.geometry_start))
        x_m, y_m = segments.x_m[of_chosen], segments.y_m[of_chosen]
        window = x_m.min(), y_m.min(), x_m.max(), y_m.max()
    else:
        west, south, east, north = window
        first = segments.geometry_start[:-1]
        x_m, y_m = segments.x_m[first], segments.y_m[first]
        chosen = chosen & (x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north)
    with ThreadPoolExecutor(1) as beside:
        on_ground = beside.submit(_ground_corners, network, window)
        on_road, road_x_m, road_y_m = corners_on_roads(network, chosen)
        ground_x_m, ground_y_m, ground = on_ground.result()
    frame_x_m, frame_y_m = _frame(ground_x_m, ground_y_m)
    x_m = np.concatenate([road_x_m, ground_x_m, frame_x_m])
    y_m = np.concatenate([road_y_m, ground_y_m, frame_y_m])
    triangles, neighbours = triangulate(x_m, y_m)
    on_map = within_bounds(network, road_x_m, road_y_m)
    on_road = replace(on_road, segment=np.where(on_map, on_road.segment, -1))
    joins = Joins(
        **{part.name: np.concatenate([getattr(on_road, part.name), getattr(ground, part.name)]) for part in fields(Joins)}
    )
    return Surface(x_m=x_m, y_m=y_m, joins=joins, triangles=triangles, neighbours=neighbours)


def _ground_corners(network: RoadNetwork, window: Window) -> tuple[Float64, Float64, Joins]:
    """Return points of a lattice that lie away from every road, and how they are joined to one.

    The lattice is that of the coordinate system, so that it is the same in every window.
    """
    west, south, east, north = window
    columns = np.arange(np.floor((west - _MARGIN_M) / GROUND_STEP_M), np.ceil((east + _MARGIN_M) / GROUND_STEP_M) + 1)
    rows = np.arange(np.floor((south - _MARGIN_M) / GROUND_STEP_M), np.ceil((north + _MARGIN_M) / GROUND_STEP_M) + 1)
    # Every other row is shifted, so that no four points lie on one circle.
    x_m = ((columns[None, :] + (rows[:, None] % 2) / 2) * GROUND_STEP_M).ravel()
    y_m = np.repeat(rows * GROUND_STEP_M, len(columns))
    joins = join_points(network, x_m, y_m)
    away = (joins.distance_m > _GROUND_FROM_ROAD_M) | (joins.segment < 0)
    return x_m[away], y_m[away], joins[np.flatnonzero(away)]


def _frame(x_m: Float64, y_m: Float64) -> tuple[Float64, Float64]:
    west, east = x_m.min() - _FRAME_M, x_m.max() + _FRAME_M
    south, north = y_m.min() - _FRAME_M, y_m.max() + _FRAME_M
    return np.array([west, east, east, west]), np.array([south, south, north, north])
