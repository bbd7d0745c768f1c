"""Whole journeys in a real browser, from an empty folder with files only; nothing is asked outside.

One server and one run on Rutland serve all tests here, which follow each other as a user's day does.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.xdist_group("page")]
WAIT_MS, RUN_WAIT_MS = 90_000, 400_000
HOME = "NC-003"
RIGHT = {
    "7:2": "LE15 6GE", "7:3": "3", "7:4": "", "8:2": "LE15 6GU", "8:3": "3", "9:2": "LE15 6DT", "9:4": "500000",
    "10:2": "LE15 6HB",
}  # fmt: skip
"""What is set right in the cells of the export, by row and column."""
BEDS = {"NC-001": "LE15 9DW", "NC-003": "LE15 6GE", "NC-004": "LE15 6GU", "NC-005": "LE15 6DT", "NC-006": "LE15 6HB"}
WITH_BEDS = "home_id,postcode,beds,price_gbp\n" + "".join(
    f"{name},{postcode},{beds},{400_000 + 50_000 * beds}\n" for beds, (name, postcode) in enumerate(BEDS.items(), start=2)
)
CHILDREN = "child_ref,postcode\n" + "".join(f"C{at},{postcode}\n" for at, postcode in enumerate(BEDS.values()))


class Visit:
    """The planner opened on a folder, and a browser that looks at it."""

    def __init__(self, browser: Any, folder: Path) -> None:
        from playwright.sync_api import TimeoutError as Missed

        self.folder, self.missed = folder, Missed
        self.context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", self._note)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open()

    def open(self) -> None:
        command = [sys.executable, "-m", "siting.cli", "open", str(self.folder), "--no-browser"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())
        assert self.server.stdout
        address = re.search(r"http://\S+", self.server.stdout.readline())
        assert address
        self.own = address[0].split("?")[0]
        self.page.goto(address[0])
        self.page.wait_for_url(re.compile("/$"))
        self.base = self.page.url.removesuffix("/")

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.own, "data:", "blob:", "file:")):
            self.outside.append(request.url)

    def assert_nothing_serious(self) -> None:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        serious = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert not [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in serious], self.page.url

    def press_to(self, selector: str) -> None:
        """Reach something by the Tab key alone; a click or a script never moves the focus."""
        for _ in range(250):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"{selector} is not reached by the keyboard on {self.page.url}")

    def press(self, selector: str) -> None:
        """Reach something and press Enter, and wait for the page that comes."""
        self.press_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, selector: str, text: str) -> None:
        """Reach a field and type over what is in it."""
        self.press_to(selector)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose_file(self, selector: str, path: Path) -> None:
        """Reach a field for a file and open the dialogue by the keyboard, which a browser may miss while it is busy."""
        self.press_to(selector)
        for key in ("Enter", "Space", "Enter"):
            try:
                with self.page.expect_file_chooser(timeout=WAIT_MS / 6) as chosen:
                    self.page.keyboard.press(key)
            except self.missed:
                continue
            chosen.value.set_files(path)
            return
        pytest.fail(f"{selector} opens no dialogue by the keyboard")

    def pick(self, selector: str, words: str) -> None:
        """Reach a list and pick an entry by typing how it begins."""
        self.press_to(selector)
        self.page.keyboard.type(words)
        assert self.page.evaluate("document.activeElement.selectedOptions[0].textContent").startswith(words)

    def close(self) -> None:
        self.context.close()
        self.server.terminate()
        self.server.communicate(timeout=30)


@pytest.fixture(scope="module")
def visit(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    opened = Visit(browser, tmp_path_factory.mktemp("plans"))
    yield opened
    opened.close()


def test_by_keyboard_an_untidy_export_becomes_a_ranked_list(visit: Visit, shared_data: Path, shared_cases: Path) -> None:
    page = visit.page
    visit.assert_nothing_serious()
    visit.press("a[href$='/start']")
    visit.press("form button[type=submit]")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    visit.press_to("a[href='#title']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "title"
    visit.assert_nothing_serious()
    page.keyboard.type("One home near Oakham")
    visit.type("#school", "Oakham school")
    visit.type("#school_at", "LE15 6DT")
    visit.choose_file("#network", shared_data / "rutland-2022-07-20.osm.pbf")
    visit.press("form button[type=submit]")
    visit.press("a[href$='/table/candidates']")
    export = shared_cases / "tables" / "messy_export.xlsx"
    visit.choose_file("#file", export)
    visit.press("form button[type=submit]")
    page.wait_for_selector("text=things to correct")
    visit.assert_nothing_serious()
    for at, text in RIGHT.items():
        visit.type(f"[name='cell:{at}']", text)
    visit.press("form[action$='/correct'] button[type=submit]")
    page.wait_for_selector("text=Nothing stops this list")
    visit.press("form[action$='/use'] button[type=submit]")
    visit.press("#run")
    assert page.locator("progress").count() == 1
    page.wait_for_selector("text=The run is done", timeout=RUN_WAIT_MS)
    visit.press("a[href$='/homes']")
    assert page.locator("#homes tbody tr").count() == len(BEDS)
    visit.assert_nothing_serious()
    visit.press_to("[data-show]")
    page.wait_for_selector("#map canvas")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.picked")
    visit.type("#filter", "zzz")
    page.wait_for_selector("text=0 homes shown")
    (kept,) = visit.folder.glob("*/brought/*")
    assert kept.read_bytes() == export.read_bytes()


def test_a_home_prints_on_one_sheet_with_its_photograph(visit: Visit, tmp_path: Path) -> None:
    from pypdf import PdfReader

    page = visit.page
    page.goto(f"{_plan(visit)}/home/{HOME}")
    picture = tmp_path / "front.png"
    page.screenshot(path=str(picture))
    page.click("text=Add a photograph")
    page.set_input_files("#photograph", picture)
    page.click("text=Keep it")
    page.wait_for_selector(".photographs img")
    assert page.evaluate("document.querySelector('.photographs img').decode().then(() => true)")
    visit.assert_nothing_serious()
    page.pdf(path=str(tmp_path / "home.pdf"), prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "home.pdf").pages) == 1


def test_by_keyboard_a_house_is_asked_about(visit: Visit) -> None:
    page = visit.page
    page.goto(_plan(visit))
    visit.press("nav a[href$='/house']")
    visit.type("#at", "nowhere")
    visit.press("form button[type=submit]")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    visit.type("#at", "LE15 9DW")
    visit.press("form button[type=submit]")
    page.wait_for_selector("text=It would rank")
    visit.assert_nothing_serious()


def test_nothing_outside_was_asked_for_and_nothing_complained(visit: Visit) -> None:
    assert visit.outside == []
    assert [text for text in visit.complaints if "422" not in text] == []


def _plan(visit: Visit) -> str:
    """Return the address of the plan that the first journey started."""
    visit.page.goto(visit.base)
    end = visit.page.locator("a:has-text('One home near Oakham')").get_attribute("href")
    return f"{visit.base}{end}"
