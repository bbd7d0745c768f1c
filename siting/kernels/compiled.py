"""The one door to the compiler: functions over arrays that run as machine code, kept between runs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer")


def compiled(function: Callable[_Parameters, _Answer]) -> Callable[_Parameters, _Answer]:
    """Compile a function of numpy arrays and numbers at its first call; the lock of Python is let go."""
    return cast("Callable[_Parameters, _Answer]", numba.njit(cache=True, nogil=True)(function))
