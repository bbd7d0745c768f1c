"""What a screen needs on disk before it begins: each region's network and ground, its places and the schools that reach it.

The arrays are mapped, not read: however many processes of a machine are at work, its memory holds them once.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
import xxhash

from siting.arrays import Int64
from siting.evaluation.extract_edge import states_on
from siting.isochrones.surface import SURFACE_VERSION, Surface, make_surface
from siting.isochrones.zone import Zone, zone_over
from siting.roads.cache import open_network, put_together, take_apart
from siting.roads.joining import Joins
from siting.roads.network import RoadNetwork
from siting.screening.cutting import CutNetwork, cut_network
from siting.screening.regions import Box, Region
from siting.storage.array_file import Arrays, read_arrays, write_arrays
from siting.storage.kept import cache_folder, keep
from siting.travel_model import TravelModel
from siting.words import MOST_OPEN_GROUND_M

SCREEN_VERSION = 2
"""Raised whenever the same screen would make other results."""

SEAM_M = 1_000.0
"""Ground is laid, and times are known, so far beyond a region's edge: more than any triangle of the ground is long."""
_LAID_BEYOND_M = 5_000.0
"""Triangles are laid so far beyond it, since those at the very edge of what is laid depend on where it ends."""
_FARTHEST_M = 1e8


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFiles:
    """Where a region's things lie.

    Attributes
    ----------
    name
        The region's.
    network, ground
        Its own network; and its ground with how it is joined to it, None where no areas are drawn.
    places
        Its places and the schools on its network.
    """

    name: str
    network: Path
    ground: Path | None
    places: Path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenRegion:
    """A region, mapped: joins are to its own network.

    `cut_off` are the states of journeys along main roads that end at the edge of the whole network.
    """

    cut: CutNetwork
    cut_off: Int64
    place_ids: np.ndarray
    places: Joins
    school_ids: tuple[str, ...]
    schools: Joins
    ground: Joins | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """One region to be cut out: of which network, and how far journeys go.

    `with_ground` where areas are to be drawn.
    """

    source: Path
    model: TravelModel
    drives_on: str | None
    region: Region
    limit_ms: int
    with_ground: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a region that was cut out is kept, and by what it is known."""

    region: Region
    key: str
    network: Path
    ground: Path | None


def prepare_region(cutting: Cutting) -> Kept:
    """Cut a region out of the whole network and lay its ground, now or kept from before."""
    whole = _whole(cutting.source, cutting.model, cutting.drives_on)
    said = f"{whole.fingerprint} {cutting.region.box} {cutting.limit_ms} {SCREEN_VERSION} {SURFACE_VERSION}"
    key = xxhash.xxh3_128_hexdigest(said.encode())
    folder = cache_folder() / "regions"
    kept = Kept(
        region=cutting.region,
        key=key,
        network=folder / f"{key}.region",
        ground=folder / f"{key}.ground" if cutting.with_ground else None,
    )

    def cut() -> tuple[Arrays, dict[str, object]]:
        made = cut_network(whole, _widened(cutting.region.box, SEAM_M), cutting.limit_ms, key)
        arrays, plain = take_apart(made.network)
        return {**arrays, "whole.segment": made.segment, "whole.cut_off": made.cut_off}, plain

    keep(kept.network, cut)
    if kept.ground is not None:
        keep(kept.ground, lambda: (_take_ground(open_cut(kept.network), whole, cutting.region.box), {}))
    return kept


@lru_cache(maxsize=1)
def _whole(source: Path, model: TravelModel, drives_on: str | None) -> RoadNetwork:
    return open_network(source, model, drives_on=drives_on)


def open_cut(path: Path) -> CutNetwork:
    """Map a region's network."""
    arrays, plain = read_arrays(path)
    segment, cut_off = arrays.pop("whole.segment"), arrays.pop("whole.cut_off")
    return CutNetwork(network=put_together(arrays, plain), segment=segment, cut_off=cut_off)


def _take_ground(cut: CutNetwork, whole: RoadNetwork, box: Box) -> Arrays:
    surface = make_surface(whole, _ground_of(whole, box))
    arrays = {name: getattr(surface, name) for name in ("x_m", "y_m", "triangles", "neighbours")}
    return arrays | _arrays_of("joins", cut.within(surface.joins))


def open_ground(path: Path) -> Surface:
    """Map a region's ground; its corners are joined to the region's network."""
    arrays, _ = read_arrays(path)
    return Surface(joins=_joins_of("joins", arrays), **{name: arrays[name] for name in ("x_m", "y_m", "triangles", "neighbours")})


def _ground_of(network: RoadNetwork, box: Box) -> Zone:
    """Return the ground within a box and around it as far as roads go."""
    x_m, y_m = network.segments.x_m, network.segments.y_m
    ends = np.array([x_m.min(), y_m.min(), x_m.max(), y_m.max()])
    wide = np.clip(_widened(box, SEAM_M + _LAID_BEYOND_M), -_FARTHEST_M, _FARTHEST_M)
    west, south = np.minimum(np.maximum(wide[:2], ends[:2] - MOST_OPEN_GROUND_M), ends[2:])
    east, north = np.maximum(np.minimum(wide[2:], ends[2:] + MOST_OPEN_GROUND_M), ends[:2])
    return zone_over(np.array([[west, south, east, north]]))


def _widened(box: Box, margin_m: float) -> Box:
    west, south, east, north = box
    return west - margin_m, south - margin_m, east + margin_m, north + margin_m


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """Schools or places by their identifiers, each once, as they are joined to the whole network."""

    ids: np.ndarray
    joins: Joins

    def __len__(self) -> int:
        """Count them."""
        return len(self.ids)

    def some(self, index: "np.ndarray") -> "Listed":
        """Return some of them."""
        return Listed(ids=self.ids[index], joins=self.joins[index])

    @property
    def digest(self) -> str:
        """Tell these from any other."""
        digest = xxhash.xxh3_128("\n".join(self.ids.tolist()).encode())
        for name in ("segment", "share", "access_ms"):
            digest.update(np.ascontiguousarray(getattr(self.joins, name)).tobytes())
        return digest.hexdigest()


def write_places(folder: Path, kept: Kept, places: Listed, schools: Listed) -> tuple[RegionFiles, tuple[str, ...]]:
    """Write a region's places and the schools that its network has; the files, and those schools' identifiers in their order."""
    cut = open_cut(kept.network)
    here = cut.within(schools.joins)
    on_network = np.flatnonzero(here.segment >= 0)
    path = folder / f"{kept.region.name}.places"
    path.parent.mkdir(parents=True, exist_ok=True)
    ids = {"place_ids": places.ids.astype(str), "school_ids": schools.ids[on_network].astype(str)}
    arrays = _arrays_of("places", cut.within(places.joins)) | _arrays_of("schools", here[on_network])
    write_arrays(path, {**ids, **arrays}, {})
    files = RegionFiles(name=kept.region.name, network=kept.network, ground=kept.ground, places=path)
    return files, tuple(schools.ids[on_network].tolist())


def open_region(files: RegionFiles) -> OpenRegion:
    """Map a region."""
    arrays, _ = read_arrays(files.places)
    cut = open_cut(files.network)
    return OpenRegion(
        cut=cut,
        cut_off=states_on(cut.network, cut.cut_off),
        place_ids=arrays["place_ids"].astype(object),
        places=_joins_of("places", arrays),
        school_ids=tuple(arrays["school_ids"].tolist()),
        schools=_joins_of("schools", arrays),
        ground=open_ground(files.ground).joins if files.ground else None,
    )


def _arrays_of(name: str, joins: Joins) -> Arrays:
    return {f"{name}.{part.name}": getattr(joins, part.name) for part in fields(Joins)}


def _joins_of(name: str, arrays: Arrays) -> Joins:
    return Joins(**{part.name: arrays[f"{name}.{part.name}"] for part in fields(Joins)})
