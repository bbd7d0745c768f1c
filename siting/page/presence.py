"""Who has the folder open: each server writes a small file into it and says every little while that it is there."""

import getpass
import json
import os
import platform
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FOLDER = ".siting-open"
BEAT_S = 20.0
GONE_AFTER_S = 90.0
"""A server that has not been heard of for so long has ended, or its machine has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Somebody else who has the folder open."""

    who: str
    machine: str
    since: str


class Presence:
    """The sign of one server in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._path = self._folder / f"{platform.node() or 'machine'}-{os.getpid()}.json"
        self._since = datetime.now().astimezone().strftime("%H:%M")
        self._ended = threading.Event()

    def begin(self) -> None:
        """Say that this server is here, until `end`."""
        self._beat()
        threading.Thread(target=self._keep_beating, daemon=True).start()

    def end(self) -> None:
        """Take the sign away."""
        self._ended.set()
        self._path.unlink(missing_ok=True)

    def others(self) -> list[Other]:
        """Return who else is here."""
        return list(self._others())

    def _others(self) -> Iterator[Other]:
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                if path == self._path or time.time() - path.stat().st_mtime > GONE_AFTER_S:
                    continue
                told = json.loads(path.read_text(encoding="utf-8"))
                yield Other(who=str(told["who"])[:60], machine=str(told["machine"])[:60], since=str(told["since"])[:5])
            except (OSError, ValueError, KeyError, TypeError):
                continue

    def _keep_beating(self) -> None:
        while not self._ended.wait(BEAT_S):
            self._beat()

    def _beat(self) -> None:
        try:
            self._folder.mkdir(exist_ok=True)
            told = {"who": user_name(), "machine": platform.node(), "since": self._since}
            self._path.write_text(json.dumps(told), encoding="utf-8")
        except OSError:
            return  # a folder that cannot be written to can still be looked at


def user_name() -> str:
    """Return the name under which this machine knows the user."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
