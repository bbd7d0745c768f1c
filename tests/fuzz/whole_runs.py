"""Whole runs killed, raced, without room and before locked files: the results are the old or the new, or the mixture is said.

By hand: python tests/fuzz/whole_runs.py --kills 400 --pairs 40 --full 40 --entries 40 --locked
Each run is a process forked from one that has the program loaded, so that a kill costs a second.
What needs to mount (a small disk, a locked file) is done where this user may.
"""

import argparse
import json
import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from numba.core.registry import CPUDispatcher as Dispatcher
from tiny_plan import MARKS, write_tiny_plan

from siting.cli import main
from siting.storage.results_folder import LOCK, MANIFEST, MOVING_NOTE, digest_of, earlier_run, read_manifest
from siting.storage.staging import PREFIX

COMMANDS = {"run": ["--fresh"], "engage": ["--home", "H1"], "portfolio": ["--homes", "2"]}
OWN = {MANIFEST, LOCK, f"{MANIFEST}.part", ".siting-promises-lock"}
LOADED = "loaded"
STAYS = "register.sqlite"
"""The register is added to where it lies, and moves with no run."""
APART = "runs/"
"""Each file there is of its own run by its name; none is replaced, and old ones are tidied away."""


class Campaign:
    """A folder with two plans that differ in their title alone, so that every run's results differ from those before."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.draw = folder, random.Random(seed)
        self.plans = [write_tiny_plan(folder / name, name) for name in ("one", "two")]
        self.temporary, self.cache = folder / "tmp", folder / "cache"
        self.temporary.mkdir()
        os.environ |= {"TMPDIR": str(self.temporary), "SITING_CACHE_DIR": str(self.cache), "MPLCONFIGDIR": str(folder / "mpl")}
        self.rounds = 0
        self.loaded: set[str] = set()

    def start(self, command: str, out: Path, *, plan: int | None = None, tells: bool = False) -> tuple[int, Path]:
        """Fork a run; its process and where its words go. One that `tells` leaves behind what it had to load."""
        plan_path = self.plans[(self.rounds + 1) % 2 if plan is None else plan]
        return self.run([command, str(plan_path), *COMMANDS[command], "--out", str(out)], tells=tells)

    def run(self, arguments: list[str], *, tells: bool = False) -> tuple[int, Path]:
        """Fork a command; its process and where its words go."""
        self.rounds += 1
        words = self.folder / "words" / f"{self.rounds}.txt"
        words.parent.mkdir(exist_ok=True)
        child = os.fork()
        if child == 0:
            told = os.open(words, os.O_WRONLY | os.O_CREAT, 0o600)
            os.dup2(told, 1)
            os.dup2(told, 2)
            status = 3
            try:
                main(arguments)
                status = 0
            except SystemExit as left:
                status = left.code if isinstance(left.code, int) else 0
            finally:
                if tells:
                    (self.folder / LOADED).write_bytes(pickle.dumps(loaded_now()))
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        return child, words

    def whole(self, command: str, out: Path) -> float:
        """Let a run end well; the seconds that it took."""
        began = time.monotonic()
        child, words = self.start(command, out, tells=command not in self.loaded)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == 0, words.read_text(encoding="utf-8")
        if command in self.loaded:
            return time.monotonic() - began
        load(*pickle.loads((self.folder / LOADED).read_bytes()))  # noqa: S301 - our own child wrote it
        self.loaded.add(command)
        return self.whole(command, out)


Loaded = tuple[list[str], list[tuple[str, str, list[Any]]]]
"""Modules in their order, and compiled functions with what they were compiled for."""


def loaded_now() -> Loaded:
    """Tell what this process has loaded."""
    modules = list(sys.modules)
    kernels = [
        (name, function, kernel.signatures)
        for name in modules
        if name.split(".")[0] in {"siting", "engagement", "maps"}
        for function, kernel in list(vars(sys.modules[name]).items())
        if isinstance(kernel, Dispatcher) and kernel.signatures and kernel.__module__ == name
    ]
    return modules, kernels


def load(modules: list[str], kernels: list[tuple[str, str, list[Any]]]) -> None:
    """Load the same, and run none of it: no thread is started, so that runs may be forked from this process."""
    for name in modules:
        if name not in sys.modules and not name.startswith("__"):
            with suppress(Exception):
                import_module(name)
    for name, function, signatures in kernels:
        for signature in signatures:
            with suppress(Exception):
                getattr(sys.modules[name], function).compile(signature)


def shown(out: Path) -> dict[str, str]:
    """What a user finds in a folder of results, by the digest of its bytes."""
    files = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if path.is_file()}
    return {
        name: digest_of(path)
        for name, path in files.items()
        if path.name not in OWN and PREFIX not in name and not path.name.startswith(STAYS) and not name.startswith(APART)
    }


def listed(out: Path) -> dict[str, str]:
    """What the manifest says of the same files."""
    return {name: entry["digest"] for name, entry in read_manifest(out)["files"].items() if not name.startswith(APART)}


def check_folder(out: Path, before: dict[str, str]) -> str:
    """Say what a folder holds: `old`, `new`, or `mixture`, which is said; whatever else is wrong raises."""
    now = shown(out)
    if now == before:
        return "old"
    if MOVING_NOTE in now:
        assert earlier_run(out), "the mixture is not told"
        return "mixture"
    manifest = read_manifest(out)
    assert "moving" not in manifest, "a move was cut off and nobody says so"
    told = listed(out)
    assert told == now, f"of another run than is told: {sorted(set(told.items()) ^ set(now.items()))[:6]}"
    return "new"


def check_nothing_left(campaign: Campaign) -> None:
    """Look for personal data among the temporary files."""
    for path in campaign.temporary.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        marks = [mark for mark in MARKS if mark.encode() in content or mark in path.name]
        assert not marks, f"{path} holds {marks}"


def kill_runs(campaign: Campaign, count: int) -> dict[str, int]:
    """Kill runs at random moments: half of them anywhere, half of them in the last third, where files are written."""
    seen: dict[str, int] = {}
    lasts = {command: campaign.whole(command, campaign.folder / command) for command in COMMANDS}
    for number in range(count):
        command = list(COMMANDS)[number % len(COMMANDS)]
        out = campaign.folder / command
        before = shown(out)
        start = campaign.draw.choice([0.0, 0.66])
        child, words = campaign.start(command, out)
        ended = wait(child, lasts[command] * campaign.draw.uniform(start, 1.15))
        found = check_folder(out, before)
        assert not (ended == 0 and found == "mixture"), words.read_text(encoding="utf-8")
        assert ended in {0, None}, words.read_text(encoding="utf-8")
        seen[found] = seen.get(found, 0) + 1
        check_nothing_left(campaign)
        if found == "mixture" or number % 25 == 24:
            lasts[command] = 0.5 * (lasts[command] + campaign.whole(command, out))
            assert check_folder(out, {}) == "new"
            left = {path.relative_to(out).as_posix() for path in out.glob(f"{PREFIX}*/**/*")}
            assert not left, f"what a killed run left is not cleared away: {sorted(left)}"
            assert not any("as edited" in name for name in shown(out)), "a killed run's files are taken for somebody's edits"
    return seen


def wait(child: int, seconds: float) -> int | None:
    """Give a process so long, then kill it; its status where it had ended by itself."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return None if status == -signal.SIGKILL else status


def race_pairs(campaign: Campaign, count: int) -> dict[str, int]:
    """Let two runs write into one folder at once."""
    seen: dict[str, int] = {}
    for number in range(count):
        first, second = campaign.draw.choice(list(COMMANDS)), campaign.draw.choice(list(COMMANDS))
        out = campaign.folder / f"pair-{number % 5}"
        children = [campaign.start(first, out, plan=0)]
        time.sleep(campaign.draw.choice([0, 0, 0.2, 1]))
        children.append(campaign.start(second, out, plan=1))
        for child, words in children:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            assert status == 0, words.read_text(encoding="utf-8")
        manifest = read_manifest(out)
        now = shown(out)
        assert MOVING_NOTE not in now
        assert "moving" not in manifest
        assert listed(out) == now
        assert not any("as edited" in name for name in now), "a run takes another's files for edits"
        if first == second:
            runs = {entry["run"] for name, entry in manifest["files"].items() if not name.startswith("runs/")}
            last = max(runs)
            mixed = sorted(name for name, entry in manifest["files"].items() if entry["run"] != last)
            told = words_say_older(children)
            assert len(runs) == 1 or told or number >= 5, f"files of two runs: {mixed}"
        check_nothing_left(campaign)
        seen[f"{first} and {second}"] = seen.get(f"{first} and {second}", 0) + 1
    return seen


def words_say_older(children: Sequence[tuple[int, Path]]) -> bool:
    """Tell whether one of some runs said that files of an earlier one lie beside its own."""
    return any("of an earlier run" in words.read_text(encoding="utf-8") for _, words in children)


@contextmanager
def mounted(*arguments: str, at: Path) -> Iterator[bool]:
    """Mount something; whether this user may."""
    done = subprocess.run(["mount", *arguments, str(at)], capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(at)], check=True)


def fill_disks(campaign: Campaign, count: int) -> dict[str, int]:
    """Run on a disk that has no room for all of it, with results of an earlier run there."""
    seen: dict[str, int] = {}
    for number in range(count):
        command = list(COMMANDS)[number % len(COMMANDS)]
        source = campaign.folder / command
        if not source.exists():
            campaign.whole(command, source)
        needed = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
        disk = campaign.folder / "disk"
        disk.mkdir(exist_ok=True)
        room = needed + 100_000 + int(campaign.draw.uniform(0.02, 1.4) * needed)
        with mounted("-t", "tmpfs", "-o", f"size={room // 1024}k", "tmpfs", at=disk) as may:
            if not may:
                return {"not allowed to mount": 1}
            out = disk / "out"
            subprocess.run(["cp", "-a", str(source), str(out)], check=True)
            before = shown(out)
            child, words = campaign.start(command, out)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            told = words.read_text(encoding="utf-8")
            found = check_folder(out, before)
            assert status in {0, 1}, f"{status}: {told}"
            assert found == ("new" if status == 0 else "old"), f"{status}, {found}: {told}"
            assert status == 0 or "full" in told or "No space" in told, told
            assert not list(out.glob(f"{PREFIX}*"))
            seen[f"{command} {found}"] = seen.get(f"{command} {found}", 0) + 1
    return seen


ENTRIES = {
    "log": ["--home", "H1", "--event", "spoke", "--about", "10000001", "--who", "A. Lead", "--note", "x" * 6_000],
    "decide": ["--home", "H1", "--address", "10000001", "--decision", "remove", "--reason", "x" * 6_000, "--who", "A. Lead"],
}
_BLOCK = 4_096
"""What a disk in memory gives out at once."""


def fill_disks_of_entries(campaign: Campaign, count: int) -> dict[str, int]:
    """Write an entry of the register and a decision where the disk has room for some or none of it, then where it has room."""
    seen: dict[str, int] = {}
    source = campaign.plans[0].parent
    if not (source / "plan-results").exists():
        campaign.whole("engage", source / "plan-results")
    for number in range(count):
        command = list(ENTRIES)[number % len(ENTRIES)]
        disk = campaign.folder / "disk"
        disk.mkdir(exist_ok=True)
        with mounted("-t", "tmpfs", "-o", "size=24m", "tmpfs", at=disk) as may:
            if not may:
                return {"not allowed to mount": 1}
            plan = disk / "plan" / "plan.toml"
            subprocess.run(["cp", "-a", str(source), str(plan.parent)], check=True)
            out = plan.parent / "plan-results"
            arguments = [command, str(plan), *ENTRIES[command], *(["--out", str(out)] if command == "log" else [])]
            before, entries = everything(disk), register_entries(out)
            left = campaign.draw.choice([0, 1, 2, 3, 5, 8]) * _BLOCK
            free = os.statvfs(disk).f_bavail * _BLOCK
            (disk / "ballast").write_bytes(b"x" * (free - left))
            status, told = spoken(campaign, arguments)
            assert status in {0, 1}, f"{status}: {told}"
            (disk / "ballast").unlink()
            if status:
                assert "full" in told, told
                assert "--out" not in told or command == "log", told
                assert everything(disk) == before, f"{told}: {sorted(everything(disk).items() ^ before.items())}"
                assert register_entries(out) == entries
                status, told = spoken(campaign, arguments)
                assert status == 0, told
                seen[f"{command} refused"] = seen.get(f"{command} refused", 0) + 1
            else:
                seen[f"{command} done"] = seen.get(f"{command} done", 0) + 1
            written = (
                register_entries(out) - entries if command == "log" else "remove" in (plan.parent / "decisions.csv").read_text()
            )
            assert written, "what was told as done is not there"
    return seen


def spoken(campaign: Campaign, arguments: list[str]) -> tuple[int, str]:
    """Run a command to its end; its status and its words."""
    child, words = campaign.run(arguments)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, words.read_text(encoding="utf-8")


def everything(folder: Path) -> dict[str, str]:
    """Every file of a folder by its digest, but those by which the register's program keeps others away."""
    files = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm", "-journal"))
    ]
    return {path.relative_to(folder).as_posix(): digest_of(path) for path in files}


def register_entries(out: Path) -> int:
    """How many entries the register has, each of which can be read."""
    with closing(sqlite3.connect(out / "homes" / "H1" / STAYS)) as register:
        assert register.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return len(register.execute("SELECT * FROM entries").fetchall())


def lock_files(campaign: Campaign) -> dict[str, int]:
    """Lock each output in turn, so that it cannot be replaced, or not even be opened to write."""
    seen: dict[str, int] = {}
    for command in COMMANDS:
        out = campaign.folder / command
        if not out.exists():
            campaign.whole(command, out)
        for name in sorted(shown(out)):
            for way in ("ro", "rw"):
                path, before = out / name, shown(out)
                with mounted("--bind", str(path), at=path) as may:
                    if not may:
                        return {"not allowed to mount": 1}
                    if way == "ro":
                        subprocess.run(["mount", "-o", "remount,bind,ro", str(path)], check=True, capture_output=True)
                    child, words = campaign.start(command, out)
                    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                told = words.read_text(encoding="utf-8")
                assert status == 1, f"{name} {way}: {status}: {told}"
                assert name in told, f"{name} {way}: {told}"
                assert shown(out) == before, f"{name} {way}: {told}"
                assert not list(out.glob(f"{PREFIX}*")), f"{name} {way}"
                seen[f"{command} {way}"] = seen.get(f"{command} {way}", 0) + 1
    return seen


def main_campaign() -> None:
    """Do what was asked for and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("kills", "pairs", "full", "entries", "seed"):
        parser.add_argument(f"--{name}", type=int, default=0)
    parser.add_argument("--locked", action="store_true")
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    campaign = Campaign(asked.folder.resolve(), asked.seed)
    seen = {
        "kills": kill_runs(campaign, asked.kills) if asked.kills else {},
        "pairs": race_pairs(campaign, asked.pairs) if asked.pairs else {},
        "full disks": fill_disks(campaign, asked.full) if asked.full else {},
        "entries on full disks": fill_disks_of_entries(campaign, asked.entries) if asked.entries else {},
        "locked files": lock_files(campaign) if asked.locked else {},
    }
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main_campaign()
