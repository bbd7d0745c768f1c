"""A file that says it is something else makes the planner open no other file and connect to nobody: watched from outside."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_plan import write_tiny_plan

ROOT = Path(__file__).resolve().parents[3]
STRACE = shutil.which("strace")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(STRACE is None, reason="strace, which watches a process, is not installed")]


def watched(arguments: list[str], folder: Path) -> tuple[list[Path], list[str]]:
    """Run the planner under watch; return the files that it opened and the kinds of connection that it made."""
    log = folder / "watched.log"
    command = [
        str(STRACE),
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-o",
        str(log),
        "-e",
        "trace=open,openat,connect",
        sys.executable,
        "-m",
        "siting.cli",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp"), "MPLCONFIGDIR": str(folder / "mpl")}
    (folder / "tmp").mkdir(exist_ok=True)
    subprocess.run([*command, *arguments], cwd=folder, env=environment, check=False, capture_output=True, text=True)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    opened = [re.search(r'open(?:at)?\([^"]*"([^"]*)".*\)\s+= \d', line) for line in lines]
    sockets = [found[1] for line in lines if (found := re.search(r"connect\(.*sa_family=(AF_\w+)", line))]
    return [folder / match[1] for match in opened if match], sockets


CASES = ROOT.parent / "shared" / "cases" / "files"


@pytest.mark.skipif(not CASES.exists(), reason="the files that are something else lie beside the checkout")
@pytest.mark.parametrize("name", ["gdalg.geojson", "vrtfile.gpkg", "vrthttp.geojson", "wfs.gml"])
def test_a_file_that_is_something_else_opens_nothing_but_itself(tmp_path: Path, name: str) -> None:
    plan = write_tiny_plan(tmp_path / "plan", "Marker")
    for path in CASES.iterdir():
        shutil.copy(path, plan.parent)
    (plan.parent / "private.txt").write_text("not named by any plan", encoding="utf-8")
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("[inputs]\n", f'[inputs]\nboundaries = "{name}"\n'), encoding="utf-8")
    opened, sockets = watched(["check", "plan/plan.toml"], tmp_path)
    names = {path.name for path in opened}
    assert name in names
    others = {"private.txt", *(path.name for path in CASES.iterdir())} - {name}
    assert not names & others
    assert not set(sockets) & {"AF_INET", "AF_INET6"}
