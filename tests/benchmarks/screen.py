"""How a screen grows: many schools x all road points of an extract, cut into regions, by one process and by workers of Dask.

python tests/benchmarks/screen.py EXTRACT.osm.pbf OUT [--schools 40] [--regions 4] [--minutes 45] [--workers 0 1 2] [--areas]

Each run is a process of its own with its own results, in which the roads are opened and the program's libraries are loaded before
the clock starts (`loading`); 0 is the plain loop that a person would write over the whole network
(search from each school, each way, keep what is within the minutes), without regions, files or Dask. Of each stage the
elapsed and the processor seconds are given; `starting` is what is left of the start of Dask and its workers once the places
are found, beside which they start.
"""

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

import numpy as np


def _points(network, count: int | None, seed: int) -> np.ndarray:  # noqa: ANN001
    segments = network.segments
    usable = np.flatnonzero(segments.joinable & segments.open_road)
    chosen = usable if count is None else np.random.default_rng(seed).choice(usable, count, replace=False)
    at = segments.geometry_start[chosen]
    return np.column_stack([segments.x_m[at], segments.y_m[at]])


def _write_points(chosen: argparse.Namespace) -> None:
    from siting.crs import to_degrees
    from siting.roads.cache import open_network

    network = open_network(chosen.extract)
    with chosen.points.open("w", encoding="utf-8", newline="") as file:
        file.write("kind,lon,lat\n")
        for kind, points in (("school", _points(network, chosen.schools, 7)), ("place", _points(network, chosen.places, 8))):
            for lon, lat in zip(*to_degrees(*points.T, network.system), strict=True):
                file.write(f"{kind},{lon:.7f},{lat:.7f}\n")


def _run(chosen: argparse.Namespace, workers: int) -> dict[str, object]:
    from siting.roads.cache import open_network

    network = open_network(chosen.extract)
    schools, places = _points(network, chosen.schools, 7), _points(network, chosen.places, 8)
    loading = time.perf_counter()
    import_module("siting.pipeline.screen")
    loading = time.perf_counter() - loading
    begun, begun_cpu = time.perf_counter(), _cpu_s()
    told = _loop(network, schools, places, chosen.minutes) if workers == 0 else _screen(chosen, workers, network, schools, places)
    usage = {"seconds": time.perf_counter() - begun, "cpu_s": _cpu_s() - begun_cpu}
    usage["loading"] = loading
    usage["own_peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {**told, **usage, "segments": len(network.segments), "places": len(places)}


def _cpu_s() -> float:
    """Processor seconds of this process."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def _loop(network, schools: np.ndarray, places: np.ndarray, minutes: float) -> dict[str, object]:  # noqa: ANN001
    from siting.roads.joining import join_points
    from siting.times.routing import reach, times_at
    from siting.words import Direction, Scenario, whole_ms

    joins, hubs = join_points(network, *places.T), join_points(network, *schools.T)
    rows, limit_ms = 0, whole_ms(minutes)
    begun = time.perf_counter()
    for number in range(len(hubs)):
        found = [
            times_at(reach(network, hubs[[number]], Scenario.SCHOOL_RUN, way, limit_ms=limit_ms), joins) <= limit_ms
            for way in Direction
        ]
        rows += int(np.any(found, axis=0).sum())
    return {"rows": rows, "stages": {"timing": time.perf_counter() - begun}}


def _screen(chosen: argparse.Namespace, workers: int, network, schools: np.ndarray, places: np.ndarray) -> dict[str, object]:  # noqa: ANN001
    from siting.inputs.points import Points
    from siting.inputs.screen import Screen, ScreenArea, ScreenRegions, ScreenRules, ScreenSchools
    from siting.inputs.screen_inputs import ScreenInputs
    from siting.pipeline.screen import TIMES, screen_inputs
    from siting.place import Places
    from siting.storage.database import connect

    def listed(prefix: str, points: np.ndarray) -> Points:
        ids = np.array([f"{prefix}{at}" for at in range(len(points))], dtype=object)
        x_m, y_m = (np.ascontiguousarray(axis) for axis in points.T)
        epsg = np.full(len(points), network.system.epsg, dtype=np.int32)
        return Points(ids=ids, names=ids, places=Places(x_m=x_m, y_m=y_m, epsg=epsg))

    screen = Screen(
        area=ScreenArea(network=str(chosen.extract.resolve())),
        schools=ScreenSchools(table="schools.csv"),
        rules=ScreenRules(minutes=chosen.minutes),
        regions=ScreenRegions(count=chosen.regions, areas=chosen.areas),
    )
    inputs = ScreenInputs(
        screen=screen, schools=listed("s", schools), places=listed("p", places), authorities=None, need=None, warnings=()
    )
    children = _Children()
    stages: dict[str, tuple[float, float]] = {}
    last, since = "reading", (time.perf_counter(), _cpu_s())

    def progress(words: str) -> None:
        nonlocal last, since
        name = words.split(maxsplit=1)[0]
        if name != last:
            now = time.perf_counter(), _cpu_s() + children.cpu_s()
            stages[last] = round(now[0] - since[0], 2), round(now[1] - since[1], 2)
            last, since = name, now

    out = chosen.out / f"workers-{workers}"
    outcome = screen_inputs(inputs, out, workers=workers, progress=progress, say=print)
    progress("end")
    with connect() as database:
        question = "SELECT count(*), sum(hash(postcode, school, minutes_to, minutes_from, verdict)) FROM read_parquet(?)"
        rows, digest = database.execute(question, [str(out / TIMES / "*" / "*.parquet")]).fetchone()
    size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    told = {"rows": rows, "digest": str(digest), "stages": stages, "result_mb": size / 1e6, "summary": outcome.summary}
    children.stop()
    return told | {"worker_private_gb": children.private_bytes / 1e9, "workers_cpu_s": children.cpu_s()}


_WATCHED_EVERY_S = 0.5
_ROUNDS_A_WALK = 20
"""Asking for memory that is not shared costs the kernel a walk over all of it."""


class _Children:
    """What the children of this process take, those of its children too, as last seen (Linux)."""

    def __init__(self) -> None:
        self.private_bytes, self._cpu_s, self._ended = 0, {}, threading.Event()
        self._teller = threading.Thread(target=self._watch, daemon=True)
        self._teller.start()

    def cpu_s(self) -> float:
        """Processor seconds of all of them so far."""
        return sum(self._cpu_s.values())

    def _watch(self) -> None:
        import psutil

        rounds = 0
        while not self._ended.wait(_WATCHED_EVERY_S):
            rounds += 1
            for child in psutil.Process().children(recursive=True):
                try:
                    self._cpu_s[child.pid] = sum(child.cpu_times()[:2])
                    if rounds % _ROUNDS_A_WALK == 0:
                        self.private_bytes = max(self.private_bytes, child.memory_full_info().uss)
                except psutil.Error:
                    continue

    def stop(self) -> None:
        """End watching."""
        self._ended.set()
        self._teller.join()


def main() -> None:
    """Run what is asked for, each in a process of its own, and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--schools", type=int, default=40)
    parser.add_argument("--places", type=int, default=None)
    parser.add_argument("--regions", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--areas", action="store_true")
    parser.add_argument("--points", type=Path, help="write the schools and places there, for osrm_screen.py, and end")
    parser.add_argument("--one", action="store_true", help="run the one count of workers in this process")
    chosen = parser.parse_args()
    if chosen.points:
        _write_points(chosen)
        return
    if chosen.one:
        print(json.dumps(_run(chosen, chosen.workers[0]), indent=1))
        return
    for workers in chosen.workers:
        print(f"workers {workers}", flush=True)
        options = ["--schools", str(chosen.schools), "--regions", str(chosen.regions), "--minutes", str(chosen.minutes)]
        options += ["--places", str(chosen.places)] if chosen.places else []
        options += ["--areas"] if chosen.areas else []
        command = [sys.executable, __file__, str(chosen.extract), str(chosen.out), *options, "--workers", str(workers), "--one"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
