"""The rules, families and reasons: a verdict on every home, with its evidence."""

__all__ = ["families", "frames", "home_result", "joined", "judging", "reasons", "rules", "sources", "summary"]
"""What other rooms may use."""
