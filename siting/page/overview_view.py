"""One plan: what is there, what is wrong with it, what to do next."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import last_run, plan_of, run_names
from siting.page.templating import render


async def overview(request: Request) -> Response:
    """Show a plan's steps and where each stands."""
    plan = plan_of(request)
    jobs = request.app.state.jobs
    run = last_run(request, plan)
    counted: dict[str, int] = {}
    if run:
        for home in run["homes"]:
            counted[home["verdict"]] = counted.get(home["verdict"], 0) + 1
    values = {
        "run": run,
        "runs": len(run_names(plan)),
        "counted": counted,
        "going": jobs.going(plan.key),
        "last": jobs.last(plan.key),
        "files": request.app.state.folder.outputs(plan),
    }
    return render(request, "overview.html", values, plan=plan)


ROUTES = [Route("/plan/{plan}", overview)]
