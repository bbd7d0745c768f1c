"""Property numbers (UPRN) to places, from the address file that a plan names."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from siting.storage.database import address_table, as_name, connect

_EASTING_NAMES = ("x_coordinate", "easting")
_NORTHING_NAMES = ("y_coordinate", "northing")


def find_uprns(file: Path, uprns: Iterable[str]) -> Mapping[int, tuple[float, float]]:
    """Stream an address CSV and return easting and northing (EPSG:27700, metres) of the UPRNs in it.

    The columns are found by name, as in OS Open UPRN and AddressBase: `UPRN`, `X_COORDINATE` or
    `EASTING`, `Y_COORDINATE` or `NORTHING`, in any case. A file without them answers with nothing.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read as CSV.
    """
    with file.open(encoding="utf-8-sig", errors="replace") as stream:
        header = [name.strip().strip('"') for name in stream.readline().split(",")]
    named = {name.lower(): name for name in header}
    uprn_column = named.get("uprn")
    easting_column = next((named[name] for name in _EASTING_NAMES if name in named), None)
    northing_column = next((named[name] for name in _NORTHING_NAMES if name in named), None)
    if uprn_column is None or easting_column is None or northing_column is None:
        return {}
    number = f"TRY_CAST(trim({as_name(uprn_column)}) AS BIGINT)"
    place = ", ".join(
        f"TRY_CAST(trim({as_name(column)}) AS DOUBLE) AS {axis}"
        for column, axis in ((easting_column, "easting"), (northing_column, "northing"))
    )
    wanted = sorted({int(uprn) for uprn in uprns if uprn.isdecimal()})
    with connect() as database, address_table(file) as table:
        question = (
            f"SELECT * FROM (SELECT {number} AS uprn, {place} FROM {table}) "  # noqa: S608 - names from the header, quoted
            "WHERE uprn IN (SELECT unnest(?)) AND easting IS NOT NULL AND northing IS NOT NULL"
        )
        rows = database.execute(question, [wanted]).fetchall()
    return {uprn: (easting, northing) for uprn, easting, northing in rows}
