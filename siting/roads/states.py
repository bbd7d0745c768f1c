"""The states of a network: one for an open arc, two for an arc that may be used at the ends of journeys only.

An arc that is open in one scenario and private in another has all three; in each scenario only those
of its kind may be driven.
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Int8, Int32, UInt8
from siting.osm.tags import Access
from siting.roads.turns import ZONE_ENTERING, ZONE_LEAVING, ZONE_OPEN


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class States:
    """The states of all arcs.

    Attributes
    ----------
    arc, zone
        Int32, one a state; the states of an arc follow each other.
    open_in
        UInt8, one a state: the scenarios in which it may be driven, a bit each.
    leaving, entering
        Int32, scenarios x arcs, as in `network.RoadNetwork`.
    """

    arc: Int32
    zone: Int32
    open_in: UInt8
    leaving: Int32
    entering: Int32


def number_states(arc_access: Int8) -> States:
    """Give arcs their states, by their access (scenarios x arcs, values of `Access`)."""
    is_open, at_ends = arc_access == Access.YES, arc_access == Access.ENDS_ONLY
    scenarios = np.arange(len(arc_access))[:, None]
    open_in = (is_open.astype(np.int64) << scenarios).sum(axis=0)
    ends_in = (at_ends.astype(np.int64) << scenarios).sum(axis=0)
    wanted = np.column_stack([ends_in, open_in, ends_in])
    number = np.where(wanted > 0, np.cumsum(wanted.ravel() > 0).reshape(wanted.shape) - 1, -1).astype(np.int32)
    arc, zone = np.nonzero(wanted)
    return States(
        arc=arc.astype(np.int32),
        zone=np.array([ZONE_LEAVING, ZONE_OPEN, ZONE_ENTERING], dtype=np.int32)[zone],
        open_in=wanted[arc, zone].astype(np.uint8),
        leaving=np.select([is_open, at_ends], [number[:, 1], number[:, 0]], -1).astype(np.int32),
        entering=np.select([is_open, at_ends], [number[:, 1], number[:, 2]], -1).astype(np.int32),
    )
