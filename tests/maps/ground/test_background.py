"""The sea on a map: to the right of the coast, up a river no farther than the coast goes, never over a town."""

from pathlib import Path

import pytest
import shapely

from maps.ground.background import Background, open_background
from siting.roads.cache import open_network


@pytest.fixture(scope="module")
def newport(shared_data: Path) -> Background:
    source = shared_data / "newport-2023-06-13.osm.pbf"
    return open_background(source, open_network(source))


def test_the_sea_is_off_the_coast_and_covers_no_place(newport: Background) -> None:
    sea = shapely.union_all(list(newport.shapes["sea"]))
    assert shapely.contains_xy(sea, 336_000, 181_000), "the Severn off Newport"
    assert shapely.contains_xy(sea, 332_550, 187_000), "the Usk in Newport"
    assert [place.name for place in newport.names if shapely.contains_xy(sea, place.x_m, place.y_m)] == []
    assert shapely.area(sea) < 35e6
