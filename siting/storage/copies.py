"""Copies of personal data that a library needs for a moment: for their owner alone, and never left behind.

They lie in the cache folder, not among the temporary files, so that what a kill leaves is found and cleared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siting.storage.kept import cache_folder
from siting.storage.staging import clear_remnants, opened_staging

_COPIES = "copies"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give an empty folder that lasts as long as the block.

    Raises
    ------
    OutputError
        Where the cache folder cannot be written to, or its disk is full.
    """
    with opened_staging(cache_folder() / _COPIES) as folder:
        yield folder


def clear_copies() -> None:
    """Clear away what jobs that were killed left; what a living one holds stays."""
    clear_remnants(cache_folder() / _COPIES)
