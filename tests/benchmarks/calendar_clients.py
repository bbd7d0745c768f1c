"""Imports a pack's calendar into two clients and syncs it between them: khal, and Radicale by way of vdirsyncer.

Run by hand, in an environment of its own (`pip install khal vdirsyncer radicale`):

    python tests/benchmarks/calendar_clients.py FIRST.ics [VISITS-CANCELLED.ics LATER.ics]

FIRST is a pack's `visits.ics`, LATER and VISITS-CANCELLED those of a later issue. Each event must come back from the
server and out of khal at the hour of the clock of the place, summer and winter; what is called off must be so in the client.
"""

import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar

PORT = 5299
LONDON = ZoneInfo("Europe/London")
BIN = Path(sys.executable).parent


def run(folder: Path, *words: str) -> str:
    """Run a client's command; what it printed."""
    done = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def settings(folder: Path) -> None:
    """Write the clients' settings: one khal before the server, one behind it."""
    for side in ("here", "there"):
        (folder / side / "cal").mkdir(parents=True)
        (folder / f"{side}.conf").write_text(
            f"[calendars]\n[[cal]]\npath = {folder / side / 'cal'}\n[locale]\nlocal_timezone = Europe/London\n"
            "default_timezone = Europe/London\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            f"datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = {folder / side}.db\n"
        )
    pairs = "".join(
        f'[pair {side}]\na = "{side}_a"\nb = "{side}_b"\ncollections = ["cal"]\n'
        f'[storage {side}_a]\ntype = "filesystem"\npath = "{folder / side}"\nfileext = ".ics"\n'
        f'[storage {side}_b]\ntype = "caldav"\nurl = "http://localhost:{PORT}/lead/"\nusername = "lead"\npassword = "x"\n'
        for side in ("here", "there")
    )
    (folder / "sync.conf").write_text(f'[general]\nstatus_path = "{folder / "status"}"\n{pairs}')
    (folder / "radicale.conf").write_text(
        f"[server]\nhosts = localhost:{PORT}\n[auth]\ntype = none\n[storage]\nfilesystem_folder = {folder / 'server'}\n"
    )


def sync(folder: Path) -> None:
    """Bring what one client has to the server and to the other."""
    for side in ("here", "there"):
        # The collection is made where it is not there yet.
        subprocess.run(
            [str(BIN / "vdirsyncer"), "-c", "sync.conf", "discover", side],
            cwd=folder, input="y\ny\ny\n", capture_output=True, text=True, check=True,
        )  # fmt: skip
        run(folder, "vdirsyncer", "-c", "sync.conf", "sync", side)


def listed(folder: Path, side: str) -> set[tuple[str, str]]:
    """Return what a client shows: the start, local, and the status of each event."""
    told = run(
        folder, "khal", "-c", f"{side}.conf", "list", "--format", "{start}|{status}", "--day-format", "", "2027-01-01", "365d"
    )
    return {tuple(part.strip() for part in line.split("|")) for line in told.splitlines() if "|" in line}  # type: ignore[misc]


def expected(path: Path) -> set[tuple[str, str]]:
    """Return what a file says, read by itself."""
    found = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {(f"{e['dtstart'].dt.astimezone(LONDON):%Y-%m-%d %H:%M}", str(e.get("status")).strip()) for e in found}


def main(first: Path, cancelled: Path | None, later: Path | None) -> None:
    """Go through it, and say what was seen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings(folder)
        server = subprocess.Popen([str(BIN / "radicale"), "--config", str(folder / "radicale.conf")], stderr=subprocess.DEVNULL)
        try:
            _wait()
            for path in filter(None, (first, cancelled, later)):
                run(folder, "khal", "-c", "here.conf", "import", "--batch", "-a", "cal", str(path.resolve()))
                sync(folder)
                # What is called off stays in the calendar, as such, beside all the rest.
                wanted = expected(first if path == cancelled else path)
                for side in ("here", "there"):
                    shown = {(at, status.strip().upper() or "CONFIRMED") for at, status in listed(folder, side)}
                    verdict = (
                        "as the file says" if {at for at, _ in shown} == {at for at, _ in wanted} else f"OTHER: {shown ^ wanted}"
                    )
                    off = sum("CANCELLED" in status for _, status in shown)
                    print(f"{path.name}, khal {side} the server: {len(shown)} events, {off} called off, hours {verdict}")
            stored = [file for file in (folder / "server").rglob("*.ics") if ".Radicale.cache" not in file.parts]
            zones = sum("BYDAY=-1SU" in file.read_text() for file in stored)
            print(f"the server holds {len(stored)} events, {zones} with the two rules of the zone")
        finally:
            server.terminate()


def _wait() -> None:
    end = datetime.now(tz=LONDON).timestamp() + 60
    while datetime.now(tz=LONDON).timestamp() < end:
        try:
            urllib.request.urlopen(f"http://localhost:{PORT}/.web/")
        except OSError:
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    main(given[0], *(given[1:3] if len(given) > 2 else (None, None)))
