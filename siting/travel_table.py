"""Minutes and miles of every pair of places, as a table."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from siting.arrays import Float64, Int64
from siting.joining import Joins
from siting.network import RoadNetwork
from siting.routing import NO_WAY_MS, metres_at, reach, times_at
from siting.words import METRES_PER_MILE, MILLISECONDS_PER_MINUTE, Direction, Scenario


def pair_table(  # noqa: PLR0913 - two tables of places
    network: RoadNetwork,
    origin_ids: Sequence[str],
    origins: Joins,
    destination_ids: Sequence[str],
    destinations: Joins,
    scenario: Scenario,
    *,
    threads: int = 2,
) -> pd.DataFrame:
    """Return `origin_id`, `destination_id`, `minutes`, `miles`; minutes and miles are missing where there is no way."""
    outward = len(origins) <= len(destinations)
    hubs, others = (origins, destinations) if outward else (destinations, origins)
    direction = Direction.FROM_SCHOOL if outward else Direction.TO_SCHOOL

    def one(row: int) -> tuple[Int64, Float64]:
        found = reach(network, hubs[row : row + 1], scenario, direction, with_metres=True)
        return times_at(found, others), metres_at(found, others)

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        answers = list(pool.map(one, range(len(hubs))))
    shape = (len(hubs), len(others))
    time_ms = np.array([times for times, _ in answers], dtype=np.int64).reshape(shape)
    length_m = np.array([metres for _, metres in answers], dtype=np.float64).reshape(shape)
    if not outward:
        time_ms, length_m = time_ms.T, length_m.T
    return pd.DataFrame(
        {
            "origin_id": np.repeat(np.array(origin_ids, dtype=object), len(destination_ids)),
            "destination_id": np.tile(np.array(destination_ids, dtype=object), len(origin_ids)),
            "minutes": np.where(time_ms < NO_WAY_MS, time_ms / MILLISECONDS_PER_MINUTE, np.nan).ravel(),
            "miles": (length_m / METRES_PER_MILE).ravel(),
        }
    )
