"""OpenStreetMap extracts and downloads, to roads and shapes with their tags understood."""

__all__ = ["download", "extract", "limits", "shapes", "tags"]
"""What other rooms may use."""
