"""Where a children's home can be: travel times, isochrones, the rules and the choice of homes.

    from siting import Plan, RoadNetwork, evaluate, isochrones, travel_times

What is named here is loaded when it is first used, so that a command starts at once and a look at
this package starts nothing.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from siting.api import isochrones, open_network, travel_times
    from siting.inputs.plan import Plan
    from siting.pipeline import evaluate
    from siting.roads.network import RoadNetwork

__all__ = ["Plan", "RoadNetwork", "evaluate", "isochrones", "open_network", "travel_times"]

_HOMES = {
    "Plan": "siting.inputs.plan",
    "RoadNetwork": "siting.roads.network",
    "evaluate": "siting.pipeline",
    "open_network": "siting.api",
    "travel_times": "siting.api",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a public name."""
    if name not in _HOMES:
        msg = f"module 'siting' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def _function(_door: ModuleType) -> Any:  # noqa: ANN401 - mypy knows it by the import above
    return import_module("siting.api").isochrones


def _keep_the_function(_door: ModuleType, _room: ModuleType) -> None:
    """Let the import system name the room of the same name in vain: `siting.isochrones` is the function."""


sys.modules[__name__].__class__ = type("_Door", (ModuleType,), {"isochrones": property(_function, _keep_the_function)})
