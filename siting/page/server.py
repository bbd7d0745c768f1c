"""Serves the page of a folder to this machine alone, until it is ended or nobody has asked for a while."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import uvicorn

from siting import pipeline
from siting.page.app import make_app
from siting.page.guard import Access
from siting.page.jobs import Jobs
from siting.page.opened_folder import OpenedFolder
from siting.page.presence import Presence

IDLE_S = 3 * 3600.0
"""A server that nobody has asked for so long, and that does nothing, ends itself."""
_LOOK_EVERY_S = 5.0
_LOOPBACK = "127.0.0.1"
_MOST_WAITING = 128


def serve(folder: Path, *, browser: bool, say: Callable[[str], None], idle_s: float = IDLE_S, port: int = 0) -> None:
    """Serve the page of a folder; `say` is told its address once it answers.

    With `browser` the address is opened by way of a file that only this user can read, so that its
    token does not stand in the list of this machine's processes.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_LOOPBACK, port))
        # From here on whoever asks waits for the answer, and is not refused, while the page is made ready.
        listening.listen(_MOST_WAITING)
        access = Access(port=listening.getsockname()[1])
        jobs, presence = Jobs(), Presence(folder)
        opened = OpenedFolder(folder)
        for place in {opened.root, *(plan.path.parent for plan in opened.plans())}:
            pipeline.clear_remnants(place)
        app = make_app(opened, access, jobs, presence)
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_level="critical",  # whoever ends it in the middle of an answer sees no traceback
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        server = uvicorn.Server(config)
        presence.begin()
        jobs.warm()
        try:
            say(access.address)
            # However it is ended, the workers end and the sign in the folder is taken away.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            with _opened(access.address) if browser else contextlib.nullcontext(), contextlib.suppress(KeyboardInterrupt):
                asyncio.run(_serve(server, listening, access, jobs, idle_s))
        finally:
            jobs.close()
            presence.end()


async def _serve(server: uvicorn.Server, listening: socket.socket, access: Access, jobs: Jobs, idle_s: float) -> None:
    watching = asyncio.create_task(_end_when_idle(server, access, jobs, idle_s))
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()


async def _end_when_idle(server: uvicorn.Server, access: Access, jobs: Jobs, idle_s: float) -> None:
    while time.monotonic() - access.last_asked_s < idle_s or jobs.going() is not None:  # noqa: ASYNC110 - time itself is waited for
        await asyncio.sleep(min(_LOOK_EVERY_S, idle_s))
    server.should_exit = True


@contextlib.contextmanager
def _opened(address: str) -> Iterator[None]:
    handle, name = tempfile.mkstemp(prefix="siting-", suffix=".html")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={escape(address)}">')
    try:
        webbrowser.open(Path(name).as_uri())
        yield
    finally:
        Path(name).unlink(missing_ok=True)
