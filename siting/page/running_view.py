"""A run: started, watched, stopped; it goes on when the browser is closed."""

import asyncio
import json
import math
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from siting.page.asking import go_to, plan_of
from siting.page.forms import Form, posting
from siting.page.jobs import Job
from siting.page.language import parts_in, words_in
from siting.page.templating import language_of, render, sentence

_LOOK_EVERY_S = 0.25
_ALMOST_S = 3.0


async def run(request: Request, _form: Form) -> Response:
    """Start the run of a plan, or go to the one that goes on."""
    plan = plan_of(request)
    job = request.app.state.jobs.start("run", plan.key, {"plan": str(plan.path), "out": str(plan.out)}, pace=plan.pace("run"))
    return go_to(request, f"/job/{job.number}")


async def watch(request: Request) -> Response:
    """Show how far a run is, or what came of it."""
    job = _job_of(request)
    plan = request.app.state.folder.plan(job.plan_key)
    return render(request, "job.html", {"job": job, "steps": _steps(request, job), "left": _left(request, job)}, plan=plan)


async def events(request: Request) -> Response:
    """Tell each step as it comes, and at last that the run has ended."""
    job = _job_of(request)
    return StreamingResponse(_events(request, job), media_type="text/event-stream")


async def stop(request: Request, _form: Form) -> Response:
    """Stop a run; the outputs stay as they were before it."""
    job = _job_of(request)
    request.app.state.jobs.stop(job)
    return go_to(request, f"/plan/{job.plan_key}", "The run was stopped. The results are as they were before it.")


async def _events(request: Request, job: Job) -> AsyncIterator[str]:
    while job.outcome is None:
        told = {"steps": _steps(request, job), "seconds": int(job.seconds), "left": _left(request, job), "share": _share(job)}
        yield _event("steps", json.dumps(told))
        await asyncio.sleep(_LOOK_EVERY_S)
        if await request.is_disconnected():
            return
    yield _event("ended", "{}")


def _event(name: str, text: str) -> str:
    return f"event: {name}\ndata: {text}\n\n"


def _steps(request: Request, job: Job) -> list[dict[str, str]]:
    """Return the steps so far, in the page's language or marked as English."""
    language = language_of(request)
    told = [part for _, step in job.steps for part in parts_in(language, step)] or [(words_in(language)("Starting"), "")]
    return [{"text": sentence(text), "lang": lang} for text, lang in told]


def _share(job: Job) -> float | None:
    return round(job.far[0], 3) if job.far else None


def _left(request: Request, job: Job) -> str:
    """Say how much of a run is done and how long it may still take, by how long it took the last time."""
    say = words_in(language_of(request))
    far = job.far
    if far is None:
        if job.share is None:
            return say("How long the whole run takes is known once it has been done here.")
        return say("{percent} % of this step is done.", percent=int(100 * job.share))
    share, left_s = far
    if left_s < _ALMOST_S:
        return say("{percent} % done. It is almost ready.", percent=int(100 * share))
    if left_s < 90:  # noqa: PLR2004 - under a minute and a half it is told in seconds
        return say("{percent} % done. About {n} seconds are left.", percent=int(100 * share), n=5 * math.ceil(left_s / 5))
    return say("{percent} % done. About {n} minutes are left.", percent=int(100 * share), n=math.ceil(left_s / 60))


def _job_of(request: Request) -> Job:
    found: Job | None = request.app.state.jobs.find(request.path_params["number"])
    if found is None:
        raise HTTPException(404, "This run was made before the planner was opened.")
    return found


ROUTES = [
    Route("/plan/{plan}/run", posting(run), methods=["POST"]),
    Route("/job/{number:int}", watch),
    Route("/job/{number:int}/events", events),
    Route("/job/{number:int}/stop", posting(stop), methods=["POST"]),
]
