"""A hierarchy answers what searches answer, to the millisecond."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.roads.cache import open_network
from siting.roads.joining import Joins, join_points
from siting.roads.network import RoadNetwork
from siting.storage.kept import bundled_data
from siting.times.contraction import UNREACHED_WEIGHT, contract
from siting.times.hierarchy import from_weight, is_kept, make_hierarchy, open_hierarchy, to_weight
from siting.times.hierarchy_search import climb_all, listed_by, meet
from siting.times.matrix import SEARCHES_BEFORE_A_HIERARCHY, Question, journeys, journeys_over, journeys_searched
from siting.words import NO_WAY_MS, Scenario

LINKS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 60)), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def chilterns() -> RoadNetwork:
    return open_network(bundled_data() / "chilterns" / "chilterns.osm.pbf")


def places(network: RoadNetwork, count: int, seed: int) -> Joins:
    """Points beside roads, some of them on the same piece of road."""
    draw = np.random.default_rng(seed)
    segments = network.segments
    at = segments.geometry_start[draw.choice(np.flatnonzero(segments.joinable), count)]
    spread_m = draw.normal(0, 40, (2, count))
    again = draw.choice(count, count // 5)
    at[: len(again)] = at[again]
    return join_points(network, segments.x_m[at] + spread_m[0], segments.y_m[at] + spread_m[1])


def asked(network: RoadNetwork, origins: Joins, destinations: Joins, scenario: Scenario, threads: int = 2) -> Question:
    return Question(network=network, origins=origins, destinations=destinations, scenario=scenario, threads=threads)


@settings(deadline=None)
@given(links=LINKS)
def test_random_graphs_have_the_same_least_weights(links: list[tuple[int, int, int]]) -> None:
    begin, end, weight = (np.array(column) for column in zip(*links, strict=True))
    rank, source, target, weights = contract(
        begin.astype(np.int32), end.astype(np.int32), weight.astype(np.int64), 12, np.zeros(1, dtype=np.int64)
    )
    assert sorted(rank) == list(range(12))
    number = (11 - rank).astype(np.int32)
    source, target = number[source], number[target]
    out = target < source
    everywhere = listed_by(np.arange(12), number, np.zeros(12, np.int64), 12)
    back = listed_by(target[~out], source[~out], weights[~out], 12)
    kept = listed_by(*climb_all(back, everywhere), 12)
    table = np.full((12, 12), UNREACHED_WEIGHT)
    meet(listed_by(source[out], target[out], weights[out], 12), everywhere, kept, 0, table)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(12))
    graph.add_weighted_edges_from(links)
    for one in range(12):
        lengths = nx.single_source_dijkstra_path_length(graph, one)
        assert table[one].tolist() == [lengths.get(other, UNREACHED_WEIGHT) for other in range(12)]


def test_journeys_are_those_of_the_searches(chilterns: RoadNetwork) -> None:
    scenario = Scenario.SCHOOL_RUN
    origins, destinations = places(chilterns, 60, 1), places(chilterns, 90, 2)
    over = journeys_over(make_hierarchy(chilterns, scenario), asked(chilterns, origins, destinations, scenario))
    searched = journeys_searched(asked(chilterns, origins, destinations, scenario))
    assert (over.time_ms == searched.time_ms).all()
    np.testing.assert_allclose(over.length_m, searched.length_m, atol=0.5)


def test_journeys_on_real_roads_within_one_street_and_to_nowhere(shared_data: Path) -> None:
    network = open_network(shared_data / "rutland-2022-07-20.osm.pbf")
    among = places(network, 150, 3)
    nowhere = join_points(network, np.array([np.nan]), np.array([np.nan]))
    ends = Joins(**{name: np.concatenate([getattr(among, name), getattr(nowhere, name)]) for name in Joins.__dataclass_fields__})
    over = journeys_over(make_hierarchy(network, Scenario.TYPICAL), asked(network, ends, ends, Scenario.TYPICAL))
    searched = journeys_searched(asked(network, ends, ends, Scenario.TYPICAL))
    assert (over.time_ms == searched.time_ms).all()
    assert (over.time_ms[-1] == NO_WAY_MS).all()
    assert np.isnan(over.length_m[:, -1]).all()


def test_a_hierarchy_is_made_for_many_searches_and_kept(chilterns: RoadNetwork) -> None:
    among = places(chilterns, SEARCHES_BEFORE_A_HIERARCHY, 4)
    journeys(asked(chilterns, among[:5], among, Scenario.TYPICAL))
    assert not is_kept(chilterns, Scenario.TYPICAL)
    one = journeys(asked(chilterns, among, among, Scenario.TYPICAL, threads=1))
    assert is_kept(chilterns, Scenario.TYPICAL)
    two = journeys(asked(chilterns, among, among, Scenario.TYPICAL, threads=2))
    assert (one.time_ms == two.time_ms).all()
    kept, made = open_hierarchy(chilterns, Scenario.TYPICAL), make_hierarchy(chilterns, Scenario.TYPICAL)
    assert all(
        (a == b).all() for a, b in zip((kept.number, *kept.out, *kept.back), (made.number, *made.out, *made.back), strict=True)
    )


@given(time_ms=st.integers(-(10**6), 2**30), length_mm=st.integers(0, 2**32 - 1))
def test_a_weight_holds_both(time_ms: int, length_mm: int) -> None:
    found_ms, found_m = from_weight(to_weight(np.array([time_ms]), np.array([length_mm / 1000])))
    assert found_ms[0] == time_ms
    assert found_m[0] == pytest.approx(length_mm / 1000)
