"""How large a map of 500 homes and 2,000 children is, how fast it opens in Chromium, and what selecting a home costs.

python tests/benchmarks/large_map.py
"""

import csv
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from maps.files import map_html
from maps.ground.background import open_background
from maps.layers import MapDrawer
from maps.privacy.subject import MapSubject
from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.words import Audience

HOMES, CHILDREN = 500, 2_000


def main() -> None:
    """Make the plan, draw the map, open it."""
    source = bundled_data() / "chilterns" / "chilterns.osm.pbf"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_plan(folder, source)
        plan = Plan.read(folder / "plan.toml")
        inputs = read_inputs(plan)
        network = open_network(source)
        begun = time.perf_counter()
        evaluation = evaluate_inputs(inputs, network)
        print(f"evaluation: {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        subject = MapSubject(inputs=inputs, evaluation=evaluation, background=open_background(source, network))
        page = folder / "map.html"
        page.write_text(map_html(MapDrawer(subject), Audience.INTERNAL, datetime.now(UTC)), encoding="utf-8")
        print(f"map: {time.perf_counter() - begun:.1f} s, {page.stat().st_size / 1e6:.1f} MB")
        _open(page)


def _open(page: Path) -> None:
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1366, "height": 768})
        begun = time.perf_counter()
        tab.goto(page.as_uri())
        tab.wait_for_selector("body[data-ready=yes]", timeout=60_000)
        print(f"opened in {time.perf_counter() - begun:.2f} s")
        tab.evaluate(
            "() => { window.frames_ms = []; let last = performance.now(); const next = (now) => {"
            " window.frames_ms.push(now - last); last = now; requestAnimationFrame(next); }; requestAnimationFrame(next); }"
        )
        tab.mouse.move(300, 300)
        tab.mouse.down()
        for step in range(40):
            tab.mouse.move(300 + 5 * step, 300 + 2 * step)
            tab.wait_for_timeout(16)
        frames = sorted(tab.evaluate("window.frames_ms"))
        tab.mouse.up()
        print(f"dragging: median frame {frames[len(frames) // 2]:.0f} ms, slowest {frames[-1]:.0f} ms")
        _select(browser, tab)
        browser.close()


def _select(browser: Any, tab: Any) -> None:
    """Print the processor time of the page's own thread for a home that is selected, until it is idle again."""
    tab.evaluate("document.getElementById('whole').click()")
    homes = tab.evaluate("homes.slice(3, 40).filter((_, at) => at % 4 === 0).map((one) => one.home_id)")
    tab.wait_for_timeout(3000)
    browser.start_tracing(page=tab, categories=["toplevel"])
    drawn_ms = []
    for home_id in homes:
        drawn_ms.append(
            tab.evaluate(
                "(id) => { const begun = performance.now(); select(id, true); return new Promise((done) =>"
                " requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))); }",
                home_id,
            )
        )
        tab.wait_for_timeout(900)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    own = {(one["pid"], one["tid"]) for one in events if one.get("args", {}).get("name") == "CrRendererMain"}
    tasks = [one for one in events if one.get("name", "").endswith("RunTask") and "tdur" in one]
    spent_ms = sum(one["tdur"] / 1000 for one in tasks if (one["pid"], one["tid"]) in own) / len(homes)
    drawn_ms.sort()
    print(f"a home selected: drawn after {drawn_ms[len(drawn_ms) // 2]:.0f} ms (median; slowest {drawn_ms[-1]:.0f}) by the clock")
    print(f"of the page's thread {spent_ms:.0f} ms until it is idle")


def _write_plan(folder: Path, source: Path) -> None:
    table = duckdb.read_parquet(str(bundled_data() / "codepoint-open.parquet")).df()
    near = table[(np.hypot(table.easting - 486_600, table.northing - 193_000) < 40_000) & (table.positional_quality < 60)]
    drawn = near.sample(HOMES + CHILDREN, random_state=3)["postcode"].tolist()
    for name, column, postcodes in (("homes", "home_id", drawn[:HOMES]), ("children", "child_ref", drawn[HOMES:])):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column, "postcode"])
            writer.writerows((f"{column[0].upper()}{n:04d}", postcode) for n, postcode in enumerate(postcodes))
    (folder / "plan.toml").write_text(
        f'[area]\nnetwork = "{source}"\n[[schools]]\nname = "School"\npostcode = "HP11 2JZ"\n'
        '[inputs]\ncandidates = "homes.csv"\nchildren = "children.csv"\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
