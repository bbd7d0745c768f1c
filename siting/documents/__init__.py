"""How papers and sheets look and are written: looks, sheets, CSV, typesetting."""

__all__ = ["csv_files", "looks", "typesetting", "workbooks"]
"""What other rooms may use."""
