"""Compares two runs: homes in and out, verdicts that turned, and what lies behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siting.faults import UsageError
from siting.pipeline.run_history import RUNS, KeptRun, list_runs, read_run

SAME_MIN = 0.05
"""Minutes that differ by less are shown as the same."""

_OWN_FACTS = {
    "price_gbp": "price",
    "works_gbp": "cost of works",
    "beds": "beds",
    "bedrooms": "bedrooms",
    "status": "status",
    "postcode": "postcode",
    "address": "address",
    "authority": "council",
    "annex": "annex",
}
_MINUTES = {"to_school_min": "minutes to school", "from_school_min": "minutes from school"}
_MOVED_DEGREES = 0.0001
"""About ten metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChange:
    """What changed for one home, in words; `before` and `after` are its verdicts, None where it was not there."""

    home_id: str
    before: str | None
    after: str | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between an earlier run and a later one.

    `causes` says what the two were made from differently: files, rules, model, program.
    """

    earlier: str
    later: str
    causes: tuple[str, ...]
    arrived: tuple[str, ...]
    left: tuple[str, ...]
    turned: tuple[HomeChange, ...]
    otherwise: tuple[HomeChange, ...]
    chosen_in: tuple[str, ...]
    chosen_out: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not any((self.causes, self.arrived, self.left, self.turned, self.otherwise, self.chosen_in, self.chosen_out))

    def sentences(self) -> Iterator[str]:
        """Say what changed, a line each."""
        if self.is_same:
            yield "Nothing changed between these two runs."
            return
        yield from self.causes
        if self.arrived:
            yield f"New on the list: {', '.join(self.arrived)}."
        if self.left:
            yield f"No longer on the list: {', '.join(self.left)}."
        for change in self.turned:
            yield f"{change.home_id} turned from {change.before} to {change.after}: {_joined(change.changes)}."
        for change in self.otherwise:
            yield f"{change.home_id} is {change.after} as before, with other figures: {_joined(change.changes)}."
        if self.chosen_in or self.chosen_out:
            yield f"Chosen now and not before: {', '.join(self.chosen_in) or 'none'}."
            yield f"Chosen before and not now: {', '.join(self.chosen_out) or 'none'}."


def compare_runs(earlier: KeptRun, later: KeptRun) -> Comparison:
    """Compare two kept runs."""
    before, after = earlier.homes, later.homes
    both = [_change(name, before[name], after[name]) for name in after if name in before]
    changed = [change for change in both if change.changes or change.before != change.after]
    chosen_before, chosen_after = earlier.chosen or (), later.chosen or ()
    return Comparison(
        earlier=earlier.name,
        later=later.name,
        causes=tuple(_causes(earlier.record, later.record)),
        arrived=tuple(name for name in after if name not in before),
        left=tuple(name for name in before if name not in after),
        turned=tuple(change for change in changed if change.before != change.after),
        otherwise=tuple(change for change in changed if change.before == change.after),
        chosen_in=tuple(name for name in chosen_after if name not in chosen_before),
        chosen_out=tuple(name for name in chosen_before if name not in chosen_after),
    )


def run_compare(earlier: Path, later: Path) -> Comparison:
    """Compare two runs, each given as its file, or as a folder of outputs, which stands for its newest run.

    Raises
    ------
    UsageError
        Where one of them is no kept run.
    """
    return compare_runs(read_run(_run_file(earlier)), read_run(_run_file(later)))


def _run_file(path: Path) -> Path:
    if not path.is_dir():
        return path
    kept = list_runs(path)
    if not kept:
        msg = f"{path} holds no kept run. `siting run` keeps one in its folder `{RUNS}`."
        raise UsageError(msg)
    return path / RUNS / kept[0]


def _change(home_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> HomeChange:
    return HomeChange(
        home_id=home_id, before=before["verdict"], after=after["verdict"], changes=tuple(_home_changes(before, after))
    )


def _home_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if max(abs(before[key] - after[key]) for key in ("lat", "lon")) > _MOVED_DEGREES:
        yield "it stands elsewhere on the map"
    for key, words in _OWN_FACTS.items():
        if before.get(key) != after.get(key):
            yield f"{words} {_told(key, before.get(key))}, now {_told(key, after.get(key))}"
    for key, words in _MINUTES.items():
        one, other = before.get(key), after.get(key)
        if (one is None) != (other is None) or (one is not None and other is not None and abs(one - other) >= SAME_MIN):
            yield f"{words} {_told(key, one)}, now {_told(key, other)}"
    if before.get("school") != after.get("school"):
        yield f"the nearest school was {before.get('school') or 'none'}, now {after.get('school') or 'none'}"


def _told(key: str, value: object) -> str:
    if value is None:
        return "not given" if key not in _MINUTES else "no way"
    if key.endswith("_gbp") and isinstance(value, int | float):
        return f"£{value:,.0f}"
    if key in _MINUTES and isinstance(value, int | float):
        return f"{value:.1f}"
    return str(value)


def _causes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    files_before = {entry["file"]: entry["sha256"] for entry in before["inputs"]}
    files_after = {entry["file"]: entry["sha256"] for entry in after["inputs"]}
    for name in sorted(files_before.keys() | files_after.keys()):
        if name not in files_after:
            yield f"{name} is no longer read."
        elif name not in files_before:
            yield f"{name} is read as well now."
        elif files_before[name] != files_after[name]:
            yield f"{name} has changed."
    for part, words in (("rules", "rule"), ("portfolio", "wish for the choice"), ("model", "figure of the travel-time model")):
        one, other = before["settings"].get(part) or {}, after["settings"].get(part) or {}
        for key in sorted(one.keys() | other.keys()):
            if one.get(key) != other.get(key):
                yield f"The {words} {key} was {_setting(one.get(key))}, now {_setting(other.get(key))}."
    if before["program"] != after["program"]:
        yield f"The program was version {before['program']}, now {after['program']}."


def _setting(value: object) -> str:
    return "not set" if value is None else str(value)


def _joined(changes: tuple[str, ...]) -> str:
    return "; ".join(changes) or "by what the two runs were made from"
