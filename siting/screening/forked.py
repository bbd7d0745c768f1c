"""The process that workers of this machine begin as copies of: what it has loaded, none of them loads again.

Nobody imports this but that process (see `cluster`), which is told by its environment that it is the one; in any other the import
does nothing. Compiled code takes a second or more to load at its first call, so it asks the roads for a journey of no length.
"""

import os
from pathlib import Path

import numpy as np

from siting.roads.cache import put_together
from siting.roads.joining import Joins
from siting.screening import preparing, tasks
from siting.storage.array_file import read_arrays
from siting.times.routing import reach, times_at
from siting.words import Direction, Scenario

NETWORK_VARIABLE = "SITING_WORKERS_NETWORK"
"""Names the kept network to that process."""
LOADED = (preparing, tasks)
"""What workers do."""


def load(path: Path) -> None:
    """Load the compiled code that tasks run, for arrays as they are mapped."""
    network = put_together(*read_arrays(path))
    segment = np.flatnonzero(network.segments.joinable)[:1]
    nought = np.zeros(len(segment))
    here = Joins(
        segment=segment, share=nought, x_m=nought, y_m=nought, distance_m=nought, access_ms=np.zeros(len(segment), np.int64)
    )
    for direction in Direction if len(here) else ():
        times_at(reach(network, here, Scenario.SCHOOL_RUN, direction, limit_ms=0), here)


if NETWORK_VARIABLE in os.environ:
    load(Path(os.environ[NETWORK_VARIABLE]))
