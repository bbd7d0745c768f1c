"""Compares this project with OSRM, Valhalla, pandana and OSMnx on the same file in one run.

    python tests/benchmarks/compare.py EXTRACT.osm.pbf [--engines PYTHON] [--osmnx] [--points 1500]

`--engines` is the Python of an environment with `osrm-bindings`, `pyvalhalla`, `pandana` and `osmium`;
without it and `--osmnx` only this project is measured. The table of minutes is that of the first two
thirds of the points by the rest. Points are drawn along the extract's roads by a seed. Prints a table.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from siting.crs import to_degrees
from siting.roads.cache import open_network

HERE = Path(__file__).parent


def main() -> None:
    """Draw points, run each engine, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    parser.add_argument("--engines", type=Path)
    parser.add_argument("--points", type=int, default=1500)
    parser.add_argument("--osmnx", action="store_true", help="measure OSMnx with networkx too: slow on a large extract")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        points = Path(folder) / "points.csv"
        _draw_points(given.extract, points, given.points)
        environment = os.environ | {"SITING_CACHE_DIR": folder}
        _tell("ours", [sys.executable, str(HERE / "ours.py"), str(given.extract), str(points)], environment)
        if given.engines:
            engine = str(given.engines)
            table = str(Path(folder) / "osrm.csv")
            _tell("OSRM", [engine, str(HERE / "osrm_times.py"), str(given.extract), str(points), table], environment)
            for name in ("Valhalla", "pandana"):
                _tell(name, [engine, str(HERE / f"{name.lower()}_times.py"), str(given.extract), str(points)], environment)
        if given.osmnx:
            _tell("OSMnx", [sys.executable, str(HERE / "osmnx_times.py"), str(given.extract), str(points)], environment)


def _tell(name: str, command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    last = done.stdout.strip().splitlines()[-1] if done.returncode == 0 and done.stdout.strip() else done.stderr[-300:]
    print(f"{name:10}", last[last.find("{") :] if "{" in last else last, flush=True)


def _draw_points(extract: Path, target: Path, count: int) -> None:
    network = open_network(extract)
    segments = network.segments
    draw = np.random.default_rng(7)
    usable = np.flatnonzero(segments.joinable)
    chosen = draw.choice(usable, count, replace=False, p=segments.length_m[usable] / segments.length_m[usable].sum())
    middle = np.array([np.median(segments.x_m), np.median(segments.y_m)])
    first = segments.geometry_start[chosen]
    # The first point, whose areas are drawn, is the one nearest the middle.
    order = np.argsort(np.hypot(segments.x_m[first] - middle[0], segments.y_m[first] - middle[1]))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "lon", "lat"])
        for number, segment in enumerate(chosen[order]):
            x_m, y_m = network.points(int(segment))
            lon, lat = to_degrees([(x_m[0] + x_m[1]) / 2], [(y_m[0] + y_m[1]) / 2], network.system)
            writer.writerow([number, f"{lon[0]:.7f}", f"{lat[0]:.7f}"])


if __name__ == "__main__":
    main()
