"""A first run is helped by a second process, which compiles for the very arrays that the run has."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import siting

WHAT_IS_COMPILED = """
from pathlib import Path
from numba.core import event
from siting.pipeline.compile_ahead import start_compiling

helper = start_compiling()
assert helper is not None
assert helper.wait() == 0
assert start_compiling() is None

names = set()

class Listener(event.Listener):
    def on_start(self, happened):
        names.add(happened.data["dispatcher"].py_func.__module__)

    def on_end(self, happened):
        pass

event.register("numba:compile", Listener())
import geopandas as gpd
from siting.api import isochrones, open_network
network = open_network(Path("roads.osm.pbf"))
hub = gpd.GeoDataFrame(geometry=gpd.points_from_xy([-0.746], [51.601]), crs=4326)
assert isochrones(network, hub, [0.5, 1.0]).area.min() > 0
print(*sorted(name for name in names if name.startswith("siting.")))
"""

ENDED_EARLY = """
import os, time
from pathlib import Path
from siting.pipeline.compile_ahead import start_compiling

helper = start_compiling()
while not list(Path(os.environ["TMPDIR"]).glob("compiling-siting-*")):
    assert helper.poll() is None, "it ended before it began"
    time.sleep(0.01)
print(helper.pid)
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the program, of which nothing is compiled."""
    ignored = shutil.ignore_patterns("__pycache__", "data")
    return Path(shutil.copytree(Path(siting.__file__).parent, tmp_path / "program" / "siting", ignore=ignored)).parent


def asked(program: Path, script: str, folder: Path, **further: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(program), "SITING_CACHE_DIR": str(folder / "cache")} | further
    command = [sys.executable, "-P", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.slow
def test_what_the_second_process_compiled_is_not_compiled_again(copied: Path, tmp_path: Path) -> None:
    # Another copy of the program where the user stands is not the one that is compiled.
    decoy = tmp_path / "siting"
    decoy.mkdir()
    (decoy / "__init__.py").write_text("raise SystemExit('the wrong program')", encoding="utf-8")
    _draw(tmp_path / "roads.osm.pbf")
    compiled = set(asked(copied, WHAT_IS_COMPILED, tmp_path).split())
    assert compiled <= {"siting.osm.pbf", "siting.roads.segments"}


@pytest.mark.slow
def test_ended_early_it_leaves_nothing_running_and_no_folder(copied: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    pid = int(asked(copied, ENDED_EARLY, tmp_path, TMPDIR=str(temporary)))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert list(temporary.iterdir()) == []


def _draw(extract: Path) -> None:
    import osmium
    from osmium.osm.mutable import Node, Way

    with osmium.SimpleWriter(str(extract)) as writer:
        for number, point in enumerate([(-0.750, 51.6), (-0.745, 51.601), (-0.740, 51.6)], start=1):
            writer.add_node(Node(id=number, location=point, version=1))
        writer.add_way(Way(id=1, nodes=[1, 2, 3], tags={"highway": "residential"}, version=1))
