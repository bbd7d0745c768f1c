"""Changes a module one place at a time and says which changes its tests let pass.

    pip install cosmic-ray
    python tests/benchmarks/mutation.py siting/evaluation/rules.py tests/siting/evaluation

It works on a copy of the checkout, takes minutes to hours, and is run by hand. A survivor is killed by a
test, or explained in the table of `tests/benchmarks/README.md`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "__pycache__", "*.egg-info", "build", "*-results")
CONFIG = """
[cosmic-ray]
module-path = "{module}"
timeout = {timeout_s}
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""
TIMEOUT_S = 120.0


def survivors(module: str, tests: str, folder: Path) -> tuple[list[str], int]:
    """Return each change of a module that its tests let pass, as file, line and what was changed; and how many were tried."""
    copy = Path(shutil.copytree(ROOT, folder / "checkout", ignore=LEFT_OUT, symlinks=True))
    shared = ROOT.parent / "shared"
    if shared.exists():
        (folder / "shared").symlink_to(shared)
    config, session = folder / "config.toml", folder / "session.sqlite"
    config.write_text(CONFIG.format(module=module, tests=tests, python=sys.executable, timeout_s=TIMEOUT_S), encoding="utf-8")
    tool = str(Path(sys.executable).with_name("cosmic-ray"))
    for step in (["init", config, session], ["exec", config, session]):
        subprocess.run([tool, *step], cwd=copy, check=True)
    dumped = subprocess.run([tool, "dump", session], cwd=copy, check=True, capture_output=True, text=True).stdout
    tried = [json.loads(line) for line in dumped.splitlines() if line.strip()]
    passed = [work["mutations"][0] for work, result in tried if result and result.get("test_outcome") == "survived"]
    return [f"{m['module_path']}:{m['start_pos'][0]} {m['operator_name']}" for m in passed], len(tried)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        found, count = survivors(sys.argv[1], sys.argv[2], Path(name))
    print(*found, f"{len(found)} of {count} changes pass", sep="\n")
