"""Networks built once and kept: by what is in the source file, the model's figures and this program's version."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import xxhash

from siting.array_file import Arrays
from siting.cache import cache_folder, keep
from siting.faults import NetworkSourceError
from siting.network import RoadNetwork
from siting.network_store import put_together, take_apart
from siting.progress import Progress, silent
from siting.speeds import TravelModel

BUILD_VERSION = 4
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
        from siting.network_build import build_network  # noqa: PLC0415 - slow to load, and only what is not kept is built
        from siting.osm import read_osm  # noqa: PLC0415

        osm_roads = read_osm(source, progress)
        progress("building the network")
        return take_apart(replace(build_network(osm_roads, model, drives_on), fingerprint=key))

    return put_together(*keep(folder / f"{key}.network", build))


def _key(source: Path, model: TravelModel, drives_on: str | None) -> str:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, xxhash.xxh3_128)
    digest.update(f"{model.fingerprint} {BUILD_VERSION} {drives_on}".encode())
    return digest.hexdigest()
