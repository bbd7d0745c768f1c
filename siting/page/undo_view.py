"""Taking back what was just done, where it can be: offered beside what a page says was done."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Said, go_to, refusals
from siting.page.forms import Form, posting


async def undo(request: Request, _form: Form) -> Response:
    """Take it back, once; what another changed meanwhile is not changed."""
    said: Said | None = request.app.state.said.get(request.path_params["key"])
    if said is None or said.undo is None:
        raise HTTPException(404, "This can no longer be undone here.")
    outcome = await run_in_threadpool(request.app.state.jobs.ask, said.undo.call, said.undo.values)
    if not outcome.is_well:
        return go_to(request, said.undo.back, refusals(outcome, "main")[0].text)
    request.app.state.said.pop(request.path_params["key"], None)
    return go_to(request, said.undo.back, said.undo.done)


ROUTES = [Route("/undo/{key}", posting(undo), methods=["POST"])]
