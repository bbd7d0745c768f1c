"""What lies round a home: addresses, plots, its boundary, the neighbours, decisions on them."""

__all__ = ["addresses", "boundary", "decisions", "neighbours", "osm_features", "own_address", "plots"]
"""What other rooms may use."""
