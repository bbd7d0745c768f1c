"""The rows of an address file as one question to the database, whatever its layout: the same columns for all.

`uprn`, `parent_uprn` (whole numbers), `x_m`, `y_m` (metres of EPSG:27700), `lost` (whether Excel took figures from the
number), `streetless` (whether typed records name a street that is in none of them), and the texts. Rows that a delivery says
are deleted are left out; rows without a place stay, for they are counted.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from siting.crs import MetricSystem, to_metres
from siting.inputs.address_formats import Layout, Meanings, Source, read_format, recognise
from siting.storage.database import address_table, as_name
from siting.words import BNG

TEXTS = (
    "classification", "logical_status", "state", "postal", "text", "sub_building", "building_name", "building_number", "street",
    "town", "postcode", "welsh", "welsh_street", "welsh_town",
)  # fmt: skip
_MOST_CELLS = 40
_FARTHEST_M = 1e8
_DEGREES = "abs(x) <= 180 AND abs(y) <= 90"


@contextmanager
def address_rows(path: Path, volumes: Sequence[Path] = ()) -> Iterator[str]:
    """Give a question that answers with the rows of a file; it needs the function `to_grid` (`degrees_to_grid`).

    `volumes` are the other volumes of the same delivery of typed records: a property's street or address may lie in one of them.

    Raises
    ------
    InputFaultsError
        Where the file cannot be read as CSV, or is no address file.
    """
    form = read_format(path)
    if form.layout is Layout.TYPED:
        cells = [f"c{n}" for n in range(_MOST_CELLS)]
        with ExitStack() as opened:
            own, *others = (
                opened.enter_context(address_table(one, delimiter=form.delimiter, names=cells)) for one in (path, *volumes)
            )
            everything = " UNION ALL ".join(f"SELECT * FROM {table}" for table in (own, *others))  # noqa: S608 - our own names
            yield _question(f"({_PREMIUM.format(own=own, everything=everything)})", recognise(path, _PREMIUM_NAMES), _STREETLESS)
    else:
        header_line = form.lines_above + 1 if form.layout is Layout.HEADED else None
        with address_table(path, delimiter=form.delimiter, names=form.names, header_line=header_line) as table:
            yield _question(table, form.columns)


def degrees_to_grid(longitude: float | None, latitude: float | None) -> list[float] | None:
    """Convert degrees to metres of EPSG:27700, for the database; None where there is no place."""
    if longitude is None or latitude is None:
        return None
    (x_m,), (y_m,) = to_metres(longitude, latitude, MetricSystem(BNG))
    return [float(x_m), float(y_m)] if np.isfinite(x_m) else None


def _question(table: str, columns: Meanings, streetless: str = "FALSE") -> str:
    texts = ", ".join(f"{_filled(columns, name)} AS {name}" for name in TEXTS)
    number, parent = _filled(columns, "uprn"), _filled(columns, "parent_uprn")
    x, y = _place(columns)
    rows = (
        f"SELECT {_whole(number)} AS uprn, {_whole(parent)} AS parent_uprn, "  # noqa: S608 - names from the header, quoted
        f"({number} IS NOT NULL AND {_whole(number)} IS NULL) AS lost, {streetless} AS streetless, "
        f"{_metres_or_degrees(x)} AS x, {_metres_or_degrees(y)} AS y, "
        f"{texts} FROM {table} WHERE coalesce({_filled(columns, 'change')}, '') NOT IN ('D', 'Delete')"
    )
    # Half a place is none, and is counted as such.
    grid = f"CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN {_DEGREES} THEN to_grid(x, y) ELSE [x, y] END"
    return f"SELECT * EXCLUDE (x, y, spot), spot[1] AS x_m, spot[2] AS y_m FROM (SELECT *, {grid} AS spot FROM ({rows}))"  # noqa: S608


def _place(columns: Meanings) -> tuple[str, str]:
    """Return where a row is: in metres where it says so, else in degrees, else by its shape; found apart later by their size."""
    numbers = {name: f"replace({_filled(columns, name)}, ' ', '')" for name in ("easting", "northing", "latitude", "longitude")}
    shape = _filled(columns, "geometry")
    points = [f"nullif(regexp_extract({shape}, 'POINT\\s*Z?\\s*\\(\\s*(-?[\\d.]+)\\s+(-?[\\d.]+)', {n}), '')" for n in (1, 2)]
    x = f"coalesce({numbers['easting']}, {numbers['longitude']}, {points[0]})"
    y = f"coalesce({numbers['northing']}, {numbers['latitude']}, {points[1]})"
    return x, y


def _metres_or_degrees(number: str) -> str:
    """Read a number that can be a place's: one that has no end, or is none, would stop the reading of the whole file."""
    return f"CASE WHEN abs(TRY_CAST({number} AS DOUBLE)) < {_FARTHEST_M} THEN TRY_CAST({number} AS DOUBLE) END"


def _whole(number: str) -> str:
    """Read a number only where all its figures are there: `9.9E+11` is any of many."""
    plain = f"regexp_replace({number}, '\\.0+$', '')"
    return f"CASE WHEN regexp_full_match({plain}, '[0-9]{{1,12}}') THEN TRY_CAST({plain} AS BIGINT) END"


def _filled(columns: Meanings, meaning: str) -> str:
    alternatives = [_joined(parts, ", " if meaning.endswith(("town", "text")) else " ") for parts in columns.get(meaning, ())]
    return f"coalesce({', '.join(alternatives)}, NULL)" if alternatives else "CAST(NULL AS VARCHAR)"


def _joined(parts: tuple[Source, ...], between: str) -> str:
    return f"nullif(concat_ws('{between}', {', '.join(map(_one, parts))}), '')"


def _one(part: Source) -> str:
    if isinstance(part, str):
        return _text(part)
    start, end = _with_suffix(part.start, part.start_suffix), _with_suffix(part.end, part.end_suffix)
    return f"nullif(concat_ws('-', {start}, {end}), '')"


def _with_suffix(number: str, suffix: str) -> str:
    return f"({_text(number)} || coalesce({_text(suffix)}, ''))" if number else "NULL"


def _text(name: str) -> str:
    return f"nullif(trim({as_name(name)}), '')" if name else "NULL"


_STREETLESS = "street_missing"
_PREMIUM_NAMES = (
    "UPRN", "CHANGE_TYPE", "LOGICAL_STATUS", "STATE", "PARENT_UPRN", "X_COORDINATE", "Y_COORDINATE", "LATITUDE", "LONGITUDE",
    "ADDRESSBASE_POSTAL", "POSTCODE_LOCATOR", "CLASS", "SAO_START_NUMBER", "SAO_START_SUFFIX", "SAO_END_NUMBER", "SAO_END_SUFFIX",
    "SAO_TEXT", "PAO_START_NUMBER", "PAO_START_SUFFIX", "PAO_END_NUMBER", "PAO_END_SUFFIX", "PAO_TEXT", "STREET_DESCRIPTION",
    "LOCALITY", "TOWN_NAME", "ALT_LANGUAGE_STREET_DESCRIPTION", "ALT_LANGUAGE_SAO_TEXT", "ALT_LANGUAGE_PAO_TEXT",
    "RM_ORGANISATION_NAME", "SUB_BUILDING_NAME", "BUILDING_NAME", "BUILDING_NUMBER", "DEPENDENT_THOROUGHFARE",
    "THOROUGHFARE", "POST_TOWN", "POSTCODE",
    "WELSH_THOROUGHFARE", "WELSH_DEPENDENT_LOCALITY", "WELSH_POST_TOWN", "LA_ORGANISATION",
)  # fmt: skip

_PREMIUM = """
WITH raw AS ({everything}),
lpi AS (SELECT * FROM raw WHERE c0 = '24' AND c1 <> 'D' AND c5 <> 'CYM'
    QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY (c6 <> '1')::INT, c4) = 1),
welsh AS (SELECT * FROM raw WHERE c0 = '24' AND c1 <> 'D' AND c5 = 'CYM'
    QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY (c6 <> '1')::INT, c4) = 1),
street AS (SELECT * FROM raw WHERE c0 = '15' AND c1 <> 'D' AND c8 <> 'CYM'
    QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY c4) = 1),
stryd AS (SELECT * FROM raw WHERE c0 = '15' AND c1 <> 'D' AND c8 = 'CYM'
    QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY c4) = 1),
dpa AS (SELECT * FROM raw WHERE c0 = '28' AND c1 <> 'D' QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY c4) = 1),
class AS (SELECT * FROM raw WHERE c0 = '32' AND c1 <> 'D'
    QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY (c6 NOT ILIKE 'AddressBase%')::INT, c4) = 1),
org AS (SELECT * FROM raw WHERE c0 = '31' AND c1 <> 'D' QUALIFY row_number() OVER (PARTITION BY c3 ORDER BY c4) = 1)
SELECT b.c3 AS "UPRN", b.c1 AS "CHANGE_TYPE", b.c4 AS "LOGICAL_STATUS", b.c5 AS "STATE", b.c7 AS "PARENT_UPRN",
    b.c8 AS "X_COORDINATE", b.c9 AS "Y_COORDINATE", b.c10 AS "LATITUDE", b.c11 AS "LONGITUDE", b.c19 AS "ADDRESSBASE_POSTAL",
    b.c20 AS "POSTCODE_LOCATOR", class.c5 AS "CLASS", lpi.c11 AS "SAO_START_NUMBER", lpi.c12 AS "SAO_START_SUFFIX",
    lpi.c13 AS "SAO_END_NUMBER", lpi.c14 AS "SAO_END_SUFFIX", lpi.c15 AS "SAO_TEXT", lpi.c16 AS "PAO_START_NUMBER",
    lpi.c17 AS "PAO_START_SUFFIX", lpi.c18 AS "PAO_END_NUMBER", lpi.c19 AS "PAO_END_SUFFIX", lpi.c20 AS "PAO_TEXT",
    street.c4 AS "STREET_DESCRIPTION", street.c5 AS "LOCALITY", street.c6 AS "TOWN_NAME",
    stryd.c4 AS "ALT_LANGUAGE_STREET_DESCRIPTION", welsh.c15 AS "ALT_LANGUAGE_SAO_TEXT", welsh.c20 AS "ALT_LANGUAGE_PAO_TEXT",
    dpa.c5 AS "RM_ORGANISATION_NAME", dpa.c7 AS "SUB_BUILDING_NAME", dpa.c8 AS "BUILDING_NAME", dpa.c9 AS "BUILDING_NUMBER",
    dpa.c10 AS "DEPENDENT_THOROUGHFARE", dpa.c11 AS "THOROUGHFARE", dpa.c14 AS "POST_TOWN", dpa.c15 AS "POSTCODE",
    dpa.c19 AS "WELSH_THOROUGHFARE", dpa.c21 AS "WELSH_DEPENDENT_LOCALITY", dpa.c22 AS "WELSH_POST_TOWN",
    org.c5 AS "LA_ORGANISATION", (lpi.c21 IS NOT NULL AND street.c3 IS NULL AND stryd.c3 IS NULL) AS street_missing
FROM (SELECT * FROM {own} WHERE c0 = '21') AS b
LEFT JOIN lpi ON lpi.c3 = b.c3 LEFT JOIN welsh ON welsh.c3 = b.c3
LEFT JOIN street ON street.c3 = lpi.c21 LEFT JOIN stryd ON stryd.c3 = lpi.c21
LEFT JOIN dpa ON dpa.c3 = b.c3 LEFT JOIN class ON class.c3 = b.c3 LEFT JOIN org ON org.c3 = b.c3
"""
"""The records of AddressBase Premium that belong to one property, wherever in a delivery, as one row with the names of Plus."""
