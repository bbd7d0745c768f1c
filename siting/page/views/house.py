"""What about this house? The verdict on a house that is in no table."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import plan_of, refusals
from siting.page.forms import Form, posting
from siting.page.templating import SCENARIO_WORDS, render


async def ask(request: Request) -> Response:
    """Show the question."""
    return render(request, "house.html", {"at": "", "answer": None}, plan=plan_of(request))


async def answer(request: Request, form: Form) -> Response:
    """Answer it."""
    plan = plan_of(request)
    at = form.wanted("at", "Enter a postcode, or a latitude and longitude")
    found = None
    if not form.errors:
        outcome = await run_in_threadpool(request.app.state.jobs.ask, "house", {"plan": str(plan.path), "at": at})
        form.errors += refusals(outcome, "at")
        found = outcome.done
    values = {"at": at, "answer": found, "scenarios": SCENARIO_WORDS}
    return render(request, "house.html", values, plan=plan, errors=form.errors, status=422 if form.errors else 200)


ROUTES = [Route("/plan/{plan}/house", ask), Route("/plan/{plan}/house", posting(answer), methods=["POST"])]
