"""Files beside the tables: addresses, plots, contacts and the like, brought as they are."""

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Undo, ask, go_to, plan_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.guard import MEGABYTE
from siting.page.opened_folder import FoundPlan
from siting.page.templating import render
from siting.page.uploads import staged_upload

KINDS = {
    "addresses": (
        "Addresses",
        "Of every door: OS Open UPRN, AddressBase, or a list of your own. Without it OpenStreetMap's are used.",
    ),
    "plots": (
        "Plots of land",
        "INSPIRE Index Polygons (.gml) of the council, or any layer of polygons. Neighbours are measured between plots.",
    ),
    "contacts": ("People to contact", "A sheet with role, name and how to reach them"),
    "councillors": ("Councillors", "By ward, as from opencouncildata or ModernGov"),
    "wards": ("Wards", "Their boundaries, at full resolution"),
    "gias": ("Schools", "The download of Get Information About Schools, for the schools near a home"),
    "police_areas": ("Police neighbourhoods", "Their boundaries"),
    "police_team": ("Police teams", "As police.uk gives them"),
    "boundaries": ("Councils' boundaries", "With a column name, for whose area a home lies in"),
}
MOST_BYTES = 400 * MEGABYTE
"""The plots of the largest council are smaller."""


async def inputs(request: Request) -> Response:
    """Show which files the plan reads, and take others."""
    return await _page(request, plan_of(request))


async def bring(request: Request, form: Form) -> Response:
    """Keep a file and let the plan read it."""
    plan = plan_of(request)
    kind = form.text("kind")
    upload = form.file("file")
    if kind not in KINDS:
        form.errors.append(FormError(field="kind", text="Select what the file holds"))
    if upload is None:
        form.errors.append(FormError(field="file", text="Choose a file"))
    if form.errors or upload is None:
        return await _page(request, plan, form.errors, kind)
    async with staged_upload(upload) as kept:
        values = {"plan": str(plan.path), "kind": kind, "upload": str(kept), "name": Path(upload.filename or "").name[-100:]}
        outcome = await ask(request, "attach", values)
    if not outcome.is_well:
        return await _page(request, plan, refusals(outcome, "file"), kind)
    undo = Undo(
        call="detach",
        values={"plan": str(plan.path), "kind": kind, "name": outcome.done},
        back=f"/plan/{plan.key}/inputs",
        done="That is undone. The plan reads what it read before.",
    )
    return go_to(request, f"/plan/{plan.key}/inputs", "The plan reads this file now. Your own file is not changed.", undo)


async def _page(request: Request, plan: FoundPlan, errors: Sequence[FormError] = (), kind: str = "") -> Response:
    outcome = await ask(request, "attached", {"plan": str(plan.path)})
    errors = [*errors, *([] if errors else refusals(outcome, "kind"))]
    values = {"kinds": KINDS, "named": outcome.done or {}, "kind": kind}
    return render(request, "inputs.html", values, plan=plan, errors=errors, status=422 if errors else 200)


ROUTES = [
    Route("/plan/{plan}/inputs", inputs),
    Route("/plan/{plan}/inputs", posting(bring, most_bytes=MOST_BYTES), methods=["POST"]),
]
