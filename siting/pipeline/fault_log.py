"""The log of a fault of the program: where it happened, and nothing of what it was working on.

Neither the words of an exception nor any value is written down, since both may hold a family's place
or a neighbour's name.
"""

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from siting.storage.kept import cache_folder
from siting.storage.moving_into_place import OWNER_ONLY_FOLDER

_PROGRAM = Path(__file__).resolve().parents[2]


def write_fault_log(error: BaseException, command: Sequence[str]) -> Path | None:
    """Write down where an error happened, for its owner's eyes only; None where nothing can be written.

    `command` is the name of the command, without what was typed after it.
    """
    with suppress(OSError):
        folder = cache_folder() / "logs"
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="siting-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write("\n".join(fault_lines(error, command)) + "\n")
        return Path(name)
    return None


def fault_lines(error: BaseException, command: Sequence[str]) -> Iterator[str]:
    """Word an error without its words: versions, the kinds of the exceptions, and the lines of code."""
    yield f"home-siting-planner {metadata.version('home-siting-planner')}, Python {platform.python_version()}, {sys.platform}"
    yield f"command: {' '.join(word for word in command if word.isalpha())}"
    seen: BaseException | None = error
    while seen is not None:
        yield f"{type(seen).__module__}.{type(seen).__qualname__}"
        for frame in traceback.extract_tb(seen.__traceback__):
            yield f"  {_code_place(frame.filename)}, line {frame.lineno}, in {frame.name}"
        seen = seen.__cause__ or seen.__context__


def _code_place(name: str) -> str:
    """Return a source file's name from the program's or the libraries' folder on, which says nothing of the user's."""
    path = Path(name)
    if path.is_relative_to(_PROGRAM):
        return path.relative_to(_PROGRAM).as_posix()
    return "/".join(path.parts[-3:])
