"""What a command made."""

from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command made, and what it found.

    Attributes
    ----------
    files
        What was written.
    warnings
        What to check in the inputs.
    told_once
        What happened to the files: said now, and not again where a later run finds nothing to do.
    note
        What else to say of how it was done.
    summary
        The answer in a few lines, as the console prints it.
    no_choice
        Whether a choice of homes was asked for and none keeps the rules.
    nobody_found
        Whether a pack has no neighbour although buildings that look lived in stand within the distance.
    """

    files: tuple[Path, ...]
    warnings: tuple[Fault, ...] = ()
    told_once: tuple[Fault, ...] = ()
    note: str = ""
    summary: tuple[str, ...] = ()
    no_choice: bool = False
    nobody_found: bool = False
