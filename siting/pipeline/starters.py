"""Writes what is double-clicked to open a folder's page: one file for each kind of machine.

Each starts `siting open` on the folder that it lies in; where `siting` is not on the path, the
Python that wrote it is asked.
"""

import shlex
import sys
from pathlib import Path

NAME = "Open the planner"


def write_starters(folder: Path) -> tuple[Path, ...]:
    """Write the starters into a folder; those that are there already stay as they are."""
    written = []
    for name, text, newline in (
        (f"{NAME}.desktop", _DESKTOP.format(folder=_desktop_quoted(folder), python=_desktop_quoted(Path(sys.executable))), "\n"),
        (f"{NAME}.command", _COMMAND.format(python=shlex.quote(sys.executable)), "\n"),
        (f"{NAME}.bat", _BAT.format(python=sys.executable.replace("%", "%%")), "\r\n"),
    ):
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8", newline=newline)
            path.chmod(0o755)
        written.append(path)
    return tuple(written)


def _desktop_quoted(path: Path) -> str:
    """Quote an argument as the desktop entry specification asks, its field codes among it."""
    text = str(path.resolve()) if path.is_dir() else str(path)
    for mark in ("\\", '"', "`", "$"):
        text = text.replace(mark, f"\\\\{mark}")
    return '"' + text.replace("%", "%%") + '"'


_DESKTOP = """[Desktop Entry]
Type=Application
Name=Open the planner
Comment=Opens the home siting planner on this folder
Exec={python} -m siting.cli open {folder}
Terminal=true
"""

_COMMAND = """#!/bin/sh
cd "$(dirname "$0")" || exit 1
if command -v siting >/dev/null 2>&1; then exec siting open .; fi
exec {python} -m siting.cli open .
"""

_BAT = """@echo off
cd /d "%~dp0"
where siting >nul 2>nul && (siting open . & goto :eof)
"{python}" -m siting.cli open .
if errorlevel 1 pause
"""
