"""Make the sample's road network, with what a map shows beside roads.

    python data/make_chilterns.py data/chilterns/chilterns.osm.pbf

Roads as `generated_roads.py` says. Built-up areas are drawn from the density of postcodes, the
Thames by hand; woods, buildings, stations and their names are invented.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from chilterns_places import AUTHORITY_OF_TOWN, PLACES, ROADS, THAMES
from chilterns_streets import Neighbourhood, lay_out
from generated_roads import GRID, Extract, Region, make_roads, region_postcodes
from shapely import MultiPolygon, Point, Polygon, box, union_all

from siting.crs import to_metres

CHILTERNS = Region(
    centre_m=(486_600.0, 193_000.0),
    radius_m=48_000.0,
    streets_radius_m=26_000.0,
    street_cell_m=170.0,
    places=PLACES,
    roads=ROADS,
)

HOME_POSTCODES = (
    "HP13 5SU", "HP20 1US", "HP6 5ES", "SL7 1QN", "OX9 3SH", "RG9 1AJ", "OX3 8HZ", "HP1 2HU", "WD3 1QZ", "HP23 4DN",
    "MK9 3AP", "MK4 1DT", "RG12 2JJ", "RG1 5RT", "RG30 2BH",
)  # fmt: skip
"""The sample's homes, H01 to H15."""


def main(target: str) -> None:
    """Write the network to TARGET."""
    made, hubs = make_roads(CHILTERNS)
    for neighbourhood in home_neighbourhoods():
        _add_neighbourhood(made, neighbourhood)
    _add_background(made, region_postcodes(CHILTERNS), hubs)
    made.write(Path(target))


def home_neighbourhoods() -> list[Neighbourhood]:
    """Return the invented streets of every home, in their order."""
    postcodes = region_postcodes(CHILTERNS)
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
        distance_m, angle = CHILTERNS.radius_m * np.sqrt(draw.random()) * 0.9, draw.random() * 2 * np.pi
        x_m, y_m = CHILTERNS.centre_m[0] + distance_m * np.cos(angle), CHILTERNS.centre_m[1] + distance_m * np.sin(angle)
        bearings = np.linspace(0, 2 * np.pi, 11)[:-1]
        radii = draw.uniform(350, 1100, 10)
        wood = Polygon([(x_m + r * np.cos(b), y_m + r * np.sin(b)) for r, b in zip(radii, bearings, strict=True)])
        if wood.is_valid and not merged.intersects(wood) and not Point(x_m, y_m).within(merged):
            made.area(wood, {"natural": "wood"})


if __name__ == "__main__":
    main(sys.argv[1])
