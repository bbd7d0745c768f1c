"""The local page: what `siting open` serves to this machine's own browser, over the same jobs as the commands."""

__all__ = ["server"]
