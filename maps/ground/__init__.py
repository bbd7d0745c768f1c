"""What lies under the homes: roads, water, woods, names, packed small."""

__all__ = ["background", "basemap", "gazetteer", "packing"]
"""What other rooms may use."""
