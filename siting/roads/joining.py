"""Places joined to the road network: each to the nearest point along a road that a house may stand at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from siting.arrays import Bool, Float64, Int32, Int64
from siting.kernels.closed_arrays import close_arrays
from siting.place import Place, Places
from siting.roads.join_grid import nearest_pieces, shares_along
from siting.roads.network import RoadNetwork
from siting.words import FAR_FROM_ROAD_M, MOST_OPEN_GROUND_M

PRIVATE_ROAD_HANDICAP_M = 20.0
"""A private road is taken only where it is nearer than any other by more than this (own assumption):
a home's own drive comes close to its door, a neighbour's rarely does."""
ONE_WAY_HANDICAP_M = 0.05
"""Of two roads that meet beside a place the one that is driven both ways is taken (own choice: less than any surveyor's
error): from the corner of a one-way street one drives off into the other, rather than round the block."""
POCKET_HANDICAP_M = FAR_FROM_ROAD_M
"""So too a road that can be reached but not left again, or left but not reached: most are one-way streets that the
extract's edge cuts off. One is taken only where every other road is so far that the map may lack the house's own
(own assumption); else a house in a town would have no way to anywhere, for all the streets around it."""
SKETCH_M = 10_000.0
"""Less road than this that all reach each other (own choice) is a sketch or a hamlet rather than a district's network, and
nobody can say what the rest of it would be: there the next figure stands in for `POCKET_HANDICAP_M`."""
SKETCH_POCKET_HANDICAP_M = 150.0
ON_THE_BANK_M = 50.0
"""A place on a quay or a mooring is often put on the wrong side of the shore's line. Where no road can be reached without
crossing that line, the nearest road so near is where one steps ashore (own choice: over twice what a garden or a place's
own error takes, and less than any estuary)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joins:
    """Where places meet the network, one an entry.

    Attributes
    ----------
    segment
        Int64, the segment; -1 where the place lies off the map: farther than `MOST_OPEN_GROUND_M` from every
        road, cut off from those by water or a motorway, or beyond where the file's roads end.
    share
        Float64, how far along the segment, 0 to 1 of its length.
    x_m, y_m
        Float64, the point on the road, in the network's metres.
    distance_m
        Float64, from the place to that point; off the map to the nearest road, NaN where there is none or none is known.
    access_ms
        Int64, the time for that way.
    """

    segment: Int64
    share: Float64
    x_m: Float64
    y_m: Float64
    distance_m: Float64
    access_ms: Int64

    def __post_init__(self) -> None:
        """Close the arrays to changes."""
        close_arrays(self)

    def __len__(self) -> int:
        """Count the places."""
        return len(self.segment)

    def __getitem__(self, index: "slice | Int64") -> Self:
        """Return some of the joins."""
        return type(self)(
            segment=self.segment[index],
            share=self.share[index],
            x_m=self.x_m[index],
            y_m=self.y_m[index],
            distance_m=self.distance_m[index],
            access_ms=self.access_ms[index],
        )


def join_places(network: RoadNetwork, places: "Sequence[Place | None]") -> Joins:
    """Join places to the nearest usable road; those of another coordinate system are converted, and None meets no road."""
    return join_points(network, *Places.of(places).within(network.system))


def join_points(network: RoadNetwork, x_m: Float64, y_m: Float64, *, tell_far: bool = True) -> Joins:
    """Join points (metres in the network's system) to the nearest usable road, over open ground and no fence.

    Without `tell_far` the distance of a point off the map is not looked for (NaN): many points over empty ground
    are joined sooner.
    """
    segments = network.segments
    known = np.isfinite(x_m) & np.isfinite(y_m)
    segment, point, share_of_piece, distance_m = _nearest(
        network,
        np.where(known, x_m, 0.0),
        np.where(known, y_m, 0.0),
        segments.handicap_m,
        looked_m=np.inf if tell_far else MOST_OPEN_GROUND_M + float(segments.handicap_m.max(initial=0.0)),
    )
    on_map = known & within_bounds(network, x_m, y_m)
    afloat = np.flatnonzero(on_map & ~((segment >= 0) & (distance_m <= MOST_OPEN_GROUND_M)))
    if len(afloat) and len(network.fences.x_m):
        landed, *ashore = _from_the_bank(network, x_m[afloat], y_m[afloat])
        for part, at_bank in zip((segment, point, share_of_piece, distance_m), ashore, strict=True):
            part[afloat[landed]] = at_bank
    distance_m[~on_map | (segment < 0)] = np.nan
    segment[~(distance_m <= MOST_OPEN_GROUND_M)] = -1
    road_x_m, road_y_m = np.full(len(x_m), np.nan), np.full(len(x_m), np.nan)
    share = np.zeros(len(x_m))
    found = np.flatnonzero(segment >= 0)
    first = point[found]
    road_x_m[found] = segments.x_m[first] + share_of_piece[found] * (segments.x_m[first + 1] - segments.x_m[first])
    road_y_m[found] = segments.y_m[first] + share_of_piece[found] * (segments.y_m[first + 1] - segments.y_m[first])
    share[found] = shares_along(segment[found], first, share_of_piece[found], segments.geometry_start, segments.x_m, segments.y_m)
    access_ms = np.zeros(len(x_m), dtype=np.int64)
    access_ms[found] = np.rint(distance_m[found] * 3600.0 / network.model["access_speed"])
    return Joins(
        segment=segment,
        share=share,
        x_m=road_x_m,
        y_m=road_y_m,
        distance_m=distance_m,
        access_ms=access_ms,
    )


def _nearest(
    network: RoadNetwork,
    x_m: Float64,
    y_m: Float64,
    handicap_m: Float64,
    unfenced_m: float = MOST_OPEN_GROUND_M,
    looked_m: float = np.inf,
) -> tuple[Int64, Int64, Float64, Float64]:
    """Find the nearest pieces of road; what is nearer than `unfenced_m` counts only where no fence lies between."""
    segments, grid, fences, fence_grid = network.segments, network.grid, network.fences, network.fence_grid
    return nearest_pieces(
        x_m,
        y_m,
        segments.x_m,
        segments.y_m,
        grid.origin,
        grid.shape,
        grid.cell_start,
        grid.segment,
        grid.point,
        handicap_m,
        fences.x_m,
        fences.y_m,
        fence_grid.origin,
        fence_grid.shape,
        fence_grid.cell_start,
        fence_grid.point,
        unfenced_m,
        looked_m,
    )


def _from_the_bank(network: RoadNetwork, x_m: Float64, y_m: Float64) -> tuple[Int64, Int64, Int64, Float64, Float64]:
    """Join places on the wrong side of a shore from the road that they lie beside: which of them, and as `_nearest`."""
    no_handicap_m = np.zeros(len(network.segments))
    # Closed as the network's own are: for an open array the search would be compiled once more.
    no_handicap_m.setflags(write=False)
    segment, point, share, step_m = _nearest(network, x_m, y_m, no_handicap_m, unfenced_m=-1.0, looked_m=ON_THE_BANK_M)
    landed = np.flatnonzero((segment >= 0) & (step_m <= ON_THE_BANK_M))
    first, along = point[landed], share[landed]
    bank_x_m, bank_y_m = (
        line[first] + along * (line[first + 1] - line[first]) for line in (network.segments.x_m, network.segments.y_m)
    )
    segment, point, share, onward_m = _nearest(network, bank_x_m, bank_y_m, network.segments.handicap_m)
    return landed, segment, point, share, step_m[landed] + onward_m


def within_bounds(network: RoadNetwork, x_m: Float64, y_m: Float64) -> Bool:
    """Tell which points lie where the file of roads says that it holds them all."""
    west, south, east, north = network.fences.bounds_m
    return np.asarray((x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north))


def part_ms(network: RoadNetwork, joins: Joins, scenario_row: int, side: int) -> tuple[Int32, Int64, Int64]:
    """Return of each join the arc of one side (0 along its segment, 1 against), and its time before and beyond the join."""
    arc = (np.maximum(joins.segment, 0) * 2 + side).astype(np.int32)
    whole_ms = network.arc_ms[scenario_row][arc].astype(np.int64)
    share = joins.share if side == 0 else 1.0 - joins.share
    before_ms = np.rint(whole_ms * share).astype(np.int64)
    return arc, before_ms, whole_ms - before_ms
