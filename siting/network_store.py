"""A road network to named arrays and back, for the file that it is kept in."""

from dataclasses import fields
from typing import Any

import numpy as np

from siting.array_file import Arrays
from siting.crs import MetricSystem
from siting.join_grid import JoinGrid
from siting.network import Links, RoadNetwork, Segments
from siting.speeds import TravelModel


def take_apart(network: RoadNetwork) -> tuple[Arrays, dict[str, Any]]:
    """Return a network's arrays by name (those of its parts as `part.name`) and its plain values."""
    arrays: Arrays = {}
    for part in fields(network):
        value = getattr(network, part.name)
        if isinstance(value, np.ndarray):
            arrays[part.name] = value
        elif isinstance(value, Segments | Links | JoinGrid):
            arrays |= {f"{part.name}.{inner.name}": getattr(value, inner.name) for inner in fields(value)}
    plain = {
        "epsg": network.system.epsg,
        "changes": network.model.changes,
        "road_names": network.road_names,
        "left_out": network.left_out,
        "fingerprint": network.fingerprint,
    }
    return arrays, plain


def put_together(arrays: Arrays, plain: dict[str, Any]) -> RoadNetwork:
    """Make the network of what `take_apart` returned."""

    def part(name: str) -> Arrays:
        return {key.removeprefix(f"{name}."): array for key, array in arrays.items() if key.startswith(f"{name}.")}

    return RoadNetwork(
        system=MetricSystem(plain["epsg"]),
        segments=Segments(**part("segments")),
        grid=JoinGrid(**part("grid")),
        onward=Links(**part("onward")),
        backward=Links(**part("backward")),
        road_names=tuple(plain["road_names"]),
        model=TravelModel(changes=tuple((name, value) for name, value in plain["changes"])),
        left_out=tuple((kind, count) for kind, count in plain["left_out"]),
        fingerprint=plain["fingerprint"],
        **{name: array for name, array in arrays.items() if "." not in name},
    )
