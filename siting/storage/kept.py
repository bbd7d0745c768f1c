"""The folder of what is made once and kept; it may be deleted at any time."""

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock
from platformdirs import user_cache_path

from siting.faults import NetworkSourceError
from siting.storage.array_file import Arrays, read_kept, write_arrays

CACHE_VARIABLE = "SITING_CACHE_DIR"
"""The environment variable that names another folder for the cache."""


def cache_folder() -> Path:
    """Return the folder that downloads and what was built are kept in, for its owner alone.

    Where the user has no home, or none that can be written to, it lies among the temporary files.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    folder = user_cache_path("siting")
    return folder if folder.is_absolute() and _can_be_ours(folder) else _without_a_home()


def _can_be_ours(folder: Path) -> bool:
    """Tell whether a folder is there or can be made, belongs to this user and can be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except OSError:
        return False
    return not folder.is_symlink() and os.access(folder, os.W_OK) and (os.name != "posix" or owner == os.getuid())


@cache
def _without_a_home() -> Path:
    user = str(os.getuid()) if os.name == "posix" else "user"
    folder = Path(tempfile.gettempdir()) / f"siting-cache-{user}"
    return folder if _can_be_ours(folder) else Path(tempfile.mkdtemp(prefix="siting-cache-"))


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
