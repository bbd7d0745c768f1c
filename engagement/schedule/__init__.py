"""Visits and steps: who comes when."""

__all__ = ["issue", "steps", "visits"]
"""What other rooms may use."""
