"""What pandana takes, in an environment that has it and `osmium`: its hierarchy, and a table of minutes.

    python pandana_times.py EXTRACT.osm.pbf POINTS.csv

Roads are read by osmium and driven at the limit, or at a speed by class: pandana has no turns, so its
minutes are not comparable, its speed is.
"""

import csv
import json
import sys
import time
from pathlib import Path

import numpy as np
import osmium
import pandana
import pandas as pd

SPEEDS_KMH = {
    "motorway": 112,
    "trunk": 96,
    "primary": 80,
    "secondary": 70,
    "tertiary": 60,
    "unclassified": 48,
    "residential": 40,
    "living_street": 20,
    "service": 20,
}


def main(extract: Path, points: Path) -> None:
    """Read, prepare, answer; print what each took."""
    took: dict[str, float] = {}
    begun = time.perf_counter()
    places: dict[int, tuple[float, float]] = {}
    begin, end, minutes, two_way = [], [], [], []
    reader = osmium.FileProcessor(str(extract)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    for way in reader:
        kmh = SPEEDS_KMH.get(way.tags["highway"].removesuffix("_link")) if way.is_way() else None
        if kmh is None:
            continue
        for one, other in zip(list(way.nodes)[:-1], list(way.nodes)[1:], strict=True):
            places[one.ref], places[other.ref] = (one.lon, one.lat), (other.lon, other.lat)
            metres = osmium.geom.haversine_distance(one.location, other.location)
            begin.append(one.ref)
            end.append(other.ref)
            minutes.append(metres * 60 / kmh / 1000)
            two_way.append(way.tags.get("oneway") not in {"yes", "1"})
    node = pd.DataFrame.from_dict(places, orient="index", columns=["x", "y"])
    edge = pd.DataFrame({"from": begin, "to": end, "minutes": minutes, "two_way": two_way})
    back = edge[edge["two_way"]].rename(columns={"from": "to", "to": "from"})
    edge = pd.concat([edge, back], ignore_index=True)
    took["read_s"] = round(time.perf_counter() - begun, 3)
    begun = time.perf_counter()
    network = pandana.Network(node["x"], node["y"], edge["from"], edge["to"], edge[["minutes"]], twoway=False)
    took["prepare_s"] = round(time.perf_counter() - begun, 3)
    rows = list(csv.DictReader(points.open(encoding="utf-8")))
    ids = network.get_node_ids([float(r["lon"]) for r in rows], [float(r["lat"]) for r in rows]).to_numpy()
    origins, destinations = ids[: 2 * len(ids) // 3], ids[2 * len(ids) // 3 :]
    begun = time.perf_counter()
    network.shortest_path_lengths(np.repeat(origins, len(destinations)), np.tile(destinations, len(origins)), imp_name="minutes")
    took["matrix_s"] = round(time.perf_counter() - begun, 3)
    print(json.dumps(took))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
