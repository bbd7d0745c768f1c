"""What a cut-off leaves of a staging folder is cleared away by the next run, whenever it comes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from siting.storage.staging import PREFIX, clear_remnants, opened_staging


class CutOffError(BaseException):
    """Stands for a kill: nothing catches it."""


def cut_off_after(deletions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many files and folders be deleted, and end whoever deletes another."""
    left = deletions

    def counted(delete: Callable[..., None]) -> Callable[..., None]:
        def one(*arguments: Any, **named: Any) -> None:
            nonlocal left
            if left == 0:
                raise CutOffError
            left -= 1
            delete(*arguments, **named)

        return one

    for name in ("unlink", "rmdir"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


class Listed:
    """The entries of a folder in one order: in which a disk lists them is its own affair."""

    def __init__(self, folder: Any, *, backward: bool) -> None:
        with os_scandir(folder) as entries:
            self.entries = sorted(entries, key=lambda entry: entry.name, reverse=backward)

    def __enter__(self) -> Iterator[Any]:
        return iter(self.entries)

    def __exit__(self, *_: object) -> None:
        """Nothing is left to be closed."""


os_scandir = os.scandir


@pytest.fixture(params=[False, True], ids=["forward", "backward"], autouse=True)
def listing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "scandir", lambda folder: Listed(folder, backward=request.param))


def left_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name.startswith("personal")}


def stage(folder: Path) -> None:
    with opened_staging(folder) as staging:
        for part in ("files", "before"):
            for number in range(2):
                (staging / part / f"personal-{number}").write_text("a street")
        (staging / "personal-copy").write_text("a street")


@pytest.mark.parametrize("deletions", range(9))
def test_cut_off_while_it_is_taken_away_it_is_cleared_by_the_next_run(
    deletions: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        cut_off_after(deletions, killed)
        with pytest.raises(CutOffError):
            stage(tmp_path)
    clear_remnants(tmp_path)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("deletions", range(9))
def test_cut_off_while_it_is_cleared_it_is_cleared_by_the_one_after(
    deletions: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        cut_off_after(0, killed)
        with pytest.raises(CutOffError):
            stage(tmp_path)
    with monkeypatch.context() as killed:
        cut_off_after(deletions, killed)
        with pytest.raises(CutOffError):
            clear_remnants(tmp_path)
    clear_remnants(tmp_path)
    assert left_in(tmp_path) == set()


def test_what_cannot_be_taken_away_stays_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, *_: object, **__: object) -> None:
        raise PermissionError(path)

    with monkeypatch.context() as locked:
        locked.setattr(os, "unlink", refuse)
        stage(tmp_path)
    assert len(left_in(tmp_path)) == 5
    clear_remnants(tmp_path)
    assert left_in(tmp_path) == set()
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


def test_a_users_own_folder_of_such_a_name_stays(tmp_path: Path) -> None:
    own = tmp_path / f"{PREFIX}letters"
    own.mkdir()
    (own / "personal.txt").write_text("mine")
    clear_remnants(tmp_path)
    assert left_in(tmp_path) == {f"{own.name}/personal.txt"}
