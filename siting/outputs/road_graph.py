"""The roads as a graph for other programs: what the planner drives on, to be searched by anybody's own algorithm."""

from pathlib import Path

import networkx as nx
import numpy as np

from siting.osm.extract import ATTRIBUTION
from siting.roads.network import SCENARIOS, SHUT_MS, RoadNetwork
from siting.travel_model import ROAD_CLASSES

GRAPH_NOTE = (
    "A node is a piece of road driven one way; an edge is a permitted turn from one into the next, and its milliseconds are "
    "those of the turn and of the whole piece turned into (inf where it may not be driven then). x and y are its end."
)


def road_graph(network: RoadNetwork) -> "nx.DiGraph[int]":
    """Return the network's states and links as a directed graph, so that a shortest path in it is the planner's.

    Nodes have `arc` (as the network numbers them), `road`, `road_class`, `length_m`, `x` and `y`, in metres
    of the coordinate system named in the graph's `crs`, and `ms_SCENARIO`, the time along the piece; edges have
    `ms_SCENARIO`. All times are whole milliseconds, infinite where cars may not drive in that scenario.
    """
    graph: nx.DiGraph[int] = nx.DiGraph(crs=network.system.name, note=GRAPH_NOTE, source=ATTRIBUTION)
    _add_pieces(graph, network)
    _add_turns(graph, network)
    return graph


def _add_pieces(graph: "nx.DiGraph[int]", network: RoadNetwork) -> None:
    segments = network.segments
    for state, arc in enumerate(network.state_arc.tolist()):
        segment, against = divmod(arc, 2)
        at = segments.geometry_start[segment] if against else segments.geometry_start[segment + 1] - 1
        times = {f"ms_{name}": float(network.arc_ms[row, arc]) for row, name in enumerate(SCENARIOS)}
        graph.add_node(
            state,
            arc=arc,
            road=network.road_name(segment),
            road_class=ROAD_CLASSES[segments.road_class[segment]],
            length_m=round(float(segments.length_m[segment]), 2),
            x=round(float(segments.x_m[at]), 2),
            y=round(float(segments.y_m[at]), 2),
            **times,
        )


def _add_turns(graph: "nx.DiGraph[int]", network: RoadNetwork) -> None:
    links = network.onward
    start = np.repeat(np.arange(len(network.state_arc)), np.diff(links.start))
    cost_ms = np.where(links.cost_ms >= SHUT_MS, np.inf, links.cost_ms.astype(np.float64))
    names = [f"ms_{name}" for name in SCENARIOS]
    for one, other, costs in zip(start.tolist(), links.other.tolist(), cost_ms.T.tolist(), strict=True):
        graph.add_edge(one, other, **dict(zip(names, costs, strict=True)))


def write_road_graph(path: Path, network: RoadNetwork) -> None:
    """Write the graph as GraphML, which networkx, Gephi, igraph and others read."""
    nx.write_graphml_xml(road_graph(network), path)
