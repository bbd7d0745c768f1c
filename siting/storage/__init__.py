"""Files and databases: what is kept between runs, staged folders, decoding."""

__all__ = ["array_file", "copies", "database", "decoding", "kept", "moving", "results", "staging", "vectors"]
"""What other rooms may use."""
