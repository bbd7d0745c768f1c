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


CHECK_ALL = """
import sys
from siting.cli import main

for plan in sys.argv[1:]:
    try:
        main(["check", plan])
    except SystemExit:
        pass
"""


def watched(plans: list[Path], folder: Path) -> tuple[list[Path], list[str]]:
    """Check plans in one process under watch; return the files that it opened and the kinds of connection that it made."""
    log = folder / "watched.log"
    watch = [str(STRACE), "-f", "--seccomp-bpf", "-qq", "-o", str(log), "-e", "trace=open,openat,connect"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp"), "MPLCONFIGDIR": str(folder / "mpl")}
    (folder / "tmp").mkdir(exist_ok=True)
    command = [*watch, sys.executable, "-c", CHECK_ALL, *map(str, plans)]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    opened = [re.search(r'open(?:at)?\([^"]*"([^"]*)".*\)\s+= \d', line) for line in lines]
    sockets = [found[1] for line in lines if (found := re.search(r"connect\(.*sa_family=(AF_\w+)", line))]
    return [folder / match[1] for match in opened if match], sockets


CASES = ROOT.parent / "shared" / "cases" / "files"
NAMES = ("gdalg.geojson", "vrtfile.gpkg", "vrthttp.geojson", "wfs.gml")


@pytest.mark.skipif(not CASES.exists(), reason="the files that are something else lie beside the checkout")
def test_a_file_that_is_something_else_opens_nothing_but_itself(tmp_path: Path) -> None:
    plans = []
    for name in NAMES:
        plan = write_tiny_plan(tmp_path / name / "plan", "Marker")
        for path in CASES.iterdir():
            shutil.copy(path, plan.parent)
        (plan.parent / "private.txt").write_text("not named by any plan", encoding="utf-8")
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace("[inputs]\n", f'[inputs]\nboundaries = "{name}"\n'), encoding="utf-8")
        plans.append(plan)
    opened, sockets = watched(plans, tmp_path)
    for name, plan in zip(NAMES, plans, strict=True):
        of_plan = {path.name for path in opened if path.parent == plan.parent}
        assert name in of_plan
        others = {"private.txt", *(path.name for path in CASES.iterdir())} - {name}
        assert not of_plan & others
    assert not set(sockets) & {"AF_INET", "AF_INET6"}
