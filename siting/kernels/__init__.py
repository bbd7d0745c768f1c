"""Small compiled things over arrays, and the one door to the compiler."""

__all__ = ["closed_arrays", "compiled", "components", "in_circle", "listed", "near_points", "ordered"]
"""What other rooms may use."""
