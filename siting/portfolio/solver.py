"""Linear models with whole numbers, solved by HiGHS; the only module that knows the solver."""

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

SOLVER = "HiGHS"
GAP = 1e-6
"""An answer this near to the bound, as a share of it, is proven best."""


class SolveStatus(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    STOPPED_EARLY = "stopped early"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """What the solver found.

    Attributes
    ----------
    values
        Float64, one a column; empty where nothing was found.
    objective, bound
        The value found, and what no answer can be below.
    """

    status: SolveStatus
    values: Float64
    objective: float
    bound: float

    @property
    def found(self) -> bool:
        """Whether there is an answer at all."""
        return len(self.values) > 0

    @property
    def gap(self) -> float:
        """How far the answer may be from the best, as a share of it; 0 where it is proven."""
        if self.status is SolveStatus.OPTIMAL or not self.found:
            return 0.0
        return max(self.objective - self.bound, 0.0) / max(abs(self.objective), 1e-9)


@dataclass(slots=True)
class Model:
    """A model as it is put together: minimise cost x column under rows of lower <= coefficients <= upper."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
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

    def add_row(self, terms: Iterable[tuple[int, float]], *, lower: float = -math.inf, upper: float = math.inf) -> None:
        """Add a rule over some variables."""
        for column, value in terms:
            self.row_column.append(column)
            self.row_value.append(value)
        self.row_start.append(len(self.row_column))
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def solve(self, *, time_limit_s: float = math.inf, progress: Callable[[str], None] | None = None) -> Solution:
        """Solve, on one thread and from one seed, so that the answer is the same every time."""
        with _nothing_printed():
            solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 0)
        solver.setOptionValue("mip_rel_gap", GAP)
        solver.setOptionValue("mip_abs_gap", 1e-6)
        if math.isfinite(time_limit_s):
            solver.setOptionValue("time_limit", time_limit_s)
        solver.passModel(self._as_solvers_model())
        if progress is not None:
            _tell_progress(solver, progress)
        solver.run()
        return _read_solution(solver, len(self.cost))

    def _as_solvers_model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.row_lower)
        model.col_cost_ = np.array(self.cost, dtype=np.float64)
        model.col_lower_ = np.array(self.lower, dtype=np.float64)
        model.col_upper_ = np.array(self.upper, dtype=np.float64)
        model.row_lower_ = np.array(self.row_lower, dtype=np.float64)
        model.row_upper_ = np.array(self.row_upper, dtype=np.float64)
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
            progress(f"choosing the homes: within {data.mip_gap:.1%} of the best possible")

    solver.cbMipImprovingSolution += tell


def _read_solution(solver: highspy.Highs, columns: int) -> Solution:
    status = solver.getModelStatus()
    information = solver.getInfo()
    kinds = highspy.HighsModelStatus
    if status == kinds.kOptimal:
        found = SolveStatus.OPTIMAL
    elif status in {kinds.kTimeLimit, kinds.kIterationLimit, kinds.kSolutionLimit, kinds.kInterrupt}:
        found = SolveStatus.STOPPED_EARLY
    else:
        found = SolveStatus.INFEASIBLE
    feasible = information.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    has_answer = found is not SolveStatus.INFEASIBLE and feasible
    values = np.array(solver.getSolution().col_value[:columns]) if has_answer else np.zeros(0)
    bound = information.mip_dual_bound if any_whole(solver) else information.objective_function_value
    return Solution(
        status=found,
        values=values,
        objective=float(information.objective_function_value) if has_answer else math.inf,
        bound=float(bound),
    )


def any_whole(solver: highspy.Highs) -> bool:
    """Tell whether a solver's model has whole numbers in it."""
    return any(kind == highspy.HighsVarType.kInteger for kind in solver.getLp().integrality_)
