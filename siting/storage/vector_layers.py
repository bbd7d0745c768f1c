"""The one reader of files of shapes: GeoPackage, GeoJSON, GML, KML, shapefile, FlatGeobuf; and nothing but the file itself.

GDAL opens what a file *says* it is: a few bytes called `.gpkg` may name another file or a web
service. So a file is first known by its own beginning, as one of the kinds above, and checked for
what may lead elsewhere or never end; GDAL is left no other driver than these, and no network.
"""

import json
import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from siting.faults import Fault, InputFaultsError

if TYPE_CHECKING:
    import geopandas as gpd

ALLOWED = ("ESRI Shapefile", "FlatGeobuf", "GML", "GPKG", "GeoJSON", "KML")
"""The drivers of GDAL that are needed; GeoJSON only to write."""
_SKIPPED = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "Arrow", "CAD", "CSV", "CSW", "Carto", "DGN", "DWG", "DXF",
    "EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch", "FileGDB", "GDALG", "GMLAS", "GPSBabel", "GPX", "GTFS", "GeoJSONSeq",
    "GeoRSS", "HANA", "HTTP", "IDB", "Idrisi", "Interlis 1", "Interlis 2", "JML", "JSONFG", "LIBKML", "LVBAG", "MBTiles",
    "MEM", "MSSQLSpatial", "MVT", "MapInfo File", "MapML", "MiraMonVector", "MongoDBv3", "MySQL", "NAS", "NGW", "OAPIF",
    "OCI", "ODBC", "ODS", "OGCAPI", "OGDI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4",
    "PGDUMP", "PGeo", "PLSCENES", "PMTiles", "Parquet", "PostgreSQL", "S57", "SOSI", "SQLite", "SXF", "Selafin", "TIGER",
    "TopoJSON", "UK .NTF", "VDV", "VFK", "VICAR", "WAsP", "WFS", "XLS", "XLSX", "XODR",
)  # fmt: skip
MOST_BYTES = 4 << 30
"""Larger than any council's plots; what is larger is refused before it is read."""
MOST_JSON_BYTES = 300 << 20
_LONGEST_QUERY_S = 10.0
_HEAD_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_DEEPEST_XML = 100
_ROOTS = {"FeatureCollection": "GML", "kml": "KML"}
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11")
_NOT_TABLES = re.compile(r"\bUSING\s+(?!rtree\b|fts[345]\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """West, south, east and north in a coordinate system."""

    epsg: int
    bounds: tuple[float, float, float, float]


def restrict_gdal() -> None:
    """Leave GDAL the drivers that are needed; it must be called before GDAL is first loaded."""
    os.environ["OGR_SKIP"] = ",".join(_SKIPPED)
    os.environ |= {
        # Not every build has every driver, and says so; what is wrong with a file is said by exceptions.
        "CPL_LOG": os.devnull,
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
        "GDAL_PAM_ENABLED": "NO",
        "GML_SKIP_RESOLVE_ELEMS": "ALL",
        "GML_DOWNLOAD_WFS_SCHEMA": "NO",
        "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
        "PROJ_NETWORK": "OFF",
    }


def read_vector(
    path: Path, what: str, *, remedy: str = "Save it as GeoPackage or GeoJSON", near: Window | None = None
) -> "gpd.GeoDataFrame":
    """Read the first layer of a file of shapes, and nothing else.

    Parameters
    ----------
    what
        What the file is to the user, as in `the plots`.
    near
        Only shapes that meet it are needed; others may be left out.

    Raises
    ------
    InputFaultsError
        Where the file is none of the kinds, is cut off, leads elsewhere, never ends, or cannot be read.
    """
    try:
        kind = kind_of_file(path)
        reader = _READERS.get(kind, _by_gdal)
        return reader(path, kind, near)
    except InputFaultsError:
        raise
    except VectorFileError as error:
        raise InputFaultsError([Fault(file=path.name, problem=f"{what} cannot be read: {error}", remedy=remedy)]) from error
    except Exception as error:  # whatever GDAL, GEOS or a parser raises over a damaged file
        words = " ".join(str(error).split())[:100] or type(error).__name__
        raise InputFaultsError([Fault(file=path.name, problem=f"{what} cannot be read ({words})", remedy=remedy)]) from error


class VectorFileError(ValueError):
    """What is wrong with a file of shapes, in words that follow `cannot be read:`."""


def kind_of_file(path: Path) -> str:
    """Know a file by its beginning.

    Raises
    ------
    VectorFileError
        Where it is none of the kinds that are read.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        msg = "it is no ordinary file"
        raise VectorFileError(msg)
    if about.st_size == 0:
        msg = "the file is empty"
        raise VectorFileError(msg)
    if about.st_size > MOST_BYTES:
        msg = f"it is larger than {MOST_BYTES >> 30} GB"
        raise VectorFileError(msg)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"SQLite format 3\0"):
        return "GPKG"
    if head.startswith(b"fgb"):
        return "FlatGeobuf"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "ESRI Shapefile"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return "GeoJSON"
    if text.startswith(b"<") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _kind_of_xml(path)
    msg = "it is no GeoPackage, GeoJSON, GML, KML, shapefile or FlatGeobuf, whatever its name says"
    raise VectorFileError(msg)


def _kind_of_xml(path: Path) -> str:
    """Read an XML file to its end: what it is, and that it is whole and declares nothing of its own."""
    parser = expat.ParserCreate()
    roots: list[str] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if not roots:
            roots.append(name.rpartition(":")[2])
            if roots[0] not in _ROOTS:
                words = "a web page" if roots[0].lower() == "html" else f"XML that begins with <{roots[0][:30]}>"
                msg = f"it is {words}, not GML or KML; download it again"
                raise VectorFileError(msg)
        if depth > _DEEPEST_XML:
            msg = "its elements lie too deep in one another"
            raise VectorFileError(msg)
        if any(
            key.rpartition(":")[2] == "srsName" and "://" in value and "opengis.net" not in value
            for key, value in attributes.items()
        ):
            msg = "its coordinate system is an address in the web"
            raise VectorFileError(msg)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> None:
        msg = "it is a web page, or declares entities of its own"
        raise VectorFileError(msg)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = declared
    parser.StartDoctypeDeclHandler = declared
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it so
            parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        msg = f"the file is cut off or damaged (line {error.lineno}); download it again"
        raise VectorFileError(msg) from error
    return _ROOTS[roots[0]]


def _by_gdal(path: Path, kind: str, near: Window | None) -> "gpd.GeoDataFrame":
    restrict_gdal()
    import pyogrio  # noqa: PLC0415 - GDAL reads its settings when it is loaded

    layer = _layer_of_geopackage(path) if kind == "GPKG" else None
    options = {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO", "EXPOSE_FID": "NO"} if kind == "GML" else {}
    bbox = None
    if near is not None and str(pyogrio.read_info(path.resolve(), layer=layer, **options)["crs"]) == f"EPSG:{near.epsg}":
        bbox = near.bounds
    frame = pyogrio.read_dataframe(path.resolve(), layer=layer, bbox=bbox, **options)
    if not hasattr(frame, "crs"):
        msg = "there are no shapes in it"
        raise VectorFileError(msg)
    return frame


def _layer_of_geopackage(path: Path) -> str:
    """Return the first layer of a GeoPackage, known to be a table, or a view that ends.

    Raises
    ------
    VectorFileError
        Where it is no GeoPackage, has no layer, or looking at it does not end.
    """
    with path.open("rb") as file:
        application = file.read(72)[68:72]
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        ends = time.monotonic() + _LONGEST_QUERY_S
        database.set_progress_handler(lambda: time.monotonic() > ends, 10_000)
        try:
            known = {str(name): (str(kind), str(sql or "")) for name, kind, sql in database.execute(
                "SELECT name, type, sql FROM sqlite_master")}  # fmt: skip
            if application not in _GEOPACKAGE and "gpkg_contents" not in known:
                msg = "it is a database, but no GeoPackage"
                raise VectorFileError(msg)
            own = [name for name in known if name.startswith("gpkg_") and known[name][0] == "view"]
            if own or any(
                _NOT_TABLES.search(sql) for kind, sql in known.values() if kind == "table" and "VIRTUAL" in sql.upper()[:30]
            ):
                msg = "its tables are not what a GeoPackage has; export the layer anew"
                raise VectorFileError(msg)
            layers = [str(name) for (name,) in database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY rowid")]  # fmt: skip
            if not layers or layers[0] not in known:
                msg = "it has no layer of shapes"
                raise VectorFileError(msg)
            if known[layers[0]][0] == "view":
                quoted = layers[0].replace('"', '""')
                database.execute(f'SELECT count(*) FROM (SELECT * FROM "{quoted}")').fetchone()  # noqa: S608 - a quoted name
        except sqlite3.Error as error:
            slow = "interrupted" in str(error)
            msg = "a view in it does not end; export it as a layer" if slow else f"the GeoPackage is damaged ({error})"
            raise VectorFileError(msg) from error
    return layers[0]


def _geojson(path: Path, _kind: str, _near: Window | None) -> "gpd.GeoDataFrame":
    import geopandas as gpd  # noqa: PLC0415 - slow to load

    if path.stat().st_size > MOST_JSON_BYTES:
        msg = f"a GeoJSON of more than {MOST_JSON_BYTES >> 20} MB is not read; save it as GeoPackage"
        raise VectorFileError(msg)
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        msg = "the file is cut off or no GeoJSON; download it again"
        raise VectorFileError(msg) from error
    if not isinstance(content, dict) or content.get("type") not in {"FeatureCollection", "Feature"}:
        said = ", ".join(list(content)[:5]) if isinstance(content, dict) else "a list"
        msg = f"it is JSON, but holds no features ({said})"
        raise VectorFileError(msg)
    features = content.get("features") if content["type"] == "FeatureCollection" else [content]
    if not isinstance(features, list) or not features:
        msg = "it has no features"
        raise VectorFileError(msg)
    crs = _crs_of_geojson(content.get("crs"))
    for feature in features:
        feature["properties"] = feature.get("properties") or {}
    frame = gpd.GeoDataFrame.from_features(features)
    return frame.set_crs(crs) if "geometry" in frame else gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=crs)


def _crs_of_geojson(member: Any) -> str:  # noqa: ANN401 - what a file holds
    if member is None:
        return "EPSG:4326"
    name = str((member.get("properties") or {}).get("name", "")) if isinstance(member, dict) else ""
    if name.upper().endswith("CRS84"):
        return "EPSG:4326"
    known = re.fullmatch(r"(?:urn:ogc:def:crs:)?EPSG:[\d.]*:?(\d{4,6})|EPSG:(\d{4,6})", name, re.IGNORECASE)
    if not known:
        msg = "its coordinate system is not named by an EPSG number"
        raise VectorFileError(msg)
    return f"EPSG:{known[1] or known[2]}"


_READERS: dict[str, Callable[[Path, str, Window | None], "gpd.GeoDataFrame"]] = {"GeoJSON": _geojson}
