"""The papers of a pack: lists, letters, labels, run sheets, calendar."""

__all__ = ["calendar", "earlier_issues", "languages", "letters", "printed_papers", "write"]
"""What other rooms may use."""
