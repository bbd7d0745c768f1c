"""The evaluation as a GeoPackage that QGIS opens with sensible styles."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd

from siting.evaluation.judging import Evaluation
from siting.outputs.qgis_styles import STYLES, isochrone_style
from siting.storage.vectors import restrict_gdal
from siting.words import Scenario


def write_geopackage(path: Path, evaluation: Evaluation, shown: Scenario) -> None:
    """Write the layers homes, schools, routes and isochrones in the network's metres, with their styles.

    Of the areas those in the scenario `shown` are on at first. No layer holds a family's place.
    """
    layers = {
        "isochrones": evaluation.isochrones.sort_values("minutes", ascending=False),
        "routes": evaluation.routes,
        "homes": evaluation.homes,
        "schools": evaluation.schools,
    }
    restrict_gdal()
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
    add_styles(path, {**STYLES, "isochrones": isochrone_style(layers["isochrones"], shown)})


def write_isochrones(path: Path, areas: gpd.GeoDataFrame) -> None:
    """Write the one layer `isochrones`, the largest areas first so that the smaller ones lie on top."""
    restrict_gdal()
    ordered = areas.sort_values(["direction", "minutes"], ascending=[True, False])
    ordered.to_file(path, layer="isochrones", driver="GPKG", engine="pyogrio")
    add_styles(path, {"isochrones": isochrone_style(areas)})


def add_styles(path: Path, styles: Mapping[str, str]) -> None:
    """Add QGIS styles to a GeoPackage's layers: the table `layer_styles`, as QGIS itself keeps them."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT, f_table_schema TEXT,"
            " f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,"
            " description TEXT, owner TEXT, ui TEXT, update_time DATETIME DEFAULT CURRENT_TIMESTAMP)"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '')",
            [(name, name, qml, f"Home siting planner: {name}") for name, qml in styles.items()],
        )
