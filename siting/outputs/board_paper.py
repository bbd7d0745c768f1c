"""The summary for a board: what was asked, the choice, why, what it costs, how sure.

It is handed round and kept with the minutes of a meeting, so it names no child and gives counts of
children in bands; the workbook has the figures behind it.
"""

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
from siting.portfolio.answer import (
    conflict_for_board,
    home_name,
    how_proven,
    instead,
    spending,
    trade_off_lines,
    why_passed_over,
)
from siting.portfolio.choosing import Choice, Ending, Portfolio, Variation
from siting.portfolio.need import Need, for_board
from siting.portfolio.partners import ASSUMPTIONS, Partnership, with_total
from siting.portfolio.problem import HomeOption
from siting.portfolio.scenarios import Standing
from siting.portfolio.tables import MATCHING_NOTE, more_pounds
from siting.sentences import SCENARIO_WORDS, count_band, counted, listed, pounds, sentence_case, total_band
from siting.words import MILLISECONDS_PER_MINUTE, PERSONAL_DATA_NOTICE, HomeStatus, Objective, Verdict

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
    clashes, heading, remedies = ([], "", []) if portfolio.choice else conflict_for_board(portfolio)
    elbow = elbow_figure(portfolio.elbow, 2 * part.visits_a_week)
    values = {
        "title": inputs.plan.title,
        "subtitle": "Which homes to have together: a summary for the board",
        "classification": PERSONAL_DATA_NOTICE,
        "made": f"{made:%d %B %Y}",
        "sources": source_line(),
        "asked": list(_asked(inputs, part, portfolio)),
        "besides": list(_besides(part, portfolio)),
        "need_words": list(need.for_board),
        "need": _listing(for_board(need.by_authority), _NEED_HEADINGS),
        "choice": list(_choice_words(portfolio)),
        "clashes": clashes,
        "remedies_heading": heading,
        "remedies": remedies,
        "homes": _homes(portfolio),
        "why": list(_why(inputs, portfolio, need)),
        "passed_over": [
            f"{home_name(home)}, rank {home.rank}: {why}." for home, why in why_passed_over(portfolio, part.visits_a_week)
        ],
        "money": _listing(with_total(partnership.accounts) if partnership else pd.DataFrame(), _MONEY_HEADINGS),
        "money_heading": "What it costs the councils" if part.weekly_price_gbp else "Whose beds they are",
        "money_words": list(_money_words(partnership)),
        "trade_offs": list(trade_off_lines(portfolio, part.visits_a_week)),
        "alternatives": _alternatives(portfolio, part, inputs.plan.rules.family_miles),
        "alternatives_note": f"Minutes a week: every family there and back, {_times(part.visits_a_week)} a week.",
        "sure": list(_sure(inputs, part, portfolio, standing)),
        "picture": "map.svg" if picture else None,
        "picture_text": "Map of the homes, the school and the area within the minutes rule",
        "elbow": "elbow.svg" if elbow else None,
    }
    pictures = {name: content for name, content in (("map.svg", picture), ("elbow.svg", elbow)) if content}
    return typeset(TEMPLATE, values, made=made, pictures=pictures)


NOTHING = "\u2013"
"""What stands in a cell for which there is nothing to say: a dash."""

_NEED_HEADINGS = {
    "authority": "Council",
    "children": "Children",
    "over_20_miles": "Now over 20 miles from home",
    "living_outside": "Now outside own area",
    "living_at_a_distance": "Now at a distance",
    "beds_standing": "Beds standing",
    "beds_allocated": "Beds allocated",
}
# How many children a council has is given in bands above, and not here.
_MONEY_HEADINGS = {
    "authority": "Council",
    "beds_allocated": "Beds",
    "beds_sold": "Sold",
    "beds_bought": "Bought",
    "beds_empty": "Empty",
    "would_pay_weekly_gbp": "Would pay a week",
    "pays_now_weekly_gbp": "Pays now a week",
    "saving_a_year_gbp": "Saving a year",
}


def _listing(frame: pd.DataFrame, headings: dict[str, str]) -> dict[str, Any]:
    """Turn a frame, of which the last row is the total, into a listing; columns that are wholly empty are left out."""
    if len(frame) == 2:  # noqa: PLR2004 - one council is its own total
        frame = frame.iloc[:1]
    keys = [key for key in headings if key in frame.columns and frame[key].notna().any()]
    rows = [[_shown(key, value) for key, value in zip(keys, row, strict=True)] for row in frame[keys].itertuples(index=False)]
    return {
        "columns": [headings[key] for key in keys],
        "rows": rows,
        "numeric": list(range(1, len(keys))),
        "total": len(rows) > 1,
    }


def _shown(key: str, value: object) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NOTHING
    if key.endswith("_gbp"):
        return pounds(float(value))  # type: ignore[arg-type]
    return str(value)


_LEAST = {
    Objective.TOTAL: "the children's journeys to and from their families are as short as possible in all",
    Objective.WORST: "the longest of the children's journeys to and from their families is as short as possible",
    Objective.COST: "as little as possible is still to be spent",
}


def _asked(inputs: PlanInputs, part: PortfolioPart, portfolio: Portfolio) -> Iterator[str]:
    what = counted(part.homes, "home") if part.homes is not None else "homes"
    beds = f" with at least {counted(part.beds, 'bed')} between them" if part.beds is not None else ""
    money = f", for no more than {pounds(part.budget_gbp)}" if part.budget_gbp is not None else ""
    yield f"Choose {what}{beds}{money}, so that {_LEAST[part.objective]}."
    standing = [home for home in portfolio.problem.homes if home.status is not HomeStatus.CANDIDATE]
    if standing:
        are = "is one of them" if len(standing) == 1 else "are among them"
        yield f"{sentence_case(counted(len(standing), 'home'))} already open or bought {are}."
    rules = inputs.plan.rules
    yield (
        f"Every child needs a bed in a home within {rules.school_minutes:g} minutes by car of a school "
        f"{SCENARIO_WORDS[rules.scenario]}, in the worse direction, and outside the child's exclusion zones."
    )


def _besides(part: PortfolioPart, portfolio: Portfolio) -> Iterator[str]:
    """Say what else the choice is bound by."""
    names = {str(home.home_id): home_name(home) for home in portfolio.problem.homes}
    for most, what in ((part.most_in_one_town, "town"), (part.most_in_one_ward, "ward")):
        if most is not None:
            yield f"No more than {counted(most, 'home')} in one {what}."
    if part.least_miles_apart is not None:
        yield f"No two homes nearer to each other than {counted_miles(part.least_miles_apart)}."
    if part.solo_most_bedrooms is not None:
        yield f"A child who needs a home alone has one of no more than {counted(part.solo_most_bedrooms, 'bedroom')}."
    for named, what in ((part.locked, "must be chosen"), (part.barred, "must not be chosen")):
        if named:
            yield f"{listed([names[one] for one in named if one in names])} {what}."
    if not part.include_marginal:
        yield "Homes that keep the minutes rule only by less than the model's error are not bought."
    if portfolio.problem.shares and not part.trade:
        yield "Each council's children fit in its own beds: no bed is sold."


def counted_miles(miles: float) -> str:
    """Write miles as people say them."""
    return f"{miles:g} {'mile' if miles == 1 else 'miles'}"


def _times(visits: float) -> str:
    return "once" if visits == 1 else f"{visits:g} times"


def _choice_words(portfolio: Portfolio) -> Iterator[str]:
    choice, problem = portfolio.choice, portfolio.problem
    if choice is None:
        return
    homes, beds = counted(len(choice.homes), "home"), counted(choice.beds, "bed")
    new = [problem.homes[i] for i in choice.homes if problem.homes[i].status is HomeStatus.CANDIDATE]
    if new:
        named = listed([f"{home.home_id} ({home.town})" if home.town else home.home_id for home in new])
        beside = counted(len(choice.homes) - len(new), "home")
        yield f"To buy: {named}" + (f", beside the {beside} open or bought already." if len(new) < len(choice.homes) else ".")
    yield f"{homes} with {beds} for {total_band(len(problem.children))} children: {spending(problem, choice)}."
    yield from how_proven(portfolio)
    yield MATCHING_NOTE


def _homes(portfolio: Portfolio) -> dict[str, Any]:
    choice, problem = portfolio.choice, portfolio.problem
    if choice is None:
        return {"columns": [], "rows": []}
    rows = [_home_row(problem.homes[i]) for i in choice.homes]
    cost = pounds(choice.known_cost_gbp) + (" and more" if choice.unpriced else "")
    if len(rows) > 1:
        rows.append(["All", "", "", "", str(choice.beds), "", "", cost])
    columns = ["Home", "Where", "Council", "Status", "Beds", "To school, min", "Verdict", "Still to be spent"]
    return {"columns": columns, "rows": rows, "numeric": [4, 5, 7], "total": len(rows) > 1}


def _home_row(home: HomeOption) -> list[str]:
    where = ", ".join(dict.fromkeys(part for part in (home.address, home.town) if part and not _within(part, home)))
    return [
        home.home_id,
        where or NOTHING,
        home.authority or NOTHING,
        "to buy" if home.status is HomeStatus.CANDIDATE else home.status.value,
        str(home.beds),
        f"{min(home.schools_ms) / MILLISECONDS_PER_MINUTE:.1f}",
        home.verdict.value,
        "not known" if home.cost_gbp is None else NOTHING if home.status is HomeStatus.OPEN else pounds(home.cost_gbp),
    ]


def _within(part: str, home: HomeOption) -> bool:
    """Tell whether a town is in the address already."""
    return part == home.town and part.casefold() in (home.address or "").casefold()


def _why(inputs: PlanInputs, portfolio: Portfolio, need: Need) -> Iterator[str]:
    choice = portfolio.choice
    if choice is None:
        return
    problem = portfolio.problem
    if choice.journeys:
        yield (
            f"A family is {choice.total_min / choice.journeys:.0f} minutes away on average and {choice.worst_min:.0f} at most, "
            f"{SCENARIO_WORDS[inputs.plan.rules.scenario]}, in the worse direction."
        )
    unknown = sum(not child.journey_known for child in problem.children)
    if unknown:
        yield (
            f"For {count_band(unknown)} of the children it is not known where the family is, or no road that was read leads "
            "there; they have a bed, and no minutes of theirs are counted."
        )
    yield from _then_and_now(inputs, portfolio, need)
    without = [v.choice.without_bed for v in portfolio.without if v.choice is not None]
    if any(without):
        least, most = count_band(min(without)), count_band(max(without))
        how_many = most if least == most else f"between {least} and {most}"
        which = "any home" if len(without) > 1 else "the home"
        yield f"If {which} still to be bought is lost and none takes its place, {how_many} of the children would have no bed."


def _then_and_now(inputs: PlanInputs, portfolio: Portfolio, need: Need) -> Iterator[str]:
    """Compare how far the children live from home today and would live: the same children, by the same measure."""
    choice, problem = portfolio.choice, portfolio.problem
    if choice is None:
        return
    miles = f"{inputs.plan.rules.family_miles:g} miles from home in a straight line"
    both = [j for j in choice.lives_in if problem.children[j].child_ref in need.over_family_miles]
    if both:
        now = sum(need.over_family_miles[problem.children[j].child_ref] for j in both)
        then = sum(bool(problem.beyond_miles[choice.lives_in[j], j]) for j in both)
        yield (
            f"Of {count_band(len(both))} children for whom both can be told, {count_band(now)} live more than {miles} today, and "
            f"{count_band(then)} would with this choice."
        )
    if choice.placed > len(both):
        which = "all the children" if choice.placed == len(problem.children) else "the children whose family's place is known"
        yield f"Of {which}, {count_band(choice.beyond_miles)} would live more than {miles}."


def _alternatives(portfolio: Portfolio, part: PortfolioPart, miles: float) -> dict[str, Any]:
    best = portfolio.choice
    if best is None:
        return {"columns": [], "rows": []}
    step = "Quicker" if portfolio.problem.limits.objective is Objective.COST else "Cheaper"
    found = [("Next best", choice) for choice in portfolio.next_best] + [(step, choice) for choice in portfolio.trade_offs]
    named = [(name, Variation(name=name, choice=choice, ending=Ending.FOUND)) for name, choice in found]
    named += [(f"If {v.name} is lost", v) for v in portfolio.if_lost]
    named += [
        (f"{counted(int(v.name), 'home')}, whatever the cost", v) for v in portfolio.elbow if v.name != str(len(best.homes))
    ]
    rows = [["The choice", *_alternative(portfolio, best, best, part)]]
    for name, variation in named:
        told = [variation.ending.value, "", "", "", ""] if variation.choice is None else None
        rows.append([name, *(told or _alternative(portfolio, best, variation.choice or best, part))])
    return {
        "columns": ["What", "Homes", "Beds", "Minutes a week", f"Over {miles:g} miles", "Still to be spent"],
        "rows": rows,
        "numeric": [2, 3, 4, 5],
    }


def _alternative(portfolio: Portfolio, best: Choice, choice: Choice, part: PortfolioPart) -> list[str]:
    problem = portfolio.problem
    change = (choice.total_min - best.total_min) * 2 * part.visits_a_week
    cost = pounds(choice.known_cost_gbp) + (" and more" if choice.unpriced else "")
    money = more_pounds(choice, best)
    return [
        ", ".join(problem.homes[i].home_id for i in choice.homes) if choice is best else _swapped(portfolio, best, choice),
        str(choice.beds),
        f"{choice.total_min * 2 * part.visits_a_week:,.0f}" if choice is best else f"{change:+,.0f}".replace("-", "\u2212"),
        count_band(choice.beyond_miles),
        cost if choice is best or not money else f"{cost} ({'+' if money > 0 else ''}{pounds(money)})",
    ]


def _swapped(portfolio: Portfolio, best: Choice, choice: Choice) -> str:
    """Name the homes by what is changed, since most of them stay."""
    homes = portfolio.problem.homes
    taken = [homes[i].home_id for i in choice.homes if i not in best.homes]
    left = [homes[i].home_id for i in best.homes if i not in choice.homes]
    if taken and left:
        return f"{listed(taken)} for {listed(left)}"
    return f"with {listed(taken)}" if taken else f"without {listed(left)}" if left else "the same homes"


def _money_words(partnership: Partnership | None) -> Iterable[str]:
    if partnership is None:
        return
    for sale in partnership.sales:
        price = f" for {pounds(sale.weekly_gbp)} a week" if sale.weekly_gbp is not None else ""
        yield f"{sale.seller} sells {sale.buyer} {counted(sale.beds, 'bed')}{price}."
    if partnership.empty_beds:
        yield f"{counted(partnership.empty_beds, 'bed')} would stand empty."
    yield ASSUMPTIONS


def _sure(inputs: PlanInputs, part: PortfolioPart, portfolio: Portfolio, standing: Standing | None) -> Iterator[str]:
    choice, problem = portfolio.choice, portfolio.problem
    if choice is not None and standing is not None:
        yield from _other_times(inputs, portfolio, standing)
    marginal = [
        home_name(problem.homes[i]) for i in (choice.homes if choice else ()) if problem.homes[i].verdict is Verdict.MARGINAL
    ]
    if marginal:
        verb = "is marginal: it keeps" if len(marginal) == 1 else "are marginal: they keep"
        yield f"{listed(marginal)} {verb} the minutes rule by less than the model's own error."
    yield from _works(inputs, part, portfolio)
    for members in problem.same_house:
        named = listed([problem.homes[i].home_id for i in members])
        yield f"{named} are one house listed more than once, and bought once at most."
    yield LIMITS


def _works(inputs: PlanInputs, part: PortfolioPart, portfolio: Portfolio) -> Iterator[str]:
    """Say for which of the houses still to be paid no cost of works is known."""
    chosen = {portfolio.problem.homes[i].home_id for i in portfolio.choice.homes} if portfolio.choice else set()
    silent = [
        home.row.home_id
        for home in inputs.homes
        if home.row.home_id in chosen and home.row.status is not HomeStatus.OPEN and home.row.works_gbp is None
    ]
    if silent and "works_gbp" not in part.model_fields_set:
        yield f"No cost of works is given for {listed(silent)}, and none is counted."
    elif silent:
        yield f"Works are counted at {pounds(part.works_gbp)} a house, as the plan says, for {listed(silent)}."


def _other_times(inputs: PlanInputs, portfolio: Portfolio, standing: Standing) -> Iterator[str]:
    problem, words = portfolio.problem, SCENARIO_WORDS[standing.scenario]
    names = {str(home.home_id): home_name(home) for home in problem.homes}
    if standing.failing:
        yield f"{listed([names[one] for one in standing.failing])} would be beyond the minutes rule {words}."
    else:
        yield f"Every chosen home keeps the {inputs.plan.rules.school_minutes:g}-minute rule {words} too."
    best = standing.best.choice
    if standing.same_homes.ending is Ending.NONE:
        yield f"Judged {words}, these homes could not serve every child."
    elif best is not None and portfolio.choice is not None and best.homes == portfolio.choice.homes:
        yield f"The same homes would be chosen {words}."
    elif best is not None and portfolio.choice is not None:
        yield f"Judged {words}, the best choice would be other: {instead(problem, portfolio.choice, best)}."


def elbow_figure(variations: Sequence[Variation], weekly: float) -> bytes | None:
    """Draw family minutes a week and the cost by number of homes (SVG); None where fewer than two counts have an answer."""
    answered = [(int(v.name), v.choice) for v in variations if v.choice is not None]
    if len(answered) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    counts = [count for count, _ in answered]
    figure = Figure(figsize=(6.6, 2.3))
    axes = figure.add_subplot()
    axes.plot(counts, [choice.total_min * weekly for _, choice in answered], "o-", color="#1f4e79", label="minutes a week")
    axes.set_xlabel("homes")
    axes.set_ylabel("minutes a week")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.25)
    costs = [(count, choice.cost_gbp / 1e6) for count, choice in answered if choice.cost_gbp is not None]
    if costs:
        money = axes.twinx()
        money.plot(*zip(*costs, strict=True), "s--", color="#c4510a", label="£ million still to be spent")
        money.set_ylabel("£ million")
        lines = [*axes.get_lines(), *money.get_lines()]
        axes.legend(
            lines,
            [str(line.get_label()) for line in lines],
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=2,
            frameon=False,
        )
    figure.tight_layout()
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "siting", "svg.fonttype": "path"}):
        FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return content.getvalue()
