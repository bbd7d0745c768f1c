"""How long a car waits at what stands on a road: gates, signals, signs.

A wait belongs to passing its node, not to the road before it: a house just short of a gate does not
pay for it, one just beyond does. So roads are cut there, and the wait is part of going on.
"""

import numpy as np

from siting.arrays import Int8, Int32
from siting.osm.tags import NodeEffect
from siting.travel_model import TravelModel

_FIGURES = {
    NodeEffect.GATE: "gate_delay",
    NodeEffect.PRIVATE_GATE: "gate_delay",
    NodeEffect.SIGNAL: "signal_delay",
    NodeEffect.STOP: "stop_delay",
    NodeEffect.GIVE_WAY: "give_way_delay",
    NodeEffect.CROSSING: "crossing_delay",
    NodeEffect.MINI_ROUNDABOUT: "mini_roundabout_delay",
    NodeEffect.SIGNAL_CROSSING: "signal_crossing_delay",
}
_WITHOUT_DELAY = (NodeEffect.BLOCK, NodeEffect.PRIVATE_GATE, NodeEffect.PRIVATE_ENTRANCE, NodeEffect.TURNING_CIRCLE)


def effects_to_cut_at(model: TravelModel) -> tuple[NodeEffect, ...]:
    """Return the kinds of node that end a segment: barriers, places to turn, and what takes time by the model's figures."""
    taking_time = (effect for effect, figure in _FIGURES.items() if effect not in _WITHOUT_DELAY and model[figure] > 0)
    return (*_WITHOUT_DELAY, *taking_time)


def waits_ms(end_effect: Int8, model: TravelModel) -> Int32:
    """Return the milliseconds that each arc's car waits at its end before it goes on, by the effect of the node there."""
    by_effect = np.zeros(max(NodeEffect) + 1, dtype=np.int32)
    for effect, figure in _FIGURES.items():
        by_effect[effect] = round(model[figure] * 1000)
    return by_effect[end_effect]
