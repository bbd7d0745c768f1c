"""A small drawn town, four times: two by two copies, joined by a main road each way, as large extracts are made to measure."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from siting.crs import MetricSystem, to_degrees
from siting.words import BNG

CORNER_M = (486_000.0, 192_500.0)
TILES, LINES, APART_M, TILE_M = 2, 5, 1_000.0, 6_000.0
_KINDS = (
    {"highway": "residential", "maxspeed": "20 mph"},
    {"highway": "tertiary", "maxspeed": "30 mph"},
    {"highway": "residential", "oneway": "yes"},
    {"highway": "primary", "maxspeed": "40 mph"},
    {"highway": "unclassified", "oneway": "-1"},
)
"""Along each line of a copy's grid one of these."""


def write_tiled_roads(path: Path) -> Path:
    """Write the roads as OpenStreetMap's XML, with a turn that is not allowed in each copy."""
    shifts_m = np.random.default_rng(4).normal(0, 40, (LINES, LINES, 2))
    along_m = np.arange(LINES) * APART_M
    town_m = np.stack(np.meshgrid(along_m, along_m), axis=-1) + shifts_m
    corners_m = [np.array([east, north]) * TILE_M + CORNER_M for north in range(TILES) for east in range(TILES)]
    places_m = np.concatenate([(town_m + corner).reshape(-1, 2) for corner in corners_m])
    lon, lat = to_degrees(*places_m.T, MetricSystem(BNG))
    lines = [
        f'<node id="{number}" version="1" lat="{y:.9f}" lon="{x:.9f}"/>'
        for number, (x, y) in enumerate(zip(lon, lat, strict=True), start=1)
    ]
    of_copy = np.arange(1, len(places_m) + 1).reshape(TILES, TILES, LINES, LINES)
    ways: list[tuple[list[int], dict[str, str]]] = []
    forbidden: list[tuple[int, int, int]] = []
    for numbers in of_copy.reshape(-1, LINES, LINES):
        for side in (numbers, numbers.T):
            ways += [(list(pair), kind) for line, kind in zip(side.tolist(), _KINDS, strict=True) for pair in pairwise(line)]
        # From the main road no car turns into the street across it.
        by_ends = {tuple(refs): number for number, (refs, _) in enumerate(ways, start=1)}
        (before, via), across = numbers[3, :2].tolist(), int(numbers[2, 1])
        forbidden.append((by_ends[before, via], via, by_ends[across, via]))
    joined = [(of_copy[n, 0, 3, -1], of_copy[n, 1, 3, 0]) for n in range(TILES)]
    joined += [(of_copy[0, e, -1, 3], of_copy[1, e, 0, 3]) for e in range(TILES)]
    ways += [([int(one), int(other)], {"highway": "primary", "maxspeed": "50 mph"}) for one, other in joined]
    for number, (refs, tags) in enumerate(ways, start=1):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs) + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        lines.append(f'<way id="{number}" version="1">{inner}</way>')
    for number, (from_way, via, to_way) in enumerate(forbidden, start=1):
        lines.append(
            f'<relation id="{number}" version="1"><member type="way" ref="{from_way}" role="from"/>'
            f'<member type="node" ref="{via}" role="via"/><member type="way" ref="{to_way}" role="to"/>'
            '<tag k="type" v="restriction"/><tag k="restriction" v="no_right_turn"/></relation>'
        )
    path.write_text("\n".join(['<osm version="0.6">', *lines, "</osm>"]), encoding="utf-8")
    return path
