"""The one door to the compiler: functions over arrays that run as machine code, kept between runs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer")


def compiled(function: Callable[_Parameters, _Answer]) -> Callable[_Parameters, _Answer]:
    """Compile a function of numpy arrays and numbers at its first call; the lock of Python is let go."""
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Neither the program's folder nor the user's can be written to: it is compiled anew each time.
        made = numba.njit(nogil=True)(function)
    return cast("Callable[_Parameters, _Answer]", made)
