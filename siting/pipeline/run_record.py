"""What was made before: a run whose inputs and outputs are all as they were needs nothing made anew.

A record is kept in the cache, by the folder of the outputs: a digest of everything that the run
read (the plan, every file that it names or that lies beside it, the program itself, and the date,
which the papers state), and one of each file that it wrote and of each register.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import xxhash

from siting.faults import Fault, Severity
from siting.inputs.plan import Plan
from siting.storage.kept import cache_folder

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
    for path in sorted({plan.path.resolve(), *_named_files(plan), *_files_beside(plan)}):
        digest.update(f"{path} {_digest(path)}".encode())
    return digest.hexdigest()


def recall(out: Path, state: str) -> tuple[tuple[Path, ...], tuple[Fault, ...]] | None:
    """Return the files and the warnings of an earlier run in this state, if every file is as that run left it."""
    try:
        record = json.loads(_record_path(out).read_text(encoding="utf-8"))
        if record["state"] != state or record["files"] != _digests(out, record["files"]):
            return None
        warnings = tuple(Fault(**(fault | {"severity": Severity(fault["severity"])})) for fault in record["warnings"])
        return tuple(out / name for name in record["told"]), warnings
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(out: Path, state: str, files: Sequence[Path], warnings: Iterable[Fault]) -> None:
    """Keep the record of a run that has ended."""
    told = [path.relative_to(out).as_posix() for path in files]
    record = {
        "state": state,
        "told": told,
        "files": _digests(out, told),
        "warnings": [asdict(fault) for fault in warnings],
    }
    path = _record_path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(record), encoding="utf-8")
    unfinished.replace(path)


def _record_path(out: Path) -> Path:
    return cache_folder() / "runs" / f"{xxhash.xxh3_128_hexdigest(str(out.resolve()).encode())}.json"


def _digests(out: Path, names: Iterable[str]) -> dict[str, str]:
    registers = {path.relative_to(out).as_posix() for path in out.glob(_REGISTERS)}
    return {name: _digest(out / name) for name in sorted({*names, *registers})}


def _named_files(plan: Plan) -> Iterator[Path]:
    """Yield every file that some text of the plan names, with those of its name, as a shapefile's parts are."""
    for text in _texts(plan.model_dump(mode="json")):
        try:
            path = plan.resolve(text).resolve()
            if path.is_file():
                yield from (part for part in path.parent.iterdir() if part.stem == path.stem and part.is_file())
        except OSError:
            continue  # not every text can be the name of a file


def _files_beside(plan: Plan) -> Iterator[Path]:
    yield from (path for path in plan.path.resolve().parent.iterdir() if path.is_file())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, xxhash.xxh3_128).hexdigest()
