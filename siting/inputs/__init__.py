"""What a user typed: the plan file, its tables, places and postcodes, to rows and faults."""

__all__ = [
    "address_formats",
    "address_rows",
    "authorities",
    "cells",
    "columns_file",
    "council_names",
    "establishments",
    "excel",
    "header_rows",
    "headings",
    "locating",
    "observed",
    "observed_hours",
    "people_rows",
    "plan",
    "plan_inputs",
    "plan_parts",
    "postcodes",
    "reading",
    "rows",
    "screen",
    "screen_inputs",
    "table_understanding",
    "tables",
]
"""What other rooms may use."""
