"""What views have in common: the plan that an address names, its runs, and what to do with what came of a call."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from siting.page.forms import FormError
from siting.page.jobs import Outcome
from siting.page.opened_folder import FoundPlan

RUNS = "runs"
CHECK = "check"
"""What an error is of where its link leads to the page of all faults."""
_FEW = 3
_OF_A_RUN = {"made", "settings", "schools", "homes", "portfolio", "routes", "area"}
"""What the record of a run holds, and pages show."""


def plan_of(request: Request) -> FoundPlan:
    """Return the plan that the address names."""
    plan: FoundPlan | None = request.app.state.folder.plan(request.path_params["plan"])
    if plan is None:
        raise HTTPException(404, "This plan is no longer in the folder.")
    return plan


def home_of(request: Request) -> tuple[FoundPlan, str]:
    """Return the plan and the home that the address names; the name is one of the run's, never a path."""
    plan = plan_of(request)
    run = last_run(request, plan)
    name = request.path_params["home"]
    known = {home["home_id"] for home in run["homes"]} if run else set()
    if name not in known or Path(name).name != name or name in {".", ".."}:
        raise HTTPException(404, "This home is not among the results.")
    return plan, name


async def ask(request: Request, call: str, values: Mapping[str, Any]) -> Outcome:
    """Ask the worker, and wait."""
    return await run_in_threadpool(request.app.state.jobs.ask, call, values)


def engage_address(plan: FoundPlan, home: str, end: str = "") -> str:
    """Return the address of a home's neighbours, or of a page beyond it."""
    return f"/plan/{plan.key}/engage/{quote(home, safe='')}{end}"


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
    """Return what the newest run found that can be read; None where there is none.

    Newer ones that cannot be read are taken down in `request.state.unread_runs`, so that every page says so.
    """
    unread: list[str] = []
    request.state.unread_runs = unread
    for name in run_names(plan):
        found = _record(request, plan, name)
        if found is not None:
            request.state.shown_run = found["made"]
            return found | {"name": name}
        unread.append(name)
    return None


def _record(request: Request, plan: FoundPlan, name: str) -> dict[str, Any] | None:
    try:
        found = json.loads(run_path(request, plan, name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, HTTPException):
        return None
    whole = isinstance(found, dict) and found.get("version") == 1 and found.keys() >= _OF_A_RUN
    return found if whole and isinstance(found["homes"], list) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What takes back something that was done: a call of the worker, where to go then, and what to say."""

    call: str
    values: Mapping[str, Any]
    back: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a page says was done, and how it is undone, where it can be."""

    text: str
    undo: Undo | None = None


_MOST_SAID = 100


def go_to(request: Request, address: str, said: str = "", undo: Undo | None = None) -> RedirectResponse:
    """Send the browser on to another page (its route), which says what was done; each tab is told its own."""
    if said:
        known: dict[str, Said] = request.app.state.said
        key = secrets.token_hex(8)
        known[key] = Said(text=said, undo=undo)
        while len(known) > _MOST_SAID:
            del known[next(iter(known))]
        path, _, part = address.partition("#")
        address = f"{path}{'&' if '?' in path else '?'}said={key}{'#' * bool(part)}{part}"
    return RedirectResponse(request.app.state.access.root + address, 303)


def refusals(outcome: Outcome, field: str) -> list[FormError]:
    """Return what came of a call that was not answered, as errors of a field."""
    if outcome.is_well:
        return []
    stopping = [fault for fault in outcome.faults if fault["severity"] != "warning"]
    if len(stopping) > _FEW:
        return [FormError(field=CHECK, text="The plan's inputs have several faults. See all of them, with their rows.")]
    if outcome.faults:
        return [
            FormError(field=field, text=str(fault["sentence"]), file=str(fault["file"]), column=str(fault["column"] or ""))
            for fault in stopping or outcome.faults
        ]
    if outcome.refused:
        return [FormError(field=field, text=outcome.refused)]
    if outcome.stopped:
        return [FormError(field=field, text="It was stopped; nothing was changed.")]
    return [
        FormError(field=field, text="The program failed, which should not happen."),
        FormError(field=field, text=outcome.broken),
    ]
