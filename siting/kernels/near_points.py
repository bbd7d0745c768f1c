"""How far the nearest of many points is, within a reach."""

import numpy as np

from siting.arrays import Float64, Int64
from siting.kernels.compiled import compiled
from siting.kernels.ordered import first_not_below


def nearest_within_m(points: Float64, places: Float64, reach_m: float) -> Float64:
    """Return how far the nearest of some points (n x 2, metres) is from each place (m x 2); infinite beyond the reach."""
    if not len(points) or not len(places):
        return np.full(len(places), np.inf)
    # Points are filed by square, a row of squares after the other, so that three ranges hold all that can be near.
    low = np.minimum(points.min(axis=0), places.min(axis=0)) - reach_m
    columns = int((max(points[:, 0].max(), places[:, 0].max()) - low[0]) // reach_m) + 3
    square = (np.floor((points - low) / reach_m) @ np.array([1, columns])).astype(np.int64)
    order = np.argsort(square, kind="stable")
    return _nearest_m(
        points[order, 0], points[order, 1], square[order], places[:, 0].copy(), places[:, 1].copy(), low, columns, reach_m
    )


@compiled
def _nearest_m(
    x_m: Float64,
    y_m: Float64,
    square: Int64,
    place_x_m: Float64,
    place_y_m: Float64,
    low: Float64,
    columns: int,
    reach_m: float,
) -> Float64:
    answer_m = np.empty(len(place_x_m))
    for i in range(len(place_x_m)):
        nearest_m = np.inf
        column = int(np.floor((place_x_m[i] - low[0]) / reach_m))
        row = int(np.floor((place_y_m[i] - low[1]) / reach_m))
        for r in range(row - 1, row + 2):
            k = first_not_below(square, r * columns + column - 1)
            last = r * columns + column + 1
            while k < len(square) and square[k] <= last:
                nearest_m = min(nearest_m, np.hypot(x_m[k] - place_x_m[i], y_m[k] - place_y_m[i]))
                k += 1
        answer_m[i] = nearest_m if nearest_m <= reach_m else np.inf
    return answer_m
