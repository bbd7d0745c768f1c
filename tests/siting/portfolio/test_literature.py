"""Published optima of the p-median and the capacitated p-median."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from siting.portfolio.choosing import best_choice
from siting.portfolio.problem import ChildNeed, HomeOption, Limits, PortfolioProblem
from siting.words import ChildRef, HomeId, HomeStatus, Verdict

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def as_problem(cost: np.ndarray, homes: int, beds: int) -> PortfolioProblem:
    """Every node is a home and a child at once, as in the literature."""
    nodes = len(cost)
    return PortfolioProblem(
        homes=tuple(
            HomeOption(
                home_id=HomeId(f"H{i}"),
                status=HomeStatus.CANDIDATE,
                beds=beds,
                bedrooms=None,
                cost_gbp=0.0,
                town=None,
                ward=None,
                authority=None,
                verdict=Verdict.PASS,
                x_m=0.0,
                y_m=0.0,
                schools_ms=(1,),
                locked=False,
                barred=False,
            )
            for i in range(nodes)
        ),
        children=tuple(
            ChildNeed(child_ref=ChildRef(f"C{j}"), authority=None, solo=False, max_minutes=None) for j in range(nodes)
        ),
        family_ms=cost.astype(np.int64),
        excluded=np.zeros(cost.shape, dtype=bool),
        beyond_miles=np.zeros(cost.shape, dtype=bool),
        school_names=("School",),
        school_places=(None,),
        shares={},
        limits=Limits(homes=homes),
    )


def test_the_p_median_optimum_of_or_library() -> None:
    lines = [[int(word) for word in line.split()] for line in (GOLDEN / "pmed1.txt").read_text().splitlines()]
    (nodes, edges, homes), rest = lines[0], lines[1:]
    assert len(rest) == edges - 2 or len(rest) == edges
    graph = nx.Graph()
    # Where an edge is named twice the later cost counts, as the set's own description says.
    graph.add_weighted_edges_from(rest)
    cost = np.zeros((nodes, nodes))
    for node, lengths in nx.all_pairs_dijkstra_path_length(graph):
        for other, length in lengths.items():
            cost[node - 1, other - 1] = length
    found = best_choice(as_problem(cost, homes, beds=nodes)).choice
    assert found is not None
    assert round(found.total_min * 60_000) == 5819


@pytest.mark.parametrize("capacity", [3, 4, 6])
def test_the_capacitated_optimum_equals_another_solver_s(capacity: int) -> None:
    """The same model written with another library, on points drawn as the literature draws them."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    draw = np.random.default_rng(capacity)
    points = draw.integers(0, 100, (18, 2))
    cost = np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    nodes, homes = len(points), -(-len(points) // capacity) + 1
    y = nodes * nodes
    once = np.zeros((nodes, y + nodes))
    room = np.zeros((nodes, y + nodes))
    for i in range(nodes):
        for j in range(nodes):
            once[j, i * nodes + j] = 1
            room[i, i * nodes + j] = 1
        room[i, y + i] = -capacity
    count = np.concatenate([np.zeros(y), np.ones(nodes)])[None]
    answer = milp(
        np.concatenate([cost.ravel(), np.zeros(nodes)]),
        integrality=np.ones(y + nodes),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(room, -np.inf, 0), LinearConstraint(count, homes, homes)],
    )
    found = best_choice(as_problem(cost, homes, beds=capacity)).choice
    assert found is not None
    assert round(found.total_min * 60_000) == round(answer.fun)
