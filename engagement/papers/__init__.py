"""The papers of a pack: lists, letters, labels, run sheets, calendar."""

__all__ = ["sheets", "write"]
"""What other rooms may use."""
