"""What the solver says is told as what it is, and nothing else is told as a clash."""

import itertools

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.portfolio.solver import MEANINGS, STEP, Model, Solution, SolverError, SolveStatus, TimeLeft, _read_solution


def knapsack(values: list[int], weights: list[int], room: int) -> Model:
    model = Model()
    columns = [model.add_column(-float(value), upper=1.0, whole=True) for value in values]
    model.add_row("room", [(column, float(weight)) for column, weight in zip(columns, weights, strict=True)], upper=float(room))
    return model


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 20)), min_size=1, max_size=8), st.integers(0, 60))
def test_the_answer_is_the_exhaustive_one(things: list[tuple[int, int]], room: int) -> None:
    values, weights = [value for value, _ in things], [weight for _, weight in things]
    best = max(
        sum(itertools.compress(values, taken))
        for taken in itertools.product([0, 1], repeat=len(things))
        if sum(itertools.compress(weights, taken)) <= room
    )
    solution = knapsack(values, weights, room).solve(step=STEP)
    assert solution.status is SolveStatus.OPTIMAL
    assert round(-solution.objective) == best
    assert solution.gap == 0.0


def test_rows_that_clash_leave_no_answer_and_keep_their_names() -> None:
    model = knapsack([1, 1], [1, 1], 1)
    model.add_row("both", [(0, 1.0), (1, 1.0)], lower=2.0)
    solution = model.solve()
    assert (solution.status, solution.found) == (SolveStatus.INFEASIBLE, False)
    handed_over = model._as_solvers_model()
    assert list(handed_over.row_names_) == ["0 room", "1 both"]
    # Without the row that is named the clash is gone.
    model.drop_row()
    assert model.solve().found


def test_time_that_is_over_says_nothing_of_the_model() -> None:
    model = knapsack([1], [1], 1)
    solution = model.solve(TimeLeft(0.0))
    assert (solution.status, solution.found, solution.gap) == (SolveStatus.STOPPED_EARLY, False, 1.0)


def test_every_solve_takes_from_the_time() -> None:
    time = TimeLeft(100.0)
    knapsack(list(range(1, 30)), list(range(30, 1, -1)), 100).solve(time)
    assert 0 < time.seconds < 100
    part = time.part(0.5)
    assert part.seconds == pytest.approx(time.seconds)
    time.give_back(part)
    assert time.seconds == pytest.approx(2 * part.seconds)
    endless = TimeLeft()
    assert endless.part(0.5).seconds == float("inf")
    assert not endless.is_over


@pytest.mark.parametrize("status", list(highspy.HighsModelStatus.__members__))
def test_each_of_the_solvers_words_is_an_answer_a_limit_a_clash_or_a_fault(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    solver = highspy.Highs()
    solver.silent()
    solver.addVariable(0, 1)
    solver.run()
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: highspy.HighsModelStatus.__members__[status])
    if status not in MEANINGS:
        with pytest.raises(SolverError, match=status):
            _read_solution(solver, 1)
        return
    solution = _read_solution(solver, 1)
    assert solution.status is MEANINGS[status]
    assert (solution.status is SolveStatus.INFEASIBLE) == (status in {"kInfeasible", "kUnboundedOrInfeasible"})


def test_an_answer_that_is_worth_something_else_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Solution(status=SolveStatus.OPTIMAL, values=np.array([1.0, 0.0]), objective=-7.0, bound=-7.0)
    monkeypatch.setattr("siting.portfolio.solver._read_solution", lambda *_: wrong)
    with pytest.raises(SolverError, match="worth -5"):
        knapsack([5, 7], [1, 1], 1).solve()


def test_the_gap_is_of_the_answer() -> None:
    found = Solution(status=SolveStatus.STOPPED_EARLY, values=np.array([1.0]), objective=200.0, bound=150.0)
    assert found.gap == pytest.approx(0.25)
    assert Solution(status=SolveStatus.STOPPED_EARLY, values=np.array([1.0]), objective=200.0).gap == 1.0
