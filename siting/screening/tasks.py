"""One task: a region and a school. What it needs lies in files, and what it finds goes into files, so that any process can do it.

A result is known by its content: the digest of all that it follows from is written into it. It is
moved into its place when it is whole, so that what is there is done, whoever was stopped when.
"""

import json
import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

import numpy as np

from siting.arrays import Float64, Int8, Int32, Int64
from siting.evaluation.extract_edge import ends_reached
from siting.roads.joining import Joins
from siting.screening.asked import VERDICTS, Asked, verdicts, worse_ms
from siting.screening.preparing import OpenRegion, RegionFiles, open_region
from siting.storage.array_file import read_arrays, write_arrays
from siting.storage.database import Columns, Words, connect, parquet_about, write_parquet
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
    rows = _rows(region.places, asked, reaches)
    school = region.school_ids[task.school]
    found = Found(
        school=school,
        region=task.region.name,
        within=_counts(rows, (Verdict.PASS, Verdict.MARGINAL)),
        passing=_counts(rows, (Verdict.PASS,)),
        cut_off=ends_reached(network, region.cut_off, reaches.values(), asked.limit_ms),
    )
    task.target.parent.mkdir(parents=True, exist_ok=True)
    if region.ground is not None:
        _write_ground(ground_path(task.target), region.ground, reaches, task)
    unfinished = task.target.with_name(f"{task.target.name}.{os.getpid()}.part")
    about = {KEY: task.key, FOUND: _as_text(found)}
    write_parquet(unfinished, _columns(region, school, rows), about=about, database=_database())
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


_database = cache(partial(connect, threads=1))
"""One for each process, which does one task at a time and has one core."""

_Reaches = Mapping[tuple[Scenario, Direction], Reach]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """The places that are within the limit one way at least, in one scenario: minutes are NaN where not known or not asked."""

    place: Int64
    minutes: Mapping[Direction, Float64]
    verdict: Int8


def _times_ms(reaches: _Reaches, places: Joins, asked: Asked, scenario: Scenario) -> dict[Direction, Int64]:
    return {direction: times_at(reaches[scenario, direction], places) for direction in asked.directions}


def _rows(places: Joins, asked: Asked, reaches: _Reaches) -> dict[Scenario, _Rows]:
    times = {scenario: _times_ms(reaches, places, asked, scenario) for scenario in asked.searched}
    school_run_ms = worse_ms(times[Scenario.SCHOOL_RUN])
    rows = {}
    for scenario in asked.scenarios:
        place = np.flatnonzero(np.any([one <= asked.limit_ms for one in times[scenario].values()], axis=0))
        here = {direction: one[place] for direction, one in times[scenario].items()}
        known = {way: np.where(ms <= asked.limit_ms, ms / MILLISECONDS_PER_MINUTE, np.nan) for way, ms in here.items()}
        rows[scenario] = _Rows(
            place=place,
            minutes={way: known.get(way, np.full(len(place), np.nan)) for way in Direction},
            verdict=verdicts(worse_ms(here), school_run_ms[place], asked),
        )
    return rows


def _columns(region: OpenRegion, school: str, rows: Mapping[Scenario, _Rows]) -> Columns:
    """Return the rows of all scenarios as the columns of the result."""
    parts = rows.values()
    scenario = np.repeat(np.arange(len(rows), dtype=np.int8), [len(one.place) for one in parts])
    return {
        "postcode": region.place_ids[np.concatenate([one.place for one in parts])],
        "school": Words(texts=(school,), number=np.zeros(len(scenario), dtype=np.int8)),
        "scenario": Words(texts=tuple(one.value for one in rows), number=scenario),
        "minutes_to": np.concatenate([one.minutes[Direction.TO_SCHOOL] for one in parts]),
        "minutes_from": np.concatenate([one.minutes[Direction.FROM_SCHOOL] for one in parts]),
        "verdict": Words(texts=tuple(one.value for one in VERDICTS), number=np.concatenate([one.verdict for one in parts])),
    }


def _counts(rows: Mapping[Scenario, _Rows], verdicts_counted: Container[Verdict]) -> dict[str, int]:
    """Count by scenario the places with some verdicts."""
    counted = [number for number, verdict in enumerate(VERDICTS) if verdict in verdicts_counted]
    return {scenario.value: int(np.isin(one.verdict, counted).sum()) for scenario, one in rows.items()}


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
