"""A choice of homes as tables: which homes, which child where, the alternatives."""

from collections.abc import Mapping

import pandas as pd

from siting.portfolio.choosing import Choice, Ending, Portfolio, Variation
from siting.portfolio.need import NOT_KNOWN
from siting.portfolio.problem import PortfolioProblem
from siting.words import MILLISECONDS_PER_MINUTE, Objective

MATCHING_NOTE = (
    "The allocation tests that the homes would serve the need. Which child lives where is decided by professionals who "
    "match children to homes, not by this table."
)


NO_CHOICE = "no choice keeps the rules"
NO_ANSWER = "no answer in the time given"
"""What a table says in the place of yes and no where no homes are chosen, so that nobody reads that none is wanted."""


def without_a_choice(portfolio: Portfolio) -> str:
    """Return what a table says where there is no choice."""
    return NO_ANSWER if portfolio.ending is Ending.STOPPED else NO_CHOICE


def homes_table(portfolio: Portfolio) -> pd.DataFrame:
    """Return one row a home: `home_id`, `chosen`, `status`, `beds`, `children`, `added_minutes`, costs.

    `added_minutes` is by how much the children's minutes in all would grow if the home were lost and
    the best other choice were made; missing where there is none. `left_without_bed` is how many
    children would have no bed if nothing were bought in its stead. `cost_gbp` is missing where the
    price is not known. Where there is no choice, `chosen` says so in every row.
    """
    problem, choice = portfolio.problem, portfolio.choice
    chosen = set(choice.homes) if choice else set()
    without = {variation.name: variation.choice for variation in portfolio.without}
    lost = {variation.name: variation.choice for variation in portfolio.if_lost}
    rows = []
    for i, home in enumerate(problem.homes):
        nothing, other = without.get(home.home_id), lost.get(home.home_id)
        rows.append(
            {
                "home_id": home.home_id,
                "chosen": ("yes" if i in chosen else "no") if choice else without_a_choice(portfolio),
                "status": home.status.value,
                "beds": home.beds,
                "children": sum(lives == i for lives in choice.lives_in.values()) if choice else None,
                "added_minutes": added_minutes(choice, other),
                "left_without_bed": nothing.without_bed if nothing else None,
                "more_beyond_miles": other.beyond_miles - choice.beyond_miles if other and choice else None,
                "cost_gbp": home.cost_gbp,
                "verdict": home.verdict.value,
                "authority": home.authority,
                "town": home.town,
                "address": home.address,
            }
        )
    frame = pd.DataFrame(rows)
    for column in ("children", "left_without_bed", "more_beyond_miles"):
        frame[column] = frame[column].astype("Int64")
    for column in ("cost_gbp", "added_minutes"):
        frame[column] = frame[column].astype("float64")
    return frame.sort_values(["chosen", "home_id"], ascending=[False, True], ignore_index=True, kind="stable")


def added_minutes(choice: Choice | None, without: Choice | None) -> float | None:
    """Return the minutes that the children would travel more; None where there is no other choice."""
    if choice is None or without is None:
        return None
    return without.total_min - choice.total_min


def allocation_table(portfolio: Portfolio, road_miles: Mapping[tuple[int, int], float]) -> pd.DataFrame:
    """Return `child_ref`, `home_id`, `minutes` (worse direction), `miles` (by road), and what else a reader asks.

    Minutes and miles are missing where it is not known where the family is. Where there is no choice
    every child stands in it, and `home_id` says so.
    """
    problem, choice = portfolio.problem, portfolio.choice
    columns = ["child_ref", "home_id", "minutes", "miles", "beyond_family_miles", "authority", "alone"]
    rows = []
    for j, child in enumerate(problem.children):
        i = choice.lives_in.get(j) if choice else None
        known = i is not None and child.journey_known
        rows.append(
            (
                child.child_ref,
                problem.homes[i].home_id if i is not None else without_a_choice(portfolio),
                problem.family_ms[i, j] / MILLISECONDS_PER_MINUTE if known else None,
                road_miles.get((i, j)) if known and i is not None else None,
                _yes_or_no(problem.beyond_miles[i, j]) if i is not None and child.place_known else NOT_KNOWN,
                child.authority,
                _yes_or_no(child.solo),
            )
        )
    frame = pd.DataFrame(rows, columns=columns)
    for column in ("minutes", "miles"):
        frame[column] = frame[column].astype("float64")
    return frame


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 - the value is what is worded
    return "yes" if value else "no"


def named_choices(portfolio: Portfolio) -> list[tuple[str, Variation]]:
    """Return every choice that is shown beside the best, by what it is."""

    def found(choice: Choice) -> Variation:
        return Variation(name="", choice=choice, ending=Ending.FOUND)

    named = [(f"next best {n}", found(choice)) for n, choice in enumerate(portfolio.next_best, start=1)]
    step = "quicker" if portfolio.problem.limits.objective is Objective.COST else "cheaper"
    named += [(f"{step} {n}", found(choice)) for n, choice in enumerate(portfolio.trade_offs, start=1)]
    named += [(f"without {v.name}, nothing instead", v) for v in portfolio.without]
    named += [(f"if {v.name} is lost to another buyer", v) for v in portfolio.if_lost]
    named += [(f"with {v.name}", v) for v in portfolio.if_chosen]
    named += [(f"{v.name} homes, whatever they cost", v) for v in portfolio.elbow]
    return named


def alternatives_table(portfolio: Portfolio, visits_a_week: float) -> pd.DataFrame:
    """Return one row a choice: the best, the next best, each home lost, one home more or fewer."""
    best = Variation(name="", choice=portfolio.choice, ending=portfolio.ending)
    rows = [
        _alternative(portfolio.problem, name, variation, portfolio.choice, visits_a_week)
        for name, variation in [("the choice", best), *named_choices(portfolio)]
    ]
    frame = pd.DataFrame(rows)
    for column in ("beds", "beyond_family_miles", "without_bed"):
        frame[column] = frame[column].astype("Int64")
    for column in ("minutes_a_week", "more_minutes_a_week", "farthest_family_min", "cost_gbp", "more_cost_gbp", "gap"):
        frame[column] = frame[column].astype("float64")
    return frame


def _alternative(
    problem: PortfolioProblem, name: str, variation: Variation, best: Choice | None, visits_a_week: float
) -> dict[str, object]:
    choice = variation.choice
    if choice is None or best is None:
        return {
            "what": name, "homes": variation.ending.value, "beds": None, "minutes_a_week": None,
            "more_minutes_a_week": None, "farthest_family_min": None, "beyond_family_miles": None, "without_bed": None,
            "cost_gbp": None, "more_cost_gbp": None, "gap": None,
        }  # fmt: skip
    weekly = 2 * visits_a_week
    return {
        "what": name,
        "homes": ", ".join(problem.homes[i].home_id for i in choice.homes),
        "beds": choice.beds,
        "minutes_a_week": choice.total_min * weekly,
        "more_minutes_a_week": (choice.total_min - best.total_min) * weekly,
        "farthest_family_min": choice.worst_min,
        "beyond_family_miles": choice.beyond_miles,
        "without_bed": choice.without_bed,
        "cost_gbp": choice.cost_gbp,
        "more_cost_gbp": more_pounds(choice, best),
        "gap": choice.gap,
    }


def more_pounds(choice: Choice, best: Choice) -> float | None:
    """Return what a choice costs more than the best; None where that rests on a price that is not known."""
    if set(choice.unpriced) != set(best.unpriced):
        return None
    # A price that is not known and is paid either way makes no difference.
    return choice.known_cost_gbp - best.known_cost_gbp
