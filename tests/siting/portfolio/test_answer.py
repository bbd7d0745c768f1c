"""The answer in sentences: proven only where it is, pounds against minutes, why a home is passed over, what mends a clash."""

from dataclasses import replace

import numpy as np
import pytest

from siting.portfolio.answer import (
    NOT_FOUND_IN_TIME,
    conflict_for_board,
    how_proven,
    minutes_a_week,
    spending,
    summary,
    trade_off_lines,
    why_passed_over,
)
from siting.portfolio.choosing import Portfolio, choose_homes
from siting.portfolio.problem import ChildNeed, HomeOption, Limits, PortfolioProblem
from siting.words import ChildRef, HomeId, HomeStatus, Objective, Verdict

MINUTE_MS = 60_000


def home(number: int, cost_gbp: float | None, **changes: object) -> HomeOption:
    made = HomeOption(
        home_id=HomeId(f"H{number}"), status=HomeStatus.CANDIDATE, beds=2, bedrooms=3, cost_gbp=cost_gbp, town="Ashford",
        ward=None, authority="West", verdict=Verdict.PASS, x_m=0.0, y_m=0.0, schools_ms=(20 * MINUTE_MS,), locked=False,
        barred=False, rank=number,
    )  # fmt: skip
    return replace(made, **changes)


def chosen(options: list[HomeOption], minutes: list[list[float]], **limits: object) -> Portfolio:
    return choose_homes(problem_of(options, minutes, **limits))


def problem_of(options: list[HomeOption], minutes: list[list[float]], **limits: object) -> PortfolioProblem:
    family_ms = (np.array(minutes) * MINUTE_MS).astype(np.int64)
    children = tuple(
        ChildNeed(child_ref=ChildRef(f"C{j}"), authority="West", solo=False, max_minutes=None) for j in range(family_ms.shape[1])
    )
    return PortfolioProblem(
        homes=tuple(options), children=children, family_ms=family_ms, excluded=np.zeros(family_ms.shape, dtype=bool),
        beyond_miles=np.zeros(family_ms.shape, dtype=bool), school_names=("School",), school_places=(None,), shares={},
        limits=Limits(**{"homes": 1, **limits}),
    )  # fmt: skip


PROVEN = (
    "This is proven best: no choice that keeps the rules makes the children's journeys together shorter, and none that is as "
    "short costs less."
)


def test_the_answer_in_a_few_lines() -> None:
    portfolio = chosen([home(1, 480_000.0), home(2, 400_000.0, town="Bath")], [[10.0], [14.5]])
    assert summary(portfolio, 1.0) == (
        "Chosen: H1 (Ashford).",
        "1 home, 2 beds for 1 child; £480,000 still to be spent.",
        PROVEN,
        "£80,000 less for 9 minutes a week more: H2 (Bath) instead of H1 (Ashford).",
    )


def test_homes_that_stand_already_are_named_apart() -> None:
    options = [home(1, 0.0, status=HomeStatus.OPEN), home(2, 400_000.0, town="Bath"), home(3, 0.0, status=HomeStatus.OPEN)]
    told = summary(chosen(options, [[10.0, 11.0, 12.0, 13.0, 9.0]] * 3, homes=3), 1.0)
    assert told[0] == "Chosen: H2 (Bath); open already: H1 (Ashford) and H3 (Ashford)."


@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.parametrize("budget_gbp", [None, 500_000.0])
@pytest.mark.parametrize("options", [[home(1, None)], [home(1, None), home(2, 300_000.0)], [home(2, None, beds=0), home(1, 1.0)]])
def test_what_rests_on_an_unknown_price_is_never_proven_best(
    options: list[HomeOption], budget_gbp: float | None, objective: Objective
) -> None:
    portfolio = chosen(options, [[10.0]] * len(options), objective=objective, budget_gbp=budget_gbp)
    told = " ".join(summary(portfolio, 1.0))
    assert "proven best" not in told
    assert "no price" in told or "not known" in told


def test_a_price_of_a_home_that_may_not_be_bought_matters_to_nothing() -> None:
    portfolio = chosen([home(1, None, barred=True), home(2, 300_000.0)], [[10.0], [10.0]])
    assert list(how_proven(portfolio)) == [PROVEN]


def test_a_home_left_out_for_its_price_is_named() -> None:
    portfolio = chosen([home(1, None), home(2, 300_000.0)], [[5.0], [10.0]], budget_gbp=500_000.0)
    assert list(how_proven(portfolio)) == [
        "Among the homes whose price is known no choice that keeps the rules makes the children's journeys together shorter.",
        "H1 has no price, and so it was left out.",
    ]


def test_an_unknown_price_is_said_beside_what_is_known() -> None:
    portfolio = chosen([home(1, None), home(2, 300_000.0)], [[10.0], [10.0]], homes=2)
    assert portfolio.choice is not None
    assert spending(portfolio.problem, portfolio.choice) == (
        "£300,000 still to be spent besides the cost of H1, whose price is not known"
    )
    assert not list(trade_off_lines(portfolio, 1.0))


def test_an_early_stop_is_told_and_rounded_up() -> None:
    portfolio = chosen([home(1, 1.0)], [[10.0]])
    assert portfolio.choice is not None
    for gap, words in ((0.0101, "within 1.1 %"), (1.0, "is not known"), (1e-6, "within 0.1 %")):
        stopped = replace(portfolio, choice=replace(portfolio.choice, gap=gap, ties_settled=False))
        assert words in " ".join(how_proven(stopped))
        assert "proven" not in " ".join(how_proven(stopped))


def test_ties_that_were_not_settled_are_told() -> None:
    portfolio = chosen([home(1, 1.0)], [[10.0]])
    assert portfolio.choice is not None
    told = list(how_proven(replace(portfolio, choice=replace(portfolio.choice, ties_settled=False))))
    assert told[-1] == "Whether one that is equal in that costs less was not settled in the time given."


def test_time_that_ended_is_never_told_as_a_clash() -> None:
    portfolio = choose_homes(problem_of([home(1, 1.0)], [[10.0]]), time_limit_s=1e-9)
    assert summary(portfolio, 1.0) == (NOT_FOUND_IN_TIME,)
    assert conflict_for_board(portfolio) == ([NOT_FOUND_IN_TIME], "", [])


def test_why_rank_three_is_not_chosen() -> None:
    homes = [
        home(1, 400_000.0, barred=True),
        home(2, None),
        home(3, 400_000.0),
        home(4, 400_000.0),
        home(5, 350_000.0, town="Bath"),
    ]
    problem = replace(problem_of(homes, [[10.0], [10.0], [10.0], [30.0], [5.0]], budget_gbp=450_000.0), same_house=((3, 4),))
    told = {option.home_id: why for option, why in why_passed_over(choose_homes(problem), 2.0)}
    assert told == {
        "H1": "it is barred in the plan",
        "H2": "it has no price",
        "H3": "instead of H5 (Bath) it would be 20 minutes a week more and £50,000 more",
        "H4": "it is the same house as H5, which is chosen",
    }


def test_a_home_that_would_be_one_too_many_in_its_town_is_told_as_that() -> None:
    homes = [home(1, 0.0, status=HomeStatus.OPEN), home(2, 1.0), home(3, 1.0, town="Bath")]
    portfolio = chosen(homes, [[10.0], [1.0], [20.0]], homes=2, most_in_one_town=1)
    assert [why for _, why in why_passed_over(portfolio, 1.0)] == [
        "no choice with it keeps the rules (with those in Ashford it would be one too many there)"
    ]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (9.4, "9 minutes a week more"),
        (-1.2, "1 minute a week fewer"),
        (0.2, "less than half a minute a week"),
        (0, "as many minutes a week"),
    ],
)
def test_a_change_of_minutes_in_words(minutes: float, words: str) -> None:
    assert minutes_a_week(minutes) == words


def test_a_board_is_told_of_a_clash_without_a_child_s_name_or_reason() -> None:
    excluded = np.array([[True, False]])
    problem = replace(problem_of([home(1, 1.0)], [[10.0, 10.0]]), excluded=excluded)
    clashes, heading, remedies = conflict_for_board(choose_homes(problem))
    told = " ".join([*clashes, heading, *remedies])
    assert clashes[0] == "No choice of homes keeps every rule."
    assert "C0" not in told
    assert "zone" not in told
    assert "no bed here for fewer than 5 of the children" in remedies
    exact = summary(choose_homes(problem), 1.0)
    assert any("C0" in line for line in exact)
    assert "- no bed here for C0" in exact
