"""The one way to ask DuckDB about large files: how it is opened, and how an address file is put before it."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.faults import Fault, InputFaultsError
from siting.storage.copies import private_folder
from siting.storage.decoding import encoding_by_its_start, single_byte_encoding
from siting.storage.kept import cache_folder
from siting.storage.moving_into_place import OWNER_ONLY

THREADS = 2
_START_BYTES = 4_096
_CHUNK_BYTES = 1 << 22


def connect(*, threads: int = THREADS) -> duckdb.DuckDBPyConnection:
    """Open a database of its own in memory, which remembers where the blocks of a Parquet file are.

    What does not fit into memory goes through the folder of what is kept, never through the one that the user stands in.
    """
    database = duckdb.connect()
    database.execute(f"SET temp_directory = {as_text(str(cache_folder() / 'sorting'))}")
    database.execute(f"SET threads = {threads}")
    database.execute("SET parquet_metadata_cache = true")
    return database


def ask() -> duckdb.DuckDBPyConnection:
    """Return a door to the database that this process keeps open for questions about Parquet files, which leave nothing in it.

    To open one takes longer than most questions. Whoever makes tables or functions takes one of its own, by `connect`.
    """
    return _kept_open(cache_folder()).cursor()


@cache
def _kept_open(folder: Path) -> duckdb.DuckDBPyConnection:  # noqa: ARG001 - what does not fit into memory goes there
    return connect()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """A column of texts of which there are few: the texts, and of each row which of them it has."""

    texts: tuple[str, ...]
    number: NDArray[np.integer[Any]]


Columns = Mapping[str, NDArray[Any] | Words]
"""A table as its columns by name, all of one length; a figure that is not a number stands for an empty cell."""


def write_parquet(
    path: Path,
    table: pd.DataFrame | Columns,
    about: Mapping[str, str] | None = None,
    database: duckdb.DuckDBPyConnection | None = None,
) -> None:
    """Write a table as Parquet, whose rows have no end as a sheet's have; what it needs of the disk meanwhile is beside it.

    `about` is written into the file's head, where `parquet_about` reads it. Who writes many files gives a `database`
    that it opened once, for opening one takes longer than a small file.
    """
    with nullcontext(database) if database is not None else connect() as database:  # noqa: PLR1704
        database.execute(f"SET temp_directory = {as_text(str(path.parent / 'sorting'))}")
        columns, arrays = ("*", table) if isinstance(table, pd.DataFrame) else _chosen(table)
        database.register("given", arrays)
        head = ", ".join(f"{as_name(name)}: {as_text(value)}" for name, value in (about or {}).items())
        kept = f", KV_METADATA {{{head}}}" if head else ""
        question = f"SELECT {columns} FROM given"  # noqa: S608 - names of columns, quoted
        database.execute(f"COPY ({question}) TO {as_text(str(path))} (FORMAT parquet, COMPRESSION zstd{kept})")
        database.unregister("given")


def _chosen(table: Columns) -> tuple[str, dict[str, NDArray[Any]]]:
    """Return how columns are asked for, and their arrays."""
    asked, arrays = [], {}
    for name, column in table.items():
        quoted = as_name(name)
        arrays[name] = column.number if isinstance(column, Words) else column
        if isinstance(column, Words):
            texts = ", ".join(map(as_text, column.texts))
            asked.append(f"([{texts}])[{quoted} + 1] AS {quoted}")
        elif column.dtype.kind == "f":
            asked.append(f"nullif({quoted}, 'nan') AS {quoted}")
        else:
            # Of no rows it would not know that they are texts.
            asked.append(f"{quoted}::VARCHAR AS {quoted}" if column.dtype.kind == "O" else quoted)
    return ", ".join(asked), arrays


def parquet_about(paths: Sequence[Path]) -> dict[Path, dict[str, str]]:
    """Return what `write_parquet` wrote about each of some files; a file that is not whole is left out."""
    about: dict[Path, dict[str, str]] = {}
    with connect() as database:
        for path in paths:
            with suppress(duckdb.Error):
                rows = database.execute(f"SELECT key, value FROM parquet_kv_metadata({as_file(path)})").fetchall()  # noqa: S608
                about[path] = {bytes(key).decode(): bytes(value).decode() for key, value in rows}
    return about


@contextmanager
def address_table(
    path: Path, *, delimiter: str = ",", names: Sequence[str] = (), header_line: int | None = None
) -> Iterator[str]:
    """Name a CSV file of addresses as a table of texts, in UTF-8, in Windows-1252 as Excel saves it, or in UTF-16.

    The database reads UTF-8 alone, and no file whose lines end in two ways, as one does that was edited on two machines:
    of such a file it is given a copy, which lasts as long as the block.
    Its columns are called `names`; those of its header, the lines above and the `header_line` (from 1) itself are passed over.
    Of a file without a header, rows that have fewer cells are filled up.

    Raises
    ------
    InputFaultsError
        Where the database cannot read the file as CSV.
    """
    try:
        encoding = _encoding(path)
        if encoding == "utf-8" and not _ends_in_two_ways(path):
            yield _read_csv(path, delimiter, names, header_line)
        else:
            with private_folder() as folder:
                copy = folder / "addresses.csv"
                _copy_plain(path, copy, encoding)
                yield _read_csv(copy, delimiter, names, header_line)
    except duckdb.Error as error:
        raise InputFaultsError([_not_csv(path, str(error))]) from error


def _not_csv(path: Path, said: str) -> Fault:
    """Say in which row a file is no table, by what the database says of it."""
    line = re.search(r"CSV Error on Line: (\d+)", said)
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    problem = f"the row has {cells[2]} cells and the header {cells[1]}" if cells else ""
    if "unterminated quote" in said:
        problem = "the quotation marks of a cell do not match"
    return Fault(
        file=path.name,
        row=int(line[1]) if line else None,
        problem=f"the address file cannot be read ({problem or said.splitlines()[0][:150]})",
        remedy="Put quotation marks round text that holds a comma, and delete what is no address, such as a note or a sum"
        if cells
        else "Save it again as CSV with commas, one address a line",
    )


def teach(
    database: duckdb.DuckDBPyConnection, name: str, function: Callable[..., Any], parameters: Sequence[str], answer: str
) -> None:
    """Give a database a function of ours, which may be asked about nothing (None) and may answer with it."""
    # Without that word an answer of None would be an error of the whole question.
    database.create_function(name, function, list(parameters), answer, null_handling="special")  # type: ignore[call-overload]


def as_name(name: str) -> str:
    """Quote the name of a column."""
    return '"' + name.replace('"', '""') + '"'


def as_text(value: str) -> str:
    """Quote a text."""
    return "'" + value.replace("'", "''") + "'"


def as_file(path: Path) -> str:
    """Quote the name of one file, which the database would take for a pattern where it has brackets or stars."""
    return as_text(re.sub(r"[\[*?]", r"[\g<0>]", str(path)))


def _read_csv(path: Path, delimiter: str, names: Sequence[str], header_line: int | None) -> str:
    listed = ", ".join(f"{as_text(name)}: 'VARCHAR'" for name in names)
    form = (
        f"header = true, skip = {header_line - 1}" if header_line else "header = false, null_padding = true, strict_mode = false"
    )
    return (
        f"read_csv({as_file(path)}, auto_detect = false, columns = {{{listed}}}, {form}, "
        f"delim = {as_text(delimiter)}, quote = '\"', escape = '\"')"
    )


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        wide = encoding_by_its_start(file.read(_START_BYTES))
    # A mark of UTF-8 is the database's own to read.
    if wide is not None and wide != "utf-8-sig":
        return wide
    if _is_utf8(path):
        return "utf-8"
    with path.open("rb") as file:
        return single_byte_encoding(file.read(_CHUNK_BYTES))


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _ends_in_two_ways(path: Path) -> bool:
    """Tell whether some lines of a file end in CR LF and others in LF alone."""
    pairs = alone = 0
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            pair = chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            pairs, alone, last = pairs + pair, alone + chunk.count(b"\n") - pair, chunk[-1:]
            if pairs and alone:
                return True
    return False


def _copy_plain(path: Path, copy: Path, encoding: str) -> None:
    """Copy a file in UTF-8, with one kind of line ending."""
    copy.touch(mode=OWNER_ONLY)
    with (
        path.open(encoding=encoding, errors="replace", newline=None) as file,
        copy.open("w", encoding="utf-8", newline="\n") as to,
    ):
        while chunk := file.read(_CHUNK_BYTES):
            to.write(chunk)
