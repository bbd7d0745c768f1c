"""Sets the planner up on a machine that has Python and pip, then runs the sample or the tests.

    python data/start.py sample     the main job on the bundled sample
    python data/start.py tests      all tests

In an environment of one's own it installs there; elsewhere it makes one, `.venv`, in this folder.
Versions are those of `.ci/locked.txt`, each checked by its hash. It needs nothing but Python's own
library, and no shell, so that the same line works in every terminal.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKED = ROOT / ".ci" / "locked.txt"
SAMPLE = ROOT / "data" / "chilterns" / "plan.toml"
OLDEST = (3, 11)
IN_PARALLEL = ("-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile", "--no-loadscope-reorder")
"""One more at once than there are cores, since some wait for a browser, and no more than a small machine's memory holds;
the files in the order of the tests, which has the longest first."""


def main(what: str) -> int:
    """Install, then do what was asked; the exit status is that of what was run."""
    if sys.version_info < OLDEST:
        print(f"The planner needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version.split()[0]}.")
        return 2
    # Where a shell says that Python keep nothing of what it compiles, every process would compile the libraries anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    python = environment()
    os.chdir(ROOT)
    if not install(python, "[tests]" if what == "tests" else ""):
        print("The planner could not be installed: see the lines above. Is this machine on the network?")
        return 1
    if what == "tests":
        return subprocess.run([python, "-m", "pytest", *IN_PARALLEL], check=False).returncode
    siting = Path(python).with_name("siting.exe" if os.name == "nt" else "siting")
    status = subprocess.run([siting, "run", SAMPLE], check=False).returncode
    if status == 0:
        print(f'\nTo open the sample in your browser, and to start a plan of your own:\n    "{siting}" open "{SAMPLE.parent}"')
    return status


def environment() -> str:
    """Return the Python to install for: this one where it is an environment of its own, else one made for the purpose."""
    if sys.prefix != sys.base_prefix:
        return sys.executable
    folder = ROOT / ".venv"
    if not (folder / "pyvenv.cfg").exists():
        # Without pip, which `install` brings: to unpack Python's own copy takes longer than all the packages.
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def install(python: str, extra: str) -> bool:
    """Install what is locked and then the planner: by uv, which takes seconds, else by pip."""
    quietly = ["install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    # The pip of this Python installs into another environment too.
    has_uv = _succeeds([sys.executable, "-m", "pip", "--python", python, *quietly, "uv", "pip"])
    if not has_uv:
        _succeeds([python, "-m", "ensurepip"])
    pip = [python, "-m", "pip", *quietly]
    for installer in ([uv] if has_uv else []) + [pip]:
        locked = [*installer, "--requirement", str(LOCKED.with_name("locked-tests.txt") if extra else LOCKED)]
        # The planner itself has no hash to be checked by, and needs nothing that is not locked.
        planner = [*installer, "--no-deps", "."]
        if _succeeds(locked) and _succeeds(planner):
            return True
    return False


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"sample", "tests"}:
        print(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
