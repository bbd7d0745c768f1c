"""Which homes to have together, and whose beds they are."""

__all__ = ["answer", "choosing", "need", "partners", "problem", "scenarios", "tables"]
"""What other rooms may use."""
