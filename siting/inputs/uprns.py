"""Property numbers (UPRN) to places, from the address file that a plan names."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from siting.inputs.address_rows import address_rows, degrees_to_grid
from siting.storage.database import connect, teach


def find_uprns(file: Path, uprns: Iterable[str]) -> Mapping[int, tuple[float, float]]:
    """Stream an address file and return easting and northing (EPSG:27700, metres) of the UPRNs in it.

    Every layout that the engagement reads is read here too. A number without a place is absent from the answer.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read as CSV, or is no address file.
    """
    wanted = sorted({int(uprn) for uprn in uprns if uprn.isdecimal()})
    with connect() as database:
        teach(database, "to_grid", degrees_to_grid, ["DOUBLE", "DOUBLE"], "DOUBLE[]")
        with address_rows(file) as rows:
            question = (
                f"SELECT uprn, x_m, y_m FROM ({rows}) "  # noqa: S608 - a question of our own
                "WHERE uprn IN (SELECT unnest(?)) AND x_m IS NOT NULL AND y_m IS NOT NULL"
            )
            found = database.execute(question, [wanted]).fetchall()
    return {uprn: (easting_m, northing_m) for uprn, easting_m, northing_m in found}
