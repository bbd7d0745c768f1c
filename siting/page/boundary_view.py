"""The boundary of a home: confirmed as proposed, put together from plots, or drawn; by map, list or typed corners."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from siting.page.asking import Undo, ask, engage_address, go_to, home_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.opened_folder import FoundPlan
from siting.page.presence import user_name
from siting.page.templating import render

HOW = {
    "proposed": "Use the proposed boundary",
    "plots": "Put it together from plots",
    "drawn": "Draw it, or type its corners",
}


async def boundary(request: Request) -> Response:
    """Show a home's boundary and what it can be made from."""
    plan, name = home_of(request)
    return await _page(request, plan, name, {"how": "proposed"})


async def shapes(request: Request) -> Response:
    """Answer with what the map of a boundary shows."""
    plan, name = home_of(request)
    outcome = await ask(request, "boundary", {"plan": str(plan.path), "home": name})
    return JSONResponse(outcome.done if outcome.is_well else {})


async def confirm(request: Request, form: Form) -> Response:
    """Keep the boundary that was chosen."""
    plan, name = home_of(request)
    how = form.text("how")
    if how not in HOW:
        form.errors.append(FormError(field="how", text="Select how the boundary is made"))
    if how == "plots" and not form.texts("plot"):
        form.errors.append(FormError(field="plots", text="Select at least one plot"))
    if how == "drawn":
        form.wanted("corners", "Click the corners on the map, or type them")
    if how in {"plots", "drawn"}:
        form.wanted("reason", "Enter the reason. It is told on the page for the lead.")
    given = {"how": how, "corners": form.text("corners"), "reason": form.text("reason"), "plots": form.texts("plot")}
    if not form.errors:
        values = {"plan": str(plan.path), "home": name, "who": user_name(), "seen": form.text("seen"), **given}
        outcome = await ask(request, "confirm_boundary", values)
        if outcome.is_well:
            undo = _undo(plan, name, -1 if form.text("had") else None, outcome.done)
            return go_to(
                request, engage_address(plan, name), "The boundary is kept. Make the papers again, so that they follow it.", undo
            )
        form.errors += refusals(outcome, {"plots": "plots", "drawn": "corners"}.get(how, "how"))
    return await _page(request, plan, name, given, form.errors)


async def back(request: Request, form: Form) -> Response:
    """Take the boundary back, or put an earlier one in force again."""
    plan, name = home_of(request)
    number = int(form.text("number")) if form.text("number").isdecimal() else None
    values = {"plan": str(plan.path), "home": name, "number": number, "seen": form.text("seen")}
    outcome = await ask(request, "boundary_back", values)
    if not outcome.is_well:
        return await _page(request, plan, name, {"how": "proposed"}, refusals(outcome, "how"))
    said = "The boundary is the proposed one again. Make the papers again, so that they follow it."
    if number is not None:
        said = "The earlier boundary is in force again. Make the papers again, so that they follow it."
    undo = _undo(plan, name, -1 if number is None or form.text("had") else None, outcome.done)
    return go_to(request, engage_address(plan, name, "/boundary"), said, undo)


def _undo(plan: FoundPlan, name: str, number: int | None, seen: str) -> Undo:
    return Undo(
        call="boundary_back",
        values={"plan": str(plan.path), "home": name, "number": number, "seen": seen},
        back=engage_address(plan, name, "/boundary"),
        done="That is undone. The boundary is as it was.",
    )


async def _page(
    request: Request, plan: FoundPlan, name: str, given: dict[str, Any], errors: Sequence[FormError] = ()
) -> Response:
    outcome = await ask(request, "boundary", {"plan": str(plan.path), "home": name})
    errors = [*errors, *([] if errors else refusals(outcome, "how"))]
    shown = outcome.done if outcome.is_well else None
    if shown and not errors and not shown["proposed"]:
        given = given | {"how": "drawn"}
    values = {"home": name, "shown": shown, "given": given, "how": HOW}
    return render(request, "boundary.html", values, plan=plan, errors=errors, status=422 if errors else 200)


ROUTES = [
    Route("/plan/{plan}/engage/{home}/boundary", boundary),
    Route("/plan/{plan}/engage/{home}/boundary.json", shapes),
    Route("/plan/{plan}/engage/{home}/boundary", posting(confirm), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/boundary/back", posting(back), methods=["POST"]),
]
