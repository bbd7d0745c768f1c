"""No row of a table is lost without a word, and figures are written as people write them."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from xlsxwriter.worksheet import Worksheet

from siting.documents.csv_files import write_csv
from siting.documents.workbooks import Sheet, SheetLimitError, write_sheets
from siting.inputs.excel import read_excel


def test_rows_beyond_a_sheet_are_refused_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of ten rows stands for one of 1,048,576: what lies beyond is refused in the same way."""
    real = Worksheet.__init__

    def small(self: Worksheet) -> None:
        real(self)
        self.xls_rowmax = 10

    monkeypatch.setattr(Worksheet, "__init__", small)
    for name, frame in (
        ("figures", pd.DataFrame({"a": [float(n) for n in range(6)]})),
        ("words", pd.DataFrame({"a": [f"row {n}" for n in range(6)]})),
    ):
        sheet = Sheet(name="All", title="all", frame=frame, note="")
        with pytest.raises(SheetLimitError, match="no room"):
            write_sheets(tmp_path / f"{name}.xlsx", "Test", [sheet], "Notice")
        fitting = Sheet(name="All", title="all", frame=frame.head(5), note="")
        write_sheets(tmp_path / f"{name}.xlsx", "Test", [fitting], "Notice")
        with zipfile.ZipFile(tmp_path / f"{name}.xlsx") as book:
            (sheet_read,) = read_excel(book).sheets
        assert len([row for row in sheet_read.rows if row > 5]) == 5


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    frame = pd.DataFrame({"note": ["x" * 40_000]})
    write_sheets(tmp_path / "long.xlsx", "Test", [Sheet(name="All", title="all", frame=frame, note="")], "Notice")
    (text,) = pd.read_excel(tmp_path / "long.xlsx", header=4, engine="openpyxl")["Note"]
    assert len(text) == 32_767
    assert text.endswith("(cut: longer than a cell holds)")


def test_money_is_whole_pounds_and_metres_are_to_the_centimetre(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"price_gbp": [395000.0, None], "snap_distance_m": [12.3456, 0.0], "to_school_min": [12.34567, None], "beds": [3, 4]}
    )
    write_csv(tmp_path / "a.csv", frame)
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1:] == ["395000,12.35,12.3457,3", ",0.00,,4"]
