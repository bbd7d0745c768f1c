"""Make the sample's road network: real main roads between real towns, generated local streets.

    python data/make_chilterns.py data/chilterns/chilterns.osm.pbf

The towns and junctions and the main roads between them are entered by hand from general knowledge
(to about 300 m). Every other road is generated: between the middles of postcode sectors, and within
each sector along a tree of its postcodes (Code-Point Open). So journeys between towns are
plausible, and no street is real. Built-up areas are drawn from the density of postcodes, the
Thames by hand; woods, buildings, stations and their names are invented.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pyarrow.parquet as pq
from chilterns_places import AUTHORITY_OF_TOWN, THAMES
from chilterns_streets import Neighbourhood, lay_out
from osmium.osm.mutable import Node, Way
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree
from shapely import MultiPolygon, Point, Polygon, box, union_all

from siting.crs import MetricSystem, to_degrees, to_metres
from siting.words import BNG

GRID = MetricSystem(BNG)
CENTRE_M = (486_600.0, 193_000.0)
RADIUS_M = 48_000.0
STREETS_RADIUS_M = 26_000.0
STREET_CELL_M = 170.0
WIGGLE = 0.24

PLACES = {  # latitude, longitude
    "High Wycombe": (51.629, -0.749), "M40 J4": (51.613, -0.763), "M40 J3": (51.602, -0.695), "M40 J2": (51.592, -0.630),
    "M40 J1A": (51.577, -0.540), "M40 J1": (51.570, -0.500), "M40 J5": (51.661, -0.897), "M40 J6": (51.675, -0.965),
    "M40 J7": (51.716, -1.055), "M40 J8": (51.742, -1.095), "M40 J9": (51.858, -1.205), "M40 J10": (51.930, -1.210),
    "M25 J13": (51.465, -0.520), "M25 J15": (51.496, -0.500), "M25 J17": (51.625, -0.510), "M25 J18": (51.655, -0.505),
    "M25 J20": (51.710, -0.440), "M25 J21": (51.720, -0.385), "M25 J22": (51.720, -0.285), "M25 J23": (51.690, -0.225),
    "M4 J5": (51.495, -0.540), "M4 J6": (51.500, -0.625), "M4 J8": (51.505, -0.715), "M4 J10": (51.435, -0.880),
    "M4 J11": (51.415, -0.965), "M4 J12": (51.435, -1.075), "M1 J8": (51.750, -0.410), "M1 J10": (51.850, -0.425),
    "M1 J11": (51.900, -0.460), "M1 J13": (52.020, -0.600), "M1 J14": (52.045, -0.690), "Beaconsfield": (51.611, -0.644),
    "Gerrards Cross": (51.588, -0.554), "Uxbridge": (51.546, -0.478), "Stokenchurch": (51.660, -0.899),
    "West Wycombe": (51.644, -0.800), "Wheatley": (51.748, -1.135), "Oxford": (51.752, -1.258), "Marlow": (51.572, -0.777),
    "Maidenhead": (51.522, -0.720), "Amersham": (51.668, -0.612), "Rickmansworth": (51.640, -0.470),
    "Great Missenden": (51.704, -0.707), "Wendover": (51.762, -0.742), "Aylesbury": (51.816, -0.814),
    "Buckingham": (52.000, -0.987), "Princes Risborough": (51.724, -0.834), "Slough": (51.510, -0.595),
    "Hemel Hempstead": (51.753, -0.470), "Berkhamsted": (51.755, -0.570), "Tring": (51.795, -0.655),
    "Bicester": (51.900, -1.152), "Thame": (51.747, -0.975), "Leighton Buzzard": (51.917, -0.660),
    "Henley": (51.537, -0.903), "Wallingford": (51.600, -1.125), "Didcot": (51.607, -1.242), "Reading": (51.455, -0.970),
    "Bracknell": (51.415, -0.750), "Milton Keynes": (52.040, -0.760), "Dunstable": (51.886, -0.521), "Luton": (51.879, -0.418),
    "St Albans": (51.752, -0.336), "Hatfield": (51.763, -0.228), "Watford": (51.656, -0.396), "Abingdon": (51.671, -1.280),
    "Windsor": (51.481, -0.610), "Chesham": (51.706, -0.612),
}  # fmt: skip

ROADS = [  # reference, class, limit, dual, places
    ("M40", "motorway", "70 mph", ["M40 J1", "M40 J1A", "M40 J2", "M40 J3", "M40 J4", "M40 J5", "M40 J6", "M40 J7", "M40 J8", "M40 J9", "M40 J10"]),
    ("M25", "motorway", "70 mph", ["M25 J13", "M25 J15", "M40 J1A", "M25 J17", "M25 J18", "M25 J20", "M25 J21", "M25 J22", "M25 J23"]),
    ("M4", "motorway", "70 mph", ["M25 J15", "M4 J5", "M4 J6", "M4 J8", "M4 J10", "M4 J11", "M4 J12"]),
    ("M1", "motorway", "70 mph", ["M25 J21", "M1 J8", "M1 J10", "M1 J11", "M1 J13", "M1 J14"]),
    ("A404", "trunk", "70 mph", ["M40 J4", "Marlow", "M4 J8"]),
    ("A404", "primary", "40 mph", ["M40 J4", "High Wycombe", "Amersham", "M25 J18", "Rickmansworth"]),
    ("A40", "primary", "40 mph", ["Uxbridge", "M40 J1", "Gerrards Cross", "Beaconsfield", "M40 J3", "High Wycombe", "West Wycombe", "Stokenchurch", "M40 J6"]),
    ("A40", "trunk", "70 mph", ["M40 J8", "Wheatley"]),
    ("A40", "primary", "30 mph", ["Wheatley", "Oxford"]),
    ("A413", "primary", "40 mph", ["M40 J1", "Gerrards Cross", "Amersham", "Great Missenden", "Wendover", "Aylesbury", "Buckingham"]),
    ("A4010", "primary", "40 mph", ["M40 J4", "West Wycombe", "Princes Risborough", "Aylesbury"]),
    ("A355", "primary", "40 mph", ["Amersham", "Beaconsfield", "M40 J2", "Slough", "M4 J6", "Windsor"]),
    ("A41", "trunk", "70 mph", ["M25 J20", "Hemel Hempstead", "Berkhamsted", "Tring"]),
    ("A41", "primary", "40 mph", ["Tring", "Aylesbury", "Bicester", "M40 J9"]),
    ("A418", "primary", "40 mph", ["Leighton Buzzard", "Aylesbury", "Thame", "M40 J7"]),
    ("A4130", "primary", "40 mph", ["Maidenhead", "Henley", "Wallingford", "Didcot"]),
    ("A4155", "primary", "40 mph", ["Marlow", "Henley", "Reading"]),
    ("A4", "primary", "40 mph", ["Slough", "Maidenhead", "Reading"]),
    ("A308", "primary", "40 mph", ["Windsor", "Maidenhead", "Marlow"]),
    ("A329(M)", "trunk", "70 mph", ["M4 J10", "Bracknell"]),
    ("A329", "primary", "20 mph", ["Reading", "M4 J10"]),
    ("A33", "primary", "30 mph", ["Reading", "M4 J11"]),
    ("A4074", "primary", "40 mph", ["Oxford", "Wallingford", "Reading"]),
    ("A34", "trunk", "50 mph", ["M40 J9", "Oxford", "Abingdon"]),
    ("A34", "trunk", "70 mph", ["Abingdon", "Didcot"]),
    ("A421", "primary", "60 mph", ["Bicester", "Buckingham", "Milton Keynes", "M1 J13"]),
    ("A5", "trunk", "60 mph", ["Dunstable", "Leighton Buzzard", "Milton Keynes"]),
    ("A509", "primary", "60 mph", ["Milton Keynes", "M1 J14"]),
    ("A505", "primary", "40 mph", ["Leighton Buzzard", "Dunstable", "M1 J11", "Luton", "M1 J10"]),
    ("A414", "primary", "40 mph", ["Hemel Hempstead", "M1 J8", "St Albans", "Hatfield"]),
    ("A1(M)", "motorway", "70 mph", ["M25 J23", "Hatfield"]),
    ("A412", "primary", "40 mph", ["Slough", "Rickmansworth", "Watford", "M25 J21"]),
    ("A416", "primary", "40 mph", ["Amersham", "Chesham", "Berkhamsted"]),
    ("A4128", "secondary", "40 mph", ["High Wycombe", "Great Missenden"]),
]  # fmt: skip


HOME_POSTCODES = (
    "HP13 5SU", "HP20 1US", "HP6 5ES", "SL7 1QN", "OX9 3SH", "RG9 1AJ", "OX3 8HZ", "HP1 2HU", "WD3 1QZ", "HP23 4DN",
    "MK9 3AP", "MK4 1DT", "RG12 2JJ", "RG1 5RT", "RG30 2BH",
)  # fmt: skip
"""The sample's homes, H01 to H15."""


class Extract:
    """Nodes and ways as they are made, numbered from one."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.node_tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[list[int], dict[str, str]]] = []

    def area(self, ring: Polygon, tags: dict[str, str]) -> None:
        """Add the outline of a polygon as a closed way."""
        nodes = [self.node(x, y) for x, y in ring.exterior.coords[:-1]]
        self.ways.append(([*nodes, nodes[0]], tags))

    def node(self, x_m: float, y_m: float) -> int:
        """Add a node (EPSG:27700); its number."""
        self.points.append((x_m, y_m))
        return len(self.points)

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


def main(target: str) -> None:
    """Write the network to TARGET."""
    made = Extract()
    names = list(PLACES)
    x_m, y_m = to_metres([PLACES[n][1] for n in names], [PLACES[n][0] for n in names], GRID)
    hubs = {name: made.node(float(x), float(y)) for name, x, y in zip(names, x_m, y_m, strict=True)}
    for ref, road_class, limit, places in ROADS:
        for one, other in pairwise(places):
            tags = {"highway": road_class, "ref": ref, "maxspeed": limit}
            if road_class == "motorway" or limit == "70 mph":
                made.road(hubs[one], hubs[other], tags | {"oneway": "yes"}, 0.05)
                made.road(hubs[other], hubs[one], tags | {"oneway": "yes"}, 0.05)
            else:
                made.road(hubs[one], hubs[other], tags)
    postcodes = _postcodes()
    sectors = postcodes.groupby("sector")[["easting", "northing"]].median()
    middles = [made.node(*row) for row in sectors.to_numpy()]
    nodes = np.array([*hubs.values(), *middles])
    xy = np.array([made.points[n - 1] for n in nodes])
    for i, j in _gabriel(xy):
        far = np.hypot(*(xy[i] - xy[j])) > 2500
        made.road(int(nodes[i]), int(nodes[j]), {"highway": "tertiary", "maxspeed": "40 mph" if far else "30 mph"})
    for sector, group in postcodes[postcodes.near].groupby("sector"):
        _streets(made, group, int(middles[sectors.index.get_loc(sector)]), str(sector))
    hub_places = dict(zip(names, zip(x_m, y_m, strict=True), strict=True))
    for neighbourhood in home_neighbourhoods():
        _add_neighbourhood(made, neighbourhood)
    _add_background(made, postcodes, hub_places)
    _write(made, Path(target))


def home_neighbourhoods() -> list[Neighbourhood]:
    """Return the invented streets of every home, in their order."""
    postcodes = _postcodes()
    middles = postcodes.groupby("sector")[["easting", "northing"]].median()
    found = []
    for number, postcode in enumerate(HOME_POSTCODES):
        row = postcodes[postcodes.postcode == postcode].iloc[0]
        # Streets run towards the middle of their sector, as most do.
        towards = middles.loc[row.sector] - row[["easting", "northing"]]
        angle = float(np.arctan2(float(-towards.northing), float(-towards.easting)))
        found.append(lay_out(number, float(row.easting), float(row.northing), angle))
    return found


def _add_neighbourhood(made: Extract, streets: Neighbourhood) -> None:
    link = np.array(streets.link)
    roads = {node for refs, tags in made.ways if tags.get("highway") in {"residential", "tertiary"} for node in refs}
    near = min(sorted(roads), key=lambda node: float(np.hypot(*(np.array(made.points[node - 1]) - link))))
    ends = [(name, made.node(*first), made.node(*last)) for name, first, last in streets.streets]
    for name, first, last in ends:
        made.ways.append(([first, last], {"highway": "residential", "maxspeed": "30 mph", "name": name}))
    # A street's end and the next one's are joined, and the first to the network.
    made.ways.append(([ends[0][1], ends[1][1]], {"highway": "residential", "maxspeed": "30 mph", "name": "Cross Street"}))
    made.ways.append(([near, ends[0][1]], {"highway": "residential", "maxspeed": "30 mph", "name": "Link Road"}))
    for outline, owner in streets.buildings:
        tags = {"building": "yes", "addr:street": owner.street, "addr:housenumber": owner.building_number}
        if owner.building_name:
            tags["name"] = owner.building_name
        made.area(outline, tags)


def _add_background(made: Extract, postcodes: pd.DataFrame, hubs: dict[str, tuple[float, float]]) -> None:
    for name in AUTHORITY_OF_TOWN:
        x_m, y_m = hubs[name]
        kind = "city" if name in {"Oxford", "Milton Keynes"} else "town"
        made.node_tags[made.node(x_m + 120, y_m + 120)] = {"place": kind, "name": name}
    for name in (
        "High Wycombe",
        "Marlow",
        "Aylesbury",
        "Amersham",
        "Thame",
        "Henley",
        "Reading",
        "Bracknell",
        "Oxford",
        "Watford",
    ):
        x_m, y_m = hubs[name]
        made.node_tags[made.node(x_m + 400, y_m - 250)] = {"amenity": "fire_station", "name": f"{name} Fire Station (invented)"}
        made.node_tags[made.node(x_m - 300, y_m + 350)] = {"amenity": "police", "name": f"{name} Police Station (invented)"}
    x_m, y_m = to_metres([lon for _, lon in THAMES], [lat for lat, _ in THAMES], GRID)
    river = [made.node(float(x), float(y)) for x, y in zip(x_m, y_m, strict=True)]
    made.ways.append((river, {"waterway": "river", "name": "River Thames"}))
    cells = postcodes.assign(c=postcodes.easting // 400, r=postcodes.northing // 400).groupby(["c", "r"]).size()
    built = [box(c * 400, r * 400, c * 400 + 400, r * 400 + 400) for (c, r), count in cells.items() if count >= 4]
    merged = union_all(built).buffer(150).buffer(-150).simplify(60)
    towns = merged.geoms if isinstance(merged, MultiPolygon) else [merged]
    for town in towns:
        if town.area > 600_000:
            made.area(town, {"landuse": "residential"})
    draw = np.random.default_rng(7)
    for _ in range(90):
        distance_m, angle = RADIUS_M * np.sqrt(draw.random()) * 0.9, draw.random() * 2 * np.pi
        x_m, y_m = CENTRE_M[0] + distance_m * np.cos(angle), CENTRE_M[1] + distance_m * np.sin(angle)
        bearings = np.linspace(0, 2 * np.pi, 11)[:-1]
        radii = draw.uniform(350, 1100, 10)
        wood = Polygon([(x_m + r * np.cos(b), y_m + r * np.sin(b)) for r, b in zip(radii, bearings, strict=True)])
        if wood.is_valid and not merged.intersects(wood) and not Point(x_m, y_m).within(merged):
            made.area(wood, {"natural": "wood"})


def _postcodes() -> pd.DataFrame:
    table = pq.read_table(Path(__file__).with_name("codepoint-open.parquet")).to_pandas()
    distance_m = np.hypot(table.easting - CENTRE_M[0], table.northing - CENTRE_M[1])
    table = table[(table.positional_quality < 60) & (distance_m < RADIUS_M)].copy()
    table["near"] = distance_m[table.index] < STREETS_RADIUS_M
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


def _streets(made: Extract, group: pd.DataFrame, middle: int, sector: str) -> None:
    cells = group.assign(c=group.easting // STREET_CELL_M, r=group.northing // STREET_CELL_M)
    thin = cells.drop_duplicates(["c", "r"])[["easting", "northing"]].to_numpy(dtype=float)
    nodes = [middle, *(made.node(*row) for row in thin)]
    xy = np.array([made.points[n - 1] for n in nodes])
    pairs = KDTree(xy).sparse_distance_matrix(KDTree(xy), 1500.0)
    tree = minimum_spanning_tree(coo_array(pairs)).tocoo()
    for i, j in zip(tree.row, tree.col, strict=True):
        tags = {"highway": "residential", "maxspeed": "30 mph", "name": f"{sector} Street {min(i, j) + 1}"}
        made.ways.append(([nodes[int(i)], nodes[int(j)]], tags))


def _write(made: Extract, target: Path) -> None:
    points = np.array(made.points)
    lon, lat = to_degrees(points[:, 0], points[:, 1], GRID)
    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(target)) as writer:
        for number, place in enumerate(zip(lon, lat, strict=True), start=1):
            tags = made.node_tags.get(number, {})
            writer.add_node(Node(id=number, location=(float(place[0]), float(place[1])), version=1, tags=tags))
        for number, (refs, tags) in enumerate(made.ways, start=1):
            writer.add_way(Way(id=number, nodes=refs, tags=tags, version=1))


if __name__ == "__main__":
    main(sys.argv[1])
