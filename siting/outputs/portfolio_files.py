"""Writes a choice of homes: two CSV files, sheets of the workbook and the board's paper."""

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from siting.documents.csv_files import write_csv
from siting.documents.workbooks import Sheet
from siting.evaluation.evaluation import Evaluation
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.plan_parts import PortfolioPart
from siting.outputs.board_paper import board_paper
from siting.portfolio.answer import summary, why_none
from siting.portfolio.choosing import Ending, Portfolio
from siting.portfolio.need import Need, assess_need
from siting.portfolio.partners import ASSUMPTIONS, Partnership, settle_beds, with_total
from siting.portfolio.problem import children_in_need, rows_in_need
from siting.portfolio.scenarios import Standing, stand_up
from siting.portfolio.tables import MATCHING_NOTE, allocation_table, alternatives_table, homes_table
from siting.times.routing import metres_at, reach
from siting.words import METRES_PER_MILE, Direction, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioReport:
    """A choice of homes with all that is told of it."""

    part: PortfolioPart
    portfolio: Portfolio
    need: Need
    partnership: Partnership | None
    standing: Standing | None
    allocation: pd.DataFrame

    @property
    def summary(self) -> tuple[str, ...]:
        """The answer in a few lines."""
        return summary(self.portfolio, self.part.visits_a_week)

    @property
    def has_no_choice(self) -> bool:
        """Whether there is no choice to show: none keeps the rules, or none was found in time."""
        return self.portfolio.choice is None


def report_portfolio(
    inputs: PlanInputs, evaluation: Evaluation, portfolio: Portfolio, part: PortfolioPart, *, time_limit_s: float = math.inf
) -> PortfolioReport:
    """Work out what is told of a choice; the search under another scenario may take so long again."""
    scenario = Scenario.SCHOOL_RUN if inputs.plan.rules.scenario is not Scenario.SCHOOL_RUN else Scenario.TYPICAL
    children = [child.row for child in children_in_need(inputs)]
    plan = inputs.plan.model_copy(update={"portfolio": part})
    return PortfolioReport(
        part=part,
        portfolio=portfolio,
        need=assess_need(inputs),
        partnership=settle_beds(portfolio.problem, portfolio.choice, plan, children) if portfolio.choice else None,
        standing=stand_up(inputs, evaluation, portfolio, scenario, time_limit_s=time_limit_s),
        allocation=allocation_table(portfolio, _road_miles(inputs, evaluation, portfolio)),
    )


def write_portfolio(
    folder: Path, inputs: PlanInputs, report: PortfolioReport, made: datetime, picture: bytes | None = None
) -> None:
    """Write `portfolio.csv`, `allocation.csv` and `portfolio.pdf` into a folder."""
    write_csv(folder / "portfolio.csv", homes_table(report.portfolio))
    write_csv(folder / "allocation.csv", report.allocation)
    paper = board_paper(
        inputs,
        report.part,
        report.portfolio,
        report.need,
        report.partnership,
        report.standing,
        made=made,
        picture=picture,
    )
    (folder / "portfolio.pdf").write_bytes(paper)


def portfolio_sheets(report: PortfolioReport) -> tuple[Sheet, ...]:
    """Return the workbook's sheets on need, choice, allocation, alternatives and partners."""
    need, portfolio = report.need, report.portfolio
    sheets = [
        Sheet(name="Need", title="the children's need", frame=need.by_authority, note=" ".join(need.sentences)),
        Sheet(
            name="Living now",
            title="where each council's children live now",
            frame=need.living_now,
            note="From the placement column of the children table. Counts of one identify a child: do not publish.",
        ),
    ]
    if portfolio.choice is None:
        told = pd.DataFrame({"why": list(why_none(portfolio))})
        title = "no choice keeps every rule" if portfolio.ending is Ending.NONE else "no choice was found in the time given"
        return (*sheets, Sheet(name="Portfolio", title=title, frame=told, note="What clashes, and what would mend it."))
    sheets += [
        Sheet(name="Portfolio", title="the homes chosen", frame=homes_table(portfolio), note=_CHOICE_NOTE),
        Sheet(name="Allocation", title="a test that the homes serve the need", frame=report.allocation, note=MATCHING_NOTE),
        Sheet(
            name="Alternatives",
            title="what else could be done",
            frame=alternatives_table(portfolio, report.part.visits_a_week),
            note=f"Minutes a week: every family there and back, {report.part.visits_a_week:g} times a week.",
        ),
    ]
    if report.partnership is not None:
        sheets.append(
            Sheet(name="Partners", title="beds and money", frame=with_total(report.partnership.accounts), note=ASSUMPTIONS)
        )
        sales = pd.DataFrame(
            [(sale.seller, sale.buyer, sale.beds, sale.weekly_gbp) for sale in report.partnership.sales],
            columns=["seller", "buyer", "beds", "weekly_gbp"],
        )
        sheets.append(Sheet(name="Bed sales", title="who sells what to whom", frame=sales, note=ASSUMPTIONS))
    return tuple(sheets)


_CHOICE_NOTE = (
    "Added (min): by how much all family journeys together, one way, would grow if the home were lost and the best other "
    "choice were made; Left without bed: how many children would have no bed if nothing were bought in its stead."
)


def _road_miles(inputs: PlanInputs, evaluation: Evaluation, portfolio: Portfolio) -> dict[tuple[int, int], float]:
    """Measure the road from each chosen home to the families of the children in it."""
    if portfolio.choice is None:
        return {}
    network = evaluation.network
    homes = evaluation.joined.homes
    families = evaluation.joined.children[rows_in_need(inputs)]
    miles: dict[tuple[int, int], float] = {}
    for i in portfolio.choice.homes:
        found = reach(network, homes[i : i + 1], inputs.plan.rules.scenario, Direction.FROM_SCHOOL, with_metres=True)
        metres = metres_at(found, families)
        miles |= {(i, j): float(metres[j]) / METRES_PER_MILE for j, lives in portfolio.choice.lives_in.items() if lives == i}
    return miles
