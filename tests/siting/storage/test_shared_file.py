"""A small file that two may change."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.storage.moving_into_place import OutputError
from siting.storage.shared_file import (
    ChangedMeanwhileError,
    content_of,
    one_at_a_time,
    version_of,
    write_unless_changed,
    write_whole,
)
from siting.storage.staging import opened_staging


def test_what_another_wrote_meanwhile_is_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    seen = version_of(content_of(path))
    first = write_unless_changed(path, b"mine", seen)
    with pytest.raises(ChangedMeanwhileError):
        write_unless_changed(path, b"another's", seen)
    assert path.read_bytes() == b"mine"
    write_unless_changed(path, b"another's", first)
    assert path.read_bytes() == b"another's"


def test_nothing_but_the_file_and_its_lock_is_left_beside_it(tmp_path: Path) -> None:
    write_unless_changed(tmp_path / "kept.json", b"{}", version_of(b""))
    assert {path.name for path in tmp_path.iterdir()} <= {"kept.json", ".kept.json.lock"}


def test_what_cannot_be_written_is_said_and_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640 if os.name == "posix" else 0o666)

    def held(self: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "held open by another program", str(self), None, str(target))

    with monkeypatch.context() as replaced:
        replaced.setattr(Path, "replace", held)
        with pytest.raises(OutputError, match=r"kept\.json cannot be written \(held open"):
            write_whole(path, b"newer")
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(OutputError, match="is full"):
            write_whole(path, b"newer")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.json"]
    (tmp_path / ".kept.json.lock").mkdir()
    with pytest.raises(OutputError, match="lock cannot be written") as told, one_at_a_time(path):
        pytest.fail("the lock is a folder")
    # A file beside a plan lies there wherever results go.
    assert "--out" not in str(told.value)


def test_what_is_refused_leaves_no_lock_that_was_not_there(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    for was_there in (False, True):
        if was_there:
            write_unless_changed(path, b"one", version_of(b""))
        with pytest.raises(ChangedMeanwhileError):
            write_unless_changed(path, b"two", version_of(b"something else"))
        before = {"decisions.csv", ".decisions.csv.lock"} if was_there else set()
        assert {one.name for one in tmp_path.iterdir()} == before


def test_a_full_disk_beside_a_plan_is_told_with_what_helps_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(OutputError, match="make room, or move the plan") as told:
        write_whole(tmp_path / "plan.toml", b"new")
    assert "--out" not in str(told.value)


KILLED = """
import os, signal, sys
from pathlib import Path
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
from siting.storage.shared_file import write_whole
write_whole(Path(sys.argv[1]), b"Marker Street")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no process can be killed so")
def test_what_a_kill_leaves_of_a_file_is_cleared_away_by_the_next_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_bytes(b"old")
    users_own = tmp_path / ".homes.csv-notes"
    users_own.touch()
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert b"Marker Street" in left(tmp_path)
    with opened_staging(tmp_path) as living:
        (living / "being-written").write_bytes(b"living")
        write_whole(path, b"new")
        assert b"living" in left(tmp_path)
    assert left(tmp_path) == {b"new", b""}
    assert users_own.exists()


def left(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_versions_tell_contents_apart(one: bytes, other: bytes) -> None:
    assert (version_of(one) == version_of(other)) == (one == other)
