"""Ways cut into segments at their junctions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64, Int8, Int32, Int64
from siting.crs import MetricSystem, to_metres
from siting.osm.extract import OsmRoads
from siting.osm.tags import PRIVATE_EFFECTS, NodeEffect

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


def cut_into_segments(source: OsmRoads, system: MetricSystem, cut_at: Collection[NodeEffect]) -> Pieces:
    """Cut ways where they meet, end, or come to a node of some kinds; sort the segments so that neighbours lie close."""
    node, node_of_position = np.unique(source.node_refs, return_inverse=True)
    first_position = np.zeros(len(node), dtype=np.int64)
    first_position[node_of_position] = np.arange(len(node_of_position))
    node_x_m, node_y_m = to_metres(source.longitude[first_position], source.latitude[first_position], system)
    effect, effect_direction = _effects(source, node)

    way_of_position = np.repeat(np.arange(len(source.roads), dtype=np.int32), np.diff(source.way_starts))
    is_end = np.zeros(len(node_of_position), dtype=bool)
    is_end[source.way_starts[:-1]] = True
    is_end[source.way_starts[1:] - 1] = True
    shared = np.bincount(node_of_position, minlength=len(node)) >= _TWO_WAYS
    shared |= np.isin(effect, list(cut_at)) | np.isin(node, list(source.shut_in))
    junction_positions = np.flatnonzero(is_end | shared[node_of_position])
    starts, ends = junction_positions[:-1], junction_positions[1:]
    same_way = way_of_position[starts] == way_of_position[ends]
    starts, ends = starts[same_way], ends[same_way]

    x_m, y_m = node_x_m[node_of_position], node_y_m[node_of_position]
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
    real = (node_of_position[starts] != node_of_position[ends]) | (along_m[ends] > along_m[starts])
    starts, ends = starts[real], ends[real]
    middle = (starts + ends) // 2
    order = np.argsort(_morton(x_m[middle] - np.nanmin(node_x_m), y_m[middle] - np.nanmin(node_y_m)), kind="stable")
    starts, ends = starts[order], ends[order]

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
        length_m=along_m[ends] - along_m[starts],
        geometry_start=geometry_start,
        x_m=x_m[positions],
        y_m=y_m[positions],
        end_effect=_end_effects(node_of_position[starts], node_of_position[ends], effect, effect_direction),
        junction_of_node=junction_of(wanted),
        private_gates=junction_ids[private_gates][junction_ids[private_gates] >= 0],
        shut_junctions={junction: source.shut_in[ref] for ref, junction in junction_of(source.shut_in).items()},
        signal_x_m=node_x_m[effect == NodeEffect.SIGNAL],
        signal_y_m=node_y_m[effect == NodeEffect.SIGNAL],
        junctions=junctions,
    )


def _end_effects(from_node: Int64, to_node: Int64, effect: Int8, direction: Int8) -> Int8:
    along = np.where(direction[to_node] >= 0, effect[to_node], 0)
    against = np.where(direction[from_node] <= 0, effect[from_node], 0)
    return np.column_stack([along, against]).ravel().astype(np.int8)


def _effects(source: OsmRoads, node: Int64) -> tuple[Int8, Int8]:
    effect = np.zeros(len(node), dtype=np.int8)
    direction = np.zeros(len(node), dtype=np.int8)
    refs = np.fromiter(source.node_effects, dtype=np.int64, count=len(source.node_effects))
    if len(refs):
        at = np.minimum(np.searchsorted(node, refs), len(node) - 1)
        on_road = node[at] == refs
        values = np.array([(int(kind), side) for kind, side in source.node_effects.values()], dtype=np.int8)
        effect[at[on_road]] = values[on_road, 0]
        direction[at[on_road]] = values[on_road, 1]
    return effect, direction


def _number_junctions(from_node: Int64, to_node: Int64, is_blocked: Bool) -> tuple[Int32, Int32, Int32, int]:
    """Return junctions numbered in the order of the segments; each road's end at a blocked node is one of its own."""
    ends = np.column_stack([from_node, to_node]).ravel()
    blocked = is_blocked[ends]
    open_nodes, first = np.unique(ends[~blocked], return_index=True)
    rank = np.empty(len(open_nodes), dtype=np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(open_nodes), dtype=np.int32)
    junction_ids = np.full(len(is_blocked), -1, dtype=np.int32)
    junction_ids[open_nodes] = rank
    numbered = junction_ids[ends]
    numbered[blocked] = len(open_nodes) + np.arange(int(blocked.sum()), dtype=np.int32)
    pairs = numbered.reshape(-1, 2)
    return (
        junction_ids,
        np.ascontiguousarray(pairs[:, 0]),
        np.ascontiguousarray(pairs[:, 1]),
        len(open_nodes) + int(blocked.sum()),
    )


def _morton(east_m: Float64, north_m: Float64) -> Int64:
    """Interleave the bits of two cell numbers, so that sorting by the answer keeps neighbours together."""
    codes = np.zeros(len(east_m), dtype=np.int64)
    for shift, metres in ((0, east_m), (1, north_m)):
        cells = np.nan_to_num(metres / _MORTON_CELL_M).astype(np.int64)
        for bit in range(20):
            codes |= ((cells >> bit) & 1) << (2 * bit + shift)
    return codes
