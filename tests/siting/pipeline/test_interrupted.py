"""Killed at any moment, or with a damaged cache, the next run gives the same answer as a clean one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_plan import write_tiny_plan

from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.storage.results_folder import MOVING_NOTE

RUN = "import sys; from siting.cli import main; main(['evaluate', sys.argv[1], '--out', sys.argv[2]])"


def start(plan: Path, cache: Path, out: Path) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"SITING_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", RUN, str(plan), str(out)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_a_run_that_was_killed_leaves_no_trace(tmp_path: Path) -> None:
    plan = write_tiny_plan(tmp_path / "plan", "Killed")
    begun = time.monotonic()
    assert start(plan, tmp_path / "clean cache", tmp_path / "clean").wait(timeout=300) == 0
    whole_s = time.monotonic() - begun
    clean = (tmp_path / "clean" / "evaluation.csv").read_bytes()
    cache, out = tmp_path / "cache", tmp_path / "out"
    for share in (0.6, 0.9):
        running = start(plan, cache, out)
        time.sleep(share * whole_s)
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=60)
        assert not out.exists() or all(p.name.startswith((".", "evaluation.", MOVING_NOTE)) for p in out.iterdir())
    assert start(plan, cache, out).wait(timeout=300) == 0
    assert (out / "evaluation.csv").read_bytes() == clean
    seen = sorted(path.name for path in out.iterdir() if not path.name.startswith(".siting-"))
    assert seen == ["evaluation.csv", "evaluation.gpkg", "evaluation.xlsx"]


@pytest.mark.parametrize("damage", ["a byte", "cut short", "emptied"])
def test_a_damaged_cache_is_never_served(tmp_path: Path, damage: str) -> None:
    source = write_tiny_plan(tmp_path / "plan", "Damaged").with_name("roads.osm.pbf")
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

    source = write_tiny_plan(tmp_path / "plan", "Changed").with_name("roads.osm.pbf")
    first = open_network(source, folder=tmp_path)
    slower = tuple((name, 0.5) for name in FIGURES if name.startswith("limit_share."))
    changed = open_network(source, TravelModel(changes=slower), folder=tmp_path)
    assert (changed.arc_ms > first.arc_ms).any()
    source.write_bytes((bundled_data() / "examples" / "safe-accommodation" / "powys.osm.pbf").read_bytes())
    assert len(open_network(source, folder=tmp_path).segments) != len(first.segments)
