"""Small files that two people may change: written whole, and never over what another wrote meanwhile."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from siting.storage.moving_into_place import OutputError, explain
from siting.storage.staging import opened_staging
from siting.storage.undoing import released_after

_BESIDE_FOLDER = "move the plan with all that is beside it to a folder that you may write in"
_BESIDE = "see that you may write in its folder"
"""A file beside a plan lies where the plan is, wherever results go."""


class ChangedMeanwhileError(Exception):
    """Somebody else wrote the file since it was looked at; nothing was written."""


def version_of(content: bytes) -> str:
    """Return what tells one state of a file from another; that of no file is the version of nothing."""
    return hashlib.sha256(content).hexdigest()[:16]


def content_of(path: Path) -> bytes:
    """Return a file's content, nothing where there is no file."""
    return path.read_bytes() if path.is_file() else b""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever opens it, at any moment, finds the old one or the new one.

    What a kill left of an earlier one in the same folder is cleared away.

    Raises
    ------
    OutputError
        Where the folder cannot be written to, or the disk is full.
    """
    with opened_staging(path.parent, _BESIDE_FOLDER) as staging:
        with tempfile.NamedTemporaryFile(dir=staging, delete=False) as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        try:
            if path.exists():
                # Whoever could read and write it still can.
                Path(unfinished.name).chmod(stat.S_IMODE(path.stat().st_mode))
            Path(unfinished.name).replace(path)
        except OSError as error:
            raise OutputError(explain(path, error, _BESIDE)) from error


@contextmanager
def one_at_a_time(path: Path, *, leaves_lock: bool = True) -> Iterator[None]:
    """Keep others from changing a file until the block ends; on a disk without locks nobody is kept.

    A block that fails leaves no lock behind that was not there before; nor one that was, where it is said so.

    Raises
    ------
    OutputError
        Where the lock beside the file cannot be written.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"), mode=0o666)
    keeps = leaves_lock and Path(lock.lock_file).exists()
    try:
        lock.acquire()
    except NotImplementedError:
        yield
        return
    except OSError as error:
        raise OutputError(explain(Path(lock.lock_file), error, _BESIDE)) from error
    with released_after(lock, keeps_file=keeps):
        yield


def take_away(path: Path) -> None:
    """Take a file away that was first written for something that was then refused, with the lock beside it."""
    with suppress(_Refused), one_at_a_time(path, leaves_lock=False):
        path.unlink(missing_ok=True)
        raise _Refused


class _Refused(Exception):  # noqa: N818 - it ends a block, and nothing is wrong
    """What was written is not kept."""


def write_unless_changed(path: Path, content: bytes, seen: str) -> str:
    """Write a file if it is still as it was seen, and return its new version.

    Raises
    ------
    ChangedMeanwhileError
        Where its version is not `seen` any more.
    """
    with one_at_a_time(path):
        if version_of(content_of(path)) != seen:
            raise ChangedMeanwhileError(path)
        write_whole(path, content)
    return version_of(content)
