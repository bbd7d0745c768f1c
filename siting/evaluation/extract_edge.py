"""Whether the extract of roads ends too near: where a main road within the minutes stops at its edge.

A road of this rank hardly ever ends in a field; where one does, the extract was cut there, and a
quicker way outside it is lost.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from siting.arrays import Bool, Int64
from siting.faults import Fault, Severity
from siting.roads.joining import Joins
from siting.roads.network import RoadNetwork
from siting.sentences import counted, listed
from siting.times.routing import Reach
from siting.travel_model import ROAD_CLASSES

_MAIN = ("motorway", "trunk", "primary", "secondary")
_NAMED = 4


def roads_cut_off(network: RoadNetwork, reaches: Iterable[Reach], limit_ms: int) -> tuple[str, ...]:
    """Name the main roads that end within a limit of the hubs, those with the most ends first."""
    return ends_reached(network, states_on(network, main_road_ends(network)), reaches, limit_ms)


def main_road_ends(network: RoadNetwork) -> Bool:
    """Tell which segments are main roads at whose end there is no other road."""
    segments = network.segments
    roads_at = np.bincount(np.concatenate([segments.from_junction, segments.to_junction]))
    ends = (roads_at[segments.from_junction] == 1) | (roads_at[segments.to_junction] == 1)
    return np.asarray(ends & np.isin(segments.road_class, [ROAD_CLASSES.index(name) for name in _MAIN]))


def states_on(network: RoadNetwork, segments: Bool) -> Int64:
    """Return the states of journeys along some segments (one flag a segment)."""
    return np.flatnonzero(segments[network.state_arc >> 1])


def ends_reached(network: RoadNetwork, states: Int64, reaches: Iterable[Reach], limit_ms: int) -> tuple[str, ...]:
    """Name the roads of some states (see `states_on`) that are reached within a limit, the most segments first."""
    reached = np.zeros(len(states), dtype=bool)
    for found in reaches:
        reached |= found.label[states] <= limit_ms
    segments = np.unique(network.state_arc[states[reached]] >> 1)
    names = [network.road_name(int(segment)) for segment in segments]
    counts = {name: names.count(name) for name in names}
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def lacking_warnings(source: str, lacks: str) -> tuple[Fault, ...]:
    """Say what the roads of a place that was downloaded by its name never have."""
    if not lacks:
        return ()
    nothing_of = lacks.replace("and the", "and no")
    return (
        Fault(
            file=source,
            problem=f"its roads were downloaded by a place's name, and such a download holds no {nothing_of}: "
            "a turn that is forbidden is driven, and a house may be joined to a road across water",
            remedy="Use the county's extract (.osm.pbf, for example from Geofabrik) before anything is decided",
            severity=Severity.WARNING,
        ),
    )


def off_the_map_warnings(source: str, names: Sequence[str], schools: Joins) -> tuple[Fault, ...]:
    """Name the schools that no road of the file can be reached from, so that no home is judged by them."""
    off = [name for name, segment in zip(names, schools.segment.tolist(), strict=True) if segment < 0]
    if not off:
        return ()
    return (
        Fault(
            file=source,
            problem=f"{listed(off)} {'lies' if len(off) == 1 else 'lie'} outside its roads: no home is judged by "
            f"{'it' if len(off) == 1 else 'them'}",
            remedy="Check the place, or use a larger extract",
            severity=Severity.WARNING,
        ),
    )


def edge_warnings(source: str, roads: tuple[str, ...], minutes: float) -> tuple[Fault, ...]:
    """Word a warning where roads are cut off."""
    if not roads:
        return ()
    further = f" and {counted(len(roads) - _NAMED, 'other main road')}" if len(roads) > _NAMED else ""
    named = ", ".join(roads[:_NAMED]) + further if further else listed(roads)
    return (
        Fault(
            file=source,
            problem=f"its roads end within {minutes:g} minutes of a school, on {named}: ways beyond are not seen",
            remedy="Use a larger extract where homes or quicker ways may lie outside",
            severity=Severity.WARNING,
        ),
    )
