"""What is kept between runs rests on numbers raised by hand: a changed answer with an unchanged number fails here.

Beside this file lies, for each number, the digest of what is made of drawn networks. Where a digest differs, raise
the number in the module named, and write both into `kept_versions.json`: else users are answered with what an older
program kept. Metres count to the centimetre, since arithmetic differs a little from machine to machine.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from engagement.around.osm_features import FEATURES_VERSION, read_features
from maps.ground.background import BACKGROUND_VERSION, read_background
from siting.isochrones.surface import SURFACE_VERSION, Surface, make_surface
from siting.roads.cache import BUILD_VERSION
from siting.roads.network import RoadNetwork
from siting.times.hierarchy import HIERARCHY_VERSION, make_hierarchy
from siting.travel_model import TravelModel
from siting.words import Scenario

Draw = Callable[..., Any]
KEPT = Path(__file__).with_name("kept_versions.json")
ROAD = {"highway": "residential", "maxspeed": "30 mph", "name": "Mill Lane"}
MAIN = {"highway": "primary", "ref": "A6"}
AT_SCHOOL = {"motor_vehicle:conditional": "no @ (Mo-Fr 08:00-09:15)"}
NODES = {
    "a": (0, 0), "b": (1000, 30), "c": (1010, 1000), "d": (0, 1040), "e": (500, 0), "f": (500, 1020), "g": (520, 400),
    "h": (1700, 40), "i": (1900, 900), "j": (-600, 500), "k": (1400, -300), "l": (1400, 1300), "m": (30, 30), "n": (400, 40),
    "o": (390, 380), "p": (20, 350), "q": (100, 500), "r": (115, 505), "s": (112, 520), "v": (700, 700),
}  # fmt: skip
TOWN = [
    ("aeb", MAIN), ("bc", ROAD | AT_SCHOOL), ("cfd", ROAD), ("dja", MAIN | {"oneway": "yes"}), ("egf", ROAD),
    ("bh", MAIN), ("hi", ROAD | {"access": "private"}), ("kl", {"waterway": "river"}), ("ic", {"highway": "track"}),
    ("mnopm", {"landuse": "residential"}), ("qrsq", {"building": "house", "addr:housenumber": "7", "addr:flats": "1-3"}),
]  # fmt: skip
LANES = [
    ("ab", ROAD),
    ("bc", ROAD | {"oneway": "yes"}),
    ("cd", MAIN),
    ("da", ROAD),
    ("bh", {"highway": "motorway"}),
    ("ej", ROAD),
]
DRAWN: tuple[tuple[Any, Any, Any], ...] = (
    (TOWN, [("no_left_turn", 1, "e", 5)], {"g": {"barrier": "gate"}, "e": {"highway": "traffic_signals"},
                                                       "v": {"place": "village", "name": "Upton"}}),
    (LANES, (), {"d": {"highway": "stop"}, "a": {"barrier": "lift_gate", "access": "private"}}),
)  # fmt: skip


@pytest.fixture
def made(tmp_path: Path, draw: Draw) -> Mapping[str, tuple[int, list[object]]]:
    """Of each number: itself, and what is made under it of every drawn network."""
    found: dict[str, tuple[int, list[object]]] = {
        "siting.roads.cache.BUILD_VERSION": (BUILD_VERSION, []),
        "siting.isochrones.surface.SURFACE_VERSION": (SURFACE_VERSION, []),
        "siting.times.hierarchy.HIERARCHY_VERSION": (HIERARCHY_VERSION, []),
        "engagement.around.osm_features.FEATURES_VERSION": (FEATURES_VERSION, []),
        "maps.ground.background.BACKGROUND_VERSION": (BACKGROUND_VERSION, []),
    }
    for ways, restrictions, node_tags in DRAWN:
        network: RoadNetwork = draw(NODES, ways, restrictions, node_tags).network
        source = tmp_path / "drawn.osm"
        results = (
            network,
            _corners(make_surface(network)),
            [make_hierarchy(network, scenario) for scenario in Scenario],
            read_features(source, network.system),
            read_background(source, network.system),
        )
        for (_, kept), result in zip(found.values(), results, strict=True):
            kept.append(result)
    return found


def test_what_is_drawn_leaves_no_part_empty(made: Mapping[str, tuple[int, list[Any]]]) -> None:
    features, ground = (made[name][1][0] for name in list(made)[-2:])
    assert features.buildings
    assert len(features.addresses) == len("123")
    assert [place.name for place in ground.names] == ["Upton"]
    assert ground.shapes["river"]
    assert ground.shapes["built"]


def test_a_changed_answer_has_a_changed_number(made: Mapping[str, tuple[int, list[object]]]) -> None:
    now = {name: {"version": version, "digest": _digest(results)} for name, (version, results) in made.items()}
    assert now == json.loads(KEPT.read_text(encoding="utf-8")), f"raise what differs, and keep: {json.dumps(now)}"


def test_a_digest_tells_a_millisecond_and_a_step_aside(draw: Draw) -> None:
    network = draw(NODES, LANES).network
    before = _digest(network)
    network.arc_ms.setflags(write=True)
    network.arc_ms[0, 0] += 1
    assert _digest(network) != before
    network.arc_ms[0, 0] -= 1
    assert _digest(network) == before
    network.segments.x_m.setflags(write=True)
    network.segments.x_m[0] += 1
    assert _digest(network) != before


def _corners(surface: Surface) -> list[object]:
    """Take the corners alone: of four on one circle the two libraries that lay triangles choose each its own."""
    return [surface.x_m, surface.y_m, surface.joins]


def _digest(value: object) -> str:
    digest = hashlib.sha256()
    for part in _parts(value):
        digest.update(part)
    return digest.hexdigest()[:16]


def _parts(value: object) -> Iterator[bytes]:
    """Yield all that a value says, in one form on every machine; the model is in each kept thing's name already."""
    if isinstance(value, TravelModel):
        return
    if isinstance(value, shapely.Geometry):
        yield from _parts(shapely.get_coordinates(value))
    elif isinstance(value, np.ndarray | np.generic | float):
        whole = np.asarray(value)
        if whole.dtype.kind == "f":
            whole = np.rint(np.clip(np.nan_to_num(whole.astype(np.float64), nan=-1e12), -1e12, 1e12) * 100)
        yield repr(whole.shape).encode() + whole.astype("<i8").tobytes()
    elif is_dataclass(value):
        for field in fields(value):
            yield field.name.encode()
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield repr(key).encode()
            yield from _parts(value[key])
    elif isinstance(value, list | tuple):
        yield str(len(value)).encode()
        for item in value:
            yield from _parts(item)
    else:
        yield repr(value).encode()
