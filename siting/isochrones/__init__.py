"""Areas within so many minutes of a place."""

__all__ = ["areas", "contours", "surface", "zone"]
"""What other rooms may use."""
