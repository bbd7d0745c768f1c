"""Choices of homes tried one after another: the plan is read and judged once, then each is answered at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.plan_parts import PortfolioPart
from siting.pipeline.choosing import wished
from siting.pipeline.plan_on_roads import open_plan
from siting.pipeline.run_history import choice_values
from siting.portfolio.choosing import Choice, Ending, choose_homes
from siting.portfolio.problem import PortfolioProblem, portfolio_problem
from siting.progress import Progress, silent
from siting.words import HomeStatus, Objective

TIME_LIMIT_S = 20.0
"""A choice that is tried is answered with the best that was found by then, and how far from the best it may be."""
_STEPS_OF_MONEY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedChoice:
    """What came of a choice that was tried.

    `choice` has `homes`, `total_min`, `worst_min`, `cost_gbp` and the like (see `choice_values`);
    it is None where no choice keeps the rules, which `told` then explains, or where `ran_out` says
    that none was found in the time given, so that it is not known whether there is one. `homes` are
    all homes of the plan with whether each is chosen.
    """

    asked: Mapping[str, Any]
    choice: Mapping[str, Any] | None
    told: tuple[str, ...]
    ran_out: bool
    homes: tuple[Mapping[str, Any], ...]


class Chooser:
    """Tries choices of homes of one plan."""

    def __init__(self, inputs: PlanInputs, evaluation: Evaluation) -> None:
        self.inputs = inputs
        self.evaluation = evaluation

    @classmethod
    def open(cls, plan_path: Path, progress: Progress = silent) -> "Chooser":
        """Read a plan and judge its homes.

        Raises
        ------
        InputFaultsError, NetworkSourceError
            Where the inputs or the roads cannot be used.
        """
        inputs, network = open_plan(plan_path, progress)
        progress("judging the homes")
        return cls(inputs, evaluate_inputs(inputs, network, with_areas=False))

    @property
    def wishes(self) -> dict[str, Any]:
        """What the plan itself asks of the choice."""
        return (self.inputs.plan.portfolio or PortfolioPart()).model_dump(mode="json")

    @property
    def first_wishes(self) -> dict[str, Any]:
        """What to begin with: the plan's wishes; where they say neither homes, beds nor money, one home more than there are."""
        wishes = self.wishes
        if all(wishes[key] is None for key in ("homes", "beds", "budget_gbp")) and wishes["objective"] != Objective.COST:
            wishes["homes"] = 1 + sum(home.row.status is not HomeStatus.CANDIDATE for home in self.inputs.homes)
        return wishes

    def attempt(self, changes: Mapping[str, Any]) -> TriedChoice:
        """Choose by the plan's wishes with changes.

        Raises
        ------
        InputFaultsError
            Where the tables lack what the choice needs.
        UsageError
            Where a wish cannot be used.
        """
        problem = self._problem(changes)
        portfolio = choose_homes(problem, time_limit_s=TIME_LIMIT_S, alternatives=False)
        told = (*portfolio.conflict.clashes, *portfolio.conflict.remedies) if portfolio.conflict else ()
        return TriedChoice(
            asked=dict(changes),
            choice=_values(problem, portfolio.choice),
            told=told,
            ran_out=portfolio.ending is Ending.STOPPED,
            homes=tuple(self._homes(problem, portfolio.choice)),
        )

    def without_reason(self, changes: Mapping[str, Any], home_id: str) -> tuple[str, ...]:
        """Say why a home is not chosen: what a choice that must have it would be instead."""
        as_asked = self.attempt(changes)
        barred = [name for name in changes.get("barred") or () if name != home_id]
        locked = [*(changes.get("locked") or ()), home_id]
        with_it = self.attempt({**changes, "barred": barred, "locked": locked})
        if with_it.ran_out or as_asked.ran_out:
            return (f"Whether there is a choice with {home_id} was not found out in the time given.",)
        if with_it.choice is None:
            return (f"With {home_id} no choice keeps every rule.", *with_it.told)
        if as_asked.choice is None:
            return (f"With {home_id} there is a choice: {', '.join(with_it.choice['homes'])}.",)
        return tuple(_instead(home_id, as_asked.choice, with_it.choice))

    def trade(self, changes: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        """Return what smaller budgets would bring, the choice as asked first; each costs less than the one before."""
        found: list[Mapping[str, Any]] = []
        budget: float | None = changes.get("budget_gbp")
        for _ in range(_STEPS_OF_MONEY):
            tried = self.attempt({**changes, "budget_gbp": budget})
            if tried.choice is None or tried.choice.get("cost_gbp") is None:
                break
            found.append(tried.choice)
            budget = tried.choice["cost_gbp"] - 1.0
            if budget <= 0:
                break
        return tuple(found)

    def _problem(self, changes: Mapping[str, Any]) -> PortfolioProblem:
        return portfolio_problem(self.inputs, self.evaluation, wished(self.inputs.plan.portfolio, changes))

    def _homes(self, problem: PortfolioProblem, choice: Choice | None) -> list[dict[str, Any]]:
        chosen = set(choice.homes) if choice else set()
        lives = list(choice.lives_in.values()) if choice else []
        rows = {home.row.home_id: home.row for home in self.inputs.homes}
        return [
            {
                "home_id": home.home_id,
                "address": rows[home.home_id].address,
                "verdict": home.verdict.value,
                "status": home.status.value,
                "beds": rows[home.home_id].beds,
                "price_gbp": rows[home.home_id].price_gbp,
                "chosen": i in chosen,
                "children": lives.count(i),
            }
            for i, home in enumerate(problem.homes)
        ]


def _values(problem: PortfolioProblem, choice: Choice | None) -> dict[str, Any] | None:
    return choice_values(choice, _names(problem)) if choice else None


def _names(problem: PortfolioProblem) -> Sequence[str]:
    return [home.home_id for home in problem.homes]


def _instead(home_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Say what a choice that must have a home would change."""
    out = [name for name in before["homes"] if name not in after["homes"]]
    into = [name for name in after["homes"] if name not in before["homes"]]
    lines = [f"With {home_id} in, the best choice would be {', '.join(after['homes'])}."]
    if out:
        lines.append(f"{', '.join(out)} would give way to {', '.join(into)}.")
    minutes = after["total_min"] - before["total_min"]
    lines.append(
        f"The children's journeys together would be {abs(minutes):.0f} minutes {'longer' if minutes >= 0 else 'shorter'}."
    )
    if after.get("cost_gbp") is None or before.get("cost_gbp") is None:
        lines.append("What it would cost is not known, since a price is missing.")
    else:
        pounds = after["cost_gbp"] - before["cost_gbp"]
        lines.append(f"It would cost £{abs(pounds):,.0f} {'more' if pounds >= 0 else 'less'}.")
    return lines
