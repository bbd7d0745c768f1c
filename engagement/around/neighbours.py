"""The neighbours of a home: every address whose plot, or else building, or else point lies within so many metres.

The rule is Scotland's for neighbour notification: land, other than a road, any part of which is
conterminous with or within the distance of the boundary; all premises on it count, the width of the
road counts towards the distance, and the road itself is no neighbour. Distances are exact, in metres;
what is at the limit is in.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
import shapely

from engagement.around.addresses import Address, buildings_of_households
from engagement.around.boundary import HomeBoundary
from engagement.around.decisions import Decision, Rulings
from engagement.around.plots import MANY_ADDRESSES, Plots, is_huge, is_road
from siting.inputs.plan_parts import LargeParcels
from siting.words import Basis

TOLERANCE_M = 0.0005
"""Half a millimetre: what the arithmetic of a National Grid coordinate may leave of an exact 20 m."""
BORDERLINE_M = 2.0
"""Within this of the limit, either way, a person decides."""
BANDS_M = (30.0, 50.0)
"""The next bands, always shown."""
SHARES_M = 0.1
"""Plots this close share their boundary: files drawn apart leave slivers."""
OWN_HOME = "the home itself"
ANOTHER_HOME = "another home of the plan"
_RANGE = re.compile(r"\s*\d+[A-Za-z]?\s*(?:-|\u2013|/|to)\s*\d+[A-Za-z]?\b", re.IGNORECASE)
_POINT_IN_BUILDING_M = 0.5
_COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What lies around a home, in metres of one system: addresses, plots, buildings and the lines of roads.

    `building_kinds` are OpenStreetMap's words for the buildings, where known; `other_homes` the keys of addresses that
    are other homes of the plan; `sites` are those of caravans.
    """

    addresses: tuple[Address, ...]
    plots: Plots
    buildings: tuple[shapely.Geometry, ...]
    roads: shapely.Geometry
    building_kinds: tuple[str, ...] = ()
    other_homes: frozenset[str] = frozenset()
    sites: tuple[shapely.Geometry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One address that was considered, with every distance that could be measured.

    `distance_m` is the one that decides, of `basis`; the others are NaN where there is no plot or
    building. `because` says in words why it is in or out. `set_aside` are those who must be left alone, by
    decision or since they asked: they stand on no list. `several` are entries that may be several
    households, such as `22-29`; `ask` those on a parcel too large to be judged, of which a person decides.
    """

    address: Address
    basis: Basis
    distance_m: float
    plot_to_plot_m: float
    plot_to_building_m: float
    plot_to_point_m: float
    shares_boundary: bool
    direction: str
    across_road: bool
    invited: bool
    because: str
    borderline: bool = False
    note: str = ""
    group: int = -1
    set_aside: bool = False
    several: bool = False
    ask: bool = False


def consider(  # noqa: PLR0913 - the plan's settings beside what lies around
    home: HomeBoundary,
    own: Address | None,
    around: Surroundings,
    limit_m: float,
    decisions: Rulings,
    *,
    each_side: int = 0,
    large: LargeParcels = LargeParcels.ASK,
) -> tuple[Considered, ...]:
    """Consider every address around a home, nearest first; those of one building stay together.

    An address that stands at two places is considered at both, and answered once.

    Parameters
    ----------
    own
        The home's own entry in the address file, which is no neighbour; None where it is not known.
    decisions
        What was decided by hand, by the key of the address.
    each_side
        Where not 0, the sharers of the boundary and so many homes on either side along the road are in too.
    """
    buildings = buildings_of_households(around.addresses)
    ground = Ground(home, around, count_large=large is LargeParcels.COUNT)
    answers = [_consider(address, home, own, ground, limit_m, buildings) for address in around.addresses]
    if large is LargeParcels.ASK:
        answers = [_asked(answer, ground, limit_m) for answer in answers]
    if each_side:
        answers = _with_doors(answers, own, each_side)
    answers = [_decided(answer, decisions) for answer in answers]
    nearest: dict[str, Considered] = {}
    for answer in sorted(answers, key=_order):
        # An address that stands at two places is one household still, and in by whichever place brings it in.
        before = nearest.get(answer.address.key)
        if before is None or (answer.invited and not before.invited):
            nearest[answer.address.key] = answer
    return tuple(sorted(nearest.values(), key=_order))


def neighbours(considered: Sequence[Considered]) -> tuple[Considered, ...]:
    """Return those that are in."""
    return tuple(one for one in considered if one.invited)


def nearby(considered: Sequence[Considered]) -> tuple[Considered, ...]:
    """Return those left out that lie within the last band."""
    return tuple(
        one
        for one in considered
        if not one.invited and not one.set_aside and (one.distance_m <= BANDS_M[-1] + TOLERANCE_M or one.note or one.ask)
    )


def within(distance_m: float, limit_m: float) -> bool:
    """Test a distance against a limit; exactly at it is in."""
    return distance_m <= limit_m + TOLERANCE_M


class Ground:
    """Looks up the plot and the building of an address."""

    def __init__(self, home: HomeBoundary, around: Surroundings, *, count_large: bool = False) -> None:
        self.home, self.around, self.count_large = home, around, count_large
        points = np.array([(a.x_m, a.y_m) for a in around.addresses if a.kind.left_out is None]).reshape(-1, 2)
        self.plots = np.array(around.plots.shapes, dtype=object)
        self.buildings = np.array(around.buildings, dtype=object)
        self.plot_tree = shapely.STRtree(self.plots)
        self.building_tree = shapely.STRtree(self.buildings)
        self.point_tree = shapely.STRtree(list(np.atleast_1d(np.asarray(shapely.points(points)))))
        self.unusable: dict[int, str | None] = {}

    def plots_of(self, point: shapely.Point) -> tuple[list[int], str]:
        """Return the plots that an address stands on, and why one was passed over."""
        found, note = [], ""
        for i in sorted(self.plot_tree.query(point, predicate="intersects")):
            why = self.why_unusable(int(i))
            if why is None:
                found.append(int(i))
            else:
                note = why
        return found, "" if found else note

    def why_unusable(self, plot: int) -> str | None:
        """Say why a parcel is no single property's land; None where it is."""
        if plot not in self.unusable:
            shape = self.plots[plot]
            count = len(self.point_tree.query(shape, predicate="intersects"))
            if is_road(shape, self.around.roads):
                self.unusable[plot] = "its point lies on a road's parcel, which is no neighbour"
            elif is_huge(shape, count) and not (self.count_large and count <= MANY_ADDRESSES):
                hectares = shapely.area(shape) / 10_000
                self.unusable[plot] = f"its parcel is an estate's ({hectares:.1f} ha, {count} addresses) and was not used"
            else:
                self.unusable[plot] = None
        return self.unusable[plot]

    def building_of(self, point: shapely.Point) -> int | None:
        """Return the building that an address point stands in, the smallest where they overlap."""
        near = self.building_tree.query(point, predicate="dwithin", distance=_POINT_IN_BUILDING_M)
        if not len(near):
            return None
        distances = shapely.distance(self.buildings[near], point)
        smallest = sorted(zip(distances, shapely.area(self.buildings[near]), near, strict=True))
        return int(smallest[0][2])


def _consider(
    address: Address, home: HomeBoundary, own: Address | None, ground: Ground, limit_m: float, buildings: AbstractSet[str]
) -> Considered:
    point = shapely.Point(address.x_m, address.y_m)
    plots, note = ground.plots_of(point)
    building = ground.building_of(point)
    to_plots = [float(shapely.distance(home.area, ground.plots[i])) for i in plots]
    to_plot_m = min(to_plots, default=np.nan)
    to_building_m = float(shapely.distance(home.area, ground.buildings[building])) if building is not None else np.nan
    to_point_m = float(shapely.distance(home.area, point))
    shape: shapely.Geometry = point
    if plots:
        basis, distance_m, shape = Basis.PLOT, to_plot_m, ground.plots[plots[int(np.argmin(to_plots))]]
    elif building is not None:
        basis, distance_m, shape = Basis.BUILDING, to_building_m, ground.buildings[building]
    else:
        basis, distance_m = Basis.POINT, to_point_m
    in_reach = within(distance_m, limit_m)
    left_out = _why_left_out(address, own, buildings) or (ANOTHER_HOME if address.key in ground.around.other_homes else None)
    return Considered(
        address=address,
        basis=basis,
        distance_m=distance_m,
        plot_to_plot_m=to_plot_m,
        plot_to_building_m=to_building_m,
        plot_to_point_m=to_point_m,
        shares_boundary=basis is home.basis and basis is not Basis.POINT and distance_m <= SHARES_M,
        direction=compass(home.area, point),
        across_road=_crosses(home.area, shape, ground.around.roads),
        invited=in_reach and left_out is None,
        because=left_out or _words(basis, distance_m, limit_m, in_reach=in_reach),
        borderline=left_out is None and abs(distance_m - limit_m) <= BORDERLINE_M,
        note=note,
        group=building if building is not None else -1,
        several=left_out is None and _may_be_several(address, building, ground),
    )


def _may_be_several(address: Address, building: int | None, ground: Ground) -> bool:
    """Tell whether an entry may stand for several households: a range of numbers, or a block that has but one address."""
    if _RANGE.match(address.number) or (not address.number and _RANGE.match(address.written)):
        return True
    kinds = ground.around.building_kinds
    if building is None or not kinds or kinds[building] != "apartments" or address.sub_building:
        return False
    return len(ground.point_tree.query(ground.buildings[building], predicate="dwithin", distance=_POINT_IN_BUILDING_M)) == 1


def _asked(one: Considered, ground: Ground, limit_m: float) -> Considered:
    """Leave it to a person where an address stands on a parcel within the distance that is too large to be one house's."""
    if one.invited or one.address.kind.left_out or one.because in {OWN_HOME, ANOTHER_HOME} or one.because.startswith("a parent"):
        return one
    point = shapely.Point(one.address.x_m, one.address.y_m)
    for i in sorted(ground.plot_tree.query(point, predicate="intersects")):
        shape = ground.plots[i]
        count = len(ground.point_tree.query(shape, predicate="intersects"))
        distance_m = float(shapely.distance(ground.home.area, shape))
        if count > MANY_ADDRESSES or not is_huge(shape, count) or is_road(shape, ground.around.roads):
            continue
        if within(distance_m, limit_m):
            hectares = shapely.area(shape) / 10_000
            words = f"its parcel of {hectares:.1f} ha is {distance_m:.2f} m away, and too large to be counted unasked: decide"
            return replace(one, because=words, borderline=True, ask=True)
    return one


def _why_left_out(address: Address, own: Address | None, buildings: AbstractSet[str]) -> str | None:
    if own is not None and address.key == own.key:
        return OWN_HOME
    if address.kind.left_out:
        return address.kind.left_out
    if address.uprn and address.uprn.lstrip("0") in buildings:
        return "a parent shell, whose flats are listed themselves"
    return None


def _words(basis: Basis, distance_m: float, limit_m: float, *, in_reach: bool) -> str:
    thing = {Basis.PLOT: "plot", Basis.BUILDING: "building", Basis.POINT: "address point"}[basis]
    if in_reach:
        return f"its {thing} is within {limit_m:g} m of the home's boundary ({distance_m:.2f} m)"
    # "20.00 m, more than 20 m" would be read as a mistake.
    figures = f"{distance_m:.2f}" if round(distance_m, 2) > limit_m else f"{distance_m:.3f}"
    return f"its {thing} is {figures} m from the home's boundary, more than {limit_m:g} m"


def compass(area: shapely.Geometry, point: shapely.Point) -> str:
    """Say in which direction a point lies from the middle of an area."""
    middle = shapely.centroid(area)
    east, north = point.x - shapely.get_x(middle), point.y - shapely.get_y(middle)
    if east == 0 and north == 0:
        return "here"
    return _COMPASS[round(np.degrees(np.arctan2(east, north)) / 45) % 8]


def _crosses(area: shapely.Geometry, shape: shapely.Geometry, roads: shapely.Geometry) -> bool:
    """Tell whether a road lies between a home and what its distance was measured to."""
    line = shapely.shortest_line(area, shape)
    return bool(shapely.length(line) > 0 and shapely.intersects(line, roads))


def _with_doors(answers: list[Considered], own: Address | None, each_side: int) -> list[Considered]:
    """Take in those who share the boundary and so many homes on either side along the home's own street and side."""
    if own is None or not own.street:
        return [_taken(one, "it shares the boundary") if one.shares_boundary and not one.invited else one for one in answers]
    street = [
        one
        for one in answers
        if one.address.street.casefold() == own.street.casefold()
        and not one.across_road
        and one.address.kind.left_out is None
        and one.because not in {OWN_HOME, ANOTHER_HOME}
    ]
    along = _along(street, own)
    chosen: dict[str, str] = {}
    for side in (-1, 1):
        beside = sorted((abs(at), key) for key, at in along.items() if np.sign(at) == side)
        doors: list[float] = []
        for at, key in beside:
            # Flats of one building are one door.
            if not doors or at - doors[-1] > 1.0:
                doors.append(at)
            if len(doors) > each_side:
                break
            chosen[key] = f"it is door {len(doors)} on {'one' if side < 0 else 'the other'} side along {own.street}"
    result = []
    for one in answers:
        why = chosen.get(one.address.key) or ("it shares the boundary" if one.shares_boundary else None)
        result.append(_taken(one, why) if why and not one.invited and _may_be_told(one) else one)
    return result


def _along(street: Sequence[Considered], own: Address) -> dict[str, float]:
    """Measure how far along the street's own direction each address lies from the home."""
    if not street:
        return {}
    points = np.array([(one.address.x_m - own.x_m, one.address.y_m - own.y_m) for one in street])
    _, _, axes = np.linalg.svd(np.vstack([points, [[0.0, 0.0]]]) - points.mean(axis=0), full_matrices=False)
    return {one.address.key: float(at) for one, at in zip(street, points @ axes[0], strict=True)}


def _may_be_told(one: Considered) -> bool:
    return one.address.kind.left_out is None and not one.because.startswith((OWN_HOME, ANOTHER_HOME, "a parent shell"))


def _taken(one: Considered, why: str) -> Considered:
    return replace(one, invited=True, because=why)


def _decided(one: Considered, decisions: Rulings) -> Considered:
    decided = decisions.get(one.address.key)
    if decided is None:
        return one
    added = decided.decision is Decision.ADD
    return replace(one, invited=added, because=decided.because, note=decided.decision.value, set_aside=not added)


def _order(one: Considered) -> tuple[float, int, tuple[tuple[int, str], ...], str]:
    return (round(one.distance_m, 3), one.group, natural_key(one.address.door), one.address.key)


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """Order doors as people do: 2 before 10, 12 before 12A, `Flat 2, 14` by its figures."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    return tuple((int(part), "") if part.isdecimal() else (-1, part.strip()) for part in parts)
