"""Unit postcodes of Great Britain from the embedded Code-Point Open file, without a network.

The file is sorted by postcode and cut into row groups whose first and last postcode stand in
its footer, so that a look-up of a few reads only the groups that can hold the answer.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path

import numpy as np

from siting.storage.database import ask, connect
from siting.storage.kept import bundled_data
from siting.words import METRES_PER_MILE

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
_FEW_SECTORS = 40
"""Up to so many sectors it is quicker to read each than to pass over all."""


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


_NOT_COVERED = {
    "BT": "Northern Ireland",
    "JE": "the Channel Islands",
    "GY": "the Channel Islands",
    "IM": "the Isle of Man",
}
"""Areas of Royal Mail's that Code-Point Open, and with it the planner, does not have."""
_ISLANDS = (
    ("Northern Ireland", -8.2, 54.0, -5.43, 55.35),
    ("the Isle of Man", -4.9, 54.03, -4.28, 54.43),
    ("the Channel Islands", -2.75, 49.1, -1.95, 49.77),
)
"""Rectangles in degrees, west, south, east, north, which touch nothing of Great Britain (drawn by hand)."""
_LOOKS_LIKE = {"O": "0", "0": "O", "I": "1", "L": "1", "1": "IL", "S": "5", "5": "S", "Z": "2", "2": "Z", "B": "8", "8": "B"}
_MOST_TRIED = 4
_LENGTHS = range(5, 8)
"""Letters and figures of a postcode, without its space."""
_POSSIBLE = re.compile(r"[A-Z]{1,2}(?:[0-9]|[1-9][0-9]|[0-9][A-HJKMNPR-Y]) [0-9][ABD-HJLNP-UW-Z]{2}")
"""How a postcode that exists is written: no district begins with 0, ends in I, L, O, Q or Z."""
_NEVER_LAST = frozenset("CIKMOV")
"""No postcode has one of them among its last two letters (Royal Mail; none of Code-Point Open's has)."""


def not_covered_at(longitude: float, latitude: float) -> str | None:
    """Name the part of the British Isles outside Great Britain in which a place (EPSG:4326) lies; None elsewhere."""
    for name, west, south, east, north in _ISLANDS:
        if west <= longitude <= east and south <= latitude <= north:
            return name
    return None


def each_covered(longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Tell of each of many places whether it lies in none of the parts that `not_covered_at` names."""
    inside = [
        (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
        for _, west, south, east, north in _ISLANDS
    ]
    return np.asarray(~np.any(inside, axis=0))


def unlike_postcode(text: str) -> tuple[str, str] | None:
    """Say of a text that is no postcode of Great Britain what it may be, with the remedy; None where nothing is known.

    A place stands only in brackets at the end of either.
    """
    plain = re.sub(r"\s+", "", text).upper()
    area = re.match(r"[A-Z]+", plain)
    if area and area[0] in _NOT_COVERED and tidy_postcode(text):
        return (
            f"this is in {_NOT_COVERED[area[0]]}, which the planner does not cover ({text.strip()[:20]})",
            "Take the row out, or leave its place empty",
        )
    if plain.startswith(("ZZ993", "BFPO")):
        return f"this stands for no fixed place ({text.strip()[:20]})", "Leave the cell empty where the place is not known"
    if (slip := _slip(plain, text)) is not None:
        return slip
    if re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?", plain):
        return f"this is only the first half of a postcode ({text.strip()[:20]!r})", "Write it in full, as in HP11 2JZ"
    if re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]?", " ".join(text.upper().split())):
        return f"the last letters of this postcode are missing ({text.strip()[:20]!r})", "Write it in full, as in HP11 2JZ"
    return None


def _slip(plain: str, text: str) -> tuple[str, str] | None:
    """Say of what is no known postcode that letters and figures which look alike may be exchanged in it."""
    if len(plain) not in _LENGTHS:
        return None
    quoted = f"({text.strip()[:20]!r})"
    readings = _readings(plain)
    found = find_postcodes(reading for reading in readings if _POSSIBLE.fullmatch(reading))
    if found:
        fewest = min(readings[reading] for reading in found)
        meant = sorted(reading for reading in found if readings[reading] == fewest)
        problem = f"a letter stands for a figure or a figure for a letter, such as O for 0 {quoted}"
        return problem, f"Type it again (did you mean {' or '.join(meant)})"
    tidy = tidy_postcode(text)
    if tidy and _POSSIBLE.fullmatch(tidy):
        return None
    if tidy and _NEVER_LAST & set(plain[-2:]):
        problem = f"no postcode has C, I, K, M, O or V among its last two letters {quoted}"
        return problem, "Look at it again: O may stand for 0, Q or D, I for 1, V for Y"
    if readings:
        problem = f"no postcode is written so, and a letter may stand for a figure or a figure for a letter {quoted}"
        return problem, "Look at O and 0, I and 1, S and 5"
    return None


def _readings(plain: str) -> dict[str, int]:
    """Return what a text may stand for, if letters and figures that look alike are exchanged in it; and how many are."""
    ways = [(letter, *_LOOKS_LIKE.get(letter, "")) for letter in plain]
    places = [index for index, way in enumerate(ways) if len(way) > 1]
    readings: dict[str, int] = {}
    for count in range(1, _MOST_TRIED + 1):
        for chosen in combinations(places, count):
            for read in product(*(way[1:] if index in chosen else way[:1] for index, way in enumerate(ways))):
                if tidy := tidy_postcode("".join(read)):
                    readings.setdefault(tidy, count)
    return readings


def outward_part(postcode: str) -> str:
    """Return the part of a postcode that does not identify a street, such as HP11."""
    return postcode.split(maxsplit=1)[0]


def find_postcodes(postcodes: Iterable[str], file: Path | None = None) -> Mapping[str, Postcode]:
    """Look up tidy postcodes; those that do not exist are absent from the answer."""
    wanted = sorted(set(postcodes))
    if not wanted:
        return {}
    names, quality, position = _read_sectors(sorted({_sector(postcode) for postcode in wanted}), file or _bundled_file())
    rows = np.searchsorted(names, wanted)
    return {
        postcode: _describe(int(row), names, quality, position)
        for postcode, row in zip(wanted, rows, strict=True)
        if row < len(names) and names[row] == postcode
    }


def is_settled(easting_m: np.ndarray, northing_m: np.ndarray, file: Path | None = None) -> np.ndarray:
    """Tell of each place (EPSG:27700) whether any postcode lies within about five to ten kilometres.

    A dwelling without one does not exist in Great Britain, so such a place is in the sea or on a
    bare mountain. NaN is not settled.
    """
    cells = _settled_cells(file or _bundled_file())
    known = np.isfinite(easting_m) & np.isfinite(northing_m)
    column = np.where(known, easting_m, -1e9) // _SETTLED_CELL_M
    row = np.where(known, northing_m, -1e9) // _SETTLED_CELL_M
    inside = (column >= 0) & (column < cells.shape[1]) & (row >= 0) & (row < cells.shape[0])
    settled = np.zeros(len(known), dtype=bool)
    settled[inside] = cells[row[inside].astype(int), column[inside].astype(int)]
    return settled


def _describe(row: int, names: np.ndarray, quality: np.ndarray, position: np.ndarray) -> Postcode:
    sector = _sector(str(names[row]))
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


def _read_sectors(sectors: Sequence[str], path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the postcodes of some sectors in order: their names, qualities and positions (rows x 2; EPSG:27700)."""
    if len(sectors) <= _FEW_SECTORS:
        chosen = " OR ".join(["postcode BETWEEN ? AND ? || '~'"] * len(sectors))
        values: list[object] = [sector for sector in sectors for _ in range(2)]
    else:
        chosen, values = "left(postcode, length(postcode) - 2) IN (SELECT unnest(?))", [list(sectors)]
    columns = "postcode, positional_quality, easting, northing"
    question = f"SELECT {columns} FROM read_parquet(?) WHERE {chosen} ORDER BY postcode"  # noqa: S608 - no text of a user's
    with ask() as database:
        found = database.execute(question, [str(path), *values]).fetchnumpy()
    position = np.column_stack([found["easting"], found["northing"]]).astype(np.float64)
    return np.asarray(found["postcode"]).astype(str), np.asarray(found["positional_quality"]), position


def _sector(postcode: str) -> str:
    """Return all of a tidy postcode but its last two letters, such as HP11 1."""
    return postcode[:-2]


def _bundled_file() -> Path:
    return bundled_data() / "codepoint-open.parquet"


@cache
def _settled_cells(path: Path) -> np.ndarray:
    question = (
        f"SELECT DISTINCT easting // {_SETTLED_CELL_M} AS cell_column, northing // {_SETTLED_CELL_M} AS cell_row "  # noqa: S608
        f"FROM read_parquet(?) WHERE positional_quality < {NO_POSITION_QUALITY}"
    )
    with ask() as database:
        found = database.execute(question, [str(path)]).fetchnumpy()
    column, row = np.asarray(found["cell_column"]), np.asarray(found["cell_row"])
    cells = np.zeros((row.max() + 3, column.max() + 3), dtype=bool)
    for d_row in (-1, 0, 1):
        for d_column in (-1, 0, 1):
            cells[np.maximum(row + d_row, 0), np.maximum(column + d_column, 0)] = True
    return cells


FAR_FROM_POSTCODE_M = 5_000.0
"""A place so far from its postcode's position is surely not of it (own choice: few postcodes cover as much ground)."""


_TIMES_ITS_ROUGHNESS = 3.0


def wrong_beside(text: str, found: Postcode | None, easting_m: float, northing_m: float) -> tuple[str, str] | None:
    """Say what is wrong with a postcode beside a place (EPSG:27700; NaN where that is not known), and what to do.

    The place of a home or a family stands only in brackets at the end.
    """
    tidy = tidy_postcode(text)
    correct = "The place is taken from the row's other columns; correct it, since miles are measured between postcodes"
    if found is None and (told := unlike_postcode(text)) is not None:
        return told[0], f"{correct}; {told[1][0].lower()}{told[1][1:]}"
    if tidy is None:
        return f"this has not the form of a full postcode ({text[:20]})", correct
    if found is None:
        return f"this postcode does not exist ({tidy})", correct
    if not found.has_position:
        return None
    distance_m = float(np.hypot(found.easting_m - easting_m, found.northing_m - northing_m))
    rough_m = found.roughness_m if np.isfinite(found.roughness_m) else 0.0
    if distance_m > max(FAR_FROM_POSTCODE_M, _TIMES_ITS_ROUGHNESS * rough_m):
        return (
            f"the place in the row's other columns lies {distance_m / METRES_PER_MILE:,.0f} miles from this postcode ({tidy})",
            "Correct one of them: minutes are counted from the place, and miles from the postcode",
        )
    return None


def postcodes_within(
    west_m: float, south_m: float, east_m: float, north_m: float, file: Path | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the postcodes that have a position within a rectangle (EPSG:27700), in order: names, and positions (rows x 2)."""
    question = (
        "SELECT postcode, easting, northing FROM read_parquet(?) WHERE positional_quality < ? "
        "AND easting BETWEEN ? AND ? AND northing BETWEEN ? AND ? ORDER BY postcode"
    )
    with ask() as database:
        values = [str(file or _bundled_file()), SECTOR_AVERAGE_QUALITY, west_m, east_m, south_m, north_m]
        found = database.execute(question, values).fetchnumpy()
    return np.asarray(found["postcode"]).astype(str), np.column_stack([found["easting"], found["northing"]]).astype(np.float64)


def areas_without(areas: Sequence[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some postcode areas (`HP`) or districts (`HP11`) of which none of the tidy postcodes is."""
    if not areas:
        return ()
    districts = {outward_part(name) for name in names}
    there = districts | {re.match("[A-Z]*", district)[0] for district in districts}  # type: ignore[index]
    return tuple(area for area in areas if area.upper() not in there)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodesOnGround:
    """The unit postcodes of some ground, in order.

    Attributes
    ----------
    names
        Tidy.
    position
        Float64, rows x 2: easting and northing (EPSG:27700).
    without_position
        How many more of the same sectors have no position of their own: none at all, or only their sector's average.
    """

    names: np.ndarray
    position: np.ndarray
    without_position: int


def postcodes_on(
    bounds_m: tuple[float, float, float, float], areas: Sequence[str] = (), file: Path | None = None
) -> PostcodesOnGround:
    """Return the unit postcodes within a rectangle (west, south, east, north; EPSG:27700).

    `areas` leaves only those of some postcode areas (`HP`) or districts (`HP11`).
    """
    chosen = "(len($areas) = 0 OR list_contains($areas, split_part(postcode, ' ', 1)) "
    chosen += "OR list_contains($areas, regexp_extract(postcode, '^[A-Z]+')))"
    inside = "positional_quality < $average AND easting BETWEEN $west AND $east AND northing BETWEEN $south AND $north"
    sector = "left(postcode, length(postcode) - 2)"
    given = {"file": str(file or _bundled_file()), "areas": list(areas), "average": SECTOR_AVERAGE_QUALITY}
    given |= dict(zip(("west", "south", "east", "north"), bounds_m, strict=True))
    with connect() as database:
        database.execute(
            f"CREATE TABLE ground AS SELECT postcode, easting, northing FROM read_parquet($file) WHERE {inside} AND {chosen}",  # noqa: S608
            given,
        )
        found = database.execute("FROM ground ORDER BY postcode").fetchnumpy()
        missing = database.execute(
            f"SELECT count(*) FROM read_parquet($file) WHERE positional_quality >= $average AND {chosen} "  # noqa: S608
            f"AND {sector} IN (SELECT {sector} FROM ground)",
            {name: given[name] for name in ("file", "average", "areas")},
        ).fetchone()
    position = np.column_stack([found["easting"], found["northing"]]).astype(np.float64)
    return PostcodesOnGround(
        names=np.asarray(found["postcode"]).astype(str), position=position, without_position=int(missing[0]) if missing else 0
    )
