"""Homes and children's families: minutes by road, miles in a straight line, authorities and exclusions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from siting.evaluation.rules import within_miles
from siting.inputs.authorities import Authorities, plain_name
from siting.inputs.plan_inputs import Child, Home, PlanInputs
from siting.inputs.postcodes import find_postcodes
from siting.place import NATIONAL_GRID, Place
from siting.roads.joining import Joins, join_places
from siting.roads.network import RoadNetwork
from siting.times.matrix import time_matrix_ms
from siting.words import BNG, METRES_PER_MILE, MILLISECONDS_PER_MINUTE, NO_WAY_MS, ChildRef, HomeId, HomeStatus

PAIR_COLUMNS = (
    "home_id", "child_ref", "authority", "home_to_family_min", "family_to_home_min", "straight_line_miles",
    "within_20_miles", "outside_own_authority", "outside_adjoining_authorities", "in_exclusion_zone",
    "over_max_minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One home and one child: None where a test could not be made.

    The family's minutes are those of the worse direction in the rule's scenario, NaN where there is no way.
    """

    home_id: HomeId
    child_ref: ChildRef
    authority: str | None
    home_to_family_min: float
    family_to_home_min: float
    straight_line_m: float
    within_miles: bool
    outside_own_authority: bool | None
    outside_adjoining_authorities: bool | None
    excluded: bool
    over_max_minutes: bool
    family: tuple[int, int]
    home_status: HomeStatus

    @property
    def family_min(self) -> float:
        """The minutes of the worse direction."""
        return max(self.home_to_family_min, self.family_to_home_min)

    @property
    def row(self) -> dict[str, Any]:
        """As a row of the second sheet."""
        return {
            "home_id": self.home_id,
            "child_ref": self.child_ref,
            "authority": self.authority,
            "home_to_family_min": self.home_to_family_min,
            "family_to_home_min": self.family_to_home_min,
            "straight_line_miles": self.straight_line_m / METRES_PER_MILE,
            "within_20_miles": self.within_miles,
            "outside_own_authority": self.outside_own_authority,
            "outside_adjoining_authorities": self.outside_adjoining_authorities,
            "in_exclusion_zone": self.excluded,
            "over_max_minutes": self.over_max_minutes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySummary:
    """One home and all the children. Children are counted; families, where siblings are one, are timed."""

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


def pair_homes_with_children(inputs: PlanInputs, network: RoadNetwork, homes: Joins) -> list[list[Pair]]:
    """Return for each home its pairs, in the order of the children table."""
    if not inputs.children:
        return [[] for _ in inputs.homes]
    rules = inputs.plan.rules
    families = join_places(network, [child.place for child in inputs.children])
    out_min = _minutes(time_matrix_ms(network, homes, families, rules.scenario))
    back_min = _minutes(time_matrix_ms(network, families, homes, rules.scenario).T)
    straight_m = _straight_line_m(inputs, network)
    home_authorities = _authorities_of(inputs.homes, inputs.authorities)
    return [
        [
            _pair(
                inputs,
                home,
                child,
                home_authorities[row],
                out_min[row, column],
                back_min[row, column],
                straight_m[row, column],
            )
            for column, child in enumerate(inputs.children)
        ]
        for row, home in enumerate(inputs.homes)
    ]


def _pair(  # noqa: PLR0913, PLR0917 - one cell of each table
    inputs: PlanInputs,
    home: Home,
    child: Child,
    home_authority: str | None,
    out_min: float,
    back_min: float,
    straight_m: float,
) -> Pair:
    outside_own, outside_adjoining = _authority_tests(home_authority, child.row.authority, inputs.authorities)
    worst_min = max(out_min, back_min)
    return Pair(
        home_id=HomeId(home.row.home_id),
        child_ref=ChildRef(child.row.child_ref),
        authority=child.row.authority,
        home_to_family_min=float(out_min),
        family_to_home_min=float(back_min),
        straight_line_m=float(straight_m),
        within_miles=within_miles(float(straight_m), inputs.plan.rules.family_miles),
        outside_own_authority=outside_own,
        outside_adjoining_authorities=outside_adjoining,
        excluded=_is_excluded(inputs, home, child),
        over_max_minutes=child.row.max_minutes is not None and not worst_min <= child.row.max_minutes,
        family=(round(child.place.x_m), round(child.place.y_m)),
        home_status=home.row.status,
    )


def _is_excluded(inputs: PlanInputs, home: Home, child: Child) -> bool:
    for exclusion in inputs.exclusions:
        if exclusion.row.child_ref == child.row.child_ref:
            centre = exclusion.place.within(home.place.system)
            # Half of what is not known of a rough place is given to the child's safety.
            distance_m = float(np.hypot(centre.x_m - home.place.x_m, centre.y_m - home.place.y_m))
            slack_m = max(exclusion.place.accuracy_m, home.place.accuracy_m) / 2
            if within_miles(distance_m - slack_m, exclusion.row.radius_miles):
                return True
    return False


def _minutes(time_ms: np.ndarray) -> np.ndarray:
    return np.where(time_ms < NO_WAY_MS, time_ms / MILLISECONDS_PER_MINUTE, np.nan)


def _straight_line_m(inputs: PlanInputs, network: RoadNetwork) -> np.ndarray:
    """Measure homes x children from postcode to postcode where both are known, as the national statistic does."""
    home_points = _statistic_points([home.place for home in inputs.homes], network)
    family_points = _statistic_points([child.place for child in inputs.children], network)
    difference = home_points[:, None, :] - family_points[None, :, :]
    return np.asarray(np.hypot(difference[..., 0], difference[..., 1]))


def _statistic_points(places: Sequence[Place], network: RoadNetwork) -> np.ndarray:
    """Return each place's postcode's position if it has one, else its own, in the network's metres."""
    postcodes = find_postcodes(place.postcode for place in places if place.postcode)
    points = []
    for place in places:
        found = postcodes.get(place.postcode) if place.postcode else None
        if found is not None and found.has_position and network.system.epsg == BNG:
            points.append((found.easting_m, found.northing_m))
        else:
            own = place.within(network.system)
            points.append((own.x_m, own.y_m))
    return np.array(points, dtype=np.float64)


def _authorities_of(homes: Sequence[Home], authorities: Authorities | None) -> list[str | None]:
    """Return the authority of each home: by the boundaries where given, else as its row says."""
    if authorities is None:
        return [home.row.authority for home in homes]
    places = [home.place.within(NATIONAL_GRID) for home in homes]
    found = authorities.at(np.array([place.x_m for place in places]), np.array([place.y_m for place in places]))
    return [name or home.row.authority for name, home in zip(found, homes, strict=True)]


def _authority_tests(
    home_authority: str | None, child_authority: str | None, authorities: Authorities | None
) -> tuple[bool | None, bool | None]:
    if home_authority is None or child_authority is None:
        return None, None
    outside_own = plain_name(home_authority) != plain_name(child_authority)
    if authorities is None or not (authorities.knows(child_authority) and authorities.knows(home_authority)):
        return outside_own, False if not outside_own else None
    return outside_own, not authorities.adjoin(child_authority, home_authority)


def summarise_families(pairs: Sequence[Pair]) -> FamilySummary:
    """Sum up one home's pairs; the median is over families, so that siblings do not count twice."""
    by_family: dict[tuple[int, int], float] = {}
    for pair in pairs:
        by_family[pair.family] = pair.family_min
    times_min = np.array(list(by_family.values()), dtype=np.float64)
    # No way is farther than any way, so it must not drop out of a median.
    sorted_min = np.sort(np.where(np.isnan(times_min), np.inf, times_min))
    median = float(np.median(sorted_min)) if len(sorted_min) else np.nan
    worst = float(sorted_min[-1]) if len(sorted_min) else np.nan

    def count(answers: list[bool | None]) -> int | None:
        known = [answer for answer in answers if answer is not None]
        return sum(known) if known else None

    return FamilySummary(
        children=len(pairs),
        families=len(by_family),
        within_miles=sum(pair.within_miles for pair in pairs),
        median_family_min=median if np.isfinite(median) else np.nan,
        worst_family_min=worst if np.isfinite(worst) else np.nan,
        outside_own_authority=count([pair.outside_own_authority for pair in pairs]),
        outside_adjoining_authorities=count([pair.outside_adjoining_authorities for pair in pairs]),
        excluded=sum(pair.excluded for pair in pairs),
        excluded_children=tuple(pair.child_ref for pair in pairs if pair.excluded),
        unreachable_families=int(np.isnan(times_min).sum()),
    )
