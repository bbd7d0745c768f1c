"""Where the files that come with the planner lie: in the wheel, or beside the packages in a checkout."""

from pathlib import Path


def bundled_data() -> Path:
    """Return the folder that holds the sample and the postcode file."""
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
