"""Groups of connected nodes are those that networkx finds."""

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.kernels.components import connected_groups, mutual_groups


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph:
    count = draw(st.integers(1, 30))
    node = st.integers(0, count - 1)
    graph = nx.DiGraph(draw(st.lists(st.tuples(node, node), max_size=60)))
    graph.add_nodes_from(range(count))
    return graph


def grouped(label: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(label == group).tolist()) for group in np.unique(label)}


@settings(deadline=None)
@given(graphs())
def test_nodes_that_some_links_join_are_one_group(graph: nx.DiGraph) -> None:
    links = np.array(graph.edges, dtype=np.int64).reshape(-1, 2)
    label = connected_groups(links[:, 0].copy(), links[:, 1].copy(), len(graph))
    assert grouped(label) == set(map(frozenset, nx.weakly_connected_components(graph)))


@settings(deadline=None)
@given(graphs())
def test_nodes_that_reach_each_other_are_one_group(graph: nx.DiGraph) -> None:
    links = sorted(graph.edges)
    start = np.searchsorted([tail for tail, _ in links], np.arange(len(graph) + 1)).astype(np.int64)
    other = np.array([head for _, head in links], dtype=np.int32)
    assert grouped(mutual_groups(start, other)) == set(map(frozenset, nx.strongly_connected_components(graph)))


def test_a_long_road_is_one_group_however_deep() -> None:
    count = 200_000
    ring = np.roll(np.arange(count, dtype=np.int32), -1)
    assert len(np.unique(mutual_groups(np.arange(count + 1, dtype=np.int64), ring))) == 1
    assert len(np.unique(connected_groups(np.arange(count), ring.astype(np.int64), count))) == 1
