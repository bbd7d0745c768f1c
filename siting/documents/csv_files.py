"""CSV files that are safe to open in a spreadsheet."""

from pathlib import Path

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_DECIMALS = {"_gbp": 0, "_cost": 0, "_m": 2, "easting": 2, "northing": 2}
"""How figures are written by the endings of their columns' names: whole pounds, metres to the centimetre."""
_OTHER_DECIMALS = 4


def safe_text(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would take for a formula; numbers stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as UTF-8 with a byte-order mark, which Excel needs to read letters such as ŵ right."""
    safe = frame.copy()
    for column in frame.columns:
        values = frame[column]
        if pd.api.types.is_float_dtype(values.dtype):
            safe[column] = _figures(str(column), values)
        elif values.dtype == object or pd.api.types.is_string_dtype(values):
            safe[column] = values.map(safe_text)
    safe.columns = pd.Index([safe_text(str(column)) for column in frame.columns])
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", float_format=f"%.{_OTHER_DECIMALS}f")


def _figures(column: str, values: pd.Series) -> pd.Series:
    decimals = next((count for ending, count in _DECIMALS.items() if column.endswith(ending)), _OTHER_DECIMALS)
    return values.map(lambda value: f"{value:.{decimals}f}", na_action="ignore")
