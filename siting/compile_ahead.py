"""Compiles what the roads need in a second process, while the first run loads and reads its inputs.

Everything compiled is kept beside the program, so this is done once: by reading two roads, and
asking of them what is asked of a county's.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import xxhash

from siting.cache import cache_folder

FEWEST_CORES = 2
"""On a single core a second process would only be in the way."""


@contextmanager
def compiling_ahead() -> Iterator[None]:
    """Compile beside what is done meanwhile, where that has not been done; what is not yet compiled then ends with it."""
    if _done_path().exists() or (os.cpu_count() or 1) < FEWEST_CORES:
        yield
        return
    command = [sys.executable, "-m", "siting.compile_ahead"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - this very module
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def compile_all() -> None:
    """Compile what a first run needs, in the order in which it needs it."""
    with TemporaryDirectory(prefix="siting-") as folder:
        _ask_of_two_roads(Path(folder))
    done = _done_path()
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()


def _done_path() -> Path:
    """Return the mark that this very program has been compiled by this very Python."""
    program = sorted(Path(__file__).parent.glob("*.py"))
    about = [sys.version, *(f"{path} {path.stat().st_mtime_ns}" for path in program)]
    return cache_folder() / "compiled" / xxhash.xxh3_128_hexdigest("\n".join(about).encode())


def _ask_of_two_roads(folder: Path) -> None:
    from siting.network_cache import open_network  # noqa: PLC0415 - slow to load, and only this process needs it

    extract = folder / "two-roads.osm.pbf"
    _draw_two_roads(extract)
    network = open_network(extract, folder=folder)

    from siting.isochrone_areas import isochrones, shared_surface  # noqa: PLC0415
    from siting.joining import join_points  # noqa: PLC0415
    from siting.routing import reach, times_at, way_between  # noqa: PLC0415
    from siting.words import Direction, Scenario  # noqa: PLC0415

    segments = network.segments
    places = join_points(network, segments.x_m[[0, -1]] + 30.0, segments.y_m[[0, -1]])
    hub = places[:1]
    for direction in Direction:
        found = reach(network, hub, Scenario.TYPICAL, direction, with_metres=True)
        times_at(found, places)
        way_between(found, places, 1)
    surface = shared_surface(network, hub, 1.0, folder=folder)
    isochrones(network, hub, (0.25, 1.0), Direction.TO_SCHOOL, Scenario.TYPICAL, surface=surface)


def _draw_two_roads(extract: Path) -> None:
    """Write a road with a side road of which part is private."""
    import osmium  # noqa: PLC0415
    from osmium.osm.mutable import Node, Way  # noqa: PLC0415

    points = [(-0.750, 51.6), (-0.745, 51.601), (-0.740, 51.6), (-0.745, 51.605), (-0.743, 51.608)]
    roads = [([1, 2, 3], {"highway": "secondary"}), ([2, 4], {"highway": "residential"})]
    roads.append(([4, 5], {"highway": "service", "access": "private"}))
    with osmium.SimpleWriter(str(extract)) as writer:
        for number, point in enumerate(points, start=1):
            writer.add_node(Node(id=number, location=point, version=1))
        for number, (nodes, tags) in enumerate(roads, start=1):
            writer.add_way(Way(id=number, nodes=nodes, tags=tags, version=1))


if __name__ == "__main__":
    with contextlib.suppress(OSError):  # a folder that cannot be written to: then it is compiled as it is needed
        compile_all()
