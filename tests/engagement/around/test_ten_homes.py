"""Nine homes in Newport and one in Rutland: lists equal a count over the raw file, and nobody lived-in is passed over."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from engagement.prepare import HomeView, consider_home
from siting.crs import MetricSystem, to_degrees, to_metres
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.engagement_sources import sources_of
from siting.words import BNG

pytestmark = pytest.mark.slow  # a city's roads are read where they are not kept from before
GRID = MetricSystem(BNG)
LIMIT_M = 20.0
NOBODY = {
    "garage",
    "garages",
    "shed",
    "roof",
    "carport",
    "greenhouse",
    "service",
    "industrial",
    "warehouse",
    "hut",
    "barn",
    "farm_auxiliary",
}
"""What plainly is nobody's home, in the test's own words: less than the program knows of."""


@dataclass(frozen=True)
class Raw:
    """What the file holds, read by the test itself: buildings with their word, and doors with their place."""

    buildings: np.ndarray
    kinds: list[str]
    doors: list[tuple[str, str]]
    places: np.ndarray


def read_raw(path: Path) -> Raw:
    drawn, tags = [], []
    for thing in osmium.FileProcessor(str(path)).with_locations().with_filter(
        osmium.filter.KeyFilter("building", "addr:housenumber", "addr:housename")
    ):  # fmt: skip
        if thing.is_node():
            drawn.append(shapely.Point(thing.lon, thing.lat))
        elif thing.is_way() and thing.is_closed() and len(thing.nodes) > 3 and all(node.location.valid() for node in thing.nodes):
            drawn.append(shapely.Polygon([(node.lon, node.lat) for node in thing.nodes]))
        else:
            continue
        tags.append({tag.k: tag.v for tag in thing.tags})
    # All at once: a call for each of a city's buildings takes a minute.
    in_metres = shapely.transform(drawn, lambda at: np.column_stack(to_metres(at[:, 0], at[:, 1], GRID)))
    shapes = shapely.make_valid(in_metres)
    buildings, kinds, doors, places = [], [], [], []
    for shape, known in zip(shapes, tags, strict=True):
        if shape.geom_type != "Point" and known.get("building", "no") not in {"no", "ruins"}:
            buildings.append(shape)
            kinds.append(known["building"])
        if "addr:housenumber" in known or "addr:housename" in known:
            at = shapely.point_on_surface(shape)
            for number in known.get("addr:housenumber", "").replace(",", ";").split(";"):
                doors.append((number.strip(), known.get("addr:street", known.get("addr:place", ""))))
                places.append((at.x, at.y))
    return Raw(np.array(buildings, dtype=object), kinds, doors, np.array(places))


def chosen_homes(raw: Raw, count: int) -> list[tuple[float, float]]:
    """Doors that stand in a building, far from each other."""
    tree = shapely.STRtree(raw.buildings)
    found: list[tuple[float, float]] = []
    for index in np.random.default_rng(2026).permutation(len(raw.places)):
        x_m, y_m = raw.places[index]
        far = all(np.hypot(x_m - x, y_m - y) > 800 for x, y in found)
        if far and len(tree.query(shapely.Point(x_m, y_m), predicate="within")) == 1:
            found.append((float(x_m), float(y_m)))
        if len(found) == count:
            break
    return found


@pytest.fixture(scope="module", params=[("newport-2023-06-13", 9), ("rutland-2022-07-20", 1)], ids=["newport", "rutland"])
def homes(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Raw, list[HomeView]]:
    name, count = request.param
    folder = tmp_path_factory.mktemp(name)
    source = shared_data / f"{name}.osm.pbf"
    raw = read_raw(source)
    at = chosen_homes(raw, count)
    assert len(at) == count
    rows = ["home_id,latitude,longitude"]
    for number, (x_m, y_m) in enumerate(at, start=1):
        (longitude,), (latitude,) = to_degrees([x_m], [y_m], GRID)
        rows.append(f"N{number},{latitude:.8f},{longitude:.8f}")
    (folder / "candidates.csv").write_text("\n".join(rows), encoding="utf-8")
    school = rows[1].split(",")
    (folder / "plan.toml").write_text(
        f'title = "Ten"\n[area]\nnetwork = "{source.as_posix()}"\n[[schools]]\nname = "S"\nlatitude = {school[1]}\n'
        f'longitude = {school[2]}\n[inputs]\ncandidates = "candidates.csv"\n',
        encoding="utf-8",
    )
    inputs = read_inputs(Plan.read(folder / "plan.toml"))
    sources = sources_of(inputs)
    return raw, [consider_home(sources, home) for home in inputs.homes]


def test_the_lists_equal_a_count_over_the_raw_file(homes: tuple[Raw, list[HomeView]]) -> None:
    raw, views = homes
    tree = shapely.STRtree(raw.buildings)
    for view in views:
        area = view.boundary.area
        near = np.flatnonzero(shapely.dwithin(shapely.points(raw.places), area, 300))
        counted: dict[tuple[str, str], int] = {}
        for index in near:
            point = shapely.Point(*raw.places[index])
            own = tree.query(point, predicate="dwithin", distance=0.5)
            shapes = sorted((raw.buildings[int(i)] for i in own), key=lambda s: (round(shapely.distance(s, point), 9), s.area))
            measured_m = shapely.distance(area, shapes[0] if shapes else point)
            if measured_m <= LIMIT_M + 0.0005:
                counted[raw.doors[index]] = counted.get(raw.doors[index], 0) + 1
        own_door = (view.own.number, view.own.street) if view.own else None
        counted.pop(own_door, None)  # type: ignore[arg-type]
        listed = {(one.address.number, one.address.street) for one in view.considered if one.invited} - {own_door}
        assert listed == set(counted), view.own_words


def test_whoever_may_live_there_is_on_the_list_or_to_be_walked_to(homes: tuple[Raw, list[HomeView]]) -> None:
    raw, views = homes
    tree = shapely.STRtree(raw.buildings)
    looked_at = 0
    for view in views:
        area = view.boundary.area
        known = shapely.points([(one.address.x_m, one.address.y_m) for one in view.considered])
        walked = shapely.points([(one.x_m, one.y_m) for one in view.walk_there]) if view.walk_there else np.array([])
        for i in tree.query(area, predicate="dwithin", distance=LIMIT_M):
            shape, kind = raw.buildings[int(i)], raw.kinds[int(i)]
            is_own = shapely.area(shapely.intersection(shape, area)) > 0.5 * shapely.area(shape)
            if kind in NOBODY or shapely.area(shape) < 25 or is_own:
                continue
            looked_at += 1
            has_door = bool(shapely.dwithin(known, shape, 3.0).any())
            to_walk_to = bool(len(walked) and shapely.dwithin(walked, shape, 0.01).any())
            assert has_door or to_walk_to, (kind, shapely.area(shape))
        for place in walked:
            assert shapely.distance(shapely.Point(place.x, place.y), area) < LIMIT_M + 60
    assert looked_at >= len(views)
