"""A file of shapes opens itself and nothing else; what is no such file says so."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from siting.faults import InputFaultsError
from siting.storage.vector_layers import ALLOWED, read_vector

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT.parent / "shared" / "cases"
FRAME = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[shapely.box(0, 0, 9, 9), shapely.box(9, 0, 19, 9)], crs="EPSG:27700")
FEATURE = {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [-0.7, 52.6]}}


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.shp", "ESRI Shapefile"), ("a.fgb", "FlatGeobuf")]
)
def test_the_kinds_that_are_needed_are_read_whatever_they_are_called(name: str, driver: str, tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / name, driver=driver, engine="pyogrio")
    read = read_vector(tmp_path / name, "the plots")
    assert sorted(read["name"]) == ["a", "b"]
    assert read.crs.to_epsg() == 27700
    assert sorted(read.geometry.area) == [81, 90]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello", "whatever its name says"),
        (b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "not GML or KML"),
        (b"<!DOCTYPE html><html><body>Error</body></html>", "web page"),
        (b"<html><body>Error</body></html>", "a web page"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><FeatureCollection>&a;</FeatureCollection>', "entities"),
        (b"<FeatureCollection><member>", "cut off"),
        (b'<FeatureCollection><m srsName="http://127.0.0.1:9/x"/></FeatureCollection>', "address in the web"),
        (b"<a>" * 5, "not GML"),
        (b"<FeatureCollection>" + b"<a>" * 200_000, "too deep"),
        (b'{"type":"gdal_streamed_alg","command_line":"x"}', "no features"),
        (b'{"error": "x"}', "no features"),
        (b'[{"name":"A", ', "cut off"),
        (b"[" * 100_000, "cut off"),
        (b'{"type":"FeatureCollection","features":[]}', "no features"),
        (
            json.dumps(
                {"type": "FeatureCollection", "features": [FEATURE],
                 "crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/", "type": "proj4"}}}
            ).encode(),
            "coordinate system",
        ),
        (
            b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":"x"}}]}',
            "be read",
        ),
        (b"SQLite format 3\0" + b"\0" * 200, "damaged|no GeoPackage"),
    ],
)  # fmt: skip
def test_what_is_something_else_is_told_by_its_file(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "plots.gpkg"
    path.write_bytes(content)
    with pytest.raises(InputFaultsError, match=words) as told:
        read_vector(path, "the plots")
    assert told.value.faults[0].file == "plots.gpkg"


@pytest.mark.skipif(os.name == "nt", reason="there are no such files on Windows")
def test_a_pipe_and_a_device_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gpkg")
    for path in (tmp_path / "pipe.gpkg", Path("/dev/zero")):
        with pytest.raises(InputFaultsError, match="no ordinary file"):
            read_vector(path, "the plots")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n"


OTHER_TABLE = "CREATE VIRTUAL TABLE x USING VirtualOGR(''http://127.0.0.1:9/'')"
HOSTILE = {
    "the layer": ("ALTER TABLE plots RENAME TO own", f"CREATE VIEW plots AS {ENDLESS}"),
    "the list of layers": ("ALTER TABLE gpkg_contents RENAME TO own", f"CREATE VIEW gpkg_contents AS {ENDLESS}"),
    "a view that ends": ("ALTER TABLE plots RENAME TO own", "CREATE VIEW plots AS SELECT * FROM own"),
    "another program's table": (
        "CREATE VIRTUAL TABLE x USING fts5(y)",
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = '{OTHER_TABLE}' WHERE name = 'x'",  # noqa: S608 - the test's own words
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_geopackage_whose_view_never_ends_is_stopped(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siting.storage.vector_layers._LONGEST_QUERY_S", 0.5)
    path = tmp_path / "a.gpkg"
    FRAME.to_file(path, driver="GPKG", engine="pyogrio", layer="plots")
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in HOSTILE[kind]:
            database.execute(statement)
    begun = time.monotonic()
    if kind == "a view that ends":
        assert len(read_vector(path, "the plots")) == 2
    else:
        with pytest.raises(InputFaultsError, match=r"does not end|not what a GeoPackage"):
            read_vector(path, "the plots")
    assert time.monotonic() - begun < 30


OPENED = """
import sys
from pathlib import Path
opened = []
def watch(event, arguments):
    if event.startswith("socket"):
        opened.append("a socket")
sys.addaudithook(watch)
from siting.faults import InputFaultsError
from siting.storage.vector_layers import read_vector
for name in sys.argv[1:]:
    try:
        print(name, len(read_vector(Path(name), "the plots")), file=sys.stderr)
    except InputFaultsError:
        pass
import pyogrio
print(",".join(sorted(pyogrio.list_drivers())))
assert not opened, opened
"""


def test_gdal_is_left_no_driver_but_those_needed(tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "a.gpkg", driver="GPKG", engine="pyogrio")
    told = subprocess.run(
        [sys.executable, "-c", OPENED, str(tmp_path / "a.gpkg")], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.strip().split(",") == sorted(ALLOWED)
    assert told.stderr.count("\n") == 1, "GDAL says nothing on the terminal"


@pytest.mark.slow
def test_a_hostile_file_opens_no_other_file_and_no_socket(tmp_path: Path) -> None:
    """Under a watch of the system's calls: of all files only those named, and never a socket."""
    if not (CASES / "files").is_dir():
        pytest.skip("the shared cases are not beside this checkout")
    if not Path("/usr/bin/strace").exists():
        pytest.skip("there is no strace here")
    names = [str(path) for path in sorted((CASES / "files").iterdir()) if path.name != "secret.geojson"]
    log = tmp_path / "calls"
    subprocess.run(
        ["/usr/bin/strace", "-f", "-o", str(log), "-e", "trace=openat,open,socket,connect", sys.executable, "-c", OPENED, *names],
        capture_output=True, check=True, cwd=ROOT,
    )  # fmt: skip
    calls = log.read_text(encoding="utf-8", errors="replace")
    assert str(CASES / "files" / "vrtfile.gpkg") in calls
    assert "secret.geojson" not in calls
    assert "AF_INET" not in calls
