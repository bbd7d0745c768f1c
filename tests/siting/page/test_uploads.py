"""What is uploaded is known by what is in it, and what was made to fill the memory is refused."""

import io
import multiprocessing
import os
import signal
import tempfile
import zipfile
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest

from siting.page.jobs import Jobs, Outcome, Worker
from siting.page.uploads import MOST_UNPACKED_BYTES, keep_bytes, keep_network, table_kind
from siting.pipeline import clear_copies

PLAN = '[area]\nplace = "Rutland"\n[[schools]]\nname = "S"\npostcode = "LE15 6DT"\n[inputs]\ncandidates = "c.csv"\n'


def _zip(**entries: bytes) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed


def test_a_table_is_known_by_its_content() -> None:
    assert table_kind(_zip(xl__workbook_xml=b"<x/>")) == ".xlsx"
    assert table_kind(_zip(content_xml=b"<x/>")) == ".ods"
    assert table_kind(io.BytesIO(b"home_id,postcode\n")) == ".csv"


@pytest.mark.parametrize("content", [b"", b"   ", b"MZ\x00\x00\x00\x00program", b"PK\x03\x04cut off", b"\x7fELF\x00\x00\x00"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    assert table_kind(io.BytesIO(content)) is None


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file, file.open("xl/workbook.xml", "w", force_zip64=True) as entry:
        for _ in range(MOST_UNPACKED_BYTES // 10_000_000 + 1):
            entry.write(b"\x00" * 10_000_000)
    assert len(packed.getvalue()) < 2_000_000
    assert table_kind(packed) is None


def test_a_network_is_kept_under_a_name_of_the_pages_own(tmp_path: Path) -> None:
    assert keep_network(tmp_path, io.BytesIO(b"#!/bin/sh\n")) is None
    assert not list(tmp_path.iterdir())
    name = keep_network(tmp_path, io.BytesIO(b"\x00\x00\x00\x0d\x0a\x09OSMHeader rest"))
    assert name
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/cron.d/x.csv", "..\\..\\evil.csv", "<script>.csv", "a" * 300 + ".csv"])
def test_the_name_of_an_upload_is_never_a_path(name: str, page: Any) -> None:
    (page.folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    (page.folder / "c.csv").write_text("home_id,postcode\n", encoding="utf-8")
    (plan,) = page.app.state.folder.plans()
    text = b"home_id,postcode,notes\nA,LE15 6DT,<script>alert(1)</script>\nB,LE15 6DT,=cmd|'/c calc'!A1\n"
    answer = page.post(f"/plan/{plan.key}/table/candidates", files={"file": (name, text, "text/csv")})
    assert answer.status_code == 303
    kept = {path.relative_to(page.folder.parent).as_posix() for path in page.folder.parent.rglob("*") if path.is_file()}
    assert {path.split("/")[0] for path in kept} == {"plans"}
    shown = page.get(f"/plan/{plan.key}/table/candidates").text
    assert "<script>" not in shown.split("</head>")[1]


class Stuck(Jobs):
    """Jobs that hang in the middle of what they do with an upload."""

    began: Event

    def ask(self, call: str, values: Any) -> Outcome:  # noqa: ARG002 - as the page calls it
        if call == "bring":
            self.began.set()
            signal.pause()
        return Outcome(done=None)


def bring_and_hang(folder: Path, cache: Path, temporary: Path, began: Event) -> None:
    from tests.siting.page.conftest import Page

    os.environ["SITING_CACHE_DIR"] = str(cache)
    tempfile.tempdir = str(temporary)
    page = Page(folder, Worker())
    page.app.state.jobs = jobs = Stuck()
    jobs.began = began
    (plan,) = page.app.state.folder.plans()
    content = b"child_ref,postcode\nC1,LE15 6DT\n" + b"C2,LE15 6GE\n" * 200_000
    page.post(f"/plan/{plan.key}/table/children", files={"file": ("children.csv", content, "text/csv")})


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_a_kill_leaves_no_upload_among_the_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plans, cache, temporary = (tmp_path / name for name in ("plans", "cache", "temporary"))
    plans.mkdir()
    temporary.mkdir()
    (plans / "plan.toml").write_text(PLAN, encoding="utf-8")
    context = multiprocessing.get_context("spawn")
    began = context.Event()
    process = context.Process(target=bring_and_hang, args=(plans, cache, temporary, began))
    process.start()
    assert began.wait(60)
    process.kill()
    process.join()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and b"LE15 6GE" in path.read_bytes()] == ["upload.csv"]
    assert list(temporary.iterdir()) == []
    monkeypatch.setenv("SITING_CACHE_DIR", str(cache))
    clear_copies()
    assert not list(cache.rglob("upload.csv"))


def test_what_was_cut_off_while_it_arrived_is_cleared_and_what_arrives_now_stays(tmp_path: Path) -> None:
    for name, age_s in ((".arriving-old", 7_200), (".arriving-now", 0)):
        (tmp_path / name).write_bytes(b"x")
        at = (tmp_path / name).stat().st_mtime - age_s
        os.utime(tmp_path / name, (at, at))
    keep_bytes(tmp_path / "kept", io.BytesIO(b"whole"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".arriving-now", "kept"]
