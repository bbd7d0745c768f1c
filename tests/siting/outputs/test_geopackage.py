"""The GeoPackage opens in QGIS with its styles: the rule's own areas on, the others at hand."""

import sqlite3
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
