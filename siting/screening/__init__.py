"""Many schools and a country's places on one large extract, cut into regions that are answered one by one."""

__all__ = ["areas", "asked", "cluster", "cutting", "forked", "preparing", "regions", "running", "summary", "tasks"]
"""What other rooms may use."""
