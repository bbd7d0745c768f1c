"""Why there is no choice of homes that keeps every rule, and the least that would have to give."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from siting.arrays import Float64
from siting.portfolio.model import PortfolioModel, Rule, build_model
from siting.portfolio.problem import HomeOption, PortfolioProblem
from siting.portfolio.solver import FINE, TimeLeft
from siting.sentences import count_band, counted, listed, pounds
from siting.words import METRES_PER_MILE, MILLISECONDS_PER_MINUTE, NO_WAY_MS

RULE_WORDS = {
    Rule.HOMES: "the number of homes",
    Rule.BEDS: "the number of beds wanted",
    Rule.BUDGET: "the budget",
    Rule.TOWN: "the most homes in one town",
    Rule.WARD: "the most homes in one ward",
    Rule.APART: "the least distance between homes",
    Rule.SCHOOL_PLACES: "the school's places",
    Rule.SHARES: "the beds allocated to the councils",
    Rule.TRADE: "that councils do not trade beds",
    Rule.BARRED: "the homes barred by hand",
    Rule.SCHOOL_MINUTES: "the minutes rule to the school",
    Rule.CHILD_MINUTES: "the children's own maximum minutes",
    Rule.EVERY_CHILD: "that every child has a bed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence as the case workers read it, and as a board may: without a child's reference or a count of few."""

    text: str
    for_board: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What clashes, and what would mend it, a sentence each.

    Exclusion zones and a child's need of a home alone are never among what might give. `together`
    says that the remedies are needed together, not one of them; `unfinished` that the time ended
    before all was tried.
    """

    told: tuple[Told, ...]
    would_do: tuple[Told, ...]
    together: bool = False
    unfinished: bool = False

    @property
    def clashes(self) -> tuple[str, ...]:
        """What cannot be kept together."""
        return tuple(one.text for one in self.told)

    @property
    def remedies(self) -> tuple[str, ...]:
        """The least that would have to give, by the heading either each enough alone or all of them together."""
        return tuple(one.text for one in self.would_do)

    @property
    def heading(self) -> str:  # noqa: PLR0911 - one wording a case
        """What stands before the remedies; without any, what there is to say instead."""
        match self.would_do, self.unfinished:
            case (), True:
                return "The time given ended before it was found what would mend it."
            case (), False:
                return "No rule that may give would be enough: other candidates are needed."
            case _ if self.together:
                return "No single rule is enough; together these would do:"
            case [_], False:
                return "This would do:"
            case [_], True:
                return "This would do; the time given ended before other ways were tried:"
            case _, True:
                return "Any one of these would do; the time given ended before other ways were tried:"
            case _:
                return "Any one of these would do:"

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join((*self.clashes, self.heading, *(f"- {remedy}" for remedy in self.remedies)))


def _same(text: str) -> Told:
    return Told(text=text, for_board=text)


def impossible_children(problem: PortfolioProblem) -> tuple[int, ...]:
    """Return the children who may live in none of the homes, those left out that are barred or cannot be bought."""
    usable = [i for i, home in enumerate(problem.homes) if not home.barred and not problem.has_no_price(i)]
    return tuple(j for j in range(len(problem.children)) if not any(problem.may_live(i, j) for i in usable))


def explain_conflict(problem: PortfolioProblem, time: TimeLeft | None = None) -> Conflict:
    """Say which rules clash and the least that would have to give, as far as the time goes.

    The problem is one of which it is known that no choice keeps its rules.
    """
    time = time or TimeLeft()
    told = [*_impossible_sentences(problem), *map(_same, _plain_sentences(problem))]
    # The least is looked for in the rules that are in force, each alone first.
    remedies = list(_single_remedies(problem, time))
    together = False
    if not told:
        told = [_same(_clash_sentence(problem, time))]
    if not remedies:
        remedies, together = _joint_remedy(problem, time), True
    if problem.left_for_price:
        told.append(_same(f"{listed(problem.left_for_price)} {_has(problem.left_for_price)} no price, so cannot be bought."))
        if not together and _is_possible(_at_any_price(problem), frozenset(), time):
            named = listed(problem.left_for_price)
            remedies.append(_same(f"the price of {named}, if it is low enough"))
    return Conflict(told=tuple(told), would_do=tuple(remedies), together=together and len(remedies) > 1, unfinished=time.is_over)


def _has(named: Sequence[str]) -> str:
    return "has" if len(named) == 1 else "have"


def _at_any_price(problem: PortfolioProblem) -> PortfolioProblem:
    """Return the same problem in which the homes without a price cost nothing: if that is not enough, no price is."""
    homes = tuple(replace(home, cost_gbp=0.0) if problem.has_no_price(i) else home for i, home in enumerate(problem.homes))
    return replace(problem, homes=homes)


def _impossible_sentences(problem: PortfolioProblem) -> Iterator[Told]:
    for j in impossible_children(problem):
        child = problem.children[j]
        needs = f"{child.child_ref} needs a home alone" if child.solo else f"{child.child_ref} needs a bed"
        yield Told(
            text=f"{needs}; {_why_none(problem, j)}.",
            for_board="None of the homes would do for some of the children; the workbook's sheet Portfolio says why.",
        )


def _why_none(problem: PortfolioProblem, j: int) -> str:  # noqa: PLR0911 - one answer a rule
    """Say what rules out the homes for one child, the rule that rules out most first."""
    child, limits = problem.children[j], problem.limits
    homes = [i for i, home in enumerate(problem.homes) if home.beds > 0 and not home.barred and not problem.has_no_price(i)]
    if not homes:
        return "none of the homes has beds, is not barred and can be bought"
    rule_minutes = limits.school_ms / MILLISECONDS_PER_MINUTE
    if child.solo and limits.solo_most_bedrooms is not None:
        small = [i for i in homes if not problem.is_too_large_alone(i, j)]
        if not small:
            return f"none of the candidates has {limits.solo_most_bedrooms} bedrooms or fewer"
        if not any(problem.keeps_the_rule(i) for i in small):
            return (
                f"none of the candidates with {limits.solo_most_bedrooms} bedrooms or fewer is within "
                f"{rule_minutes:g} minutes of a school"
            )
        homes = small
    near = [i for i in homes if problem.keeps_the_rule(i)]
    if not near:
        return f"none of the homes is within {rule_minutes:g} minutes of a school"
    barred_by_zone = [i for i in near if problem.excluded[i, j]]
    left = [i for i in near if not problem.excluded[i, j]]
    if not left:
        return f"every home within {rule_minutes:g} minutes of a school lies in an exclusion zone of this child"
    zone = (
        f"{len(barred_by_zone)} of the homes near a school lie in an exclusion zone of this child, and " if barred_by_zone else ""
    )
    nearest_ms = min(int(problem.family_ms[i, j]) for i in left)
    if nearest_ms >= NO_WAY_MS:
        return f"{zone}no way by road leads from any {'other' if zone else 'home'} to the family"
    nearest = next(i for i in left if int(problem.family_ms[i, j]) == nearest_ms)
    return (
        f"{zone}the nearest {'other' if zone else 'home'}, {problem.homes[nearest].home_id}, is "
        f"{nearest_ms / MILLISECONDS_PER_MINUTE:.1f} minutes from the family, more than the {child.max_minutes:g} allowed"
    )


def _plain_sentences(problem: PortfolioProblem) -> Iterator[str]:
    """Say what can be seen without solving: counts that cannot work out."""
    homes, limits = problem.homes, problem.limits
    both = [home.home_id for home in homes if home.locked and home.barred]
    if both:
        yield f"{listed(both)} is both locked and barred."
    fixed = [home for home in homes if home.is_fixed]
    if limits.homes is not None and len(fixed) > limits.homes:
        named = listed([home.home_id for home in fixed])
        yield f"{len(fixed)} homes stand or are locked ({named}), more than the {limits.homes} wanted."
    cost = sum(home.cost_gbp or 0.0 for home in fixed)
    if limits.budget_gbp is not None and cost > limits.budget_gbp:
        yield f"The homes that are locked or bought still cost £{cost:,.0f}, more than the budget of £{limits.budget_gbp:,.0f}."
    free = _buyable(problem)
    if limits.homes is not None and len(free) < limits.homes:
        yield f"{limits.homes} homes are wanted and the table has only {len(free)} that are not barred and can be bought."
    yield from _bed_sentences(problem, free)


def _buyable(problem: PortfolioProblem, *, homes_in_reach: bool = False) -> list[HomeOption]:
    """Return the homes that could be chosen, one of each house; on request only those near enough to a school."""
    twice = {i for members in problem.same_house for i in sorted(members, key=lambda i: -problem.homes[i].beds)[1:]}
    return [
        home
        for i, home in enumerate(problem.homes)
        if not home.barred
        and not problem.has_no_price(i)
        and i not in twice
        and (not homes_in_reach or problem.keeps_the_rule(i))
    ]


def _bed_sentences(problem: PortfolioProblem, free: Sequence[HomeOption]) -> Iterator[str]:
    limits = problem.limits
    usable = _buyable(problem, homes_in_reach=True)
    alone = sum(child.solo for child in problem.children)
    if sum(home.beds for home in usable) < len(problem.children):
        yield (
            f"{len(problem.children)} children need a bed, and all homes within "
            f"{limits.school_ms / MILLISECONDS_PER_MINUTE:g} minutes of a school together have {sum(h.beds for h in usable)}."
        )
    elif len(usable) < alone:
        yield f"{alone} children need a home alone, and only {len(usable)} homes are near enough to a school."
    most = sorted((home.beds for home in usable), reverse=True)[: limits.homes]
    if limits.homes is not None and sum(most) < len(problem.children) <= sum(home.beds for home in usable):
        yield f"{len(problem.children)} children need a bed, and the {limits.homes} largest homes together have {sum(most)}."
    if limits.beds is not None and sum(home.beds for home in free) < limits.beds:
        yield f"{limits.beds} beds are wanted and all homes together have {sum(home.beds for home in free)}."
    if problem.shares and sum(problem.shares.values()) > sum(home.beds for home in free):
        allocated = sum(problem.shares.values())
        yield f"{allocated} beds are allocated to councils and all homes together have {sum(home.beds for home in free)}."
    places = problem.school_places
    if all(place is not None for place in places):
        total = sum(place or 0 for place in places)
        if total < len(problem.children):
            yield f"{len(problem.children)} children need a school place, and the schools have {total}."


def _in_force(problem: PortfolioProblem) -> list[Rule]:
    limits = problem.limits
    present = {
        Rule.HOMES: limits.homes is not None,
        Rule.BEDS: limits.beds is not None,
        Rule.BUDGET: limits.budget_gbp is not None,
        Rule.TOWN: limits.most_in_one_town is not None,
        Rule.WARD: limits.most_in_one_ward is not None,
        Rule.APART: limits.least_apart_m is not None,
        Rule.SCHOOL_PLACES: any(places is not None for places in problem.school_places),
        Rule.SHARES: bool(problem.shares),
        Rule.TRADE: bool(problem.shares) and not limits.trade,
        Rule.BARRED: any(home.barred for home in problem.homes),
        Rule.SCHOOL_MINUTES: True,
        Rule.CHILD_MINUTES: any(child.max_minutes is not None for child in problem.children),
        Rule.EVERY_CHILD: True,
    }
    return [rule for rule, is_present in present.items() if is_present]


def _single_remedies(problem: PortfolioProblem, time: TimeLeft) -> Iterator[Told]:
    for rule in _in_force(problem):
        given = _relax(problem, frozenset({rule}), time)
        if given:
            yield Told(text="; ".join(one.text for one in given), for_board="; ".join(one.for_board for one in given))


def _joint_remedy(problem: PortfolioProblem, time: TimeLeft) -> list[Told]:
    return _relax(problem, frozenset(_in_force(problem)), time)


def _clash_sentence(problem: PortfolioProblem, time: TimeLeft) -> str:
    """Name a smallest set of rules that cannot hold together: each is needed for the clash."""
    rules = [rule for rule in _in_force(problem) if rule is not Rule.EVERY_CHILD]
    kept = list(rules)
    for rule in rules:
        without = frozenset(rules) - frozenset(kept) | {rule}
        if _is_possible(problem, without, time) is False:
            kept.remove(rule)
    words = [RULE_WORDS[rule] for rule in kept]
    if not words:
        return "The children's exclusion zones and needs of a home alone leave no bed for each."
    if time.is_over:
        return f"Some of these rules cannot be kept together: {listed(words)}."
    if len(words) == 1:
        return f"Every child can have a bed only if one rule gives: {words[0]}."
    return f"These rules cannot be kept together: {listed(words)}."


def _is_possible(problem: PortfolioProblem, relaxed: frozenset[Rule], time: TimeLeft) -> bool | None:
    """Tell whether some rules less leave a choice; None where the time ended before it was known."""
    solution = build_model(problem, relaxed=relaxed).model.solve(time)
    return True if solution.found else None if solution.stopped else False


def _relax(problem: PortfolioProblem, rules: frozenset[Rule], time: TimeLeft) -> list[Told]:
    """Let some rules give as little as possible; what that means, nothing where it is not enough or the time ended."""
    built = build_model(problem, relaxed=rules)
    for rule, columns in built.slack.items():
        if rule not in {Rule.BUDGET, Rule.SCHOOL_MINUTES, Rule.CHILD_MINUTES}:
            for column, _ in columns:
                built.model.whole[column] = True
    solution = built.model.solve(time)
    # What is not proven to be the least is not told as the least.
    if solution.values is None or solution.stopped:
        return []
    return [told for rule in _in_force(problem) if rule in rules for told in _given(built, rule, solution.values)]


def _given(built: PortfolioModel, rule: Rule, values: Float64) -> Iterator[Told]:
    amounts: dict[str, float] = {}
    for column, about in built.slack[rule]:
        if values[column] > FINE:
            amounts[about] = max(amounts.get(about, 0.0), float(values[column]))
    if not amounts:
        return
    match rule:
        case Rule.CHILD_MINUTES:
            most = {str(child.child_ref): child.max_minutes or 0.0 for child in built.problem.children}
            yield Told(
                text=", ".join(f"{about} up to {_up(most[about] + amount):.1f} minutes" for about, amount in amounts.items()),
                for_board=f"a longer journey than its own limit for {count_band(len(amounts))} of the children",
            )
        case Rule.EVERY_CHILD:
            yield Told(
                text=f"no bed here for {listed(list(amounts))}",
                for_board=f"no bed here for {count_band(len(amounts))} of the children",
            )
        case _:
            yield _same(_giving_words(built.problem, rule, amounts))


def _giving_words(  # noqa: C901, PLR0911 - one wording a rule
    problem: PortfolioProblem, rule: Rule, amounts: Mapping[str, float]
) -> str:
    limits, total = problem.limits, sum(amounts.values())
    match rule:
        case Rule.HOMES:
            change = total if "more homes" in amounts else -total
            return f"{counted(round((limits.homes or 0) + change), 'home')} instead of {limits.homes}"
        case Rule.BEDS:
            return f"{counted(round((limits.beds or 0) - total), 'bed')} instead of {limits.beds}"
        case Rule.BUDGET:
            more = math.ceil(total * 1000 - FINE * 1000)
            return f"a budget of {pounds((limits.budget_gbp or 0) + more)}, which is {pounds(more)} more"
        case Rule.TOWN | Rule.WARD:
            return ", ".join(f"{counted(round(amount), 'more home')} in {about}" for about, amount in amounts.items())
        case Rule.APART:
            apart = (limits.least_apart_m or 0) / METRES_PER_MILE
            return f"{listed(list(amounts))} nearer to each other than {apart:g} miles"
        case Rule.SCHOOL_PLACES:
            return ", ".join(f"{counted(round(amount), 'more place')} at {about}" for about, amount in amounts.items())
        case Rule.SHARES:
            return f"{counted(round(total), 'bed')} fewer allocated to the councils"
        case Rule.TRADE:
            return ", ".join(f"{counted(round(amount), 'more bed')} for {about}" for about, amount in amounts.items())
        case Rule.BARRED:
            return f"{listed(list(amounts))} no longer barred"
        case Rule.SCHOOL_MINUTES:
            minutes = limits.school_ms / MILLISECONDS_PER_MINUTE + max(amounts.values())
            return f"a minutes rule of {_up(minutes):.1f} for {listed(list(amounts))}"
        case _:
            msg = f"what gives in {rule} is said by child"
            raise ValueError(msg)


def _up(minutes: float) -> float:
    """Round up to a tenth: a limit that is rounded down would not do."""
    return math.ceil(minutes * 10 - FINE * 10) / 10
