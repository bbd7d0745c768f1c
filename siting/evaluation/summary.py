"""What was found of a plan's homes, in a few lines."""

from collections import Counter
from collections.abc import Iterator

from siting.evaluation.evaluation import Evaluation
from siting.evaluation.home_result import HomeResult, minutes
from siting.evaluation.rules import worse_direction_ms
from siting.inputs.plan_inputs import PlanInputs
from siting.sentences import SCENARIO_WORDS, counted, format_minutes, listed
from siting.words import HomeStatus, Verdict

BEST_NAMED = 3
"""So many of the best homes are named."""

_TELLS = {
    Verdict.PASS: ("passes", "pass"),
    Verdict.MARGINAL: ("is marginal", "are marginal"),
    Verdict.FAIL: ("fails", "fail"),
    Verdict.UNREACHABLE: ("cannot be reached by road", "cannot be reached by road"),
}


def summarise_evaluation(inputs: PlanInputs, evaluation: Evaluation) -> tuple[str, ...]:
    """Say how many homes pass, and which are the best to be had."""
    return tuple(_lines(inputs, evaluation))


def _lines(inputs: PlanInputs, evaluation: Evaluation) -> Iterator[str]:
    rules = inputs.plan.rules
    counts = Counter(result.judgement.verdict for result in evaluation.results)
    told = [f"{counts[verdict]} {words[counts[verdict] != 1]}" for verdict, words in _TELLS.items() if counts[verdict]]
    yield (
        f"{counted(len(evaluation.results), 'home')} judged by {rules.school_minutes:g} minutes to school "
        f"{SCENARIO_WORDS[rules.scenario]}: {listed(told)}."
    )
    offered = [result for result in evaluation.results if result.home.row.status is HomeStatus.CANDIDATE]
    best = [result for result in offered if result.judgement.verdict in {Verdict.PASS, Verdict.MARGINAL}][:BEST_NAMED]
    if best:
        yield f"The best of those that may be bought: {'; '.join(_named(result, inputs) for result in best)}."
    elif offered:
        yield "None of the homes that may be bought keeps the rule."
    unknown = sum(child.place is None for child in inputs.children)
    if unknown:
        yield f"{counted(unknown, 'child', 'children')} without a family place: not known in every test of miles and minutes."


def _named(result: HomeResult, inputs: PlanInputs) -> str:
    row, rules = result.home.row, inputs.plan.rules
    time = format_minutes(minutes(worse_direction_ms(result.times, rules.scenario)), rules.school_minutes)
    place = f" ({row.address})" if row.address else ""
    marginal = ", marginal" if result.judgement.verdict is Verdict.MARGINAL else ""
    near = f", {result.families.within_miles} of {result.families.children} children within {rules.family_miles:g} miles"
    return f"{row.home_id}{place}, {time} min{marginal}{near if inputs.children else ''}"
