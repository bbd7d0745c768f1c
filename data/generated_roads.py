"""Roads for a sample region: real main roads between real towns, generated local streets.

The towns and the main roads between them are entered by hand from general knowledge (to about
300 m). Every other road is generated: between the middles of postcode sectors, and within each
sector along a tree of its postcodes (Code-Point Open). So journeys between towns are plausible, and
no street is real.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import osmium
import pandas as pd
from osmium.osm.mutable import Node, Way
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree
from shapely import Polygon

from siting.crs import MetricSystem, to_degrees, to_metres
from siting.words import BNG

GRID = MetricSystem(BNG)
WIGGLE = 0.24

Road = tuple[str, str, str, Sequence[str]]
"""Reference, class, limit, places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What is entered by hand of a region; places are latitude and longitude."""

    centre_m: tuple[float, float]
    radius_m: float
    streets_radius_m: float
    street_cell_m: float
    places: Mapping[str, tuple[float, float]]
    roads: Sequence[Road]


class Extract:
    """Nodes and ways as they are made, numbered from one."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.node_tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[list[int], dict[str, str]]] = []

    def node(self, x_m: float, y_m: float) -> int:
        """Add a node (EPSG:27700); its number."""
        self.points.append((x_m, y_m))
        return len(self.points)

    def area(self, ring: Polygon, tags: dict[str, str]) -> None:
        """Add the outline of a polygon as a closed way."""
        nodes = [self.node(x, y) for x, y in ring.exterior.coords[:-1]]
        self.ways.append(([*nodes, nodes[0]], tags))

    def road(self, first: int, last: int, tags: dict[str, str], wiggle: float = WIGGLE) -> None:
        """Add a road that bends gently, since no road is straight."""
        a, b = np.array(self.points[first - 1]), np.array(self.points[last - 1])
        length_m = float(np.hypot(*(b - a)))
        bends = int(length_m // 700)
        across = np.array([-(b - a)[1], (b - a)[0]]) / max(length_m, 1.0)
        refs = [first]
        for k in range(1, bends + 1):
            share = k / (bends + 1)
            side = wiggle * 700 * (1 if k % 2 else -1)
            refs.append(self.node(*(a + share * (b - a) + across * side)))
        self.ways.append(([*refs, last], tags))

    def write(self, target: Path) -> None:
        """Write an `.osm.pbf`."""
        points = np.array(self.points)
        lon, lat = to_degrees(points[:, 0], points[:, 1], GRID)
        target.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(target)) as writer:
            for number, place in enumerate(zip(lon, lat, strict=True), start=1):
                tags = self.node_tags.get(number, {})
                writer.add_node(Node(id=number, location=(float(place[0]), float(place[1])), version=1, tags=tags))
            for number, (refs, tags) in enumerate(self.ways, start=1):
                writer.add_way(Way(id=number, nodes=refs, tags=tags, version=1))


def make_roads(region: Region) -> tuple[Extract, dict[str, tuple[float, float]]]:
    """Make the roads of a region; with where its places are (EPSG:27700)."""
    made = Extract()
    names = list(region.places)
    x_m, y_m = to_metres([region.places[n][1] for n in names], [region.places[n][0] for n in names], GRID)
    hubs = {name: made.node(float(x), float(y)) for name, x, y in zip(names, x_m, y_m, strict=True)}
    for ref, road_class, limit, places in region.roads:
        for one, other in pairwise(places):
            tags = {"highway": road_class, "ref": ref, "maxspeed": limit}
            if road_class == "motorway" or limit == "70 mph":
                made.road(hubs[one], hubs[other], tags | {"oneway": "yes"}, 0.05)
                made.road(hubs[other], hubs[one], tags | {"oneway": "yes"}, 0.05)
            else:
                made.road(hubs[one], hubs[other], tags)
    postcodes = region_postcodes(region)
    sectors = postcodes.groupby("sector")[["easting", "northing"]].median()
    middles = [made.node(*row) for row in sectors.to_numpy()]
    nodes = np.array([*hubs.values(), *middles])
    xy = np.array([made.points[n - 1] for n in nodes])
    for i, j in _gabriel(xy):
        far = np.hypot(*(xy[i] - xy[j])) > 2500
        made.road(int(nodes[i]), int(nodes[j]), {"highway": "tertiary", "maxspeed": "40 mph" if far else "30 mph"})
    for sector, group in postcodes[postcodes.near].groupby("sector"):
        _streets(made, group, int(middles[sectors.index.get_loc(sector)]), str(sector), region.street_cell_m)
    return made, dict(zip(names, zip(x_m, y_m, strict=True), strict=True))


def name_places(made: Extract, places: Mapping[str, tuple[float, float]], cities: Collection[str] = ()) -> None:
    """Add a named node beside each place but junctions of motorways, so that a map of the region can be read."""
    for name, (x_m, y_m) in places.items():
        if not re.match(r"M\d", name):
            kind = "city" if name in cities else "town"
            made.node_tags[made.node(x_m + 120, y_m + 120)] = {"place": kind, "name": name}


def region_postcodes(region: Region) -> pd.DataFrame:
    """Return the region's located postcodes, with their sector and whether streets are made there."""
    table = duckdb.read_parquet(str(Path(__file__).with_name("codepoint-open.parquet"))).df()
    distance_m = np.hypot(table.easting - region.centre_m[0], table.northing - region.centre_m[1])
    table = table[(table.positional_quality < 60) & (distance_m < region.radius_m)].copy()
    table["near"] = distance_m[table.index] < region.streets_radius_m
    table["sector"] = table.postcode.str[:-2]
    return table.reset_index(drop=True)


def _gabriel(xy: np.ndarray) -> list[tuple[int, int]]:
    """Join points that have no other in the circle between them: a network like that of country roads."""
    tree = KDTree(xy)
    edges = {tuple(sorted((int(t[a]), int(t[b])))) for t in Delaunay(xy).simplices for a, b in ((0, 1), (1, 2), (0, 2))}
    kept = []
    for i, j in sorted(edges):
        radius_m = np.hypot(*(xy[i] - xy[j])) / 2
        if radius_m < 5000 and len(tree.query_ball_point((xy[i] + xy[j]) / 2, radius_m * 0.999)) == 0:
            kept.append((i, j))
    return kept


def _streets(made: Extract, group: pd.DataFrame, middle: int, sector: str, cell_m: float) -> None:
    cells = group.assign(c=group.easting // cell_m, r=group.northing // cell_m)
    thin = cells.drop_duplicates(["c", "r"])[["easting", "northing"]].to_numpy(dtype=float)
    nodes = [middle, *(made.node(*row) for row in thin)]
    xy = np.array([made.points[n - 1] for n in nodes])
    pairs = KDTree(xy).sparse_distance_matrix(KDTree(xy), max(1500.0, 4 * cell_m))
    tree = minimum_spanning_tree(coo_array(pairs)).tocoo()
    for i, j in zip(tree.row, tree.col, strict=True):
        tags = {"highway": "residential", "maxspeed": "30 mph", "name": f"{sector} Street {min(i, j) + 1}"}
        made.ways.append(([nodes[int(i)], nodes[int(j)]], tags))
