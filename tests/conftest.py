"""Where the tests find real data, and a cache of their own."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


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
    patch = pytest.MonkeyPatch()
    patch.setenv("SITING_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
