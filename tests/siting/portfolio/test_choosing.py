"""The choice of homes equals the exhaustive answer, and clashes are explained."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from siting.portfolio.choosing import Choice, Ending, Portfolio, best_choice, choose_homes, serve_as_many
from siting.portfolio.problem import ChildNeed, HomeOption, Limits, PortfolioProblem
from siting.portfolio.solver import Model, Solution, SolveStatus, TimeLeft
from siting.words import NO_WAY_MS, ChildRef, HomeId, HomeStatus, Objective, Verdict

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
    """A small case with every rule in play, and many choices that are equal in minutes."""
    draw = np.random.default_rng(seed)
    names = draw.permutation(6)
    homes = [
        a_home(
            int(names[i]),
            beds=int(draw.integers(1, 4)),
            bedrooms=int(draw.integers(2, 5)),
            cost_gbp=float(draw.integers(3, 6) * 100_000) if draw.random() < 0.85 else None,
            town=f"T{draw.integers(0, 3)}",
            ward=f"W{draw.integers(0, 4)}",
            x_m=float(draw.integers(0, 20_000)),
            y_m=float(draw.integers(0, 20_000)),
            schools_ms=tuple(int(m) * MINUTE_MS for m in draw.integers(20, 60, 2)),
            status=HomeStatus.OPEN if draw.random() < 0.15 else HomeStatus.CANDIDATE,
            barred=bool(draw.random() < 0.1),
            locked=bool(draw.random() < 0.1),
            verdict=Verdict.MARGINAL if draw.random() < 0.2 else Verdict.PASS,
        )
        for i in range(6)
    ]
    homes = [replace(home, barred=home.barred and not home.is_fixed) for home in homes]
    homes = [replace(home, cost_gbp=0.0) if home.status is HomeStatus.OPEN else home for home in homes]
    children = [
        a_child(
            j,
            authority=str(draw.choice(["North", "South"])),
            solo=bool(draw.random() < 0.2),
            max_minutes=float(draw.integers(40, 80)) if draw.random() < 0.5 else None,
            journey_known=bool(draw.random() < 0.85),
        )
        for j in range(4)
    ]
    asked = {
        "homes": int(draw.integers(2, 5)) if draw.random() < 0.7 else None,
        "beds": int(draw.integers(3, 8)) if draw.random() < 0.4 else None,
        "budget_gbp": float(draw.integers(10, 30) * 100_000) if draw.random() < 0.5 else None,
    }
    # A locked home without a price is refused within a budget before a problem is made of it.
    homes = [replace(home, cost_gbp=home.cost_gbp or 300_000.0) if home.locked else home for home in homes]
    problem = a_problem(
        homes,
        children,
        draw.integers(1, 5, (6, 4)) * 20,
        **asked,
        objective=Objective(draw.choice(list(Objective))),
        most_in_one_town=2 if draw.random() < 0.5 else None,
        most_in_one_ward=2 if draw.random() < 0.3 else None,
        least_apart_m=4_000.0 if draw.random() < 0.4 else None,
        solo_most_bedrooms=3 if draw.random() < 0.5 else None,
        trade=bool(draw.random() < 0.7),
        include_marginal=bool(draw.random() < 0.7),
    )
    pair = tuple(int(i) for i in draw.choice(6, 2, replace=False))
    return replace(
        problem,
        excluded=draw.random((6, 4)) < 0.1,
        school_names=("One", "Two"),
        school_places=(int(draw.integers(1, 4)), None) if draw.random() < 0.5 else (None, None),
        shares={"North": 2, "South": 2} if draw.random() < 0.4 else {},
        same_house=(pair,) if draw.random() < 0.3 and not all(homes[i].is_fixed for i in pair) else (),
    )


Key = tuple[object, ...]


def exhaustive(problem: PortfolioProblem) -> Key | None:
    """Try every choice and every allocation; what decides between them, the best of it."""
    keys = []
    for size in range(len(problem.homes) + 1):
        for chosen in combinations(range(len(problem.homes)), size):
            if keeps_the_limits(problem, set(chosen)):
                keys += [
                    key_of(problem, chosen, lives_in)
                    for lives_in in product(chosen, repeat=len(problem.children))
                    if keeps_the_needs(problem, lives_in)
                ]
    return min(keys, default=None)


def key_of(problem: PortfolioProblem, chosen: tuple[int, ...], lives_in: tuple[int, ...]) -> Key:
    """What was asked first, then minutes, pounds (a price that is not known above all that are), homes and names."""
    times = [int(problem.family_ms[i, j]) for j, i in enumerate(lives_in) if problem.children[j].journey_known]
    costs = [problem.homes[i].cost_gbp for i in chosen]
    pounds = (costs.count(None), sum(cost for cost in costs if cost is not None))
    asked = {
        Objective.TOTAL: (sum(times), pounds),
        Objective.WORST: (max(times, default=0), sum(times), pounds),
        Objective.COST: (pounds, sum(times)),
    }
    return (*asked[problem.limits.objective], len(chosen), sorted(problem.homes[i].home_id for i in chosen))


def keeps_the_limits(problem: PortfolioProblem, chosen: set[int]) -> bool:
    homes, limits = problem.homes, problem.limits
    beds = sum(homes[i].beds for i in chosen)
    if any(home.is_fixed and i not in chosen or home.barred and i in chosen for i, home in enumerate(homes)):
        return False
    if any(len(chosen.intersection(members)) > 1 for members in problem.same_house):
        return False
    if any(not may_be_bought(problem, i) for i in chosen if not homes[i].is_fixed):
        return False
    money = limits.budget_gbp is not None or limits.objective is Objective.COST
    if money and any(homes[i].cost_gbp is None and not homes[i].is_fixed for i in chosen):
        return False
    if limits.homes is not None and len(chosen) != limits.homes:
        return False
    if limits.beds is not None and beds < limits.beds:
        return False
    if limits.beds is not None and limits.homes is None:
        if any(beds - homes[i].beds >= limits.beds for i in chosen if not homes[i].is_fixed):
            return False
    if limits.budget_gbp is not None and sum(homes[i].cost_gbp or 0.0 for i in chosen) > limits.budget_gbp:
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


def may_be_bought(problem: PortfolioProblem, i: int) -> bool:
    """A candidate that children may not live in is not bought to make up the number."""
    home = problem.homes[i]
    return min(home.schools_ms) <= 45 * MINUTE_MS and (problem.limits.include_marginal or home.verdict is not Verdict.MARGINAL)


def keeps_the_needs(problem: PortfolioProblem, lives_in: tuple[int, ...]) -> bool:
    if not all(may_live(problem, i, j) for j, i in enumerate(lives_in)):
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
    choices = [[k for k in range(2) if problem.homes[i].schools_ms[k] <= 45 * MINUTE_MS] for i in lives_in]
    return any(
        all(places is None or schools.count(k) <= places for k, places in enumerate(problem.school_places))
        for schools in product(*choices)
    )


def may_live(problem: PortfolioProblem, i: int, j: int) -> bool:
    """The rules of one home and one child, written again from what they say."""
    home, child = problem.homes[i], problem.children[j]
    most = problem.limits.solo_most_bedrooms
    too_far = child.journey_known and child.max_minutes is not None and problem.family_ms[i, j] > child.max_minutes * MINUTE_MS
    too_large = child.solo and most is not None and (home.bedrooms is None or home.bedrooms > most)
    near_a_school = min(home.schools_ms) <= 45 * MINUTE_MS
    return home.beds > 0 and near_a_school and not problem.excluded[i, j] and not too_far and not too_large


@pytest.mark.parametrize("seed", range(150))
def test_the_choice_is_the_exhaustive_one(seed: int) -> None:
    problem = random_problem(seed)
    expected, answer = exhaustive(problem), best_choice(problem)
    if expected is None:
        assert answer.ending is Ending.NONE
        assert choose_homes(problem).conflict is not None
        return
    found = answer.choice
    assert found is not None
    assert keeps_the_limits(problem, set(found.homes))
    lives_in = tuple(found.lives_in.values())
    assert keeps_the_needs(problem, lives_in)
    assert key_of(problem, found.homes, lives_in) == expected
    assert found.ties_settled


def test_random_cases_are_of_both_kinds() -> None:
    answers = [exhaustive(random_problem(seed)) is None for seed in range(150)]
    assert 10 < sum(answers) < 130


def test_the_order_of_a_table_decides_nothing() -> None:
    for seed in range(40):
        problem = random_problem(seed)
        answer, turned = best_choice(problem).choice, best_choice(turned_round(problem)).choice
        assert (answer is None) == (turned is None)
        if answer and turned:
            assert by_name(problem, answer) == by_name(turned_round(problem), turned)


def turned_round(problem: PortfolioProblem) -> PortfolioProblem:
    last = len(problem.homes) - 1
    return replace(
        problem,
        homes=problem.homes[::-1],
        children=problem.children[::-1],
        family_ms=problem.family_ms[::-1, ::-1],
        excluded=problem.excluded[::-1, ::-1],
        beyond_miles=problem.beyond_miles[::-1, ::-1],
        same_house=tuple(tuple(last - i for i in members) for members in problem.same_house),
    )


def by_name(problem: PortfolioProblem, choice: Choice) -> dict[str, str]:
    return {problem.children[j].child_ref: problem.homes[i].home_id for j, i in choice.lives_in.items()}


def chosen_ids(portfolio: Portfolio) -> list[str]:
    assert portfolio.choice is not None
    return [portfolio.problem.homes[i].home_id for i in portfolio.choice.homes]


def two_alike(**limits: object) -> PortfolioProblem:
    """Three homes in the same place; the first in the table is the dearest, the second the cheapest."""
    homes = [a_home(1, cost_gbp=500_000.0), a_home(2, cost_gbp=300_000.0), a_home(3, cost_gbp=None)]
    return a_problem(homes, [a_child(0)], [[30], [30], [30]], **{"homes": 1, **limits})


@pytest.mark.parametrize("objective", list(Objective))
def test_among_equals_the_cheaper_wins_and_an_unknown_price_is_not_the_cheapest(objective: Objective) -> None:
    assert chosen_ids(choose_homes(two_alike(objective=objective))) == ["H2"]


def test_a_home_without_a_price_is_not_bought_within_a_budget() -> None:
    problem = two_alike(budget_gbp=200_000.0)
    portfolio = choose_homes(problem)
    assert portfolio.choice is None
    assert portfolio.conflict is not None
    assert "H3 has no price, so cannot be bought." in portfolio.conflict.clashes
    assert "the price of H3, if it is low enough" in portfolio.conflict.remedies


def test_a_choice_with_an_unknown_price_has_no_cost() -> None:
    homes = [a_home(1), a_home(2, cost_gbp=None)]
    choice = choose_homes(a_problem(homes, [a_child(0)], [[30], [10]], homes=1)).choice
    assert choice is not None
    assert (choice.homes, choice.unpriced, choice.known_cost_gbp, choice.cost_gbp) == ((1,), (1,), 0.0, None)


def test_one_house_is_never_bought_twice() -> None:
    homes = [a_home(1), a_home(2), a_home(3)]
    problem = replace(a_problem(homes, [a_child(j) for j in range(4)], np.full((3, 4), 30), homes=2), same_house=((0, 1),))
    assert 2 in (choose_homes(problem).choice or pytest.fail("there is a choice")).homes


def test_a_child_without_a_family_place_has_a_bed_and_adds_no_minutes() -> None:
    far = int(NO_WAY_MS)
    problem = a_problem(
        [a_home(1)], [a_child(0), a_child(1, place_known=False, journey_known=False, max_minutes=1.0)], [[30, 0]], homes=1
    )
    problem = replace(
        problem, family_ms=np.array([[30 * MINUTE_MS, far]], dtype=np.int64), beyond_miles=np.array([[False, True]])
    )
    choice = choose_homes(problem).choice
    assert choice is not None
    assert choice.lives_in == {0: 0, 1: 0}
    assert (choice.total_min, choice.worst_min, choice.journeys, choice.beyond_miles) == (30.0, 30.0, 1, 0)


def test_a_child_without_a_family_place_keeps_its_exclusion_zones() -> None:
    problem = a_problem([a_home(1)], [a_child(0, place_known=False, journey_known=False)], [[0]], homes=1)
    assert choose_homes(replace(problem, excluded=np.array([[True]]))).choice is None


def test_the_cheapest_choice_that_keeps_the_rules() -> None:
    homes = [
        a_home(1, cost_gbp=500_000.0),
        a_home(2, cost_gbp=300_000.0),
        a_home(3, cost_gbp=250_000.0, schools_ms=(50 * MINUTE_MS,)),
    ]
    portfolio = choose_homes(a_problem(homes, [a_child(0)], [[10], [30], [5]], objective=Objective.COST))
    assert chosen_ids(portfolio) == ["H2"]
    # What is quicker and costs more stands beside it.
    assert portfolio.trade_offs[0].homes == (0,)


def test_what_costs_less_and_takes_longer_is_shown() -> None:
    homes = [a_home(1, cost_gbp=500_000.0), a_home(2, cost_gbp=420_000.0), a_home(3, cost_gbp=419_500.0)]
    portfolio = choose_homes(a_problem(homes, [a_child(0)], [[10], [14], [13]], homes=1))
    # H3 is quicker than H2 and cheaper; a saving of £500 more would be no saving.
    assert [(choice.homes, choice.total_min, choice.cost_gbp) for choice in portfolio.trade_offs] == [((2,), 13.0, 419_500.0)]


def test_homes_passed_over_are_tried_in_order_of_their_rank() -> None:
    homes = [a_home(n, rank=n) for n in (1, 2, 3, 4)]
    homes[1] = replace(homes[1], barred=True)
    portfolio = choose_homes(a_problem(homes, [a_child(0)], [[30], [30], [10], [40]], homes=1))
    assert chosen_ids(portfolio) == ["H3"]
    assert [(v.name, v.ending) for v in portfolio.if_chosen] == [("H1", Ending.FOUND), ("H2", Ending.NONE)]


def test_next_best_are_different_choices_in_order() -> None:
    problem = a_problem([a_home(n) for n in range(4)], [a_child(0)], [[10], [20], [30], [40]], homes=1)
    assert [choice.homes for choice in choose_homes(problem).next_best] == [(1,), (2,), (3,)]


def test_without_a_home_one_home_fewer_serves_fewer_children() -> None:
    problem = a_problem([a_home(n) for n in range(3)], [a_child(j) for j in range(4)], np.full((3, 4), 30), homes=2)
    (first, second) = choose_homes(problem).without
    for variation in (first, second):
        assert variation.choice is not None
        assert (len(variation.choice.homes), variation.choice.without_bed) == (1, 2)


def test_a_marginal_home_that_stands_is_kept_where_marginal_ones_may_not_be_chosen() -> None:
    homes = [
        a_home(1, status=HomeStatus.OPEN, cost_gbp=0.0, verdict=Verdict.MARGINAL),
        a_home(2, verdict=Verdict.MARGINAL),
        a_home(3),
    ]
    problem = a_problem(homes, [a_child(0), a_child(1)], [[10, 10], [5, 5], [20, 20]], homes=2, include_marginal=False)
    assert chosen_ids(choose_homes(problem)) == ["H1", "H3"]


def test_homes_that_stand_do_not_break_the_limit_of_a_town() -> None:
    standing = [a_home(n, status=HomeStatus.OPEN, cost_gbp=0.0) for n in (1, 2)]
    homes = [*standing, a_home(3), a_home(4, town="Elsewhere")]
    problem = a_problem(homes, [a_child(0)], [[10], [10], [1], [30]], homes=3, most_in_one_town=1)
    assert chosen_ids(choose_homes(problem)) == ["H1", "H2", "H4"]


def test_exactly_at_the_least_distance_is_far_enough() -> None:
    homes = [a_home(1, x_m=0.0), a_home(2, x_m=1_000.0), a_home(3, x_m=999.0)]
    problem = a_problem(homes, [a_child(0)], [[10], [20], [10]], homes=2, least_apart_m=1_000.0)
    assert chosen_ids(choose_homes(problem)) == ["H1", "H2"]


def test_the_councils_beds_are_summed() -> None:
    homes = [a_home(1), a_home(2), a_home(3, beds=1)]
    problem = replace(a_problem(homes, [a_child(0)], [[30], [30], [1]], homes=2), shares={"North": 2, "South": 2})
    assert chosen_ids(choose_homes(problem)) == ["H1", "H2"]


def test_a_time_limit_that_ends_before_an_answer_is_no_clash() -> None:
    problem = two_alike()
    portfolio = choose_homes(problem, time_limit_s=1e-9)
    assert (portfolio.choice, portfolio.conflict, portfolio.ending) == (None, None, Ending.STOPPED)


def test_what_was_not_looked_for_is_not_told_as_impossible() -> None:
    problem = two_alike()
    best = choose_homes(problem).choice
    assert best is not None
    over = TimeLeft(0.0)
    assert best_choice(problem, time=over).ending is Ending.STOPPED
    assert serve_as_many(problem, best.homes, over).ending is Ending.STOPPED


def test_an_answer_that_was_not_proven_says_how_far_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is cut short after its first answer: what it returns is told as that, and ties are not settled."""
    solve = Model.solve

    def cut_short(self: Model, *arguments: object, **options: object) -> Solution:
        done = solve(self, *arguments, **options)  # type: ignore[arg-type]
        return Solution(status=SolveStatus.STOPPED_EARLY, values=done.values, objective=done.objective, bound=done.objective / 2)

    monkeypatch.setattr(Model, "solve", cut_short)
    for objective in Objective:
        choice = best_choice(two_alike(objective=objective)).choice
        assert choice is not None
        assert choice.gap == pytest.approx(0.5)
        assert not choice.ties_settled


def test_the_same_house_by_another_row_is_no_other_choice() -> None:
    homes = [a_home(1), a_home(2, cost_gbp=390_000.0), a_home(3)]
    problem = replace(a_problem(homes, [a_child(0)], [[10], [10], [30]], homes=1), same_house=((0, 1),))
    portfolio = choose_homes(problem)
    assert chosen_ids(portfolio) == ["H2"], "of two rows of one house the cheaper"
    assert [choice.homes for choice in portfolio.next_best] == [(2,)]
    assert [variation.choice.homes for variation in portfolio.if_lost if variation.choice] == [(2,)]


def test_exactly_a_child_s_most_minutes_are_kept_and_a_millisecond_more_is_not() -> None:
    child = a_child(0, max_minutes=30.0)
    problem = a_problem([a_home(1), a_home(2)], [child], [[30], [30]], homes=1)
    over = replace(problem, family_ms=problem.family_ms + np.array([[0], [1]]))
    assert [over.is_too_far(i, 0) for i in (0, 1)] == [False, True]
    assert choose_homes(over).choice is not None
    assert choose_homes(replace(over, family_ms=over.family_ms + 1)).choice is None


def test_a_house_of_unknown_size_is_not_given_to_one_child_alone() -> None:
    homes = [a_home(n, bedrooms=bedrooms) for n, bedrooms in enumerate((2, 3, None))]
    problem = a_problem(homes, [a_child(0, solo=True), a_child(1)], np.full((3, 2), 30), homes=2, solo_most_bedrooms=2)
    assert [[problem.is_too_large_alone(i, j) for j in (0, 1)] for i in range(3)] == [
        [False, False],
        [True, False],
        [True, False],
    ]


def test_a_council_that_does_not_trade_is_known_however_its_name_is_written() -> None:
    problem = a_problem(
        [a_home(1, beds=2)], [a_child(n, authority="North Council") for n in range(2)], [[30, 30]], homes=1, trade=False
    )
    assert choose_homes(replace(problem, shares={"NORTH": 2})).choice is not None
    clash = choose_homes(replace(problem, shares={"NORTH": 1}))
    assert clash.choice is None
    assert clash.conflict is not None


def test_a_home_more_is_tried_whatever_it_costs() -> None:
    homes = [a_home(1), a_home(2), a_home(3)]
    portfolio = choose_homes(
        a_problem(homes, [a_child(0), a_child(1)], [[10, 50], [50, 10], [50, 50]], homes=1, budget_gbp=400_000.0)
    )
    assert [(v.name, v.ending) for v in portfolio.elbow] == [(str(n), Ending.FOUND) for n in (1, 2, 3)]
