"""How long a national address file takes to index, and one home and a hundred to answer; and the memory.

python tests/benchmarks/address_index.py [ROWS]
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np

from engagement.around.addresses import AddressFile


def main(rows: int) -> None:
    """Make a file in the form of OS Open UPRN, index it, ask it."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "osopenuprn.csv"
        columns = "1 + i AS UPRN, round(random() * 600000, 2) AS X_COORDINATE, round(random() * 900000, 2) AS Y_COORDINATE"
        made = f"SELECT {columns}, 52.0 AS LATITUDE, -1.0 AS LONGITUDE FROM range({rows}) t(i)"  # noqa: S608
        duckdb.sql(f"COPY ({made}) TO '{path}' (HEADER)")
        print(f"file: {path.stat().st_size / 1e9:.2f} GB, {rows:,} rows")
        begun = time.perf_counter()
        file = AddressFile(path, folder=Path(name) / "cache")
        took_s = time.perf_counter() - begun
        print(f"indexed in {took_s:.1f} s; memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
        draw = np.random.default_rng(1)
        places = draw.random((100, 2)) * (600_000, 900_000)
        begun = time.perf_counter()
        AddressFile(path, folder=Path(name) / "cache").near(*places[0], 150.0)
        print(f"opened again and one home: {time.perf_counter() - begun:.2f} s")
        begun = time.perf_counter()
        for x_m, y_m in places:
            file.near(float(x_m), float(y_m), 150.0)
        print(f"a hundred homes: {time.perf_counter() - begun:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000_000)
