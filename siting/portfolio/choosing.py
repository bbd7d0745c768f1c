"""Which homes to have together: the best choice, the next best, and how it stands up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from siting.arrays import Int64
from siting.portfolio.conflicts import Conflict, explain_conflict, impossible_children
from siting.portfolio.model import PortfolioModel, Rule, build_model, solve_model
from siting.portfolio.problem import PortfolioProblem
from siting.portfolio.solver import STEP, Solution, TimeLeft
from siting.progress import Progress, each, silent
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, HomeStatus, Objective

NEXT_BEST = 3
"""How many further choices are shown."""
ELBOW_HOMES = 2
"""How many homes fewer and more are tried."""
MOST_PASSED_OVER = 5
"""Of so many homes that rank high and are not chosen it is said why."""
MOST_TRADE_OFFS = 3
"""So many choices that cost less are shown beside the best."""
LEAST_SAVING_GBP = 1_000.0
"""Less than this is no saving that a board would weigh against minutes (own assumption)."""
SHARE_FOR_CHOICE = 2 / 3
"""The choice itself may take so much of the time; what is left is for what is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of homes and who would live where, as positions in the problem's homes and children.

    Attributes
    ----------
    lives_in
        The home of each child that has one. It serves to test that the homes would serve the
        need; matching a child to a home is a matter for professionals.
    total_min, worst_min, journeys
        Of the children for whom the journey to the family is known; `journeys` is how many these are.
    beyond_miles, placed
        Of the children for whom it is known where the family is; `placed` is how many these are.
    known_cost_gbp, unpriced
        What is still to be spent on the homes whose price is known, and the homes whose price is not.
    gap
        How far from the best possible it may be, as a share; 0 where it is proven best.
    ties_settled
        Whether it was proven that no choice that is equal in what was asked is cheaper.
    """

    homes: tuple[int, ...]
    lives_in: Mapping[int, int]
    total_min: float
    worst_min: float
    beyond_miles: int
    placed: int
    journeys: int
    without_bed: int
    beds: int
    known_cost_gbp: float
    unpriced: tuple[int, ...]
    gap: float
    ties_settled: bool = True

    @property
    def cost_gbp(self) -> float | None:
        """What is still to be spent; None where the price of a chosen home is not known."""
        return None if self.unpriced else self.known_cost_gbp


class Ending(StrEnum):
    """How the search for a choice ended."""

    FOUND = "found"
    NONE = "no choice keeps the rules"
    STOPPED = "not found in the time given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """The answer to one question of what if; `ending` says why there is no `choice` where there is none."""

    name: str
    choice: Choice | None
    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The choice for a plan, or why there is none.

    Attributes
    ----------
    choice
        The best; None where the rules clash, which `conflict` then explains, or where the time ended.
    ending
        Whether there is a choice, there is none, or the time ended before that was known.
    next_best
        Other choices, best first.
    without
        By home: the same homes without it, and nothing in its stead.
    if_lost
        By home: the best choice when another buyer has it.
    if_chosen
        By home that ranks high and is not chosen: the best choice that has it.
    elbow
        By number of homes: the best choice with so many.
    trade_offs
        Choices that cost less and take longer, each the shortest that is cheaper than the one before;
        where the cheapest was asked for, those that cost more and are quicker.
    """

    problem: PortfolioProblem
    choice: Choice | None
    ending: Ending = Ending.FOUND
    conflict: Conflict | None = None
    next_best: tuple[Choice, ...] = ()
    without: tuple[Variation, ...] = ()
    if_lost: tuple[Variation, ...] = ()
    if_chosen: tuple[Variation, ...] = ()
    elbow: tuple[Variation, ...] = ()
    trade_offs: tuple[Choice, ...] = ()


def choose_homes(
    problem: PortfolioProblem,
    *,
    time_limit_s: float = math.inf,
    alternatives: bool = True,
    progress: Progress | None = None,
) -> Portfolio:
    """Choose the homes of a problem, and say how the choice stands beside others.

    Where no choice keeps the rules, the portfolio has a conflict instead of a choice; where the time
    ended before one was found or ruled out it has neither. The limit is for all of it: the choice
    may take `SHARE_FOR_CHOICE` of it, and what is left is for the alternatives or the reason.
    """
    time = TimeLeft(time_limit_s)
    if impossible_children(problem):
        return Portfolio(problem=problem, choice=None, ending=Ending.NONE, conflict=explain_conflict(problem, time))
    first = time.part(SHARE_FOR_CHOICE)
    answer = best_choice(problem, time=first, progress=progress)
    time.give_back(first)
    if answer.choice is None:
        conflict = explain_conflict(problem, time) if answer.ending is Ending.NONE else None
        return Portfolio(problem=problem, choice=None, ending=answer.ending, conflict=conflict)
    best = answer.choice
    if not alternatives:
        return Portfolio(problem=problem, choice=best)
    bought = [i for i in best.homes if not problem.homes[i].is_fixed]
    told = progress or silent
    told("comparing other choices")
    return Portfolio(
        problem=problem,
        choice=best,
        next_best=_next_best(problem, best, time),
        without=tuple(_without(problem, best, i, time) for i in each(bought, "asking what each home is worth", told)),
        if_lost=tuple(
            _named(problem, i, best_choice(problem, never_chosen=problem.rows_of_house(i), time=time))
            for i in each(bought, "asking what if a home is lost", told)
        ),
        if_chosen=tuple(
            _named(problem, i, best_choice(problem, always_chosen=(i,), time=time))
            for i in each(passed_over(problem, best), "asking why others are not chosen", told)
        ),
        elbow=_elbow(problem, best, time),
        trade_offs=_trade_offs(problem, best, time),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The best choice, or how the search ended without one."""

    choice: Choice | None
    ending: Ending


def best_choice(  # noqa: PLR0913 - what a question of what if may change
    problem: PortfolioProblem,
    *,
    never_chosen: tuple[int, ...] = (),
    always_chosen: tuple[int, ...] = (),
    not_again: tuple[tuple[int, ...], ...] = (),
    below_ms: int | None = None,
    time: TimeLeft | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Look for the best choice of homes."""
    built = build_model(problem, never_chosen=never_chosen, always_chosen=always_chosen, not_again=not_again, below_ms=below_ms)
    found = solve_model(built, time, progress=progress)
    if found.solution.values is None:
        return Answer(choice=None, ending=Ending.STOPPED if found.solution.stopped else Ending.NONE)
    return Answer(choice=_choice(built, found.solution, ties_settled=found.ties_settled), ending=Ending.FOUND)


def passed_over(problem: PortfolioProblem, best: Choice) -> tuple[int, ...]:
    """Return the homes that rank before the last that is bought, and are not chosen themselves; the first few."""
    bought = [problem.homes[i].rank or 0 for i in best.homes if not problem.homes[i].is_fixed]
    last = max(bought, default=0)
    before = [i for i, home in enumerate(problem.homes) if i not in best.homes and home.rank is not None and home.rank < last]
    return tuple(sorted(before, key=lambda i: problem.homes[i].rank or 0)[:MOST_PASSED_OVER])


def _named(problem: PortfolioProblem, home: int, answer: Answer) -> Variation:
    return Variation(name=problem.homes[home].home_id, choice=answer.choice, ending=answer.ending)


def with_family_times(problem: PortfolioProblem, family_ms: Int64, schools_ms: tuple[tuple[int, ...], ...]) -> PortfolioProblem:
    """Return the same problem on other times, such as those of the school run."""
    homes = tuple(replace(home, schools_ms=times) for home, times in zip(problem.homes, schools_ms, strict=True))
    return replace(problem, homes=homes, family_ms=family_ms)


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


def serve_as_many(problem: PortfolioProblem, homes: tuple[int, ...], time: TimeLeft | None = None) -> Answer:
    """Return who would live where in exactly these homes; children for whom there is no bed are left without."""
    built = build_model(keep_to(problem, homes), relaxed=frozenset({Rule.EVERY_CHILD}))
    # A child without a bed weighs more than any journey could.
    longest_ms = float(max((t for t in problem.family_ms.ravel() if t < NO_WAY_MS), default=0)) + 1.0
    unserved = [(column, longest_ms * (len(problem.children) + 1)) for column, _ in built.slack[Rule.EVERY_CHILD]]
    built.model.minimise([*built.journeys, *unserved])
    for column, _ in unserved:
        built.model.whole[column] = True
    solution = built.model.solve(time, step=STEP)
    if solution.values is None:
        return Answer(choice=None, ending=Ending.STOPPED if solution.stopped else Ending.NONE)
    return Answer(choice=_choice(built, solution), ending=Ending.FOUND)


def _choice(built: PortfolioModel, solution: Solution, *, ties_settled: bool = True) -> Choice:
    problem, values = built.problem, solution.values
    assert values is not None  # noqa: S101 - only asked where there is an answer
    homes, lives_in = built.chosen(values), built.lives_in(values)
    placed = [(i, j) for j, i in lives_in.items() if problem.children[j].place_known]
    costs = [problem.homes[i].cost_gbp for i in homes]
    return Choice(
        homes=homes,
        lives_in=dict(sorted(lives_in.items())),
        total_min=built.total_ms(values) / MILLISECONDS_PER_MINUTE,
        worst_min=built.worst_ms(values) / MILLISECONDS_PER_MINUTE,
        beyond_miles=sum(bool(problem.beyond_miles[i, j]) for i, j in placed),
        placed=len(placed),
        journeys=sum(problem.children[j].journey_known for j in lives_in),
        without_bed=len(problem.children) - len(lives_in),
        beds=sum(problem.homes[i].beds for i in homes),
        known_cost_gbp=sum(cost for cost in costs if cost is not None),
        unpriced=tuple(i for i, cost in zip(homes, costs, strict=True) if cost is None),
        gap=solution.gap,
        ties_settled=ties_settled,
    )


def _next_best(problem: PortfolioProblem, best: Choice, time: TimeLeft) -> tuple[Choice, ...]:
    known = [best.homes]
    found: list[Choice] = []
    for _ in range(NEXT_BEST):
        choice = best_choice(problem, not_again=tuple(known), time=time).choice
        if choice is None:
            break
        found.append(choice)
        known.append(choice.homes)
    return tuple(found)


def _without(problem: PortfolioProblem, best: Choice, home: int, time: TimeLeft) -> Variation:
    return _named(problem, home, serve_as_many(problem, tuple(i for i in best.homes if i != home), time))


def _elbow(problem: PortfolioProblem, best: Choice, time: TimeLeft) -> tuple[Variation, ...]:
    fixed = sum(home.is_fixed for home in problem.homes)
    counts = range(max(1, fixed, len(best.homes) - ELBOW_HOMES), min(len(problem.homes), len(best.homes) + ELBOW_HOMES) + 1)
    variations = []
    for count in counts:
        if count == len(best.homes) and problem.limits.homes == count:
            answer = Answer(choice=best, ending=Ending.FOUND)
        else:
            # What is asked is what a home more would bring, so the money is not the limit here.
            free = replace(problem, limits=replace(problem.limits, homes=count, beds=None, budget_gbp=None), shares={})
            answer = best_choice(free, time=time)
        variations.append(Variation(name=str(count), choice=answer.choice, ending=answer.ending))
    return tuple(variations)


def _trade_offs(problem: PortfolioProblem, best: Choice, time: TimeLeft) -> tuple[Choice, ...]:
    """Step down in cost, each time to the choice that is best in minutes; or down in minutes where cost was asked for."""
    found: list[Choice] = []
    last = best
    while len(found) < MOST_TRADE_OFFS:
        cheapest = problem.limits.objective is Objective.COST
        if cheapest:
            answer = best_choice(problem, below_ms=round(last.total_min * MILLISECONDS_PER_MINUTE), time=time)
        elif last.cost_gbp is None or last.cost_gbp < LEAST_SAVING_GBP:
            break
        else:
            limits = replace(problem.limits, budget_gbp=last.cost_gbp - LEAST_SAVING_GBP)
            answer = best_choice(replace(problem, limits=limits), time=time)
        if answer.choice is None:
            break
        last = answer.choice
        found.append(last)
    return tuple(found)
