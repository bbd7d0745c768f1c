"""Minutes to and from school on a grid of points, packed small: "how many minutes from here?" without the roads."""

import base64
import zlib
from typing import Any

import numpy as np
import shapely

from maps.privacy.subject import MapSubject
from siting.arrays import Float64, Int64
from siting.crs import to_degrees, to_metres
from siting.roads.joining import join_points
from siting.times.routing import reach, times_at
from siting.words import MILLISECONDS_PER_MINUTE, MOST_OPEN_GROUND_M, NO_WAY_MS, Direction

FINEST_M = 200.0
"""The closest that points of the grid lie."""
MOST_POINTS = 160_000
NO_WAY = 255
"""What stands for a point from which there is no way, or farther than can be written."""
_METRES_PER_DEGREE = 111_200.0
"""Of latitude, about, at which the step is set; the points themselves are converted exactly."""


def pack_times(subject: MapSubject, region: shapely.Polygon) -> dict[str, Any]:
    """Time a grid of points over a region (the network's metres) to and from the nearest school, in the rule's scenario.

    The grid is of latitude and longitude (EPSG:4326): rows run from south to north, columns from west
    to east. Minutes are the nearest whole ones of one byte each, compressed (zlib), in base64.
    """
    network = subject.evaluation.network
    edge = shapely.get_coordinates(shapely.segmentize(region, 5_000.0))
    lon, lat = to_degrees(edge[:, 0], edge[:, 1], network.system)
    south, west = float(lat.min()), float(lon.min())
    wide_m = shapely.bounds(region)
    step_m = max(FINEST_M, float(np.sqrt((wide_m[2] - wide_m[0]) * (wide_m[3] - wide_m[1]) / MOST_POINTS)))
    lat_step = step_m / _METRES_PER_DEGREE
    lon_step = lat_step / float(np.cos(np.radians(lat.mean())))
    rows, columns = int((lat.max() - south) / lat_step) + 1, int((lon.max() - west) / lon_step) + 1
    at_lon, at_lat = np.meshgrid(west + lon_step * np.arange(columns), south + lat_step * np.arange(rows))
    x_m, y_m = to_metres(at_lon.ravel(), at_lat.ravel(), network.system)
    return {
        "scenario": subject.inputs.plan.rules.scenario.value,
        "south": south,
        "west": west,
        "lat_step": lat_step,
        "lon_step": lon_step,
        "rows": rows,
        "columns": columns,
        **{direction.value: _packed(found) for direction, found in times_ms(subject, x_m, y_m).items()},
    }


def times_ms(subject: MapSubject, x_m: Float64, y_m: Float64) -> dict[Direction, Int64]:
    """Return the milliseconds of each point to and from the school that is nearest in that direction."""
    network = subject.evaluation.network
    found = {direction: np.full(len(x_m), NO_WAY_MS, dtype=np.int64) for direction in Direction}
    # A family far off widens the ground asked about: how far it is to a road from there is not looked for.
    joins = join_points(network, x_m, y_m, tell_far=False)
    near = joins.distance_m <= MOST_OPEN_GROUND_M
    schools = subject.evaluation.joined.schools
    for direction in Direction:
        for row in range(len(schools)):
            reached = reach(network, schools[row : row + 1], subject.inputs.plan.rules.scenario, direction)
            there = np.where(near, times_at(reached, joins), NO_WAY_MS)
            found[direction] = np.minimum(found[direction], there)
    return found


def whole_minutes(time_ms: Int64) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Return the nearest whole minutes, `NO_WAY` where there is no way or they are more than can be written."""
    whole = np.where(time_ms < NO_WAY_MS, np.rint(time_ms / MILLISECONDS_PER_MINUTE), NO_WAY)
    return np.minimum(whole, NO_WAY).astype(np.uint8)


def _packed(time_ms: Int64) -> str:
    return base64.b64encode(zlib.compress(whole_minutes(time_ms).tobytes(), 9)).decode()
