"""Thousands of damaged files of each kind by hand, each within 30 seconds and 2 GB (see `test_damaged_files.py`).

python tests/fuzz/damaged_files.py --files 2000 --first 20000 [KIND ...]
Each kind is read by a process of its own, which an alarm ends at a file that takes too long; another goes on behind that file.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from test_damaged_files import KINDS

from siting.faults import SitingError

MOST_S, MOST_BYTES = 30, 2 << 30
_KB = 1024


@dataclass(slots=True)
class Seen:
    """What a process wrote of a kind's files, one line a file."""

    read: int = 0
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    memory_mb: float = 0.0


def campaign(kind: str, first: int, count: int) -> Seen:
    """Read so many damaged files of a kind."""
    seen, seed = Seen(), first
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words.jsonl"
        while seed < first + count:
            child = os.fork()
            if child == 0:
                _read_all(kind, range(seed, first + count), Path(folder), words)
            _, status = os.waitpid(child, 0)
            lines = [json.loads(line) for line in words.read_text(encoding="utf-8").splitlines()] if words.exists() else []
            words.unlink(missing_ok=True)
            for line in lines:
                seen.read += line["how"] == "read"
                seen.refused += line["how"] == "refused"
                seen.broken += [f"{kind} {line['seed']}: {line['how']}"] if line["how"] not in {"read", "refused"} else []
                seen.slowest_s = max(seen.slowest_s, line["s"])
                seen.memory_mb = max(seen.memory_mb, line["mb"])
            if os.waitstatus_to_exitcode(status) == 0:
                break
            seed = lines[-1]["seed"] + 1 if lines else seed
            seen.broken.append(f"{kind} {seed}: ended by {os.waitstatus_to_exitcode(status)}")
            seed += 1
    return seen


def _read_all(kind: str, seeds: range, folder: Path, words: Path) -> None:
    """Read the files of some seeds and leave; never returns."""
    warnings.simplefilter("ignore")
    # What libraries say of a file goes nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    name, make, change, read = KINDS[kind]
    source = folder / "source"
    source.mkdir(exist_ok=True)
    whole = make(source)
    mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MOST_BYTES, resource.RLIM_INFINITY))
    with words.open("w", encoding="utf-8") as told:
        for seed in seeds:
            drawn = folder / "drawn"
            shutil.rmtree(drawn, ignore_errors=True)
            drawn.mkdir()
            (drawn / name).write_bytes(change(whole, random.Random(seed)))
            signal.alarm(MOST_S)
            began, how = time.process_time(), "read"
            try:
                read(drawn / name)
            except SitingError:
                how = "refused"
            except BaseException as error:  # noqa: BLE001 - whatever is raised beside words is what is looked for
                how = f"{type(error).__name__}: {error}"[:300]
            signal.alarm(0)
            line = {"seed": seed, "how": how, "s": time.process_time() - began}
            told.write(json.dumps(line | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB}) + "\n")
            told.flush()
    os._exit(0)


def main() -> None:
    """Read damaged files of the kinds that were asked for, or of all, and print a line of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    asked = parser.parse_args()
    for kind in asked.kinds:
        seen = campaign(kind, asked.first, asked.files)
        sys.stdout.write(
            f"{kind}: {seen.read} read, {seen.refused} refused, {len(seen.broken)} broken; slowest {seen.slowest_s:.1f} s, "
            f"{seen.memory_mb:.0f} MB\n" + "".join(f"  {one}\n" for one in seen.broken[:10])
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
