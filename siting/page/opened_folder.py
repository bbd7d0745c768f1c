"""The opened folder: its plans, and nothing outside it.

What an address names is looked up among what was found in the folder; it is never made into a path.
"""

import hashlib
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siting.pipeline import decode_text, photographs_of

_DEEPEST = 2
"""Plans are looked for in the folder and this many folders down."""
_MOST_FOLDERS = 2_000
TABLES = ("candidates", "children", "exclusions")
_LOOKED_AT_BYTES = 65_536
_PLAN_LINES = ("[area]", "[[schools]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlan:
    """A plan file in the folder; `key` stands for it in addresses."""

    key: str
    path: Path
    name: str

    @property
    def title(self) -> str:
        """What the plan calls itself; its file's name where that cannot be read, which a run will say."""
        title = self._told.get("title")
        return title.strip() if isinstance(title, str) and title.strip() else self.name

    def reads(self, kind: str) -> str:
        """Return the name of the file that the plan reads a table from; empty where it reads none."""
        inputs = self._told.get("inputs")
        name = inputs.get(kind) if isinstance(inputs, dict) else None
        return name if isinstance(name, str) and (self.path.parent / name).is_file() else ""

    def has_rows(self, kind: str) -> bool:
        """Whether the file that the plan reads a table from has more than its headings; of a workbook that is taken to be so."""
        name = self.reads(kind)
        if not name.lower().endswith(".csv"):
            return bool(name)
        try:
            with (self.path.parent / name).open("rb") as file:
                return len([line for line in file.read(_LOOKED_AT_BYTES).splitlines() if line.strip(b' \t,;"\0')]) > 1
        except OSError:
            return True  # that it cannot be read is said when it is

    def table_of(self, file: str, column: str) -> str:
        """Return the table in which a fault is put right: which the file is of, or which the plan lacks; empty where none is."""
        for kind in TABLES:
            if column == f"inputs.{kind}" or (file and file == self.reads(kind)):
                return kind
        return ""

    @property
    def has_gate(self) -> bool:
        """Whether the plan says where cars enter one of its schools."""
        schools = self._told.get("schools")
        return isinstance(schools, list) and any(isinstance(school, dict) and school.get("gate") for school in schools)

    @property
    def _told(self) -> dict[str, Any]:
        try:
            return tomllib.loads(decode_text(self.path.read_bytes()))
        except (OSError, ValueError):
            return {}

    @property
    def out(self) -> Path:
        """The folder of its outputs, beside it."""
        stem = self.path.parent.resolve().name if self.path.stem == "plan" else self.path.stem
        return self.path.parent / f"{stem}-results"

    def pace(self, call: str) -> Path:
        """Return the hidden file that keeps how long the steps of a call took."""
        return self.path.with_name(f".{self.path.stem}.{call}-pace.json")


class OpenedFolder:
    """The folder that the page was opened on."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def plans(self) -> list[FoundPlan]:
        """Find the plans, by their place in the folder."""
        return [self._plan(path) for path in sorted(self._plan_files())]

    def plan(self, key: str) -> FoundPlan | None:
        """Return the plan that a key stands for; None where there is none."""
        return next((plan for plan in self.plans() if plan.key == key), None)

    def networks(self) -> list[str]:
        """Return the names of the extracts that lie in the folder itself."""
        return sorted(path.name for path in self.root.glob("*.osm.pbf") if path.is_file() and self.holds(path))

    def school_lists(self) -> list[str]:
        """Return the names of the lists of schools that were brought into the folder."""
        return sorted(path.name for path in self.root.glob("schools-*.csv") if path.is_file() and self.holds(path))

    def photographs(self, plan: FoundPlan, home: str, *, away: bool = False) -> dict[str, Path]:
        """Return a home's photographs by name: those in `photographs` beside the plan whose name begins with the home's.

        With `away` those that were taken away and can be brought back.
        """
        return {path.name: path for path in photographs_of(plan.path, home, away=away) if self.holds(path)}

    def holds(self, path: Path) -> bool:
        """Tell whether a path lies in the folder once every link is followed."""
        return path.resolve().is_relative_to(self.root)

    def outputs(self, plan: FoundPlan) -> dict[str, Path]:
        """Return the files of a plan's outputs by their name below its folder of outputs."""
        found = {}
        for path in sorted(plan.out.rglob("*")) if plan.out.is_dir() else ():
            inner = path.relative_to(plan.out)
            if path.is_file() and self.holds(path) and not any(part.startswith(".") for part in inner.parts):
                found[inner.as_posix()] = path
        return found

    def _plan(self, path: Path) -> FoundPlan:
        name = path.relative_to(self.root).as_posix()
        return FoundPlan(key=hashlib.sha256(name.encode()).hexdigest()[:12], path=path, name=name)

    def _plan_files(self) -> Iterator[Path]:
        for looked_into, (folder, inner, names) in enumerate(os.walk(self.root)):
            depth = len(Path(folder).relative_to(self.root).parts)
            hidden = [name for name in inner if name.startswith(".") or name.endswith("-results")]
            inner[:] = sorted(set(inner) - set(hidden)) if depth < _DEEPEST and looked_into < _MOST_FOLDERS else []
            for name in names:
                path = Path(folder) / name
                if name.endswith(".toml") and self.holds(path) and _is_plan(path):
                    yield path


def _is_plan(path: Path) -> bool:
    """Tell whether a file looks like a plan, sound or not."""
    try:
        with path.open("rb") as file:
            text = file.read(200_000).decode("utf-8", errors="replace")
    except OSError:
        return False
    return any(line in text for line in _PLAN_LINES)
