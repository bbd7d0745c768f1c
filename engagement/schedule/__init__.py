"""Visits and steps: who comes when."""

__all__ = ["days", "hosts", "issue", "steps", "visits"]
"""What other rooms may use."""
