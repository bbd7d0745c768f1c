"""A page on a folder of its own, asked as the browser that was let in asks; and the planner as a real browser sees it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from siting.page.app import make_app
from siting.page.guard import FORM_FIELD, Access
from siting.page.jobs import Jobs, Worker
from siting.page.opened_folder import OpenedFolder
from siting.page.presence import Presence

PORT = 8765
OWN = f"http://127.0.0.1:{PORT}"
WAIT_MS, RUN_WAIT_MS = 180_000, 400_000


class Page:
    """The page of a folder and a browser that was let in."""

    def __init__(self, folder: Path, worker: Worker) -> None:
        self.folder = folder
        self.access = Access(port=PORT)
        self.jobs = Jobs()
        self.jobs._short = worker
        self.app = make_app(OpenedFolder(folder), self.access, self.jobs, Presence(folder))
        self.stranger = TestClient(self.app, base_url=OWN, follow_redirects=False)
        self.client = TestClient(self.app, base_url=OWN + self.access.root, follow_redirects=False)
        self.client.cookies.set(self.access.cookie, self.access.session)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path.removeprefix(self.access.root), **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        fields = {FORM_FIELD: self.access.form_token} | (data or {})
        return self.client.post(path.removeprefix(self.access.root), data=fields, headers={"origin": OWN}, **more)


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """One process for the short calls of all tests, for its libraries take seconds to load."""
    started = Worker()
    yield started
    started.stop()


@pytest.fixture
def page(tmp_path: Path, worker: Worker) -> Iterator[Page]:
    folder = tmp_path / "plans"
    folder.mkdir()
    opened = Page(folder, worker)
    yield opened
    opened.jobs._long.stop()


class Visit:
    """The planner opened on a folder, and a browser that looks at it."""

    def __init__(self, browser: Any, folder: Path, user: str = "first.person") -> None:
        from playwright.sync_api import TimeoutError as Missed

        self.folder, self.missed, self.user = folder, Missed, user
        self.context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
        self.owns: list[str] = []
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", self._note)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open()

    def open(self) -> None:
        """Open the planner, at the first or once more."""
        command = [sys.executable, "-m", "siting.cli", "open", str(self.folder), "--no-browser"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"LOGNAME": self.user})
        assert self.server.stdout
        address = re.search(r"http://\S+", self.server.stdout.readline())
        assert address
        self.owns.append(address[0].split("?")[0])
        self.address = address[0]
        self.page.goto(address[0])
        self.page.wait_for_url(re.compile("/$"))
        self.base = self.page.url.removesuffix("/")

    def _note(self, request: Any) -> None:
        if not request.url.startswith((*self.owns, "data:", "blob:", "file:")):
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

    def plan(self, title: str) -> str:
        """Return the address of a plan, whose page is then shown."""
        self.page.goto(f"{self.base}/")
        self.page.click(f"a:has-text('{title}')")
        return str(self.page.url)

    def wait_for_run(self) -> None:
        """Wait for what takes long."""
        self.page.wait_for_selector("text=The run is done", timeout=RUN_WAIT_MS)

    def save(self, selector: str) -> Path:
        """Click on something that hands out a file; where the file is."""
        with self.page.expect_download() as saved:
            self.page.click(selector)
        return Path(saved.value.path())

    def kill_and_open_again(self) -> None:
        """End the server as a power cut would, and open the planner again."""
        self.server.kill()
        self.server.communicate(timeout=30)
        self.open()

    def close(self) -> None:
        self.context.close()
        self.server.terminate()
        self.server.communicate(timeout=30)


@pytest.fixture(scope="module")
def visit(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """One server and one browser for all tests of a file, which follow each other as a user's day does."""
    opened = Visit(browser, tmp_path_factory.mktemp("plans"))
    yield opened
    opened.close()
