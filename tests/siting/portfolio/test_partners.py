"""Who uses whose beds, and what each council pays, worked by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from siting.inputs.plan import Plan
from siting.inputs.plan_parts import Area, AuthorityShare, Inputs, PortfolioPart, School
from siting.inputs.rows import ChildRow
from siting.portfolio.choosing import Choice
from siting.portfolio.partners import Partnership, settle_beds, with_total
from siting.portfolio.problem import ChildNeed, Limits, PortfolioProblem
from siting.words import ChildRef

PRICE = 4_000.0


def settled(
    shares: dict[str, int], councils: list[str | None], costs: list[float | None], price: float | None = PRICE
) -> Partnership:
    """Every child has a bed; the homes do not matter here."""
    count = len(councils)
    children = [
        ChildRow(child_ref=f"C{j}", authority=council, weekly_cost=cost, postcode="HP11 2JZ")
        for j, (council, cost) in enumerate(zip(councils, costs, strict=True))
    ]
    problem = PortfolioProblem(
        homes=(),
        children=tuple(
            ChildNeed(child_ref=ChildRef(f"C{j}"), authority=c, solo=False, max_minutes=None) for j, c in enumerate(councils)
        ),
        family_ms=np.zeros((0, count), dtype=np.int64),
        excluded=np.zeros((0, count), dtype=bool),
        beyond_miles=np.zeros((0, count), dtype=bool),
        school_names=("School",),
        school_places=(None,),
        shares=shares,
        limits=Limits(),
    )
    choice = Choice(
        homes=(), lives_in=dict.fromkeys(range(count), 0), total_min=0.0, worst_min=0.0, beyond_miles=0, placed=count,
        journeys=count, without_bed=0, beds=sum(shares.values()), known_cost_gbp=0.0, unpriced=(), gap=0.0,
    )  # fmt: skip
    plan = Plan(
        area=Area(network="roads.osm.pbf"),
        schools=(School(name="School", postcode="HP11 2JZ"),),
        inputs=Inputs(candidates="candidates.csv"),
        portfolio=PortfolioPart(homes=1, weekly_price_gbp=price),
        authorities={name: AuthorityShare(beds=beds) for name, beds in shares.items()},
        path=Path("plan.toml"),
    )
    found = settle_beds(problem, choice, plan, children)
    assert found is not None
    return found


def account(found: Partnership, council: str) -> pd.Series:
    return found.accounts.set_index("authority").loc[council]


def test_the_council_with_most_to_spare_sells_to_the_one_that_lacks_most() -> None:
    found = settled({"East": 4, "West": 2, "North": 1}, ["North"] * 3 + ["West"], [None] * 4)
    assert [(sale.seller, sale.buyer, sale.beds, sale.weekly_gbp) for sale in found.sales] == [("East", "North", 2, 2 * PRICE)]
    assert (found.empty_beds, found.unmet) == (3, 0)


def test_who_pays_what() -> None:
    found = settled({"East": 3, "North": 1}, ["North", "North", "East"], [6_000.0, 5_000.0, 4_500.0])
    east, north = account(found, "East"), account(found, "North")
    # East pays three beds and gets one back; North pays its own and one of East's.
    assert (east.would_pay_weekly_gbp, north.would_pay_weekly_gbp) == (2 * PRICE, 2 * PRICE)
    assert (east.beds_sold, east.beds_empty, north.beds_bought) == (1, 1, 1)
    assert north.saving_a_year_gbp == pytest.approx((11_000 - 8_000) * 52)
    assert east.saving_a_year_gbp == pytest.approx((4_500 - 8_000) * 52)
    assert east.occupancy == pytest.approx(2 / 3)


def test_a_cost_that_is_not_given_is_not_nothing() -> None:
    found = settled({"East": 2, "North": 1}, ["East", "East", "North"], [5_000.0, None, 4_000.0])
    assert pd.isna(account(found, "East").pays_now_weekly_gbp)
    assert pd.isna(account(found, "East").saving_a_year_gbp)
    total = with_total(found.accounts).iloc[-1]
    assert pd.isna(total.pays_now_weekly_gbp), "a sum of which a part is not known is not known"
    assert (total.authority, total.beds_allocated, total.children_placed) == ("All", 3, 3)
    assert total.would_pay_weekly_gbp == pytest.approx(3 * PRICE)


def test_without_a_price_no_money_is_stated() -> None:
    found = settled({"East": 1}, ["East", "North"], [4_000.0, 4_000.0], price=None)
    assert found.accounts[["would_pay_weekly_gbp", "saving_a_year_gbp"]].isna().all(axis=None)
    assert found.sales == ()


def test_a_child_whose_council_is_not_known_fills_a_bed() -> None:
    found = settled({"East": 2}, ["East", None], [None, None])
    assert found.empty_beds == 0
    assert [(sale.seller, sale.buyer, sale.beds) for sale in found.sales] == [("East", "not known", 1)]


def test_a_council_is_known_however_its_name_is_written() -> None:
    found = settled({"Reading Borough Council": 1}, ["Reading"], [None])
    assert (found.empty_beds, found.sales, len(found.accounts)) == (0, (), 1)


def test_beds_that_nobody_can_sell_are_unmet() -> None:
    found = settled({"East": 1}, ["East", "North", "North"], [None] * 3)
    assert found.unmet == 2
