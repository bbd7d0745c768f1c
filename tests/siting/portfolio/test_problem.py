"""What a choice is made from: a child whose family's place is not known needs a bed and moves no choice."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from drawn_plan import child, drawn_plan, home

from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.inputs.plan_parts import PortfolioPart
from siting.portfolio.choosing import best_choice, serve_as_many
from siting.portfolio.need import assess_need
from siting.portfolio.problem import portfolio_problem
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data


def test_a_child_without_a_family_place_gets_a_bed_and_adds_no_minutes(tmp_path: Path) -> None:
    shutil.copytree(bundled_data() / "chilterns", tmp_path / "plan")
    plan = Plan.read(tmp_path / "plan" / "plan.toml")
    network = open_network(plan.resolve("chilterns.osm.pbf"))
    before = read_inputs(plan)
    children = tmp_path / "plan" / "children.csv"
    children.write_text(children.read_text(encoding="utf-8").rstrip("\n") + "\nC99,Reading,,no,,,\n", encoding="utf-8")
    after = read_inputs(plan)
    assert after.children[-1].place is None
    part = PortfolioPart(homes=6)
    one = portfolio_problem(before, evaluate_inputs(before, network), part)
    other = portfolio_problem(after, evaluate_inputs(after, network), part)
    best, with_it = best_choice(one).choice, best_choice(other).choice
    assert best is not None
    assert with_it is not None
    unknown = len(other.children) - 1
    assert unknown in with_it.lives_in, "it has a bed"
    assert serve_as_many(other, with_it.homes).choice is not None
    assert [other.journey_ms(i, unknown) for i in range(len(other.homes))] == [0] * len(other.homes)
    assert not other.beyond_miles[:, unknown].any()
    need = assess_need(after).by_authority.set_index("authority")
    assert (
        need.loc["Reading", "children"] == assess_need(before).by_authority.set_index("authority").loc["Reading", "children"] + 1
    )
    assert pd.notna(with_it.worst_min)


@pytest.mark.parametrize(
    ("row", "cost_gbp"),
    [
        ({"price_gbp": 400_000}, 425_000),
        ({"price_gbp": 400_000, "works_gbp": 60_000}, 460_000),
        ({"price_gbp": 400_000, "works_gbp": 0}, 400_000),
        ({}, None),
        ({"works_gbp": 60_000}, None),
        ({"status": "bought", "price_gbp": 400_000}, 25_000),
        ({"status": "bought", "works_gbp": 60_000}, 60_000),
        ({"status": "open", "price_gbp": 400_000, "works_gbp": 60_000}, 0),
    ],
)
def test_what_is_still_to_be_spent_on_a_home(draw: Callable[..., Any], row: dict[str, Any], cost_gbp: float | None) -> None:
    """A house for sale costs its price and its works, one that is bought its works alone, one that is open nothing."""
    network = draw({"a": (0, 0), "b": (3000, 0)}, [("ab", {"highway": "tertiary"})]).network
    inputs = drawn_plan([home("H1", (500, 0), beds=3, **row)], (child("C1", (2000, 0)),))
    part = PortfolioPart(homes=1, works_gbp=25_000)
    problem = portfolio_problem(inputs, evaluate_inputs(inputs, network, with_areas=False), part)
    assert problem.homes[0].cost_gbp == cost_gbp


def test_distances_that_are_not_known_are_not_beyond_the_miles(draw: Callable[..., Any]) -> None:
    network = draw({"a": (0, 0), "b": (3000, 0)}, [("ab", {"highway": "tertiary"})]).network
    children = (child("C1", (2000, 0)), child("C2", (60_000, 0)), child("C3", None), child("C4", (0, 0), needs_bed="no"))
    inputs = drawn_plan([home("H1", (500, 0), beds=3)], children)
    problem = portfolio_problem(inputs, evaluate_inputs(inputs, network, with_areas=False), PortfolioPart(homes=1))
    assert [need.child_ref for need in problem.children] == ["C1", "C2", "C3"]
    assert problem.beyond_miles.tolist() == [[False, True, False]]
    assert [(need.place_known, need.journey_known) for need in problem.children] == [(True, True), (True, False), (False, False)]
