"""The school: picked from a list of schools before a plan is started, and its gate put on the map after."""

from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Undo, ask, go_to, last_run, plan_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.guard import MEGABYTE
from siting.page.opened_folder import FoundPlan
from siting.page.templating import render
from siting.page.uploads import keep_schools

MOST_SCHOOLS_BYTES = 150 * MEGABYTE
"""The list of every school of England is smaller."""


async def pick(request: Request) -> Response:
    """Show how to pick a school from a list."""
    return _picking(request, {"words": "", "list": ""})


async def search(request: Request, form: Form) -> Response:
    """Find schools in the list that was brought, or in one that is in the folder."""
    state = request.app.state
    name = form.text("list")
    upload = form.file("schools")
    if upload is not None:
        kept = await run_in_threadpool(keep_schools, state.folder.root, upload.file)
        name = kept or ""
        if kept is None:
            form.errors.append(FormError(field="schools", text="This file is no list of schools (.csv)"))
    elif name not in state.folder.school_lists():
        form.errors.append(FormError(field="schools", text="Choose the list of schools, a file that ends in .csv"))
    words = form.wanted("words", "Enter a part of the school's name, or its town")
    found: list[dict[str, Any]] | None = None
    if not form.errors:
        outcome = await ask(request, "find_schools", {"list": str(state.folder.root / name), "words": words})
        form.errors += refusals(outcome, "schools")
        found = outcome.done
    return _picking(request, {"words": words, "list": name, "found": found}, form.errors)


async def school(request: Request) -> Response:
    """Show where the gate of the plan's school is."""
    plan = plan_of(request)
    return await _gate(request, plan, None)


async def place(request: Request, form: Form) -> Response:
    """Keep where the gate is."""
    plan = plan_of(request)
    gate = form.text("gate")
    outcome = await ask(request, "gate", {"plan": str(plan.path), "gate": gate})
    if not outcome.is_well:
        return await _gate(request, plan, gate, refusals(outcome, "gate"))
    undo = Undo(
        call="gate",
        values={"plan": str(plan.path), "gate": outcome.done},
        back=f"/plan/{plan.key}/school",
        done="That is undone. The gate is where it was.",
    )
    return go_to(request, f"/plan/{plan.key}", "The gate is kept. Run the plan to measure to it.", undo)


async def _gate(request: Request, plan: FoundPlan, gate: str | None, errors: Sequence[FormError] = ()) -> Response:
    outcome = await ask(request, "school", {"plan": str(plan.path)})
    errors = [*errors, *([] if errors else refusals(outcome, "gate"))]
    told = outcome.done or {"name": "", "gate": "", "count": 1}
    values = {"school": told, "gate": told["gate"] if gate is None else gate, "drawn": last_run(request, plan) is not None}
    return render(request, "school.html", values, plan=plan, errors=errors, status=422 if errors else 200)


def _picking(request: Request, given: dict[str, Any], errors: Sequence[FormError] = ()) -> Response:
    values = {"given": given, "lists": request.app.state.folder.school_lists(), "found": given.get("found")}
    return render(request, "schools.html", values, errors=errors, status=422 if errors else 200)


ROUTES = [
    Route("/start/schools", pick),
    Route("/start/schools", posting(search, most_bytes=MOST_SCHOOLS_BYTES), methods=["POST"]),
    Route("/plan/{plan}/school", school),
    Route("/plan/{plan}/school", posting(place), methods=["POST"]),
]
