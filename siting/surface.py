"""A network's ground as triangles whose corners have travel times: what isochrones are cut out of.

The corners are points along every road that a house may stand at and, where no road is near, points
of the open ground between, each joined to the nearest road as a house there would be. So the
ground's travel times are by the same rule as a home's. The triangles are Delaunay's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64
from siting.compiled import compiled
from siting.joining import Joins, join_points
from siting.network import RoadNetwork
from siting.network_cache import cache_folder, keep
from siting.routing import Reach

SURFACE_VERSION = 2
"""Raised whenever the same network would make other triangles."""

JUNCTION_CLEARANCE_M = 1.0
"""Corners keep this from a junction, where the time jumps by the turn's delay."""
ROAD_STEP_M = 60.0
"""The farthest that corners on a road are apart."""
_LEAST_STEP_M = 20.0
"""Bends nearer to each other than this share a corner."""
GROUND_STEP_M = 300.0
"""How far apart points of open ground are."""
FARTHEST_FROM_ROAD_M = 5_000.0
"""A place farther than this from every road of the network lies outside it (own choice)."""
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
    reach_m = FARTHEST_FROM_ROAD_M + 2 * GROUND_STEP_M
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
    first = segments.geometry_start[:-1]
    chosen = segments.joinable
    if window is not None:
        west, south, east, north = window
        x_m, y_m = segments.x_m[first], segments.y_m[first]
        chosen = chosen & (x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north)
    road_segment, road_share, road_x_m, road_y_m = _road_corners(segments.geometry_start, segments.x_m, segments.y_m, chosen)
    # Roads that cross on a bridge may put two corners in one place; Delaunay's triangles need one.
    _, single = np.unique(np.rint(np.column_stack([road_x_m, road_y_m]) * 100).astype(np.int64), axis=0, return_index=True)
    single.sort()
    on_road = Joins(
        segment=road_segment[single],
        share=road_share[single],
        x_m=road_x_m[single],
        y_m=road_y_m[single],
        distance_m=np.zeros(len(single)),
        access_ms=np.zeros(len(single), dtype=np.int64),
    )
    whole = (on_road.x_m.min(), on_road.y_m.min(), on_road.x_m.max(), on_road.y_m.max())
    ground_x_m, ground_y_m, ground = _ground_corners(network, window or whole)
    frame_x_m, frame_y_m = _frame(ground_x_m, ground_y_m)
    x_m = np.concatenate([on_road.x_m, ground_x_m, frame_x_m])
    y_m = np.concatenate([on_road.y_m, ground_y_m, frame_y_m])
    from scipy.spatial import Delaunay  # noqa: PLC0415 - slow to load, and only what is not kept is made

    # Coordinates near zero keep the triangulation's arithmetic exact.
    mesh = Delaunay(np.column_stack([x_m - x_m.mean(), y_m - y_m.mean()]))
    triangles, neighbours = mesh.simplices.astype(np.int32), mesh.neighbors.astype(np.int32)
    clockwise = _twice_area(x_m, y_m, triangles) < 0
    triangles[clockwise] = triangles[clockwise][:, [0, 2, 1]]
    neighbours[clockwise] = neighbours[clockwise][:, [0, 2, 1]]
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
    ground = joins[np.flatnonzero(away)]
    # As no home is judged so far from a road, no ground is reached there.
    too_far = ground.distance_m > FARTHEST_FROM_ROAD_M
    return x_m[away], y_m[away], replace(ground, segment=np.where(too_far, -1, ground.segment))


def _frame(x_m: Float64, y_m: Float64) -> tuple[Float64, Float64]:
    west, east = x_m.min() - _FRAME_M, x_m.max() + _FRAME_M
    south, north = y_m.min() - _FRAME_M, y_m.max() + _FRAME_M
    return np.array([west, east, east, west]), np.array([south, south, north, north])


def _twice_area(x_m: Float64, y_m: Float64, triangles: Int32) -> Float64:
    x, y = x_m[triangles], y_m[triangles]
    return np.asarray((x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0]), dtype=np.float64)


@compiled
def _road_corners(geometry_start: Int64, x_m: Float64, y_m: Float64, joinable: Bool) -> tuple[Int64, Float64, Float64, Float64]:
    """Place corners along the joinable segments; their segment, share of its length, x and y."""
    segment, share, corner_x_m, corner_y_m = [np.int64(0)], [0.0], [0.0], [0.0]
    for s in range(len(joinable)):
        if not joinable[s]:
            continue
        first, last = geometry_start[s], geometry_start[s + 1] - 1
        length = 0.0
        for p in range(first, last):
            length += np.hypot(x_m[p + 1] - x_m[p], y_m[p + 1] - y_m[p])
        if length <= 0.0:
            continue
        clearance = min(JUNCTION_CLEARANCE_M, length / 4)
        previous = -np.inf
        along = 0.0
        for p in range(first, last):
            piece = np.hypot(x_m[p + 1] - x_m[p], y_m[p + 1] - y_m[p])
            if piece <= 0.0:
                continue
            low, high = max(along, clearance), min(along + piece, length - clearance)
            if high >= low:
                is_last = along + piece >= length - clearance
                steps = max(1, int(np.ceil((high - low) / ROAD_STEP_M)))
                for k in range(steps + 1):
                    at = low + (high - low) * k / steps
                    must = (is_last and k == steps) or previous == -np.inf
                    near_end = length - clearance - at < _LEAST_STEP_M and not must
                    if must and at - previous < 1e-6:
                        continue
                    if must or (at - previous >= _LEAST_STEP_M and not near_end):
                        segment.append(np.int64(s))
                        share.append(at / length)
                        part = (at - along) / piece
                        corner_x_m.append(x_m[p] + part * (x_m[p + 1] - x_m[p]))
                        corner_y_m.append(y_m[p] + part * (y_m[p + 1] - y_m[p]))
                        previous = at
            along += piece
    return np.array(segment[1:]), np.array(share[1:]), np.array(corner_x_m[1:]), np.array(corner_y_m[1:])
