"""Times README's first command as someone new runs it: a copy of this checkout, a fresh environment, empty caches.

    python tests/benchmarks/first_command.py [--offline-uv]

Then the same run again, one into another folder with everything to be made anew, and `siting evaluate`.
`--offline-uv` keeps uv from the network, so that pip installs. Downloads are as quick as the network
is; pip's and uv's own caches are not used.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLAN = "data/chilterns/plan.toml"


def main() -> None:
    """Copy, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offline-uv", action="store_true")
    given = parser.parse_args()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = next(line for line in readme.splitlines() if f"siting run {PLAN}" in line)
    with tempfile.TemporaryDirectory() as folder:
        copy, environment = Path(folder) / "copy", Path(folder) / "environment"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", "*-results"))
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        variables = os.environ | {
            "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": str(environment),
            "SITING_CACHE_DIR": str(Path(folder) / "cache"),
            "UV_CACHE_DIR": str(Path(folder) / "uv"),
            "PIP_NO_CACHE_DIR": "1",
        }
        variables.pop("PYTHONPATH", None)
        if given.offline_uv:
            variables["UV_OFFLINE"] = "1"
        for what in (
            command,
            f"siting run {PLAN}",
            f"siting run {PLAN} --out elsewhere",
            f"siting evaluate {PLAN} --out evaluated",
        ):
            begun = time.perf_counter()
            subprocess.run(what, shell=True, cwd=copy, env=variables, check=True, capture_output=True)  # noqa: S602
            print(f"{time.perf_counter() - begun:6.1f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
