"""What about this house? The verdict on a house that is in no table."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import go_to, plan_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.opened_folder import FoundPlan
from siting.page.templating import SCENARIO_WORDS, render


async def ask(request: Request) -> Response:
    """Show the question."""
    plan = plan_of(request)
    # The plan is read while the question is typed; nowhere else, since what is asked meanwhile waits for it.
    request.app.state.jobs.ask_soon("prepare", {"plan": str(plan.path)})
    return render(request, "house.html", {"at": "", "answer": None}, plan=plan)


async def answer(request: Request, form: Form) -> Response:
    """Answer it."""
    at = form.wanted("at", "Enter a postcode, or a latitude and longitude")
    return await _answer(request, plan_of(request), at, form.errors)


async def _answer(request: Request, plan: FoundPlan, at: str, errors: list[FormError]) -> Response:
    found = None
    if at:
        outcome = await run_in_threadpool(request.app.state.jobs.ask, "house", {"plan": str(plan.path), "at": at})
        errors = [*errors, *refusals(outcome, "at")]
        found = outcome.done
    values = {"at": at, "answer": found, "scenarios": SCENARIO_WORDS}
    return render(request, "house.html", values, plan=plan, errors=errors, status=422 if errors else 200)


async def add(request: Request, form: Form) -> Response:
    """Add the house that was asked about to the plan's list."""
    plan = plan_of(request)
    name = form.wanted("home_id", "Enter a name for the house, such as its street and number")
    row = {key: form.text(key) for key in ("address", "latitude", "longitude", "beds", "price_gbp") if form.text(key)}
    if not form.errors:
        values = {"plan": str(plan.path), "row": {"home_id": name} | row}
        outcome = await run_in_threadpool(request.app.state.jobs.ask, "add_home", values)
        if outcome.is_well:
            return go_to(request, f"/plan/{plan.key}", "The house is on the list now. Run the plan to judge it with the others.")
        form.errors += refusals(outcome, "home_id")
    return await _answer(request, plan, form.text("at"), form.errors)


ROUTES = [
    Route("/plan/{plan}/house", ask),
    Route("/plan/{plan}/house", posting(answer), methods=["POST"]),
    Route("/plan/{plan}/house/add", posting(add), methods=["POST"]),
]
