"""The two-page summary for a board: what was asked, the choice, why, what it costs, how sure."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from siting.documents.typesetting import typeset
from siting.evaluation.sources import source_line
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.plan_parts import PortfolioPart
from siting.outputs.provenance import LIMITS
from siting.portfolio.choosing import Choice, Portfolio, Variation
from siting.portfolio.need import Need
from siting.portfolio.partners import ASSUMPTIONS, Partnership
from siting.portfolio.scenarios import Standing
from siting.portfolio.tables import MATCHING_NOTE
from siting.sentences import SCENARIO_WORDS, counted, listed, pounds
from siting.words import PERSONAL_DATA_NOTICE, Objective

TEMPLATE = Path(__file__).with_name("templates") / "board.typ"


def board_paper(  # noqa: PLR0913 - what the paper speaks of, each once
    inputs: PlanInputs,
    part: PortfolioPart,
    portfolio: Portfolio,
    need: Need,
    partnership: Partnership | None,
    standing: Standing | None,
    *,
    made: datetime,
    picture: bytes | None = None,
) -> bytes:
    """Typeset the summary of a choice of homes, or of why there is none (PDF)."""
    values = {
        "title": inputs.plan.title,
        "subtitle": "Which homes to have together: a summary for the board",
        "classification": PERSONAL_DATA_NOTICE,
        "made": f"{made:%d %B %Y}",
        "sources": source_line(),
        "asked": list(_asked(inputs, part)),
        "need_words": list(need.sentences),
        "need": _listing(need.by_authority, _NEED_HEADINGS),
        "choice": list(_choice_words(portfolio)),
        "homes": _homes(portfolio),
        "why": list(_why(portfolio, part)),
        "money": _listing(partnership.accounts if partnership else pd.DataFrame(), _MONEY_HEADINGS),
        "money_words": list(_money_words(partnership)),
        "alternatives": _alternatives(portfolio, part),
        "sure": list(_sure(inputs, portfolio, standing)),
        "picture": "map.svg" if picture else None,
        "picture_text": "Map of the homes, the school and the area within the minutes rule",
    }
    pictures = {"map.svg": picture} if picture else {}
    elbow = elbow_figure(portfolio.elbow, 2 * part.visits_a_week)
    if elbow:
        pictures["elbow.svg"] = elbow
    return typeset(TEMPLATE, values | {"elbow": "elbow.svg" if elbow else None}, made=made, pictures=pictures)


NOTHING = "\u2013"
"""What stands in a cell for which there is nothing to say: a dash."""

_NEED_HEADINGS = {
    "authority": "Council",
    "children": "Children",
    "over_20_miles": "Now over the miles",
    "living_outside": "Now outside own area",
    "living_at_a_distance": "Now at a distance",
    "beds_standing": "Beds standing",
    "beds_allocated": "Beds allocated",
}
_MONEY_HEADINGS = {
    "authority": "Council",
    "beds_allocated": "Beds",
    "children_placed": "Children",
    "beds_sold": "Sold",
    "beds_bought": "Bought",
    "beds_empty": "Empty",
    "would_pay_weekly_gbp": "Would pay a week",
    "pays_now_weekly_gbp": "Pays now a week",
    "saving_a_year_gbp": "Saving a year",
}


def _listing(frame: pd.DataFrame, headings: dict[str, str]) -> dict[str, Any]:
    """Turn a frame into a listing; columns that are wholly empty are left out."""
    keys = [key for key in headings if key in frame.columns and frame[key].notna().any()]
    rows = [[_shown(key, value) for key, value in zip(keys, row, strict=True)] for row in frame[keys].itertuples(index=False)]
    return {"columns": [headings[key] for key in keys], "rows": rows, "numeric": list(range(1, len(keys)))}


def _shown(key: str, value: object) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NOTHING
    if key.endswith("_gbp"):
        return pounds(float(value))  # type: ignore[arg-type]
    return str(value)


def _asked(inputs: PlanInputs, part: PortfolioPart) -> Iterator[str]:
    wanted = []
    if part.homes is not None:
        wanted.append(f"{part.homes} homes")
    if part.beds is not None:
        wanted.append(f"at least {part.beds} beds")
    if part.budget_gbp is not None:
        wanted.append(f"for at most {pounds(part.budget_gbp)}")
    least = "the children's family journeys in all" if part.objective is Objective.TOTAL else "the longest family journey"
    yield f"Choose {' with '.join(wanted[:2]) or 'homes'}{' ' + wanted[2] if len(wanted) > 2 else ''} so that {least} are least."  # noqa: PLR2004
    rules = inputs.plan.rules
    yield (
        f"Every child needs a home within {rules.school_minutes:g} minutes by car of a school {SCENARIO_WORDS[rules.scenario]}, "
        "in the worse direction, outside the child's exclusion zones."
    )


def _choice_words(portfolio: Portfolio) -> Iterator[str]:
    choice = portfolio.choice
    if choice is None:
        assert portfolio.conflict is not None  # noqa: S101 - one or the other is there
        yield "No choice of homes keeps every rule."
        yield from portfolio.conflict.clashes
        yield from portfolio.conflict.remedies
        return
    problem = portfolio.problem
    proven = "It is proven best." if choice.gap == 0 else f"The search was stopped early, within {choice.gap:.1%} of the best."
    yield (
        f"{len(choice.homes)} homes with {choice.beds} beds for {len(problem.children)} children, at {pounds(choice.cost_gbp)} "
        f"still to spend. {proven} {MATCHING_NOTE}"
    )


def _homes(portfolio: Portfolio) -> dict[str, Any]:
    choice, problem = portfolio.choice, portfolio.problem
    if choice is None:
        return {"columns": [], "rows": []}
    rows = [
        [
            problem.homes[i].home_id,
            problem.homes[i].status.value,
            problem.homes[i].authority or NOTHING,
            str(problem.homes[i].beds),
            str(sum(lives == i for lives in choice.lives_in.values())),
            f"{min(problem.homes[i].schools_ms) / 60_000:.1f}",
            problem.homes[i].verdict.value,
            pounds(problem.homes[i].cost_gbp),
        ]
        for i in choice.homes
    ]
    columns = ["Home", "Status", "Council", "Beds", "Children", "To school, min", "Verdict", "Cost"]
    return {"columns": columns, "rows": rows, "numeric": [3, 4, 5, 7]}


def _why(portfolio: Portfolio, part: PortfolioPart) -> Iterator[str]:
    choice = portfolio.choice
    if choice is None:
        return
    count = sum(portfolio.problem.children[j].place_known for j in choice.lives_in)
    unknown = len(choice.lives_in) - count
    weekly = 2 * part.visits_a_week
    yield (
        f"A family is {choice.total_min / max(count, 1):.0f} minutes away on average and {choice.worst_min:.0f} at most; "
        f"{choice.beyond_miles} of {count} children would be beyond the plan's miles from home"
        f"{f'; of {unknown} more the family home is not known' if unknown else ''}."
    )
    unserved = {variation.name: variation.choice for variation in portfolio.without}
    for variation in portfolio.if_lost:
        yield f"Without {variation.name}: {_lost(choice, variation.choice, unserved.get(variation.name), weekly)}."


def _lost(best: Choice, instead: Choice | None, nothing: Choice | None, weekly: float) -> str:
    parts = []
    if nothing is not None and nothing.without_bed:
        parts.append(f"{counted(nothing.without_bed, 'child', 'children')} without a bed if nothing is bought instead")
    if instead is None:
        return "; ".join([*parts, "no other choice keeps the rules"])
    change = f"with the best other choice {(instead.total_min - best.total_min) * weekly:+,.0f} minutes a week over all"
    more = instead.beyond_miles - best.beyond_miles
    if more > 0:
        change += f" and {counted(more, 'more child', 'more children')} beyond the miles"
    return "; ".join([*parts, change])


def _alternatives(portfolio: Portfolio, part: PortfolioPart) -> dict[str, Any]:
    best = portfolio.choice
    if best is None:
        return {"columns": [], "rows": []}
    weekly = 2 * part.visits_a_week

    def row(name: str, choice: Choice | None) -> list[str]:
        if choice is None:
            return [name, "no choice keeps the rules", "", "", ""]
        homes = ", ".join(portfolio.problem.homes[i].home_id for i in choice.homes)
        return [
            name,
            homes,
            f"{(choice.total_min - best.total_min) * weekly:+,.0f}",
            str(choice.beyond_miles),
            pounds(choice.cost_gbp),
        ]

    named = [(f"Next best {n}", choice) for n, choice in enumerate(portfolio.next_best, start=1)]
    named += [(f"If {v.name} is lost", v.choice) for v in portfolio.if_lost]  # type: ignore[misc]
    named += [(f"{v.name} homes", v.choice) for v in portfolio.elbow if v.name != str(len(best.homes))]  # type: ignore[misc]
    return {
        "columns": ["What", "Homes", "Minutes a week more", "Beyond the miles", "Cost"],
        "rows": [row(name, choice) for name, choice in named],
        "numeric": [2, 3, 4],
    }


def _money_words(partnership: Partnership | None) -> Iterable[str]:
    if partnership is None:
        return
    for sale in partnership.sales:
        price = f" for {pounds(sale.weekly_gbp)} a week" if sale.weekly_gbp is not None else ""
        yield f"{sale.seller} sells {sale.buyer} {sale.beds} bed{'s' if sale.beds > 1 else ''}{price}."
    if partnership.empty_beds:
        yield f"{partnership.empty_beds} beds would stand empty."
    yield ASSUMPTIONS


def _sure(inputs: PlanInputs, portfolio: Portfolio, standing: Standing | None) -> Sequence[str]:
    sentences = []
    if standing is not None and portfolio.choice is not None:
        words = SCENARIO_WORDS[standing.scenario]
        if standing.failing:
            sentences.append(f"{listed(standing.failing)} would be beyond the minutes rule {words}.")
        else:
            sentences.append(f"Every chosen home keeps the {inputs.plan.rules.school_minutes:g}-minute rule {words} too.")
        if standing.same_homes is None:
            sentences.append(f"Judged {words}, these homes could not serve every child.")
        elif standing.best is not None and standing.best.homes == portfolio.choice.homes:
            sentences.append(f"The same homes would be chosen {words}.")
        elif standing.best is not None:
            other = ", ".join(portfolio.problem.homes[i].home_id for i in standing.best.homes)
            sentences.append(f"Judged {words}, the best choice would be {other}.")
    marginal = [
        portfolio.problem.homes[i].home_id
        for i in (portfolio.choice.homes if portfolio.choice else ())
        if portfolio.problem.homes[i].verdict.value == "marginal"
    ]
    if marginal:
        sentences.append(f"{listed(marginal)} is marginal: it keeps the rule by less than the model's own error.")
    return [*sentences, LIMITS]


def elbow_figure(variations: Sequence[Variation], weekly: float) -> bytes | None:
    """Draw family minutes a week and the cost by number of homes (SVG); None where fewer than two counts have an answer."""
    answered = [(int(v.name), v.choice) for v in variations if v.choice is not None]
    if len(answered) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    counts = [count for count, _ in answered]
    figure = Figure(figsize=(5.6, 2.1))
    axes = figure.add_subplot()
    axes.plot(counts, [choice.total_min * weekly for _, choice in answered], "o-", color="#1f4e79", label="minutes a week")
    axes.set_xlabel("homes")
    axes.set_ylabel("minutes a week")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    money = axes.twinx()
    money.plot(counts, [choice.cost_gbp / 1e6 for _, choice in answered], "s--", color="#c4510a", label="£ million to spend")
    money.set_ylabel("£ million to spend")
    lines = [*axes.get_lines(), *money.get_lines()]
    axes.legend(lines, [str(line.get_label()) for line in lines], loc="upper center", fontsize=8, frameon=False)
    figure.tight_layout()
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "siting", "svg.fonttype": "path"}):
        FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return content.getvalue()
