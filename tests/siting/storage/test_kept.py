"""Where things are kept when the user has no home, or none that can be written to."""

import tempfile
from pathlib import Path

import pytest

from siting.storage import kept
from siting.storage.kept import cache_folder


@pytest.mark.parametrize("home", ["~/.cache/siting", "/proc/nobody/siting"])
def test_without_a_home_the_cache_lies_among_the_temporary_files(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SITING_CACHE_DIR")
    monkeypatch.setattr(kept, "user_cache_path", lambda _: Path(home))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    kept._without_a_home.cache_clear()
    folder = cache_folder()
    kept._without_a_home.cache_clear()
    assert folder.is_relative_to(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0
    assert not (tmp_path / "~").exists()


def test_a_temporary_folder_that_is_a_link_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept._without_a_home.cache_clear()
    usual = kept._without_a_home()
    usual.rmdir()
    (tmp_path / "elsewhere").mkdir()
    usual.symlink_to(tmp_path / "elsewhere")
    kept._without_a_home.cache_clear()
    assert kept._without_a_home() != usual
    kept._without_a_home.cache_clear()
