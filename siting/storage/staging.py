"""A staged folder: outputs are written beside their place and moved there when all are whole."""

import errno
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from siting.storage.moving_into_place import OUT, OutputError, explain, files_in, move_together
from siting.storage.undoing import made_for_it

PREFIX = ".unfinished-"
"""How the names of staging folders begin; those of a user's own may begin so too, and are never touched."""
_MARK = "staging-of-the-home-siting-planner"
"""The file by which a staging folder is known; it is written once its lock is held."""
_LOCK, _BEFORE = "lock", "before"
FILES = "files"
"""The folder in a staging folder that holds what is to be moved."""
_A_DAY_S = 86_400
_FULL = {errno.ENOSPC, errno.EDQUOT}
_LEAST_FREE_BYTES = 1_000_000

_written: list[Path] = []


def written() -> tuple[Path, ...]:
    """Return what this process has written for its user so far, so that nobody says that nothing was."""
    return tuple(_written)


def note_written(path: Path) -> None:
    """Take down that something was written."""
    _written.append(path)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; what is in it moves into `folder` when the block ends well.

    When it does not, `folder` is as it was. What a run that was killed left is cleared away, never
    what a living one holds. Files are for their owner's eyes only.

    Raises
    ------
    OutputError
        Where the folder cannot be written to, a file in it is held open by another program, or the
        disk is full.
    """
    with opened_staging(folder) as staging:
        yield staging / FILES
        move_staged(staging, folder)


@contextmanager
def opened_staging(folder: Path, otherwise: str = OUT) -> Iterator[Path]:
    """Open a staging folder in `folder` and hold it until the block ends; nothing is moved.

    The folder is made where there is none, and taken away again when the block fails. `otherwise` is what may be done where
    it cannot be written to.

    Raises
    ------
    OutputError
        Where the folder cannot be written to, or the disk is full.
    """
    with ExitStack() as made:
        try:
            made.enter_context(made_for_it(folder))
            clear_remnants(folder)
            staging = Path(tempfile.mkdtemp(dir=folder, prefix=PREFIX))
        except OSError as error:
            raise OutputError(explain(folder, error, otherwise)) from error
        with _kept_while_used(folder, staging, otherwise):
            yield staging


@contextmanager
def _kept_while_used(folder: Path, staging: Path, otherwise: str) -> Iterator[None]:
    lock = _held(staging)
    try:
        (staging / _MARK).touch()
        for part in (FILES, _BEFORE):
            (staging / part).mkdir()
        yield
    except OutputError:
        raise
    except Exception as error:
        words = _disk_trouble(folder, staging, error, otherwise)
        if words is None:
            raise
        raise OutputError(words) from error
    finally:
        if lock is not None:
            lock.release()
        _clear(staging)


def move_staged(staging: Path, folder: Path, last: str | None = None, gone: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Move what is staged into a folder, all or nothing, the file `last` after all others; the files, relative to it.

    Files of the folder that are to be `gone` are taken away with the move.
    """
    names = sorted(files_in(staging / FILES), key=lambda name: (name.as_posix() == last, name))
    move_together(staging / FILES, folder, names, staging / _BEFORE, gone)
    _written.extend(folder / name for name in names)
    return tuple(names)


def clear_remnants(folder: Path) -> None:
    """Clear away what runs which have ended left in a folder, never what a living one holds."""
    for remnant in _remnants(folder):
        _clear(remnant)


def _clear(staging: Path) -> None:
    """Take a staging folder away, its mark last: cut off before that, it is still known for one."""
    held = [path for path in staging.iterdir() if path.name not in {_MARK, _LOCK}] if staging.is_dir() else []
    for path in held:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
    if not any(path.exists() or path.is_symlink() for path in held):
        shutil.rmtree(staging, ignore_errors=True)


def _remnants(folder: Path) -> tuple[Path, ...]:
    """Return the staging folders that runs which have ended left in a folder."""
    return tuple(path for path in sorted(folder.glob(f"{PREFIX}*")) if path.is_dir() and not path.is_symlink() and _is_dead(path))


def _is_dead(staging: Path) -> bool:
    if not (staging / _MARK).is_file():
        # One that was cut off before it was marked is empty; a living one is marked within a moment.
        with suppress(OSError):
            old = time.time() - staging.stat().st_mtime > _A_DAY_S
            return old and not any(path.name != _LOCK for path in staging.iterdir())
        return False
    lock = FileLock(staging / _LOCK)
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError, NotImplementedError):
        return False
    lock.release()
    return True


def _held(staging: Path) -> FileLock | None:
    """Hold a staging folder's lock; None on a disk that knows no locks, where no other run clears it away either."""
    lock = FileLock(staging / _LOCK)
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError, NotImplementedError):
        return None
    return lock


def _disk_trouble(folder: Path, staging: Path, error: Exception, otherwise: str) -> str | None:
    """Say what is wrong with the disk, where that is why the block failed."""
    free = None
    with suppress(OSError):
        free = shutil.disk_usage(folder).free
    full = isinstance(error, OSError) and error.errno in _FULL
    if full or (free is not None and free < _LEAST_FREE_BYTES):
        return f"The disk of {folder} is full. What was in the folder is as it was; make room, or {otherwise}."
    if not staging.is_dir():
        return f"{folder} has gone while the results were made. Nothing was moved; see that the drive is there, and run it again."
    return None
