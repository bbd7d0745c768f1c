"""The first page: the plans in the folder, the sample, a plan of one's own."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import go_to, refusals, run_names
from siting.page.forms import Form, FormError, posting
from siting.page.templating import render


async def welcome(request: Request) -> Response:
    """Show the plans of the folder, or what to begin with."""
    return _page(request)


async def try_the_sample(request: Request, _form: Form) -> Response:
    """Copy the sample into the folder and run it."""
    state = request.app.state
    outcome = await run_in_threadpool(state.jobs.ask, "sample", {"folder": str(state.folder.root)})
    if not outcome.is_well:
        return _page(request, refusals(outcome, "sample"))
    found = next(plan for plan in state.folder.plans() if str(plan.path) == outcome.done["plan"])
    job = state.jobs.start("run", found.key, {"plan": str(found.path), "out": str(found.out)}, pace=found.pace("run"))
    return go_to(request, f"/job/{job.number}")


def _page(request: Request, errors: Sequence[FormError] = ()) -> Response:
    plans = request.app.state.folder.plans()
    listed = [{"plan": plan, "runs": len(run_names(plan)), "last": next(iter(run_names(plan)), "")} for plan in plans]
    return render(request, "welcome.html", {"listed": listed}, errors=errors, status=422 if errors else 200)


ROUTES = [Route("/", welcome), Route("/sample", posting(try_the_sample), methods=["POST"])]
