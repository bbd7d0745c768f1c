"""Choices that users named and kept: one file beside the plan, written whole, never over what another wrote meanwhile."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from siting.faults import UsageError
from siting.storage.shared_file import ChangedMeanwhileError, content_of, version_of, write_unless_changed

_SUFFIX = ".choices.json"
MOST_NAMED = 12
_CHANGED = "Somebody else changed the named choices meanwhile. They are shown as they are now; do yours again."


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChoice:
    """A choice under a name: what was asked, what came of it, who kept it and when (ISO 8601)."""

    name: str
    asked: Mapping[str, Any]
    choice: Mapping[str, Any] | None
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChoices:
    """The named choices of a plan; `version` tells one state of the file from another."""

    choices: tuple[NamedChoice, ...]
    version: str


def named_choices(plan_path: Path) -> NamedChoices:
    """Read a plan's named choices.

    Raises
    ------
    UsageError
        Where their file cannot be read.
    """
    path = _path(plan_path)
    content = content_of(path)
    try:
        entries = json.loads(content)["choices"] if content else []
        choices = tuple(NamedChoice(**entry) for entry in entries)
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} cannot be read. Rename it to begin anew; nothing in it is lost by that."
        raise UsageError(msg) from error
    return NamedChoices(choices=choices, version=version_of(content))


def name_choice(plan_path: Path, choice: NamedChoice, *, seen: str) -> NamedChoices:
    """Keep a choice under a name; `seen` is the version that the user looked at.

    Raises
    ------
    UsageError
        Where another changed the choices meanwhile, the name is taken, or there are too many.
    """
    known = _known(plan_path, seen)
    if not choice.name.strip():
        msg = "Give the choice a name."
        raise UsageError(msg)
    if any(other.name.casefold() == choice.name.casefold() for other in known.choices):
        msg = f"There is a choice named {choice.name} already. Give this one another name."
        raise UsageError(msg)
    if len(known.choices) >= MOST_NAMED:
        msg = f"{MOST_NAMED} choices are kept already. Remove one first."
        raise UsageError(msg)
    return _write(plan_path, (*known.choices, choice), seen)


def forget_choice(plan_path: Path, name: str, *, seen: str) -> NamedChoices:
    """Take a named choice away.

    Raises
    ------
    UsageError
        Where another changed the choices meanwhile.
    """
    known = _known(plan_path, seen)
    return _write(plan_path, tuple(choice for choice in known.choices if choice.name != name), seen)


def now() -> str:
    """Return the moment to state beside a choice."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _known(plan_path: Path, seen: str) -> NamedChoices:
    known = named_choices(plan_path)
    if known.version != seen:
        raise UsageError(_CHANGED)
    return known


def _write(plan_path: Path, choices: tuple[NamedChoice, ...], seen: str) -> NamedChoices:
    content = json.dumps({"choices": [asdict(choice) for choice in choices]}, ensure_ascii=False, indent=1).encode()
    try:
        version = write_unless_changed(_path(plan_path), content, seen)
    except ChangedMeanwhileError as error:
        raise UsageError(_CHANGED) from error
    return NamedChoices(choices=choices, version=version)


def _path(plan_path: Path) -> Path:
    return plan_path.with_name(f"{plan_path.stem}{_SUFFIX}")
