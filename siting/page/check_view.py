"""What is wrong with the inputs of a plan, all at once: what a run would fall over, and what to look at."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import ask, plan_of, refusals
from siting.page.templating import render


async def check(request: Request) -> Response:
    """Read everything that a plan names, and show each fault with its file, row and remedy."""
    plan = plan_of(request)
    outcome = await ask(request, "check", {"plan": str(plan.path), "out": str(plan.out)})
    # Faults are what is asked for here, not a refusal of the question.
    errors = [] if outcome.faults else refusals(outcome, "main")
    found = [*outcome.faults, *((outcome.done or {}).get("warnings", ()))]
    values: dict[str, Any] = {
        "wrong": [fault["sentence"] for fault in found if fault["severity"] != "warning"],
        "odd": [fault["sentence"].removeprefix("warning: ") for fault in found if fault["severity"] == "warning"],
        "files": {fault["file"] for fault in found if fault["severity"] != "warning"},
    }
    return render(request, "check.html", values, plan=plan, errors=errors)


ROUTES = [Route("/plan/{plan}/check", check)]
