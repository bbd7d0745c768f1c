"""Homes x schools x children to the evaluation: one row a home, best first, and one a home and child."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.arrays import Int64
from siting.evaluation.extract_edge import edge_warnings, lacking_warnings, off_the_map_warnings, roads_cut_off
from siting.evaluation.families import FamilyPairs, FamilySummary, pair_homes_with_children, summarise_families
from siting.evaluation.frames import homes_frame, routes_frame, schools_frame
from siting.evaluation.home_result import HomeResult
from siting.evaluation.places_on_roads import PlacesOnRoads, join_inputs
from siting.evaluation.reasons import ObservedTime
from siting.evaluation.rules import MinutesRule, Times, judge_minutes, worse_direction_ms
from siting.faults import Fault
from siting.inputs.observed import ObservedJourney
from siting.inputs.observed_hours import scenario_of
from siting.inputs.plan_inputs import PlanInputs
from siting.isochrones.areas import isochrones, shared_surface
from siting.progress import Progress, each, silent
from siting.roads.joining import Joins
from siting.roads.network import RoadNetwork
from siting.times.closures import RoadClosure, close_main_roads
from siting.times.routing import Reach, Way, exempt_ends, main_roads, reach, times_at, unread_on, way_between
from siting.words import MILLISECONDS_PER_MINUTE, MOST_OPEN_GROUND_M, NO_WAY_MS, Direction, Scenario, Verdict

RANKING = (
    "Homes are ranked by verdict (pass, marginal, fail, unreachable); among equals by how many children's families "
    "live within the plan's miles, most first; then by the median minutes to a family; then by the minutes to school "
    "in the worse direction; then by home_id."
)

ISOCHRONE_MINUTES = (15.0, 30.0)
"""Drawn besides the rule's own minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The evaluation of a plan.

    Attributes
    ----------
    homes
        One row a home, best first; points in the network's metres.
    families
        Every home with every child, as arrays in the order of the users' tables.
    joined
        Where homes, children and schools meet the roads.
    schools, routes, isochrones
        For the map: points, lines and areas in the network's metres.
    results
        The same by home, in the order of `homes`, as values.
    network
        What it was computed on.
    warnings
        What to check in the network.
    """

    homes: gpd.GeoDataFrame
    families: FamilyPairs
    joined: PlacesOnRoads
    schools: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    isochrones: gpd.GeoDataFrame
    results: tuple[HomeResult, ...]
    network: RoadNetwork
    warnings: tuple[Fault, ...] = ()

    @property
    def pairs(self) -> pd.DataFrame:
        """One row a home and child, in the order of `homes`; made anew at each look."""
        return self.families.frame([result.row for result in self.results])


def evaluate_inputs(
    inputs: PlanInputs,
    network: RoadNetwork,
    *,
    observed: Sequence[ObservedJourney] = (),
    with_areas: bool = True,
    progress: Progress = silent,
) -> Evaluation:
    """Judge every home of a plan by its rules; the areas are for maps, and take longest.

    Journeys that were observed are told in the reasons of their homes.
    """
    rules = inputs.plan.rules
    progress("joining the places to the roads")
    joined = join_inputs(inputs, network)
    reaches = school_reaches(network, joined.schools)
    families = pair_homes_with_children(inputs, network, joined, progress)
    results = [
        replace(result, observed=_observed_of(result, inputs, reaches, joined, observed))
        for result in judge_homes(inputs, network, reaches, joined, families, progress)
    ]
    progress("drawing the areas")
    limits = sorted({*ISOCHRONE_MINUTES, rules.school_minutes})
    source = inputs.plan.area.network or inputs.plan.area.place or ""
    return Evaluation(
        homes=homes_frame(results, inputs, network),
        families=families,
        joined=joined,
        schools=schools_frame(inputs, network, joined.schools),
        routes=routes_frame(results, network),
        isochrones=_areas(network, joined.schools, limits if with_areas else []),
        results=tuple(results),
        network=network,
        warnings=lacking_warnings(source, network.lacks)
        + off_the_map_warnings(source, [school.name for school in inputs.schools], joined.schools)
        + edge_warnings(
            source,
            roads_cut_off(
                network,
                [found for (_, scenario, _), found in reaches.items() if scenario is rules.scenario],
                rules.school_ms,
            ),
            rules.school_minutes,
        ),
    )


def _areas(network: RoadNetwork, schools: Joins, limits: list[float]) -> gpd.GeoDataFrame:
    if not limits:
        return gpd.GeoDataFrame({"minutes": [], "direction": [], "scenario": []}, geometry=[], crs=network.system.epsg)
    surface = shared_surface(network, schools, limits[-1])
    areas = [
        isochrones(network, schools, limits, direction, scenario, surface=surface)
        for direction in Direction
        for scenario in Scenario
    ]
    return gpd.GeoDataFrame(pd.concat(areas, ignore_index=True), crs=network.system.epsg)


SchoolReaches = Mapping[tuple[int, Scenario, Direction], Reach]
"""What can be reached from each school: by its position, scenario and direction."""


def school_reaches(network: RoadNetwork, schools: Joins) -> SchoolReaches:
    """Search from every school, in every scenario and direction."""
    return {
        (row, scenario, direction): reach(network, schools[row : row + 1], scenario, direction)
        for row in range(len(schools))
        for scenario in Scenario
        for direction in Direction
    }


def judge_homes(
    inputs: PlanInputs,
    network: RoadNetwork,
    reaches: SchoolReaches,
    joined: PlacesOnRoads,
    families: FamilyPairs,
    progress: Progress = silent,
) -> list[HomeResult]:
    """Judge the homes of a plan from what its schools reach; best first."""
    rules, homes = inputs.plan.rules, joined.homes
    rule = MinutesRule(
        limit_ms=rules.school_ms,
        scenario=rules.scenario,
        error_share=network.model["model_error"],
        bad_day_factor=network.model["bad_day"],
    )
    on_map = homes.distance_m <= MOST_OPEN_GROUND_M
    times_ms = {key: np.where(on_map, times_at(found, homes), NO_WAY_MS) for key, found in reaches.items()}
    summaries = summarise_families(families)
    journeys = _Journeys(homes=homes, reaches=reaches, times_ms=times_ms)
    rows = range(len(inputs.homes))
    # The searches of what-ifs let the lock of Python go, so that two homes are judged at a time.
    with ThreadPoolExecutor(max_workers=2) as pool:
        judged = [pool.submit(_judge, row, inputs, journeys, rule, summaries[row]) for row in rows]
        return sorted((home.result() for home in each(judged, "judging the homes", progress)), key=rank_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Journeys:
    """All homes' journeys: by school, scenario and direction."""

    homes: Joins
    reaches: SchoolReaches
    times_ms: Mapping[tuple[int, Scenario, Direction], Int64]


def _judge(row: int, inputs: PlanInputs, journeys: _Journeys, rule: MinutesRule, families: FamilySummary) -> HomeResult:
    """Judge one home by the school that is nearest in the rule's scenario and its worse direction."""
    homes, reaches = journeys.homes, journeys.reaches

    def times_of(school: int) -> Times:
        return {(s, d): int(journeys.times_ms[school, s, d][row]) for s in Scenario for d in Direction}

    by_school = [times_of(school) for school in range(len(inputs.schools))]
    nearest = min(range(len(by_school)), key=lambda school: (worse_direction_ms(by_school[school], rule.scenario), school))
    times = by_school[nearest]
    judgement = judge_minutes(times, rule)
    ways: dict[Direction, Way] = {}
    if judgement.verdict is not Verdict.UNREACHABLE:
        for direction in Direction:
            way = way_between(reaches[nearest, rule.scenario, direction], homes, row)
            if way is not None:
                ways[direction] = way
    network = reaches[nearest, rule.scenario, Direction.TO_SCHOOL].network
    closures: tuple[RoadClosure, ...] = ()
    if judgement.verdict is Verdict.MARGINAL:
        both = {direction: reaches[nearest, rule.scenario, direction] for direction in Direction}
        closures = close_main_roads(both, homes[row : row + 1], ways)
    return HomeResult(
        home=inputs.homes[row],
        snap_distance_m=float(homes.distance_m[row]),
        school=inputs.schools[nearest].name if judgement.verdict is not Verdict.UNREACHABLE else None,
        school_ms=tuple(worse_direction_ms(found, rule.scenario) for found in by_school),
        times=times,
        judgement=judgement,
        ways=ways,
        roads={direction: main_roads(network, way) for direction, way in ways.items()},
        closures=closures,
        families=families,
        row=row,
        exempt_roads=exempt_ends(network, ways) if rule.scenario is Scenario.SCHOOL_RUN else (),
        unread=unread_on(network, ways),
        shut_roads=_shut_roads(row, journeys, rule, by_school) if judgement.verdict is Verdict.UNREACHABLE else None,
        no_school_on_the_map=all(found.hub.segment[0] < 0 for found in reaches.values()),
    )


_MOST_TOLD = 3


def _observed_of(
    result: HomeResult,
    inputs: PlanInputs,
    reaches: SchoolReaches,
    joined: PlacesOnRoads,
    observed: Sequence[ObservedJourney],
) -> tuple[ObservedTime, ...]:
    """Gather a home's observed journeys to and from schools, the latest first, with the model's minutes.

    Those to other places are left out: a family may live there, and reasons go further than a family's place may.
    """
    home_id = result.home.row.home_id
    schools: list[str | None] = [school.name for school in inputs.schools]
    found: list[ObservedTime] = []
    for journey in sorted(observed, key=lambda one: one.day, reverse=True):
        direction = Direction.TO_SCHOOL if journey.ends[0] == home_id else Direction.FROM_SCHOOL
        own, other = journey.ends if direction is Direction.TO_SCHOOL else journey.ends[::-1]
        if own != home_id or other not in schools or len(found) == _MOST_TOLD:
            continue
        scenario = scenario_of(journey.day, journey.departed)
        home = joined.homes[result.row : result.row + 1]
        model_ms = int(times_at(reaches[schools.index(other), scenario, direction], home)[0])
        found.append(
            ObservedTime(
                label=journey.label,
                minutes=journey.minutes,
                source=journey.source,
                day=journey.day,
                departed=journey.departed,
                scenario=scenario,
                model_min=model_ms / MILLISECONDS_PER_MINUTE if model_ms < NO_WAY_MS else np.nan,
            )
        )
    return tuple(found)


def _shut_roads(row: int, journeys: _Journeys, rule: MinutesRule, by_school: Sequence[Times]) -> tuple[str, ...] | None:
    """Name the home's and its school's road where they are shut on the school run; None where not hours are why."""
    at_other_hours = [worse_direction_ms(times, Scenario.TYPICAL) for times in by_school]
    if rule.scenario is not Scenario.SCHOOL_RUN or not at_other_hours or min(at_other_hours) >= NO_WAY_MS:
        return None
    hub = journeys.reaches[int(np.argmin(at_other_hours)), rule.scenario, Direction.TO_SCHOOL]
    ends = (int(journeys.homes.segment[row]), int(hub.hub.segment[0]))
    return tuple(dict.fromkeys(hub.network.road_name(end) for end in ends if hub.network.shut_on_school_run(end)))


def rank_key(result: HomeResult) -> tuple[Any, ...]:
    """Return what homes are ranked by, the best least (see `RANKING`)."""
    families = result.families
    median_min = families.median_family_min
    return (
        list(Verdict).index(result.judgement.verdict),
        -families.within_miles,
        np.inf if np.isnan(median_min) else median_min,
        -float(np.nan_to_num(result.judgement.margin_min)),
        result.home.row.home_id,
    )
