"""The page's routes, put together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page import (
    assets_view,
    boundary_view,
    changes_view,
    check_view,
    choose_view,
    day_view,
    engage_view,
    files_view,
    ground_view,
    home_view,
    homes_view,
    house_view,
    inputs_view,
    maps_view,
    overview_view,
    running_view,
    school_view,
    start_view,
    table_view,
    undo_view,
    visits_view,
    welcome_view,
)
from siting.page.guard import Access, Guard
from siting.page.jobs import Jobs
from siting.page.opened_folder import OpenedFolder
from siting.page.presence import Presence
from siting.page.templating import make_environment, render

ROUTES: list[Route] = [
    *assets_view.ROUTES,
    *welcome_view.ROUTES,
    *start_view.ROUTES,
    *overview_view.ROUTES,
    *running_view.ROUTES,
    *homes_view.ROUTES,
    *table_view.ROUTES,
    *home_view.ROUTES,
    *ground_view.ROUTES,
    *house_view.ROUTES,
    *changes_view.ROUTES,
    *check_view.ROUTES,
    *choose_view.ROUTES,
    *maps_view.ROUTES,
    *engage_view.ROUTES,
    *files_view.ROUTES,
    *undo_view.ROUTES,
    *inputs_view.ROUTES,
    *school_view.ROUTES,
    *boundary_view.ROUTES,
    *visits_view.ROUTES,
    *day_view.ROUTES,
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
    app.state.environment = make_environment(access.root)
    app.state.said = {}
    return app


async def _explain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this is registered for
    return render(request, "wrong.html", {"code": error.status_code, "detail": error.detail}, status=error.status_code)


async def _excuse(request: Request, _error: Exception) -> Response:
    return render(request, "wrong.html", {"code": 500, "detail": ""}, status=500)
