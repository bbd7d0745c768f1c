"""Each example plan shows what it says."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from siting.pipeline import run_evaluation, run_portfolio
from siting.storage.kept import bundled_data

EXAMPLES = bundled_data() / "examples"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for plan in sorted(EXAMPLES.glob("*/plan.toml")):
        found[plan.parent.name] = tmp_path_factory.mktemp(plan.parent.name)
        # Maps and packs of the examples have tests of their own.
        run_evaluation(plan, found[plan.parent.name])
        run_portfolio(plan, {}, found[plan.parent.name])
    return found


def chosen(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / "portfolio.csv")
    return table[table["chosen"] == "yes"]


def test_every_case_is_there(results: dict[str, Path]) -> None:
    assert set(results) == {"homes-and-horizons", "in-it-together", "safe-accommodation", "thames-valley"}
    for folder in results.values():
        assert len(PdfReader(folder / "portfolio.pdf").pages) <= 3


def test_somerset_gets_ten_homes_and_a_home_alone(results: dict[str, Path]) -> None:
    folder = results["homes-and-horizons"]
    homes, children = chosen(folder), pd.read_csv(folder / "allocation.csv")
    assert len(homes) == 10
    assert len(children) == 20
    for home_id in children.loc[children["alone"] == "yes", "home_id"]:
        assert (children["home_id"] == home_id).sum() == 1
    sheet = load_workbook(folder / "evaluation.xlsx")["Living now"]
    counts = {row[1]: row[2] for row in sheet.iter_rows(min_row=6, values_only=True)}
    assert (counts["Somerset"], counts["Hampshire"], counts["North Wales"], counts["London"]) == (27, 6, 3, 1)


def test_powys_gets_one_home_within_the_grant(results: dict[str, Path]) -> None:
    homes = chosen(results["safe-accommodation"])
    assert len(homes) == 1
    assert homes["cost_gbp"].sum() <= 580_000
    assert homes["children"].sum() == 3


def test_the_thames_valley_adds_two_homes_to_six(results: dict[str, Path]) -> None:
    homes = chosen(results["thames-valley"])
    assert (homes["status"] == "open").sum() == 6
    assert set(homes.loc[homes["status"] == "candidate", "authority"]) == {"Oxfordshire", "Milton Keynes"}
    table = pd.read_csv(results["thames-valley"] / "evaluation.csv").set_index("home_id")
    assert table.loc[homes.loc[homes["authority"] == "Milton Keynes", "home_id"], "school"].tolist() == [
        "Satellite school, Bicester"
    ]


def test_need_is_set_against_provision(results: dict[str, Path]) -> None:
    book = load_workbook(results["in-it-together"] / "evaluation.xlsx")
    rows = {row[0]: row for row in book["Need"].iter_rows(min_row=6, values_only=True)}
    heading = next(book["Need"].iter_rows(min_row=5, max_row=5, values_only=True))
    need = dict(zip(heading, rows["All"], strict=True))
    assert (need["Children"], need["Beds standing"], need["Beds allocated"]) == (14, 9, 14)
    assert "Bed sales" in book.sheetnames
