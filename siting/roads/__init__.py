"""The road network as a frozen value: segments, turns, access, speeds, and places joined to it."""

__all__ = ["build", "cache", "joining", "network", "parts"]
"""What other rooms may use."""
