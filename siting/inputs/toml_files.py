"""A file of settings (TOML) to its keys, and what is wrong with one of them as a fault."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from siting.faults import Fault, InputFaultsError
from siting.storage.decoding import decode_text

MOST_BYTES = 1_000_000
"""Such a file is a page of text (own limit)."""
_FILES_SHOWN = 8


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Read a file of settings (UTF-8 with or without a byte-order mark, or Windows-1252); `what` it is, such as "plan".

    Raises
    ------
    InputFaultsError
        Where it is not there, is no such file, or is not valid.
    """

    def refuse(problem: str, remedy: str, error: Exception | None = None) -> NoReturn:
        raise InputFaultsError([Fault(file=path.name, problem=problem, remedy=remedy)]) from error

    try:
        if path.is_dir():
            refuse(f"this is a folder, not the {what} file", _which_in(path, what))
        if path.exists() and not path.is_file():
            refuse(f"the {what} is no file", f"Name the {what} file (.toml)")
        if path.exists() and path.stat().st_size > MOST_BYTES:
            refuse(f"the {what} file is far too large", f"Name the {what} file (.toml)")
        return tomllib.loads(decode_text(path.read_bytes()))
    except RecursionError as error:
        refuse(f"the {what} file is not valid TOML: it is nested too deeply", "Check its brackets", error)
    except OSError as error:
        refuse(f"the {what} file cannot be read ({error.strerror})", "Check its path", error)
    except tomllib.TOMLDecodeError as error:
        raise InputFaultsError([_syntax_fault(path, what, error)]) from error


def _which_in(folder: Path, what: str) -> str:
    """Say which file of a folder may be meant."""
    files = sorted(one.name for one in folder.glob("*.toml") if one.is_file())
    likely = [name for name in files if name == f"{what}.toml"] or files
    match likely:
        case []:
            return f"Name the {what} file (.toml); there is none in this folder"
        case [one]:
            return f"Did you mean {folder / one}"
        case _:
            return f"Name one of those in it: {', '.join(likely[:_FILES_SHOWN])}"


def _syntax_fault(path: Path, what: str, error: tomllib.TOMLDecodeError) -> Fault:
    line = re.search(r"line (\d+)", str(error))
    problem = re.sub(r" \(at .*\)$", "", str(error)).lower()
    return Fault(
        file=path.name,
        row=int(line[1]) if line else None,
        problem=f"the {what} file is not valid TOML: {problem}",
        remedy='Text needs quotes, as in title = "Our plan"; see the example in the README',
    )


def refuse_path(path: Path, what: str, raw: Mapping[str, Any]) -> None:
    """Refuse a key that would be taken for the file's own path.

    Raises
    ------
    InputFaultsError
        Where it is there.
    """
    if "path" in raw:
        fault = Fault(file=path.name, column="path", problem="this key is not known", remedy=f"Take it out of the {what} file")
        raise InputFaultsError([fault])


def keys_at(whole: type[BaseModel], parts: Mapping[str, type[BaseModel]], location: Sequence[int | str]) -> list[str]:
    """Return the keys that are known in a part of a file of settings."""
    part = whole
    for step in location:
        # A name or a number may stand between a part and its keys.
        if isinstance(step, str) and step in parts:
            part = parts[step]
    return [name for name in part.model_fields if name != "path"]


def key_fault(path: Path, what: str, details: ErrorDetails, known: Sequence[str]) -> Fault:
    """Word what is wrong with a key; `known` are those of its part."""
    location = details["loc"]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "area"
    match details["type"]:
        case "extra_forbidden":
            guess = difflib.get_close_matches(str(location[-1]), known, n=1)
            remedy = f"Did you mean {guess[0]}?" if guess else f"The keys known here are {', '.join(known)}"
            return Fault(file=path.name, column=key, problem="this key is not known", remedy=remedy.rstrip("?"))
        case "missing":
            return Fault(file=path.name, column=key, problem="this key is missing", remedy=f"Add it to the {what} file")
        case _:
            problem = details["msg"].removeprefix("Value error, ")
            return Fault(
                file=path.name,
                column=key,
                problem=problem[0].lower() + problem[1:],
                remedy="Correct it; the README lists what each key may hold",
            )


def missing_files(settings: Path, named: Sequence[tuple[str, str]], what: str) -> list[Fault]:
    """Name the files that a file of settings names (key and name) and that are not there."""
    return [
        Fault(
            file=settings.name,
            column=key,
            problem=f"the file {name} is not there",
            remedy=f"Paths are relative to the {what} file; check the name",
        )
        for key, name in named
        if not _is_file(settings.parent / name)
    ]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False  # of a name that is too long, or that no disk can hold
