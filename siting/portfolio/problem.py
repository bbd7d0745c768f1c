"""What a choice of homes is made from: the homes, the children, the schools and the limits, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from siting.arrays import Bool, Int64
from siting.evaluation.home_result import HomeResult
from siting.evaluation.judging import Evaluation
from siting.faults import Fault, InputFaultsError
from siting.inputs.authorities import plain_name
from siting.inputs.plan_inputs import Child, PlanInputs
from siting.inputs.plan_parts import PortfolioPart
from siting.words import (
    METRES_PER_MILE,
    MILLISECONDS_PER_MINUTE,
    NO_WAY_MS,
    ChildRef,
    HomeId,
    HomeStatus,
    Objective,
    Verdict,
    whole_ms,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOption:
    """A home that may be chosen, or stands already.

    `cost_gbp` is what choosing it still costs: price and works of a candidate, works of a house
    bought, nothing of an open home. `schools_ms` has the worse direction to each school.
    """

    home_id: HomeId
    status: HomeStatus
    beds: int
    bedrooms: int | None
    cost_gbp: float
    town: str | None
    ward: str | None
    authority: str | None
    verdict: Verdict
    x_m: float
    y_m: float
    schools_ms: tuple[int, ...]
    locked: bool
    barred: bool

    @property
    def is_fixed(self) -> bool:
        """Whether it stands, or must be chosen."""
        return self.locked or self.status is not HomeStatus.CANDIDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildNeed:
    """A child that needs a bed, and what a home must offer; a family's place may not be known."""

    child_ref: ChildRef
    authority: str | None
    solo: bool
    max_minutes: float | None
    place_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the choice is bound by; None where it is not."""

    homes: int | None = None
    beds: int | None = None
    budget_gbp: float | None = None
    objective: Objective = Objective.TOTAL
    include_marginal: bool = True
    most_in_one_town: int | None = None
    most_in_one_ward: int | None = None
    least_apart_m: float | None = None
    solo_most_bedrooms: int | None = None
    school_ms: int = 45 * MILLISECONDS_PER_MINUTE
    trade: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PortfolioProblem:
    """Which homes, for which children.

    Attributes
    ----------
    homes, children
        In the order of the users' tables.
    family_ms
        Int64, homes x children: the worse direction between home and family; `NO_WAY_MS` where there is none,
        0 where the family's place is not known, which prefers no home to another and adds to no sum.
    excluded
        Bool, homes x children: in an exclusion zone of the child.
    beyond_miles
        Bool, homes x children: beyond the plan's straight-line miles.
    school_places
        How many children each school can take; None where any number.
    shares
        Beds allocated to each partner council, by its name as the plan writes it.
    """

    homes: tuple[HomeOption, ...]
    children: tuple[ChildNeed, ...]
    family_ms: Int64
    excluded: Bool
    beyond_miles: Bool
    school_names: tuple[str, ...]
    school_places: tuple[int | None, ...]
    shares: Mapping[str, int]
    limits: Limits

    def attends(self, home: int, school: int, *, limit_ms: int | None = None) -> bool:
        """Tell whether a home keeps the minutes rule of a school."""
        return self.homes[home].schools_ms[school] <= (self.limits.school_ms if limit_ms is None else limit_ms)

    def keeps_the_rule(self, home: int) -> bool:
        """Tell whether children may live in a home, for its minutes to some school."""
        option = self.homes[home]
        if option.verdict is Verdict.MARGINAL and not self.limits.include_marginal and not option.is_fixed:
            return False
        return any(self.attends(home, school) for school in range(len(self.school_names)))

    def is_too_far(self, home: int, child: int) -> bool:
        """Tell whether a home is beyond the child's own maximum, or out of reach by road."""
        most = self.children[child].max_minutes
        time_ms = int(self.family_ms[home, child])
        return bool(time_ms >= NO_WAY_MS or (most is not None and time_ms > whole_ms(most)))

    def is_too_large_alone(self, home: int, child: int) -> bool:
        """Tell whether a child who needs a home alone would take a house larger than the plan gives to one."""
        most, bedrooms = self.limits.solo_most_bedrooms, self.homes[home].bedrooms
        return self.children[child].solo and most is not None and (bedrooms is None or bedrooms > most)

    def may_live(self, home: int, child: int) -> bool:
        """Tell whether a child may live in a home, by every rule that concerns the two alone."""
        return bool(
            self.homes[home].beds > 0
            and self.keeps_the_rule(home)
            and not self.excluded[home, child]
            and not self.is_too_far(home, child)
            and not self.is_too_large_alone(home, child)
        )


def limits_of(part: PortfolioPart, school_ms: int) -> Limits:
    """Return a plan's limits as values."""
    return Limits(
        homes=part.homes,
        beds=part.beds,
        budget_gbp=part.budget_gbp,
        objective=part.objective,
        include_marginal=part.include_marginal,
        most_in_one_town=part.most_in_one_town,
        most_in_one_ward=part.most_in_one_ward,
        least_apart_m=part.least_miles_apart * METRES_PER_MILE if part.least_miles_apart else None,
        solo_most_bedrooms=part.solo_most_bedrooms,
        school_ms=school_ms,
        trade=part.trade,
    )


def portfolio_problem(inputs: PlanInputs, evaluation: Evaluation, part: PortfolioPart) -> PortfolioProblem:
    """Put the problem together from an evaluation.

    Raises
    ------
    InputFaultsError
        Where the tables lack what the choice needs: beds, prices with a budget, towns or wards
        with a limit on them, a home_id that the plan locks or bars and that does not exist.
    """
    faults = _missing(inputs, part)
    if faults:
        raise InputFaultsError(faults)
    results = {result.home.row.home_id: result for result in evaluation.results}
    ordered = [results[home.row.home_id] for home in inputs.homes]
    families, wanting = evaluation.families, rows_in_need(inputs)
    return PortfolioProblem(
        homes=tuple(_option(result, part) for result in ordered),
        children=tuple(
            ChildNeed(
                child_ref=ChildRef(child.row.child_ref),
                authority=child.row.authority,
                solo=child.row.solo,
                max_minutes=child.row.max_minutes,
                place_known=child.place is not None,
            )
            for child in children_in_need(inputs)
        ),
        family_ms=np.where([child.place is not None for child in children_in_need(inputs)], families.worse_ms[:, wanting], 0),
        excluded=families.excluded[:, wanting],
        beyond_miles=families.within_miles[:, wanting] == 0,
        school_names=tuple(school.name for school in inputs.schools),
        school_places=tuple(school.places for school in inputs.plan.schools),
        shares=MappingProxyType({name: share.beds for name, share in inputs.plan.authorities.items()}),
        limits=limits_of(part, inputs.plan.rules.school_ms),
    )


def children_in_need(inputs: PlanInputs) -> tuple[Child, ...]:
    """Return the children for whom a bed is looked for: the problem's children, in its order."""
    return tuple(child for child in inputs.children if child.row.needs_bed)


def rows_in_need(inputs: PlanInputs) -> Int64:
    """Return the rows of those children in the children table."""
    return np.array([row for row, child in enumerate(inputs.children) if child.row.needs_bed], dtype=np.int64)


def _option(result: HomeResult, part: PortfolioPart) -> HomeOption:
    row, place = result.home.row, result.home.place
    works = row.works_gbp if row.works_gbp is not None else part.works_gbp
    match row.status:
        case HomeStatus.OPEN:
            cost = 0.0
        case HomeStatus.BOUGHT:
            cost = works
        case HomeStatus.CANDIDATE:
            cost = (row.price_gbp or 0.0) + works
    return HomeOption(
        home_id=HomeId(row.home_id),
        status=row.status,
        beds=row.beds or 0,
        bedrooms=row.bedrooms,
        cost_gbp=cost,
        town=row.town,
        ward=row.ward,
        authority=row.authority,
        verdict=result.judgement.verdict,
        x_m=place.x_m,
        y_m=place.y_m,
        schools_ms=result.school_ms,
        locked=row.home_id in part.locked,
        barred=row.home_id in part.barred,
    )


def _missing(inputs: PlanInputs, part: PortfolioPart) -> list[Fault]:
    candidates, plan = inputs.plan.inputs.candidates, inputs.plan.path.name
    faults = []
    if not children_in_need(inputs):
        faults.append(
            Fault(
                file=plan,
                column="inputs.children",
                problem="homes can only be chosen together for children",
                remedy="Name a children table in the plan",
            )
        )
    needed = {
        "beds": True,
        "price_gbp": part.budget_gbp is not None,
        "town": part.most_in_one_town is not None,
        "ward": part.most_in_one_ward is not None,
    }
    for column, is_needed in needed.items():
        lacking = [home.row.home_id for home in inputs.homes if is_needed and getattr(home.row, column) is None]
        if lacking:
            faults.append(
                Fault(
                    file=candidates,
                    column=column,
                    problem=f"the choice of homes needs this, and it is empty for {', '.join(lacking[:12])}"
                    + (" and more" if len(lacking) > 12 else ""),  # noqa: PLR2004 - a line that can be read
                    remedy="Fill it in",
                )
            )
    known = {home.row.home_id for home in inputs.homes}
    for key, named in (("locked", part.locked), ("barred", part.barred)):
        faults += [
            Fault(
                file=plan,
                column=f"portfolio.{key}",
                problem=f"the candidates table has no {home_id}",
                remedy="Write the home_id as it stands there",
            )
            for home_id in named
            if home_id not in known
        ]
    councils = {plain_name(child.row.authority) for child in inputs.children if child.row.authority}
    if inputs.plan.authorities and not part.trade:
        faults += [
            Fault(
                file=plan,
                column="authorities",
                problem=f"no bed is allocated to {child.row.authority}, and councils may not trade",
                remedy="Add the council, or set trade = true",
            )
            for child in {c.row.authority: c for c in inputs.children if c.row.authority}.values()
            if plain_name(str(child.row.authority)) not in {plain_name(name) for name in inputs.plan.authorities} & councils
        ]
    return faults
