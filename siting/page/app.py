"""The page's routes, put together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.folder import OpenedFolder
from siting.page.guard import Access, Guard
from siting.page.jobs import Jobs
from siting.page.presence import Presence
from siting.page.templating import make_environment, render
from siting.page.views import (
    assets,
    changes,
    choose,
    engage,
    files,
    ground,
    home,
    homes,
    house,
    maps,
    overview,
    running,
    start,
    table,
    welcome,
)

ROUTES: list[Route] = [
    *assets.ROUTES,
    *welcome.ROUTES,
    *start.ROUTES,
    *overview.ROUTES,
    *running.ROUTES,
    *homes.ROUTES,
    *table.ROUTES,
    *home.ROUTES,
    *ground.ROUTES,
    *house.ROUTES,
    *changes.ROUTES,
    *choose.ROUTES,
    *maps.ROUTES,
    *engage.ROUTES,
    *files.ROUTES,
]


def make_app(folder: OpenedFolder, access: Access, jobs: Jobs, presence: Presence) -> Starlette:
    """Make the page of a folder."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Guard, access=access)],
        exception_handlers={HTTPException: _explain, Exception: _excuse},
    )
    app.state.folder = folder
    app.state.access = access
    app.state.jobs = jobs
    app.state.presence = presence
    app.state.environment = make_environment()
    app.state.said = []
    return app


async def _explain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this is registered for
    return render(request, "wrong.html", {"code": error.status_code, "detail": error.detail}, status=error.status_code)


async def _excuse(request: Request, _error: Exception) -> Response:
    return render(request, "wrong.html", {"code": 500, "detail": ""}, status=500)
