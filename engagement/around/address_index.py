"""A national address file indexed once, then answered at once.

The file is streamed, sorted by square of the National Grid and kept as Parquet whose blocks can be
passed over by their square; sorting spills to disk, so memory stays small whatever the file's size.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

import duckdb
import xxhash
from filelock import FileLock

from siting.faults import InputFaultsError
from siting.inputs.address_formats import has_typed_records
from siting.inputs.address_rows import address_rows, degrees_to_grid
from siting.progress import Progress, silent
from siting.storage.database import as_file, as_text, connect, teach
from siting.storage.kept import cache_folder

INDEX_VERSION = 5
"""Raised whenever the same file would make another index."""

CELL_M = 500
_COLUMNS_OF_CELLS = 4_000
_MEMORY = "1200MB"
_BLOCK_ROWS = 20_000
_ENDS_BYTES = 1 << 20
_SAME_M = 3.0
_DIGESTED_BYTES = 256 << 20
"""Up to this size every byte of an index is checked when it is opened; a national one would keep a user waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressCounts:
    """What a whole file holds: its rows; those without a place; numbers that Excel shortened; numbers at two places.

    `streetless` counts those of typed records whose street's record is in no volume that was given.
    """

    rows: int
    placeless: int
    lost_numbers: int
    doubled_numbers: int
    streetless: int


class AddressIndex:
    """An index over one address file, opened for questions; one that proves damaged is made anew by `mend`."""

    def __init__(self, path: Path, mend: Callable[[], None] | None = None) -> None:
        self.path = path
        self.counts, _ = _read_counts(path)
        self._mend = mend
        self._database = connect()
        self._table = f"read_parquet({as_file(path)})"

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
        return next(iter(self._rows("uprn = ? AND x_m IS NOT NULL", [uprn])), None)

    def nearest_m(self, x_m: float, y_m: float) -> float | None:
        """Return how far the nearest entry lies from a place, in metres; None where the file places nobody."""
        question = f"SELECT sqrt(min((x_m - ?) * (x_m - ?) + (y_m - ?) * (y_m - ?))) FROM {self._table}"  # noqa: S608 - our own file
        found, _ = self._answer(question, [x_m, x_m, y_m, y_m])
        return float(found[0][0]) if found and found[0][0] is not None else None

    def count(self) -> int:
        """Return how many entries the file has."""
        return self.counts.rows

    def _rows(self, where: str, values: list[float]) -> list[dict[str, str]]:
        found, names = self._answer(f"SELECT * FROM {self._table} WHERE {where}", values)  # noqa: S608 - our own file
        return [{name: "" if value is None else _shown(value) for name, value in zip(names, row, strict=True)} for row in found]

    def _answer(self, question: str, values: list[float]) -> tuple[list[tuple[Any, ...]], list[str]]:
        """Return the rows of an answer and the names of their columns."""
        try:
            found = self._database.execute(question, values)
            return found.fetchall(), [column[0] for column in found.description]
        except (duckdb.Error, ValueError):
            if self._mend is None:
                raise
            mend, self._mend = self._mend, None
            self._database.close()
            mend()
            self.counts, _ = _read_counts(self.path)
            self._database = connect()
            return self._answer(question, values)


def _shown(value: object) -> str:
    """Return what is seen of a value: a control character is not, and no paper could hold it."""
    text = str(value)
    return text if text.isprintable() else " ".join("".join(" " if category(one) == "Cc" else one for one in text).split())


def counts_path(index: Path) -> Path:
    """Return where the counts of an index lie."""
    return index.with_suffix(".json")


def open_index(
    path: Path, *, volumes: Sequence[Path] = (), folder: Path | None = None, progress: Progress = silent
) -> AddressIndex:
    """Return the index of an address file, made now or kept from before; `volumes` are the others of its delivery.

    Raises
    ------
    InputFaultsError
        Where the file is no address file, or cannot be read as CSV.
    """
    kept = (folder or cache_folder()) / "addresses"
    kept.mkdir(parents=True, exist_ok=True)
    target = index_path(path, kept, volumes)
    if not _is_whole(target):
        with FileLock(target.with_suffix(".lock")):
            if not _is_whole(target):
                _build(path, volumes, target, progress)

    def mend() -> None:
        with FileLock(target.with_suffix(".lock")):
            _build(path, volumes, target, progress)

    return AddressIndex(target, mend)


def index_path(path: Path, folder: Path | None = None, volumes: Sequence[Path] = ()) -> Path:
    """Return where the index of an address file is kept, which was read with other volumes of its delivery."""
    mark = _fingerprint(path)
    if volumes:
        mark = xxhash.xxh3_128(" ".join([mark, *map(_fingerprint, volumes)]).encode()).hexdigest()
    return (folder or cache_folder() / "addresses") / f"{mark}-{INDEX_VERSION}.parquet"


def volumes_of(paths: Sequence[Path]) -> dict[Path, tuple[Path, ...]]:
    """Return for each of a plan's address files the other volumes of typed records beside it; of any other file none."""
    typed = [path for path in paths if has_typed_records(path)] if len(paths) > 1 else []
    return {path: tuple(other for other in typed if other != path) if path in typed else () for path in paths}


def indexes_of(uprn: str | None, x_m: float, y_m: float, folder: Path | None = None) -> list[Path]:
    """Return the kept indexes, of whichever address file and year, that hold somebody: by number, or at a place (EPSG:27700).

    One that cannot be read any more may hold anybody, and is among them.
    """
    found = []
    for path in sorted((folder or cache_folder() / "addresses").glob("*.parquet")):
        try:
            index = AddressIndex(path)
            holds = index.near(x_m, y_m, _SAME_M) or (uprn is not None and index.find(int(uprn)) is not None)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, duckdb.Error):
            holds = True
        if holds:
            found.append(path)
    return found


def _is_whole(target: Path) -> bool:
    """Tell whether an index can be read; a damaged one is made anew."""
    if not (target.is_file() and counts_path(target).is_file()):
        return False
    try:
        _, digest = _read_counts(target)
        if target.stat().st_size <= _DIGESTED_BYTES and digest != _digest(target):
            return False
        with connect() as database:
            database.execute(f"SELECT count(*) FROM read_parquet({as_file(target)})")  # noqa: S608 - our own file
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, duckdb.Error):
        return False
    return True


def _read_counts(index: Path) -> tuple[AddressCounts, str]:
    """Return the counts of an index, and the digest that its file had when it was made."""
    known = json.loads(counts_path(index).read_text(encoding="utf-8"))
    digest = known.pop("digest")
    return AddressCounts(**known), digest


def _digest(index: Path) -> str:
    with index.open("rb") as file:
        return hashlib.file_digest(file, xxhash.xxh3_128).hexdigest()


def _build(path: Path, volumes: Sequence[Path], target: Path, progress: Progress) -> None:
    for remnant in target.parent.iterdir():
        if remnant.name.startswith(target.name) and remnant.name.endswith(".part"):
            remnant.unlink(missing_ok=True)
    part = target.with_suffix(".parquet.part")
    database = connect()
    database.execute(f"SET memory_limit = '{_MEMORY}'")
    database.execute("SET preserve_insertion_order = false")
    database.execute(f"SET temp_directory = {as_text(str(target.parent / 'sorting'))}")
    try:
        teach(database, "to_grid", degrees_to_grid, ["DOUBLE", "DOUBLE"], "DOUBLE[]")
        with address_rows(path, volumes) as rows, _told(database, progress, path):
            database.execute(_copy(rows, part))
            counts = _counted(database, part)
    except InputFaultsError:
        part.unlink(missing_ok=True)
        raise
    finally:
        database.close()
    counts_path(target).write_text(json.dumps(asdict(counts) | {"digest": _digest(part)}), encoding="utf-8")
    part.replace(target)


def _copy(rows: str, part: Path) -> str:
    cell = f"CAST(floor(y_m / {CELL_M}) AS BIGINT) * {_COLUMNS_OF_CELLS} + CAST(floor(x_m / {CELL_M}) AS BIGINT)"
    return (
        f"COPY (SELECT *, {cell} AS cell FROM ({rows}) ORDER BY cell, uprn) "  # noqa: S608 - names from the header, quoted
        f"TO {as_text(str(part))} (FORMAT PARQUET, ROW_GROUP_SIZE {_BLOCK_ROWS}, COMPRESSION ZSTD)"
    )


def _counted(database: duckdb.DuckDBPyConnection, part: Path) -> AddressCounts:
    table = f"read_parquet({as_file(part)})"
    question = "SELECT count(*), count(*) FILTER (x_m IS NULL), count(*) FILTER (lost), count(*) FILTER (streetless)"
    found = database.execute(f"{question} FROM {table}").fetchone() or (0, 0, 0, 0)
    twice = "SELECT uprn FROM {} WHERE uprn IS NOT NULL GROUP BY uprn HAVING max(x_m) - min(x_m) > 1 OR max(y_m) - min(y_m) > 1"
    doubled = database.execute(f"SELECT count(*) FROM ({twice.format(table)})").fetchone() or (0,)  # noqa: S608 - our own file
    return AddressCounts(
        rows=int(found[0]),
        placeless=int(found[1]),
        lost_numbers=int(found[2]),
        doubled_numbers=int(doubled[0]),
        streetless=int(found[3]),
    )


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
