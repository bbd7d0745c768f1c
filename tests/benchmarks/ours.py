"""What this project takes for one extract, as JSON: building, opening, areas, a matrix, memory.

    python ours.py EXTRACT.osm.pbf POINTS.csv

With an empty cache (SITING_CACHE_DIR); the compiled code is warmed on nothing, so that a first
call's compilation, which is kept between runs, is in `build_s` where it was never compiled.
"""

import csv
import json
import resource
import sys
import time
from pathlib import Path


def main(extract: Path, points: Path) -> None:
    """Measure and print."""
    from siting.crs import to_metres
    from siting.isochrones.areas import isochrones
    from siting.roads.cache import open_network
    from siting.roads.joining import join_points
    from siting.times.matrix import time_matrix_ms
    from siting.words import Direction, Scenario

    took: dict[str, float] = {}

    def timed(name: str, job: object) -> object:
        assert callable(job)
        begun = time.perf_counter()
        answer = job()
        took[name] = round(time.perf_counter() - begun, 4)
        return answer

    network = timed("build_s", lambda: open_network(extract))
    network = timed("open_s", lambda: open_network(extract))
    rows = list(csv.DictReader(points.open(encoding="utf-8")))
    x_m, y_m = to_metres([float(r["lon"]) for r in rows], [float(r["lat"]) for r in rows], network.system)  # type: ignore[attr-defined]
    joins = join_points(network, x_m, y_m)  # type: ignore[arg-type]
    school = joins[0:1]
    for name in ("areas_first_s", "areas_s"):
        timed(name, lambda: isochrones(network, school, (15, 30, 45), Direction.TO_SCHOOL, Scenario.TYPICAL))  # type: ignore[arg-type]
    origins, destinations = joins[: 2 * len(joins) // 3], joins[2 * len(joins) // 3 :]
    for name in ("matrix_first_s", "matrix_s"):
        timed(name, lambda: time_matrix_ms(network, origins, destinations, Scenario.TYPICAL))  # type: ignore[arg-type]
    took["origins"], took["destinations"] = len(origins), len(destinations)
    took["memory_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 3)
    print(json.dumps(took))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
