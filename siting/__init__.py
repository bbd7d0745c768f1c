"""Where a children's home can be: travel times, isochrones, the rules and the choice of homes.

    from siting import Plan, RoadNetwork, evaluate, isochrones, travel_times

What is named here is loaded when it is first used, so that a command starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from siting.frames import isochrones, open_network, travel_times
    from siting.network import RoadNetwork
    from siting.pipeline import evaluate
    from siting.plan import Plan

__all__ = ["Plan", "RoadNetwork", "evaluate", "isochrones", "open_network", "travel_times"]

_HOMES = {
    "Plan": "siting.plan",
    "RoadNetwork": "siting.network",
    "evaluate": "siting.pipeline",
    "isochrones": "siting.frames",
    "open_network": "siting.frames",
    "travel_times": "siting.frames",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a public name."""
    if name not in _HOMES:
        msg = f"module 'siting' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)
