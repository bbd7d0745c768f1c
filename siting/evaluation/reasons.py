"""Why a home is judged as it is, in plain English."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from siting.evaluation.rules import Judgement, Times, worse_direction_ms
from siting.sentences import SCENARIO_WORDS, format_minutes, listed
from siting.words import FAR_FROM_ROAD_M, MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, HomeStatus, Scenario, Verdict

if TYPE_CHECKING:
    from siting.evaluation.families import FamilySummary
    from siting.inputs.plan_parts import Rules
    from siting.times.closures import RoadClosure


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedTime:
    """One journey of a home that somebody drove or looked up, beside the model's minutes for it (NaN where it has none)."""

    label: str
    minutes: float
    source: str
    day: dt.date
    departed: dt.time
    scenario: Scenario
    model_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """All that a home's reasons speak of."""

    status: HomeStatus
    school: str | None
    times: Times
    judgement: Judgement
    snap_distance_m: float
    off_the_map: bool
    roads: tuple[str, ...]
    school_miles: float
    closures: "tuple[RoadClosure, ...]"
    families: "FamilySummary"
    accuracy_m: float
    exempt_roads: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    shut_roads: tuple[str, ...] | None = None
    no_school_on_the_map: bool = False
    observed: tuple[ObservedTime, ...] = ()


def explain(facts: HomeFacts, rules: "Rules") -> Iterator[str]:
    """Word a home's reasons, a sentence each: what decides first, then what speaks against it."""
    if facts.status is HomeStatus.OPEN:
        yield "This home is already open."
    elif facts.status is HomeStatus.BOUGHT:
        yield "This house is bought."
    if facts.judgement.verdict is Verdict.UNREACHABLE:
        yield _explain_unreachable(facts)
    else:
        yield from _explain_minutes(facts, rules)
        yield from (_explain_observed(journey) for journey in facts.observed)
    if not facts.off_the_map and facts.snap_distance_m > FAR_FROM_ROAD_M:
        yield f"The nearest mapped road is {facts.snap_distance_m:,.0f} m away: check the place."
    if facts.accuracy_m >= FAR_FROM_ROAD_M:
        yield f"Its place is known only to about {facts.accuracy_m:,.0f} m, so its minutes are rough."
    if facts.exempt_roads:
        yield (
            f"Its way begins or ends in {listed(facts.exempt_roads)}, closed to traffic on the school run: the minutes count on "
            "the exemption of those who live or go to school there; check that the children's car has it."
        )
    if facts.unread:
        yield f"Its way has {listed(facts.unread)}: check the map there."
    yield from _explain_families(facts.families, rules, on_the_map=not facts.off_the_map)


def _explain_observed(journey: ObservedTime) -> str:
    said = (
        f"Observed: {journey.label} {journey.minutes:g} minutes ({journey.source}, {journey.day.day} {journey.day:%B %Y} "
        f"at {journey.departed:%H:%M})"
    )
    if math.isnan(journey.model_min):
        return f"{said}."
    return f"{said}, where the model has {journey.model_min:.1f} {SCENARIO_WORDS[journey.scenario]}."


def _explain_unreachable(facts: HomeFacts) -> str:
    if facts.off_the_map:
        return "It lies outside the road network of this plan; use a network that covers it."
    if facts.no_school_on_the_map:
        return "Every school lies outside the road network of this plan; use a network that covers them."
    if facts.shut_roads is not None:
        return _explain_shut(facts.shut_roads)
    return "There is no way by car between it and any school."


def _explain_shut(roads: tuple[str, ...]) -> str:
    """Say that it is the hours that leave no way, since a house that a permit opens is not one that no car reaches."""
    which = f"{listed(roads)} {'is' if len(roads) == 1 else 'are'}" if roads else "roads on every way are"
    exemption = (
        " (the plan counts on no exemption; if its residents and its school may drive in, set school_street_exempt = true)"
        if roads
        else ""
    )
    return (
        f"On the school run there is no way by car between it and any school: {which} closed to traffic at those hours"
        f"{exemption}. At other hours there is a way."
    )


def _explain_minutes(facts: HomeFacts, rules: "Rules") -> Iterator[str]:
    limit = rules.school_minutes

    def shown(time_ms: int) -> str:
        return format_minutes(time_ms / MILLISECONDS_PER_MINUTE, limit)

    to_ms = facts.times[rules.scenario, Direction.TO_SCHOOL]
    from_ms = facts.times[rules.scenario, Direction.FROM_SCHOOL]
    way = f" by {listed(facts.roads)}" if facts.roads else ""
    yield (
        f"{shown(to_ms)} minutes to {facts.school} ({facts.school_miles:.1f} miles{way}) and {shown(from_ms)} back "
        f"{SCENARIO_WORDS[rules.scenario]}: {_side(facts.judgement.margin_min)} the {limit:g}-minute rule, "
        f"give or take {facts.judgement.error_min:.1f}."
    )
    peak_ms = worse_direction_ms(facts.times, Scenario.SCHOOL_RUN)
    if rules.scenario is not Scenario.SCHOOL_RUN and peak_ms < NO_WAY_MS:
        yield f"On the school run {shown(peak_ms)}: {_side(facts.judgement.school_run_margin_min)}."
    yield from _explain_doubt(facts, rules)
    factor = f"{facts.judgement.break_even_factor:.2f} times its time on empty roads"
    if facts.judgement.verdict is Verdict.FAIL:
        yield f"It would pass only if the journey took at most {factor}."
    else:
        yield f"It passes unless the journey takes more than {factor}."
    for closure in facts.closures:
        if closure.time_ms >= NO_WAY_MS:
            yield f"With {closure.road} closed there is no way."
        else:
            yield f"With {closure.road} closed {shown(closure.time_ms)} minutes."


def _explain_doubt(facts: HomeFacts, rules: "Rules") -> Iterator[str]:
    """Say what a bad day may bring and, near the line on either side, which journey to try."""
    judgement = facts.judgement
    if not math.isnan(judgement.bad_day_min):
        yield f"On a bad day the school run may take {format_minutes(judgement.bad_day_min, rules.school_minutes)} minutes."
    if judgement.near_miss:
        yield f"It is over by less than the minutes may be wrong: drive it before you rule it out ({_journey(facts, rules)})."
    elif judgement.verdict is Verdict.MARGINAL:
        yield f"It is marginal: drive it before you rely on it ({_journey(facts, rules)})."


def _journey(facts: HomeFacts, rules: "Rules") -> str:
    """Name the journey to try: the worse direction, at its hour, on a school day."""
    outward, back = (facts.times[rules.scenario, direction] for direction in (Direction.TO_SCHOOL, Direction.FROM_SCHOOL))
    if outward >= back:
        return f"the home to {facts.school}, setting out about 8:15 on a school day"
    return f"{facts.school} to the home, setting out about 15:15 on a school day"


def _side(margin_min: float) -> str:
    amount = f"{abs(margin_min):.1f}" if abs(margin_min) >= 0.05 else "less than 0.1"  # noqa: PLR2004 - one decimal
    if margin_min == 0:
        return "exactly at"
    return f"{amount} minutes inside" if margin_min > 0 else f"{amount} minutes over"


def _explain_families(families: "FamilySummary", rules: "Rules", *, on_the_map: bool) -> Iterator[str]:
    if not families.children:
        return
    beyond = families.children - families.within_miles - families.place_not_known
    unknown = f", {families.place_not_known} not known" if families.place_not_known else ""
    yield (
        f"{families.within_miles} of {families.children} children have family within {rules.family_miles:g} miles "
        f"in a straight line{f', {beyond} beyond' if beyond else ''}{unknown}."
    )
    if families.outside_own_authority:
        yield f"For {_children(families.outside_own_authority)} it is outside their own authority."
    if families.outside_adjoining_authorities:
        yield f"For {_children(families.outside_adjoining_authorities)} it is outside every authority that adjoins theirs too."
    if families.excluded:
        yield f"It lies in an exclusion zone of {listed(families.excluded_children)}, who must not live there."
    if families.off_the_roads:
        families_of = (
            "The family of one child lives"
            if families.off_the_roads == 1
            else f"The families of {families.off_the_roads} children live"
        )
        yield f"{families_of} beyond the roads that were read: no minutes are told."
    if families.unreachable_families and on_the_map:
        which = "One family" if families.unreachable_families == 1 else f"{families.unreachable_families} families"
        yield f"{which} cannot be reached by road on this network."


def _children(count: int) -> str:
    return "one child" if count == 1 else f"{count} children"
