"""What was made for something that then failed is taken away again: nothing is left behind by what was refused."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from siting.storage.moving_into_place import OWNER_ONLY_FOLDER


@contextmanager
def made_for_it(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; when the block fails, those that were made and are empty are taken away again."""
    made = [above for above in (folder, *folder.parents) if not above.exists()]
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for above in made:
            with suppress(OSError):
                above.rmdir()
        raise


@contextmanager
def released_after(lock: FileLock, *, keeps_file: bool) -> Iterator[None]:
    """Release a lock that is held when the block ends; when it fails, its file goes too unless it is to be kept."""
    try:
        yield
    except BaseException:
        path = Path(lock.lock_file)
        if not keeps_file:
            # While it is held, so that who waits for it finds that it is gone and makes another.
            with suppress(OSError):
                path.unlink()
        lock.release()
        if not keeps_file and os.name == "nt":
            # An open file cannot be taken away there, whoever has it open.
            with suppress(OSError):
                path.unlink()
        raise
    lock.release()
