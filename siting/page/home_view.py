"""One home on one page, which prints on one sheet."""

import hashlib
import io
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from siting.page.asking import Undo, ask, go_to, home_of, last_run, plan_of, refusals
from siting.page.forms import Form, posting
from siting.page.guard import HEADERS, MEGABYTE
from siting.page.opened_folder import FoundPlan
from siting.page.templating import SCENARIO_WORDS, render
from siting.page.uploads import keep_bytes, picture_kind
from siting.pipeline import PHOTOGRAPHS, PICTURES, file_stem

_MOST_SHOWN = 6


async def home(request: Request) -> Response:
    """Show all that the newest run found of one home."""
    plan = plan_of(request)
    run = last_run(request, plan)
    name = request.path_params["home"]
    found = next((home for home in run["homes"] if home["home_id"] == name), None) if run else None
    if run is None or found is None:
        raise HTTPException(404, "This home is not among the results.")
    scenarios = [
        {"words": words, "key": key, "to": found.get(f"to_school_min_{key}"), "back": found.get(f"from_school_min_{key}")}
        for key, words in SCENARIO_WORDS.items()
        if f"to_school_min_{key}" in found
    ]
    photographs = list(request.app.state.folder.photographs(plan, name))[:_MOST_SHOWN]
    values = {
        "run": run,
        "home": found,
        "scenarios": scenarios,
        "link": web_link(found.get("link")),
        "photographs": photographs,
        "away": list(request.app.state.folder.photographs(plan, name, away=True)),
    }
    return render(request, "home.html", values, plan=plan)


async def photograph(request: Request) -> Response:
    """Hand out one of a home's photographs; its name is looked up among them."""
    plan = plan_of(request)
    path = request.app.state.folder.photographs(plan, request.path_params["home"]).get(request.path_params["name"])
    if path is None:
        raise HTTPException(404, "This photograph is no longer there.")
    return FileResponse(path, media_type=PICTURES[path.suffix.lower()], headers=HEADERS)


async def add_photograph(request: Request, form: Form) -> Response:
    """Keep a photograph of a home beside the plan; what it is is known by its content."""
    plan, name = home_of(request)
    upload = form.file("photograph")
    content = await upload.read() if upload else b""
    ending = picture_kind(content[:16])
    back = _address(plan, name)
    if ending is None:
        return go_to(request, back, "That is no photograph. Choose a JPEG, PNG or WebP picture of at most 15 MB.")
    folder = plan.path.parent / PHOTOGRAPHS
    folder.mkdir(exist_ok=True)
    kept = folder / f"{file_stem(name)}-{hashlib.sha256(content).hexdigest()[:10]}{ending}"
    await run_in_threadpool(keep_bytes, kept, io.BytesIO(content))
    return go_to(request, back, "The photograph is kept beside the plan. It is on no map and in no paper.")


async def move_photograph(request: Request, form: Form) -> Response:
    """Take a photograph away, or bring one back; either can be undone."""
    plan, name = home_of(request)
    is_back = form.text("do") == "back"
    wanted = form.text("name")
    if wanted not in request.app.state.folder.photographs(plan, name, away=is_back):
        raise HTTPException(404, "This photograph is no longer there.")
    calls = ("photograph_back", "photograph_away") if is_back else ("photograph_away", "photograph_back")
    values = {"plan": str(plan.path), "name": wanted}
    outcome = await ask(request, calls[0], values)
    if not outcome.is_well:
        return go_to(request, _address(plan, name), refusals(outcome, "main")[0].text)
    undo = Undo(call=calls[1], values=values, back=_address(plan, name), done="That is undone.")
    said = "The photograph is back." if is_back else "The photograph is taken away. It can be brought back for 30 days."
    return go_to(request, _address(plan, name), said, undo)


def _address(plan: FoundPlan, name: str) -> str:
    return f"/plan/{plan.key}/home/{quote(name, safe='')}"


def web_link(text: object) -> str:
    """Return a link that leads to a web page; anything else that a cell may hold is none."""
    return text if isinstance(text, str) and text.lower().startswith(("https://", "http://")) else ""


ROUTES = [
    Route("/plan/{plan}/home/{home}", home),
    Route("/plan/{plan}/home/{home}/photograph/{name}", photograph),
    Route("/plan/{plan}/home/{home}/photograph", posting(add_photograph, most_bytes=15 * MEGABYTE), methods=["POST"]),
    Route("/plan/{plan}/home/{home}/photograph/move", posting(move_photograph), methods=["POST"]),
]
