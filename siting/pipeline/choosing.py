"""Chooses the homes of a plan together and writes the choice."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from maps.figure import evaluation_figure
from siting.evaluation.evaluation import Evaluation
from siting.evaluation.summary import summarise_evaluation
from siting.faults import UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs
from siting.inputs.plan_parts import PortfolioPart
from siting.outputs.portfolio_files import PortfolioReport, portfolio_sheets, report_portfolio, write_portfolio
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.evaluating import WORKBOOK, evaluate_and_trace, write_evaluation
from siting.pipeline.outcome import Outcome
from siting.pipeline.subjects import map_subject
from siting.portfolio.choosing import choose_homes
from siting.portfolio.problem import portfolio_problem
from siting.progress import Progress, silent, time_passed, watched
from siting.storage.results_folder import results
from siting.words import Audience, Objective

SHARE_OF_SEARCH = 0.9
"""So much of the time given is for the choice and what is told of it."""


def run_portfolio(
    plan_path: Path, changes: Mapping[str, object], out: Path, *, time_limit_s: float = math.inf, progress: Progress = silent
) -> Outcome:
    """Choose the homes of a plan; `changes` go before what its `[portfolio]` part says, and None among them is no wish.

    Raises
    ------
    InputFaultsError
        Where the inputs lack what the choice needs.
    UsageError
        Where neither the plan nor the changes say how many homes, beds or pounds.
    """
    start_compiling()
    inputs = read_inputs(Plan.read(plan_path))
    part = wished(inputs.plan.portfolio, changes)
    if part.homes is None and part.beds is None and part.budget_gbp is None and part.objective is not Objective.COST:
        msg = (
            "Say how many homes, how many beds or what budget: --homes, --beds or --budget, or [portfolio] in the plan; "
            "or --objective cost for the cheapest choice that keeps the rules."
        )
        raise UsageError(msg)
    evaluation, source = evaluate_and_trace(inputs, progress)
    report = make_report(inputs, evaluation, part, progress, time_limit_s=time_limit_s)
    with results(out, "siting portfolio", datetime.now(UTC)) as writing:
        staging = writing.files
        progress("writing the choice of homes")
        write_choice(staging, inputs, evaluation, source, report, previous=out / WORKBOOK)
        names = writing.names
    return Outcome(
        files=tuple(out / name for name in names),
        warnings=(*inputs.warnings, *evaluation.warnings),
        told_once=tuple(writing.told),
        summary=(*summarise_evaluation(inputs, evaluation), *(report.summary if report else ())),
        no_choice=report is not None and report.has_no_choice,
    )


def wished(base: PortfolioPart | None, changes: Mapping[str, object]) -> PortfolioPart:
    """Return a plan's wishes with changes; None among them takes a wish away.

    Raises
    ------
    UsageError
        Where a wish cannot be used, or two contradict each other.
    """
    try:
        return PortfolioPart.model_validate((base or PortfolioPart()).model_dump(exclude_unset=True) | dict(changes))
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(map(str, wrong["loc"]))
        msg = f"{where}{': ' * bool(where)}{wrong['msg'].removeprefix('Value error, ')}."
        raise UsageError(msg) from error


def make_report(
    inputs: PlanInputs, evaluation: Evaluation, part: PortfolioPart | None, progress: Progress, *, time_limit_s: float = math.inf
) -> PortfolioReport | None:
    """Choose the homes and work out what is told of the choice; None where the plan asks for none."""
    if part is None:
        return None
    progress("choosing the homes")
    problem = portfolio_problem(inputs, evaluation, part)
    # What is left of the time is for the same choice under another scenario.
    search_s = time_limit_s * SHARE_OF_SEARCH
    if math.isfinite(search_s):
        with watched("choosing the homes", time_passed(search_s), progress) as told:
            portfolio = choose_homes(problem, time_limit_s=search_s, progress=told)
    else:
        portfolio = choose_homes(problem, progress=progress)
    return report_portfolio(inputs, evaluation, portfolio, part, time_limit_s=time_limit_s * (1 - SHARE_OF_SEARCH))


def write_choice(
    folder: Path,
    inputs: PlanInputs,
    evaluation: Evaluation,
    source: Path,
    report: PortfolioReport | None,
    *,
    previous: Path | None = None,
) -> None:
    """Write the evaluation and, where homes were chosen, the choice; `previous` is the workbook of an earlier run."""
    made = datetime.now(UTC)
    subject = map_subject(inputs, evaluation, source, report) if report else None
    sheets = portfolio_sheets(report) if report else ()
    chosen = subject.chosen if subject else None
    write_evaluation(folder, inputs, evaluation, source, made, sheets, previous=previous, chosen=chosen)
    if report is not None and subject is not None:
        # Drawn as large as the paper shows it, so that its words can be read.
        picture = evaluation_figure(subject, Audience.INTERNAL, made=made, width_cm=13.6, height_cm=8.4)
        write_portfolio(folder, inputs, report, made, picture)
