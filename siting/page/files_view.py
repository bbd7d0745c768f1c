"""The files of a plan's outputs, to open or to hand on."""

from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from siting.page.asking import plan_of
from siting.page.engage_view import PAPERS
from siting.page.guard import HEADERS
from siting.page.templating import render

_SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".csv": "text/csv", ".html": "text/html"}
_SEALED = "sandbox allow-scripts allow-popups"
"""A map's page is shown cut off from the planner: its own policy lets it ask nobody for anything."""

ABOUT = {
    "evaluation.xlsx": "Every home and every journey, for Excel",
    "evaluation.csv": "Every home, a row each",
    "evaluation.gpkg": "Homes, ways and areas, for QGIS",
    "portfolio.pdf": "The paper for the board",
    "portfolio.csv": "Which homes are chosen",
    "allocation.csv": "Which child's journey was counted to which home",
    "map-internal.html": "The map for your own team",
    "map-partner.html": "The map for partner councils",
    "map-public.html": "The map for the public",
}
"""What the files of a whole plan are, for people."""
ABOUT_HOMES = dict(PAPERS) | {
    "neighbours.csv": "The list of neighbours, for other programs",
    "neighbours.xlsx": "The list of neighbours, for Excel",
    "nearby.csv": "Who is near and not told, and why",
    "stakeholders.csv": "Whom else to tell, for other programs",
    "stakeholders.xlsx": "Whom else to tell, for Excel",
    "visits.csv": "The visits, for other programs",
    "letter-wording.docx": "The wording of the letters, to change in Word",
    "letters-members.pdf": "Letters to members",
    "letters-police.pdf": "Letters to the police",
    "letters-heads.pdf": "Letters to head teachers",
    "letters-fire.pdf": "Letter to the fire service",
    "questions.docx": "Questions and answers, to change in Word",
    "notify.csv": "The letters, for GOV.UK Notify",
    "register.sqlite": "The register itself: keep it, and change it on the page only",
    "issue.json": "What was issued when: keep it",
}
"""What the files of one home are."""


async def listing(request: Request) -> Response:
    """List the files of a plan's outputs by folder."""
    plan = plan_of(request)
    groups: dict[str, list[str]] = {}
    for name in request.app.state.folder.outputs(plan):
        if not name.startswith("runs/"):
            groups.setdefault(str(PurePosixPath(name).parent), []).append(name)
    return render(request, "files.html", {"groups": groups, "about": ABOUT, "about_homes": ABOUT_HOMES}, plan=plan)


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
