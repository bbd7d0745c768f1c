"""The files of a plan's outputs, to open or to hand on."""

from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from siting.page.asking import plan_of
from siting.page.guard import HEADERS
from siting.page.templating import render

_SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".csv": "text/csv", ".html": "text/html"}
_SEALED = "sandbox allow-scripts allow-popups"
"""A map's page is shown cut off from the planner: its own policy lets it ask nobody for anything."""


async def listing(request: Request) -> Response:
    """List the files of a plan's outputs by folder."""
    plan = plan_of(request)
    groups: dict[str, list[str]] = {}
    for name in request.app.state.folder.outputs(plan):
        if not name.startswith("runs/"):
            groups.setdefault(str(PurePosixPath(name).parent), []).append(name)
    return render(request, "files.html", {"groups": groups}, plan=plan)


async def file(request: Request) -> Response:
    """Hand out one file; its name is looked up among the outputs."""
    plan = plan_of(request)
    path = request.app.state.folder.outputs(plan).get(request.path_params["name"])
    if path is None:
        raise HTTPException(404, "This file is no longer there.")
    kind = _SHOWN.get(path.suffix, "application/octet-stream")
    shown = request.query_params.get("show") == "1" and path.suffix in {".html", ".pdf", ".png"}
    headers = HEADERS | ({"content-security-policy": _SEALED} if path.suffix == ".html" else {})
    return FileResponse(
        path,
        media_type=kind,
        filename=path.name,
        content_disposition_type="inline" if shown else "attachment",
        headers=headers,
    )


ROUTES = [Route("/plan/{plan}/files", listing), Route("/plan/{plan}/file/{name:path}", file)]
