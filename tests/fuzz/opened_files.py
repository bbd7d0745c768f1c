"""Which files a command opens, makes, moves and deletes, and which sockets it asks for, as the kernel sees it.

By hand, over every command on the sample: python tests/fuzz/opened_files.py --folder EMPTY_FOLDER
Each command runs under strace in a network namespace of its own, where this user may make one.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tiny_plan import write_tiny_plan

PROJECT = Path(__file__).resolve().parents[2]
_TRACED = "open,openat,creat,socket,connect,unlink,unlinkat,rename,renameat,renameat2,execve"
_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += +(-?\d+|\?)(?: (E\w+))?")
_TEXT = re.compile(r'(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"')
_SYSTEM = ("/usr/", "/lib", "/etc/", "/bin/", "/var/cache/fontconfig/")
_KERNEL = ("/proc/", "/sys/", "/dev/")
_PERSONAL = ("/etc/shadow", "/etc/ssh", "/usr/home")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders in which a command has something to do."""

    plan: Path
    results: Path
    cache: Path
    temporary: Path

    def environment(self) -> dict[str, str]:
        """Return the environment that makes a command use them."""
        kept = {"SITING_CACHE_DIR": self.cache, "MPLCONFIGDIR": self.cache / "matplotlib", "TMPDIR": self.temporary}
        for folder in (self.results, self.cache, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)
        return os.environ | {name: str(path) for name, path in kept.items()} | {"HOME": str(self.temporary)}


@dataclass(slots=True)
class Seen:
    """What a command did, by kind of place and of call, and what nobody can explain."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    sockets: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def can_trace() -> bool:
    """Tell whether strace is here and may follow a process."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def alone() -> list[str]:
    """Return what to write before a command so that it has no network; nothing where this user may not."""
    asked = ["unshare", "--net"] if os.name == "posix" and os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    may = shutil.which("unshare") and not subprocess.run([*asked, "true"], capture_output=True, check=False).returncode
    return asked if may else []


def watch(command: Sequence[str], places: Places, cwd: Path, accepted: Sequence[int] = (0,)) -> Seen:
    """Run a command of `siting` and see what it does."""
    log = places.temporary.with_name("strace.log")
    traced = ["strace", "-f", "-qq", "-y", "--seccomp-bpf", "-s", "300", "-e", f"trace={_TRACED}", "-o", str(log)]
    within = {"open": _VISIT, "screen": _WORK}.get(command[0])
    visit = [sys.executable, "-c", within] if within else []
    done = subprocess.run(
        [*alone(), *visit, *traced, sys.executable, "-m", "siting.cli", *command],
        env=places.environment(), cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in accepted, f"{command}: {done.returncode}: {done.stderr[-2_000:]}"
    return _understood(log.read_text(encoding="utf-8", errors="replace").splitlines(), places, cwd)


def _understood(lines: Sequence[str], places: Places, cwd: Path) -> Seen:
    seen, begun = Seen(), {}
    for raw in lines:
        line = raw
        process = line.split(" ", 1)[0]
        if "<unfinished ...>" in line:
            begun[process] = line.partition(" <unfinished")[0]
            continue
        if "<... " in line:
            line = begun.pop(process, "") + line.partition("resumed>")[2]
        found = _CALL.match(line)
        if found is None:
            continue
        call, arguments, error = found[1], found[2], found[4]
        if call == "socket":
            seen.sockets[arguments.split(",")[0]] += 1
        elif call == "connect":
            seen.sockets[f"connect {arguments.split('{', 1)[-1][:70]}"] += 1
        elif error != "ENOENT":
            for name in _names(arguments)[: 2 if call.startswith("rename") else 1]:
                kind = kind_of(Path(os.path.normpath(cwd / name)), places)
                wrote = call in {"open", "openat"} and any(flag in arguments for flag in ("O_WRONLY", "O_RDWR", "O_CREAT"))
                does = "wrote" if wrote else {"open": "read", "openat": "read", "execve": "ran"}.get(call, "moved or deleted")
                seen.calls[kind, does] += 1
                if kind == "?" or (does in {"wrote", "moved or deleted"} and kind in {"system", "program", "folder above"}):
                    seen.unexplained.append(f"{does} {name}")
    return seen


def _names(arguments: str) -> list[Path]:
    """Return the files that a call is about, beside the folder that it names them in."""
    return [Path(one[1] or "", one[2].encode().decode("unicode_escape")) for one in _TEXT.finditer(arguments)]


def kind_of(path: Path, places: Places) -> str:
    """Name the kind of place that a file lies in; `?` where it is none that a command has anything to do with."""
    installed = {Path(sys.prefix), Path(sys.base_prefix), Path(sysconfig.get_path("purelib")), PROJECT}
    resolved = Path(os.path.realpath(path))
    for kind, folder in (
        ("results", places.results),
        ("plan", places.plan),
        ("cache", places.cache),
        ("temporary", places.temporary),
    ):
        if any(one.is_relative_to(folder) for one in (path, resolved)):
            return kind
        if path in folder.parents:
            return "folder above"
    text = str(path)
    if text.startswith(_KERNEL) or text in {"/proc", "/sys", "/dev"}:
        return "kernel"
    if any(one.is_relative_to(folder) for one in (path, resolved) for folder in installed):
        return "kept code" if path.suffix in {".nbi", ".nbc", ".pyc"} or "__pycache__" in path.parts else "program"
    if text.startswith(_SYSTEM) and not text.startswith(_PERSONAL):
        return "system"
    return "?"


def sample(folder: Path) -> Mapping[str, tuple[list[str], Sequence[int]]]:
    """Every command that asks nothing of the network, on the sample; with the exit statuses that are right."""
    plan = str(folder / "plan" / "plan.toml")
    out = ["--out", str(folder / "results")]
    roads = str(next((folder / "plan").glob("*.osm.pbf")))
    points = folder / "plan" / "points.csv"
    points.write_text("id,postcode\nA,HP11 2PX\nB,HP13 5SU\n", encoding="utf-8")
    home = (folder / "plan" / "candidates.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    results = str(folder / "results")
    tiny = Path(roads).name == "roads.osm.pbf"
    near, door = ("H1", "7 Marker Street") if tiny else ("H04", "12 Station Road, Marlow, SL7 1QN")
    return {
        "new": (["new", f"{results}/new"], (0,)),
        "check": (["check", plan], (0, 4)),
        "run": (["run", plan, "--fresh", *out], (0, 4)),
        "run, unchanged": (["run", plan, *out], (0, 4)),
        "evaluate": (["evaluate", plan, *out], (0,)),
        "portfolio": (["portfolio", plan, "--homes", "3", *out], (0, 4)),
        "engage": (["engage", plan, "--home", home, *out], (0, 1)),
        "map": (["map", plan, "--audience", "public", "-o", f"{results}/m.html"], (0,)),
        "house": (["house", plan, "--at", "HP13 5SU"], (0, 4)),
        "log": (["log", plan, "--home", near, "--event", "spoke", "--who", "A", "--about", door, "--note", "x", *out], (0,)),
        "log, shown": (["log", plan, "--home", near, *out], (0,)),
        "log, exported": (["log", plan, "--home", near, "--export", f"{results}/register.xlsx", *out], (0,)),
        "decide": (
            ["decide", plan, "--home", near, "--address", door, "--decision", "remove", "--reason", "asked", "--who", "A"],
            (0,),
        ),
        "compare": (["compare", results, results], (0, 2)),
        "calibrate": (["calibrate", _with_drives(folder, home), "-o", f"{results}/calibration.md"], (0,)),
        "screen": (["screen", _screen(folder, Path(roads).name), "--workers", "1", "--out", f"{results}/screen"], (0,)),
        "screen, two workers": (
            ["screen", _screen(folder, Path(roads).name), "--workers", "2", "--out", f"{results}/screen-2"],
            (0,),
        ),
        "open": (["open", str(folder / "plan"), "--no-browser"], (0,)),
        "forget": (["forget", plan, "--home", home, *out], (0, 1, 2)),
        "isochrones": (
            ["isochrones", "--network", roads, "--at", "HP13 5SU", "--minutes", "15", "--direction", "to", "-o", f"{results}/i.gpkg"],
            (0,),
        ),
        "times": (["times", "--network", roads, "--origins", str(points), "--destinations", str(points), "-o", f"{results}/t.csv"], (0,)),
    }  # fmt: skip


def _with_drives(folder: Path, home: str) -> str:
    """Write the sample's plan with a journey that somebody drove; its path."""
    plan = folder / "plan" / "driven.toml"
    text = (folder / "plan" / "plan.toml").read_text(encoding="utf-8")
    plan.write_text(text.replace("[inputs]", '[inputs]\nobserved = "drives.csv"'), encoding="utf-8")
    drive = f"{home},The school,2026-11-03,08:15,20,drive\n"
    (folder / "plan" / "drives.csv").write_text(f"from,to,date,departed,minutes,source\n{drive * 4}", encoding="utf-8")
    return str(plan)


def _screen(folder: Path, roads: str) -> str:
    """Write a screen of two schools and two places on the sample's roads; its path."""
    path = folder / "plan" / "screen.toml"
    path.write_text(
        f'title = "S"\n[area]\nnetwork = "{roads}"\n[schools]\ntable = "points.csv"\n[places]\ntable = "points.csv"\n',
        encoding="utf-8",
    )
    return str(path)


_LOOPBACK = """
import fcntl, os, signal, socket, struct, subprocess, sys, urllib.error, urllib.request
from http.cookiejar import CookieJar
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:  # a namespace's own loopback is down at first
    try:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x41))
    except OSError:
        pass
"""
_WORK = f"{_LOOPBACK}sys.exit(subprocess.run(sys.argv[1:]).returncode)"
"""Runs a command whose workers talk to each other in the namespace."""
_VISIT = (
    _LOOPBACK
    + """
page = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True, start_new_session=True)
address = next(line for line in page.stdout if "http" in line).split()[-1]
try:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    import re, urllib.parse
    let_in = browser.open(address, timeout=120).read().decode()
    answer = browser.open(urllib.parse.urljoin(address, re.search(r'href="(/[^"]+)"', let_in)[1]), timeout=120)
    first, base = answer.read().decode(), answer.geturl()
    asked = 1
    for inner in sorted(set(re.findall(r'(?:href|src)="([^"#:]+)"', first)))[:12]:
        try:
            browser.open(urllib.parse.urljoin(base, inner), timeout=120).read()
            asked += 1
        except urllib.error.HTTPError:
            pass
    # A run is started as its button does, and watched to its end.
    plan = urllib.parse.urljoin(base, re.search(r'href="([^"]*/plan/[0-9a-f]+)["/]', first)[1])
    text = browser.open(plan, timeout=120).read().decode()
    form = re.search(r'action="([^"]+/run)".*?name="([^"]+)" value="([^"]+)"', text, re.DOTALL)
    sent = urllib.parse.urlencode({form[2]: form[3]}).encode()
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(plan))
    started = browser.open(urllib.request.Request(urllib.parse.urljoin(plan, form[1]), sent, {"Origin": origin}), timeout=120)
    events = started.geturl().split("?")[0] + "/events"
    ended = any(b"ended" in line for line in browser.open(events, timeout=600))
    done = "This plan has not been run yet" not in browser.open(plan, timeout=120).read().decode()
finally:
    os.killpg(page.pid, signal.SIGINT)
page.wait(timeout=60)
sys.exit(0 if asked > 1 and ended and done else 9)
"""
)
"""Opens the page in the namespace, asks for what it links to, runs the plan and ends it."""


def main() -> None:
    """Watch every command on the sample and print a row of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tiny", action="store_true", help="on a few drawn streets in place of the sample")
    parser.add_argument("commands", nargs="*")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    if asked.tiny:
        write_tiny_plan(folder / "plan", "one")
    else:
        shutil.copytree(PROJECT / "data" / "chilterns", folder / "plan", dirs_exist_ok=True)
    places = Places(folder / "plan", folder / "results", folder / "cache", folder / "tmp")
    for name, (command, accepted) in sample(folder).items():
        if not asked.commands or name in asked.commands:
            seen = watch(command, places, folder, accepted)
            kinds = ", ".join(f"{kind} {does} {count}" for (kind, does), count in sorted(seen.calls.items()))
            print(  # noqa: T201 - a script
                f"{name}: {kinds}; sockets {dict(seen.sockets)}; unexplained {sorted(set(seen.unexplained))[:12]}", flush=True
            )


if __name__ == "__main__":
    main()
