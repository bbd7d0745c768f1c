"""Small road networks drawn by hand: nodes by letter, ways between them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest

from siting.crs import MetricSystem, to_degrees
from siting.osm.extract import read_osm
from siting.roads.build import build_network
from siting.roads.joining import join_points
from siting.roads.network import RoadNetwork
from siting.times.routing import reach, times_at
from siting.travel_model import TravelModel
from siting.words import BNG, NO_WAY_MS, Direction, Scenario

GRID = MetricSystem(BNG)
CORNER = (480_000.0, 190_000.0)

Ways = Sequence[tuple[str, Mapping[str, str]]]
Rule = tuple[str | Mapping[str, str], int, str | int | Sequence[int], int]
"""What is forbidden (or the tags that say it), from which way, by which node or ways, to which way."""


class Drawn:
    """A network drawn by hand, asked by the letters of its nodes."""

    def __init__(self, network: RoadNetwork, nodes: Mapping[str, tuple[float, float]]) -> None:
        self.network, self.nodes = network, nodes

    def at(self, *letters: str) -> tuple[np.ndarray, np.ndarray]:
        places = np.array([self.nodes[letter] for letter in letters]) + CORNER
        return places[:, 0], places[:, 1]

    def seconds(self, start: str, end: str, scenario: Scenario = Scenario.TYPICAL) -> float:
        """Seconds from the middle of one place to another; infinite where there is no way."""
        hub = join_points(self.network, *self.at(start))
        other = join_points(self.network, *self.at(end))
        time_ms = times_at(reach(self.network, hub, scenario, Direction.FROM_SCHOOL), other)[0]
        return float("inf") if time_ms >= NO_WAY_MS else float(time_ms) / 1000


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., Drawn]:
    def make(
        nodes: Mapping[str, tuple[float, float]],
        ways: Ways,
        restrictions: Sequence[Rule] = (),
        node_tags: Mapping[str, Mapping[str, str]] | None = None,
        **model: float,
    ) -> Drawn:
        path = tmp_path / "drawn.osm"
        path.write_text(_xml(nodes, ways, restrictions, node_tags or {}), encoding="utf-8")
        changes = tuple((name.replace("__", "."), value) for name, value in model.items())
        return Drawn(build_network(read_osm(path), TravelModel(changes=changes)), nodes)

    return make


def _xml(
    nodes: Mapping[str, tuple[float, float]],
    ways: Ways,
    restrictions: Sequence[Rule],
    node_tags: Mapping[str, Mapping[str, str]],
) -> str:
    """Write OpenStreetMap's XML: a way is its nodes' letters and its tags; ways are numbered from one."""
    letters = list(nodes)
    places = np.array([nodes[letter] for letter in letters]) + CORNER
    lon, lat = to_degrees(places[:, 0], places[:, 1], GRID)
    lines = ['<osm version="0.6">']
    for number, (letter, x, y) in enumerate(zip(letters, lon, lat, strict=True), start=1):
        tags = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in node_tags.get(letter, {}).items())
        lines.append(f'<node id="{number}" version="1" lat="{y:.9f}" lon="{x:.9f}">{tags}</node>')
    for number, (path, tags) in enumerate(ways, start=1):
        refs = "".join(f'<nd ref="{letters.index(letter) + 1}"/>' for letter in path)
        lines.append(
            f'<way id="{number}" version="1">{refs}'
            + "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
            + "</way>"
        )
    for number, (kind, from_way, via, to_way) in enumerate(restrictions, start=1):
        by = [("node", letters.index(via) + 1)] if isinstance(via, str) else [("way", ref) for ref in np.atleast_1d(via).tolist()]
        members = "".join(f'<member type="{what}" ref="{ref}" role="via"/>' for what, ref in by)
        tags = {"type": "restriction"} | ({"restriction": kind} if isinstance(kind, str) else dict(kind))
        lines.append(
            f'<relation id="{number}" version="1"><member type="way" ref="{from_way}" role="from"/>{members}'
            f'<member type="way" ref="{to_way}" role="to"/>'
            + "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
            + "</relation>"
        )
    return "\n".join([*lines, "</osm>"])


@pytest.fixture(scope="session")
def road_points() -> Callable[[RoadNetwork, int], tuple[np.ndarray, np.ndarray]]:
    """Points drawn evenly along all roads that a home may stand at."""

    def make(network: RoadNetwork, count: int) -> tuple[np.ndarray, np.ndarray]:
        segments = network.segments
        draw = np.random.default_rng(2)
        usable = np.flatnonzero(segments.joinable)
        chosen = draw.choice(usable, count, p=segments.length_m[usable] / segments.length_m[usable].sum())
        points = np.empty((count, 2))
        for row, (segment, share) in enumerate(zip(chosen, draw.random(count), strict=True)):
            x_m, y_m = network.points(int(segment))
            along_m = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
            points[row] = [np.interp(share * along_m[-1], along_m, axis) for axis in (x_m, y_m)]
        return points[:, 0], points[:, 1]

    return make
