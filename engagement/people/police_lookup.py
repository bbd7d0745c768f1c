"""Looks up a neighbourhood team at police.uk: the one thing that leaves the machine, and only when asked to.

The answer is kept as a file, so that a question is asked once. The only module with a web client.
"""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

from siting.faults import NetworkSourceError

SERVICE = "data.police.uk"
_DECIMALS = 2
"""The place is sent to about a kilometre: enough for a neighbourhood, too little for a house."""

Fetch = Callable[[str], bytes]


def what_is_sent(latitude: float, longitude: float) -> str:
    """Say what the look-up sends, and to whom."""
    place = f"{latitude:.{_DECIMALS}f}, {longitude:.{_DECIMALS}f} (about a kilometre around)"
    return (
        f"This sends a place, {place}, to {SERVICE}, which can tell from it that somebody asks about this neighbourhood. "
        "Near a neighbourhood's edge the answer may be the next one's."
    )


def look_up_team(latitude: float, longitude: float, folder: Path, *, fetch: Fetch | None = None) -> Path:
    """Ask for the team at a place and keep its answer as JSON in a folder; the file.

    Raises
    ------
    NetworkSourceError
        Where the service cannot be reached or knows no team there.
    """
    ask = fetch or _fetch
    where = f"https://{SERVICE}/api"
    try:
        found = json.loads(ask(f"{where}/locate-neighbourhood?q={latitude:.{_DECIMALS}f},{longitude:.{_DECIMALS}f}"))
        force, area = found["force"], found["neighbourhood"]
        team = json.loads(ask(f"{where}/{force}/{area}/people"))
    except (OSError, ValueError, KeyError) as error:
        msg = f"{SERVICE} gave no answer ({error}). Check the network, or ask the force for the team."
        raise NetworkSourceError(msg) from error
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"police-{force}-{area}.json"
    path.write_text(json.dumps(team, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - https to the one service
        return bytes(answer.read())
