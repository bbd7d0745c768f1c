"""A screen's areas and schools as a GeoPackage."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.storage.vector_layers import restrict_gdal

LAYERS = {
    "areas": "Ground within the minutes of at least so many schools, in the worse of the directions asked",
    "schools": "The schools that were asked about and have a place, with how many places are within the minutes",
}
"""What each layer holds."""


def placed_schools(schools: pd.DataFrame, positions: np.ndarray, epsg: int) -> gpd.GeoDataFrame:
    """Return the schools that have a place, at their `positions` (rows x 2, metres of a coordinate system)."""
    known = np.isfinite(positions).all(axis=1)
    return gpd.GeoDataFrame(schools[known], geometry=shapely.points(positions[known]), crs=epsg)


def write_screen_geopackage(path: Path, areas: gpd.GeoDataFrame, schools: gpd.GeoDataFrame) -> None:
    """Write the layers `areas` (the wider first) and `schools` in their metres."""
    restrict_gdal()
    for name, frame in (("areas", areas), ("schools", schools)):
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", layer_options={"DESCRIPTION": LAYERS[name]})
