"""Property numbers (UPRN) to places, from the address file that a plan names."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from siting.inputs.address_rows import address_rows, degrees_to_grid
from siting.storage.database import connect, teach

SAME_M = 30.0
"""Two files, or two rows, that place a number this near to each other mean one place (own choice)."""


def find_uprns(files: Iterable[Path], uprns: Iterable[str]) -> Mapping[int, tuple[float, float] | None]:
    """Stream address files and return easting and northing (EPSG:27700, metres) of the UPRNs in them.

    Every layout that the engagement reads is read here too. A number without a place is absent from the answer; one that
    stands at two places has None.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read as CSV, or is no address file.
    """
    wanted = sorted({int(uprn) for uprn in uprns if uprn.isdecimal()})
    found: dict[int, tuple[float, float] | None] = {}
    for uprn, easting_m, northing_m in (row for file in files for row in _rows(file, wanted)):
        known = found.setdefault(uprn, (easting_m, northing_m))
        if known is not None and math.dist(known, (easting_m, northing_m)) > SAME_M:
            found[uprn] = None
    return found


def _rows(file: Path, wanted: list[int]) -> list[tuple[int, float, float]]:
    with connect() as database:
        teach(database, "to_grid", degrees_to_grid, ["DOUBLE", "DOUBLE"], "DOUBLE[]")
        with address_rows(file) as rows:
            question = (
                f"SELECT uprn, x_m, y_m FROM ({rows}) "  # noqa: S608 - a question of our own
                "WHERE uprn IN (SELECT unnest(?)) AND x_m IS NOT NULL AND y_m IS NOT NULL"
            )
            return database.execute(question, [wanted]).fetchall()
