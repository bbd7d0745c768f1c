"""The workbook holds real numbers, plain text and words for yes and no."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook

from siting.documents.workbooks import _opened, _Sheets
from siting.pipeline import run_evaluation
from siting.storage.kept import bundled_data


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    folder = tmp_path_factory.mktemp("workbook")
    run_evaluation(bundled_data() / "chilterns" / "plan.toml", folder)
    return load_workbook(folder / "evaluation.xlsx")


def columns(book: Workbook, sheet: str) -> dict[str, list[object]]:
    header, *rows = book[sheet].iter_rows(min_row=5, values_only=True)
    return {str(name): [row[at] for row in rows] for at, name in enumerate(header)}


def test_counts_minutes_and_money_are_numbers(book: Workbook) -> None:
    homes = columns(book, "Homes")
    for name in ("Rank", "To school (min)", "Children within the miles", "Children outside own authority", "Beds", "Price (£)"):
        assert all(isinstance(value, int | float) for value in homes[name]), name


def test_yes_and_no_are_words(book: Workbook) -> None:
    assert set(columns(book, "Homes")["Annex"]) == {"yes", "no"}
    assert set(columns(book, "Children")["Outside own authority"]) == {"yes", "no"}


def test_every_sheet_says_that_it_holds_personal_data(book: Workbook) -> None:
    assert all("personal data" in str(sheet["A2"].value) for sheet in book)


def test_the_title_has_room_on_paper(book: Workbook) -> None:
    for sheet in book:
        _, _, last, _ = range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))
        width = sum(sheet.column_dimensions[get_column_letter(column)].width for column in range(1, last + 1))
        assert width >= 1.5 * len(str(sheet["A1"].value)), sheet.title


def test_what_is_not_on_paper_makes_no_row_of_it_higher(tmp_path: Path) -> None:

    frame = pd.DataFrame({"home_id": ["H1"], "why": ["near"], "reasons": ["a long sentence " * 40]})
    with _opened(tmp_path / "t.xlsx", "t") as book:
        _Sheets(book, "notice").table("Homes", "t", frame, note="n", printed=2)
        _Sheets(book, "notice").table("Reasons", "t", frame, note="n")
    made = load_workbook(tmp_path / "t.xlsx")
    assert made["Homes"].row_dimensions[6].height is None
    assert made["Reasons"].row_dimensions[6].height > 30
