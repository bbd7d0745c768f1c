"""How long many homes with many children take, and how much memory: reading, judging, writing.

    python tests/benchmarks/many_pairs.py EXTRACT.osm.pbf HOMES CHILDREN [--profile]

Places are drawn beside the extract's roads. The roads are opened first, and with `--hierarchy` their
hierarchy, as they are where anybody has worked with them before; both are told by themselves.
"""

import argparse
import cProfile
import csv
import pstats
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from siting.arrays import Float64
from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.evaluating import write_evaluation
from siting.roads.cache import open_network
from siting.roads.network import RoadNetwork
from siting.times.hierarchy import open_hierarchy
from siting.words import Scenario

_SEED = 11
_BESIDE_M = 30.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("extract", type=Path)
    parser.add_argument("homes", type=int)
    parser.add_argument("children", type=int)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with _timed("roads opened"):
        network = open_network(asked.extract)
    with _timed("hierarchy opened"):
        open_hierarchy(network, Scenario.SCHOOL_RUN)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_plan(folder, asked.extract, network, asked.homes, asked.children)
        with _timed("inputs read"):
            inputs = read_inputs(Plan.read(folder / "plan.toml"))
        with _profiled(asked.profile), _timed("evaluated"):
            evaluation = evaluate_inputs(inputs, network, with_areas=False)
        del evaluation
        with _timed("evaluated once more, with areas"):
            evaluation = evaluate_inputs(inputs, network)
        with _profiled(asked.profile), _timed("written"):
            write_evaluation(folder, inputs, evaluation, asked.extract, datetime.now(UTC))


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun, begun_cpu = time.perf_counter(), time.process_time()
    yield
    took_s, cpu_s = time.perf_counter() - begun, time.process_time() - begun_cpu
    most_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{what}: {took_s:.1f} s ({cpu_s:.1f} of the processors), at most {most_gb:.2f} GB so far", flush=True)


@contextmanager
def _profiled(wanted: bool) -> Iterator[None]:
    profile = cProfile.Profile()
    if wanted:
        profile.enable()
    yield
    if wanted:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def _write_plan(folder: Path, extract: Path, network: RoadNetwork, homes: int, children: int) -> None:
    places = _places(network, homes + children + 1)
    for name, column, rows in (("homes", "home_id", places[1 : homes + 1]), ("children", "child_ref", places[homes + 1 :])):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column, "easting", "northing"])
            writer.writerows((f"{column[0].upper()}{n:05d}", f"{x:.1f}", f"{y:.1f}") for n, (x, y) in enumerate(rows))
    x, y = places[0]
    (folder / "plan.toml").write_text(
        f'[area]\nnetwork = "{extract.resolve()}"\n'
        f'[[schools]]\nname = "School"\neasting = {x:.1f}\nnorthing = {y:.1f}\n'
        '[inputs]\ncandidates = "homes.csv"\nchildren = "children.csv"\n',
        encoding="utf-8",
    )


def _places(network: RoadNetwork, count: int) -> Float64:
    """Draw places beside roads, the first of them in the middle; count x 2, in the network's metres."""
    random = np.random.default_rng(_SEED)
    corners_m = np.column_stack([network.segments.x_m, network.segments.y_m])
    drawn = random.integers(len(corners_m), size=count)
    drawn[0] = np.argmin(np.hypot(*(corners_m - np.median(corners_m, axis=0)).T))
    return np.asarray(corners_m[drawn] + random.normal(0.0, _BESIDE_M, (count, 2)))


if __name__ == "__main__":
    main()
