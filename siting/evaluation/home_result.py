"""What was found of one home, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from siting.evaluation.reasons import HomeFacts, ObservedTime
from siting.evaluation.rules import Judgement, Times
from siting.words import METRES_PER_MILE, MILLISECONDS_PER_MINUTE, MOST_OPEN_GROUND_M, NO_WAY_MS, Direction

if TYPE_CHECKING:
    from siting.evaluation.families import FamilySummary
    from siting.inputs.plan_inputs import Home
    from siting.times.closures import RoadClosure
    from siting.times.routing import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeResult:
    """What was found of one home.

    `school_ms` has the milliseconds to each of the plan's schools in the worse direction, in the
    rule's scenario; `times` are those of the school that decides. `exempt_roads` are the ends of its
    ways that are closed on the school run but to their own people; `unread` the kinds of what its ways'
    roads say that is not read. `shut_roads`, where there is no way on the school run but there is one at
    other hours, are the home's and the school's road if closed then; None where hours are not why. `row` is the home's in
    the arrays of homes and children.
    """

    home: "Home"
    snap_distance_m: float
    school: str | None
    school_ms: tuple[int, ...]
    times: Times
    judgement: Judgement
    ways: "Mapping[Direction, Way]"
    roads: Mapping[Direction, tuple[str, ...]]
    closures: "tuple[RoadClosure, ...]"
    families: "FamilySummary"
    row: int
    exempt_roads: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    shut_roads: tuple[str, ...] | None = None
    no_school_on_the_map: bool = False
    observed: tuple[ObservedTime, ...] = ()


def home_facts(result: HomeResult, families: "FamilySummary | None" = None) -> HomeFacts:
    """Gather what a home's reasons speak of; `families` instead of what was found of them, where less may be said."""
    return HomeFacts(
        status=result.home.row.status,
        school=result.school,
        times=result.times,
        judgement=result.judgement,
        snap_distance_m=result.snap_distance_m,
        off_the_map=not result.snap_distance_m <= MOST_OPEN_GROUND_M,
        roads=result.roads.get(Direction.TO_SCHOOL, ()),
        school_miles=miles(result.ways.get(Direction.TO_SCHOOL)),
        closures=result.closures,
        families=result.families if families is None else families,
        accuracy_m=result.home.place.accuracy_m,
        exempt_roads=result.exempt_roads,
        unread=result.unread,
        shut_roads=result.shut_roads,
        no_school_on_the_map=result.no_school_on_the_map,
        observed=result.observed,
    )


def miles(way: "Way | None") -> float:
    """Return a way's miles, NaN where there is none."""
    return way.length_m / METRES_PER_MILE if way else float("nan")


def minutes(time_ms: int) -> float:
    """Return minutes, NaN where there is no way."""
    return time_ms / MILLISECONDS_PER_MINUTE if time_ms < NO_WAY_MS else float("nan")
