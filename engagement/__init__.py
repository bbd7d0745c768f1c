"""Who must hear of a home: the neighbours within the distance and the local people to contact."""

__all__ = ["check", "forgetting", "pack", "prepare", "register"]
"""What other rooms may use."""
