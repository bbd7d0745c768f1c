"""Property numbers (UPRN) to places, from the address file that a plan names."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

_EASTING_NAMES = ("x_coordinate", "easting")
_NORTHING_NAMES = ("y_coordinate", "northing")


def find_uprns(file: Path, uprns: Iterable[str]) -> Mapping[int, tuple[float, float]]:
    """Stream an address CSV and return easting and northing (EPSG:27700, metres) of the UPRNs in it.

    The columns are found by name, as in OS Open UPRN and AddressBase: `UPRN`, `X_COORDINATE` or
    `EASTING`, `Y_COORDINATE` or `NORTHING`, in any case. A file without them answers with nothing.
    """
    wanted = pa.array(sorted({int(uprn) for uprn in uprns if uprn.isdecimal()}), pa.int64())
    with file.open(encoding="utf-8-sig") as stream:
        header = [name.strip().strip('"') for name in stream.readline().split(",")]
    named = {name.lower(): name for name in header}
    uprn_column = named.get("uprn")
    easting_column = next((named[name] for name in _EASTING_NAMES if name in named), None)
    northing_column = next((named[name] for name in _NORTHING_NAMES if name in named), None)
    if uprn_column is None or easting_column is None or northing_column is None:
        return {}
    reader = csv.open_csv(
        file,
        read_options=csv.ReadOptions(column_names=header, skip_rows=1),
        convert_options=csv.ConvertOptions(
            include_columns=[uprn_column, easting_column, northing_column],
            column_types={uprn_column: pa.int64(), easting_column: pa.float64(), northing_column: pa.float64()},
        ),
    )
    found: dict[int, tuple[float, float]] = {}
    for batch in reader:
        hits = batch.filter(pc.is_in(batch.column(0), value_set=wanted))
        uprn, easting, northing = (column.to_pylist() for column in hits.columns)
        found |= dict(zip(uprn, zip(easting, northing, strict=True), strict=True))
    return found
