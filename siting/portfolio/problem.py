"""What a choice of homes is made from: the homes, the children, the schools and the limits, as values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from siting.arrays import Bool, Int64
from siting.faults import Fault, InputFaultsError
from siting.inputs.council_names import plain_name
from siting.sentences import listed
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

if TYPE_CHECKING:
    from siting.evaluation.evaluation import Evaluation
    from siting.evaluation.home_result import HomeResult
    from siting.inputs.plan_inputs import Child, PlanInputs
    from siting.inputs.plan_parts import PortfolioPart


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOption:
    """A home that may be chosen, or stands already.

    `cost_gbp` is what choosing it still costs: price and works of a candidate, works of a house
    bought, nothing of an open home; None where a candidate's price is not known, which is not
    nothing. `schools_ms` has the worse direction to each school. `rank` is the evaluation's.
    """

    home_id: HomeId
    status: HomeStatus
    beds: int
    bedrooms: int | None
    cost_gbp: float | None
    town: str | None
    ward: str | None
    authority: str | None
    verdict: Verdict
    x_m: float
    y_m: float
    schools_ms: tuple[int, ...]
    locked: bool
    barred: bool
    address: str | None = None
    rank: int | None = None

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
    """Whether it is known where the family is; without that a bed is needed all the same."""
    journey_known: bool = True
    """Whether the minutes to the family are known: its place is, and lies on the roads that were read. Others are not counted."""


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
        Int64, homes x children: the worse direction between home and family; `NO_WAY_MS` where there is none.
        Of a child whose journey is not known it says nothing: ask `journey_ms`, which adds nothing for it.
    excluded
        Bool, homes x children: in an exclusion zone of the child.
    beyond_miles
        Bool, homes x children: beyond the plan's straight-line miles.
    school_places
        How many children each school can take; None where any number.
    shares
        Beds allocated to each partner council, by its name as the plan writes it.
    same_house
        Homes that are one house listed more than once, of which no more than one may be chosen.
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
    same_house: tuple[tuple[int, ...], ...] = ()

    @property
    def in_order(self) -> tuple[int, ...]:
        """The homes by home_id, so that the order of a table decides nothing."""
        return tuple(sorted(range(len(self.homes)), key=lambda i: self.homes[i].home_id))

    def journey_ms(self, home: int, child: int) -> int:
        """Return the milliseconds that a child in a home adds to the sum: none where they are not known."""
        return int(self.family_ms[home, child]) if self.children[child].journey_known else 0

    def rows_of_house(self, home: int) -> tuple[int, ...]:
        """Return a home with the other rows of the same house."""
        return next((members for members in self.same_house if home in members), (home,))

    def has_no_price(self, home: int) -> bool:
        """Tell whether a home cannot be bought for want of a price: within a budget, or where the cheapest are looked for."""
        money = self.limits.budget_gbp is not None or self.limits.objective is Objective.COST
        return money and self.homes[home].cost_gbp is None and not self.homes[home].is_fixed

    @property
    def unpriced(self) -> tuple[HomeId, ...]:
        """The homes that could be chosen and whose price is not known, in order."""
        return tuple(
            self.homes[i].home_id
            for i in self.in_order
            if self.homes[i].cost_gbp is None and not self.homes[i].barred and not self.may_not_be_chosen(i)
        )

    def may_not_be_chosen(self, home: int) -> bool:
        """Tell whether a candidate may not be bought at all: for want of a price, or marginal where those are left out."""
        option = self.homes[home]
        left_out = option.verdict is Verdict.MARGINAL and not self.limits.include_marginal and not option.is_fixed
        return self.has_no_price(home) or left_out

    @property
    def left_for_price(self) -> tuple[HomeId, ...]:
        """The homes that could be bought if their price were known, in order."""
        return tuple(self.homes[i].home_id for i in self.in_order if self.has_no_price(i) and not self.homes[i].barred)

    def attends(self, home: int, school: int, *, limit_ms: int | None = None) -> bool:
        """Tell whether a home keeps the minutes rule of a school."""
        return self.homes[home].schools_ms[school] <= (self.limits.school_ms if limit_ms is None else limit_ms)

    def keeps_the_rule(self, home: int) -> bool:
        """Tell whether children may live in a home, for its minutes to some school."""
        if self.may_not_be_chosen(home):
            return False
        return any(self.attends(home, school) for school in range(len(self.school_names)))

    def is_too_far(self, home: int, child: int) -> bool:
        """Tell whether a home is beyond the child's own maximum, or out of reach by road; never where no journey is known."""
        if not self.children[child].journey_known:
            return False
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


def limits_of(part: "PortfolioPart", school_ms: int) -> Limits:
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


def portfolio_problem(inputs: "PlanInputs", evaluation: "Evaluation", part: "PortfolioPart") -> PortfolioProblem:
    """Put the problem together from an evaluation.

    Raises
    ------
    InputFaultsError
        Where the tables lack what the choice needs: beds, towns or wards with a limit on them, the
        price of a home that is locked within a budget; where the plan locks or bars a home that does
        not exist, locks one house twice, or says neither how many homes, beds or pounds.
    """
    faults = _missing(inputs, part)
    if faults:
        raise InputFaultsError(faults)
    untested = _limits_that_cannot_be_kept(inputs, evaluation)
    if untested:
        raise InputFaultsError(untested)
    results = {result.home.row.home_id: result for result in evaluation.results}
    ranks = dict(zip(evaluation.homes["home_id"], evaluation.homes["rank"], strict=True))
    ordered = [results[home.row.home_id] for home in inputs.homes]
    families, wanting = evaluation.families, rows_in_need(inputs)
    return PortfolioProblem(
        homes=tuple(_option(result, part, int(ranks[result.home.row.home_id])) for result in ordered),
        children=tuple(
            ChildNeed(
                child_ref=ChildRef(child.row.child_ref),
                authority=child.row.authority,
                solo=child.row.solo,
                max_minutes=child.row.max_minutes,
                place_known=child.place is not None,
                journey_known=bool(families.on_roads[row]),
            )
            for row, child in zip(wanting, children_in_need(inputs), strict=True)
        ),
        family_ms=np.where([child.place is not None for child in children_in_need(inputs)], families.worse_ms[:, wanting], 0),
        excluded=families.excluded[:, wanting],
        beyond_miles=families.within_miles[:, wanting] == 0,
        school_names=tuple(school.name for school in inputs.schools),
        school_places=tuple(school.places for school in inputs.plan.schools),
        shares=MappingProxyType({name: share.beds for name, share in inputs.plan.authorities.items()}),
        limits=limits_of(part, inputs.plan.rules.school_ms),
        same_house=_same_house(inputs),
    )


def children_in_need(inputs: "PlanInputs") -> "tuple[Child, ...]":
    """Return the children for whom a bed is looked for: the problem's children, in its order."""
    return tuple(child for child in inputs.children if child.row.needs_bed)


def rows_in_need(inputs: "PlanInputs") -> Int64:
    """Return the rows of those children in the children table."""
    return np.array([row for row, child in enumerate(inputs.children) if child.row.needs_bed], dtype=np.int64)


def _same_house(inputs: "PlanInputs") -> tuple[tuple[int, ...], ...]:
    """Return the homes that are one house, as positions."""
    position = {home.row.home_id: i for i, home in enumerate(inputs.homes)}
    return tuple(tuple(position[home_id] for home_id in group) for group in inputs.same_house)


def _option(result: "HomeResult", part: "PortfolioPart", rank: int) -> HomeOption:
    row, place = result.home.row, result.home.place
    works = row.works_gbp if row.works_gbp is not None else part.works_gbp
    cost: float | None
    match row.status:
        case HomeStatus.OPEN:
            cost = 0.0
        case HomeStatus.BOUGHT:
            cost = works
        case HomeStatus.CANDIDATE:
            cost = None if row.price_gbp is None else row.price_gbp + works
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
        address=row.address,
        rank=rank,
    )


def _missing(inputs: "PlanInputs", part: "PortfolioPart") -> list[Fault]:
    plan = inputs.plan.path.name
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
    if part.homes is None and part.beds is None and part.budget_gbp is None and part.objective is not Objective.COST:
        faults.append(
            Fault(
                file=plan,
                column="portfolio",
                problem="it is not said how many homes, how many beds or what budget",
                remedy='Give homes, beds or budget_gbp, or objective = "cost" for the cheapest choice that keeps the rules',
            )
        )
    return [
        *faults,
        *_empty_cells(inputs, part),
        *_unknown_homes(inputs, part),
        *_one_house_twice(inputs, part),
        *_no_share(inputs, part),
    ]


def _empty_cells(inputs: "PlanInputs", part: "PortfolioPart") -> Iterator[Fault]:
    """Name the columns without which the choice cannot be made, and the homes for which they are empty."""
    needed: dict[str, Callable[[str], bool]] = {
        "beds": lambda _: True,
        "price_gbp": lambda home_id: part.budget_gbp is not None and home_id in part.locked,
        "town": lambda _: part.most_in_one_town is not None,
        "ward": lambda _: part.most_in_one_ward is not None,
    }
    for column, is_needed in needed.items():
        lacking = [home.row.home_id for home in inputs.homes if is_needed(home.row.home_id) and getattr(home.row, column) is None]
        if lacking:
            yield Fault(
                file=inputs.plan.inputs.candidates,
                column=column,
                problem=f"the choice of homes needs this, and it is empty for {', '.join(lacking[:12])}"
                + (" and more" if len(lacking) > 12 else ""),  # noqa: PLR2004 - a line that can be read
                remedy="Fill it in",
            )


def _limits_that_cannot_be_kept(inputs: "PlanInputs", evaluation: "Evaluation") -> list[Fault]:
    """Refuse a child's own most minutes where the journey is not known: a limit is kept, or it is said that it cannot be."""
    known = evaluation.families.on_roads
    named = [
        child.row.child_ref
        for row, child in enumerate(inputs.children)
        if child.row.needs_bed and child.row.max_minutes is not None and not known[row]
    ]
    if not named:
        return []
    return [
        Fault(
            file=str(inputs.plan.inputs.children),
            column="max_minutes",
            problem=f"the journeys of {listed(named)} are not known, so that their most minutes cannot be kept",
            remedy="Give the family's place, with roads that reach it, or leave max_minutes empty",
        )
    ]


def _unknown_homes(inputs: "PlanInputs", part: "PortfolioPart") -> Iterator[Fault]:
    known = {home.row.home_id for home in inputs.homes}
    for key, named in (("locked", part.locked), ("barred", part.barred)):
        for home_id in named:
            if home_id not in known:
                yield Fault(
                    file=inputs.plan.path.name,
                    column=f"portfolio.{key}",
                    problem=f"the candidates table has no {home_id}",
                    remedy="Write the home_id as it stands there",
                )


def _one_house_twice(inputs: "PlanInputs", part: "PortfolioPart") -> Iterator[Fault]:
    """Refuse what would count the beds of one house twice: two of its rows both stand or are locked."""
    rows = [home.row for home in inputs.homes]
    for members in _same_house(inputs):
        fixed = [rows[i].home_id for i in members if rows[i].home_id in part.locked or rows[i].status is not HomeStatus.CANDIDATE]
        if len(fixed) > 1:
            yield Fault(
                file=inputs.plan.inputs.candidates,
                column="home_id",
                problem=f"{listed(fixed)} are one house, and both would count in the choice",
                remedy="Take one of the rows out, or give each its own uprn if they are two homes",
            )


def _no_share(inputs: "PlanInputs", part: "PortfolioPart") -> Iterator[Fault]:
    if not inputs.plan.authorities or part.trade:
        return
    shares = {plain_name(name) for name in inputs.plan.authorities}
    for name in dict.fromkeys(child.row.authority for child in children_in_need(inputs) if child.row.authority):
        if plain_name(name) not in shares:
            yield Fault(
                file=inputs.plan.path.name,
                column="authorities",
                problem=f"no bed is allocated to {name}, and councils may not trade",
                remedy="Add the council, or set trade = true",
            )
