"""A network's hierarchy: made once for many journeys, kept like the network, exact to the millisecond.

A weight is one whole number, the milliseconds times 2^32 plus the millimetres: sums of weights are
sums of both, and of two ways of one time the shorter is the lesser.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from siting.arrays import Float64, Int32, Int64
from siting.progress import Progress, silent, watched
from siting.roads.network import SHUT_MS, RoadNetwork, scenario_index
from siting.storage.array_file import Arrays
from siting.storage.kept import cache_folder, keep
from siting.times.hierarchy_search import Listed, listed_by
from siting.words import Scenario

HIERARCHY_VERSION = 2
"""Raised whenever the same network would make another hierarchy."""

_WEIGHT_BITS = 32
_MILLIMETRES_PER_METRE = 1000.0


def to_weight(time_ms: Int64, length_m: Float64) -> Int64:
    """Put times and lengths into weights."""
    return (np.asarray(time_ms, dtype=np.int64) << _WEIGHT_BITS) + np.rint(length_m * _MILLIMETRES_PER_METRE).astype(np.int64)


def from_weight(weight: Int64) -> tuple[Int64, Float64]:
    """Return the milliseconds and the metres of weights."""
    return weight >> _WEIGHT_BITS, (weight & (2**_WEIGHT_BITS - 1)) / _MILLIMETRES_PER_METRE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hierarchy:
    """A hierarchy of one network in one scenario.

    Attributes
    ----------
    number
        Int32, one a state of the network: its number here, 0 the most important.
    out, back
        Links that leave a state for a more important one, and links that come to it from one, by state.
    """

    number: Int32
    out: Listed
    back: Listed


def open_hierarchy(
    network: RoadNetwork, scenario: Scenario, folder: Path | None = None, *, progress: Progress = silent
) -> Hierarchy:
    """Return a network's hierarchy, made now or kept from before."""
    if not network.fingerprint:
        return make_hierarchy(network, scenario, progress)
    path = _path(network, scenario, folder)
    arrays, _ = keep(path, lambda: (_take_apart(make_hierarchy(network, scenario, progress)), {}))
    out, back = (Listed(*(arrays[f"{name}.{part}"] for part in Listed._fields)) for name in ("out", "back"))
    return Hierarchy(number=arrays["number"], out=out, back=back)


def is_kept(network: RoadNetwork, scenario: Scenario, folder: Path | None = None) -> bool:
    """Tell whether a network's hierarchy was made before."""
    return bool(network.fingerprint) and _path(network, scenario, folder).exists()


def make_hierarchy(network: RoadNetwork, scenario: Scenario, progress: Progress = silent) -> Hierarchy:
    """Make the hierarchy of a network."""
    from siting.times.contraction import contract  # noqa: PLC0415 - slow to load, and only what is not kept is made

    links, states = network.onward, len(network.state_arc)
    source = np.repeat(np.arange(states, dtype=np.int32), np.diff(links.start))
    cost_ms = links.cost_ms[scenario_index(scenario)]
    is_open = cost_ms < SHUT_MS
    target = links.other[is_open]
    length_m = network.segments.length_m[network.state_arc[target] >> 1]
    weight = to_weight(cost_ms[is_open].astype(np.int64), length_m)
    taken_out = np.zeros(1, dtype=np.int64)
    with watched("preparing the roads for many journeys", lambda: int(taken_out[0]) / max(states, 1), progress):
        rank, begin, end, weight = contract(source[is_open], target, weight, states, taken_out)
    number = (states - 1 - rank).astype(np.int32)
    begin, end = number[begin], number[end]
    outward = end < begin
    return Hierarchy(
        number=number,
        out=listed_by(begin[outward], end[outward], weight[outward], states),
        back=listed_by(end[~outward], begin[~outward], weight[~outward], states),
    )


def _take_apart(hierarchy: Hierarchy) -> Arrays:
    lists = {"out": hierarchy.out, "back": hierarchy.back}
    parts = {f"{name}.{part}": array for name, listed in lists.items() for part, array in listed._asdict().items()}
    return {"number": hierarchy.number, **parts}


def _path(network: RoadNetwork, scenario: Scenario, folder: Path | None) -> Path:
    name = f"{network.fingerprint}-{scenario.value}-{HIERARCHY_VERSION}.hierarchy"
    return (folder or cache_folder()) / "hierarchies" / name
