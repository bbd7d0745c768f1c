"""The papers of a pack: lists, letters, labels, run sheets, calendar."""

__all__ = ["calendar", "sheets", "write"]
"""What other rooms may use."""
