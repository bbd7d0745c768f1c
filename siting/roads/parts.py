"""A part of a network as a network of its own: some of its segments, and the turns between them.

Nothing can be joined to a part, since a road that it lacks may be nearer: places are joined to the whole.
"""

import numpy as np

from siting.arrays import Int32, Int64
from siting.roads.join_grid import JoinGrid
from siting.roads.network import Fences, Links, RoadNetwork, Segments


def part_of(network: RoadNetwork, segment: Int32, fingerprint: str = "") -> RoadNetwork:
    """Return the network of some segments (by their numbers, rising), with the times and turns that they have in the whole."""
    segments = network.segments
    is_kept = np.zeros(len(segments), dtype=bool)
    is_kept[segment] = True
    arc = (2 * segment[:, None].astype(np.int64) + [0, 1]).ravel()
    state = np.flatnonzero(is_kept[network.state_arc >> 1])
    new_state = _numbers(state, len(network.state_arc))
    new_segment = _numbers(segment, len(segments))
    road, road_of = np.unique(segments.road[segment], return_inverse=True)
    new_arc = 2 * new_segment[network.state_arc[state] >> 1] + (network.state_arc[state] & 1)
    return RoadNetwork(
        system=network.system,
        segments=_part_of_segments(segments, segment, road_of.astype(np.int32)),
        grid=_no_grid(),
        fences=Fences(start=np.zeros(1, np.int64), x_m=np.zeros(0), y_m=np.zeros(0), bounds_m=network.fences.bounds_m),
        fence_grid=_no_grid(),
        arc_ms=np.ascontiguousarray(network.arc_ms[:, arc]),
        leaving_state=_renumbered(network.leaving_state[:, arc], new_state),
        entering_state=_renumbered(network.entering_state[:, arc], new_state),
        state_arc=new_arc.astype(np.int32),
        twin=_renumbered(network.twin[state], new_state),
        onward=_part_of_links(network.onward, state, new_state),
        backward=_part_of_links(network.backward, state, new_state),
        road_names=tuple(network.road_names[int(name)] for name in road),
        model=network.model,
        unread=network.unread[segment],
        unread_kinds=network.unread_kinds,
        left_out=network.left_out,
        lacks=network.lacks,
        fingerprint=fingerprint,
    )


def _part_of_segments(segments: Segments, segment: Int32, road: Int32) -> Segments:
    lengths = np.diff(segments.geometry_start)[segment]
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    point = np.arange(start[-1]) + np.repeat(segments.geometry_start[:-1][segment] - start[:-1], lengths)
    ends = np.concatenate([segments.from_junction[segment], segments.to_junction[segment]])
    junction = np.unique(ends, return_inverse=True)[1].astype(np.int32)
    return Segments(
        from_junction=junction[: len(segment)],
        to_junction=junction[len(segment) :],
        road=road,
        geometry_start=start,
        x_m=segments.x_m[point],
        y_m=segments.y_m[point],
        **{
            name: getattr(segments, name)[segment]
            for name in ("length_m", "road_class", "density", "joinable", "open_road", "handicap_m")
        },
    )


def _part_of_links(links: Links, state: Int64, new_state: Int32) -> Links:
    """Keep the links between states that are kept."""
    counts = np.diff(links.start)[state]
    link = np.arange(counts.sum()) + np.repeat(links.start[:-1][state] - (np.cumsum(counts) - counts), counts)
    listed = np.repeat(np.arange(len(state)), counts)
    other = new_state[links.other[link]]
    kept = other >= 0
    start = np.concatenate([[0], np.cumsum(np.bincount(listed[kept], minlength=len(state)))]).astype(np.int64)
    return Links(start=start, other=other[kept], cost_ms=np.ascontiguousarray(links.cost_ms[:, link[kept]]))


def _numbers(chosen: Int64 | Int32, count: int) -> Int32:
    """Return of each of `count` things its place among the chosen, -1 where it is not one of them."""
    number = np.full(count, -1, dtype=np.int32)
    number[chosen] = np.arange(len(chosen), dtype=np.int32)
    return number


def _renumbered(old: Int32, new: Int32) -> Int32:
    return np.where(old >= 0, new[np.maximum(old, 0)], -1).astype(np.int32)


def _no_grid() -> JoinGrid:
    none = np.zeros(0, np.int32)
    return JoinGrid(origin=np.zeros(2), shape=np.ones(2, np.int64), cell_start=np.zeros(2, np.int64), segment=none, point=none)
