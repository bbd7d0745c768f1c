"""What a choice is made from: a child whose family's place is not known needs a bed and moves no choice."""

import shutil
from pathlib import Path

import pandas as pd

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
