"""A page on a folder of its own, asked as the browser that was let in asks."""

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
