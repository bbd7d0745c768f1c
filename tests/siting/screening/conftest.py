"""A screen over the sample's roads: schools and places on and beside them, on the seams between regions, off the map."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from siting.roads.cache import open_network
from siting.roads.network import RoadNetwork
from siting.storage.kept import bundled_data

ROADS = bundled_data() / "chilterns" / "chilterns.osm.pbf"

SCREEN = """title = "Screen"
[area]
network = "{roads}"
[schools]
table = "schools.csv"
[places]
table = "places.csv"
[rules]
minutes = {minutes}
scenarios = [{scenarios}]
[regions]
count = {count}
areas = {areas}
"""


@pytest.fixture(scope="session")
def chilterns() -> RoadNetwork:
    return open_network(ROADS)


@pytest.fixture(scope="session")
def road_points(chilterns: RoadNetwork) -> Callable[[int, int], np.ndarray]:
    """Draw points on roads that a house may stand at: metres, rows x 2."""

    def draw(count: int, seed: int) -> np.ndarray:
        segments = chilterns.segments
        chosen = np.random.default_rng(seed).choice(np.flatnonzero(segments.joinable & segments.open_road), count, replace=False)
        at = segments.geometry_start[chosen]
        return np.column_stack([segments.x_m[at], segments.y_m[at]])

    return draw


def _write_points(path: Path, prefix: str, points: np.ndarray) -> None:
    rows = [f"{prefix}{number},{x_m:.2f},{y_m:.2f}\n" for number, (x_m, y_m) in enumerate(points)]
    path.write_text("id,easting,northing\n" + "".join(rows), encoding="utf-8")


def _write_screen(
    folder: Path,
    *,
    minutes: float = 12,
    scenarios: tuple[str, ...] = ("school_run",),
    count: int = 4,
    areas: bool = False,
    roads: Path = ROADS,
) -> Path:
    path = folder / "screen.toml"
    words = ", ".join(f'"{scenario}"' for scenario in scenarios)
    text = SCREEN.format(roads=roads.as_posix(), minutes=minutes, scenarios=words, count=count, areas=str(areas).lower())
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def write_points() -> Callable[[Path, str, np.ndarray], None]:
    """Write a table of points, each with a prefix and its number as its id."""
    return _write_points


@pytest.fixture(scope="session")
def write_screen() -> Callable[..., Path]:
    """Write a screen file into a folder that has schools.csv and places.csv."""
    return _write_screen
