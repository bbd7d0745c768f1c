"""Homes and children's families: minutes and miles by road, miles in a straight line, authorities and exclusions.

All homes x children are held as arrays; what is not known is not a number, or `NOT_KNOWN`, and never no.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.arrays import Bool, Float64, Int8, Int64
from siting.crs import between_metric
from siting.evaluation.places_on_roads import PlacesOnRoads
from siting.inputs.authorities import Authorities
from siting.inputs.council_names import plain_name
from siting.inputs.plan_inputs import Exclusion, Home, PlanInputs
from siting.inputs.postcodes import find_postcodes
from siting.place import NATIONAL_GRID, Place
from siting.progress import Progress, silent
from siting.roads.network import RoadNetwork
from siting.times.matrix import Question, journeys
from siting.words import BNG, METRES_PER_MILE, MILLISECONDS_PER_MINUTE, MOST_OPEN_GROUND_M, NO_WAY_MS, ChildRef, HomeId

NATIONAL_MILES: Final = 20.0
"""The national statistic on placements far from home parts them here, in a straight line from postcode to postcode."""
NATIONAL_BANDS: Final = ("20 miles or less", "Over 20 miles", "Not known")
"""Its bands, in its own words (Department for Education, Children looked after in England)."""

NOT_KNOWN: Final = -1
"""The answer to a test that could not be made; yes is 1 and no is 0."""

PAIR_COLUMNS = (
    "home_id", "child_ref", "authority", "home_to_family_min", "family_to_home_min", "road_miles", "straight_line_miles",
    "within_family_miles", "national_statistic_band", "outside_own_authority", "outside_adjoining_authorities",
    "in_exclusion_zone", "over_max_minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FamilyPairs:
    """Every home with every child.

    Attributes
    ----------
    home_ids, child_refs
        What the rows and columns of the arrays stand for; in the order of the users' tables.
    authorities
        The council responsible for each child, None where it is not given.
    to_family_ms, from_family_ms
        Int64, homes x children, in the rule's scenario; `NO_WAY_MS` where there is no way.
    road_m
        Float64, homes x children, metres by road from home to family; NaN where there is no way.
    straight_line_m
        Float64, homes x children, metres from postcode to postcode where both are known; NaN where no place is.
    within_miles, over_national_miles, outside_own, outside_adjoining, over_max
        Int8, homes x children: 1, 0 or `NOT_KNOWN`.
    excluded
        Bool, homes x children: in an exclusion zone of the child.
    family
        Int64, a number a child: children of one place have the same; `NOT_KNOWN` without a place.
    on_roads
        Bool, a flag a child: its family's place is known and lies on the roads read, so that minutes mean something.
    """

    home_ids: tuple[HomeId, ...]
    child_refs: tuple[ChildRef, ...]
    authorities: tuple[str | None, ...]
    to_family_ms: Int64
    from_family_ms: Int64
    road_m: Float64
    straight_line_m: Float64
    within_miles: Int8
    over_national_miles: Int8
    outside_own: Int8
    outside_adjoining: Int8
    over_max: Int8
    excluded: Bool
    family: Int64
    on_roads: Bool

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.home_ids) * len(self.child_refs)

    @property
    def worse_ms(self) -> Int64:
        """The milliseconds of the worse direction, homes x children."""
        return np.maximum(self.to_family_ms, self.from_family_ms)

    def family_min(self, home: int) -> Float64:
        """Return one home's minutes to each family in the worse direction; NaN where there is no way or it is not known."""
        return self._minutes(np.maximum(self.to_family_ms[home], self.from_family_ms[home]))

    def frame(self, homes: Sequence[int]) -> pd.DataFrame:
        """Return the pairs of some homes, by their rows, one a row; None where a test could not be made."""
        rows = np.asarray(homes, dtype=np.int64)
        count, across = len(rows), len(self.child_refs)
        names = sorted({name for name in self.authorities if name is not None})
        councils = np.array([NOT_KNOWN if name is None else names.index(name) for name in self.authorities], dtype=np.int64)
        band = np.where(self.over_national_miles[rows] == NOT_KNOWN, 2, self.over_national_miles[rows])
        columns = (
            _named(np.repeat(rows, across), self.home_ids),
            _named(np.tile(np.arange(across), count), self.child_refs),
            _named(np.tile(councils, count), names),
            self._minutes(self.to_family_ms[rows]).ravel(),
            self._minutes(self.from_family_ms[rows]).ravel(),
            (np.where(self.on_roads, self.road_m[rows], np.nan) / METRES_PER_MILE).ravel(),
            (self.straight_line_m[rows] / METRES_PER_MILE).ravel(),
            _answers(self.within_miles[rows]),
            _named(band.ravel(), NATIONAL_BANDS),
            _answers(self.outside_own[rows]),
            _answers(self.outside_adjoining[rows]),
            self.excluded[rows].ravel(),
            _answers(self.over_max[rows]),
        )
        return pd.DataFrame(dict(zip(PAIR_COLUMNS, columns, strict=True)))

    def _minutes(self, time_ms: Int64) -> Float64:
        return np.where((time_ms < NO_WAY_MS) & self.on_roads, time_ms / MILLISECONDS_PER_MINUTE, np.nan)


def _named(codes: NDArray[np.integer[Any]], names: Sequence[str]) -> "pd.Categorical[str]":
    """Return names by their numbers, which take little room however many there are; `NOT_KNOWN` is no name."""
    return pd.Categorical.from_codes(codes, categories=pd.Index([str(name) for name in names]))


def _answers(codes: Int8) -> "pd.Series[bool]":
    return pd.Series(pd.array(codes.ravel() == 1, dtype="boolean")).mask(codes.ravel() == NOT_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySummary:
    """One home and all the children. Children are counted; families, where siblings are one, are timed.

    `place_not_known` counts the children of whose family no place is given: they are in `children` and in no test of miles
    or minutes. `off_the_roads` counts those whose family lives beyond the roads that were read.
    """

    children: int
    families: int
    within_miles: int
    median_family_min: float
    worst_family_min: float
    outside_own_authority: int | None
    outside_adjoining_authorities: int | None
    excluded: int
    excluded_children: tuple[ChildRef, ...]
    unreachable_families: int
    over_national_miles: int = 0
    place_not_known: int = 0
    off_the_roads: int = 0


NO_FAMILIES: Final = FamilySummary(
    children=0,
    families=0,
    within_miles=0,
    median_family_min=float("nan"),
    worst_family_min=float("nan"),
    outside_own_authority=None,
    outside_adjoining_authorities=None,
    excluded=0,
    excluded_children=(),
    unreachable_families=0,
)
"""What is said of families where there are none, or where nothing may be said."""


def pair_homes_with_children(
    inputs: PlanInputs, network: RoadNetwork, joined: PlacesOnRoads, progress: Progress = silent
) -> FamilyPairs:
    """Time and test every home with every child."""
    rules = inputs.plan.rules
    homes, families = joined.homes, joined.children
    off = ~(homes.distance_m <= MOST_OPEN_GROUND_M)
    out = journeys(Question(network=network, origins=homes, destinations=families, scenario=rules.scenario), progress)
    back = journeys(
        Question(network=network, origins=families, destinations=homes, scenario=rules.scenario, with_metres=False)
    ).time_ms.T
    to_ms, from_ms = (np.where(off[:, None], NO_WAY_MS, time_ms) for time_ms in (out.time_ms, back))
    straight_m = _straight_line_m(inputs, network)
    known = np.array([child.place is not None for child in inputs.children], dtype=bool)
    outside_own, outside_adjoining = _authority_tests(inputs)
    worse_ms = np.maximum(to_ms, from_ms)
    most_ms = np.array([NO_WAY_MS if (most := child.row.max_ms) is None else most for child in inputs.children], dtype=np.int64)
    return FamilyPairs(
        home_ids=tuple(HomeId(home.row.home_id) for home in inputs.homes),
        child_refs=tuple(ChildRef(child.row.child_ref) for child in inputs.children),
        authorities=tuple(child.row.authority for child in inputs.children),
        to_family_ms=to_ms,
        from_family_ms=from_ms,
        road_m=np.where(to_ms < NO_WAY_MS, out.length_m, np.nan),
        straight_line_m=straight_m,
        within_miles=_within(straight_m, rules.family_miles),
        over_national_miles=_opposite(_within(straight_m, NATIONAL_MILES)),
        outside_own=outside_own,
        outside_adjoining=outside_adjoining,
        over_max=np.where(known | (most_ms >= NO_WAY_MS), worse_ms > most_ms, NOT_KNOWN).astype(np.int8),
        excluded=_excluded(inputs),
        family=_family_numbers([child.place for child in inputs.children]),
        on_roads=known & (families.distance_m <= MOST_OPEN_GROUND_M),
    )


def _within(distance_m: Float64, miles: float) -> Int8:
    """Test straight lines against so many miles, as `rules.within_miles` does one; NaN is not known."""
    return np.where(np.isnan(distance_m), NOT_KNOWN, distance_m <= miles * METRES_PER_MILE).astype(np.int8)


def _opposite(answers: Int8) -> Int8:
    return np.where(answers == NOT_KNOWN, NOT_KNOWN, 1 - answers).astype(np.int8)


def _family_numbers(places: Iterable[Place | None]) -> Int64:
    """Give each family a number: children whose places are the same metre are one."""
    numbers: dict[tuple[int, int], int] = {}
    return np.array(
        [
            NOT_KNOWN if place is None else numbers.setdefault((round(place.x_m), round(place.y_m)), len(numbers))
            for place in places
        ],
        dtype=np.int64,
    )


def _excluded(inputs: PlanInputs) -> Bool:
    """Test every home against the zones of every child."""
    answer = np.zeros((len(inputs.homes), len(inputs.children)), dtype=np.bool_)
    columns: dict[str, list[int]] = {}
    for column, child in enumerate(inputs.children):
        columns.setdefault(child.row.child_ref, []).append(column)
    for exclusion in inputs.exclusions:
        inside = _in_zone(inputs.homes, exclusion)
        for column in columns.get(exclusion.row.child_ref, ()):
            answer[:, column] |= inside
    return answer


def _in_zone(homes: Sequence[Home], exclusion: Exclusion) -> Bool:
    """Test homes against one zone."""
    centres = {system: exclusion.place.within(system) for system in {home.place.system for home in homes}}
    centre = np.array([(centres[home.place.system].x_m, centres[home.place.system].y_m) for home in homes])
    places = np.array([(home.place.x_m, home.place.y_m) for home in homes])
    # Half of what is not known of a rough place is given to the child's safety.
    slack_m = np.array([max(exclusion.place.accuracy_m, home.place.accuracy_m) / 2 for home in homes])
    distance_m = np.hypot(*(centre - places).T)
    return np.asarray(distance_m - slack_m <= exclusion.row.radius_miles * METRES_PER_MILE, dtype=np.bool_)


def _straight_line_m(inputs: PlanInputs, network: RoadNetwork) -> Float64:
    """Measure homes x children from postcode to postcode where both are known, as the national statistic does."""
    home_points = _statistic_points([home.place for home in inputs.homes], network)
    family_points = _statistic_points([child.place for child in inputs.children], network)
    return np.hypot(home_points[:, None, 0] - family_points[None, :, 0], home_points[:, None, 1] - family_points[None, :, 1])


def _statistic_points(places: Sequence[Place | None], network: RoadNetwork) -> Float64:
    """Return each place's postcode's position if it has one, else its own, in the network's metres; NaN without a place."""
    points = np.full((len(places), 2), np.nan)
    for system in {place.system for place in places if place is not None}:
        rows = [row for row, place in enumerate(places) if place is not None and place.system == system]
        own = np.array([(place.x_m, place.y_m) for place in places if place is not None and place.system == system])
        points[rows] = np.column_stack(between_metric(own[:, 0], own[:, 1], system, network.system))
    if network.system.epsg == BNG:
        postcodes = find_postcodes(place.postcode for place in places if place is not None and place.postcode)
        for row, place in enumerate(places):
            found = postcodes.get(place.postcode) if place is not None and place.postcode else None
            if found is not None and found.has_position:
                points[row] = found.easting_m, found.northing_m
    return points


def authorities_of(homes: Sequence[Home], authorities: Authorities | None) -> list[str | None]:
    """Return the authority of each home: by the boundaries where given, else as its row says."""
    if authorities is None:
        return [home.row.authority for home in homes]
    places = [home.place.within(NATIONAL_GRID) for home in homes]
    found = authorities.at(np.array([place.x_m for place in places]), np.array([place.y_m for place in places]))
    return [name or home.row.authority for name, home in zip(found, homes, strict=True)]


def _authority_tests(inputs: PlanInputs) -> tuple[Int8, Int8]:
    """Test homes x children: outside the child's own authority, and outside every one that adjoins it too."""
    own = authorities_of(inputs.homes, inputs.authorities)
    responsible = [child.row.authority for child in inputs.children]
    homes, home_at = _numbered(own)
    councils, child_at = _numbered(responsible)
    # There are few councils beside the pairs, so each two are compared once.
    codes = np.array(
        [[_authority_test(home, council, inputs.authorities) for council in councils] for home in homes], dtype=np.int8
    ).reshape(len(homes), len(councils), 2)
    return tuple(np.ascontiguousarray(codes[home_at][:, child_at, test]) for test in (0, 1))  # type: ignore[return-value]


def _numbered(names: Sequence[str | None]) -> tuple[list[str | None], Int64]:
    """Return the names once each, and the number of each one given."""
    numbers: dict[str | None, int] = {}
    at = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
    return list(numbers), at


def _authority_test(home_authority: str | None, child_authority: str | None, authorities: Authorities | None) -> tuple[int, int]:
    if home_authority is None or child_authority is None:
        return NOT_KNOWN, NOT_KNOWN
    outside_own = plain_name(home_authority) != plain_name(child_authority)
    if authorities is None or not (authorities.knows(child_authority) and authorities.knows(home_authority)):
        return int(outside_own), NOT_KNOWN if outside_own else 0
    return int(outside_own), int(not authorities.adjoin(child_authority, home_authority))


def summarise_families(pairs: FamilyPairs) -> tuple[FamilySummary, ...]:
    """Sum up each home's pairs; the median is over families, so that siblings do not count twice."""
    # One child of each family stands for all of them.
    numbers, first = np.unique(pairs.family, return_index=True)
    timed = first[(numbers != NOT_KNOWN) & pairs.on_roads[first]]
    worse_ms = np.maximum(pairs.to_family_ms[:, timed], pairs.from_family_ms[:, timed])
    # No way is farther than any way, so it must not drop out of a median.
    times_min = np.where(worse_ms < NO_WAY_MS, worse_ms / MILLISECONDS_PER_MINUTE, np.inf)
    nothing = np.full(len(pairs.home_ids), np.nan)
    median_min = np.median(times_min, axis=1) if len(timed) else nothing
    worst_min = times_min.max(axis=1) if len(timed) else nothing
    excluded = [tuple(pairs.child_refs[column] for column in np.flatnonzero(row)) for row in pairs.excluded]
    return tuple(
        FamilySummary(
            children=len(pairs.child_refs),
            families=len(set(pairs.family.tolist()) - {NOT_KNOWN}),
            within_miles=int((pairs.within_miles[row] == 1).sum()),
            over_national_miles=int((pairs.over_national_miles[row] == 1).sum()),
            median_family_min=_finite(median_min[row]),
            worst_family_min=_finite(worst_min[row]),
            outside_own_authority=_count(pairs.outside_own[row]),
            outside_adjoining_authorities=_count(pairs.outside_adjoining[row]),
            excluded=len(excluded[row]),
            excluded_children=excluded[row],
            unreachable_families=int(np.isinf(times_min[row]).sum()),
            place_not_known=int((pairs.family == NOT_KNOWN).sum()),
            off_the_roads=int(((pairs.family != NOT_KNOWN) & ~pairs.on_roads).sum()),
        )
        for row in range(len(pairs.home_ids))
    )


def _finite(value_min: float) -> float:
    return float(value_min) if np.isfinite(value_min) else float("nan")


def _count(answers: Int8) -> int | None:
    return int((answers == 1).sum()) if (answers != NOT_KNOWN).any() else None
