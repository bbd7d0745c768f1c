"""Planted contradictions, each explained in words that a manager acts on."""

from dataclasses import replace

import numpy as np
import pytest

from siting.portfolio.choosing import choose_homes
from siting.portfolio.problem import ChildNeed, HomeOption, Limits, PortfolioProblem
from siting.words import ChildRef, HomeId, HomeStatus, Verdict

MINUTE_MS = 60_000


def home(number: int, **changes: object) -> HomeOption:
    made = HomeOption(
        home_id=HomeId(f"H{number}"), status=HomeStatus.CANDIDATE, beds=2, bedrooms=3, cost_gbp=400_000.0, town="Ashford",
        ward="West", authority=None, verdict=Verdict.PASS, x_m=1_000.0 * number, y_m=0.0, schools_ms=(20 * MINUTE_MS,),
        locked=False, barred=False,
    )  # fmt: skip
    return replace(made, **changes)


def child(number: int, **changes: object) -> ChildNeed:
    made = ChildNeed(child_ref=ChildRef(f"C{number}"), authority="North", solo=False, max_minutes=None)
    return replace(made, **changes)


def base(**changes: object) -> PortfolioProblem:
    """Three homes of two beds, four children, two homes wanted: it has an answer."""
    made = PortfolioProblem(
        homes=(home(1), home(2), home(3)),
        children=tuple(child(j) for j in range(4)),
        family_ms=np.full((3, 4), 30 * MINUTE_MS, dtype=np.int64),
        excluded=np.zeros((3, 4), dtype=bool),
        beyond_miles=np.zeros((3, 4), dtype=bool),
        school_names=("The school",),
        school_places=(None,),
        shares={},
        limits=Limits(homes=2),
    )
    return replace(made, **changes)


def with_limits(**limits: object) -> PortfolioProblem:
    return base(limits=replace(Limits(homes=2), **limits))


def zone_everywhere() -> PortfolioProblem:
    excluded = np.zeros((3, 4), dtype=bool)
    excluded[:, 2] = True
    return base(excluded=excluded)


CONTRADICTIONS = {
    "too few beds": (
        with_limits(homes=1),
        ("4 children need a bed, and the 1 largest homes together have 2",),
        ("2 homes instead of 1",),
    ),
    "budget": (with_limits(budget_gbp=700_000.0), ("the budget",), ("a budget of £800,000, which is £100,000 more",)),
    "home alone too far from school": (
        base(
            homes=(home(1), home(2), home(3, bedrooms=2, schools_ms=(52 * MINUTE_MS,))),
            children=(child(0, solo=True), child(1), child(2), child(3)),
            limits=Limits(homes=3, solo_most_bedrooms=2),
        ),
        ("C0 needs a home alone; none of the candidates with 2 bedrooms or fewer is within 45 minutes of a school",),
        ("a minutes rule of 52.0 for H3",),
    ),
    "exclusion zones everywhere": (
        zone_everywhere(),
        ("C2 needs a bed; every home within 45 minutes of a school lies in an exclusion zone of this child",),
        ("no bed here for C2",),
    ),
    "own maximum": (
        base(children=(child(0, max_minutes=20.0), child(1), child(2), child(3))),
        ("C0 needs a bed; the nearest home, H1, is 30.0 minutes from the family, more than the 20 allowed",),
        ("C0 up to 30.0 minutes", "no bed here for C0"),
    ),
    "one town": (with_limits(most_in_one_town=1), ("the most homes in one town",), ("1 more home in Ashford",)),
    "one ward": (with_limits(most_in_one_ward=1), ("the most homes in one ward",), ("1 more home in West",)),
    "too near each other": (
        with_limits(least_apart_m=8_046.72),
        ("the least distance between homes",),
        ("nearer to each other than 5 miles",),
    ),
    "school places": (
        base(school_places=(3,)),
        ("4 children need a school place, and the schools have 3",),
        ("1 more place at The school",),
    ),
    "councils' beds": (
        base(shares={"North": 5}),
        ("the beds allocated to the councils",),
        ("1 bed fewer allocated to the councils", "3 homes instead of 2"),
    ),
    "barred": (
        base(homes=(home(1), home(2, barred=True), home(3, barred=True))),
        ("2 homes are wanted and the table has only 1 that are not barred",),
        ("no longer barred",),
    ),
    "locked beyond the number": (
        base(homes=(home(1, locked=True), home(2, locked=True), home(3, locked=True))),
        ("3 homes stand or are locked (H1, H2 and H3), more than the 2 wanted",),
        ("3 homes instead of 2",),
    ),
    "no trade": (
        base(shares={"North": 3, "South": 1}, limits=Limits(homes=2, trade=False)),
        ("that councils do not trade beds",),
        ("1 more bed for North",),
    ),
    "every home too far": (
        base(homes=tuple(home(n, schools_ms=(50 * MINUTE_MS,)) for n in (1, 2, 3))),
        ("none of the homes is within 45 minutes of a school",),
        ("a minutes rule of 50.0",),
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_explained(name: str) -> None:
    problem, clashes, remedies = CONTRADICTIONS[name]
    portfolio = choose_homes(problem)
    assert portfolio.choice is None
    assert portfolio.conflict is not None
    for words in clashes:
        assert words in " ".join(portfolio.conflict.clashes)
    for words in remedies:
        assert words in " ".join(portfolio.conflict.remedies)


def test_the_base_has_an_answer() -> None:
    assert choose_homes(base()).choice is not None


def test_an_exclusion_zone_is_never_offered_to_give() -> None:
    conflict = choose_homes(zone_everywhere()).conflict
    assert conflict is not None
    assert "zone" not in " ".join(conflict.remedies)
