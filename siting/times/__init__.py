"""Travel times over the network: searches, ways, tables of times, closures."""

__all__ = ["closures", "matrix", "routing", "search"]
"""What other rooms may use."""
