"""A region's own network, cut out of the whole: all that a journey within the minutes to or from one of its places can use.

The margin is not drawn on the map but searched: from every road of the region, on and back, as far
as the quickest of all scenarios gets within the limit. Whatever way of at most that time begins or
ends in the region, each road of it is reached by that search, so that the cut network answers what
the whole one answers, to the millisecond. Times, turns and the town around are those of the whole.
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Int32
from siting.evaluation.extract_edge import main_road_ends
from siting.roads.joining import ON_THE_BANK_M, Joins
from siting.roads.network import SHUT_MS, RoadNetwork
from siting.roads.parts import part_of
from siting.screening.regions import Box
from siting.times.search import UNREACHED, search
from siting.words import MOST_OPEN_GROUND_M

_JOINED_WITHIN_M = MOST_OPEN_GROUND_M + ON_THE_BANK_M + 1.0
"""No place is joined to a road farther away."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutNetwork:
    """A part of a network.

    Attributes
    ----------
    network
        The part as a network of its own. Places are joined to the whole, and `within` says where they are here.
    segment
        Int32, the segments of the whole that it has, rising.
    cut_off
        Bool, one a segment of the part: a main road that ends at the edge of the whole.
    """

    network: RoadNetwork
    segment: Int32
    cut_off: Bool

    def within(self, joins: Joins) -> Joins:
        """Return joins to the whole as joins to the part; -1 where it does not have their segment."""
        at = np.searchsorted(self.segment, joins.segment)
        at = np.minimum(at, max(len(self.segment) - 1, 0))
        here = (joins.segment >= 0) & (self.segment[at] == joins.segment) if len(self.segment) else np.zeros(len(joins), bool)
        return Joins(
            segment=np.where(here, at, -1).astype(np.int64),
            share=joins.share.copy(),
            x_m=joins.x_m.copy(),
            y_m=joins.y_m.copy(),
            distance_m=joins.distance_m.copy(),
            access_ms=joins.access_ms.copy(),
        )


def cut_network(network: RoadNetwork, box: Box, limit_ms: int, fingerprint: str = "") -> CutNetwork:
    """Cut out what journeys of at most a limit can use that begin or end at a place in a box."""
    kept = _segments_needed(network, segments_near(network, box), limit_ms)
    segment = np.flatnonzero(kept).astype(np.int32)
    return CutNetwork(
        network=part_of(network, segment, fingerprint), segment=segment, cut_off=np.asarray(main_road_ends(network)[segment])
    )


def segments_near(network: RoadNetwork, box: Box) -> Bool:
    """Tell which segments a place in the box may be joined to: those whose own rectangle comes near it."""
    segments = network.segments
    first = segments.geometry_start[:-1]
    west, south, east, north = box
    margin_m = _JOINED_WITHIN_M
    return np.asarray(
        (np.maximum.reduceat(segments.x_m, first) >= west - margin_m)
        & (np.minimum.reduceat(segments.x_m, first) <= east + margin_m)
        & (np.maximum.reduceat(segments.y_m, first) >= south - margin_m)
        & (np.minimum.reduceat(segments.y_m, first) <= north + margin_m)
    )


def _segments_needed(network: RoadNetwork, near: Bool, limit_ms: int) -> Bool:
    """Tell which segments lie on a way of at most the limit from or to some others, on the emptiest of roads."""
    needed = near.copy()
    seeds = np.flatnonzero(near[network.state_arc >> 1])
    least_arc_ms = network.arc_ms.min(axis=0)
    # A way onward has the whole of its first road behind it at best; a way back has none of its last one before it.
    begun_ms = {True: np.zeros(len(seeds), np.int64), False: -least_arc_ms[network.state_arc[seeds]].astype(np.int64)}
    nothing = np.zeros(0)
    for onward, links in ((True, network.onward), (False, network.backward)):
        label = np.full(len(network.state_arc), UNREACHED, dtype=np.int32)
        least_ms = links.cost_ms.min(axis=0)
        search(
            links.start,
            links.other,
            least_ms,
            seeds,
            begun_ms[onward],
            np.zeros(len(seeds)),
            limit_ms,
            label,
            nothing,
            nothing,
            onward,
        )
        # What a link from within reaches has a label too: a journey may end part of the way along it.
        needed[network.state_arc[label < SHUT_MS] >> 1] = True
    return needed
