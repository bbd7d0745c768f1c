"""One task: a region and a school. What it needs lies in files, and what it finds goes into files, so that any process can do it.

A result is known by its content: the digest of all that it follows from is written into it. It is
moved into its place when it is whole, so that what is there is done, whoever was stopped when.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from siting.arrays import Int32, Int64
from siting.evaluation.extract_edge import ends_reached
from siting.roads.joining import Joins
from siting.screening.asked import Asked, verdicts, worse_ms
from siting.screening.cutting import CutNetwork
from siting.screening.preparing import OpenRegion, RegionFiles, open_region
from siting.storage.array_file import read_arrays, write_arrays
from siting.storage.database import connect, parquet_about, write_parquet
from siting.times.routing import Reach, reach, times_at
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario, Verdict

KEY, FOUND = "siting-key", "siting-found"
"""What stands in the head of a result: what it is known by, and what was found, in short."""
_GROUND_SUFFIX = ".ground"
_MOST_OPEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A region and a school.

    Attributes
    ----------
    region
        The region's files.
    school
        The school's row in the region's table of schools.
    asked
        What is asked.
    target
        The Parquet file to write.
    key
        The digest of all that the result follows from.
    """

    region: RegionFiles
    school: int
    asked: Asked
    target: Path
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a task found, in short.

    Attributes
    ----------
    school, region
        Of which school and region.
    within, passing
        By scenario: how many places are within the minutes, and of how many that is beyond the error of the minutes.
    cut_off
        Main roads that the extract cuts off within the minutes: ways beyond are not seen.
    """

    school: str
    region: str
    within: Mapping[str, int]
    passing: Mapping[str, int]
    cut_off: tuple[str, ...]


def screen_school(task: Task) -> Found:
    """Do one task: write its result, and return it in short."""
    region = _opened(task.region)
    network, hub = region.cut.network, region.schools[np.array([task.school])]
    asked = task.asked
    reaches = {
        (scenario, direction): reach(network, hub, scenario, direction, limit_ms=asked.searched_ms)
        for scenario in asked.searched
        for direction in asked.directions
    }
    rows = _rows(region, asked, region.school_ids[task.school], reaches)
    frame = pd.concat(rows.values(), ignore_index=True).astype(_TEXTS)
    found = Found(
        school=region.school_ids[task.school],
        region=task.region.name,
        within={scenario.value: int((one["verdict"] != Verdict.FAIL.value).sum()) for scenario, one in rows.items()},
        passing={scenario.value: int((one["verdict"] == Verdict.PASS.value).sum()) for scenario, one in rows.items()},
        cut_off=_cut_off(region.cut, reaches.values(), asked.limit_ms),
    )
    task.target.parent.mkdir(parents=True, exist_ok=True)
    if region.ground is not None:
        _write_ground(ground_path(task.target), region.ground, reaches, task)
    unfinished = task.target.with_name(f"{task.target.name}.{os.getpid()}.part")
    write_parquet(unfinished, frame, about={KEY: task.key, FOUND: _as_text(found)}, database=_database())
    unfinished.replace(task.target)
    return found


def done_already(tasks: Iterable[Task], folder: Path) -> dict[str, Found]:
    """Return what is done, by the tasks' keys: results that lie in their place and are of the very same question."""
    about = parquet_about(sorted(folder.rglob("*.parquet")))
    return {
        task.key: _of_text(about[task.target][FOUND])
        for task in tasks
        if about.get(task.target, {}).get(KEY) == task.key and (task.region.ground is None or ground_path(task.target).is_file())
    }


def ground_path(target: Path) -> Path:
    """Return where a task keeps the times over open ground, beside its result."""
    return target.with_suffix(_GROUND_SUFFIX)


def read_ground(path: Path) -> dict[str, tuple[Int32, Int32]]:
    """Return by scenario the corners of a region's ground that are within what was searched, and their milliseconds."""
    arrays, plain = read_arrays(path)
    return {name: (arrays[f"{name}.corner"], arrays[f"{name}.ms"]) for name in plain["scenarios"]}


@lru_cache(maxsize=_MOST_OPEN)
def _opened(files: RegionFiles) -> OpenRegion:
    """Keep the regions that a process is at work on mapped."""
    return open_region(files)


_TEXTS = dict.fromkeys(("postcode", "school", "scenario", "verdict"), "str")
_database = cache(partial(connect, threads=1))
"""One for each process, which does one task at a time and has one core."""

_Reaches = Mapping[tuple[Scenario, Direction], Reach]


def _times_ms(reaches: _Reaches, places: Joins, asked: Asked, scenario: Scenario) -> dict[Direction, Int64]:
    return {direction: times_at(reaches[scenario, direction], places) for direction in asked.directions}


def _rows(region: OpenRegion, asked: Asked, school: str, reaches: _Reaches) -> dict[Scenario, pd.DataFrame]:
    """Return by scenario a row for each place that is within the limit one way at least."""
    times = {scenario: _times_ms(reaches, region.places, asked, scenario) for scenario in asked.searched}
    school_run_ms = worse_ms(times[Scenario.SCHOOL_RUN])
    parts = {}
    for scenario in asked.scenarios:
        rows = np.flatnonzero(np.any([one <= asked.limit_ms for one in times[scenario].values()], axis=0))
        here = {direction: one[rows] for direction, one in times[scenario].items()}
        minutes = {way: np.where(ms <= asked.limit_ms, ms / MILLISECONDS_PER_MINUTE, np.nan) for way, ms in here.items()}
        not_asked = np.full(len(rows), np.nan)
        parts[scenario] = pd.DataFrame(
            {
                "postcode": region.place_ids[rows].astype(object),
                "school": school,
                "scenario": scenario.value,
                "minutes_to": _empty_where_nan(minutes.get(Direction.TO_SCHOOL, not_asked)),
                "minutes_from": _empty_where_nan(minutes.get(Direction.FROM_SCHOOL, not_asked)),
                "verdict": verdicts(worse_ms(here), school_run_ms[rows], asked),
            }
        )
    return parts


def _empty_where_nan(values: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.FloatingArray(np.nan_to_num(values), np.isnan(values))


def _cut_off(cut: CutNetwork, reaches: Iterable[Reach], limit_ms: int) -> tuple[str, ...]:
    return ends_reached(cut.network, cut.cut_off, reaches, limit_ms)


def _write_ground(path: Path, ground: Joins, reaches: _Reaches, task: Task) -> None:
    arrays = {}
    for scenario in task.asked.scenarios:
        worst_ms = worse_ms(_times_ms(reaches, ground, task.asked, scenario))
        corner = np.flatnonzero(worst_ms < NO_WAY_MS)
        arrays[f"{scenario.value}.corner"] = corner.astype(np.int32)
        arrays[f"{scenario.value}.ms"] = worst_ms[corner].astype(np.int32)
    write_arrays(path, arrays, {"key": task.key, "scenarios": [scenario.value for scenario in task.asked.scenarios]})


def _as_text(found: Found) -> str:
    return json.dumps({name: getattr(found, name) for name in Found.__slots__}, ensure_ascii=False)


def _of_text(text: str) -> Found:
    known = json.loads(text)
    return Found(**{**known, "cut_off": tuple(known["cut_off"])})
