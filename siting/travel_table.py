"""Minutes and miles of every pair of places, as a table."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from siting.joining import Joins
from siting.network import NO_WAY_MS, RoadNetwork
from siting.time_matrix import Question, journeys
from siting.words import METRES_PER_MILE, MILLISECONDS_PER_MINUTE, Scenario


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
    found = journeys(Question(network=network, origins=origins, destinations=destinations, scenario=scenario, threads=threads))
    return pd.DataFrame(
        {
            "origin_id": np.repeat(np.array(origin_ids, dtype=object), len(destination_ids)),
            "destination_id": np.tile(np.array(destination_ids, dtype=object), len(origin_ids)),
            "minutes": np.where(found.time_ms < NO_WAY_MS, found.time_ms / MILLISECONDS_PER_MINUTE, np.nan).ravel(),
            "miles": (found.length_m / METRES_PER_MILE).ravel(),
        }
    )
