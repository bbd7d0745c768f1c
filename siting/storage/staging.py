"""A staged folder: outputs are written beside their place and moved there when all are whole."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siting.faults import SitingError

_STAGING_PREFIX = ".unfinished-"


class OutputError(SitingError, OSError):
    """The outputs cannot be written where they should go."""


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; what is in it moves into `folder` when the block ends well.

    When it does not, `folder` is as it was. Remnants of a run that was killed are cleared away.

    Raises
    ------
    OutputError
        Where the folder cannot be written to, or a file in it is held open by another program.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for remnant in folder.glob(f"{_STAGING_PREFIX}*"):
            shutil.rmtree(remnant, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(dir=folder, prefix=_STAGING_PREFIX))
    except OSError as error:
        raise OutputError(_explain(folder, error)) from error
    try:
        yield staging
        _move(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, folder: Path) -> None:
    for source in sorted(staging.rglob("*")):
        target = folder / source.relative_to(staging)
        try:
            if source.is_dir():
                target.mkdir(exist_ok=True)
            else:
                source.replace(target)
        except OSError as error:
            raise OutputError(_explain(target, error)) from error


def _explain(path: Path, error: OSError) -> str:
    return f"{path} cannot be written ({error.strerror}). Close it where it is open, or choose another folder with --out."
