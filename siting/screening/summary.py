"""What a screen comes to: by place, by school, and by council need beside cover. Counts alone; what is not known has its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from siting.arrays import Float64
from siting.screening.asked import Asked
from siting.screening.tasks import Found
from siting.storage.database import as_file, connect, write_parquet
from siting.words import Verdict

OFF_THE_MAP, NO_PLACE, ANSWERED = "off the map", "no place known", "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summing:
    """A region whose results are to be counted by place: the files of its tasks, what was asked, and the file to write."""

    results: tuple[Path, ...]
    asked: Asked
    target: Path


def count_region(summing: Summing) -> Path:
    """Count the schools of a region's places, each of which lies in one region alone, into its file."""
    question = (
        "SELECT postcode, scenario, count(*) AS schools, count(*) FILTER (verdict = $passing) AS passing "  # noqa: S608
        f"FROM read_parquet({_listed(summing.results)}, hive_partitioning = false) "
        "WHERE verdict <> $fail AND list_contains($scenarios, scenario) "
        "GROUP BY ALL"
    )
    given = {
        "passing": Verdict.PASS.value,
        "fail": Verdict.FAIL.value,
        "scenarios": [scenario.value for scenario in summing.asked.scenarios],
    }
    with connect(threads=1) as database:
        write_parquet(summing.target, database.execute(question, given).df(), database=database)
    return summing.target


def reached_by_place(counted: Sequence[Path]) -> pd.DataFrame:
    """Put together what was counted by region.

    Columns are `postcode`, `scenario`, `schools` within the minutes, `passing` beyond the minutes' error; places that no
    school reaches have no row.
    """
    if not counted:
        return pd.DataFrame({"postcode": [], "scenario": [], "schools": [], "passing": []})
    with connect() as database:
        return database.execute(f"FROM read_parquet({_listed(counted)}) ORDER BY scenario, postcode").df()


def _listed(files: Sequence[Path]) -> str:
    return f"[{', '.join(map(as_file, files))}]"


def schools_frame(
    ids: Sequence[str], names: Sequence[str], states: Sequence[str], found: Sequence[Found], asked: Asked
) -> pd.DataFrame:
    """Return a row a school: what is known of it, how many places are within the minutes, and where the extract cuts it off."""
    of_school: dict[str, list[Found]] = {}
    for one in found:
        of_school.setdefault(one.school, []).append(one)
    columns: dict[str, list[object]] = {"id": list(ids), "name": list(names), "state": list(states)}
    for scenario in asked.scenarios:
        for kind, counts in (("within", _within), ("passing", _passing)):
            columns[f"places_{kind}_{scenario.value}"] = [
                sum(counts(one)[scenario.value] for one in of_school.get(school, ())) if state == ANSWERED else None
                for school, state in zip(ids, states, strict=True)
            ]
    columns["roads_cut_off"] = [
        "; ".join(dict.fromkeys(road for one in of_school.get(school, ()) for road in one.cut_off)) for school in ids
    ]
    frame = pd.DataFrame(columns)
    counted = [name for name in frame.columns if name.startswith("places_")]
    return frame.astype(dict.fromkeys(counted, "Int64"))


def _within(found: Found) -> Mapping[str, int]:
    return found.within


def _passing(found: Found) -> Mapping[str, int]:
    return found.passing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CouncilPlaces:
    """Places and schools by council.

    Attributes
    ----------
    names, whole
        The councils, and whether the extract's ground holds all of each.
    children
        Children by council; None where the figure is not published or not given.
    place_ids, place_council
        The places that are on the map, and the number of each one's council; -1 outside all of them.
    off_map
        By council, how many places are off the map.
    schools
        By council, how many schools are on the map.
    """

    names: tuple[str, ...]
    whole: Sequence[bool]
    children: Sequence[int | None]
    place_ids: np.ndarray
    place_council: np.ndarray
    off_map: np.ndarray
    schools: np.ndarray


def councils_frame(councils: CouncilPlaces, reached: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return a row a council and scenario: children, schools, places, and how many of these one or two schools reach."""
    inside = councils.place_council >= 0
    ids, council = councils.place_ids[inside], councils.place_council[inside]
    count = len(councils.names)
    places = np.bincount(council, minlength=count)
    parts = []
    for scenario in asked.scenarios:
        by_place = reached[reached["scenario"] == scenario.value].set_index("postcode")["schools"]
        schools = by_place.reindex(ids, fill_value=0).to_numpy()
        any_school, two_schools = (np.bincount(council[schools >= least], minlength=count) for least in (1, 2))
        parts.append(
            pd.DataFrame(
                {
                    "authority": list(councils.names),
                    "scenario": scenario.value,
                    "children": pd.array(list(councils.children), dtype="Int64"),
                    "schools": councils.schools,
                    "places": places,
                    "places_reached": any_school,
                    "places_reached_by_two": two_schools,
                    "share_reached": _share(any_school, places),
                    "share_reached_by_two": _share(two_schools, places),
                    "places_off_the_map": councils.off_map,
                    "wholly_on_the_map": ["yes" if whole else "no" for whole in councils.whole],
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    return frame[(frame["places"] > 0) | (frame["places_off_the_map"] > 0) | frame["children"].notna()].reset_index(drop=True)


def _share(part: np.ndarray, whole: np.ndarray) -> Float64:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def children_uncovered(councils: pd.DataFrame) -> Mapping[str, int]:
    """Return by scenario the children of councils of whose places no school reaches half; a withheld count is not in it."""
    few = councils[(councils["share_reached"] < 0.5) & councils["children"].notna()]  # noqa: PLR2004 - half
    return {str(name): int(part["children"].sum()) for name, part in few.groupby("scenario")}
