"""The evaluation as CSV: the columns that other programs rely on, safe to open in a spreadsheet."""

from pathlib import Path

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would take for a formula; numbers stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as UTF-8 with a byte-order mark, which Excel needs to read letters such as ŵ right."""
    text = [
        column
        for column in frame.columns
        if frame[column].dtype == object or frame[column].dtype == "string" or pd.api.types.is_string_dtype(frame[column])
    ]
    safe = frame.copy()
    for column in text:
        safe[column] = frame[column].map(safe_text)
    safe.columns = pd.Index([safe_text(str(column)) for column in frame.columns])
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", float_format="%.4f")
