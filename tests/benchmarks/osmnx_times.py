"""What OSMnx with networkx takes: a graph with free-flow times, the reach of 45 minutes, and searches for a table.

    python osmnx_times.py EXTRACT.osm.pbf POINTS.csv

OSMnx reads XML, so the roads are written as XML first, which is counted apart.
"""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import osmnx

SEARCHES = 3


def main(extract: Path, points: Path) -> None:
    """Convert, read, search; print what each took."""
    took: dict[str, float] = {}

    def timed(name: str, begun: float) -> float:
        took[name] = round(time.perf_counter() - begun, 3)
        return time.perf_counter()

    rows = list(csv.DictReader(points.open(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        xml = Path(folder) / "roads.osm"
        with osmium.BackReferenceWriter(str(xml), ref_src=str(extract)) as writer:
            for way in osmium.FileProcessor(str(extract), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway")):
                writer.add(way)
        begun = timed("xml_s", begun)
        graph = osmnx.graph_from_xml(xml, retain_all=True)
    graph = osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph))
    begun = timed("graph_s", begun)
    ids = np.array(graph.nodes)
    at = np.array([(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in ids])
    nodes = [int(ids[np.abs(at - (float(r["lon"]), float(r["lat"]))).sum(axis=1).argmin()]) for r in rows[:SEARCHES]]
    begun = time.perf_counter()
    nx.single_source_dijkstra_path_length(graph.reverse(copy=False), nodes[0], cutoff=45 * 60, weight="travel_time")
    begun = timed("reach_45_minutes_s", begun)
    for node in nodes:
        nx.single_source_dijkstra_path_length(graph, node, weight="travel_time")
    took["matrix_s_estimated"] = round((time.perf_counter() - begun) / SEARCHES * (len(rows) // 3), 1)
    print(json.dumps(took))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
