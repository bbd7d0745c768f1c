"""The states of a network: one for an open arc, two for an arc that may be used at the ends of journeys only.

An arc that is open in one scenario and private in another has all three; in each scenario only those
of its kind may be driven.
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Bool, Int8, Int32, UInt8
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
    open_in, ends_in = (_in_bits(kind) for kind in (is_open, at_ends))
    wanted = np.column_stack([ends_in, open_in, ends_in])
    number = np.cumsum(wanted.ravel() > 0, dtype=np.int32).reshape(wanted.shape) - np.int32(1)
    places = np.flatnonzero(wanted)
    arc = places // wanted.shape[1]
    zone = places - arc * wanted.shape[1]
    return States(
        arc=arc.astype(np.int32),
        zone=np.array([ZONE_LEAVING, ZONE_OPEN, ZONE_ENTERING], dtype=np.int32)[zone],
        open_in=wanted.ravel()[places],
        leaving=_state_of_arc(arc_access, number[:, 1], number[:, 0]),
        entering=_state_of_arc(arc_access, number[:, 1], number[:, 2]),
    )


def _in_bits(holds: Bool) -> UInt8:
    bits = np.zeros(holds.shape[1], dtype=np.uint8)
    for row, in_scenario in enumerate(holds):
        bits |= in_scenario.view(np.uint8) << np.uint8(row)
    return bits


def _state_of_arc(arc_access: Int8, when_open: Int32, at_ends: Int32) -> Int32:
    answer = np.where(arc_access == Access.YES, when_open, at_ends)
    answer[arc_access == Access.NO] = -1
    return answer
