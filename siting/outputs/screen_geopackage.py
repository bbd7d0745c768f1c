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


def write_screen_geopackage(path: Path, areas: gpd.GeoDataFrame, schools: pd.DataFrame, positions: np.ndarray) -> None:
    """Write the layers `areas` (the wider first) and `schools` (at `positions`, rows x 2) in the metres of the areas."""
    known = np.isfinite(positions).all(axis=1)
    points = gpd.GeoDataFrame(schools[known], geometry=shapely.points(positions[known]), crs=areas.crs)
    restrict_gdal()
    for name, frame in (("areas", areas), ("schools", points)):
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", layer_options={"DESCRIPTION": LAYERS[name]})
