"""What the tables of a choice tell: minutes there and back, what a lost home would cost, who lives where and how far."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from siting.portfolio.choosing import Portfolio, choose_homes
from siting.portfolio.problem import ChildNeed, HomeOption, Limits, PortfolioProblem
from siting.portfolio.tables import allocation_table, alternatives_table, homes_table
from siting.words import ChildRef, HomeId, HomeStatus, Verdict

MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    """H1 and H2 are chosen, 10 minutes from a child each; H3 is 25 from both and beyond the miles of both."""
    home = HomeOption(
        home_id=HomeId("H1"), status=HomeStatus.CANDIDATE, beds=1, bedrooms=3, cost_gbp=400_000.0, town=None, ward=None,
        authority="West", verdict=Verdict.PASS, x_m=0.0, y_m=0.0, schools_ms=(20 * MINUTE_MS,), locked=False, barred=False,
    )  # fmt: skip
    child = ChildNeed(child_ref=ChildRef("C0"), authority="West", solo=False, max_minutes=None)
    return choose_homes(
        PortfolioProblem(
            homes=(home, replace(home, home_id=HomeId("H2")), replace(home, home_id=HomeId("H3"), cost_gbp=300_000.0)),
            children=(child, replace(child, child_ref=ChildRef("C1"), solo=True)),
            family_ms=np.array([[10, 40], [40, 10], [25, 25]], dtype=np.int64) * MINUTE_MS,
            excluded=np.zeros((3, 2), dtype=bool),
            beyond_miles=np.array([[False, True], [True, False], [True, True]]),
            school_names=("School",),
            school_places=(None,),
            shares={},
            limits=Limits(homes=2),
        )
    )


def test_minutes_a_week_are_there_and_back(portfolio: Portfolio) -> None:
    table = alternatives_table(portfolio, visits_a_week=1.5).set_index("what")
    assert table.loc["the choice", ["homes", "minutes_a_week", "more_minutes_a_week"]].tolist() == ["H1, H2", 20 * 2 * 1.5, 0]
    lost = table.loc["if H2 is lost to another buyer"]
    assert (lost.homes, lost.more_minutes_a_week, lost.more_cost_gbp) == ("H1, H3", 15 * 2 * 1.5, -100_000)
    assert (lost.beyond_family_miles, lost.farthest_family_min, lost.without_bed) == (1, 25, 0)
    assert table.loc["without H2, nothing instead", "without_bed"] == 1


def test_what_a_home_adds_is_what_its_loss_would_cost(portfolio: Portfolio) -> None:
    table = homes_table(portfolio).set_index("home_id")
    assert table["chosen"].to_dict() == {"H1": "yes", "H2": "yes", "H3": "no"}
    assert table.loc["H1", ["children", "added_minutes", "left_without_bed", "more_beyond_miles"]].tolist() == [1, 15, 1, 1]
    assert table.loc["H3", ["added_minutes", "left_without_bed", "more_beyond_miles"]].isna().all()


def test_who_lives_where_and_how_far(portfolio: Portfolio) -> None:
    table = allocation_table(portfolio, {(0, 0): 4.5}).set_index("child_ref")
    assert table["home_id"].tolist() == ["H1", "H2"]
    assert table["minutes"].tolist() == [10, 10]
    assert table.loc["C0", "miles"] == 4.5
    assert pd.isna(table.loc["C1", "miles"])
    assert table["beyond_family_miles"].tolist() == ["no", "no"]
    assert table["alone"].tolist() == ["no", "yes"]
