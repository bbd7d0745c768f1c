"""Moves files into a folder together: each is tried before any is moved, and what fails half-way is put back."""

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from siting.faults import SitingError

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


class OutputError(SitingError, OSError):
    """The outputs cannot be written where they should go."""


OUT = "choose another folder with --out"
"""What may be done about results that cannot be written."""


def explain(path: Path, error: OSError, otherwise: str = OUT) -> str:
    """Say why a path cannot be written, and what to do."""
    reason = error.strerror or type(error).__name__
    return f"{path} cannot be written ({reason}). Close it where it is open, or {otherwise}."


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone; one that is there stays as it is."""
    for above in (*reversed(folder.parents), folder):
        above.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)


def files_in(folder: Path) -> tuple[Path, ...]:
    """Return the files of a folder and of those in it, relative to it, in order."""
    return tuple(sorted(path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()))


def move_together(source: Path, target: Path, names: Sequence[Path], before: Path, gone: Iterable[Path] = ()) -> None:
    """Move files from one folder to another; `before` is an empty place on the same disk for what they replace.

    Those of the target that are to be `gone` are taken away first. Either all of it is done, or the target is as it was.

    Raises
    ------
    OutputError
        Where one cannot be moved; it says so if even putting back did not succeed.
    """
    made = _try_all(target, names)
    moved: list[Path] = []
    taken: list[Path] = []
    name = Path()
    try:
        for name in gone:
            if (target / name).is_file() and name not in names:
                (before / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).replace(before / name)
                taken.append(name)
        for name in names:
            if (target / name).exists():
                copy_beside(target / name, before / name)
        for name in names:
            os.chmod(source / name, OWNER_ONLY)  # noqa: PTH101 - never follows into another folder: it was just written
            (source / name).replace(target / name)
            moved.append(name)
    except BaseException as error:
        stuck = _put_back(source, target, moved, before) + _give_back(target, taken, before)
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        if stuck:
            msg = f"{target} holds files of two runs: {', '.join(map(str, stuck))} could not be put back. Run it again."
            raise OutputError(msg) from error
        if isinstance(error, OSError):
            raise OutputError(explain(target / name, error)) from error
        raise


def copy_beside(path: Path, copy: Path) -> None:
    """Keep a file under a second name: as a second link where the disk knows links, else as a copy."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy.hardlink_to(path)
    except OSError:
        shutil.copy2(path, copy)


def _try_all(target: Path, names: Sequence[Path]) -> list[Path]:
    """Make the folders that are missing and try whether every file can be replaced; the folders that were made."""
    made: list[Path] = []
    path = target
    try:
        for name in names:
            path = target / name
            for folder in _between(target, path):
                if folder.is_symlink():
                    msg = f"{folder} is a link to another place, and nothing is written through links. Take it away."
                    raise OutputError(msg)
                if not folder.exists():
                    folder.mkdir(mode=OWNER_ONLY_FOLDER)
                    made.append(folder)
            _try(path)
    except OSError as error:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise error if isinstance(error, OutputError) else OutputError(explain(path, error)) from error
    return made


def _between(target: Path, path: Path) -> Iterable[Path]:
    """Return the folders from below the target down to a file's own."""
    return [target / parent for parent in reversed(path.relative_to(target).parents) if parent != Path()]


def _try(path: Path) -> None:
    if path.is_symlink():
        msg = f"{path} is a link to another place, and nothing is written through links. Take it away."
        raise OutputError(msg)
    if path.is_dir():
        raise IsADirectoryError(21, "there is a folder of that name")
    if path.exists():
        with path.open("r+b"):
            pass
        # On Windows this is what a program that holds the file open refuses.
        path.replace(path)


def _put_back(source: Path, target: Path, moved: Sequence[Path], before: Path) -> list[Path]:
    """Undo moves, the last first; what could not be undone."""
    stuck = []
    for name in reversed(moved):
        try:
            (target / name).replace(source / name)
            if (before / name).exists():
                (before / name).replace(target / name)
        except OSError:
            stuck.append(name)
    return stuck


def _give_back(target: Path, taken: Sequence[Path], before: Path) -> list[Path]:
    """Put back what was taken away; what could not be."""
    stuck = []
    for name in taken:
        try:
            (before / name).replace(target / name)
        except OSError:
            stuck.append(name)
    return stuck
