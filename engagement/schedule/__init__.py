"""Visits and steps: who comes when."""

__all__ = ["steps", "visits"]
"""What other rooms may use."""
