"""The verdict on a house that is in no table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from siting.crs import to_degrees
from siting.evaluation.evaluation import SchoolReaches, judge_homes, rank_key, school_reaches
from siting.evaluation.families import FamilyPairs, pair_homes_with_children
from siting.evaluation.frames import homes_frame
from siting.evaluation.home_result import HomeResult
from siting.evaluation.places_on_roads import join_inputs
from siting.inputs.locating import parse_place
from siting.inputs.plan_inputs import Home, PlanInputs
from siting.inputs.rows import HomeRow
from siting.pipeline.plan_on_roads import open_plan
from siting.pipeline.run_history import plain
from siting.place import Place
from siting.progress import Progress, silent
from siting.roads.joining import join_places
from siting.roads.network import RoadNetwork
from siting.words import HomeId

THIS_HOUSE = HomeId("This house")


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseAnswer:
    """What the plan's rules say of one house.

    Attributes
    ----------
    row
        As a row of the evaluation, by the same names.
    roads
        The main roads of the way, by direction.
    families
        A row a child, as in the evaluation's second sheet.
    would_rank, of
        Where it would stand among the plan's homes and itself.
    accuracy_m
        How roughly the place is known.
    """

    row: Mapping[str, Any]
    roads: Mapping[str, tuple[str, ...]]
    families: tuple[Mapping[str, Any], ...]
    would_rank: int
    of: int
    accuracy_m: float

    def sentences(self) -> tuple[str, ...]:
        """Say the answer in a few lines."""
        verdict = str(self.row["verdict"])
        return (
            f"{verdict.capitalize()}. It would rank {self.would_rank} of {self.of}.",
            str(self.row["reasons"]),
            *(f"{words}: {', '.join(self.roads[key])}." for key, words in _WAYS if self.roads.get(key)),
            *((f"The place is known to about {self.accuracy_m:.0f} m only.",) if self.accuracy_m else ()),
        )


_WAYS = (("to_school", "By road to school"), ("from_school", "By road from school"))


class HouseAsker:
    """Answers for one house after another; the plan is read and searched from its schools once."""

    def __init__(self, inputs: PlanInputs, network: RoadNetwork) -> None:
        self.inputs = inputs
        self.network = network
        self._joined = join_inputs(inputs, network)
        self._reaches: SchoolReaches = school_reaches(network, self._joined.schools)
        families = pair_homes_with_children(inputs, network, self._joined)
        others = judge_homes(inputs, network, self._reaches, self._joined, families)
        self._others = sorted(rank_key(result) for result in others)

    @classmethod
    def open(cls, plan_path: Path, progress: Progress = silent) -> "HouseAsker":
        """Read a plan and its roads.

        Raises
        ------
        InputFaultsError, NetworkSourceError
            Where the inputs or the roads cannot be used.
        """
        inputs, network = open_plan(plan_path, progress)
        progress("timing the journeys")
        return cls(inputs, network)

    def ask(self, at: str) -> HouseAnswer:
        """Judge a house at a place: a postcode, or `"latitude,longitude"`.

        Raises
        ------
        UsageError
            Where the place is neither, or has no position.
        """
        return self.judge(parse_place(at))

    def judge(self, place: Place) -> HouseAnswer:
        """Judge a house at a place."""
        result, families = self._judge(place)
        frame = homes_frame([result], self.inputs, self.network)
        row = {str(key): plain(value) for key, value in frame.drop(columns=["geometry", "rank"]).iloc[0].items()}
        (longitude,), (latitude,) = to_degrees(place.x_m, place.y_m, place.system)
        better = sum(bool(key < rank_key(result)) for key in self._others)
        return HouseAnswer(
            row=row | {"lat": round(float(latitude), 6), "lon": round(float(longitude), 6)},
            roads={direction.value: roads for direction, roads in result.roads.items()},
            families=tuple(
                {str(key): plain(value) for key, value in row.items()} for row in families.frame([0]).to_dict("records")
            ),
            would_rank=better + 1,
            of=len(self._others) + 1,
            accuracy_m=place.accuracy_m,
        )

    def _judge(self, place: Place) -> tuple[HomeResult, FamilyPairs]:
        (longitude,), (latitude,) = to_degrees(place.x_m, place.y_m, place.system)
        row = HomeRow(home_id=THIS_HOUSE, latitude=float(latitude), longitude=float(longitude), postcode=place.postcode)
        alone = replace(self.inputs, homes=(Home(row=row, place=place),))
        joined = replace(self._joined, homes=join_places(self.network, [place]))
        families = pair_homes_with_children(alone, self.network, joined)
        return judge_homes(alone, self.network, self._reaches, joined, families)[0], families


def run_house(plan_path: Path, at: str, *, progress: Progress = silent) -> HouseAnswer:
    """Judge a house that is in no table by a plan's rules.

    Raises
    ------
    InputFaultsError, NetworkSourceError, UsageError
        Where the inputs, the roads or the place cannot be used.
    """
    asker = HouseAsker.open(plan_path, progress)
    progress("judging the house")
    return asker.ask(at)
