"""All or nothing for a folder of results: tried before moved, put back when it fails, and a mixture is said."""

import errno
import json
import multiprocessing
import os
import shutil
import signal
import stat
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from siting.storage import moving_into_place, staging
from siting.storage.moving_into_place import OutputError
from siting.storage.results_folder import MANIFEST, MOVING_NOTE, changed_by_us, digest_of, earlier_run, read_manifest, results
from siting.storage.staging import PREFIX, staged

MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = ("evaluation.csv", "evaluation.xlsx", "homes/H1/visits.csv", "map.html")


def write(out: Path, text: str, names: tuple[str, ...] = NAMES, command: str = "siting run") -> list[str]:
    with results(out, command, MADE) as given:
        for name in names:
            (given.files / name).parent.mkdir(parents=True, exist_ok=True)
            (given.files / name).write_text(f"{name} of {text}", encoding="utf-8")
    return [str(fault) for fault in given.told]


def shown(out: Path) -> dict[str, str]:
    """What a user sees: every file but the planner's own."""
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(".siting-") and PREFIX not in str(path)
    }


def test_a_run_that_fails_leaves_nothing_of_a_folder_that_was_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "new" / "out"
    with pytest.raises(FileNotFoundError), results(out, "siting run", MADE) as given:
        (given.files / "homes" / "H1").touch()
    assert not list(tmp_path.iterdir())

    def cannot(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(moving_into_place, "_try", cannot)
    with pytest.raises(OutputError):
        write(out, "one")
    assert not list(tmp_path.iterdir())


def of(text: str, names: tuple[str, ...] = NAMES) -> dict[str, str]:
    return {name: f"{name} of {text}" for name in sorted(names)}


def test_files_arrive_together_with_a_manifest_and_for_their_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert write(out, "one") == []
    assert shown(out) == of("one")
    manifest = read_manifest(out)
    assert {name: entry["digest"] for name, entry in manifest["files"].items()} == {n: digest_of(out / n) for n in sorted(NAMES)}
    (run,) = manifest["runs"]
    assert {entry["run"] for entry in manifest["files"].values()} == {run}
    assert "moving" not in manifest
    if os.name == "posix":
        for path in (out, *out.rglob("*")):
            if path.name != ".siting-lock":  # which holds nothing
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("stuck", NAMES)
def test_a_file_that_cannot_be_replaced_leaves_all_as_they_were(
    tmp_path: Path, stuck: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file open in Excel refuses to be replaced; here the move itself is refused, wherever in the row it comes."""
    out = tmp_path / "out"
    write(out, "one")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    real = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if Path(target) == out / stuck and PREFIX in str(self):
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OutputError, match="cannot be written"):
        write(out, "two")
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("stuck", NAMES)
def test_a_folder_in_a_files_place_is_found_before_any_file_is_moved(tmp_path: Path, stuck: str) -> None:
    out = tmp_path / "out"
    write(out, "one")
    (out / stuck).unlink()
    (out / stuck).mkdir()
    before = shown(out)
    with pytest.raises(OutputError, match="folder of that name"):
        write(out, "two")
    assert shown(out) == before


def test_nothing_is_written_through_links(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (elsewhere / "H1").mkdir(parents=True)
    (out).mkdir()
    (out / "homes").symlink_to(elsewhere)
    with pytest.raises(OutputError, match="link"):
        write(out, "one")
    assert not any((elsewhere / "H1").iterdir())
    (out / "homes").unlink()
    (elsewhere / "mine.csv").write_text("mine", encoding="utf-8")
    (out / "evaluation.csv").symlink_to(elsewhere / "mine.csv")
    with pytest.raises(OutputError, match="link"):
        write(out, "one")
    assert (elsewhere / "mine.csv").read_text(encoding="utf-8") == "mine"


def test_a_full_disk_says_so_and_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write(out, "one")
    with pytest.raises(OutputError, match=r"disk of .* is full"), results(out, "siting run", MADE):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert shown(out) == of("one")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(OutputError, match="is full"), results(out, "siting run", MADE):
        raise RuntimeError
    assert shown(out) == of("one")


def test_a_full_disk_in_the_middle_of_the_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write(out, "one")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(moving_into_place, "copy_beside", full)
    with pytest.raises(OutputError, match="No space"):
        write(out, "two")
    assert shown(out) == of("one")


def test_a_share_that_goes_away_is_said(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(OutputError, match="gone while"), results(out, "siting run", MADE) as given:
        _write_where_nothing_is(out, given.files)


def _write_where_nothing_is(out: Path, files: Path) -> None:
    shutil.rmtree(out)
    (files / "x.csv").write_text("", encoding="utf-8")


def test_an_edited_file_is_kept_under_a_name_with_the_date_and_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "one")
    (out / "evaluation.xlsx").write_text("with a note of mine", encoding="utf-8")
    (told,) = write(out, "two")
    copy = "evaluation (as edited, kept 2026-03-02 09.30).xlsx"
    assert copy in told
    assert shown(out) == of("two") | {copy: "with a note of mine"}
    (out / "evaluation.xlsx").write_text("another note", encoding="utf-8")
    write(out, "three")
    assert (out / copy).read_text(encoding="utf-8") == "with a note of mine"
    assert "another note" in shown(out).values()
    assert write(out, "four") == [], "what nobody edited is replaced"


def test_a_table_that_no_run_wrote_is_not_destroyed(tmp_path: Path) -> None:
    (tmp_path / "evaluation.xlsx").write_text("of before there was a manifest", encoding="utf-8")
    write(tmp_path, "one")
    assert "of before there was a manifest" in shown(tmp_path).values()


def test_files_of_an_earlier_run_are_told(tmp_path: Path) -> None:
    write(tmp_path, "one", (*NAMES, "portfolio.csv"))
    (told,) = write(tmp_path, "two")
    assert "portfolio.csv is of an earlier run (siting run, 2026-03-02 09:30 UTC)" in told
    assert write(tmp_path, "pack", ("homes/H1/visits.csv",), "siting engage") == [], "a pack is made beside the evaluation"


def test_a_living_run_and_a_users_own_folder_are_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / f"{PREFIX}notes"
    mine.mkdir()
    (mine / "diary.txt").write_text("mine", encoding="utf-8")
    with results(tmp_path, "siting run", MADE) as living:
        (living.files / "late.csv").write_text("late", encoding="utf-8")
        write(tmp_path, "other")
        assert (living.files / "late.csv").is_file()
    assert (tmp_path / "late.csv").is_file()
    assert (mine / "diary.txt").read_text(encoding="utf-8") == "mine"


def _hold(out: Path, ready: "multiprocessing.synchronize.Event") -> None:
    with results(out, "siting run", MADE) as given:
        (given.files / "family.csv").write_text("a family", encoding="utf-8")
        ready.set()
        time.sleep(60)


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold, args=(tmp_path, ready))
    process.start()
    assert ready.wait(60)
    write(tmp_path, "living beside it")
    assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 1, "the other run is alive"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    process.join()
    write(tmp_path, "after")
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


def _die_after(out: Path, moved: int) -> None:
    """End after so many files are moved, with nothing tidied up: as a kill does."""
    real, count = Path.replace, [0]

    def dying(self: Path, target: Path) -> Path:
        if PREFIX in str(self) and PREFIX not in str(target):
            if count[0] == moved:
                os._exit(9)
            count[0] += 1
        return real(self, target)

    Path.replace = dying  # type: ignore[method-assign, assignment]
    write(out, "two")


@pytest.mark.parametrize(("moved", "edited"), [(0, False), (1, False), (2, True), (3, False), (4, True)])
def test_a_run_killed_while_it_moves_is_told_and_the_next_one_mends_it(tmp_path: Path, moved: int, *, edited: bool) -> None:
    write(tmp_path, "one")
    process = multiprocessing.get_context("spawn").Process(target=_die_after, args=(tmp_path, moved))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    now = shown(tmp_path)
    assert sum(text.endswith("two") for text in now.values()) == moved
    assert MOVING_NOTE in now
    assert "two runs" in (earlier_run(tmp_path) or "")
    if edited:
        (tmp_path / "map.html").write_text("mine", encoding="utf-8")
    told = write(tmp_path, "three")
    assert {name: text for name, text in shown(tmp_path).items() if "as edited" not in name} == of("three")
    assert earlier_run(tmp_path) is None
    assert len(told) == edited, "what the killed run moved is nobody's edit"
    assert ("mine" in shown(tmp_path).values()) is edited


def _write_as(out: Path, number: int) -> None:
    write(out, str(number))


def test_eight_at_once_leave_the_files_of_one(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_as, args=(tmp_path, number)) for number in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    texts = {text.rpartition(" ")[2] for name, text in shown(tmp_path).items() if "as edited" not in name}
    assert len(texts) == 1
    assert not any("as edited" in name for name in shown(tmp_path)), "no run takes another's files for edits"
    manifest = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert {name: entry["digest"] for name, entry in manifest["files"].items()} == {n: digest_of(tmp_path / n) for n in NAMES}


def test_a_lock_that_a_dead_machine_left_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / ".siting-lock").write_text("host 4711", encoding="utf-8")
    write(tmp_path, "one")
    assert shown(tmp_path) == of("one")


def test_one_file_is_staged_without_a_manifest(tmp_path: Path) -> None:
    with staged(tmp_path) as folder:
        (folder / "times.csv").write_text("x", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["times.csv"]
    assert tmp_path / "times.csv" in staging.written()
    with pytest.raises(ZeroDivisionError), staged(tmp_path) as folder:
        _ = (folder / "times.csv").write_text("y", encoding="utf-8") / 0
    assert (tmp_path / "times.csv").read_text(encoding="utf-8") == "x"


def write_without(out: Path, *gone: Path) -> None:
    before = shown(out)
    with results(out, "siting engage", MADE) as given:
        (given.files / "map.html").write_text("map.html of two", encoding="utf-8")
        given.gone.extend(gone)
        assert shown(out) == before


def test_what_is_to_go_goes_with_the_move_and_comes_back_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, gone = tmp_path / "out", Path("homes/H1/visits.csv")
    write(out, "one")
    before = shown(out)

    def refuse(*_arguments: object) -> None:
        raise OSError(errno.EACCES, "refused")

    with monkeypatch.context() as broken:
        broken.setattr(moving_into_place, "copy_beside", refuse)
        with pytest.raises(OutputError):
            write_without(out, gone)
    assert shown(out) == before
    write_without(out, gone, Path("homes/H1/never-there.csv"))
    kept = {name: text for name, text in before.items() if name != gone.as_posix()}
    assert shown(out) == kept | {"map.html": "map.html of two"}
    assert gone.as_posix() not in read_manifest(out)["files"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")
def test_folders_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    moving_into_place.make_private(tmp_path / "shared" / "homes" / "H1")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("shared", "shared/homes", "shared/homes/H1")]
    assert modes == [0o755, 0o700, 0o700]


def test_what_the_planner_itself_changes_between_runs_is_no_edit_of_somebodys(tmp_path: Path) -> None:
    write(tmp_path, "one")
    for name in NAMES[:2]:
        (tmp_path / name).write_text("one household less", encoding="utf-8")
    changed_by_us(tmp_path, [tmp_path / NAMES[0], tmp_path / "homes" / "no such file"])
    told = write(tmp_path, "two")
    assert [name for name in NAMES if any(f"{name}: it was edited since" in line for line in told)] == [NAMES[1]]
    changed_by_us(tmp_path / "nowhere", [tmp_path / "nowhere" / "a.csv"])
    assert not (tmp_path / "nowhere").exists()
