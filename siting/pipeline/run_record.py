"""What was made before: a run whose inputs and outputs are all as they were needs nothing made anew.

A record is kept in the cache, by the folder of the outputs: a digest of everything that the run
read (the plan, every file that it names, the decisions beside it, the program itself, and the date,
which the papers state), and one of each file that it wrote and of each register. Of a very large
file the size and the times are taken for its bytes.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import xxhash

from siting.faults import Fault, Severity
from siting.inputs.plan import Plan
from siting.pipeline.outcome import Outcome
from siting.storage.kept import cache_folder
from siting.storage.moving_into_place import OWNER_ONLY, OWNER_ONLY_FOLDER
from siting.storage.results_folder import MOVING_NOTE, digest_of

_LARGE_BYTES = 256_000_000
"""From so many bytes on reading a file takes longer than a user waits for "nothing has changed"."""
_REGISTERS = "homes/*/register.sqlite*"


def state_of(plan: Plan, today: dt.date) -> str:
    """Digest all that a run of a plan depends on."""
    digest = xxhash.xxh3_128(today.isoformat().encode())
    program = Path(__file__).resolve().parents[1]
    for package in ("siting", "engagement", "maps"):
        for path in sorted((program / package).rglob("*.*")):
            if path.suffix not in {".pyc", ".nbi", ".nbc"} and path.is_file():
                about = path.stat()
                digest.update(f"{path.name} {about.st_size} {about.st_mtime_ns}".encode())
    for path in sorted({plan.path.resolve(), *_named_files(plan), *_unnamed_files(plan)}):
        digest.update(f"{path} {_state(path)}".encode())
    return digest.hexdigest()


def recall(out: Path, state: str) -> Outcome | None:
    """Return what an earlier run in this state made, if every file is as that run left it."""
    try:
        record = json.loads(_record_path(out).read_text(encoding="utf-8"))
        if record["state"] != state or record["files"] != _digests(out, record["files"]) or (out / MOVING_NOTE).exists():
            return None
        warnings = tuple(_read_fault(fault) for fault in record["warnings"])
        return Outcome(
            files=tuple(out / name for name in record["told"]),
            warnings=warnings,
            summary=tuple(map(str, record["summary"])),
            no_choice=bool(record["no_choice"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_fault(values: dict[str, Any]) -> Fault:
    return Fault(**(values | {"severity": Severity(values["severity"]), "rows": tuple(values["rows"])}))


def remember(out: Path, state: str, outcome: Outcome) -> None:
    """Keep the record of a run that has ended; where it cannot be kept, the next run makes everything anew."""
    told = [path.relative_to(out).as_posix() for path in outcome.files]
    with suppress(OSError):
        record = {
            "state": state,
            "told": told,
            "files": _digests(out, told),
            "warnings": [asdict(fault) for fault in outcome.warnings],
            "summary": outcome.summary,
            "no_choice": outcome.no_choice,
        }
        path = _record_path(out)
        path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        unfinished.write_text(json.dumps(record), encoding="utf-8")
        unfinished.chmod(OWNER_ONLY)
        unfinished.replace(path)


def _record_path(out: Path) -> Path:
    return cache_folder() / "runs" / f"{xxhash.xxh3_128_hexdigest(str(out.resolve()).encode())}.json"


def _digests(out: Path, names: Iterable[str]) -> dict[str, str]:
    registers = {path.relative_to(out).as_posix() for path in out.glob(_REGISTERS)}
    return {name: digest_of(out / name) for name in sorted({*names, *registers})}


def _named_files(plan: Plan) -> Iterator[Path]:
    """Yield every file that some text of the plan names, with those of its name, as a shapefile's parts are."""
    for text in _texts(plan.model_dump(mode="json")):
        try:
            path = plan.resolve(text).resolve()
            if path.is_file():
                yield from (part for part in path.parent.iterdir() if part.stem == path.stem and part.is_file())
        except OSError:
            continue  # not every text can be the name of a file


def _unnamed_files(plan: Plan) -> Iterator[Path]:
    """Yield what a run reads without the plan's naming it: the decisions beside it."""
    path = plan.resolve(plan.inputs.decisions or "decisions.csv").resolve()
    if path.is_file():
        yield path


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _state(path: Path) -> str:
    """Tell a file from what it was: by its bytes, or where they are very many by its size and times."""
    try:
        about = path.stat()
        if about.st_size > _LARGE_BYTES:
            return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"
        return digest_of(path)
    except OSError as error:
        # Who cannot read it says so; here it is only another state than that of one that can be read.
        return f"cannot be read: {error.errno}"
