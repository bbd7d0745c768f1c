"""What lies round a home: addresses, plots, its boundary, the neighbours, decisions on them."""

__all__ = [
    "address_index",
    "address_kinds",
    "addresses",
    "boundary",
    "decisions",
    "decisions_file",
    "nation",
    "neighbours",
    "osm_features",
    "own_address",
    "plots",
    "same_address",
    "walk_there",
]
"""What other rooms may use."""
