"""Where the tests find real data, a cache of their own, and one browser for all."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from compiled_first import compile_first

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The one without windows is the same browser and takes half of the work."""


def pytest_configure(config: pytest.Config) -> None:
    # Where tests run side by side, once for all before the first of them.
    if "PYTEST_XDIST_WORKER" not in os.environ and config.getoption("numprocesses", None):
        left_out = {"PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS"}
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        with tempfile.TemporaryDirectory() as folder:
            compile_first(environment | {"SITING_CACHE_DIR": folder})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Files that take longest first: those that share the work then end at one time.
    long = Counter(
        item.path for item in items if item.get_closest_marker("slow") or "browser" in getattr(item, "fixturenames", ())
    )
    items.sort(key=lambda item: -long[item.path])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared extracts are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    cases = SHARED.parent / "cases"
    if not cases.is_dir():
        pytest.skip("the shared cases are not beside this checkout")
    return cases


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    # Processes that share the work share what is kept too: each thing is made once.
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "cache"
    folder.mkdir(exist_ok=True)
    patch = pytest.MonkeyPatch()
    patch.setenv("SITING_CACHE_DIR", str(folder))
    # The many processes that tests start would else each compile Python's sources anew.
    patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright to drive a browser with")
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()
