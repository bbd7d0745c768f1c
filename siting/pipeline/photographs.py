"""Photographs of homes, in a folder beside the plan: taken away so that they can be brought back for a month."""

import os
import time
from pathlib import Path

from siting.faults import UsageError

PHOTOGRAPHS = "photographs"
TAKEN_AWAY = "taken-away"
"""The folder in that of the photographs that holds those which were taken away."""
PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""What a photograph's name ends in, and what it then is."""
KEPT_S = 30 * 86_400.0
_GONE = "This photograph is no longer there."


def take_photograph_away(plan_path: Path, name: str) -> None:
    """Take a photograph from a plan's homes; it can be brought back for thirty days, and is deleted after them.

    Raises
    ------
    UsageError
        Where there is no photograph of this name.
    """
    away = _folder(plan_path) / TAKEN_AWAY
    away.mkdir(exist_ok=True)
    for old in away.iterdir():
        if old.is_file() and time.time() - old.stat().st_mtime > KEPT_S:
            old.unlink(missing_ok=True)
    _move(_folder(plan_path) / Path(name).name, away)
    os.utime(away / Path(name).name)


def bring_photograph_back(plan_path: Path, name: str) -> None:
    """Bring back a photograph that was taken away.

    Raises
    ------
    UsageError
        Where there is no photograph of this name among them.
    """
    _move(_folder(plan_path) / TAKEN_AWAY / Path(name).name, _folder(plan_path))


def photographs_of(plan_path: Path, home_id: str, *, away: bool | None = None) -> list[Path]:
    """Return a home's photographs: those whose name begins with the home's, in the folder, among those taken away, or both."""
    folder, wanted = plan_path.parent / PHOTOGRAPHS, file_stem(home_id).casefold()
    places = [folder, folder / TAKEN_AWAY] if away is None else [folder / TAKEN_AWAY if away else folder]
    return [path for place in places if place.is_dir() for path in sorted(place.iterdir()) if _is_of(path, wanted)]


def _is_of(path: Path, wanted: str) -> bool:
    stem, after = path.stem.casefold()[: len(wanted)], path.stem[len(wanted) :][:1]
    return path.suffix.lower() in PICTURES and stem == wanted and not after.isalnum() and path.is_file()


def file_stem(home: str) -> str:
    """Return how files of a home begin: its name, with what no file name may hold left out."""
    return "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in home)[:60]


def _folder(plan_path: Path) -> Path:
    folder = plan_path.parent / PHOTOGRAPHS
    if not folder.is_dir():
        raise UsageError(_GONE)
    return folder


def _move(path: Path, folder: Path) -> None:
    try:
        path.replace(folder / path.name)
    except FileNotFoundError as error:
        raise UsageError(_GONE) from error
