"""Ways cut into segments at their junctions."""

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64, Int8, Int32, Int64
from siting.crs import MetricSystem, to_metres
from siting.osm.extract import OsmRoads
from siting.osm.tags import PRIVATE_EFFECTS, Access, Kinds, NodeEffect, Side

_MORTON_CELL_M = 64.0
_TWO_WAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """Segments between junctions, before anything is known of their times.

    Attributes
    ----------
    way
        Int32, the index of each segment's way in the source.
    from_junction, to_junction
        Int32. At a barrier that no car passes, each road has a junction of its own.
    line
        Int32, one an arc: the first arc that is driven along the same nodes, most often itself. A road that is drawn
        twice over has several arcs along one line, unless they are one-way streets.
    length_m
        Float64, along the road.
    geometry_start, x_m, y_m
        As in `network.Segments`.
    end_effect
        Int8, one an arc: the `NodeEffect` of the node that it arrives at, 0 where there is none or it
        holds for the other direction.
    junction_of_node
        For the nodes of restrictions: OpenStreetMap number to junction.
    private_gates
        Int32, the junctions that only those who live behind them pass.
    shut_junctions
        Junctions that no car passes in some scenarios, and those scenarios, a bit each.
    signal_x_m, signal_y_m
        Where there are traffic signals.
    junctions
        How many there are.
    """

    way: Int32
    from_junction: Int32
    to_junction: Int32
    line: Int32
    length_m: Float64
    geometry_start: Int64
    x_m: Float64
    y_m: Float64
    end_effect: Int8
    junction_of_node: dict[int, int]
    private_gates: Int32
    shut_junctions: dict[int, int]
    signal_x_m: Float64
    signal_y_m: Float64
    junctions: int


def cut_into_segments(source: OsmRoads, of_ways: Kinds, system: MetricSystem, cut_at: Collection[NodeEffect]) -> Pieces:
    """Cut ways where they meet, end, or come to a node of some kinds; sort the segments so that neighbours lie close."""
    node, node_of_position = np.unique(source.node_refs, return_inverse=True)
    first_position = np.zeros(len(node), dtype=np.int64)
    first_position[node_of_position] = np.arange(len(node_of_position))
    node_x_m, node_y_m = to_metres(source.longitude[first_position], source.latitude[first_position], system)
    effect, effect_direction = _effects(source, node)

    way_of_position = np.repeat(np.arange(len(source.roads), dtype=np.int32), np.diff(source.way_starts))
    x_m, y_m = node_x_m[node_of_position], node_y_m[node_of_position]
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
    is_end = np.zeros(len(node_of_position), dtype=bool)
    is_end[source.way_starts[:-1]] = True
    is_end[source.way_starts[1:] - 1] = True
    shared = np.bincount(node_of_position, minlength=len(node)) >= _TWO_WAYS
    shared |= np.isin(effect, list(cut_at)) | np.isin(node, list(source.shut_in))
    # A way that turns back upon itself ends there, and is drawn twice on the way back.
    turns_back = np.zeros(len(node_of_position), dtype=bool)
    turns_back[1:-1] = (node_of_position[:-2] == node_of_position[2:]) & (way_of_position[:-2] == way_of_position[2:])
    junction_positions = np.flatnonzero(is_end | turns_back | shared[node_of_position])
    starts, ends = junction_positions[:-1], junction_positions[1:]
    same_way = way_of_position[starts] == way_of_position[ends]
    starts, ends = starts[same_way], ends[same_way]
    roads_at = np.bincount(node_of_position, weights=2.0 - is_end, minlength=len(node))
    _turn_signs(effect, effect_direction, source, node_of_position, along_m, roads_at >= _LEAST_ROADS)

    real = (node_of_position[starts] != node_of_position[ends]) | (along_m[ends] > along_m[starts])
    starts, ends = starts[real], ends[real]
    middle = (starts + ends) // 2
    order = np.argsort(_morton(x_m[middle] - np.nanmin(node_x_m), y_m[middle] - np.nanmin(node_y_m)), kind="stable")
    starts, ends = starts[order], ends[order]

    kinds, kind_of_way = of_ways
    is_two_way = np.array([road.forward != Access.NO != road.backward for road in kinds], dtype=bool)
    points = ends - starts + 1
    geometry_start = np.concatenate([[0], np.cumsum(points)]).astype(np.int64)
    positions = np.repeat(starts - geometry_start[:-1], points) + np.arange(geometry_start[-1])
    junction_ids, from_junction, to_junction, junctions = _number_junctions(
        node_of_position[starts], node_of_position[ends], (effect == NodeEffect.BLOCK) & (effect_direction == 0)
    )
    private_gates = np.flatnonzero(np.isin(effect, PRIVATE_EFFECTS))
    wanted = {restriction.via_node for restriction in source.restrictions if restriction.via_node is not None}

    def junction_of(refs: Iterable[int]) -> dict[int, int]:
        ordered = sorted(refs)
        return {
            int(ref): int(junction_ids[index])
            for ref, index in zip(ordered, np.searchsorted(node, ordered), strict=True)
            if index < len(node) and node[index] == ref and junction_ids[index] >= 0
        }

    return Pieces(
        way=way_of_position[starts],
        from_junction=from_junction,
        to_junction=to_junction,
        line=_lines(starts, ends, node_of_position, is_two_way[kind_of_way][way_of_position[starts]]),
        length_m=along_m[ends] - along_m[starts],
        geometry_start=geometry_start,
        x_m=x_m[positions],
        y_m=y_m[positions],
        end_effect=_end_effects(
            node_of_position[starts],
            node_of_position[ends],
            effect,
            effect_direction,
            np.array([road.road_class for road in kinds], dtype=np.int8)[kind_of_way][way_of_position[starts]],
        ),
        junction_of_node=junction_of(wanted),
        private_gates=junction_ids[private_gates][junction_ids[private_gates] >= 0],
        shut_junctions={junction: source.shut_in[ref] for ref, junction in junction_of(source.shut_in).items()},
        signal_x_m=node_x_m[effect == NodeEffect.SIGNAL],
        signal_y_m=node_y_m[effect == NodeEffect.SIGNAL],
        junctions=junctions,
    )


def _end_effects(from_node: Int64, to_node: Int64, effect: Int8, direction: Int8, road_class: Int8) -> Int8:
    along = np.where(direction[to_node] != Side.BACKWARD, effect[to_node], 0)
    against = np.where(direction[from_node] != Side.FORWARD, effect[from_node], 0)
    if (direction == Side.MINOR).any():
        for node in np.flatnonzero(direction == Side.MINOR):
            comes, goes = to_node == node, from_node == node
            classes = road_class[comes | goes]
            # Classes are in the order of their roads' size; where all roads are alike, nobody can know which is the smaller.
            if len(classes) and classes.min() < classes.max():
                along[comes & (road_class == classes.min())] = 0
                against[goes & (road_class == classes.min())] = 0
    return np.column_stack([along, against]).ravel().astype(np.int8)


_LEAST_ROADS = 3
_SIGNS = (NodeEffect.STOP, NodeEffect.GIVE_WAY)
_MOST_TO_JUNCTION_M = 40.0
"""A sign that does not say whom it holds for stands this near the junction that it is for (own assumption)."""


def _turn_signs(
    effect: Int8, direction: Int8, source: OsmRoads, node_of_position: Int64, along_m: Float64, is_junction: Bool
) -> None:
    """Turn signs that do not say whom they hold for to those who come to the junction beside them."""
    undirected = np.isin(effect, _SIGNS) & (direction == Side.BOTH) & ~is_junction
    if not undirected.any():
        return
    positions = np.flatnonzero(undirected[node_of_position])
    ways = np.searchsorted(source.way_starts, positions, side="right") - 1
    for position, way in zip(positions.tolist(), ways.tolist(), strict=True):
        first, last = int(source.way_starts[way]), int(source.way_starts[way + 1]) - 1
        if source.roads[way].one_way or position in {first, last}:
            continue
        crossings = first + np.flatnonzero(is_junction[node_of_position[first : last + 1]])
        far_m = np.abs(along_m[crossings] - along_m[position])
        ahead = far_m[crossings > position].min(initial=np.inf)
        behind = far_m[crossings < position].min(initial=np.inf)
        if min(ahead, behind) <= _MOST_TO_JUNCTION_M:
            direction[node_of_position[position]] = Side.FORWARD if ahead < behind else Side.BACKWARD


def _lines(starts: Int64, ends: Int64, node_of_position: Int64, is_two_way: Bool) -> Int32:
    """Return of each arc the first that is driven along the same nodes.

    A road that is drawn as two one-way streets, one each way, is left so: a house on the one turns into the other.
    """
    line = np.arange(2 * len(starts), dtype=np.int32)
    from_node, to_node = node_of_position[starts], node_of_position[ends]
    pairs = np.minimum(from_node, to_node) * (int(node_of_position.max(initial=0)) + 1) + np.maximum(from_node, to_node)
    ordered = np.sort(pairs)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    known: dict[tuple[int, ...], int] = {}
    if not len(several):
        return line
    is_several = several[np.minimum(np.searchsorted(several, pairs), len(several) - 1)] == pairs
    for segment in np.flatnonzero(is_several & is_two_way).tolist():
        nodes = tuple(node_of_position[starts[segment] : ends[segment] + 1].tolist())
        line[2 * segment] = known.setdefault(nodes, 2 * segment)
        line[2 * segment + 1] = known.setdefault(nodes[::-1], 2 * segment + 1)
    return line


def _effects(source: OsmRoads, node: Int64) -> tuple[Int8, Int8]:
    effect = np.zeros(len(node), dtype=np.int8)
    direction = np.zeros(len(node), dtype=np.int8)
    refs = np.fromiter(source.node_effects, dtype=np.int64, count=len(source.node_effects))
    if len(refs):
        at = np.minimum(np.searchsorted(node, refs), len(node) - 1)
        on_road = node[at] == refs
        sides = itertools.chain.from_iterable(source.node_effects.values())
        values = np.fromiter(sides, dtype=np.int8, count=2 * len(refs)).reshape(-1, 2)[on_road]
        effect[at[on_road]], direction[at[on_road]] = values[:, 0], values[:, 1]
    return effect, direction


def _number_junctions(from_node: Int64, to_node: Int64, is_blocked: Bool) -> tuple[Int32, Int32, Int32, int]:
    """Return junctions numbered in the order of the segments; each road's end at a blocked node is one of its own."""
    ends = np.column_stack([from_node, to_node]).ravel()
    blocked = is_blocked[ends]
    is_open = ends[~blocked] if blocked.any() else ends
    first = np.full(len(is_blocked), -1, dtype=np.int64)
    first[is_open[::-1]] = np.arange(len(is_open))[::-1]
    met = np.flatnonzero(first >= 0)
    count = len(met)
    junction_ids = np.full(len(is_blocked), -1, dtype=np.int32)
    junction_ids[met[np.argsort(first[met])]] = np.arange(count, dtype=np.int32)
    numbered = junction_ids[ends]
    numbered[blocked] = count + np.arange(int(blocked.sum()), dtype=np.int32)
    pairs = numbered.reshape(-1, 2)
    return (
        junction_ids,
        np.ascontiguousarray(pairs[:, 0]),
        np.ascontiguousarray(pairs[:, 1]),
        count + int(blocked.sum()),
    )


def _morton(east_m: Float64, north_m: Float64) -> Int64:
    """Interleave the bits of two cell numbers, so that sorting by the answer keeps neighbours together."""
    east, north = (np.nan_to_num(metres / _MORTON_CELL_M).astype(np.int64) for metres in (east_m, north_m))
    return _spread(east) | _spread(north) << 1


_STEPS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def _spread(numbers: Int64) -> Int64:
    """Leave a place free after each of the lowest twenty bits (H. S. Warren, Hacker's Delight, 7-2)."""
    numbers = numbers & 0xFFFFF
    for shift, mask in _STEPS:
        numbers = (numbers | numbers << shift) & mask
    return numbers
