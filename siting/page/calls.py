"""What the worker can be asked: each call takes and returns what JSON knows.

The heavy libraries are loaded here, in the worker's process, and never in the server's.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from siting import pipeline
from siting.faults import Fault
from siting.progress import Progress

Call = Callable[[Mapping[str, Any], Progress], Any]


def fault_values(fault: Fault) -> dict[str, Any]:
    """Return a fault as JSON knows it, with its whole sentence."""
    return asdict(fault) | {"severity": fault.severity.value, "sentence": str(fault)}


def run(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401 - what JSON knows
    """Do everything that a plan asks for."""
    outcome = pipeline.run_all(Path(values["plan"]), Path(values["out"]), progress=progress)
    return {
        "warnings": [fault_values(fault) for fault in outcome.warnings],
        "note": outcome.note,
        "summary": list(outcome.summary),
        "no_choice": outcome.no_choice,
    }


def check(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Check a plan's inputs; the warnings."""
    return {"warnings": [fault_values(fault) for fault in pipeline.check(Path(values["plan"]))]}


def sample(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Copy the sample into the folder."""
    return {"plan": str(pipeline.start_sample(Path(values["folder"])))}


def start(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Start a plan from a few answers."""
    return {"plan": str(pipeline.start_plan(Path(values["folder"]), pipeline.PlanAnswers(**values["answers"])))}


def compare(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Compare two kept runs."""
    return asdict(pipeline.run_compare(Path(values["earlier"]), Path(values["later"])))


_ASKERS: dict[tuple[Any, ...], pipeline.HouseAsker] = {}


def house(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Judge a house that is in no table; the plan is read once for as long as its folder stays as it is."""
    path = Path(values["plan"])
    beside = tuple(sorted((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in path.parent.iterdir() if p.is_file()))
    if beside not in _ASKERS:
        _ASKERS.clear()
        _ASKERS[beside] = pipeline.HouseAsker.open(path, progress)
    answer = _ASKERS[beside].ask(values["at"])
    return asdict(answer) | {"sentences": list(answer.sentences())}


def ground(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Draw the ground under a plan's map."""
    return pipeline.ground_of(Path(values["plan"]), progress=progress)


def warm(_values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Load what most calls need."""
    return [getattr(pipeline, name) is not None for name in ("HouseAsker", "run_compare", "start_plan")]


CALLS: dict[str, Call] = {
    "ground": ground,
    "house": house,
    "warm": warm,
    "run": run,
    "check": check,
    "sample": sample,
    "start": start,
    "compare": compare,
}
