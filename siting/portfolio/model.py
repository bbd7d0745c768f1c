"""The choice of homes as a linear model with whole numbers: a capacitated p-median with the field's rules.

Symbols: homes i, children j, schools k; x[i] is 1 where a home is chosen, y[i, j] where a child
lives in it, u[i, k] the children of a home who go to a school. Minimise the sum of t[i, j] y[i, j]
(the worse direction between home and family; nothing where it is not known where the family is), or the
largest t[i, j] of a child and then the sum, or the pounds still to be spent and then the sum. Among choices
equal in that the cheaper wins, then the fewer homes, then the earlier home_ids. Under

1. every child in one home:               sum over i of y[i, j] = 1
2. only in chosen homes:                  y[i, j] <= x[i]
3. beds, and a child who needs a home alone takes all of them:
                                          sum over j of (beds[i] if j is alone else 1) y[i, j] <= beds[i] x[i]
4. so many homes, beds, pounds:           sum x = homes; sum beds x >= beds; sum cost x <= budget
5. no more in a town or ward than so many; of two homes too near each other only one
6. every school's places:                 sum over k of u[i, k] = sum over j of y[i, j]; sum over i of u[i, k] <= places[k]
7. each council its share:                sum beds x >= sum of the councils' beds
8. fixed homes chosen, barred ones not; y[i, j] only where the child may live in the home
9. of the rows of one house only one:     sum of x over them <= 1
10. within a budget, or where cost is made least, no home whose price is not known

ReVelle and Swain 1970 (p-median); Geoffrion and Bride 1978 (capacitated). Rules may be relaxed one
by one: then the model minimises by how much they give.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

import numpy as np

from siting.arrays import Float64
from siting.inputs.council_names import plain_name
from siting.portfolio.problem import PortfolioProblem
from siting.portfolio.solver import FINE, STEP, Model, Solution, TimeLeft
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


IDS_AT_ONCE = 20
"""So many home_ids are put in order in one solve: their weights, powers of two, stay within the solver's arithmetic."""


@dataclass(slots=True)
class PortfolioModel:
    """A model, and which of its columns mean what; `slack` has the columns of each relaxed rule and what they speak of."""

    problem: PortfolioProblem
    model: Model
    open_column: list[int]
    live_column: dict[Pair, int]
    slack: dict[Rule, list[tuple[int, str]]] = field(default_factory=dict)

    def chosen(self, values: Float64) -> tuple[int, ...]:
        """Return the homes that an answer chooses."""
        return tuple(i for i, column in enumerate(self.open_column) if values[column] > 0.5)  # noqa: PLR2004

    def lives_in(self, values: Float64) -> Mapping[int, int]:
        """Return the home of each child that has one."""
        return {j: i for (i, j), column in self.live_column.items() if values[column] > 0.5}  # noqa: PLR2004

    def total_ms(self, values: Float64) -> int:
        """Return the sum of the journeys of an answer, exactly."""
        return sum(self.problem.journey_ms(i, j) for j, i in self.lives_in(values).items())

    def worst_ms(self, values: Float64) -> int:
        """Return the longest journey of an answer."""
        return max((self.problem.journey_ms(i, j) for j, i in self.lives_in(values).items()), default=0)

    @property
    def journeys(self) -> Iterator[tuple[int, float]]:
        """The terms of the sum of all journeys, in milliseconds."""
        return ((column, float(self.problem.journey_ms(i, j))) for (i, j), column in self.live_column.items())

    @property
    def pounds(self) -> list[tuple[int, float]]:
        """The terms of what is still to be spent; a price that is not known weighs more than all that are."""
        known = [home.cost_gbp for home in self.problem.homes if home.cost_gbp is not None]
        unknown = 1.0 + sum(known)
        costs = [unknown if home.cost_gbp is None else home.cost_gbp for home in self.problem.homes]
        return list(zip(self.open_column, costs, strict=True))


def build_model(
    problem: PortfolioProblem,
    *,
    relaxed: frozenset[Rule] = frozenset(),
    never_chosen: Iterable[int] = (),
    always_chosen: Iterable[int] = (),
    not_again: Iterable[tuple[int, ...]] = (),
    below_ms: int | None = None,
) -> PortfolioModel:
    """Put the model of a problem together.

    `never_chosen` are homes taken out besides those barred, `always_chosen` those put in besides the
    fixed ones; `not_again` are choices of homes already known, for the next best; `below_ms` is what
    the journeys together must stay below. With `relaxed` rules the model minimises by how much they give.
    """
    built = PortfolioModel(problem=problem, model=Model(), open_column=[-1] * len(problem.homes), live_column={})
    built.slack = {rule: [] for rule in relaxed}
    _add_homes(built, set(never_chosen), set(always_chosen))
    _add_living(built)
    _add_capacity(built)
    _add_totals(built)
    _add_spread(built)
    _add_schools(built)
    _add_councils(built)
    for known in not_again:
        # The same houses by another agent's rows are the same choice.
        _forbid(built, known, {k for i in known for k in problem.rows_of_house(i)})
    if below_ms is not None:
        built.model.add_row("fewer minutes", built.journeys, upper=below_ms - STEP)
    if relaxed:
        built.model.minimise((column, 1.0) for columns in built.slack.values() for column, _ in columns)
    elif problem.limits.objective is Objective.COST:
        built.model.minimise(built.pounds)
    return built


def _add_homes(built: PortfolioModel, out: set[int], put_in: set[int]) -> None:
    problem = built.problem
    for i in problem.in_order:
        home = problem.homes[i]
        over_min = 0.0 if home.is_fixed or problem.keeps_the_rule(i) else _school_minutes_over(problem, i)
        too_far = over_min > 0 and (Rule.SCHOOL_MINUTES not in built.slack or not math.isfinite(over_min))
        shut = i in out or too_far or problem.may_not_be_chosen(i) or (home.barred and Rule.BARRED not in built.slack)
        stays = home.is_fixed and i not in out
        column = built.model.add_column(lower=1.0 if stays else 0.0, upper=0.0 if shut and not stays else 1.0, whole=True)
        built.open_column[i] = column
        if i in put_in:
            built.model.add_row(f"asked for: {home.home_id}", [(column, 1.0)], lower=1.0)
        if home.barred and not shut:
            slack = _slack(built, Rule.BARRED, str(home.home_id))
            built.model.add_row(f"barred: {home.home_id}", [(column, 1.0), (slack, -1.0)], upper=0.0)
        if over_min > 0 and not shut:
            slack = _slack(built, Rule.SCHOOL_MINUTES, str(home.home_id))
            built.model.add_row(f"{Rule.SCHOOL_MINUTES}: {home.home_id}", [(column, over_min), (slack, -1.0)], upper=0.0)
    for members in problem.same_house:
        named = ", ".join(problem.homes[i].home_id for i in members)
        built.model.add_row(f"one house: {named}", [(built.open_column[i], 1.0) for i in members], upper=1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What a search for the best choice ended with.

    `ties_settled` tells whether it was proven that no choice that is equal in what was asked is
    cheaper, has fewer homes or earlier home_ids.
    """

    solution: Solution
    ties_settled: bool = False


def solve_model(built: PortfolioModel, time: TimeLeft | None = None, *, progress: Callable[[str], None] | None = None) -> Found:
    """Make least what the problem asks for, then what decides among equals, each held while the next is made least."""
    time = time or TimeLeft()
    model, asked = built.model, built.problem.limits.objective
    if asked is Objective.WORST:
        first = _least_worst(built, time, progress)
        if first.stopped or not first.found:
            return Found(solution=first)
        model.minimise(built.journeys)
    solution = model.solve(time, step=STEP, progress=progress)
    if solution.values is None or solution.stopped:
        return Found(solution=solution)
    held = solution.values
    if asked is Objective.COST:
        quickest = _Aim(built=built, name="pounds", held=built.pounds, least=list(built.journeys)).settle(held, time)
        if quickest is None:
            return Found(solution=solution)
        held = quickest
    alone = _is_alone(built, held, time)
    if alone is not False:
        return Found(solution=_with_values(solution, held), ties_settled=alone is True)
    for aim in _then(built, asked):
        held_too = aim.settle(held, time)
        if held_too is None:
            return Found(solution=_with_values(solution, held))
        held = held_too
    return Found(solution=_with_values(solution, held), ties_settled=True)


def _is_alone(built: PortfolioModel, values: Float64, time: TimeLeft) -> bool | None:
    """Tell whether no other choice of homes is as good in what was made least; None where the time ended before."""
    model = built.model
    terms = [(column, cost) for column, cost in enumerate(model.cost) if cost]
    model.add_row("as good", terms, upper=_sum_of(terms, values) + STEP / 2)
    chosen = built.chosen(values)
    _forbid(built, chosen, set(chosen))
    model.minimise([])
    found = model.solve(time)
    for _ in range(2):
        model.drop_row()
    model.minimise(terms)
    return False if found.found else None if found.stopped else True


def _forbid(built: PortfolioModel, homes: tuple[int, ...], as_good: set[int]) -> None:
    """Keep one choice of homes from being made again, also of the homes that count as they do."""
    terms = [(column, -1.0 if i in as_good else 1.0) for i, column in enumerate(built.open_column)]
    built.model.add_row("not this choice again", terms, lower=1.0 - len(homes))


def _with_values(solution: Solution, values: Float64) -> Solution:
    return Solution(status=solution.status, values=values, objective=solution.objective, bound=solution.bound)


def _least_worst(built: PortfolioModel, time: TimeLeft, progress: Callable[[str], None] | None) -> Solution:
    """Find the least worst journey, and shut every pair beyond it."""
    model = built.model
    worst = model.add_column(1.0)
    model.minimise([(worst, 1.0)])
    by_child: dict[int, list[tuple[int, float]]] = {}
    for (i, j), column in built.live_column.items():
        by_child.setdefault(j, []).append((column, float(built.problem.journey_ms(i, j))))
    for j, terms in by_child.items():
        model.add_row(f"longest journey: {built.problem.children[j].child_ref}", [*terms, (worst, -1.0)], upper=0.0)
    first = model.solve(time, step=STEP, progress=progress)
    if first.values is None or first.stopped:
        return first
    worst_ms = built.worst_ms(first.values)
    for (i, j), column in built.live_column.items():
        if built.problem.journey_ms(i, j) > worst_ms:
            model.upper[column] = 0.0
    model.upper[worst] = worst_ms + STEP
    return first


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aim:
    """One of the things that decide among equals: hold `held` at its value, then make `least` least."""

    built: PortfolioModel
    name: str
    held: list[tuple[int, float]]
    least: list[tuple[int, float]]

    def settle(self, values: Float64, time: TimeLeft) -> Float64 | None:
        """Return an answer that is as good in what is held and best in this; None where the time ended before."""
        model = self.built.model
        reached = _sum_of(self.held, values)
        model.add_row(f"as good in {self.name}", self.held, upper=reached + STEP / 2)
        model.minimise(self.least)
        found = model.solve(time, step=STEP / 2)
        if found.stopped:
            return None
        # What the solver's arithmetic takes for equal and is not must not move the answer.
        better = found.values
        if better is None or _sum_of(self.held, better) > reached + FINE:
            return values
        return better if _sum_of(self.least, better) < _sum_of(self.least, values) - FINE else values


def _sum_of(terms: Iterable[tuple[int, float]], values: Float64) -> float:
    return sum(weight for column, weight in terms if values[column] > 0.5)  # noqa: PLR2004


def _then(built: PortfolioModel, asked: Objective) -> Iterator[_Aim]:
    """Yield what decides among choices that are equal in what was asked, and in minutes."""
    last, name = list(built.journeys), "minutes"
    opened = [(column, 1.0) for column in built.open_column]
    if asked is not Objective.COST:
        yield _Aim(built=built, name=name, held=last, least=built.pounds)
        last, name = built.pounds, "pounds"
    if built.problem.limits.homes is None:
        yield _Aim(built=built, name=name, held=last, least=opened)
        last, name = opened, "homes"
    order = built.problem.in_order
    for begin in range(0, len(order), IDS_AT_ONCE):
        part = order[begin : begin + IDS_AT_ONCE]
        # With as many homes, the earliest home_ids are those whose weights together are most.
        weights = [(built.open_column[i], -float(2 ** (len(part) - 1 - n))) for n, i in enumerate(part)]
        yield _Aim(built=built, name=name, held=last, least=weights)
        last, name = weights, "home_ids"


def _slack(built: PortfolioModel, rule: Rule, about: str, *, upper: float = math.inf, whole: bool = False) -> int:
    column = built.model.add_column(upper=upper, whole=whole)
    built.slack[rule].append((column, about))
    return column


def _give(built: PortfolioModel, rule: Rule, about: str, sign: float) -> list[tuple[int, float]]:
    """Return the term by which a rule gives, if it is relaxed."""
    return [(_slack(built, rule, about), sign)] if rule in built.slack else []


def _add_living(built: PortfolioModel) -> None:
    problem, model = built.problem, built.model
    # A candidate beyond the rule is shut as a whole; in a home that stands it is a matter of who may live there.
    rule_over = {
        i: _school_minutes_over(problem, i) if home.is_fixed else 0.0
        for i, home in enumerate(problem.homes)
        if not problem.keeps_the_rule(i)
    }
    for j in sorted(range(len(problem.children)), key=lambda j: problem.children[j].child_ref):
        child = problem.children[j]
        terms: list[tuple[int, float]] = []
        for i in problem.in_order:
            home = problem.homes[i]
            over = _pair_over(built, i, j, rule_over)
            if over is None:
                continue
            column = model.add_column(float(problem.journey_ms(i, j)), upper=1.0, whole=True)
            built.live_column[i, j] = column
            terms.append((column, 1.0))
            model.add_row(f"only if chosen: {home.home_id}", [(column, 1.0), (built.open_column[i], -1.0)], upper=0.0)
            for rule, minutes in over.items():
                slack = _slack(built, rule, f"{home.home_id}" if rule is Rule.SCHOOL_MINUTES else child.child_ref)
                model.add_row(f"{rule}: {home.home_id} and {child.child_ref}", [(column, minutes), (slack, -1.0)], upper=0.0)
        terms += _give(built, Rule.EVERY_CHILD, child.child_ref, 1.0)
        model.add_row(f"a bed: {child.child_ref}", terms, lower=1.0, upper=1.0)


def _pair_over(built: PortfolioModel, i: int, j: int, rule_over: Mapping[int, float]) -> dict[Rule, float] | None:
    """Return by how many minutes each relaxed rule would have to give for a child in a home; None where never."""
    problem = built.problem
    if problem.homes[i].beds == 0 or problem.excluded[i, j] or problem.is_too_large_alone(i, j):
        return None
    time_ms = problem.journey_ms(i, j)
    if time_ms >= NO_WAY_MS:
        return None
    over: dict[Rule, float] = {}
    if i in rule_over:
        if Rule.SCHOOL_MINUTES not in built.slack or not math.isfinite(rule_over[i]):
            return None
        if problem.homes[i].is_fixed:
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
        home = problem.homes[i]
        built.model.add_row(f"beds: {home.home_id}", [*terms, (built.open_column[i], -float(home.beds))], upper=0.0)


def _add_totals(built: PortfolioModel) -> None:
    problem, limits, model = built.problem, built.problem.limits, built.model
    opened = [(column, 1.0) for column in built.open_column]
    beds = [(column, float(home.beds)) for column, home in zip(built.open_column, problem.homes, strict=True)]
    if limits.homes is not None:
        more = _give(built, Rule.HOMES, "more homes", -1.0)
        fewer = _give(built, Rule.HOMES, "fewer homes", 1.0)
        model.add_row(Rule.HOMES, [*opened, *more, *fewer], lower=limits.homes, upper=limits.homes)
    if limits.beds is not None:
        model.add_row(Rule.BEDS, [*beds, *_give(built, Rule.BEDS, "fewer beds", 1.0)], lower=limits.beds)
        if limits.homes is None:
            _add_no_superfluous_home(built, limits.beds, beds)
    if limits.budget_gbp is not None:
        costs = [(column, home.cost_gbp) for column, home in zip(built.open_column, problem.homes, strict=True)]
        # In thousands, so that a pound weighs no less than a home in the solver's arithmetic. A home whose
        # price is not known is shut, or locked, which the reading of the plan refuses within a budget.
        thousands = [(column, cost / 1000) for column, cost in costs if cost is not None]
        model.add_row(
            Rule.BUDGET, [*thousands, *_give(built, Rule.BUDGET, "thousand pounds", -1.0)], upper=limits.budget_gbp / 1000
        )


def _add_no_superfluous_home(built: PortfolioModel, wanted: int, beds: list[tuple[int, float]]) -> None:
    """Where only beds are asked for, no chosen candidate may be one without which the beds are still there."""
    total = sum(value for _, value in beds)
    for i, home in enumerate(built.problem.homes):
        if home.is_fixed or home.beds == 0:
            continue
        terms = [(column, value + (total if column == built.open_column[i] else 0.0)) for column, value in beds]
        built.model.add_row(f"not superfluous: {home.home_id}", terms, upper=wanted - 1 + home.beds + total)


def _add_spread(built: PortfolioModel) -> None:
    problem, limits, model = built.problem, built.problem.limits, built.model
    for rule, most, key in (
        (Rule.TOWN, limits.most_in_one_town, "town"),
        (Rule.WARD, limits.most_in_one_ward, "ward"),
    ):
        groups: dict[str, list[int]] = {}
        for i in problem.in_order:
            home = problem.homes[i]
            groups.setdefault(getattr(home, key) or "", []).append(i)
        for name, members in groups.items():
            if most is None or not name:
                continue
            fixed = sum(problem.homes[i].is_fixed for i in members)
            terms = [(built.open_column[i], 1.0) for i in members]
            model.add_row(f"{rule}: {name}", [*terms, *_give(built, rule, name, -1.0)], upper=max(most, fixed))
    if limits.least_apart_m is not None:
        for i, k in combinations(problem.in_order, 2):
            one, other = problem.homes[i], problem.homes[k]
            distance_m = float(np.hypot(one.x_m - other.x_m, one.y_m - other.y_m))
            if distance_m < limits.least_apart_m and not (one.is_fixed and other.is_fixed):
                terms = [(built.open_column[i], 1.0), (built.open_column[k], 1.0)]
                about = f"{one.home_id} and {other.home_id}"
                model.add_row(f"{Rule.APART}: {about}", [*terms, *_give(built, Rule.APART, about, -1.0)], upper=1.0)


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
        model.add_row(
            f"all at a school: {problem.homes[i].home_id}", [*((c, 1.0) for _, c in columns), *terms], lower=0.0, upper=0.0
        )
    for k, places in enumerate(problem.school_places):
        if places is not None and k in attending:
            more = _give(built, Rule.SCHOOL_PLACES, problem.school_names[k], -1.0)
            model.add_row(f"{Rule.SCHOOL_PLACES}: {problem.school_names[k]}", [*attending[k], *more], upper=float(places))


def _add_councils(built: PortfolioModel) -> None:
    problem, model = built.problem, built.model
    if not problem.shares:
        return
    beds = [(column, float(home.beds)) for column, home in zip(built.open_column, problem.homes, strict=True)]
    model.add_row(
        Rule.SHARES, [*beds, *_give(built, Rule.SHARES, "allocated beds", 1.0)], lower=float(sum(problem.shares.values()))
    )
    if problem.limits.trade:
        return
    for name, share in problem.shares.items():
        own = [
            (c, 1.0)
            for (_, j), c in built.live_column.items()
            if plain_name(problem.children[j].authority or "") == plain_name(name)
        ]
        if own:
            model.add_row(f"{Rule.TRADE}: {name}", [*own, *_give(built, Rule.TRADE, name, -1.0)], upper=float(share))
