"""How fast the page answers, in seconds of processor time: `python tests/benchmarks/page.py [FOLDER WITH A PLAN]`.

Without a folder the sample is run first. Prints: until the page answers after `siting open`; a house
asked about; a changed choice of homes; a filter over 2,000 homes in Chromium and its longest task.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from siting import pipeline
from siting.page.opened_folder import OpenedFolder

HOMES = 2_000
STUTTER_MS = 50


def main() -> None:
    """Measure, and print a line each."""
    with tempfile.TemporaryDirectory() as inside:
        folder = Path(inside) / "plans"
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], folder / "plan")
        else:
            folder.mkdir()
            pipeline.start_sample(folder)
        (plan,) = OpenedFolder(folder).plans()
        if not plan.out.is_dir():
            pipeline.run_all(plan.path, plan.out)
        asker = pipeline.HouseAsker.open(plan.path)
        places = [home.place for home in asker.inputs.homes[:10]]
        say("a house asked about", [cpu_s(lambda at=at: asker.judge(at)) for at in places])
        chooser = pipeline.Chooser.open(plan.path)
        say("a changed choice", [cpu_s(lambda homes=homes: chooser.attempt({"homes": homes})) for homes in range(3, 9)])
        for _ in range(2):
            server, _ = opened(folder)
            server.terminate()
            server.communicate()
        look_at_many(folder, plan.out)


def cpu_s(work: object) -> float:
    """Return the processor time of a call."""
    began_s = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - began_s


def say(words: str, taken_s: list[float]) -> None:
    """Print the median and the longest."""
    ordered = sorted(taken_s)
    print(f"{words}: {ordered[len(ordered) // 2]:.2f} s, at most {ordered[-1]:.2f} s")


def opened(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Open the page and ask it once; the server and its address."""
    began_s = time.monotonic()
    command = [sys.executable, "-m", "siting.cli", "open", str(folder), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    found = re.search(r"http://([^/]+)(\S+)", server.stdout.readline())
    assert found
    connection = http.client.HTTPConnection(found[1])
    connection.request("GET", found[2])
    assert connection.getresponse().status == http.HTTPStatus.OK
    ticks = Path(f"/proc/{server.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    taken_s = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    print(f"siting open until it answers: {taken_s:.2f} s (by the clock {time.monotonic() - began_s:.2f} s)")
    return server, found[0]


def look_at_many(folder: Path, out: Path) -> None:
    """Filter 2,000 homes in Chromium."""
    from playwright.sync_api import sync_playwright

    newest = max((out / "runs").glob("*.json"))
    run = json.loads(newest.read_text(encoding="utf-8"))
    one = run["homes"][0]
    run["homes"] = [one | {"home_id": f"X{at:04d}", "rank": at + 1, "lat": one["lat"] + at % 50 / 500} for at in range(HOMES)]
    (out / "runs" / "2099-01-01T000000Z.json").write_text(json.dumps(run), encoding="utf-8")
    server, address = opened(folder)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.wait_for_url(re.compile(r"/$"))
        page.click(".card a")
        page.goto(f"{page.url}/homes")
        page.wait_for_selector("#map canvas")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        page.wait_for_load_state("networkidle")
        browser.start_tracing(page=page, categories=["toplevel"])
        before = _tasks_s(session)
        for text in ("X1", "X19", "X199", ""):
            page.fill("#filter", text)
            page.wait_for_function("n => document.querySelectorAll('#homes tbody tr:not([hidden])').length == n",
                                   arg={"X1": 1000, "X19": 100, "X199": 10, "": HOMES}[text])  # fmt: skip
        taken_s = (_tasks_s(session) - before) / 4
        page.mouse.move(400, 600)
        before = _tasks_s(session)
        for _ in range(20):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(30)
        scrolled_s = (_tasks_s(session) - before) / 20
        longest_ms, over = _longest_tasks(browser.stop_tracing())
        print(f"{HOMES:,} homes filtered: {taken_s:.2f} s of the page's thread; a step of scrolling {scrolled_s * 1000:.0f} ms; "
              f"longest task {longest_ms:.0f} ms of processor time, {over} over {STUTTER_MS} ms")  # fmt: skip
        browser.close()
    server.terminate()
    server.communicate()


def _longest_tasks(trace: bytes) -> tuple[float, int]:
    """Return the longest task of the page's own thread in processor time, and how many were long enough to be noticed."""
    events = json.loads(trace)["traceEvents"]
    own = {(one["pid"], one["tid"]) for one in events if one.get("args", {}).get("name") == "CrRendererMain"}
    taken_ms = [one["tdur"] / 1000 for one in events if "tdur" in one and (one["pid"], one["tid"]) in own]
    return max(taken_ms), sum(one > STUTTER_MS for one in taken_ms)


def _tasks_s(session: object) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]  # type: ignore[attr-defined]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


if __name__ == "__main__":
    main()
