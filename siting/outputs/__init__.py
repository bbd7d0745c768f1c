"""What a run hands over: workbook, GeoPackage, QGIS styles, board paper, portfolio files, provenance."""

__all__ = [
    "evaluation_workbook",
    "geopackage",
    "own_columns",
    "portfolio_files",
    "provenance",
    "road_graph",
    "screen_geopackage",
]
"""What other rooms may use."""
