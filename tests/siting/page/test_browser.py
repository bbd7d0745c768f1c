"""The three jobs in a real browser, from an empty folder with files only: nothing outside is asked for."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        "SITING_JOURNEYS" not in os.environ, reason="whole journeys on the page take minutes; SITING_JOURNEYS=1 runs them"
    ),
]
AGENTS = "home_id,Address,Post code,Guide price,bedrooms\nN1,1 High St,HP13 5SU,POA,3\nN2,2 High St,HP20 1US,£300000,2\n"
WAIT_MS = 300_000


class Visit:
    """The planner opened on an empty folder, and a browser that looks at it."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "siting.cli", "open", str(folder), "--no-browser"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())
        assert self.server.stdout
        address = re.search(r"http://\S+", self.server.stdout.readline())
        assert address
        self.base = address[0].split("/?")[0]
        self.context = browser.new_context(viewport={"width": 1366, "height": 900})
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._note)
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address[0])
        self.page.wait_for_url(f"{self.base}/")

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.outside.append(request.url)

    def serious(self) -> list[str]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in {"serious", "critical"}]

    def press_to(self, selector: str) -> None:
        """Reach something by the Tab key alone."""
        for _ in range(200):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"{selector} is not reached by the keyboard")

    def close(self) -> None:
        self.context.close()
        self.server.terminate()
        self.server.communicate(timeout=30)


@pytest.fixture(scope="module")
def visit(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    opened = Visit(browser, tmp_path_factory.mktemp("plans"))
    yield opened
    opened.close()


def test_by_keyboard_alone_from_an_empty_folder_to_a_ranked_list(visit: Visit) -> None:
    page = visit.page
    assert not visit.serious()
    visit.press_to("#sample")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The run is done")
    assert not visit.serious()
    visit.press_to("a[href$='/homes']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#homes tbody tr")
    assert page.locator("#homes tbody tr").count() == 15
    visit.press_to("[data-show]")
    page.keyboard.press("Enter")
    assert page.locator("tr.picked").count() == 1
    assert not visit.serious()
    visit.press_to("#filter")
    page.keyboard.type("zzz")
    page.wait_for_selector("text=0 homes shown")


def test_a_home_prints_on_one_sheet(visit: Visit, tmp_path: Path) -> None:
    from pypdf import PdfReader

    visit.page.goto(visit.page.url.rsplit("/", 1)[0] + "/homes")
    visit.page.locator("#homes tbody a").first.click()
    visit.page.wait_for_selector(".one-home")
    assert not visit.serious()
    visit.page.pdf(path=str(tmp_path / "home.pdf"), prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "home.pdf").pages) == 1


def test_a_house_is_asked_about_and_homes_are_chosen(visit: Visit) -> None:
    page = visit.page
    page.click("nav >> text=Ask about a house")
    page.fill("#at", "nowhere")
    page.click("main button:has-text('Ask')")
    page.wait_for_selector(".govuk-error-summary")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "at"
    page.fill("#at", "HP20 1US")
    page.click("main button:has-text('Ask')")
    page.wait_for_selector("text=It would rank")
    assert not visit.serious()
    page.click("nav >> text=Choose together")
    page.wait_for_selector("text=The best choice")
    before = page.inner_text("#answer p strong")
    with page.expect_response(lambda answer: answer.url.endswith("/choose")):
        page.fill("#homes", "7")
        page.press("#homes", "Tab")
    page.wait_for_selector("text=Now in:")
    assert page.inner_text("#answer p strong") != before
    assert not visit.serious()
    page.fill("#name", "Seven homes")
    page.click("text=Keep it")
    page.wait_for_selector("text=Named choices side by side")
    assert not visit.serious()


def test_a_neighbour_is_taken_out_and_the_briefing_releases_the_letters(visit: Visit) -> None:
    page = visit.page
    page.click("nav >> text=Neighbours")
    assert not visit.serious()
    page.click("th a:has-text('H04')")
    page.wait_for_selector("text=addresses to tell")
    assert not visit.serious()
    page.select_option("#event", "briefed")
    page.click("text=Write it down")
    page.wait_for_selector("text=written into the register")
    page.click("text=Open the register for the visiting day")
    assert not visit.serious()


def test_an_agents_list_becomes_the_plans_list(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    (tmp_path / "agents.csv").write_text(AGENTS, encoding="utf-8")
    page.click("nav >> text=Plan")
    page.click("a:has-text('Bring your list of houses')")
    page.set_input_files("#file", tmp_path / "agents.csv")
    page.click("text=Bring it")
    page.wait_for_selector("text=One thing to correct")
    assert not visit.serious()
    page.fill("td.wrong input", "")
    page.click("text=Keep corrections")
    page.wait_for_selector("text=Nothing stops this list")
    page.click("text=Use this list in the plan")
    page.wait_for_selector("text=The plan reads this list now")


@pytest.mark.parametrize("width", [320, 390, 1366, 1920])
def test_pages_fit_their_screen(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    for words in ("Plan", "Homes", "Ask about a house", "Maps", "Neighbours", "Files"):
        visit.page.click(f"nav.steps >> text={words}")
        visit.page.wait_for_load_state()
        assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (words, width)


def test_nothing_outside_was_asked_for_and_nothing_complained(visit: Visit) -> None:
    assert visit.outside == []
    assert [text for text in visit.complaints if "422" not in text] == []
