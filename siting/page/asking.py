"""What views have in common: the plan that an address names, its runs, and what to do with what came of a call."""

import json
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from siting.page.forms import FormError
from siting.page.jobs import Outcome
from siting.page.opened_folder import FoundPlan

RUNS = "runs"


def plan_of(request: Request) -> FoundPlan:
    """Return the plan that the address names."""
    plan: FoundPlan | None = request.app.state.folder.plan(request.path_params["plan"])
    if plan is None:
        raise HTTPException(404, "This plan is no longer in the folder.")
    return plan


def run_names(plan: FoundPlan) -> list[str]:
    """Return the names of a plan's kept runs, newest first."""
    folder = plan.out / RUNS
    return sorted((path.name for path in folder.glob("????-??-??T??????Z.json")), reverse=True) if folder.is_dir() else []


def run_path(request: Request, plan: FoundPlan, name: str) -> Path:
    """Return the file of a kept run, looked up by its name among those that are there."""
    if name not in run_names(plan):
        raise HTTPException(404, "This run is no longer kept.")
    path = plan.out / RUNS / name
    if not request.app.state.folder.holds(path):
        raise HTTPException(404, "This run is no longer kept.")
    return path


def last_run(request: Request, plan: FoundPlan) -> dict[str, Any] | None:
    """Return what the newest run found; None where there is none that can be read."""
    for name in run_names(plan):
        try:
            found = json.loads(run_path(request, plan, name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict) and found.get("version") == 1:
            return found | {"name": name}
    return None


def go_to(request: Request, address: str, said: str = "") -> RedirectResponse:
    """Send the browser on to another page, which says what was done."""
    if said:
        request.app.state.said[:] = [said]
    return RedirectResponse(address, 303)


def refusals(outcome: Outcome, field: str) -> list[FormError]:
    """Return what came of a call that was not answered, as errors of a field."""
    if outcome.is_well:
        return []
    if outcome.faults:
        return [FormError(field=field, text=str(fault["sentence"])) for fault in outcome.faults]
    if outcome.refused:
        return [FormError(field=field, text=outcome.refused)]
    if outcome.stopped:
        return [FormError(field=field, text="It was stopped; nothing was changed.")]
    return [
        FormError(field=field, text=f"The program failed, which should not happen. What happened stands in {outcome.broken}.")
    ]
