"""The ground under the map: roads, water and the names of places, from the plan's own road network."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from siting.page.asking import last_run, plan_of


async def ground(request: Request) -> Response:
    """Answer with lines and names; empty where the roads have not been read yet, since that is a run's work."""
    plan = plan_of(request)
    if last_run(request, plan) is None:
        return JSONResponse({})
    outcome = await run_in_threadpool(request.app.state.jobs.ask, "ground", {"plan": str(plan.path)})
    return JSONResponse(outcome.done if outcome.is_well else {}, headers={"cache-control": "private, max-age=600"})


ROUTES = [Route("/plan/{plan}/ground.json", ground)]
