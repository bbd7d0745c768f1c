"""Compiles in a second process much of what a first run needs, while that run loads its libraries and reads its inputs.

What is compiled is kept beside the program, so this is done once. The second process asks of two
roads what is asked of a county's, so that it compiles for the very same kinds of arrays. What the
run comes to first it compiles itself meanwhile (see `_LEFT_TO_THE_RUN`).
"""

import atexit
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import numpy as np
from filelock import FileLock, Timeout

from siting import kernels
from siting.storage.kept import cache_folder
from siting.words import Direction, Scenario

_LEFT_TO_THE_RUN = ("siting.osm.pbf",)
"""Modules of which the second process compiles nothing: their turn is before it could be done with them."""

_TWO_ROADS = """<osm version="0.6">
<node id="1" version="1" lat="51.600" lon="-0.750"/><node id="2" version="1" lat="51.601" lon="-0.745"/>
<node id="3" version="1" lat="51.600" lon="-0.740"/><node id="4" version="1" lat="51.605" lon="-0.745"/>
<node id="5" version="1" lat="51.608" lon="-0.743"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="secondary"/></way>
<way id="2" version="1"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<way id="3" version="1"><nd ref="4"/><nd ref="5"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
</osm>"""

_LAST = ("isochrones/contours", "_trace")
"""The module and the function that the second process compiles last."""
_PROGRAM = Path(__file__).resolve().parents[1]

_FEWEST_CORES = 2
"""On a single core a second process would only be in the way."""


_ASKED = Event()
"""Set once this process has asked for the second one."""


def start_compiling() -> subprocess.Popen[bytes] | None:
    """Start the second process where it has something to do; it ends with this one, if not before.

    A process asks once, and on one machine one second process works at a time: any other finds the
    lock taken and ends.
    """
    if _ASKED.is_set() or _is_compiled() or (os.cpu_count() or 1) < _FEWEST_CORES:
        return None
    _ASKED.set()
    # Another copy of the program may lie in the folder that the user stands in: this very one is to be compiled.
    here = str(_PROGRAM.parent)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-P", "-m", "siting.pipeline.compile_ahead"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603
    atexit.register(_end, process)
    return process


def compile_all() -> None:
    """Compile what a first run needs after its roads are read, in the order in which it needs it."""
    with _END.put_off():
        # Not as what forgetting somebody clears away: it holds two drawn roads, and is in use.
        made = TemporaryDirectory(prefix="compiling-siting-")
    with made as folder:
        _ask_of_two_roads(Path(folder))


class _End:
    """What ends the second process early, but not while a folder is made, which nobody would then take away."""

    def __init__(self) -> None:
        self._waits = self._is_asked = False

    def ask(self, *_: object) -> None:
        self._is_asked = True
        if not self._waits:
            sys.exit(1)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        self._waits = True
        yield
        self._waits = False
        if self._is_asked:
            sys.exit(1)


_END = _End()


def _is_compiled() -> bool:
    """Tell whether what is compiled last has been compiled since the program was installed, or is not kept beside it."""
    module, function = _LAST
    source = _PROGRAM / f"{module}.py"
    kept = source.parent / "__pycache__"
    if "NUMBA_CACHE_DIR" in os.environ or not os.access(kept if kept.exists() else source.parent, os.W_OK):
        return True
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    since = source.stat().st_mtime
    return any(path.stat().st_mtime >= since for path in kept.glob(f"{source.stem}.{function}-*.{version}.nbi"))


def _lock_path() -> Path:
    """Return the file that the one second process of this program on this machine holds."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"compiling-{hashlib.blake2b(str(_PROGRAM).encode(), digest_size=8).hexdigest()}.lock"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def _ask_of_two_roads(folder: Path) -> None:
    import numba  # noqa: PLC0415 - slow to load, and only this process needs it

    # What those modules share with others is compiled for the others.
    for kernel in kernels.__all__:
        import_module(f"{kernels.__name__}.{kernel}")
    vars(numba.config)["DISABLE_JIT"] = True
    for module in _LEFT_TO_THE_RUN:
        import_module(module)
    vars(numba.config)["DISABLE_JIT"] = False

    # What is loaded only here is loaded when its turn comes.
    from siting.roads.cache import open_network  # noqa: PLC0415

    extract = folder / "two-roads.osm"
    extract.write_text(_TWO_ROADS, encoding="utf-8")
    network = open_network(extract, folder=folder)

    from siting.isochrones.contours import area_within  # noqa: PLC0415
    from siting.isochrones.surface import open_surface  # noqa: PLC0415
    from siting.isochrones.zone import zone_of  # noqa: PLC0415
    from siting.roads.joining import join_points  # noqa: PLC0415
    from siting.times.routing import reach, times_at, way_between  # noqa: PLC0415

    places = join_points(network, network.segments.x_m[[0, -1]] + 30.0, network.segments.y_m[[0, -1]])
    for direction in Direction:
        found = reach(network, places[:1], Scenario.TYPICAL, direction, with_metres=True)
        times_at(found, places)
        way_between(found, places, 1)
    surface = open_surface(network, zone_of([found], found.limit_ms), folder)
    time_ms = np.zeros(len(surface.x_m))
    area_within(surface.x_m, surface.y_m, time_ms, surface.triangles, surface.neighbours, -1.0, 1.0)


if __name__ == "__main__":
    # Ended early, it takes its folder with it.
    signal.signal(signal.SIGTERM, _END.ask)
    with suppress(Timeout, OSError), FileLock(_lock_path(), blocking=False):
        compile_all()
