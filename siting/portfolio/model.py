"""The choice of homes as a linear model with whole numbers: a capacitated p-median with the field's rules.

Symbols: homes i, children j, schools k; x[i] is 1 where a home is chosen, y[i, j] where a child
lives in it, u[i, k] the children of a home who go to a school. Minimise the sum of t[i, j] y[i, j]
(the worse direction between home and family), or the largest t[i, j] of a child, then the sum. Under

1. every child in one home:               sum over i of y[i, j] = 1
2. only in chosen homes:                  y[i, j] <= x[i]
3. beds, and a child who needs a home alone takes all of them:
                                          sum over j of (beds[i] if j is alone else 1) y[i, j] <= beds[i] x[i]
4. so many homes, beds, pounds:           sum x = homes; sum beds x >= beds; sum cost x <= budget
5. no more in a town or ward than so many; of two homes too near each other only one
6. every school's places:                 sum over k of u[i, k] = sum over j of y[i, j]; sum over i of u[i, k] <= places[k]
7. each council its share:                sum beds x >= sum of the councils' beds
8. fixed homes chosen, barred ones not; y[i, j] only where the child may live in the home

ReVelle and Swain 1970 (p-median); Geoffrion and Bride 1978 (capacitated). Rules may be relaxed one
by one: then the model minimises by how much they give.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

import numpy as np

from siting.inputs.authorities import plain_name
from siting.portfolio.problem import PortfolioProblem
from siting.portfolio.solver import Model, Solution
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, Objective

Pair = tuple[int, int]


class Rule(StrEnum):
    """The rules that may be relaxed to see what clashes."""

    HOMES = "homes"
    BEDS = "beds"
    BUDGET = "budget"
    TOWN = "town"
    WARD = "ward"
    APART = "apart"
    SCHOOL_PLACES = "school places"
    SHARES = "shares"
    TRADE = "trade"
    BARRED = "barred"
    SCHOOL_MINUTES = "school minutes"
    CHILD_MINUTES = "child minutes"
    EVERY_CHILD = "every child"


@dataclass(slots=True)
class PortfolioModel:
    """A model, and which of its columns mean what; `slack` has the columns of each relaxed rule and what they speak of."""

    problem: PortfolioProblem
    model: Model
    open_column: list[int]
    live_column: dict[Pair, int]
    slack: dict[Rule, list[tuple[int, str]]] = field(default_factory=dict)
    worst_column: int | None = None

    def chosen(self, solution: Solution) -> tuple[int, ...]:
        """Return the homes that a solution chooses."""
        return tuple(i for i, column in enumerate(self.open_column) if solution.values[column] > 0.5)  # noqa: PLR2004

    def lives_in(self, solution: Solution) -> Mapping[int, int]:
        """Return the home of each child that has one."""
        return {j: i for (i, j), column in self.live_column.items() if solution.values[column] > 0.5}  # noqa: PLR2004


def build_model(
    problem: PortfolioProblem,
    *,
    relaxed: frozenset[Rule] = frozenset(),
    never_chosen: Iterable[int] = (),
    not_again: Iterable[tuple[int, ...]] = (),
) -> PortfolioModel:
    """Put the model of a problem together.

    `never_chosen` are homes taken out besides those barred; `not_again` are choices of homes
    already known, for the next best. With `relaxed` rules the model minimises by how much they give.
    """
    out = set(never_chosen)
    built = PortfolioModel(problem=problem, model=Model(), open_column=[], live_column={})
    built.slack = {rule: [] for rule in relaxed}
    for i, home in enumerate(problem.homes):
        shut = i in out or (home.barred and Rule.BARRED not in relaxed)
        lower = 1.0 if home.is_fixed and i not in out else 0.0
        column = built.model.add_column(lower=0.0 if shut else lower, upper=0.0 if shut else 1.0, whole=True)
        built.open_column.append(column)
        if home.barred and not shut:
            slack = _slack(built, Rule.BARRED, str(home.home_id))
            built.model.add_row([(column, 1.0), (slack, -1.0)], upper=0.0)
    _add_living(built)
    _add_capacity(built)
    _add_totals(built)
    _add_spread(built)
    _add_schools(built)
    _add_councils(built)
    for known in not_again:
        chosen = set(known)
        terms = [(column, -1.0 if i in chosen else 1.0) for i, column in enumerate(built.open_column)]
        built.model.add_row(terms, lower=1.0 - len(chosen))
    if relaxed:
        built.model.cost = [0.0] * len(built.model.cost)
        for columns in built.slack.values():
            for column, _ in columns:
                built.model.cost[column] = 1.0
    return built


def solve_model(
    built: PortfolioModel, *, time_limit_s: float = math.inf, progress: Callable[[str], None] | None = None
) -> Solution:
    """Solve; by the worst child first and the sum after, where the problem asks for that."""
    if built.problem.limits.objective is Objective.TOTAL or built.slack:
        return built.model.solve(time_limit_s=time_limit_s, progress=progress)
    # The least worst time is found first; then pairs beyond it are shut, and the sum is made least.
    total_cost = list(built.model.cost)
    worst = built.model.add_column(1.0)
    built.model.cost = [0.0] * (len(total_cost)) + [1.0]
    by_child: dict[int, list[tuple[int, float]]] = {}
    for (i, j), column in built.live_column.items():
        by_child.setdefault(j, []).append((column, float(built.problem.family_ms[i, j])))
    for terms in by_child.values():
        built.model.add_row([*terms, (worst, -1.0)], upper=0.0)
    first = built.model.solve(time_limit_s=time_limit_s, progress=progress)
    if not first.found:
        return first
    worst_ms = max(int(built.problem.family_ms[i, j]) for j, i in built.lives_in(first).items())
    built.model.cost = [*total_cost, 0.0]
    for (i, j), column in built.live_column.items():
        if int(built.problem.family_ms[i, j]) > worst_ms:
            built.model.upper[column] = 0.0
    built.model.upper[worst] = worst_ms + 0.5
    return built.model.solve(time_limit_s=time_limit_s, progress=progress)


def _slack(built: PortfolioModel, rule: Rule, about: str, *, upper: float = math.inf, whole: bool = False) -> int:
    column = built.model.add_column(upper=upper, whole=whole)
    built.slack[rule].append((column, about))
    return column


def _give(built: PortfolioModel, rule: Rule, about: str, sign: float) -> list[tuple[int, float]]:
    """Return the term by which a rule gives, if it is relaxed."""
    return [(_slack(built, rule, about), sign)] if rule in built.slack else []


def _add_living(built: PortfolioModel) -> None:
    problem, model = built.problem, built.model
    rule_over = {i: _school_minutes_over(problem, i) for i in range(len(problem.homes)) if not problem.keeps_the_rule(i)}
    for j, child in enumerate(problem.children):
        terms: list[tuple[int, float]] = []
        for i, home in enumerate(problem.homes):
            over = _pair_over(built, i, j, rule_over)
            if over is None:
                continue
            column = model.add_column(float(problem.family_ms[i, j]), upper=1.0, whole=True)
            built.live_column[i, j] = column
            terms.append((column, 1.0))
            model.add_row([(column, 1.0), (built.open_column[i], -1.0)], upper=0.0)
            for rule, minutes in over.items():
                slack = _slack(built, rule, f"{home.home_id}" if rule is Rule.SCHOOL_MINUTES else child.child_ref)
                model.add_row([(column, minutes), (slack, -1.0)], upper=0.0)
        terms += _give(built, Rule.EVERY_CHILD, child.child_ref, 1.0)
        model.add_row(terms, lower=1.0, upper=1.0)


def _pair_over(built: PortfolioModel, i: int, j: int, rule_over: Mapping[int, float]) -> dict[Rule, float] | None:
    """Return by how many minutes each relaxed rule would have to give for a child in a home; None where never."""
    problem = built.problem
    if problem.homes[i].beds == 0 or problem.excluded[i, j] or problem.is_too_large_alone(i, j):
        return None
    time_ms = int(problem.family_ms[i, j])
    if time_ms >= NO_WAY_MS:
        return None
    over: dict[Rule, float] = {}
    if i in rule_over:
        if Rule.SCHOOL_MINUTES not in built.slack or not math.isfinite(rule_over[i]):
            return None
        over[Rule.SCHOOL_MINUTES] = rule_over[i]
    if problem.is_too_far(i, j):
        if Rule.CHILD_MINUTES not in built.slack:
            return None
        over[Rule.CHILD_MINUTES] = time_ms / MILLISECONDS_PER_MINUTE - (problem.children[j].max_minutes or 0.0)
    return over


def _school_minutes_over(problem: PortfolioProblem, home: int) -> float:
    """Return by how many minutes the rule would have to be longer for a home; infinite where no way leads to a school."""
    best_ms = min(problem.homes[home].schools_ms, default=int(NO_WAY_MS))
    if best_ms >= NO_WAY_MS:
        return math.inf
    return max((best_ms - problem.limits.school_ms) / MILLISECONDS_PER_MINUTE, 0.0)


def _add_capacity(built: PortfolioModel) -> None:
    problem = built.problem
    by_home: dict[int, list[tuple[int, float]]] = {}
    for (i, j), column in built.live_column.items():
        taken = problem.homes[i].beds if problem.children[j].solo else 1
        by_home.setdefault(i, []).append((column, float(taken)))
    for i, terms in by_home.items():
        built.model.add_row([*terms, (built.open_column[i], -float(problem.homes[i].beds))], upper=0.0)


def _add_totals(built: PortfolioModel) -> None:
    problem, limits, model = built.problem, built.problem.limits, built.model
    opened = [(column, 1.0) for column in built.open_column]
    beds = [(column, float(home.beds)) for column, home in zip(built.open_column, problem.homes, strict=True)]
    if limits.homes is not None:
        more = _give(built, Rule.HOMES, "more homes", -1.0)
        fewer = _give(built, Rule.HOMES, "fewer homes", 1.0)
        model.add_row([*opened, *more, *fewer], lower=limits.homes, upper=limits.homes)
    if limits.beds is not None:
        model.add_row([*beds, *_give(built, Rule.BEDS, "fewer beds", 1.0)], lower=limits.beds)
        if limits.homes is None:
            _add_no_superfluous_home(built, limits.beds, beds)
    if limits.budget_gbp is not None:
        costs = [(column, home.cost_gbp) for column, home in zip(built.open_column, problem.homes, strict=True)]
        # In thousands, so that a pound weighs no less than a home in the solver's arithmetic.
        thousands = [(column, cost / 1000) for column, cost in costs]
        model.add_row([*thousands, *_give(built, Rule.BUDGET, "thousand pounds", -1.0)], upper=limits.budget_gbp / 1000)


def _add_no_superfluous_home(built: PortfolioModel, wanted: int, beds: list[tuple[int, float]]) -> None:
    """Where only beds are asked for, no chosen candidate may be one without which the beds are still there."""
    total = sum(value for _, value in beds)
    for i, home in enumerate(built.problem.homes):
        if home.is_fixed or home.beds == 0:
            continue
        terms = [(column, value + (total if column == built.open_column[i] else 0.0)) for column, value in beds]
        built.model.add_row(terms, upper=wanted - 1 + home.beds + total)


def _add_spread(built: PortfolioModel) -> None:
    problem, limits, model = built.problem, built.problem.limits, built.model
    for rule, most, key in (
        (Rule.TOWN, limits.most_in_one_town, "town"),
        (Rule.WARD, limits.most_in_one_ward, "ward"),
    ):
        groups: dict[str, list[int]] = {}
        for i, home in enumerate(problem.homes):
            groups.setdefault(getattr(home, key) or "", []).append(i)
        for name, members in groups.items():
            if most is None or not name:
                continue
            fixed = sum(problem.homes[i].is_fixed for i in members)
            terms = [(built.open_column[i], 1.0) for i in members]
            model.add_row([*terms, *_give(built, rule, name, -1.0)], upper=max(most, fixed))
    if limits.least_apart_m is not None:
        for i, k in combinations(range(len(problem.homes)), 2):
            one, other = problem.homes[i], problem.homes[k]
            distance_m = float(np.hypot(one.x_m - other.x_m, one.y_m - other.y_m))
            if distance_m < limits.least_apart_m and not (one.is_fixed and other.is_fixed):
                terms = [(built.open_column[i], 1.0), (built.open_column[k], 1.0)]
                about = f"{one.home_id} and {other.home_id}"
                model.add_row([*terms, *_give(built, Rule.APART, about, -1.0)], upper=1.0)


def _add_schools(built: PortfolioModel) -> None:
    problem, model = built.problem, built.model
    if all(places is None for places in problem.school_places):
        return
    attending: dict[int, list[tuple[int, float]]] = {}
    living: dict[int, list[tuple[int, float]]] = {}
    for (i, _), column in built.live_column.items():
        living.setdefault(i, []).append((column, -1.0))
    for i, terms in living.items():
        reachable = [k for k in range(len(problem.school_names)) if problem.attends(i, k)]
        if not reachable:
            # The minutes rule is relaxed: then the nearest school is meant.
            reachable = [int(np.argmin(problem.homes[i].schools_ms))]
        columns = [(k, model.add_column(upper=float(problem.homes[i].beds), whole=True)) for k in reachable]
        for k, column in columns:
            attending.setdefault(k, []).append((column, 1.0))
        model.add_row([*((column, 1.0) for _, column in columns), *terms], lower=0.0, upper=0.0)
    for k, places in enumerate(problem.school_places):
        if places is not None and k in attending:
            more = _give(built, Rule.SCHOOL_PLACES, problem.school_names[k], -1.0)
            model.add_row([*attending[k], *more], upper=float(places))


def _add_councils(built: PortfolioModel) -> None:
    problem, model = built.problem, built.model
    if not problem.shares:
        return
    beds = [(column, float(home.beds)) for column, home in zip(built.open_column, problem.homes, strict=True)]
    model.add_row([*beds, *_give(built, Rule.SHARES, "allocated beds", 1.0)], lower=float(sum(problem.shares.values())))
    if problem.limits.trade:
        return
    for name, share in problem.shares.items():
        own = [
            (c, 1.0)
            for (_, j), c in built.live_column.items()
            if plain_name(problem.children[j].authority or "") == plain_name(name)
        ]
        if own:
            model.add_row([*own, *_give(built, Rule.TRADE, name, -1.0)], upper=float(share))
