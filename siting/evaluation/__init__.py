"""The rules, families and reasons: a verdict on every home, with its evidence."""

__all__ = [
    "evaluation",
    "extract_edge",
    "families",
    "frames",
    "home_result",
    "places_on_roads",
    "reasons",
    "rules",
    "sources",
    "summary",
]
"""What other rooms may use."""
