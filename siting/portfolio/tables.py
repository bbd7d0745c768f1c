"""A choice of homes as tables: which homes, which child where, the alternatives."""

from collections.abc import Mapping

import pandas as pd

from siting.portfolio.choosing import Choice, Portfolio
from siting.portfolio.problem import PortfolioProblem
from siting.words import MILLISECONDS_PER_MINUTE

MATCHING_NOTE = (
    "The allocation tests that the homes would serve the need. Which child lives where is decided by professionals who "
    "match children to homes, not by this table."
)


def homes_table(portfolio: Portfolio) -> pd.DataFrame:
    """Return one row a home: `home_id`, `chosen`, `status`, `beds`, `children`, `added_minutes`, costs.

    `added_minutes` is by how much the children's minutes in all would grow if the home were lost and
    the best other choice were made; missing where there is none. `left_without_bed` is how many
    children would have no bed if nothing were bought in its stead.
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
                "chosen": "yes" if i in chosen else "no",
                "status": home.status.value,
                "beds": home.beds,
                "children": sum(lives == i for lives in choice.lives_in.values()) if choice else 0,
                "added_minutes": added_minutes(choice, other),
                "left_without_bed": nothing.without_bed if nothing else None,
                "more_beyond_miles": other.beyond_miles - choice.beyond_miles if other and choice else None,
                "cost_gbp": home.cost_gbp,
                "verdict": home.verdict.value,
                "authority": home.authority,
            }
        )
    frame = pd.DataFrame(rows)
    for column in ("left_without_bed", "more_beyond_miles"):
        frame[column] = frame[column].astype("Int64")
    return frame.sort_values(["chosen", "home_id"], ascending=[False, True], ignore_index=True, kind="stable")


def added_minutes(choice: Choice | None, without: Choice | None) -> float | None:
    """Return the minutes that the children would travel more; None where there is no other choice."""
    if choice is None or without is None:
        return None
    return without.total_min - choice.total_min


def allocation_table(portfolio: Portfolio, road_miles: Mapping[tuple[int, int], float]) -> pd.DataFrame:
    """Return `child_ref`, `home_id`, `minutes` (worse direction), `miles` (by road), and what else a reader asks."""
    problem, choice = portfolio.problem, portfolio.choice
    columns = ["child_ref", "home_id", "minutes", "miles", "beyond_20_miles", "authority", "alone"]
    if choice is None:
        return pd.DataFrame(columns=columns)
    rows = [
        (
            problem.children[j].child_ref,
            problem.homes[i].home_id,
            problem.family_ms[i, j] / MILLISECONDS_PER_MINUTE if problem.children[j].place_known else None,
            road_miles.get((i, j)),
            ("yes" if problem.beyond_miles[i, j] else "no") if problem.children[j].place_known else "not known",
            problem.children[j].authority,
            "yes" if problem.children[j].solo else "no",
        )
        for j, i in choice.lives_in.items()
    ]
    return pd.DataFrame(rows, columns=columns)


def alternatives_table(portfolio: Portfolio, visits_a_week: float) -> pd.DataFrame:
    """Return one row a choice: the best, the next best, each home lost, one home more or fewer."""
    problem = portfolio.problem
    named: list[tuple[str, Choice | None]] = [("the choice", portfolio.choice)]
    named += [(f"next best {n}", choice) for n, choice in enumerate(portfolio.next_best, start=1)]
    named += [(f"without {v.name}, nothing instead", v.choice) for v in portfolio.without]
    named += [(f"if {v.name} is lost to another buyer", v.choice) for v in portfolio.if_lost]
    named += [(f"{v.name} homes, whatever they cost", v.choice) for v in portfolio.elbow]
    rows = [_alternative(problem, name, choice, portfolio.choice, visits_a_week) for name, choice in named]
    frame = pd.DataFrame(rows)
    for column in ("beds", "beyond_20_miles", "without_bed"):
        frame[column] = frame[column].astype("Int64")
    return frame


def _alternative(
    problem: PortfolioProblem, name: str, choice: Choice | None, best: Choice | None, visits_a_week: float
) -> dict[str, object]:
    if choice is None or best is None:
        return {
            "what": name, "homes": "no choice keeps the rules", "beds": None, "minutes_a_week": None,
            "more_minutes_a_week": None, "farthest_family_min": None, "beyond_20_miles": None, "without_bed": None,
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
        "beyond_20_miles": choice.beyond_miles,
        "without_bed": choice.without_bed,
        "cost_gbp": choice.cost_gbp,
        "more_cost_gbp": choice.cost_gbp - best.cost_gbp,
        "gap": choice.gap,
    }
