"""The folder of what is made once and kept; it may be deleted at any time."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock
from platformdirs import user_cache_path

from siting.faults import NetworkSourceError
from siting.storage.array_file import Arrays, read_kept, write_arrays

CACHE_VARIABLE = "SITING_CACHE_DIR"
"""The environment variable that names another folder for the cache."""


def cache_folder() -> Path:
    """Return the folder that downloads and what was built are kept in."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_cache_path("siting")


def keep(path: Path, make: Callable[[], tuple[Arrays, dict[str, Any]]]) -> tuple[Arrays, dict[str, Any]]:
    """Return what is kept at `path`, made now if it is not there or not whole; two processes make it once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = read_kept(path)
    if found is None:
        with FileLock(path.with_suffix(".lock")):
            found = read_kept(path)
            if found is None:
                for remnant in path.parent.glob(f"{path.name}*.part"):
                    remnant.unlink(missing_ok=True)
                write_arrays(path, *make())
                found = read_kept(path)
    if found is None:
        msg = f"The cache in {path.parent} does not keep what is written to it. Check the disk, or set {CACHE_VARIABLE}."
        raise NetworkSourceError(msg)
    return found


def bundled_data() -> Path:
    """Return the folder that holds the sample and the postcode file: in the wheel, or beside the packages in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
