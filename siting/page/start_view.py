"""Starting a plan: a few questions on one page."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import go_to, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.guard import MEGABYTE
from siting.page.templating import SCENARIO_WORDS, render
from siting.page.uploads import keep_network

MOST_NETWORK_BYTES = 600 * MEGABYTE
"""The extract of any county of England or Wales is smaller."""


async def ask(request: Request) -> Response:
    """Show the questions."""
    picked = {key: request.query_params.get(key, "")[:200] for key in ("school", "school_at")}
    return _page(request, {"minutes": "45", "scenario": "school_run", "roads": "upload"} | picked)


async def start(request: Request, form: Form) -> Response:
    """Start the plan, or say what is missing, beside its field."""
    state = request.app.state
    answers: dict[str, Any] = {
        "title": form.wanted("title", "Enter a title for the plan"),
        "school": form.wanted("school", "Enter the name of the school"),
        "school_at": form.wanted("school_at", "Enter the school's postcode, or its latitude and longitude"),
        "gate": form.text("gate"),
        "minutes": form.number("minutes", "Minutes must be a number from 1 to 240", least=1, most=240) or 45.0,
        "scenario": form.text("scenario") if form.text("scenario") in SCENARIO_WORDS else "school_run",
    }
    roads = form.text("roads")
    if roads == "place":
        answers["place"] = form.wanted("place", "Enter the name of the area, as in Rutland, England")
    elif roads == "upload":
        answers["network"] = await _uploaded(request, form)
    elif roads in state.folder.networks():
        answers["network"] = roads
    else:
        form.errors.append(FormError(field="roads", text="Select where the roads come from"))
    if not form.errors:
        outcome = await run_in_threadpool(state.jobs.ask, "start", {"folder": str(state.folder.root), "answers": answers})
        form.errors += refusals(outcome, "school_at")
        if outcome.is_well:
            found = next(plan for plan in state.folder.plans() if str(plan.path) == outcome.done["plan"])
            return go_to(request, f"/plan/{found.key}", "The plan is started. Bring your list of houses next.")
    return _page(request, {name: form.text(name) for name in form.names()}, form.errors)


async def _uploaded(request: Request, form: Form) -> str:
    file = form.file("network")
    if file is None:
        form.errors.append(FormError(field="network", text="Choose a road network, a file that ends in .osm.pbf"))
        return ""
    kept = await run_in_threadpool(keep_network, request.app.state.folder.root, file.file)
    if kept is None:
        form.errors.append(FormError(field="network", text="This file is no OpenStreetMap extract (.osm.pbf)"))
        return ""
    return kept


def _page(request: Request, given: dict[str, str], errors: list[FormError] | None = None) -> Response:
    values = {"given": given, "networks": request.app.state.folder.networks()}
    return render(request, "start.html", values, errors=errors or [], status=422 if errors else 200)


ROUTES = [
    Route("/start", ask),
    Route("/start", posting(start, most_bytes=MOST_NETWORK_BYTES), methods=["POST"]),
]
