"""Roads of a named place, downloaded once with OSMnx and kept as an OpenStreetMap file."""

import hashlib
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from siting.faults import NetworkSourceError
from siting.osm.tags import NODE_DETAILS, NODE_KEYS, WAY_KEYS
from siting.progress import Progress, silent
from siting.storage.kept import cache_folder
from siting.travel_model import ROAD_CLASSES

ATTEMPTS = 3
FIRST_PAUSE_S = 5.0
"""The pause before the second attempt; doubled before each further one."""


def download_area(
    place: str,
    *,
    folder: Path | None = None,
    progress: Progress = silent,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Return an OpenStreetMap file of a place's roads, from the cache if it was downloaded before.

    The place's name goes to OpenStreetMap's servers (Nominatim and Overpass); nothing else does.

    Raises
    ------
    NetworkSourceError
        Where the place is not found, or the servers cannot be reached after some attempts.
    """
    folder = (folder or cache_folder()) / "downloads"
    kept = folder / f"{_digest(place.casefold())}-{_digest(repr(_ASKED_FOR))}.osm"
    if kept.is_file():
        return kept
    # What an earlier program downloaded lacks tags that this one reads.
    earlier = [path for path in folder.glob(f"{_digest(place.casefold())}*.osm") if path.is_file()]
    told = ", with tags that were not asked for when it was last downloaded" if earlier else ""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        progress(f"downloading the roads of {place} from OpenStreetMap{told}")
        try:
            partial = kept.with_suffix(".part.osm")
            _download(place, partial, folder)
            partial.replace(kept)
        except (ConnectionError, TimeoutError, OSError) as error:
            if attempt == ATTEMPTS:
                msg = (
                    f"The roads of {place} cannot be downloaded{told}, since OpenStreetMap's servers do not answer. Check the "
                    "network, or download the county as .osm.pbf (for example from Geofabrik) on another machine and "
                    "name it in the plan as network."
                )
                raise NetworkSourceError(msg) from error
            sleep(FIRST_PAUSE_S * 2 ** (attempt - 1))
        except ValueError as error:
            msg = f"OpenStreetMap does not know the place {place} as an area with roads ({error}). Write town, county, country."
            raise NetworkSourceError(msg) from error
        else:
            for path in earlier:
                path.unlink(missing_ok=True)
            return kept
    raise AssertionError


_ASKED_FOR = (sorted(WAY_KEYS), sorted([*NODE_KEYS, *NODE_DETAILS]), sorted(ROAD_CLASSES))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _download(place: str, target: Path, folder: Path) -> None:
    import osmnx  # noqa: PLC0415 - takes seconds to import, and few runs download

    before = osmnx.settings.all_oneway, osmnx.settings.useful_tags_way, osmnx.settings.useful_tags_node
    osmnx.settings.cache_folder = str(folder / "answers")
    osmnx.settings.all_oneway = True
    osmnx.settings.useful_tags_way = [*WAY_KEYS, "bridge"]
    osmnx.settings.useful_tags_node = [*NODE_KEYS, *NODE_DETAILS]
    try:
        roads = osmnx.graph_from_place(
            place,
            custom_filter=f'["highway"~"^({"|".join(ROAD_CLASSES)})$"]',
            simplify=False,
            retain_all=True,
            truncate_by_edge=True,
        )
        with warnings.catch_warnings():
            # What OSMnx does with pandas in there concerns its makers.
            warnings.simplefilter("ignore", DeprecationWarning)
            osmnx.save_graph_xml(roads, filepath=target)
    finally:
        osmnx.settings.all_oneway, osmnx.settings.useful_tags_way, osmnx.settings.useful_tags_node = before
