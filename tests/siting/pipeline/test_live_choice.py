"""Choices tried one after another are those that a run would make."""

import dataclasses
import itertools
from pathlib import Path

import pandas as pd
import pytest

from siting import pipeline
from siting.faults import UsageError
from siting.inputs.plan_parts import PortfolioPart
from siting.pipeline.choosing import wished
from siting.storage.kept import bundled_data

PLAN = bundled_data() / "examples" / "thames-valley" / "plan.toml"


@pytest.fixture(scope="module")
def chooser() -> pipeline.Chooser:
    return pipeline.Chooser.open(PLAN)


def test_a_wish_that_was_emptied_is_not_the_plans_and_one_that_is_not_named_is() -> None:
    """Else the board's paper is of another choice than the one on the screen."""
    part = wished(PortfolioPart(homes=6, beds=20), {"homes": None, "locked": ["H1"]})
    assert (part.homes, part.beds, part.locked) == (None, 20, ("H1",))
    with pytest.raises(UsageError, match="objective"):
        wished(None, {"objective": "whatever"})


def test_a_plan_that_wishes_for_nothing_begins_with_one_home_more(chooser: pipeline.Chooser) -> None:
    assert chooser.first_wishes == chooser.wishes
    plan = chooser.inputs.plan.model_copy(update={"portfolio": None})
    bare = pipeline.Chooser(dataclasses.replace(chooser.inputs, plan=plan), chooser.evaluation)
    standing = [home for home in bare.inputs.homes if home.row.status != "candidate"]
    assert bare.first_wishes["homes"] == len(standing) + 1
    assert bare.attempt({"homes": bare.first_wishes["homes"]}).homes


@pytest.mark.slow
def test_the_plans_own_wishes_give_the_choice_of_a_run(chooser: pipeline.Chooser, tmp_path: Path) -> None:
    pipeline.run_portfolio(PLAN, {}, tmp_path)
    table = pd.read_csv(tmp_path / "portfolio.csv")
    tried = chooser.attempt({})
    assert tried.choice
    assert set(tried.choice["homes"]) == set(table.loc[table["chosen"] == "yes", "home_id"])


def test_what_must_be_in_is_in_and_what_must_be_out_is_out(chooser: pipeline.Chooser) -> None:
    first = chooser.attempt({})
    assert first.choice
    free = [home["home_id"] for home in first.homes if home["status"] == "candidate"]
    chosen = next(name for name in free if name in first.choice["homes"])
    without = chooser.attempt({"barred": [chosen]})
    assert without.choice is None or chosen not in without.choice["homes"]
    assert without.choice is not None or without.told
    other = next(name for name in free if name not in first.choice["homes"])
    said = " ".join(chooser.without_reason({}, other))
    assert other in said


def test_where_nothing_keeps_the_rules_it_is_said_why(chooser: pipeline.Chooser) -> None:
    tried = chooser.attempt({"budget_gbp": 1.0})
    assert tried.choice is None
    assert tried.told


def test_a_wish_that_cannot_be_used_is_refused_in_words(chooser: pipeline.Chooser) -> None:
    with pytest.raises(UsageError, match="homes"):
        chooser.attempt({"homes": 0})


def test_less_money_never_brings_shorter_journeys(chooser: pipeline.Chooser) -> None:
    points = chooser.trade({})
    assert points
    for dearer, cheaper in itertools.pairwise(points):
        assert cheaper["cost_gbp"] < dearer["cost_gbp"]
        assert cheaper["total_min"] >= dearer["total_min"] - 1e-6
