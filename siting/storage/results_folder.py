"""A folder of results: one run at a time moves its files in, and a manifest says which run each file is of.

The manifest is written last. Who finds that a file is not as it says knows that a person has edited
it, or that a run was cut off while its files were moved.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xxhash
from filelock import FileLock, Timeout

from siting.faults import Fault, Severity
from siting.sentences import counted, listed
from siting.storage.moving_into_place import OWNER_ONLY, OutputError, copy_beside, explain, files_in
from siting.storage.staging import FILES, move_staged, opened_staging
from siting.storage.undoing import released_after

MANIFEST = ".siting-manifest.json"
LOCK = ".siting-lock"
MOVING_NOTE = "RESULTS ARE BEING MOVED HERE.txt"
"""What stands in the folder only while files are moved: whoever finds it later knows that the move was cut off."""
_MOVING_WORDS = (
    "Files of a new run are being moved into this folder, which takes a moment.\r\n"
    "If this note is still here in a minute, the run was cut off: the files beside it are of two runs. Run it again.\r\n"
)
KEPT_APART = "runs/"
"""The folder of kept runs, each file of which is of its own run by its name."""
_WAIT_S = 60.0
_EDITABLE = {".xlsx", ".docx", ".csv", ".ods", ".xlsm"}
_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a run writes into a folder of results.

    Attributes
    ----------
    files
        Where to write; each file under the name that it is to have.
    gone
        Files of an earlier run, relative to the folder, that are taken away when the new ones move.
    told
        What is to be said once the files are in their place.
    """

    files: Path
    gone: list[Path] = field(default_factory=list)
    told: list[Fault] = field(default_factory=list)

    @property
    def names(self) -> tuple[Path, ...]:
        """The files written so far, relative to the folder."""
        return files_in(self.files)


@contextmanager
def results(out: Path, command: str, made: datetime) -> Iterator[Results]:
    """Give a place to write a run's results; they move into `out` together when the block ends well.

    A file in `out` that was edited since it was written is kept beside under a name with the date.

    Raises
    ------
    OutputError
        Where a file cannot be replaced: then the folder is as it was.
    """
    with opened_staging(out) as staging:
        given = Results(files=staging / FILES)
        yield given
        with _locked(out):
            given.told.extend(_move(staging, out, command, made, given.gone))


def earlier_run(out: Path) -> str | None:
    """Say what is wrong with a folder of results, where a run was cut off while it moved its files; None where nothing is."""
    if not (out / MOVING_NOTE).exists():
        return None
    with suppress(OutputError), _locked(out):
        # Where the note is gone by now, another run had only been moving its files.
        if (out / MOVING_NOTE).exists():
            return f"{out} holds files of two runs: an earlier run was cut off while it moved its results. Run it again."
    return None


def read_manifest(out: Path) -> Mapping[str, Any]:
    """Return what is known of a folder's files; empty where nothing is."""
    with suppress(OSError, ValueError):
        known = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(known, dict) and isinstance(known.get("files"), dict) and isinstance(known.get("runs"), dict):
            return known
    return {"files": {}, "runs": {}}


def changed_by_us(out: Path, paths: Iterable[Path]) -> None:
    """Take down that the planner itself changed files of a folder, so that they are not taken for a person's edits."""
    if not (out / MANIFEST).is_file():
        return
    with _locked(out):
        known = read_manifest(out)
        names = {path.relative_to(out).as_posix(): path for path in paths if out in path.parents and path.is_file()}
        ours = {name: entry | {"digest": digest_of(names[name])} for name, entry in known["files"].items() if name in names}
        if ours:
            _write(out / MANIFEST, {**known, "files": {**known["files"], **ours}})


def digest_of(path: Path) -> str:
    """Digest a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, xxhash.xxh3_128).hexdigest()


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    lock = FileLock(out / LOCK, mode=0o666)
    was_there = (out / LOCK).exists()
    try:
        lock.acquire(timeout=_WAIT_S)
    except Timeout as error:
        msg = f"Another run has been writing into {out} for a minute. Nothing was moved; try again when it has ended."
        raise OutputError(msg) from error
    except (OSError, NotImplementedError):
        # A disk without locks, or a lock that somebody else made: the manifest tells a mixture all the same.
        yield
        return
    with released_after(lock, keeps_file=was_there):
        yield


def _move(staging: Path, out: Path, command: str, made: datetime, gone: Sequence[Path]) -> Iterator[Fault]:
    known = read_manifest(out)
    names = [name.as_posix() for name in files_in(staging / FILES)]
    new = {name: digest_of(staging / FILES / name) for name in names if not name.startswith(KEPT_APART)}
    run = f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}-{staging.name.rpartition('-')[2]}"
    kept: dict[str, Path] = {}
    cut_off, was_there = (out / MOVING_NOTE).exists(), (out / MANIFEST).exists()
    try:
        _keep_edited(out, new, known, made, kept)
        # What is about to be moved is taken down first, so that it is never taken for an edit of somebody's.
        moving = known.get("moving", {})
        _write(out / MANIFEST, {**known, "moving": {name: [*moving.get(name, ()), digest] for name, digest in new.items()}})
        (out / MOVING_NOTE).write_text(_MOVING_WORDS, encoding="utf-8", newline="")
        left = {**known, "files": {name: entry for name, entry in known["files"].items() if Path(name) not in gone}}
        _write(staging / FILES / MANIFEST, _manifest(out, left, new, run, command, made))
        move_staged(staging, out, last=MANIFEST, gone=gone)
    except BaseException:
        for copy in kept.values():
            copy.unlink(missing_ok=True)
        if not cut_off:
            (out / MOVING_NOTE).unlink(missing_ok=True)
            with suppress(OSError):
                _write(out / MANIFEST, known) if was_there else (out / MANIFEST).unlink(missing_ok=True)
        raise
    (out / MOVING_NOTE).unlink(missing_ok=True)
    yield from _told(out, kept, known, new)


def _keep_edited(out: Path, new: Mapping[str, str], known: Mapping[str, Any], made: datetime, kept: dict[str, Path]) -> None:
    """Copy aside what a person has edited since it was written, and what no run is known to have written."""
    for name, digest in new.items():
        path = out / name
        if not path.is_file() or path.is_symlink():
            continue
        entry = known["files"].get(name)
        if entry is None and name not in known.get("moving", {}) and path.suffix.lower() not in _EDITABLE:
            continue
        if digest_of(path) in {digest, (entry or {}).get("digest"), *known.get("moving", {}).get(name, ())}:
            continue
        kept[name] = _free_name(path, made)
        try:
            copy_beside(path, kept[name])
        except OSError as error:
            raise OutputError(explain(kept[name], error)) from error


def _free_name(path: Path, made: datetime) -> Path:
    stem = f"{path.stem} (as edited, kept {made:%Y-%m-%d %H.%M})"
    copies = (path.with_name(f"{stem}{f' {number}' if number > 1 else ''}{path.suffix}") for number in range(1, 10_000))
    return next(copy for copy in copies if not copy.exists())


def _manifest(
    out: Path, known: Mapping[str, Any], new: Mapping[str, str], run: str, command: str, made: datetime
) -> dict[str, Any]:
    files = {name: entry for name, entry in known["files"].items() if name not in new and (out / name).is_file()}
    files |= {name: {"run": run, "digest": digest} for name, digest in new.items()}
    runs = dict(known["runs"]) | {run: {"command": command, "made": f"{made.astimezone(UTC):%Y-%m-%d %H:%M} UTC"}}
    used = {entry.get("run") for entry in files.values()}
    return {
        "note": "Which run each file of this folder is of, and what it held when that run wrote it.",
        "runs": {name: about for name, about in runs.items() if name in used},
        "files": dict(sorted(files.items())),
    }


def _told(out: Path, kept: Mapping[str, Path], known: Mapping[str, Any], new: Mapping[str, str]) -> Iterator[Fault]:
    for name, copy in kept.items():
        yield Fault(
            file=name,
            problem="it was edited since the last run wrote it",
            remedy=f"What was edited is kept as {copy.name}",
            severity=Severity.WARNING,
        )
    older: dict[str, list[str]] = {}
    beside = {Path(name).parent for name in new}
    for name, entry in known["files"].items():
        if name not in new and Path(name).parent in beside and (out / name).is_file():
            about = known["runs"].get(entry.get("run"), {})
            older.setdefault(f"{about.get('command', 'a run')}, {about.get('made', 'not known when')}", []).append(name)
    for run, names in sorted(older.items()):
        yield Fault(
            file=out.name,
            problem=f"{_some(names)} {'is' if len(names) == 1 else 'are'} of an earlier run ({run}), not of this one",
            remedy="Make them anew too, or take them away, before they are read together",
            severity=Severity.WARNING,
        )


def _some(names: Sequence[str]) -> str:
    further = len(names) - _NAMED
    return listed(names) if further <= 1 else f"{', '.join(names[:_NAMED])} and {counted(further, 'other file')}"


def _write(path: Path, known: Mapping[str, Any]) -> None:
    """Write a manifest whole, or not at all."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.write_text(json.dumps(known, indent=1, ensure_ascii=False), encoding="utf-8")
        unfinished.chmod(OWNER_ONLY)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise OutputError(explain(path, error)) from error
