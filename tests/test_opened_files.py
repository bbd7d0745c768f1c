"""A run opens what its plan names and nothing else of the user's, and connects to nobody: watched from outside the process."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
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


def of_the_users(opened: list[Path], folder: Path) -> set[Path]:
    """Keep what is neither the system's, Python's, the program's nor of the test's own folder."""
    python = {Path(sysconfig.get_paths()[key]).resolve() for key in ("stdlib", "purelib", "platlib", "data")}
    python |= {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    system = [
        Path(path)
        for path in ("/usr", "/etc", "/lib", "/lib64", "/proc", "/sys", "/dev", "/var/lib", "/var/cache", "/run", "/bin")
    ]
    known = [*python, *system, ROOT, folder, Path(os.environ["SITING_CACHE_DIR"])]
    resolved = {path.resolve() for path in opened}
    return {path for path in resolved if not any(path.is_relative_to(root) for root in known)}


def test_a_run_of_the_sample_opens_no_file_of_others_and_connects_to_nobody(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "chilterns", tmp_path / "plan", ignore=shutil.ignore_patterns("*-results"))
    (tmp_path / "plan" / "private.txt").write_text("not named by any plan", encoding="utf-8")
    opened, sockets = watched(["run", "plan/plan.toml", "--out", "out"], tmp_path)
    assert any(path.name == "candidates.csv" for path in opened)
    assert (tmp_path / "out" / "evaluation.xlsx").exists()
    assert not of_the_users(opened, tmp_path)
    assert "private.txt" not in {path.name for path in opened}
    assert not set(sockets) & {"AF_INET", "AF_INET6"}


CASES = ROOT.parent / "shared" / "cases" / "files"


@pytest.mark.skipif(not CASES.exists(), reason="the files that are something else lie beside the checkout")
@pytest.mark.parametrize("name", ["gdalg.geojson", "vrtfile.gpkg", "vrthttp.geojson", "wfs.gml"])
def test_a_file_that_is_something_else_opens_nothing_but_itself(tmp_path: Path, name: str) -> None:
    plan = tmp_path / "plan"
    shutil.copytree(ROOT / "data" / "chilterns", plan, ignore=shutil.ignore_patterns("*-results"))
    for path in CASES.iterdir():
        shutil.copy(path, plan)
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    (plan / "plan.toml").write_text(re.sub(r'boundaries = "[^"]*"', f'boundaries = "{name}"', text), encoding="utf-8")
    opened, sockets = watched(["check", "plan/plan.toml"], tmp_path)
    names = {path.name for path in opened}
    assert name in names
    others = {path.name for path in CASES.iterdir()} - {name}
    assert not names & others
    assert not set(sockets) & {"AF_INET", "AF_INET6"}
