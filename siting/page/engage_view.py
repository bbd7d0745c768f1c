"""Telling the neighbours of one home: who they are, who is taken out or added, the papers, the register."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import go_to, last_run, plan_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.jobs import Outcome
from siting.page.opened_folder import FoundPlan
from siting.page.presence import user_name
from siting.page.templating import render

EVENTS = (
    ("briefed", "Members were briefed"),
    ("invited", "Invited"),
    ("delivered", "Letter delivered"),
    ("attended", "Came to the visit"),
    ("spoke", "We spoke"),
    ("concern", "Raised a concern"),
    ("follow-up", "Something to follow up"),
    ("done", "Followed up"),
    ("opted-out", "Wants no more contact"),
)
_PAPERS = (
    ("neighbours.pdf", "The list of neighbours"),
    ("letters.pdf", "The letters"),
    ("letters.docx", "The letters, to edit in Word"),
    ("labels.pdf", "Address labels"),
    ("runsheets.pdf", "Run sheets for the visiting days"),
    ("visits.ics", "The visits, for a calendar"),
    ("stakeholders.pdf", "Whom else to tell"),
    ("questions.pdf", "Questions and answers"),
    ("map-internal.html", "The map of the street"),
)


async def homes(request: Request) -> Response:
    """Show for which homes neighbours can be told."""
    plan = plan_of(request)
    run = last_run(request, plan)
    packed = {path.name for path in (plan.out / "homes").glob("*") if path.is_dir()} if (plan.out / "homes").is_dir() else set()
    listed = [{"home": home, "packed": home["home_id"] in packed} for home in (run or {"homes": []})["homes"]]
    listed.sort(key=lambda item: (not item["packed"], item["home"]["status"] == "open", item["home"]["rank"]))
    return render(request, "engage.html", {"listed": listed, "run": run}, plan=plan)


async def home(request: Request) -> Response:
    """Show a home's neighbours, papers and register."""
    plan, name = _home_of(request)
    return await _page(request, plan, name)


async def make(request: Request, _form: Form) -> Response:
    """Make the home's papers, with what was decided and briefed by now."""
    plan, name = _home_of(request)
    values = {"plan": str(plan.path), "home": name, "out": str(plan.out)}
    job = request.app.state.jobs.start("engage", plan.key, values)
    return go_to(request, f"/job/{job.number}")


async def decide(request: Request, form: Form) -> Response:
    """Take a neighbour out, add one, or undo either; with a reason that is not printed."""
    plan, name = _home_of(request)
    decision = form.text("decision")
    field = "add_address" if decision == "add" else "reason"
    address = form.wanted("add_address" if decision == "add" else "address", "Enter the address, or its property number (UPRN)")
    reason = form.text("add_reason" if decision == "add" else "reason")
    if not reason and decision != "automatic":
        form.errors.append(
            FormError(
                field="add_reason" if decision == "add" else "reason", text="Enter the reason. It is kept and never printed."
            )
        )
    if not form.errors:
        values = {
            "plan": str(plan.path),
            "home": name,
            "address": address,
            "decision": decision,
            "reason": reason or "taken back",
            "who": user_name(),
        }
        outcome = await _ask(request, "decide", values)
        if outcome.is_well:
            return go_to(request, _address(plan, name), "The decision is kept. Make the papers again, so that they follow it.")
        form.errors += refusals(outcome, field)
    return await _page(request, plan, name, form.errors)


async def log(request: Request, form: Form) -> Response:
    """Write an entry into the register."""
    plan, name = _home_of(request)
    event = form.text("event")
    if event not in dict(EVENTS):
        form.errors.append(FormError(field="event", text="Select what happened"))
    if not form.errors:
        values = {
            "plan": str(plan.path),
            "home": name,
            "out": str(plan.out),
            "event": event,
            "who": user_name(),
            "about": form.text("about"),
            "note": form.text("note"),
        }
        outcome = await _ask(request, "log", values)
        if outcome.is_well:
            back = "/day" if form.text("from") == "day" else ""
            return go_to(request, _address(plan, name) + back, "It is written into the register.")
        form.errors += refusals(outcome, "event")
    return await _page(request, plan, name, form.errors)


async def day(request: Request) -> Response:
    """Show the register for the visiting day: big buttons, an entry a press."""
    plan, name = _home_of(request)
    visits = _rows(request, plan, name, "visits.csv")
    return render(request, "day.html", {"home": name, "visits": visits, "events": EVENTS}, plan=plan)


async def forget(request: Request, form: Form) -> Response:
    """Blank what is personal in the register, once the home's name is typed."""
    plan, name = _home_of(request)
    if form.text("confirm") != name:
        form.errors.append(FormError(field="confirm", text="Type the home's name to confirm. This cannot be undone."))
        return await _page(request, plan, name, form.errors)
    outcome = await _ask(request, "forget", {"plan": str(plan.path), "home": name, "out": str(plan.out)})
    said = "What was personal is blanked; the counts are kept." if outcome.is_well else refusals(outcome, "confirm")[0].text
    return go_to(request, _address(plan, name), said)


async def _page(request: Request, plan: FoundPlan, name: str, errors: Sequence[FormError] = ()) -> Response:
    files = request.app.state.folder.outputs(plan)
    register = (
        await _ask(request, "register", {"home": name, "out": str(plan.out)}) if (plan.out / "homes" / name).is_dir() else None
    )
    values: dict[str, Any] = {
        "home": name,
        "neighbours": _rows(request, plan, name, "neighbours.csv"),
        "nearby": _rows(request, plan, name, "nearby.csv"),
        "visits": _rows(request, plan, name, "visits.csv"),
        "papers": [(f"homes/{name}/{file}", words) for file, words in _PAPERS if f"homes/{name}/{file}" in files],
        "letters": f"homes/{name}/letters.pdf" in files,
        "register": register.done if register and register.is_well else {"rows": [], "outstanding": []},
        "events": EVENTS,
    }
    return render(request, "neighbours.html", values, plan=plan, errors=errors, status=422 if errors else 200)


def _home_of(request: Request) -> tuple[FoundPlan, str]:
    """Return the plan and the home that the address names; the name is one of the run's, never a path."""
    plan = plan_of(request)
    run = last_run(request, plan)
    name = request.path_params["home"]
    known = {home["home_id"] for home in run["homes"]} if run else set()
    if name not in known or Path(name).name != name or name in {".", ".."}:
        raise HTTPException(404, "This home is not among the results.")
    return plan, name


def _rows(request: Request, plan: FoundPlan, name: str, file: str) -> list[dict[str, str]]:
    path = request.app.state.folder.outputs(plan).get(f"homes/{name}/{file}")
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _address(plan: FoundPlan, name: str) -> str:
    return f"/plan/{plan.key}/engage/{name}"


async def _ask(request: Request, call: str, values: dict[str, Any]) -> Outcome:
    return await run_in_threadpool(request.app.state.jobs.ask, call, values)


ROUTES = [
    Route("/plan/{plan}/engage", homes),
    Route("/plan/{plan}/engage/{home}", home),
    Route("/plan/{plan}/engage/{home}/day", day),
    Route("/plan/{plan}/engage/{home}/make", posting(make), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/decide", posting(decide), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/log", posting(log), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/forget", posting(forget), methods=["POST"]),
]
