"""The ground of a network parted into regions: rectangles that leave no gap, with about as many roads in each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Float64, Int64
from siting.roads.network import RoadNetwork

Box = tuple[float, float, float, float]
"""West, south, east, north in the network's metres, infinite at the outer edges; east and north are not in it."""

EVERYWHERE: Box = (-np.inf, -np.inf, np.inf, np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of the ground: `name` as files call it."""

    name: str
    box: Box


def part_ground(network: RoadNetwork, count: int) -> tuple[Region, ...]:
    """Part the ground into so many regions with about as many segments each; every place lies in exactly one.

    The cuts depend on the network and the number alone, so that what was prepared for one screen serves the next.
    """
    first = network.segments.geometry_start[:-1]
    boxes = list(_parted(network.segments.x_m[first], network.segments.y_m[first], EVERYWHERE, count))
    digits = len(str(count))
    return tuple(Region(name=f"{number:0{digits}d}", box=box) for number, box in enumerate(boxes, start=1))


def inside(box: Box, x_m: Float64, y_m: Float64) -> Bool:
    """Tell which points lie in a box; of two that touch, a point on their seam lies in the one to the east or north."""
    west, south, east, north = box
    return np.asarray((x_m >= west) & (x_m < east) & (y_m >= south) & (y_m < north))


def _parted(x_m: Float64, y_m: Float64, box: Box, count: int) -> Iterator[Box]:
    """Halve a box across its longer side until there are so many parts."""
    if count == 1:
        yield box
        return
    west, south, east, north = box
    lower = count // 2
    wide = len(x_m) == 0 or np.ptp(x_m) >= np.ptp(y_m)
    along = x_m if wide else y_m
    cut = _cut(along, lower / count, (west, east) if wide else (south, north))
    before, beyond = (along < cut), (along >= cut)
    halves: tuple[tuple[Box, Bool, int], ...] = (
        ((west, south, cut, north) if wide else (west, south, east, cut), before, lower),
        ((cut, south, east, north) if wide else (west, cut, east, north), beyond, count - lower),
    )
    for part, chosen, share in halves:
        yield from _parted(x_m[chosen], y_m[chosen], part, share)


def _cut(along: Float64, share: float, ends: tuple[float, float]) -> float:
    """Return a whole number of metres below which such a share of the points lies."""
    if len(along):
        return float(np.rint(np.quantile(along, share)))
    low, high = (end if np.isfinite(end) else 0.0 for end in ends)
    return (low + high) / 2


def region_of(regions: tuple[Region, ...], x_m: Float64, y_m: Float64) -> Int64:
    """Return of each point the number of its region, from 0; -1 where it has no position."""
    number = np.full(len(x_m), -1, dtype=np.int64)
    for index, region in enumerate(regions):
        number[inside(region.box, x_m, y_m)] = index
    return number
