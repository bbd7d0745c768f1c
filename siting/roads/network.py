"""A road network for cars: a frozen value of arrays, in metres.

Between two junctions runs a *segment*; each segment has two *arcs*, 2 s in its own direction and
2 s + 1 against it, of which one may be forbidden. The graph's *states* are arcs, so that a cost
belongs to each turn from one arc into the next. An arc that may be used only at the ends of a
journey (a private road) has two states: one for leaving it at the start, one for entering it at
the end. No link leads from entering back to open road, which is what "no through way" means.

All times are whole milliseconds, so that sums are exact in whatever order they are made.
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float32, Float64, Int8, Int32, Int64
from siting.crs import MetricSystem
from siting.kernels.closed_arrays import close_arrays
from siting.roads.join_grid import JoinGrid
from siting.travel_model import ROAD_CLASSES, TravelModel
from siting.words import Scenario

SCENARIOS: tuple[Scenario, ...] = tuple(Scenario)
"""The order of the scenarios in arrays."""
ALL_SCENARIOS = 2 ** len(SCENARIOS) - 1
"""A bit for each scenario."""
SHUT_MS = 2**30 + 2**29
"""What a link costs in a scenario in which it may not be driven: more than any journey, and safe to add to one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Pieces of road between junctions.

    Attributes
    ----------
    from_junction, to_junction
        Int32, one a segment.
    length_m
        Float64, along the road.
    road
        Int32, the index of its name and reference in the network's `road_names`.
    road_class
        Int8, the index of its class in `ROAD_CLASSES`.
    density
        Float32: how dense the town is around, `density.Density.town_per_km2`.
    joinable, open_road
        Bool: may be joined to a home; open to through traffic one way at least.
    handicap_m
        Float64, by how much nearer than any other a segment must be for a home to be joined to it.
    geometry_start, x_m, y_m
        Where each segment's points begin, one longer than the segments; the points in metres.
    """

    from_junction: Int32
    to_junction: Int32
    length_m: Float64
    road: Int32
    road_class: Int8
    density: Float32
    joinable: Bool
    open_road: Bool
    handicap_m: Float64
    geometry_start: Int64
    x_m: Float64
    y_m: Float64

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)

    def __len__(self) -> int:
        """Count the segments."""
        return len(self.length_m)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fences:
    """What no private way crosses: shores, rivers, motorways; and where the file of roads ends.

    Attributes
    ----------
    start, x_m, y_m
        Where each line begins, one longer than the lines; their points in metres.
    bounds_m
        Float64: west, south, east, north, within which the roads are known; infinite where nothing says it.
    """

    start: Int64
    x_m: Float64
    y_m: Float64
    bounds_m: Float64

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """The turns from state to state, sorted by the state that they are listed under.

    Attributes
    ----------
    start
        Int64, where each state's links begin; one longer than the states.
    other
        Int32, the state at the other end.
    cost_ms
        Int32, scenarios x links: the turn and the whole of the arc turned into; `SHUT_MS` where one may
        not be driven in that scenario.
    """

    start: Int64
    other: Int32
    cost_ms: Int32

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadNetwork:
    """A road network for cars.

    Attributes
    ----------
    system
        Its coordinate system, in metres.
    grid
        Where the pieces of road lie that a home may be joined to.
    fences, fence_grid
        What a way from a house to its road does not cross, and where its pieces lie.
    arc_ms
        Int32, scenarios x arcs: the time along each arc.
    leaving_state, entering_state
        Int32, scenarios x arcs: an arc's state at the start and at the end of a journey (the same on
        open roads); -1 where cars may not drive that way in that scenario.
    state_arc
        Int32, one a state.
    twin
        Int32, one a state: another state of the same arc, for cars that a turn restriction by way of
        that road binds, since they came from where it begins; -1 where there is none.
    onward, backward
        Links listed under the state they leave, and under the state they arrive at.
    road_names
        Name and reference of each road, tab between.
    model
        The travel-time model that the times were made with.
    unread, unread_kinds
        Int8, one a segment: of which of the kinds something is that its tags say and that is not
        read; -1 where all is.
    left_out
        What of the source was not used, and how often.
    lacks
        What the source does not hold, since whoever made it leaves it out of every file.
    fingerprint
        Tells this source with these figures from any other; empty for a network made in memory.
    """

    system: MetricSystem
    segments: Segments
    grid: JoinGrid
    fences: Fences
    fence_grid: JoinGrid
    arc_ms: Int32
    leaving_state: Int32
    entering_state: Int32
    state_arc: Int32
    twin: Int32
    onward: Links
    backward: Links
    road_names: tuple[str, ...]
    model: TravelModel
    unread: Int8
    unread_kinds: tuple[str, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    lacks: str = ""
    fingerprint: str = ""

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)

    def road_name(self, segment: int) -> str:
        """Return what people call a segment's road: its reference, else its name, else its kind."""
        name, _, ref = self.road_names[self.segments.road[segment]].partition("\t")
        road_class = ROAD_CLASSES[self.segments.road_class[segment]].replace("_", " ")
        return ref.split(";")[0] or name or f"an unnamed {road_class} road".replace("road road", "road")

    def only_with_exemption(self, segments: Int64) -> Bool:
        """Tell which roads are shut on the school run but to those who live or work in them."""
        school_run, typical = (self.leaving_state[scenario_index(s)] for s in (Scenario.SCHOOL_RUN, Scenario.TYPICAL))
        arcs = np.column_stack([2 * segments, 2 * segments + 1])
        return np.asarray(((school_run[arcs] != typical[arcs]) & (school_run[arcs] >= 0)).any(axis=1))

    def shut_on_school_run(self, segment: int) -> bool:
        """Tell whether nobody may drive on a road on the school run, one way at least, though they may at other hours."""
        school_run, typical = scenario_index(Scenario.SCHOOL_RUN), scenario_index(Scenario.TYPICAL)
        arcs = slice(2 * segment, 2 * segment + 2)
        return bool(((self.leaving_state[school_run, arcs] < 0) & (self.leaving_state[typical, arcs] >= 0)).any())

    def points(self, segment: int) -> tuple[Float64, Float64]:
        """Return the points of a segment's line, in metres."""
        first, last = self.segments.geometry_start[segment], self.segments.geometry_start[segment + 1]
        return self.segments.x_m[first:last], self.segments.y_m[first:last]


def scenario_index(scenario: Scenario) -> int:
    """Return a scenario's place in the arrays."""
    return SCENARIOS.index(scenario)
