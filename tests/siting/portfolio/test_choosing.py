"""The choice of homes equals the exhaustive answer, and clashes are explained."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from siting.portfolio.choosing import best_choice, choose_homes
from siting.portfolio.problem import ChildNeed, HomeOption, Limits, PortfolioProblem
from siting.words import ChildRef, HomeId, HomeStatus, Objective, Verdict

MINUTE_MS = 60_000


def a_home(number: int, **changes: object) -> HomeOption:
    home = HomeOption(
        home_id=HomeId(f"H{number}"), status=HomeStatus.CANDIDATE, beds=2, bedrooms=3, cost_gbp=400_000.0, town="Town",
        ward="Ward", authority=None, verdict=Verdict.PASS, x_m=10_000.0 * number, y_m=0.0, schools_ms=(20 * MINUTE_MS,),
        locked=False, barred=False,
    )  # fmt: skip
    return replace(home, **changes)


def a_child(number: int, **changes: object) -> ChildNeed:
    child = ChildNeed(child_ref=ChildRef(f"C{number}"), authority="North", solo=False, max_minutes=None)
    return replace(child, **changes)


def a_problem(options: list[HomeOption], needs: list[ChildNeed], minutes: object, **limits: object) -> PortfolioProblem:
    family_ms = (np.asarray(minutes, dtype=float) * MINUTE_MS).astype(np.int64).reshape(len(options), len(needs))
    return PortfolioProblem(
        homes=tuple(options), children=tuple(needs), family_ms=family_ms, excluded=np.zeros(family_ms.shape, dtype=bool),
        beyond_miles=np.zeros(family_ms.shape, dtype=bool), school_names=("The school",), school_places=(None,), shares={},
        limits=Limits(**limits),
    )  # fmt: skip


def random_problem(seed: int) -> PortfolioProblem:
    """A small case with every rule in play."""
    draw = np.random.default_rng(seed)
    homes = [
        a_home(
            i,
            beds=int(draw.integers(1, 4)),
            bedrooms=int(draw.integers(2, 5)),
            cost_gbp=float(draw.integers(3, 8) * 100_000),
            town=f"T{draw.integers(0, 3)}",
            ward=f"W{draw.integers(0, 4)}",
            x_m=float(draw.integers(0, 20_000)),
            y_m=float(draw.integers(0, 20_000)),
            schools_ms=tuple(int(m) * MINUTE_MS for m in draw.integers(20, 60, 2)),
            status=HomeStatus.OPEN if draw.random() < 0.15 else HomeStatus.CANDIDATE,
            barred=bool(draw.random() < 0.1),
            locked=bool(draw.random() < 0.1),
        )
        for i in range(6)
    ]
    homes = [replace(home, barred=home.barred and not home.is_fixed) for home in homes]
    children = [
        a_child(
            j,
            authority=str(draw.choice(["North", "South"])),
            solo=bool(draw.random() < 0.2),
            max_minutes=float(draw.integers(40, 80)) if draw.random() < 0.5 else None,
        )
        for j in range(4)
    ]
    problem = a_problem(
        homes,
        children,
        draw.integers(5, 90, (6, 4)),
        homes=int(draw.integers(2, 5)) if draw.random() < 0.8 else None,
        beds=int(draw.integers(3, 8)) if draw.random() < 0.4 else None,
        budget_gbp=float(draw.integers(10, 30) * 100_000) if draw.random() < 0.6 else None,
        objective=Objective(draw.choice(list(Objective))),
        most_in_one_town=2 if draw.random() < 0.5 else None,
        most_in_one_ward=2 if draw.random() < 0.3 else None,
        least_apart_m=4_000.0 if draw.random() < 0.4 else None,
        solo_most_bedrooms=3 if draw.random() < 0.5 else None,
        trade=bool(draw.random() < 0.7),
    )
    return replace(
        problem,
        excluded=draw.random((6, 4)) < 0.1,
        school_names=("One", "Two"),
        school_places=(int(draw.integers(1, 4)), None) if draw.random() < 0.5 else (None, None),
        shares={"North": 2, "South": 2} if draw.random() < 0.4 else {},
    )


def exhaustive(problem: PortfolioProblem) -> tuple[float, float] | None:
    """Try every choice and every allocation; the best objective and the sum, in milliseconds."""
    best: tuple[float, float] | None = None
    for size in range(len(problem.homes) + 1):
        for chosen in combinations(range(len(problem.homes)), size):
            if not keeps_the_limits(problem, set(chosen)):
                continue
            for lives_in in product(chosen, repeat=len(problem.children)):
                if keeps_the_needs(problem, lives_in):
                    times = [int(problem.family_ms[i, j]) for j, i in enumerate(lives_in)]
                    total, worst = float(sum(times)), float(max(times))
                    value = (worst, total) if problem.limits.objective is Objective.WORST else (total, 0.0)
                    best = value if best is None or value < best else best
    return best


def keeps_the_limits(problem: PortfolioProblem, chosen: set[int]) -> bool:
    homes, limits = problem.homes, problem.limits
    beds = sum(homes[i].beds for i in chosen)
    if any(home.is_fixed and i not in chosen or home.barred and i in chosen for i, home in enumerate(homes)):
        return False
    if limits.homes is not None and len(chosen) != limits.homes:
        return False
    if limits.beds is not None and beds < limits.beds:
        return False
    if limits.beds is not None and limits.homes is None:
        if any(beds - homes[i].beds >= limits.beds for i in chosen if not homes[i].is_fixed):
            return False
    if limits.budget_gbp is not None and sum(homes[i].cost_gbp for i in chosen) > limits.budget_gbp:
        return False
    for most, key in ((limits.most_in_one_town, "town"), (limits.most_in_one_ward, "ward")):
        for name in {getattr(home, key) for home in homes} if most else ():
            fixed = sum(home.is_fixed and getattr(home, key) == name for home in homes)
            if sum(getattr(homes[i], key) == name for i in chosen) > max(most or 0, fixed):
                return False
    if limits.least_apart_m is not None:
        for i, k in combinations(chosen, 2):
            near = np.hypot(homes[i].x_m - homes[k].x_m, homes[i].y_m - homes[k].y_m) < limits.least_apart_m
            if near and not (homes[i].is_fixed and homes[k].is_fixed):
                return False
    return not problem.shares or beds >= sum(problem.shares.values())


def keeps_the_needs(problem: PortfolioProblem, lives_in: tuple[int, ...]) -> bool:
    if not all(problem.may_live(i, j) for j, i in enumerate(lives_in)):
        return False
    for i in set(lives_in):
        inside = [j for j, home in enumerate(lives_in) if home == i]
        if len(inside) > problem.homes[i].beds or (len(inside) > 1 and any(problem.children[j].solo for j in inside)):
            return False
    if problem.shares and not problem.limits.trade:
        for name, share in problem.shares.items():
            if sum(child.authority == name for child in problem.children) > share:
                return False
    # One school has all the places that its homes' children could want, or each child must fit in somewhere.
    choices = [[k for k in range(2) if problem.attends(i, k)] for i in lives_in]
    return any(
        all(places is None or schools.count(k) <= places for k, places in enumerate(problem.school_places))
        for schools in product(*choices)
    )


@pytest.mark.parametrize("seed", range(120))
def test_the_choice_is_the_exhaustive_one(seed: int) -> None:
    problem = random_problem(seed)
    expected, found = exhaustive(problem), best_choice(problem)
    if expected is None:
        assert found is None
        assert choose_homes(problem).conflict is not None
        return
    assert found is not None
    assert keeps_the_limits(problem, set(found.homes))
    assert keeps_the_needs(problem, tuple(found.lives_in.values()))
    if problem.limits.objective is Objective.WORST:
        assert (round(found.worst_min * MINUTE_MS), round(found.total_min * MINUTE_MS)) == expected
    else:
        assert round(found.total_min * MINUTE_MS) == expected[0]


def test_random_cases_are_of_both_kinds() -> None:
    answers = [exhaustive(random_problem(seed)) is None for seed in range(120)]
    assert 10 < sum(answers) < 110
