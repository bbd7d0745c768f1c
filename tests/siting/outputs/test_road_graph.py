"""The exported graph is the planner's: read back from its file, a shortest path in it takes the planner's time."""

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from siting.outputs.road_graph import write_road_graph
from siting.pipeline.roads import run_area
from siting.words import Scenario

NODES = {"a": (0, 0), "s": (1_000, 0), "b": (2_000, 0), "c": (1_000, 1_000)}
ROAD = {"highway": "primary", "maxspeed": "30 mph", "name": "High Street"}


def test_a_path_in_the_file_takes_the_planner_s_time(draw: Callable[..., object], tmp_path: Path) -> None:
    net = draw(NODES, [("as", ROAD), ("sb", ROAD), ("sc", {**ROAD, "oneway": "yes"})])
    path = tmp_path / "graph.graphml"
    write_road_graph(path, net.network)  # type: ignore[attr-defined]
    graph = nx.read_graphml(path, node_type=int)
    ends = {(node["x"], node["y"]): state for state, node in graph.nodes(data=True)}
    assert graph.graph["crs"] == net.network.system.name  # type: ignore[attr-defined]
    corner = min(ends)
    first = [s for s, node in graph.nodes(data=True) if (node["x"], node["y"]) == (corner[0] + 1_000, corner[1])]
    begun = {s: graph.nodes[s] for s in first if any(graph.nodes[t]["x"] == corner[0] + 2_000 for t in graph.successors(s))}
    (state, piece), *_ = [(s, n) for s, n in begun.items() if n["road"] == "High Street"]
    for scenario in Scenario:
        weight = f"ms_{scenario.value}"
        found = nx.single_source_dijkstra_path_length(graph, state, weight=weight)
        there = min(time for s, time in found.items() if graph.nodes[s]["x"] == corner[0] + 2_000)
        assert (piece[weight] + there) / 1000 == pytest.approx(net.seconds("a", "b", scenario), abs=0.01)  # type: ignore[attr-defined]


def test_no_turn_leads_back_out_of_a_one_way_street(draw: Callable[..., object]) -> None:
    from siting.outputs.road_graph import road_graph

    net = draw(NODES, [("as", ROAD), ("sb", ROAD), ("sc", {**ROAD, "oneway": "yes"})])
    graph = road_graph(net.network)  # type: ignore[attr-defined]
    highest = max(node["y"] for _, node in graph.nodes(data=True))
    (end,) = [s for s, node in graph.nodes(data=True) if node["y"] == highest]
    assert not list(graph.successors(end))


def test_an_ending_that_is_not_known_asks_no_server(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="should end in"):
        run_area("Nowhere", tmp_path / "roads.txt")
    assert not list(tmp_path.iterdir())
