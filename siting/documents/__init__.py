"""How papers and sheets look and are written: looks, sheets, CSV, typesetting; and how a PDF is read again."""

__all__ = ["csv_files", "looks", "pdf_text", "typesetting", "workbooks"]
"""What other rooms may use."""
