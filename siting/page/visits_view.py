"""The visits of a home: who comes when; moved by dragging, or by choosing another time from a list."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Undo, ask, engage_address, go_to, home_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.opened_folder import FoundPlan
from siting.page.templating import render


async def visits(request: Request) -> Response:
    """Show who has which time, by day."""
    plan, name = home_of(request)
    return await _page(request, plan, name)


async def move(request: Request, form: Form) -> Response:
    """Give a household another time; everybody else keeps theirs."""
    plan, name = home_of(request)
    about = form.wanted("about", "Select whom to give another time")
    slot, _, host = form.wanted("to", "Select the new time").partition("|")
    if not form.errors:
        values = {"plan": str(plan.path), "home": name, "about": about, "out": str(plan.out)}
        outcome = await ask(request, "agree", values | {"slot": slot, "host": host or None})
        if outcome.is_well:
            undo = None
            was, _, was_host = form.text("was").partition("|")
            if was:
                undo = Undo(
                    call="agree",
                    values=values | {"slot": was, "host": was_host or None},
                    back=engage_address(plan, name, "/visits"),
                    done="That is undone. They have the time that they had before.",
                )
            said = "The time is kept, and everybody else keeps theirs. Make the papers again, so that they follow it."
            return go_to(request, engage_address(plan, name, "/visits"), said, undo)
        form.errors += refusals(outcome, "to")
    return await _page(request, plan, name, form.errors)


async def _page(request: Request, plan: FoundPlan, name: str, errors: Sequence[FormError] = ()) -> Response:
    outcome = await ask(request, "visits", {"plan": str(plan.path), "home": name, "out": str(plan.out)})
    errors = [*errors, *([] if errors else refusals(outcome, "to"))]
    board = outcome.done if outcome.is_well else {"households": [], "slots": [], "left_out": [], "booked_twice": []}
    values = {"home": name, "board": board, "days": _days(board), "errors_to": [e for e in errors if e.field == "to"]}
    return render(request, "visits.html", values, plan=plan, errors=errors, status=422 if errors else 200)


def _days(board: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Put households into their slots, day by day."""
    days: dict[str, list[dict[str, Any]]] = {}
    for slot in board["slots"]:
        who = [one for one in board["households"] if (one["start"], one["host"]) == (slot["start"], slot["host"])]
        days.setdefault(slot["start"][:10], []).append({**slot, "who": who})
    return days


ROUTES = [
    Route("/plan/{plan}/engage/{home}/visits", visits),
    Route("/plan/{plan}/engage/{home}/visits", posting(move), methods=["POST"]),
]
