"""How a choice of homes stands up when the roads are busier than the rule takes them to be."""

import math
from dataclasses import dataclass

import numpy as np

from siting.evaluation.evaluation import Evaluation
from siting.inputs.plan_inputs import PlanInputs
from siting.portfolio.choosing import Answer, Portfolio, best_choice, keep_to, with_family_times
from siting.portfolio.problem import PortfolioProblem, rows_in_need
from siting.portfolio.solver import TimeLeft
from siting.roads.joining import Joins
from siting.times.matrix import time_matrix_ms
from siting.words import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A choice under another scenario.

    `failing` are the chosen homes beyond the minutes rule there; `same_homes` who would live where
    in the same homes, without a choice where some child would have none; `best` the choice that would be best.
    """

    scenario: Scenario
    failing: tuple[str, ...]
    same_homes: Answer
    best: Answer


def stand_up(
    inputs: PlanInputs, evaluation: Evaluation, portfolio: Portfolio, scenario: Scenario, *, time_limit_s: float = math.inf
) -> Standing | None:
    """Try the choice under another scenario; None where there is no choice."""
    if portfolio.choice is None:
        return None
    problem = busier_problem(inputs, evaluation, portfolio.problem, scenario)
    chosen, time = portfolio.choice.homes, TimeLeft(time_limit_s)
    return Standing(
        scenario=scenario,
        failing=tuple(problem.homes[i].home_id for i in chosen if not problem.keeps_the_rule(i)),
        same_homes=best_choice(keep_to(problem, chosen), time=time),
        best=best_choice(problem, time=time),
    )


def busier_problem(inputs: PlanInputs, evaluation: Evaluation, problem: PortfolioProblem, scenario: Scenario) -> PortfolioProblem:
    """Return the same problem on another scenario's times."""
    network = evaluation.network
    homes, schools = evaluation.joined.homes, evaluation.joined.schools
    families = evaluation.joined.children[rows_in_need(inputs)]

    def worse_ms(others: Joins) -> np.ndarray:
        out_ms = time_matrix_ms(network, homes, others, scenario)
        back_ms = time_matrix_ms(network, others, homes, scenario)
        return np.maximum(out_ms, back_ms.T)

    to_schools = worse_ms(schools)
    return with_family_times(problem, worse_ms(families), tuple(tuple(int(t) for t in row) for row in to_schools))
