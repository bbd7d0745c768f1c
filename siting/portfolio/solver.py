"""Linear models with whole numbers, solved by HiGHS; the only module that knows the solver.

The solver's own interface adds columns and rows one by one, with a name each. Measured on 60 homes and
150 children (9,000 columns and as many rows), so built a model takes 0.67 s, and 0.02 s where it is kept
in lists and handed over in one call, with the same names; solving it takes 1.5 s either way. It is
handed over whole, for a choice with all that is told of it builds some thirty models.
"""

import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import highspy
import numpy as np

from siting.arrays import Float64
from siting.progress import Step

STEP = 0.5
"""Minutes and money are made least in whole milliseconds and pounds: an answer nearer to the bound than this is the best."""
FINE = 1e-6
"""The same where what is made least has no such step, and what the solver's arithmetic leaves of a zero."""


class SolverError(RuntimeError):
    """The solver ended in a way that says nothing of the model: a fault of the program, never of the user's rules."""


class SolveStatus(StrEnum):
    """How a solve ended; whether there is an answer is another matter where it stopped early."""

    OPTIMAL = "optimal"
    STOPPED_EARLY = "stopped early"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """What the solver found.

    Attributes
    ----------
    values
        Float64, one a column; None where nothing was found.
    objective, bound
        The value found, and what no answer can be below.
    """

    status: SolveStatus
    values: Float64 | None = None
    objective: float = math.inf
    bound: float = -math.inf

    @property
    def found(self) -> bool:
        """Whether there is an answer at all."""
        return self.values is not None

    @property
    def stopped(self) -> bool:
        """Whether the search ended before it was done."""
        return self.status is SolveStatus.STOPPED_EARLY

    @property
    def gap(self) -> float:
        """How far the answer may be from the best, as a share of it; 0 where it is proven, 1 where nothing is known of it."""
        if self.status is SolveStatus.OPTIMAL:
            return 0.0
        if not self.found or not math.isfinite(self.bound):
            return 1.0
        return min(max(self.objective - self.bound, 0.0) / max(abs(self.objective), 1e-9), 1.0)


@dataclass(slots=True)
class TimeLeft:
    """The time that a search may still take, in seconds of the solver's own clock; every solve takes from it."""

    seconds: float = math.inf

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self.seconds <= 0

    def part(self, share: float) -> "TimeLeft":
        """Set a share of what is left aside, for a search that must not take it all."""
        given = TimeLeft(self.seconds * share)
        self.seconds = self.seconds if math.isinf(self.seconds) else self.seconds - given.seconds
        return given

    def give_back(self, rest: "TimeLeft") -> None:
        """Take back what a search has not used."""
        if math.isfinite(rest.seconds):
            self.seconds += max(rest.seconds, 0.0)


@dataclass(slots=True)
class Model:
    """A model as it is put together: minimise cost x column under rows of lower <= coefficients <= upper."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_name: list[str] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    row_start: list[int] = field(default_factory=lambda: [0])
    row_column: list[int] = field(default_factory=list)
    row_value: list[float] = field(default_factory=list)

    def add_column(self, cost: float = 0.0, lower: float = 0.0, upper: float = math.inf, *, whole: bool = False) -> int:
        """Add a variable; its number."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def add_row(
        self, name: str, terms: Iterable[tuple[int, float]], *, lower: float = -math.inf, upper: float = math.inf
    ) -> None:
        """Add a rule over some variables; its name says what it is there for, so that a clash can be read."""
        for column, value in terms:
            self.row_column.append(column)
            self.row_value.append(value)
        self.row_start.append(len(self.row_column))
        self.row_name.append(name)
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def drop_row(self) -> None:
        """Take the last rule away again."""
        end = self.row_start[-2]
        del self.row_column[end:], self.row_value[end:], self.row_start[-1], self.row_name[-1]
        del self.row_lower[-1], self.row_upper[-1]

    def minimise(self, terms: Iterable[tuple[int, float]]) -> None:
        """Make these terms least, and nothing else."""
        self.cost = [0.0] * len(self.cost)
        for column, value in terms:
            self.cost[column] += value

    def solve(
        self,
        time: TimeLeft | None = None,
        *,
        step: float = FINE,
        progress: Callable[[str], None] | None = None,
    ) -> Solution:
        """Solve, on one thread and from one seed, so that the answer is the same every time.

        Parameters
        ----------
        time
            What may still be used; without it, any.
        step
            An answer nearer to the bound than this counts as the best.

        Raises
        ------
        SolverError
            Where the solver neither finds an answer, nor shows that there is none, nor runs into a limit.
        """
        time = time or TimeLeft()
        if time.is_over:
            return Solution(status=SolveStatus.STOPPED_EARLY)
        with _nothing_printed():
            solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        options = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": step}
        if math.isfinite(time.seconds):
            options["time_limit"] = time.seconds
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._as_solvers_model())
        if progress is not None:
            _tell_progress(solver, progress)
        solver.run()
        time.seconds -= solver.getRunTime()
        return _checked(_read_solution(solver, len(self.cost)), np.array(self.cost))

    def _as_solvers_model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.row_lower)
        model.col_cost_ = np.array(self.cost, dtype=np.float64)
        model.col_lower_ = np.array(self.lower, dtype=np.float64)
        model.col_upper_ = np.array(self.upper, dtype=np.float64)
        model.row_lower_ = np.array(self.row_lower, dtype=np.float64)
        model.row_upper_ = np.array(self.row_upper, dtype=np.float64)
        model.row_names_ = [f"{number} {name}" for number, name in enumerate(self.row_name)]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.row_start, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self.row_column, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self.row_value, dtype=np.float64)
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        return model


@contextmanager
def _nothing_printed() -> Iterator[None]:
    """Keep the solver from greeting on standard output, where a command lists its files."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - a device, not a file
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _tell_progress(solver: highspy.Highs, progress: Callable[[str], None]) -> None:
    def tell(event: object) -> None:
        data = event.data_out  # type: ignore[attr-defined]
        if math.isfinite(data.mip_gap):
            within = f"choosing the homes: within {data.mip_gap:.1%} of the best possible"
            progress(Step(within, max(1.0 - data.mip_gap, 0.0)))

    solver.cbMipImprovingSolution += tell


MEANINGS = {
    "kOptimal": SolveStatus.OPTIMAL,
    # A model without rows and columns is solved by doing nothing.
    "kModelEmpty": SolveStatus.OPTIMAL,
    "kInfeasible": SolveStatus.INFEASIBLE,
    # What is made least here is never below a sum of bounded columns, so no model is unbounded.
    "kUnboundedOrInfeasible": SolveStatus.INFEASIBLE,
    "kTimeLimit": SolveStatus.STOPPED_EARLY,
    "kIterationLimit": SolveStatus.STOPPED_EARLY,
    "kSolutionLimit": SolveStatus.STOPPED_EARLY,
    "kMemoryLimit": SolveStatus.STOPPED_EARLY,
    "kInterrupt": SolveStatus.STOPPED_EARLY,
    "kHighsInterrupt": SolveStatus.STOPPED_EARLY,
}
"""What each of the solver's own words means; every other one is a failure, which says nothing of the model."""


def _read_solution(solver: highspy.Highs, columns: int) -> Solution:
    told = solver.getModelStatus().name
    status = MEANINGS.get(told)
    if status is None:
        msg = f"the solver ended without an answer ({told})"
        raise SolverError(msg)
    if status is SolveStatus.INFEASIBLE:
        return Solution(status=status)
    information = solver.getInfo()
    feasible = information.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not feasible and columns:
        if status is SolveStatus.OPTIMAL:
            msg = "the solver calls an answer the best that breaks a rule"
            raise SolverError(msg)
        return Solution(status=status, bound=float(information.mip_dual_bound))
    objective = float(information.objective_function_value)
    return Solution(
        status=status,
        values=np.array(solver.getSolution().col_value[:columns], dtype=np.float64),
        objective=objective,
        bound=float(information.mip_dual_bound) if _any_whole(solver) else objective,
    )


def _checked(solution: Solution, cost: Float64) -> Solution:
    """Return an answer of which it was seen that it is worth what the solver says it is."""
    if solution.values is not None:
        worth = float(cost @ solution.values)
        if not math.isclose(worth, solution.objective, rel_tol=1e-6, abs_tol=1e-3):
            msg = f"the solver's answer is worth {worth:g}, and it says {solution.objective:g}"
            raise SolverError(msg)
    return solution


def _any_whole(solver: highspy.Highs) -> bool:
    """Tell whether a solver's model has whole numbers in it."""
    return any(kind == highspy.HighsVarType.kInteger for kind in solver.getLp().integrality_)
