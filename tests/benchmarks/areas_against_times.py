"""Whether areas say what times say: random points on all roads, both directions, two scenarios.

    python tests/benchmarks/areas_against_times.py FOLDER

FOLDER holds the extracts of Rutland, Newport and Andorra. Tells the least share of points on which area and time agree, and how
many points lie inside an area and take more than half a minute longer than it says.
"""

import sys
from pathlib import Path

import numpy as np
import shapely

from siting.arrays import Float64
from siting.crs import to_metres
from siting.isochrones.areas import isochrones
from siting.roads.cache import open_network
from siting.roads.joining import join_points
from siting.roads.network import RoadNetwork
from siting.times.routing import reach, times_at
from siting.words import MILLISECONDS_PER_MINUTE, Direction, Scenario

POINTS = 30_000
SEEDS = (31, 32)
LATE_MIN = 0.5
ASKED = (
    ("rutland-2022-07-20.osm.pbf", -0.73, 52.67, (5, 10, 15, 20, 30)),
    ("newport-2023-06-13.osm.pbf", -2.998, 51.588, (5, 8, 10, 12)),
    ("andorra-2020-05.osm.pbf", 1.52, 42.506, (5, 10, 15, 30, 45)),
)


def main(folder: Path) -> None:
    """Ask, compare, print."""
    for name, lon, lat, limits in ASKED:
        network = open_network(folder / name)
        hub = join_points(network, *to_metres(lon, lat, network.system))
        least, late, answers = 1.0, 0, 0
        for seed in SEEDS:
            x_m, y_m = _road_points(network, seed)
            joins = join_points(network, x_m, y_m)
            for scenario in (Scenario.TYPICAL, Scenario.SCHOOL_RUN):
                for direction in Direction:
                    minutes = times_at(reach(network, hub, scenario, direction), joins) / MILLISECONDS_PER_MINUTE
                    areas = isochrones(network, hub, limits, direction, scenario)
                    for limit, area in zip(areas["minutes"], areas.geometry, strict=True):
                        inside = shapely.contains_xy(area, x_m, y_m)
                        least = min(least, float(np.mean(inside == (minutes <= limit))))
                        late += int(np.sum(minutes[inside] > limit + LATE_MIN))
                        answers += len(x_m)
        print(f"{name}: at least {least:.3%} agree; {late} of {answers:,} inside and over {60 * LATE_MIN:.0f} s late", flush=True)


def _road_points(network: RoadNetwork, seed: int) -> tuple[Float64, Float64]:
    draw, segments = np.random.default_rng(seed), network.segments
    chosen = draw.choice(np.flatnonzero(segments.joinable), POINTS)
    first, pieces = segments.geometry_start[chosen], np.diff(segments.geometry_start)[chosen] - 1
    piece, share = first + (draw.random(POINTS) * pieces).astype(np.int64), draw.random(POINTS)
    x_m, y_m = ((1 - share) * line[piece] + share * line[piece + 1] for line in (segments.x_m, segments.y_m))
    return x_m, y_m


if __name__ == "__main__":
    main(Path(sys.argv[1]))
