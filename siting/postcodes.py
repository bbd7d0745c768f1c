"""Unit postcodes of Great Britain from the embedded Code-Point Open file, without a network.

The file is sorted by postcode and cut into row groups whose first and last postcode stand in
its footer, so that a look-up reads only the groups that can hold the answer.
"""

import bisect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from siting.bundled import bundled_data

ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail "
    "copyright and database right 2025. Contains National Statistics data. Open Government Licence v3.0."
)

SECTOR_AVERAGE_QUALITY = 60
"""Code-Point Open positional quality: the mean of the sector, not of the postcode's addresses."""
NO_POSITION_QUALITY = 90
"""Code-Point Open positional quality: no position is known."""

UNKNOWN_SECTOR_M = 1_000.0
"""How rough a sector's average is taken to be where none of its postcodes is located (own assumption)."""

_SHAPE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_SETTLED_CELL_M = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Postcode:
    """One unit postcode: its mean position on the National Grid (EPSG:27700) and how rough that is.

    `easting_m` and `northing_m` are NaN where `positional_quality` is 90. `roughness_m` is the
    distance to the nearest other postcode of the sector, a measure of the ground that one
    postcode covers; for a sector's average, the median distance of the sector's postcodes from it.
    """

    postcode: str
    positional_quality: int
    easting_m: float
    northing_m: float
    roughness_m: float

    @property
    def has_position(self) -> bool:
        """Whether a position is known."""
        return self.positional_quality < NO_POSITION_QUALITY

    @property
    def is_sector_average(self) -> bool:
        """Whether the position is only its sector's mean."""
        return self.positional_quality == SECTOR_AVERAGE_QUALITY


def tidy_postcode(text: str) -> str | None:
    """Write a postcode in capitals with one space, or return None where it has not the shape of one."""
    match = _SHAPE.fullmatch(re.sub(r"\s+", "", text).upper())
    return f"{match[1]} {match[2]}" if match else None


def outward_part(postcode: str) -> str:
    """Return the part of a postcode that does not identify a street, such as HP11."""
    return postcode.split(maxsplit=1)[0]


def find_postcodes(postcodes: Iterable[str], file: Path | None = None) -> Mapping[str, Postcode]:
    """Look up tidy postcodes; those that do not exist are absent from the answer."""
    path = file or bundled_data() / "codepoint-open.parquet"
    lasts = _last_postcode_of_groups(path)
    wanted_by_group: dict[int, list[str]] = {}
    for postcode in sorted(set(postcodes)):
        group = bisect.bisect_left(lasts, postcode)
        if group < len(lasts):
            wanted_by_group.setdefault(group, []).append(postcode)
    found: dict[str, Postcode] = {}
    with pq.ParquetFile(path) as parquet:
        for group, wanted in wanted_by_group.items():
            table = parquet.read_row_group(group)
            names = table.column("postcode").to_numpy(zero_copy_only=False).astype(str)
            quality = table.column("positional_quality").to_numpy()
            position = np.column_stack([table.column("easting").to_numpy(), table.column("northing").to_numpy()])
            for postcode in wanted:
                row = int(np.searchsorted(names, postcode))
                if row < len(names) and names[row] == postcode:
                    found[postcode] = _describe(row, names, quality, position.astype(np.float64))
    return found


def is_settled(easting_m: np.ndarray, northing_m: np.ndarray, file: Path | None = None) -> np.ndarray:
    """Tell of each place (EPSG:27700) whether any postcode lies within about five to ten kilometres.

    A dwelling without one does not exist in Great Britain, so such a place is in the sea or on a
    bare mountain. NaN is not settled.
    """
    cells = _settled_cells(file or bundled_data() / "codepoint-open.parquet")
    known = np.isfinite(easting_m) & np.isfinite(northing_m)
    column = np.where(known, easting_m, -1e9) // _SETTLED_CELL_M
    row = np.where(known, northing_m, -1e9) // _SETTLED_CELL_M
    inside = (column >= 0) & (column < cells.shape[1]) & (row >= 0) & (row < cells.shape[0])
    settled = np.zeros(len(known), dtype=bool)
    settled[inside] = cells[row[inside].astype(int), column[inside].astype(int)]
    return settled


def _describe(row: int, names: np.ndarray, quality: np.ndarray, position: np.ndarray) -> Postcode:
    sector = names[row][:-2]
    first, last = np.searchsorted(names, [sector, sector + "~"])
    located = quality[first:last] < SECTOR_AVERAGE_QUALITY
    distance_m = np.hypot(*(position[first:last][located] - position[row]).T)
    if quality[row] == SECTOR_AVERAGE_QUALITY:
        roughness_m = float(np.median(distance_m)) if distance_m.any() else UNKNOWN_SECTOR_M
    else:
        apart = distance_m[distance_m > 0]
        roughness_m = float(apart.min()) if len(apart) else np.nan
    has_position = quality[row] < NO_POSITION_QUALITY
    return Postcode(
        postcode=str(names[row]),
        positional_quality=int(quality[row]),
        easting_m=float(position[row, 0]) if has_position else np.nan,
        northing_m=float(position[row, 1]) if has_position else np.nan,
        roughness_m=roughness_m if has_position else np.nan,
    )


@cache
def _last_postcode_of_groups(path: Path) -> tuple[str, ...]:
    with pq.ParquetFile(path) as parquet:
        groups = (parquet.metadata.row_group(i).column(0) for i in range(parquet.metadata.num_row_groups))
        return tuple(str(group.statistics.max) for group in groups)


@cache
def _settled_cells(path: Path) -> np.ndarray:
    table = pq.read_table(path, columns=["positional_quality", "easting", "northing"])
    located = table.column("positional_quality").to_numpy() < NO_POSITION_QUALITY
    column = table.column("easting").to_numpy()[located] // _SETTLED_CELL_M
    row = table.column("northing").to_numpy()[located] // _SETTLED_CELL_M
    cells = np.zeros((row.max() + 3, column.max() + 3), dtype=bool)
    for d_row in (-1, 0, 1):
        for d_column in (-1, 0, 1):
            cells[np.maximum(row + d_row, 0), np.maximum(column + d_column, 0)] = True
    return cells
