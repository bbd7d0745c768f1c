"""What a user typed: the plan file, its tables, places and postcodes, to rows and faults."""

__all__ = [
    "address_formats",
    "address_rows",
    "authorities",
    "cells",
    "columns",
    "council_names",
    "excel",
    "headings",
    "locating",
    "observed",
    "plan",
    "plan_inputs",
    "plan_parts",
    "postcodes",
    "reading",
    "rows",
    "sheets",
    "tables",
    "understanding",
]
"""What other rooms may use."""
