"""Arrays that nobody changes any more: of a value that is made they are closed, as those are that are read from the cache.

The compiler tells open arrays from closed ones: what is asked of both would be compiled twice.
"""

from dataclasses import fields
from typing import Any

import numpy as np


def close_arrays(value: Any) -> None:  # noqa: ANN401 - any dataclass
    """Close all arrays of a dataclass to changes."""
    for part in fields(value):
        array = getattr(value, part.name)
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
