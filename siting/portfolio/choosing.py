"""Which homes to have together: the best choice, the next best, and how it stands up."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from siting.arrays import Int64
from siting.portfolio.conflicts import Conflict, explain_conflict, impossible_children
from siting.portfolio.model import build_model, solve_model
from siting.portfolio.problem import PortfolioProblem
from siting.portfolio.solver import Solution
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, HomeStatus

NEXT_BEST = 3
"""How many further choices are shown."""
ELBOW_HOMES = 2
"""How many homes fewer and more are tried."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of homes and who would live where, as positions in the problem's homes and children.

    Attributes
    ----------
    lives_in
        The home of each child that has one. It serves to test that the homes would serve the
        need; matching a child to a home is a matter for professionals.
    gap
        How far from the best possible it may be, as a share; 0 where it is proven best.
    """

    homes: tuple[int, ...]
    lives_in: Mapping[int, int]
    total_min: float
    worst_min: float
    beyond_miles: int
    without_bed: int
    beds: int
    cost_gbp: float
    gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """The answer to one question of what if; `choice` is None where there is no answer."""

    name: str
    choice: Choice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The choice for a plan, or why there is none.

    Attributes
    ----------
    choice
        The best; None where the rules clash, which `conflict` then explains.
    next_best
        Other choices, best first.
    without
        By home: the same homes without it, and nothing in its stead.
    if_lost
        By home: the best choice when another buyer has it.
    elbow
        By number of homes: the best choice with so many.
    """

    problem: PortfolioProblem
    choice: Choice | None
    conflict: Conflict | None = None
    next_best: tuple[Choice, ...] = ()
    without: tuple[Variation, ...] = ()
    if_lost: tuple[Variation, ...] = ()
    elbow: tuple[Variation, ...] = ()


def choose_homes(
    problem: PortfolioProblem,
    *,
    time_limit_s: float = math.inf,
    alternatives: bool = True,
    progress: Progress | None = None,
) -> Portfolio:
    """Choose the homes of a problem, and say how the choice stands beside others.

    Where there is no answer, the portfolio has a conflict instead of a choice.
    """
    impossible = impossible_children(problem)
    best = None if impossible else best_choice(problem, time_limit_s=time_limit_s, progress=progress)
    if best is None:
        return Portfolio(problem=problem, choice=None, conflict=explain_conflict(problem))
    if not alternatives:
        return Portfolio(problem=problem, choice=best)
    bought = [i for i in best.homes if not problem.homes[i].is_fixed]
    return Portfolio(
        problem=problem,
        choice=best,
        next_best=_next_best(problem, best, time_limit_s),
        without=tuple(Variation(name=problem.homes[i].home_id, choice=_without(problem, best, i)) for i in bought),
        if_lost=tuple(
            Variation(
                name=problem.homes[i].home_id,
                choice=best_choice(problem, never_chosen=(i,), time_limit_s=time_limit_s),
            )
            for i in bought
        ),
        elbow=_elbow(problem, best, time_limit_s),
    )


def best_choice(
    problem: PortfolioProblem,
    *,
    never_chosen: tuple[int, ...] = (),
    not_again: tuple[tuple[int, ...], ...] = (),
    time_limit_s: float = math.inf,
    progress: Progress | None = None,
) -> Choice | None:
    """Return the best choice of homes, or None where there is none."""
    built = build_model(problem, never_chosen=never_chosen, not_again=not_again)
    solution = solve_model(built, time_limit_s=time_limit_s, progress=progress)
    if not solution.found:
        return None
    return _choice(problem, built.chosen(solution), built.lives_in(solution), solution)


def with_family_times(problem: PortfolioProblem, family_ms: Int64, schools_ms: tuple[tuple[int, ...], ...]) -> PortfolioProblem:
    """Return the same problem on other times, such as those of the school run."""
    homes = tuple(replace(home, schools_ms=times) for home, times in zip(problem.homes, schools_ms, strict=True))
    known = np.array([child.place_known for child in problem.children], dtype=np.bool_)
    return replace(problem, homes=homes, family_ms=np.where(known, family_ms, 0))


def keep_to(problem: PortfolioProblem, homes: tuple[int, ...]) -> PortfolioProblem:
    """Return the same problem in which exactly these homes are chosen."""
    kept = set(homes)
    options = tuple(
        replace(home, locked=i in kept, barred=i not in kept and home.status is HomeStatus.CANDIDATE)
        for i, home in enumerate(problem.homes)
    )
    limits = replace(
        problem.limits, homes=None, beds=None, budget_gbp=None, most_in_one_town=None, most_in_one_ward=None, least_apart_m=None
    )
    return replace(problem, homes=options, limits=limits, shares={})


def serve_as_many(problem: PortfolioProblem, homes: tuple[int, ...]) -> Choice | None:
    """Return who would live where in exactly these homes; children for whom there is no bed are left without."""
    from siting.portfolio.model import Rule  # noqa: PLC0415 - the rule is only named here

    built = build_model(keep_to(problem, homes), relaxed=frozenset({Rule.EVERY_CHILD}))
    # A child without a bed weighs more than any journey could.
    longest_ms = float(max((t for t in problem.family_ms.ravel() if t < NO_WAY_MS), default=0)) + 1.0
    for (i, j), column in built.live_column.items():
        built.model.cost[column] = float(problem.family_ms[i, j])
    for column, _ in built.slack[Rule.EVERY_CHILD]:
        built.model.cost[column] = longest_ms * (len(problem.children) + 1)
        built.model.whole[column] = True
    solution = built.model.solve()
    return _choice(problem, built.chosen(solution), built.lives_in(solution), solution) if solution.found else None


def _choice(problem: PortfolioProblem, homes: tuple[int, ...], lives_in: Mapping[int, int], solution: Solution) -> Choice:
    times_ms = np.array([problem.family_ms[i, j] for j, i in lives_in.items()], dtype=np.int64)
    return Choice(
        homes=homes,
        lives_in=dict(sorted(lives_in.items())),
        total_min=float(times_ms.sum() / MILLISECONDS_PER_MINUTE),
        worst_min=float(times_ms.max(initial=0) / MILLISECONDS_PER_MINUTE),
        beyond_miles=sum(bool(problem.beyond_miles[i, j]) for j, i in lives_in.items()),
        without_bed=len(problem.children) - len(lives_in),
        beds=sum(problem.homes[i].beds for i in homes),
        cost_gbp=sum(problem.homes[i].cost_gbp for i in homes),
        gap=solution.gap,
    )


def _next_best(problem: PortfolioProblem, best: Choice, time_limit_s: float) -> tuple[Choice, ...]:
    known = [best.homes]
    found: list[Choice] = []
    for _ in range(NEXT_BEST):
        choice = best_choice(problem, not_again=tuple(known), time_limit_s=time_limit_s)
        if choice is None:
            break
        found.append(choice)
        known.append(choice.homes)
    return tuple(found)


def _without(problem: PortfolioProblem, best: Choice, home: int) -> Choice | None:
    return serve_as_many(problem, tuple(i for i in best.homes if i != home))


def _elbow(problem: PortfolioProblem, best: Choice, time_limit_s: float) -> tuple[Variation, ...]:
    fixed = sum(home.is_fixed for home in problem.homes)
    counts = range(max(1, fixed, len(best.homes) - ELBOW_HOMES), min(len(problem.homes), len(best.homes) + ELBOW_HOMES) + 1)
    variations = []
    for count in counts:
        if count == len(best.homes) and problem.limits.homes == count:
            choice: Choice | None = best
        else:
            # What is asked is what a home more would bring, so the money is not the limit here.
            free = replace(problem, limits=replace(problem.limits, homes=count, beds=None, budget_gbp=None), shares={})
            choice = best_choice(free, time_limit_s=time_limit_s)
        variations.append(Variation(name=str(count), choice=choice))
    return tuple(variations)
