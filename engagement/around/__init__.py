"""What lies round a home: addresses, plots, its boundary, the neighbours, decisions on them."""

__all__ = [
    "addresses",
    "boundary",
    "decisions",
    "decisions_file",
    "neighbours",
    "osm_features",
    "own_address",
    "plots",
    "same_address",
]
"""What other rooms may use."""
