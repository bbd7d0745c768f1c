"""Keeps what each run found, so that two runs can be compared and the page can show the last one.

A kept run is one JSON file in the folder `runs` of the outputs, named by the time at which it was
made. It holds what `evaluation.csv` and `portfolio.csv` hold, the places of the homes in degrees,
and what the run was made from; nothing of a family's place.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from siting.crs import MetricSystem, to_degrees
from siting.evaluation.evaluation import Evaluation
from siting.faults import UsageError
from siting.inputs.plan_inputs import PlanInputs
from siting.outputs.portfolio_files import PortfolioReport
from siting.outputs.provenance import DISTRIBUTION
from siting.portfolio.choosing import Choice, Ending
from siting.words import Direction

RUNS = "runs"
"""The folder of the outputs in which kept runs lie."""
MOST_KEPT = 40
"""So many runs are kept; older ones are cleared away when a new one is made."""
RECORD_VERSION = 1

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z\.json")
_LINE_SIMPLIFY_M = 20.0
_AREA_SIMPLIFY_M = 60.0
_PLACES = 5
"""Decimals of a degree, about a metre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """What a run found and what it was made from, as it was written."""

    name: str
    record: Mapping[str, Any]

    @property
    def homes(self) -> Mapping[str, Mapping[str, Any]]:
        """The homes' rows by `home_id`."""
        return {str(home["home_id"]): home for home in self.record["homes"]}

    @property
    def chosen(self) -> tuple[str, ...] | None:
        """The homes chosen together; None where none were asked for or no choice keeps the rules."""
        portfolio = self.record.get("portfolio") or {}
        return tuple(portfolio["homes"]) if portfolio.get("homes") is not None else None


def keep_run(
    folder: Path, inputs: PlanInputs, evaluation: Evaluation, source: Path, report: PortfolioReport | None, made: datetime
) -> Path:
    """Write a run's record into the folder `runs` of `folder`; `made` in UTC names it."""
    path = folder / RUNS / f"{made:%Y-%m-%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = run_record(inputs, evaluation, source, report, made)
    path.write_text(json.dumps(record, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    return path


def run_record(
    inputs: PlanInputs, evaluation: Evaluation, source: Path, report: PortfolioReport | None, made: datetime
) -> dict[str, Any]:
    """Return what is kept of a run, as values that JSON knows."""
    plan, system = inputs.plan, evaluation.network.system
    return {
        "version": RECORD_VERSION,
        "made": made.isoformat(timespec="seconds"),
        "program": metadata.version(DISTRIBUTION),
        "title": plan.title,
        "settings": {
            "rules": plan.rules.model_dump(mode="json"),
            "portfolio": report.part.model_dump(mode="json") if report else None,
            "model": dict(plan.model),
        },
        "inputs": [{"file": path.name, "sha256": _sha256(path)} for path in dict.fromkeys((*inputs.files, source))],
        "schools": _points(evaluation.schools, system),
        "homes": _points(evaluation.homes, system),
        "portfolio": _portfolio(report),
        "routes": _routes(evaluation, system),
        "area": _rule_area(evaluation, inputs, system),
        "warnings": [str(fault) for fault in (*inputs.warnings, *evaluation.warnings)],
    }


def list_runs(out: Path) -> tuple[str, ...]:
    """Return the names of the runs that are kept of a folder of outputs, newest first."""
    folder = out / RUNS
    if not folder.is_dir():
        return ()
    return tuple(sorted((path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True))


def read_run(path: Path) -> KeptRun:
    """Read a kept run.

    Raises
    ------
    UsageError
        Where the file is none.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        known = record["version"] == RECORD_VERSION and isinstance(record["homes"], list)
    except (OSError, ValueError, KeyError, TypeError):
        record, known = None, False
    if not known:
        msg = f"{path.name} is no kept run. They lie in the folder `{RUNS}` of the outputs."
        raise UsageError(msg)
    return KeptRun(name=path.name, record=record)


def tidy_runs(out: Path) -> None:
    """Clear away the oldest runs beyond those that are kept."""
    for name in list_runs(out)[MOST_KEPT:]:
        (out / RUNS / name).unlink(missing_ok=True)


def _points(frame: pd.DataFrame, system: MetricSystem) -> list[dict[str, Any]]:
    points = np.asarray(frame["geometry"])
    longitude, latitude = to_degrees(shapely.get_x(points), shapely.get_y(points), system)
    rows = frame.drop(columns="geometry").to_dict("records")
    return [
        {str(key): plain(value) for key, value in row.items()} | {"lat": round(float(lat), 6), "lon": round(float(lon), 6)}
        for row, lat, lon in zip(rows, latitude, longitude, strict=True)
    ]


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON knows
    """Return a cell as JSON knows it; what is missing is None."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, bool | int | str) else str(value)


def _portfolio(report: PortfolioReport | None) -> dict[str, Any] | None:
    if report is None:
        return None
    portfolio = report.portfolio
    if portfolio.choice is None:
        conflict = portfolio.conflict
        told = [*conflict.clashes, *conflict.remedies] if conflict else []
        return {"homes": None, "told": told, "ran_out": portfolio.ending is Ending.STOPPED}
    return choice_values(portfolio.choice, [home.home_id for home in portfolio.problem.homes])


def choice_values(choice: Choice, home_ids: Sequence[str]) -> dict[str, Any]:
    """Return a choice of homes by their names, as values that JSON knows."""
    return {
        "homes": [home_ids[i] for i in choice.homes],
        "children": len(choice.lives_in),
        "total_min": plain(choice.total_min),
        "worst_min": plain(choice.worst_min),
        "without_bed": choice.without_bed,
        "beds": choice.beds,
        "cost_gbp": plain(choice.cost_gbp),
        "gap": plain(choice.gap),
    }


def _routes(evaluation: Evaluation, system: MetricSystem) -> dict[str, list[list[float]]]:
    routes = evaluation.routes
    there = routes[routes["direction"] == Direction.TO_SCHOOL.value]
    lines = shapely.simplify(np.asarray(there.geometry), _LINE_SIMPLIFY_M)
    return {str(name): _degrees(line, system) for name, line in zip(there["home_id"], lines, strict=True)}


def _rule_area(evaluation: Evaluation, inputs: PlanInputs, system: MetricSystem) -> list[list[list[float]]]:
    """Return the outlines of the area within the rule's minutes, both ways; lines as latitude, longitude."""
    rules, areas = inputs.plan.rules, evaluation.isochrones
    chosen = areas[(areas["minutes"] == rules.school_minutes) & (areas["scenario"] == rules.scenario.value)]
    if chosen.empty:
        return []
    both = shapely.intersection_all(shapely.make_valid(np.asarray(chosen.geometry)))
    return [_degrees(ring, system) for ring in _rings(shapely.simplify(both, _AREA_SIMPLIFY_M))]


def _rings(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            yield part.exterior
            yield from part.interiors


def _degrees(line: shapely.Geometry, system: MetricSystem) -> list[list[float]]:
    corners = shapely.get_coordinates(line)
    longitude, latitude = to_degrees(corners[:, 0], corners[:, 1], system)
    return [[round(float(lat), _PLACES), round(float(lon), _PLACES)] for lat, lon in zip(latitude, longitude, strict=True)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
