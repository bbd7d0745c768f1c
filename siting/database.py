"""The one way to ask questions of large columnar files: DuckDB, in this process, with nothing written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from siting.faults import Fault, InputFaultsError

THREADS = 2
_START_BYTES = 1 << 20


def connect() -> duckdb.DuckDBPyConnection:
    """Open a database of its own in memory, which remembers where the blocks of a Parquet file are."""
    database = duckdb.connect()
    database.execute(f"SET threads = {THREADS}")
    database.execute("SET parquet_metadata_cache = true")
    return database


def csv_source(path: Path) -> str:
    """Word a CSV file with a header, in UTF-8 or Windows' Latin letters, as a table of texts."""
    return (
        f"read_csv({as_text(str(path))}, header = true, all_varchar = true, delim = ',', quote = '\"', "
        f"encoding = '{_encoding(path)}')"
    )


@contextmanager
def reading_addresses(path: Path) -> Iterator[None]:
    """Word what the database finds wrong with an address file as a fault of it.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read as CSV.
    """
    try:
        yield
    except duckdb.Error as error:
        fault = Fault(
            file=path.name,
            problem=f"the address file cannot be read ({str(error).splitlines()[0][:150]})",
            remedy="Save it again as CSV with commas, one address a line",
        )
        raise InputFaultsError([fault]) from error


def as_name(name: str) -> str:
    """Quote the name of a column."""
    return '"' + name.replace('"', '""') + '"'


def as_text(value: str) -> str:
    """Quote a text."""
    return "'" + value.replace("'", "''") + "'"


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut in two at the end of what was read is no sign of another encoding.
        return "utf-8" if error.start > len(start) - 4 else "latin-1"
    return "utf-8"
