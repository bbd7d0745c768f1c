"""Areas within so many minutes of a place."""

__all__ = ["areas", "contours", "surface"]
"""What other rooms may use."""
