"""What changed between two runs."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import plan_of, refusals, run_names, run_path
from siting.page.forms import FormError
from siting.page.templating import render

_TWO = 2


async def changes(request: Request) -> Response:
    """Compare two kept runs; without a choice the newest with the one before it."""
    plan = plan_of(request)
    names = run_names(plan)
    later = request.query_params.get("later") or next(iter(names), "")
    earlier = request.query_params.get("earlier") or (names[1] if len(names) >= _TWO else "")
    found = None
    errors: list[FormError] = []
    if earlier and later:
        values = {key: str(run_path(request, plan, name)) for key, name in (("earlier", earlier), ("later", later))}
        outcome = await run_in_threadpool(request.app.state.jobs.ask, "compare", values)
        errors = refusals(outcome, "earlier")
        found = outcome.done
    return render(
        request, "changes.html", {"names": names, "earlier": earlier, "later": later, "found": found}, plan=plan, errors=errors
    )


ROUTES = [Route("/plan/{plan}/changes", changes)]
