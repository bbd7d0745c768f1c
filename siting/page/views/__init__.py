"""One view a file: what is asked is read, a job is called, a page is answered."""

__all__ = ["assets", "changes", "files", "ground", "home", "homes", "house", "overview", "running", "start", "welcome"]
"""What the page is put together from."""
