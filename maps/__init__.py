"""What a planner looks at: one-file maps and pictures, an audience each."""

__all__ = ["atlas", "figure", "files", "layers", "page", "screen_map"]
"""What other rooms may use."""
