"""Changes a plan file where it stands, and leaves everything else of it as it is typed."""

import json
import re
import tomllib
from pathlib import Path

from siting.faults import UsageError
from siting.storage.decoding import decode_text
from siting.storage.shared_file import one_at_a_time, write_whole


def name_input(plan_path: Path, key: str, name: str) -> None:
    """Name a file under `[inputs]`.

    Raises
    ------
    UsageError
        Where the plan is written in a way that is not changed here.
    """
    _set_key(plan_path, r"^\[inputs\]", "[inputs]", key, name)


def set_gate(plan_path: Path, gate: str) -> None:
    """Say where cars enter the first school of a plan: `"latitude,longitude"`; empty takes it away.

    Raises
    ------
    UsageError
        Where the plan is written in a way that is not changed here.
    """
    _set_key(plan_path, r"^\[\[schools\]\]", "[[schools]]", "gate", gate)


def _set_key(plan_path: Path, heading: str, written: str, key: str, value: str) -> None:
    with one_at_a_time(plan_path):
        text = decode_text(plan_path.read_bytes())
        changed = _changed(text, heading, written, key, value)
        if _holds(changed, written, key) != (value or None):
            msg = (
                f"{plan_path.name} writes {written} in a way that is not changed here. Write {key} = {json.dumps(value)} into it."
            )
            raise UsageError(msg)
        if changed != text:
            write_whole(plan_path, changed.encode())


def _changed(text: str, heading: str, written: str, key: str, value: str) -> str:
    part = re.search(rf"(?ms){heading}[^\n]*\n(?P<keys>.*?)(?=^\[|\Z)", text)
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}\n" if value else ""
    if part is None:
        return f"{text.rstrip()}\n\n{written}\n{line}"
    lines = part["keys"].splitlines(keepends=True)
    place = next((at for at, one in enumerate(lines) if re.match(rf"\s*{key}\s*=", one)), None)
    if place is None:
        lines.insert(0, line)
    else:
        lines[place] = line
    return text[: part.start("keys")] + "".join(lines) + text[part.end("keys") :]


def _holds(text: str, written: str, key: str) -> str | None:
    """Return what a changed plan says, as whoever reads it will find it."""
    try:
        found = tomllib.loads(text)[written.strip("[]")]
    except (tomllib.TOMLDecodeError, KeyError):
        return None
    part = found[0] if isinstance(found, list) and found else found
    value = part.get(key) if isinstance(part, dict) else None
    return value if isinstance(value, str) else None
