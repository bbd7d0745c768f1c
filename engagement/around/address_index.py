"""A national address file indexed once, then answered at once.

The file is streamed, sorted by square of the National Grid and kept as Parquet whose blocks can be
passed over by their square; sorting spills to disk, so memory stays small whatever the file's size.
"""

import threading
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import xxhash
from filelock import FileLock

from siting.crs import MetricSystem, to_metres
from siting.faults import InputFaultsError
from siting.progress import Progress, silent
from siting.storage.database import address_table, as_name, as_text, connect
from siting.storage.kept import cache_folder
from siting.words import BNG

INDEX_VERSION = 2
"""Raised whenever the same file would make another index."""

CELL_M = 500
_COLUMNS_OF_CELLS = 4_000
_MEMORY = "1200MB"
_BLOCK_ROWS = 20_000
_TEXTS = (
    "classification", "logical_status", "state", "postal", "text", "sub_building", "building_name", "building_number", "street",
    "town", "postcode",
)  # fmt: skip
_ENDS_BYTES = 1 << 20


class AddressIndex:
    """An index over one address file, opened for questions."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = connect()

    def near(self, x_m: float, y_m: float, reach_m: float) -> list[dict[str, str]]:
        """Return the rows within a square of twice `reach_m` round a place (EPSG:27700)."""
        west, east = int((x_m - reach_m) // CELL_M), int((x_m + reach_m) // CELL_M)
        found = []
        # A row of squares stands together in the file, so that one range finds its blocks.
        for row in range(int((y_m - reach_m) // CELL_M), int((y_m + reach_m) // CELL_M) + 1):
            first = row * _COLUMNS_OF_CELLS
            where = "cell BETWEEN ? AND ? AND x_m BETWEEN ? AND ? AND y_m BETWEEN ? AND ?"
            bounds = [x_m - reach_m, x_m + reach_m, y_m - reach_m, y_m + reach_m]
            found += self._rows(where, [first + west, first + east, *bounds])
        return found

    def find(self, uprn: int) -> dict[str, str] | None:
        """Return the row of one property number."""
        return next(iter(self._rows("uprn = ?", [uprn])), None)

    def count(self) -> int:
        """Return how many entries the file has."""
        found = self._database.execute("SELECT count(*) FROM read_parquet(?)", [str(self.path)]).fetchone()
        return int(found[0]) if found else 0

    def _rows(self, where: str, values: list[float]) -> list[dict[str, str]]:
        found = self._database.execute(f"SELECT * FROM read_parquet(?) WHERE {where}", [str(self.path), *values])  # noqa: S608
        names = [column[0] for column in found.description]
        return [
            {name: "" if value is None else str(value) for name, value in zip(names, row, strict=True)}
            for row in found.fetchall()
        ]


def open_index(
    path: Path, columns: Mapping[str, str], *, folder: Path | None = None, progress: Progress = silent
) -> AddressIndex:
    """Return the index of an address file, made now or kept from before.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read as CSV.
    """
    kept = (folder or cache_folder()) / "addresses"
    kept.mkdir(parents=True, exist_ok=True)
    target = kept / f"{_fingerprint(path)}-{INDEX_VERSION}.parquet"
    if not target.is_file():
        with FileLock(target.with_suffix(".lock")):
            if not target.is_file():
                _build(path, columns, target, progress)
    return AddressIndex(target)


def _build(path: Path, columns: Mapping[str, str], target: Path, progress: Progress) -> None:
    for remnant in target.parent.glob(f"{target.name}*.part"):
        remnant.unlink(missing_ok=True)
    part = target.with_suffix(".parquet.part")
    database = connect()
    database.execute(f"SET memory_limit = '{_MEMORY}'")
    database.execute("SET preserve_insertion_order = false")
    database.execute(f"SET temp_directory = '{str(target.parent / 'sorting').replace(chr(39), '')}'")
    try:
        degrees = "easting" not in columns or "northing" not in columns
        if degrees:
            database.create_function("to_grid", _to_grid, ["DOUBLE", "DOUBLE"], "DOUBLE[]")
        with address_table(path) as table, _told(database, progress, path):
            database.execute(_copy(table, columns, part, degrees=degrees))
    except InputFaultsError:
        part.unlink(missing_ok=True)
        raise
    finally:
        database.close()
    part.replace(target)


def _copy(table: str, columns: Mapping[str, str], part: Path, *, degrees: bool) -> str:
    def column(meaning: str) -> str:
        return as_name(columns[meaning]) if meaning in columns else "NULL"

    if degrees:
        place = f"to_grid(TRY_CAST({column('longitude')} AS DOUBLE), TRY_CAST({column('latitude')} AS DOUBLE))"
        placed = f"{place}[1] AS x_m, {place}[2] AS y_m"
    else:
        placed = f"TRY_CAST({column('easting')} AS DOUBLE) AS x_m, TRY_CAST({column('northing')} AS DOUBLE) AS y_m"
    texts = ", ".join(f"trim({column(name)}) AS {name}" for name in _TEXTS if name in columns)
    identity = (
        f"TRY_CAST(trim({column('uprn')}) AS BIGINT) AS uprn, TRY_CAST(trim({column('parent_uprn')}) AS BIGINT) AS parent_uprn"
    )
    cell = f"CAST(floor(y_m / {CELL_M}) AS BIGINT) * {_COLUMNS_OF_CELLS} + CAST(floor(x_m / {CELL_M}) AS BIGINT)"
    read = f"SELECT {identity}, {placed}{', ' + texts if texts else ''} FROM {table}"  # noqa: S608 - names from the header, quoted
    return (
        f"COPY (SELECT *, {cell} AS cell FROM ({read}) WHERE x_m IS NOT NULL AND y_m IS NOT NULL ORDER BY cell, uprn) "  # noqa: S608
        f"TO {as_text(str(part))} (FORMAT PARQUET, ROW_GROUP_SIZE {_BLOCK_ROWS}, COMPRESSION ZSTD)"
    )


def _to_grid(longitude: float | None, latitude: float | None) -> list[float] | None:
    if longitude is None or latitude is None:
        return None
    (x_m,), (y_m,) = to_metres(longitude, latitude, MetricSystem(BNG))
    return [float(x_m), float(y_m)] if np.isfinite(x_m) else None


class _told:  # noqa: N801 - used as a block
    """Tell how far a statement has come while it runs."""

    def __init__(self, database: duckdb.DuckDBPyConnection, progress: Progress, path: Path) -> None:
        self._database, self._progress, self._name = database, progress, path.name
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self) -> None:
        self._progress(f"indexing {self._name}, once")
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _tell(self) -> None:
        while not self._done.wait(0.5):
            share = self._database.query_progress()
            if share is not None and share >= 0:
                self._progress(f"indexing {self._name}, once: {share:.0f} %")


def _fingerprint(path: Path) -> str:
    """Tell one file from another without reading gigabytes: its size, its time and both its ends."""
    status = path.stat()
    digest = xxhash.xxh3_128(f"{status.st_size} {status.st_mtime_ns} {path.name}".encode())
    with path.open("rb") as file:
        digest.update(file.read(_ENDS_BYTES))
        file.seek(max(status.st_size - _ENDS_BYTES, 0))
        digest.update(file.read(_ENDS_BYTES))
    return digest.hexdigest()
