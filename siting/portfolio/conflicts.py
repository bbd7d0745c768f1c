"""Why there is no choice of homes that keeps every rule, and the least that would have to give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from siting.arrays import Float64
from siting.portfolio.model import PortfolioModel, Rule, build_model
from siting.portfolio.problem import HomeOption, PortfolioProblem
from siting.sentences import listed
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


_NOTHING = 1e-6
"""What the solver's arithmetic leaves of a zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What clashes, and what would mend it, a sentence each.

    Exclusion zones and a child's need of a home alone are never among what might give.
    """

    clashes: tuple[str, ...]
    remedies: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join((*self.clashes, *self.remedies))


def impossible_children(problem: PortfolioProblem) -> tuple[int, ...]:
    """Return the children who may live in none of the homes, barred ones left out."""
    usable = [i for i, home in enumerate(problem.homes) if not home.barred]
    return tuple(j for j in range(len(problem.children)) if not any(problem.may_live(i, j) for i in usable))


def explain_conflict(problem: PortfolioProblem) -> Conflict:
    """Say which rules clash and the least that would have to give."""
    clashes = [*_impossible_sentences(problem), *_plain_sentences(problem)]
    # The least is looked for in the rules that are in force, each alone first.
    remedies = list(_single_remedies(problem))
    if not clashes:
        clashes = [_clash_sentence(problem)]
    if not remedies:
        remedies = list(_joint_remedy(problem))
    return Conflict(clashes=tuple(clashes), remedies=tuple(remedies))


def _impossible_sentences(problem: PortfolioProblem) -> Iterator[str]:
    for j in impossible_children(problem):
        child = problem.children[j]
        needs = f"{child.child_ref} needs a home alone" if child.solo else f"{child.child_ref} needs a bed"
        yield f"{needs}; {_why_none(problem, j)}."


def _why_none(problem: PortfolioProblem, j: int) -> str:  # noqa: PLR0911 - one answer a rule
    """Say what rules out the homes for one child, the rule that rules out most first."""
    child, limits = problem.children[j], problem.limits
    homes = [i for i, home in enumerate(problem.homes) if home.beds > 0 and not home.barred]
    if not homes:
        return "none of the homes has beds and is not barred"
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
    if limits.budget_gbp is not None and sum(home.cost_gbp for home in fixed) > limits.budget_gbp:
        cost = sum(home.cost_gbp for home in fixed)
        yield f"The homes that are locked or bought still cost £{cost:,.0f}, more than the budget of £{limits.budget_gbp:,.0f}."
    free = [home for home in homes if not home.barred]
    if limits.homes is not None and len(free) < limits.homes:
        yield f"{limits.homes} homes are wanted and the table has only {len(free)} that are not barred."
    yield from _bed_sentences(problem, free)


def _bed_sentences(problem: PortfolioProblem, free: Sequence[HomeOption]) -> Iterator[str]:
    homes, limits = problem.homes, problem.limits
    usable = [home for i, home in enumerate(homes) if not home.barred and problem.keeps_the_rule(i)]
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


def _single_remedies(problem: PortfolioProblem) -> Iterator[str]:
    found = []
    for rule in _in_force(problem):
        sentence = _relax(problem, frozenset({rule}))
        if sentence:
            found.append(sentence)
    if found:
        yield "Any one of these would do:" if len(found) > 1 else "This would do:"
        yield from (f"- {sentence}" for sentence in found)


def _joint_remedy(problem: PortfolioProblem) -> Iterator[str]:
    sentence = _relax(problem, frozenset(_in_force(problem)))
    if sentence:
        yield "No single rule is enough; together these would do:"
        yield f"- {sentence}"
    else:
        yield "No rule that may give would be enough: other candidates are needed."


def _clash_sentence(problem: PortfolioProblem) -> str:
    """Name a smallest set of rules that cannot hold together: each is needed for the clash."""
    rules = [rule for rule in _in_force(problem) if rule is not Rule.EVERY_CHILD]
    kept = list(rules)
    for rule in rules:
        without = frozenset(rules) - frozenset(kept) | {rule}
        if not _is_possible(problem, without):
            kept.remove(rule)
    words = [RULE_WORDS[rule] for rule in kept]
    if not words:
        return "The children's exclusion zones and needs of a home alone leave no bed for each."
    if len(words) == 1:
        return f"Every child can have a bed only if one rule gives: {words[0]}."
    return f"These rules cannot be kept together: {listed(words)}."


def _is_possible(problem: PortfolioProblem, relaxed: frozenset[Rule]) -> bool:
    return build_model(problem, relaxed=relaxed).model.solve().found


def _relax(problem: PortfolioProblem, rules: frozenset[Rule]) -> str | None:
    """Let some rules give as little as possible; what that means, or None where it is not enough."""
    built = build_model(problem, relaxed=rules)
    for rule, columns in built.slack.items():
        if rule not in {Rule.BUDGET, Rule.SCHOOL_MINUTES, Rule.CHILD_MINUTES}:
            for column, _ in columns:
                built.model.whole[column] = True
    solution = built.model.solve()
    if not solution.found:
        return None
    parts = [words for rule in _in_force(problem) if rule in rules for words in _given(built, rule, solution.values)]
    return "; ".join(parts) or None


def _given(  # noqa: C901, PLR0912 - one wording a rule
    built: PortfolioModel, rule: Rule, values: Float64
) -> Iterator[str]:
    amounts = {about: float(values[column]) for column, about in built.slack[rule] if values[column] > _NOTHING}
    if not amounts:
        return
    limits, total = built.problem.limits, sum(amounts.values())
    match rule:
        case Rule.HOMES:
            change = total if "more homes" in amounts else -total
            yield f"{(limits.homes or 0) + change:.0f} homes instead of {limits.homes}"
        case Rule.BEDS:
            yield f"{(limits.beds or 0) - total:.0f} beds instead of {limits.beds}"
        case Rule.BUDGET:
            yield f"a budget of £{(limits.budget_gbp or 0) + total * 1000:,.0f}, which is £{total * 1000:,.0f} more"
        case Rule.TOWN | Rule.WARD:
            yield ", ".join(f"{amount:.0f} more home{'s' if amount > 1 else ''} in {about}" for about, amount in amounts.items())
        case Rule.APART:
            apart = (limits.least_apart_m or 0) / METRES_PER_MILE
            yield f"{listed(list(amounts))} nearer to each other than {apart:g} miles"
        case Rule.SCHOOL_PLACES:
            yield ", ".join(f"{amount:.0f} more place{'s' if amount > 1 else ''} at {about}" for about, amount in amounts.items())
        case Rule.SHARES:
            yield f"{total:.0f} fewer beds allocated to the councils"
        case Rule.TRADE:
            yield ", ".join(f"{amount:.0f} more bed{'s' if amount > 1 else ''} for {about}" for about, amount in amounts.items())
        case Rule.BARRED:
            yield f"{listed(list(amounts))} no longer barred"
        case Rule.SCHOOL_MINUTES:
            minutes = limits.school_ms / MILLISECONDS_PER_MINUTE + max(amounts.values())
            yield f"a minutes rule of {minutes:.1f} for {listed(list(amounts))}"
        case Rule.CHILD_MINUTES:
            most = {str(child.child_ref): child.max_minutes or 0.0 for child in built.problem.children}
            yield ", ".join(f"{about} up to {most[about] + amount:.1f} minutes" for about, amount in amounts.items())
        case Rule.EVERY_CHILD:
            yield f"no bed here for {listed(list(amounts))}"
