"""Which audience may see what, and the search for what it may not."""

__all__ = ["audience", "leaks"]
"""What other rooms may use."""
