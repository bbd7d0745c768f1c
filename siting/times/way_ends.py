"""How the ways between a hub and many places end: by which state, and how long it takes."""

import numpy as np

from siting.arrays import Float64, Int32, Int64
from siting.kernels.compiled import compiled
from siting.times.search import UNREACHED
from siting.words import NO_WAY_MS

NO_STATE, DIRECT_ALONG, DIRECT_AGAINST = -1, -2, -3
"""In place of a state: there is no way; the place lies on the hub's own piece of road, along it or against it."""


@compiled
def best_ends(
    segment: Int64,
    share: Float64,
    access_ms: Int64,
    hub_segment: int,
    hub_share: float,
    hub_access_ms: int,
    arc_ms: Int32,
    leaving_state: Int32,
    entering_state: Int32,
    twin: Int32,
    label: Int32,
    outward: bool,
    limit_ms: int,
) -> tuple[Int64, Int64]:
    """Return each place's milliseconds, `NO_WAY_MS` beyond the limit, and the state by which they are had.

    `segment`, `share` and `access_ms` are those of the places' joins; the rest as in `RoadNetwork`
    and `Reach`, `outward` where the journeys start at the hub.
    """
    best_ms = np.full(len(segment), NO_WAY_MS)
    best_state = np.full(len(segment), np.int64(NO_STATE))
    for place in range(len(segment)):
        if segment[place] < 0:
            continue
        least, by = NO_WAY_MS, np.int64(NO_STATE)
        for side in range(2):
            arc = 2 * segment[place] + side
            leaving = leaving_state[arc]
            whole_ms = arc_ms[arc]
            before_ms = np.int64(np.rint(whole_ms * (share[place] if side == 0 else 1.0 - share[place])))
            part_ms = (before_ms - whole_ms if outward else whole_ms - before_ms) + access_ms[place]
            if leaving >= 0 and label[leaving] != UNREACHED and label[leaving] + part_ms < least:
                least, by = label[leaving] + part_ms, np.int64(leaving)
            entering = entering_state[arc]
            if outward and entering >= 0 and label[entering] != UNREACHED and label[entering] + part_ms < least:
                least, by = label[entering] + part_ms, np.int64(entering)
            other = twin[leaving] if outward and leaving >= 0 else -1
            while other >= 0:
                if label[other] != UNREACHED and label[other] + part_ms < least:
                    least, by = label[other] + part_ms, np.int64(other)
                other = twin[other]
            if segment[place] == hub_segment and leaving >= 0:
                hub_before_ms = np.int64(np.rint(whole_ms * (hub_share if side == 0 else 1.0 - hub_share)))
                driven_ms = before_ms - hub_before_ms if outward else hub_before_ms - before_ms
                direct_ms = driven_ms + access_ms[place] + hub_access_ms
                if driven_ms >= 0 and direct_ms <= least:
                    least, by = direct_ms, np.int64(DIRECT_ALONG if side == 0 else DIRECT_AGAINST)
        if least <= limit_ms:
            best_ms[place], best_state[place] = least, by
    return best_ms, best_state
