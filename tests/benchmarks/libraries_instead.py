"""What two libraries would take in place of own code: safetensors for kept arrays, shapely's tree for joining places to roads.

    pip install safetensors
    python libraries_instead.py EXTRACT.osm.pbf

Prints the median seconds of each, beside ours, in one run; and how far the answers agree.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
import xxhash
from safetensors import safe_open
from safetensors.numpy import save_file

from siting import open_network
from siting.roads.joining import join_points
from siting.roads.network import RoadNetwork
from siting.storage.array_file import read_arrays, write_arrays

PLACES = 10_000
TIMES = 7


def main(extract: Path) -> None:
    """Open the roads, time each pair, print."""
    network = open_network(extract)
    answer = {"places": PLACES, **_kept_arrays(network), **_joining(network)}
    json.dump(answer, sys.stdout, indent=1)


def _median_s(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return round(statistics.median(took), 5)


def _kept_arrays(network: RoadNetwork) -> dict[str, float]:
    arrays = {f"{name}.{part}": value for name in ("segments", "grid") for part, value in vars_of(getattr(network, name)).items()}
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "a.arrays", Path(folder) / "a.safetensors"

        def checked() -> dict[str, np.ndarray]:
            # It keeps no checksum: a damaged file is to be known all the same.
            xxhash.xxh3_64(np.memmap(theirs, dtype=np.uint8, mode="r")).intdigest()
            with safe_open(theirs, framework="numpy") as file:
                return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no mapping

        return {
            "arrays_mb": round(sum(array.nbytes for array in arrays.values()) / 1e6, 1),
            "write_ours_s": _median_s(lambda: write_arrays(ours, arrays, {})),
            "write_safetensors_s": _median_s(lambda: save_file(arrays, theirs)),
            "read_ours_s": _median_s(lambda: read_arrays(ours)),
            "read_safetensors_s": _median_s(checked),
        }


def vars_of(value: object) -> dict[str, np.ndarray]:
    """Return the arrays among a value's fields."""
    found = {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]
    return {name: np.ascontiguousarray(part) for name, part in found.items() if isinstance(part, np.ndarray)}


def _joining(network: RoadNetwork) -> dict[str, float]:
    segments = network.segments
    chance = np.random.default_rng(1)
    x_m = chance.uniform(segments.x_m.min(), segments.x_m.max(), PLACES)
    y_m = chance.uniform(segments.y_m.min(), segments.y_m.max(), PLACES)
    starts = segments.geometry_start
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    plain = np.isfinite(segments.handicap_m)
    keep = plain[owner]
    number = np.cumsum(plain) - 1
    begun = time.perf_counter()
    lines = shapely.linestrings(np.column_stack([segments.x_m, segments.y_m])[keep], indices=number[owner[keep]])
    tree = shapely.STRtree(lines)
    built_s = time.perf_counter() - begun
    ours = join_points(network, x_m, y_m)
    (_, _), theirs_m = tree.query_nearest(shapely.points(x_m, y_m), return_distance=True, all_matches=False)
    near = np.isfinite(ours.distance_m)
    return {
        "tree_build_s": round(built_s, 4),
        "join_ours_s": _median_s(lambda: join_points(network, x_m, y_m)),
        "join_tree_s": _median_s(lambda: tree.query_nearest(shapely.points(x_m, y_m), return_distance=True, all_matches=False)),
        "same_distance_share": round(float(np.mean(np.abs(ours.distance_m[near] - theirs_m[near]) < 0.01)), 4),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
