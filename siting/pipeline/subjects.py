"""What the maps of a plan are made of."""

from pathlib import Path

from maps.ground.background import open_background
from maps.privacy.subject import MapSubject
from siting.evaluation.evaluation import Evaluation
from siting.inputs.plan_inputs import PlanInputs
from siting.outputs.portfolio_files import PortfolioReport


def map_subject(inputs: PlanInputs, evaluation: Evaluation, source: Path, report: PortfolioReport | None) -> MapSubject:
    """Gather what the maps show; the choice of homes where there is one."""
    choice = report.portfolio.choice if report else None
    homes = report.portfolio.problem.homes if report else ()
    children = report.portfolio.problem.children if report else ()
    return MapSubject(
        inputs=inputs,
        evaluation=evaluation,
        background=open_background(source, evaluation.network),
        chosen=tuple(homes[i].home_id for i in choice.homes) if choice else None,
        allocation={children[j].child_ref: homes[i].home_id for j, i in choice.lives_in.items()} if choice else None,
    )
