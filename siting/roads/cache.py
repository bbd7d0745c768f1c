"""Networks built once and kept: by what is in the source file, the model's figures and this program's version."""

import hashlib
from dataclasses import fields, replace
from datetime import time
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from siting.crs import MetricSystem
from siting.faults import NetworkSourceError
from siting.progress import Progress, silent
from siting.roads.join_grid import JoinGrid
from siting.roads.network import Fences, Links, RoadNetwork, Segments
from siting.storage.array_file import Arrays
from siting.storage.kept import cache_folder, keep
from siting.travel_model import SchoolHours, TravelModel

BUILD_VERSION = 24
"""Raised whenever the same source and figures would make another network."""


def open_network(
    source: Path,
    model: TravelModel | None = None,
    *,
    drives_on: str | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
) -> RoadNetwork:
    """Return the network of an OpenStreetMap extract, built now or kept from before.

    What is kept is used only where the source's every byte, the figures and the program's way of
    building are the same and the kept file is whole; otherwise it is built again. Two processes
    that want the same network build it once.

    Raises
    ------
    NetworkSourceError
        Where the source cannot be read or holds no roads.
    """
    model = model or TravelModel()
    folder = (folder or cache_folder()) / "networks"
    try:
        key = _key(source, model, drives_on)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{error.filename or source} cannot be used ({error.strerror}). Check that the file is there."
        raise NetworkSourceError(msg) from error

    def build() -> tuple[Arrays, dict[str, Any]]:
        from siting.osm.extract import read_osm  # noqa: PLC0415
        from siting.roads.build import build_network  # noqa: PLC0415 - slow to load, and only what is not kept is built

        osm_roads = read_osm(source, progress, hours=model.hours)
        progress("building the network")
        return take_apart(replace(build_network(osm_roads, model, drives_on), fingerprint=key))

    return put_together(*keep(folder / f"{key}.network", build))


def kept_network(network: RoadNetwork) -> Path:
    """Return the file in which a network that `open_network` returned is kept, in the cache's own folder."""
    return cache_folder() / "networks" / f"{network.fingerprint}.network"


def _key(source: Path, model: TravelModel, drives_on: str | None) -> str:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, xxhash.xxh3_128)
    digest.update(f"{model.fingerprint} {BUILD_VERSION} {drives_on}".encode())
    return digest.hexdigest()


def take_apart(network: RoadNetwork) -> tuple[Arrays, dict[str, Any]]:
    """Return a network's arrays by name (those of its parts as `part.name`) and its plain values."""
    arrays: Arrays = {}
    for part in fields(network):
        value = getattr(network, part.name)
        if isinstance(value, np.ndarray):
            arrays[part.name] = value
        elif isinstance(value, Segments | Links | JoinGrid | Fences):
            arrays |= {f"{part.name}.{inner.name}": getattr(value, inner.name) for inner in fields(value)}
    plain = {
        "epsg": network.system.epsg,
        "changes": network.model.changes,
        "hours": [network.model.hours.start.isoformat(), network.model.hours.end.isoformat(), network.model.hours.exempt],
        "road_names": network.road_names,
        "left_out": network.left_out,
        "lacks": network.lacks,
        "unread_kinds": network.unread_kinds,
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
        fences=Fences(**part("fences")),
        fence_grid=JoinGrid(**part("fence_grid")),
        onward=Links(**part("onward")),
        backward=Links(**part("backward")),
        road_names=tuple(plain["road_names"]),
        model=TravelModel(
            changes=tuple((name, value) for name, value in plain["changes"]),
            hours=SchoolHours(time.fromisoformat(plain["hours"][0]), time.fromisoformat(plain["hours"][1]), plain["hours"][2]),
        ),
        unread_kinds=tuple(plain["unread_kinds"]),
        left_out=tuple((kind, count) for kind, count in plain["left_out"]),
        lacks=plain["lacks"],
        fingerprint=plain["fingerprint"],
        **{name: array for name, array in arrays.items() if "." not in name},
    )
