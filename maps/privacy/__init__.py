"""What each audience sees, a type each; and a last look at what users typed that others will read."""

__all__ = ["audience", "leaks", "sights", "subject"]
"""What other rooms may use."""
