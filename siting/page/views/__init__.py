"""One view a file: what is asked is read, a job is called, a page is answered."""

__all__ = [
    "assets",
    "changes",
    "choose",
    "engage",
    "files",
    "ground",
    "home",
    "homes",
    "house",
    "maps",
    "overview",
    "running",
    "start",
    "table",
    "welcome",
]
"""What the page is put together from."""
