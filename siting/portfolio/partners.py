"""The partner councils' beds: who sells what to whom, and what each would pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from siting.inputs.council_names import plain_name
from siting.inputs.plan import Plan
from siting.inputs.rows import ChildRow
from siting.portfolio.choosing import Choice
from siting.portfolio.need import NOT_KNOWN
from siting.portfolio.problem import PortfolioProblem

WEEKS_A_YEAR = 52

ASSUMPTIONS = (
    "A council pays the weekly price for each bed allocated to it, pays it for each bed it buys, and gets it for each bed "
    "it sells; a bed that nobody uses is paid by the council that it is allocated to. A year has 52 weeks. What is paid now "
    "is the sum of the children's weekly costs, as the children table gives them; a sum or a saving is stated only where they "
    "are given for all of a council's children."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """Beds that one council sells to another."""

    seller: str
    buyer: str
    beds: int
    weekly_gbp: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """The beds and the money of the partner councils.

    `accounts` has one row a council: beds allocated, children placed, beds sold, bought and empty,
    and pounds a week; money is missing where the plan gives no price.
    """

    accounts: pd.DataFrame
    sales: tuple[Sale, ...]
    empty_beds: int
    unmet: int


def settle_beds(problem: PortfolioProblem, choice: Choice, plan: Plan, children: Sequence[ChildRow]) -> Partnership | None:
    """Settle who uses whose beds in a choice of homes; None where the plan allocates no beds."""
    if not problem.shares:
        return None
    price = plan.portfolio.weekly_price_gbp if plan.portfolio else None
    names = {plain_name(name): name for name in problem.shares}
    for child in children:
        # A child whose council is not known uses a bed all the same, so that it does not count as empty.
        name = child.authority or NOT_KNOWN
        names.setdefault(plain_name(name), name)
    share = dict.fromkeys(names, 0) | {plain_name(name): beds for name, beds in problem.shares.items()}
    placed = dict.fromkeys(names, 0)
    for j in choice.lives_in:
        placed[plain_name(children[j].authority or NOT_KNOWN)] += 1
    sales = _sales(names, share, placed, price)
    sold = {key: sum(sale.beds for sale in sales if plain_name(sale.seller) == key) for key in names}
    bought = {key: sum(sale.beds for sale in sales if plain_name(sale.buyer) == key) for key in names}
    rows = [
        _account(name, share[key], placed[key], sold[key], bought[key], _now(children, key), price)
        for key, name in sorted(names.items(), key=lambda item: item[1])
    ]
    accounts = pd.DataFrame(rows)
    for column in ("beds_allocated", "children_placed", "beds_sold", "beds_bought", "beds_empty", "children_unmet"):
        accounts[column] = accounts[column].astype("Int64")
    for column in ("occupancy", "would_pay_weekly_gbp", "pays_now_weekly_gbp", "saving_a_year_gbp"):
        accounts[column] = accounts[column].astype("float64")
    return Partnership(
        accounts=accounts,
        sales=tuple(sales),
        empty_beds=int(accounts["beds_empty"].sum()),
        unmet=int(accounts["children_unmet"].sum()),
    )


def with_total(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts with a last row over all councils; a sum of which a part is not known is not known."""
    figures = [column for column in accounts.columns if column not in {"authority", "occupancy"}]
    total: dict[str, object] = {column: accounts[column].sum(skipna=False) for column in figures}
    allocated = int(accounts["beds_allocated"].sum())
    total["occupancy"] = 1 - int(accounts["beds_empty"].sum()) / allocated if allocated else None
    summed = pd.DataFrame([{"authority": "All", **total}])[list(accounts.columns)].astype(accounts.dtypes)
    return pd.concat([accounts, summed], ignore_index=True)


def _sales(names: Mapping[str, str], share: Mapping[str, int], placed: Mapping[str, int], price: float | None) -> list[Sale]:
    """Let those with most to spare sell to those who lack most, by name among equals."""
    spare = {key: share[key] - placed[key] for key in names if share[key] > placed[key]}
    short = {key: placed[key] - share[key] for key in names if placed[key] > share[key]}
    sales = []
    for buyer in sorted(short, key=lambda key: (-short[key], key)):
        while short[buyer] > 0 and spare:
            seller = min(spare, key=lambda key: (-spare[key], key))
            beds = min(spare[seller], short[buyer])
            weekly = beds * price if price is not None else None
            sales.append(Sale(seller=names[seller], buyer=names[buyer], beds=beds, weekly_gbp=weekly))
            short[buyer] -= beds
            spare[seller] -= beds
            if spare[seller] == 0:
                del spare[seller]
    return sales


def _now(children: Sequence[ChildRow], key: str) -> float | None:
    own = [child for child in children if plain_name(child.authority or NOT_KNOWN) == key]
    costs = [child.weekly_cost for child in own if child.weekly_cost is not None]
    return sum(costs) if own and len(costs) == len(own) else None


def _account(  # noqa: PLR0913, PLR0917 - one figure a column
    name: str, share: int, placed: int, sold: int, bought: int, now: float | None, price: float | None
) -> dict[str, object]:
    would = (share + bought - sold) * price if price is not None else None
    saving = (now - would) * WEEKS_A_YEAR if now is not None and would is not None else None
    used = min(share, placed) + sold
    return {
        "authority": name,
        "beds_allocated": share,
        "children_placed": placed,
        "beds_sold": sold,
        "beds_bought": bought,
        "beds_empty": share - used,
        "children_unmet": max(placed - share - bought, 0),
        "occupancy": used / share if share else None,
        "would_pay_weekly_gbp": would,
        "pays_now_weekly_gbp": now,
        "saving_a_year_gbp": saving,
    }
