"""What a command made."""

from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command made: the files, what to check in the inputs, and what else to say."""

    files: tuple[Path, ...]
    warnings: tuple[Fault, ...] = ()
    note: str = ""
