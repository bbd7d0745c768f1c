"""The GeoPackage opens in QGIS with its styles: the rule's own areas on, the others at hand."""

import csv
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as SafeXml
import geopandas as gpd
import pytest

from siting.pipeline import run_evaluation
from siting.storage.kept import bundled_data


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    run_evaluation(bundled_data() / "chilterns" / "plan.toml", folder)
    return folder / "evaluation.gpkg"


def style_of(package: Path, layer: str) -> Any:
    with closing(sqlite3.connect(package)) as database:
        (qml,) = database.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = ?", (layer,)).fetchone()
    return SafeXml.fromstring(qml)


def test_every_layer_has_a_style(package: Path) -> None:
    for layer in gpd.list_layers(package)["name"]:
        if layer != "layer_styles":
            assert style_of(package, layer).find("renderer-v2") is not None


def test_of_the_areas_those_of_the_rule_are_on_and_every_area_has_its_rule(package: Path) -> None:
    areas = gpd.read_file(package, layer="isochrones")
    groups = style_of(package, "isochrones").findall("renderer-v2/rules/rule")
    assert [group.get("label") for group in groups if group.get("checkstate") == "1"] == ["to school, on the school run"]
    assert len(groups) == areas.groupby(["direction", "scenario"]).ngroups == 6
    assert sum(len(group) for group in groups) == len(areas)


def test_no_layer_holds_a_family(package: Path) -> None:
    assert set(gpd.list_layers(package)["name"]) == {"homes", "schools", "routes", "isochrones", "layer_styles"}


def test_no_byte_of_the_file_is_left_of_something_else(package: Path) -> None:
    """No free page, nothing between the cells of a page, and no family's postcode anywhere, however it is written."""
    content = package.read_bytes()
    with closing(sqlite3.connect(package)) as database:
        ((free,), (size,)) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_size"))
    assert free == 0
    left = []
    for start in range(0, len(content), size):
        page, head = content[start : start + size], 100 if start == 0 else 0
        if page[head] not in {2, 5, 10, 13}:
            continue
        cells, first_cell = struct.unpack(">HH", page[head + 3 : head + 7])
        after_pointers = head + (12 if page[head] in {2, 5} else 8) + 2 * cells
        left.append(sum(byte != 0 for byte in page[after_pointers : first_cell or size]))
    assert len(left) > 50
    assert max(left) < 20
    with (bundled_data() / "chilterns" / "children.csv").open(encoding="utf-8-sig", newline="") as file:
        postcodes = [row["postcode"] for row in csv.DictReader(file)]
    assert len(postcodes) == 20
    lowered = content.lower()
    for postcode in postcodes:
        for written in (postcode, postcode.replace(" ", ""), postcode.replace(" ", "-")):
            assert written.lower().encode() not in lowered


def test_signs_are_those_of_every_other_output(package: Path) -> None:
    from siting.documents.looks import VERDICT_LOOKS

    style = style_of(package, "homes")
    rules = {rule.get("key"): rule for rule in style.findall("renderer-v2/rules/rule")}
    symbols = {symbol.get("name"): symbol for symbol in style.findall("renderer-v2/symbols/symbol")}
    shapes = {"circle": "circle", "triangle": "triangle", "square": "square", "cross": "cross_fill"}
    for verdict, look in VERDICT_LOOKS.items():
        rule = rules[verdict.value]
        options = {option.get("name"): option.get("value") for option in symbols[rule.get("symbol")].iter("Option")}
        assert rule.get("label") == look.words
        assert options["name"] == shapes[look.shape]
        assert options["color"] == ",".join(str(int(look.colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def test_homes_say_whether_they_are_chosen(tmp_path: Path) -> None:
    from siting.pipeline import run_portfolio

    run_portfolio(bundled_data() / "chilterns" / "plan.toml", {}, tmp_path)
    homes = gpd.read_file(tmp_path / "evaluation.gpkg", layer="homes")
    assert homes["chosen"].sum() == 6
    assert "chosen" in {rule.get("key") for rule in style_of(tmp_path / "evaluation.gpkg", "homes").iter("rule")}


def test_without_a_choice_nobody_is_said_not_to_be_chosen(package: Path) -> None:
    assert gpd.read_file(package, layer="homes")["chosen"].isna().all()
    assert "chosen" not in {rule.get("key") for rule in style_of(package, "homes").iter("rule")}


def test_every_column_and_layer_is_described(package: Path) -> None:
    with closing(sqlite3.connect(package)) as database:
        told = dict(database.execute("SELECT table_name || '.' || column_name, description FROM gpkg_data_columns"))
        layers = dict(database.execute("SELECT table_name, description FROM gpkg_contents WHERE data_type = 'features'"))
        extensions = {name for (name,) in database.execute("SELECT extension_name FROM gpkg_extensions")}
    for layer, words in layers.items():
        frame = gpd.read_file(package, layer=layer)
        assert {f"{layer}.{column}" for column in frame.columns if column != "geometry"} <= set(told)
        assert len(words) > 10
    assert told["homes.to_school_min"].endswith("[min]")
    assert told["homes.snap_distance_m"].endswith("[m]")
    assert told["homes.to_school_min_free_flow"].endswith("[min]")
    assert "gpkg_schema" in extensions


def test_no_two_rules_of_a_style_share_a_symbol(package: Path) -> None:
    """QGIS gives a symbol to the first rule that names it; another rule of that name draws nothing."""
    for layer in ("isochrones", "homes"):
        style = style_of(package, layer)
        named = [rule.get("symbol") for rule in style.iter("rule") if rule.get("symbol") is not None]
        assert len(named) > 3
        assert sorted(named) == sorted({symbol.get("name") for symbol in style.findall("renderer-v2/symbols/symbol")})
