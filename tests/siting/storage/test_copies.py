"""Copies of personal data: for their owner alone, gone with the job, and cleared where a kill left them."""

import multiprocessing
import os
import signal
import stat
import tempfile
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from siting.storage.copies import clear_copies, private_folder
from siting.storage.database import address_table, connect
from siting.storage.kept import CACHE_VARIABLE

WINDOWS = "uprn,street\n1,St John’s Café\n".encode("cp1252")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def held(began: Event) -> None:
    with private_folder() as folder:
        (folder / "addresses.csv").write_text("a street", encoding="utf-8")
        began.set()
        signal.pause()


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_what_a_kill_leaves_is_cleared_and_what_a_living_job_holds_stays(cache: Path) -> None:
    context = multiprocessing.get_context("spawn")
    began = context.Event()
    process = context.Process(target=held, args=(began,))
    process.start()
    assert began.wait(60)
    clear_copies()
    assert len(list(cache.rglob("addresses.csv"))) == 1
    process.kill()
    process.join()
    assert len(list(cache.rglob("addresses.csv"))) == 1
    clear_copies()
    assert list(cache.rglob("addresses.csv")) == []


def test_a_windows_file_is_copied_where_only_its_owner_reads_it(cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "windows.csv"
    path.write_bytes(WINDOWS)
    before = set(Path(tempfile.gettempdir()).iterdir())
    with connect() as database, address_table(path, names=["uprn", "street"], header_line=1) as table:
        (copy,) = cache.rglob("addresses.csv")
        if os.name == "posix":
            assert stat.S_IMODE(copy.stat().st_mode) == 0o600
            assert all(stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0 for folder in list(copy.parents)[:2])
        assert {path for path in set(Path(tempfile.gettempdir()).iterdir()) - before if path.name.startswith("siting-")} == set()
        assert database.sql(f"FROM {table} SELECT street").fetchall() == [("St John’s Café",)]
    assert list(cache.rglob("addresses.csv")) == []
