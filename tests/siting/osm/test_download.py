"""A named place's roads come from OpenStreetMap's servers once: shown on a server of our own that answers as they do."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import numpy as np
import osmnx
import pytest

from siting.crs import to_metres
from siting.faults import NetworkSourceError
from siting.osm.download import ATTEMPTS, download_area
from siting.osm.extract import read_osm
from siting.osm.shapes import copy_extract
from siting.roads.cache import open_network
from siting.roads.joining import join_points
from siting.times.matrix import time_matrix_ms
from siting.words import NO_WAY_MS, Scenario

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

WEST, SOUTH = -0.74, 52.66
NODES = {1: (0.0, 0.0), 2: (0.01, 0.0), 3: (0.01, 0.01), 4: (0.0, 0.01)}
WAYS = {
    10: ([1, 2], {"highway": "residential", "name": "One Way", "oneway": "yes", "maxspeed": "30 mph"}),
    11: (
        [2, 3, 4, 1],
        {"highway": "tertiary", "ref": "B1", "maxspeed": "30 mph", "motor_vehicle:conditional": "no @ (19:00-06:00)"},
    ),
}
SQUARE = [[WEST - 0.01, SOUTH - 0.01], [WEST + 0.02, SOUTH - 0.01], [WEST + 0.02, SOUTH + 0.02], [WEST - 0.01, SOUTH + 0.02]]


class Servers(BaseHTTPRequestHandler):
    """Answers as Nominatim and Overpass do; knows one place."""

    asked: list[str] = []  # noqa: RUF012 - one list for the server's life

    def do_GET(self) -> None:
        known = "Oakham" in unquote_plus(self.path)
        area = {"type": "Polygon", "coordinates": [[*SQUARE, SQUARE[0]]]}
        box = [str(SOUTH - 0.01), str(SOUTH + 0.02), str(WEST - 0.01), str(WEST + 0.02)]
        found = {
            "lat": str(SOUTH),
            "lon": str(WEST),
            "boundingbox": box,
            "geojson": area,
            "importance": 0.5,
            "display_name": "Oakham",
        }
        self.answer(
            [found | {"osm_type": "relation", "osm_id": 1, "class": "boundary", "type": "town", "name": "Oakham"}]
            if known
            else []
        )

    def do_POST(self) -> None:
        nodes = [{"type": "node", "id": i, "lon": WEST + x, "lat": SOUTH + y} for i, (x, y) in NODES.items()]
        ways = [{"type": "way", "id": i, "nodes": refs, "tags": tags} for i, (refs, tags) in WAYS.items()]
        self.answer({"elements": [*nodes, *ways]})

    def answer(self, value: Any) -> None:
        self.asked.append(self.path)
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Servers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    point_to(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    Servers.asked.clear()
    yield Servers.asked
    server.shutdown()
    server.server_close()


def point_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(osmnx.settings, "nominatim_url", f"{address}/")
    monkeypatch.setattr(osmnx.settings, "overpass_url", f"{address}/api")
    monkeypatch.setattr(osmnx.settings, "overpass_rate_limit", False)


def test_a_place_is_downloaded_once_and_answers(servers: list[str], tmp_path: Path) -> None:
    path = download_area("Oakham, Rutland", folder=tmp_path)
    assert len(servers) == 2
    assert download_area("oakham, rutland", folder=tmp_path) == path
    assert len(servers) == 2, "what is kept is not asked for again"
    network = open_network(path, folder=tmp_path)
    x_m, y_m = to_metres([WEST + 0.001, WEST + 0.009], [SOUTH, SOUTH], network.system)
    ends = join_points(network, np.asarray(x_m), np.asarray(y_m))
    (_, out_ms), (back_ms, _) = time_matrix_ms(network, ends, ends, Scenario.TYPICAL)
    assert back_ms > 2 * out_ms, "the one-way street is one"
    assert {name.partition("\t")[0] for name in network.road_names} >= {"One Way"}
    assert "turn restrictions" in network.lacks
    copy_extract(path, tmp_path / "copied.osm.pbf")
    assert read_osm(tmp_path / "copied.osm.pbf").lacks == network.lacks, "a copy in another form is known for what it is"
    assert time_matrix_ms(network, ends, ends, Scenario.FREE_FLOW)[1, 0] == NO_WAY_MS, "the street that is shut at night is"


def test_what_an_earlier_program_downloaded_is_fetched_again(
    servers: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, told = tmp_path / "downloads", list[str]()
    folder.mkdir()
    thin = folder / f"{hashlib.blake2b(b'oakham', digest_size=12).hexdigest()}.osm"
    thin.write_text("<osm/>")
    with monkeypatch.context() as offline:
        point_to(offline, "http://127.0.0.1:9")
        with pytest.raises(NetworkSourceError, match="tags that were not asked for when it was last downloaded"):
            download_area("Oakham", folder=tmp_path, sleep=lambda _: None)
    assert thin.is_file()
    path = download_area("Oakham", folder=tmp_path, progress=told.append)
    assert servers
    assert "not asked for when it was last downloaded" in told[0]
    assert list(folder.glob("*.osm")) == [path]


def test_a_place_that_nobody_knows_is_said(servers: list[str], tmp_path: Path) -> None:
    with pytest.raises(NetworkSourceError, match="does not know the place Nowhere"):
        download_area("Nowhere", folder=tmp_path)
    assert servers
    assert not list(tmp_path.glob("downloads/*.osm"))


def test_servers_that_do_not_answer_are_tried_again_politely_and_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    point_to(monkeypatch, "http://127.0.0.1:9")
    pauses: list[float] = []
    with pytest.raises(NetworkSourceError, match=r"do not answer\. Check the network"):
        download_area("Oakham", folder=tmp_path, sleep=pauses.append)
    assert pauses == [5.0, 10.0]
    assert len(pauses) == ATTEMPTS - 1
