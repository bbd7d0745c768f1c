"""Killed at any moment, or with a damaged cache, the next run gives the same answer as a clean one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.storage.results_folder import MOVING_NOTE

PLAN = bundled_data() / "chilterns" / "plan.toml"
RUN = "import sys; from siting.cli import main; main(['evaluate', sys.argv[1], '--out', sys.argv[2]])"


def start(cache: Path, out: Path) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"SITING_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", RUN, str(PLAN), str(out)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("clean")
    assert start(folder / "cache", folder / "out").wait(timeout=300) == 0
    return (folder / "out" / "evaluation.csv").read_bytes()


@pytest.mark.slow
def test_a_run_that_was_killed_leaves_no_trace(tmp_path: Path, clean: bytes) -> None:
    cache, out = tmp_path / "cache", tmp_path / "out"
    for wait_s in (1.2, 2.0, 2.6, 3.2, 3.8):
        running = start(cache, out)
        time.sleep(wait_s)
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=60)
        assert not out.exists() or all(p.name.startswith((".", "evaluation.", MOVING_NOTE)) for p in out.iterdir())
    assert start(cache, out).wait(timeout=300) == 0
    assert (out / "evaluation.csv").read_bytes() == clean
    seen = sorted(path.name for path in out.iterdir() if not path.name.startswith(".siting-"))
    assert seen == ["evaluation.csv", "evaluation.gpkg", "evaluation.xlsx"]


@pytest.mark.parametrize("damage", ["a byte", "cut short", "emptied"])
def test_a_damaged_cache_is_never_served(tmp_path: Path, damage: str) -> None:
    source = bundled_data() / "chilterns" / "chilterns.osm.pbf"
    whole = open_network(source, folder=tmp_path).arc_ms.copy()
    kept = next((tmp_path / "networks").glob("*.network"))
    content = bytearray(kept.read_bytes())
    if damage == "a byte":
        content[len(content) // 2] ^= 0xFF
    kept.unlink()
    kept.write_bytes(b"" if damage == "emptied" else bytes(content[: len(content) // 2] if damage == "cut short" else content))
    assert (open_network(source, folder=tmp_path).arc_ms == whole).all()


def test_the_cache_knows_when_figures_or_the_source_change(tmp_path: Path) -> None:
    from siting.travel_model import FIGURES, TravelModel

    source = tmp_path / "roads.osm.pbf"
    source.write_bytes((bundled_data() / "chilterns" / "chilterns.osm.pbf").read_bytes())
    first = open_network(source, folder=tmp_path)
    slower = tuple((name, 0.5) for name in FIGURES if name.startswith("limit_share."))
    changed = open_network(source, TravelModel(changes=slower), folder=tmp_path)
    assert (changed.arc_ms > first.arc_ms).any()
    source.write_bytes((bundled_data() / "examples" / "safe-accommodation" / "powys.osm.pbf").read_bytes())
    assert len(open_network(source, folder=tmp_path).segments) != len(first.segments)
