"""A choice of homes in a few sentences: what was found, how far that is proven, what it costs, what would mend a clash."""

import math
from collections.abc import Iterator, Sequence

from siting.portfolio.choosing import Choice, Ending, Portfolio
from siting.portfolio.problem import HomeOption, PortfolioProblem
from siting.portfolio.tables import more_pounds
from siting.sentences import counted, listed, pounds
from siting.words import HomeStatus, Objective

NOT_FOUND_IN_TIME = (
    "No choice of homes was found in the time given, and it was not shown that there is none. "
    "Give the search longer, or ask for less."
)
NO_CHOICE = "No choice of homes keeps every rule."

_LESS = {
    Objective.TOTAL: "makes the children's journeys together shorter",
    Objective.WORST: "makes the longest journey shorter",
    Objective.COST: "costs less",
}


def summary(portfolio: Portfolio, visits_a_week: float) -> tuple[str, ...]:
    """Return the answer as the console prints it, a line each; children are named by their reference where rules clash."""
    if portfolio.choice is None:
        return tuple(why_none(portfolio))
    problem, choice = portfolio.problem, portfolio.choice
    homes, beds = counted(len(choice.homes), "home"), counted(choice.beds, "bed")
    children = counted(len(problem.children), "child", "children")
    return (
        _chosen([problem.homes[i] for i in choice.homes]),
        f"{homes}, {beds} for {children}; {spending(problem, choice)}.",
        *how_proven(portfolio),
        *trade_off_lines(portfolio, visits_a_week),
    )


def why_none(portfolio: Portfolio) -> Iterator[str]:
    """Say why there is no choice, and what would mend it, a line each."""
    if portfolio.conflict is None:
        yield NOT_FOUND_IN_TIME
        return
    yield NO_CHOICE
    yield from portfolio.conflict.clashes
    yield portfolio.conflict.heading
    yield from (f"- {remedy}" for remedy in portfolio.conflict.remedies)


def home_name(home: HomeOption) -> str:
    """Write a home so that a reader knows it: its name in the table and its town, or what else is known of it."""
    where = home.town or home.authority
    return f"{home.home_id} ({where})" if where else str(home.home_id)


def _chosen(homes: Sequence[HomeOption]) -> str:
    """Name the homes that are chosen: those to buy, then those that stand already."""
    parts = []
    for status, words in (
        (HomeStatus.CANDIDATE, ""),
        (HomeStatus.BOUGHT, "bought already: "),
        (HomeStatus.OPEN, "open already: "),
    ):
        names = [home_name(home) for home in homes if home.status is status]
        if names:
            parts.append(words + listed(names))
    return f"Chosen: {'; '.join(parts)}."


def spending(problem: PortfolioProblem, choice: Choice) -> str:
    """Say what is still to be spent on a choice, and on what that does not rest."""
    if not choice.unpriced:
        return f"{pounds(choice.known_cost_gbp)} still to be spent" if choice.known_cost_gbp else "nothing still to be spent"
    named = listed([problem.homes[i].home_id for i in choice.unpriced])
    what = "whose price is not known" if len(choice.unpriced) == 1 else "whose prices are not known"
    if not choice.known_cost_gbp:
        return f"what is still to be spent is the cost of {named}, {what}"
    return f"{pounds(choice.known_cost_gbp)} still to be spent besides the cost of {named}, {what}"


def how_proven(portfolio: Portfolio) -> Iterator[str]:
    """Say how far it is proven that a choice is the best; never proven where it rests on a price that is not known."""
    problem, choice = portfolio.problem, portfolio.choice
    if choice is None:
        return
    left, asked = problem.left_for_price, problem.limits.objective
    if choice.gap >= 1:
        yield "The search was stopped early: how far this choice is from the best is not known."
    elif choice.gap > 0:
        yield f"The search was stopped early: this choice is within {_percent(choice.gap)} of the best possible."
    elif left:
        yield f"Among the homes whose price is known no choice that keeps the rules {_LESS[asked]}."
    elif choice.unpriced:
        yield f"No choice that keeps the rules {_LESS[asked]}; what it is worth cannot be told without the price."
    elif problem.unpriced:
        yield f"No choice that keeps the rules {_LESS[asked]}."
        without, them = ("has", "it") if len(problem.unpriced) == 1 else ("have", "them")
        yield f"{listed(problem.unpriced)} {without} no price: whether a choice with {them} costs less cannot be told."
    elif choice.ties_settled:
        yield f"This is proven best: no choice that keeps the rules {_LESS[asked]}{_AMONG_EQUALS[asked]}."
    else:
        yield f"No choice that keeps the rules {_LESS[asked]}."
        yield "Whether one that is equal in that costs less was not settled in the time given."
    if left:
        verb, them = ("has", "it was") if len(left) == 1 else ("have", "they were")
        yield f"{listed(left)} {verb} no price, and so {them} left out."


_AMONG_EQUALS = {
    Objective.TOTAL: ", and none that is as short costs less",
    Objective.WORST: ", and none that is as short costs less",
    Objective.COST: ", and none that costs as little makes the children's journeys together shorter",
}


def _percent(share: float) -> str:
    """Write a share rounded up: what is not proven must not look smaller than it is."""
    return f"{math.ceil(share * 1000) / 10:g} %"


def trade_off_lines(portfolio: Portfolio, visits_a_week: float) -> Iterator[str]:
    """Set pounds against minutes, a line a choice: "£80,000 less for 9 minutes a week more"."""
    problem, best = portfolio.problem, portfolio.choice
    if best is None:
        return
    for choice in portfolio.trade_offs:
        money = more_pounds(choice, best)
        if money is None:
            continue
        minutes = (choice.total_min - best.total_min) * 2 * visits_a_week
        yield f"{_change(money)} for {minutes_a_week(minutes)}: {instead(problem, best, choice)}."


def _change(money_gbp: float) -> str:
    return f"{pounds(abs(money_gbp))} {'less' if money_gbp < 0 else 'more'}"


def minutes_a_week(change_min: float) -> str:
    """Write a change of all journeys in a week."""
    whole = round(abs(change_min))
    if whole == 0:
        return "less than half a minute a week" if change_min else "as many minutes a week"
    return f"{counted(whole, 'minute')} a week {'more' if change_min > 0 else 'fewer'}"


def instead(problem: PortfolioProblem, best: Choice, other: Choice) -> str:
    """Say which homes come in for which."""
    taken = [home_name(problem.homes[i]) for i in other.homes if i not in best.homes]
    left = [home_name(problem.homes[i]) for i in best.homes if i not in other.homes]
    if not taken and not left:
        return "the same homes"
    if not left:
        return f"{listed(taken)} besides"
    return f"{listed(taken)} instead of {listed(left)}" if taken else f"without {listed(left)}"


def why_passed_over(portfolio: Portfolio, visits_a_week: float) -> Iterator[tuple[HomeOption, str]]:
    """Say of each home that ranks high and is not chosen why it is not."""
    problem, best = portfolio.problem, portfolio.choice
    if best is None:
        return
    position = {str(home.home_id): i for i, home in enumerate(problem.homes)}
    for variation in portfolio.if_chosen:
        i = position[variation.name]
        yield problem.homes[i], _why_not(problem, best, i, variation.choice, variation.ending, visits_a_week)


def _why_not(
    problem: PortfolioProblem, best: Choice, i: int, instead_of: Choice | None, ending: Ending, visits_a_week: float
) -> str:
    home = problem.homes[i]
    twin = next((k for members in problem.same_house if i in members for k in members if k in best.homes), None)
    if home.barred:
        return "it is barred in the plan"
    if twin is not None:
        return f"it is the same house as {problem.homes[twin].home_id}, which is chosen"
    if problem.has_no_price(i):
        return "it has no price"
    if ending is Ending.STOPPED:
        return "whether a choice with it keeps the rules was not found out in the time given"
    if instead_of is None:
        return f"no choice with it keeps the rules ({_what_it_breaks(problem, best, i)})"
    minutes = minutes_a_week((instead_of.total_min - best.total_min) * 2 * visits_a_week)
    money = more_pounds(instead_of, best)
    cost = "" if money is None or not round(money) else f" and {_change(money)}"
    left = [home_name(problem.homes[k]) for k in best.homes if k not in instead_of.homes]
    others = [home_name(problem.homes[k]) for k in instead_of.homes if k not in best.homes and k != i]
    swapped = f"instead of {listed(left)}" if left else "besides the chosen homes"
    return f"{swapped}{f', together with {listed(others)},' if others else ''} it would be {minutes}{cost}"


def _what_it_breaks(problem: PortfolioProblem, best: Choice, i: int) -> str:
    """Name what is plain to see: beside the chosen homes it is one too many in its town, or beyond the rule."""
    home, limits = problem.homes[i], problem.limits
    others = [problem.homes[k] for k in best.homes]
    if not problem.keeps_the_rule(i):
        return "it does not keep the minutes rule" if min(home.schools_ms) > limits.school_ms else "it is marginal"
    if limits.most_in_one_town is not None and sum(one.town == home.town for one in others) >= limits.most_in_one_town:
        return f"with those in {home.town} it would be one too many there"
    if limits.most_in_one_ward is not None and sum(one.ward == home.ward for one in others) >= limits.most_in_one_ward:
        return f"with those in {home.ward} it would be one too many there"
    return "with the number of homes, the beds, the money and the children's needs together"


def conflict_for_board(portfolio: Portfolio) -> tuple[Sequence[str], str, Sequence[str]]:
    """Return the clashes, the heading and the remedies as a board may read them, each said once."""
    conflict = portfolio.conflict
    if conflict is None:
        return [NOT_FOUND_IN_TIME], "", []
    clashes = list(dict.fromkeys(one.for_board for one in conflict.told))
    return [NO_CHOICE, *clashes], conflict.heading, list(dict.fromkeys(one.for_board for one in conflict.would_do))
