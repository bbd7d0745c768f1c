"""Tables as Parquet, from frames and from columns."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from siting.storage.database import Words, connect, parquet_about, write_parquet


def columns(count: int) -> dict[str, np.ndarray | Words]:
    minutes = np.arange(count) / 3
    minutes[1::3] = np.nan
    return {
        'the "postcode"': np.array([f"O'AK {number}" for number in range(count)], dtype=object),
        "verdict": Words(texts=("pa'ss", "fail"), number=(np.arange(count) % 2).astype(np.int8)),
        "minutes": minutes,
        "row": np.arange(count),
    }


@pytest.mark.parametrize("count", [0, 7])
def test_columns_are_written_as_a_frame_of_them_is(tmp_path: Path, count: int) -> None:
    given = columns(count)
    frame = pd.DataFrame(
        {
            'the "postcode"': given['the "postcode"'],
            "verdict": np.array(["pa'ss", "fail"], dtype=object)[np.arange(count) % 2],
            "minutes": pd.arrays.FloatingArray(np.nan_to_num(given["minutes"]), np.isnan(given["minutes"])),
            "row": given["row"],
        }
    ).astype({'the "postcode"': "str", "verdict": "str"})
    write_parquet(tmp_path / "frame.parquet", frame)
    write_parquet(tmp_path / "columns.parquet", given, about={"of": "a run's"})
    with connect() as database:
        kinds = [database.execute(f"DESCRIBE FROM '{tmp_path / name}.parquet'").fetchall() for name in ("frame", "columns")]
        rows = [database.execute(f"FROM '{tmp_path / name}.parquet'").fetchall() for name in ("frame", "columns")]
    assert kinds[0] == kinds[1]
    assert rows[0] == rows[1]
    assert len(rows[0]) == count
    assert [row[2] is None for row in rows[1]] == np.isnan(given["minutes"]).tolist()
    assert parquet_about([tmp_path / "columns.parquet"])[tmp_path / "columns.parquet"]["of"] == "a run's"
