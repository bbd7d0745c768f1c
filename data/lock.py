"""Locks the versions that the README's commands install, with their hashes, for every platform at once.

python data/lock.py [--upgrade]      writes .ci/locked.txt, locked-tests.txt and locked-checks.txt; needs uv
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = {"locked.txt": (), "locked-tests.txt": ("cluster", "tests"), "locked-checks.txt": ("cluster", "tests", "quality")}


def lock(name: str, extras: tuple[str, ...], further: list[str]) -> None:
    """Resolve the project's dependencies with some extras for every platform and Python that it supports."""
    chosen = [word for extra in extras for word in ("--extra", extra)]
    fixed = [
        "--universal",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--python-version",
        "3.11",
    ]
    # What is installed for the program itself is the very same where its tests run.
    known = ["--constraint", str(ROOT / ".ci" / "locked.txt")] if extras else []
    target = ["--output-file", str(ROOT / ".ci" / name)]
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        *fixed,
        *known,
        *chosen,
        *further,
        *target,
        "pyproject.toml",
    ]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    for name, extras in FILES.items():
        lock(name, extras, sys.argv[1:])
        print(f".ci/{name}: {sum('==' in line for line in (ROOT / '.ci' / name).read_text().splitlines())} packages")
