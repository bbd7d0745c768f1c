"""Photographs of homes, in a folder beside the plan: taken away so that they can be brought back for a month."""

import os
import time
from pathlib import Path

from siting.faults import UsageError

PHOTOGRAPHS = "photographs"
TAKEN_AWAY = "taken-away"
"""The folder in that of the photographs that holds those which were taken away."""
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
