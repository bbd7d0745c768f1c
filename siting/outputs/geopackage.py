"""The evaluation as a GeoPackage that QGIS opens with the same signs as every other output."""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd

from siting.evaluation.evaluation import Evaluation
from siting.outputs.qgis_styles import isochrone_style, layer_styles
from siting.storage.vector_layers import restrict_gdal
from siting.words import Scenario

LAYERS: Mapping[str, str] = {
    "isochrones": "Areas from which a school is reached, or which are reached from it, by car within so many minutes",
    "routes": "The ways by car between each home and the school that decides it, in the rule's scenario",
    "homes": "Homes with their verdict by the minutes rule, best first",
    "schools": "The entrances that cars use",
}
"""What each layer holds, the first drawn lowest."""

COLUMNS: Mapping[str, tuple[str, str]] = {
    "rank": ("Place among the homes, best first", ""),
    "home_id": ("The users' own name of the home", ""),
    "verdict": ("pass, marginal (passes by less than the error of the minutes), fail or unreachable", ""),
    "status": ("candidate, bought or open", ""),
    "chosen": ("Whether the home is among those chosen together; empty where none were chosen", ""),
    "school": ("The school that decides, or the name of the school", ""),
    "to_school_min": ("Home to school in the rule's scenario", "min"),
    "from_school_min": ("School to home in the rule's scenario", "min"),
    "margin_min": ("By how much the worse direction keeps the rule; below nought it fails", "min"),
    "error_min": ("Give or take of the minutes", "min"),
    "break_even_factor": ("It passes while the journey takes at most so many times its time on empty roads (free flow)", "1"),
    "school_road_miles": ("By road to school", "mile"),
    "route": ("Main roads of the way to school", ""),
    "main_roads": ("Main roads of the way", ""),
    "snap_distance_m": ("Straight to the nearest road that it was joined to", "m"),
    "children_within_family_miles": ("Children whose families live within the plan's miles in a straight line", ""),
    "median_family_min": ("Median of the families' minutes by road, worse direction", "min"),
    "worst_family_min": ("The farthest family's minutes by road, worse direction", "min"),
    "outside_own_authority": ("Children who would live outside their own authority", ""),
    "outside_adjoining_authorities": ("Children who would live outside their own and every adjoining authority", ""),
    "children_excluded": ("Children in whose exclusion zone it lies", ""),
    "reasons": ("Why, in plain English", ""),
    "price_gbp": ("Asking price", "GBP"),
    "works_gbp": ("Cost of the works", "GBP"),
    "minutes": ("By car", "min"),
    "miles": ("By road", "mile"),
    "direction": ("to_school or from_school", ""),
    "scenario": ("How busy the roads are: free_flow, typical or school_run", ""),
}
"""What a column holds, and its unit; those of minutes by scenario are described by their names."""


def write_geopackage(path: Path, evaluation: Evaluation, shown: Scenario, chosen: Collection[str] | None = None) -> None:
    """Write the layers homes, schools, routes and isochrones in the network's metres, with their styles.

    Of the areas those in the scenario `shown` are on at first. Homes have a column `chosen`, empty
    where no homes were `chosen`. No layer holds a family's place.
    """
    homes = evaluation.homes.copy()
    told = homes["home_id"].isin(chosen) if chosen is not None else [None] * len(homes)
    homes.insert(list(homes.columns).index("status") + 1, "chosen", pd.array(told, dtype="boolean"))
    layers = {
        "isochrones": evaluation.isochrones.sort_values("minutes", ascending=False),
        "routes": evaluation.routes,
        "homes": homes,
        "schools": evaluation.schools,
    }
    restrict_gdal()
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", layer_options={"DESCRIPTION": LAYERS[name]})
    describe_columns(path, layers)
    add_styles(path, layer_styles(layers["isochrones"], shown, has_chosen=chosen is not None))


def write_isochrones(path: Path, areas: gpd.GeoDataFrame) -> None:
    """Write the one layer `isochrones`, the largest areas first so that the smaller ones lie on top."""
    restrict_gdal()
    ordered = areas.sort_values(["direction", "minutes"], ascending=[True, False])
    options = {"DESCRIPTION": LAYERS["isochrones"]}
    ordered.to_file(path, layer="isochrones", driver="GPKG", engine="pyogrio", layer_options=options)
    describe_columns(path, {"isochrones": ordered})
    add_styles(path, {"isochrones": isochrone_style(areas)})


def describe_columns(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Say in the file what each column holds, in which unit: the table `gpkg_data_columns` of the standard's schema part."""
    rows = [
        (layer, str(column), _described(str(column)))
        for layer, frame in layers.items()
        for column in frame.columns
        if column != frame.geometry.name
    ]
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,"
            " title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,"
            " CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name))"
        )
        database.execute(
            "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,"
            " definition TEXT NOT NULL, scope TEXT NOT NULL,"
            " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
        )
        database.execute(
            "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema',"
            " 'http://www.geopackage.org/spec121/#extension_schema', 'read-write')"
        )
        database.executemany(
            "INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, description) VALUES (?, ?, ?)", rows
        )


def _described(column: str) -> str:
    known = COLUMNS.get(column)
    if known is None and "_min_" in column:
        way, _, scenario = column.partition("_min_")
        known = (f"Minutes {way.replace('_', ' ')}, scenario {scenario}", "min")
    words, unit = known or ("The users' own column", "")
    return f"{words} [{unit}]" if unit else words


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
