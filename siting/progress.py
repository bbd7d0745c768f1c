"""How a long job says what it is doing."""

from collections.abc import Callable

Progress = Callable[[str], None]


def silent(_step: str) -> None:
    """Take a progress message and say nothing."""
