"""Telling the neighbours of one home: who they are, who is taken out or added, the papers, the register."""

import csv
from collections.abc import Container, Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Undo, ask, engage_address, go_to, home_of, last_run, plan_of, refusals
from siting.page.forms import Form, FormError, posting
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
    ("withdrawn", "The purchase came to nothing"),
)
REGISTER_COLUMNS = {
    "number": "Entry",
    "at": "When",
    "who": "Written by",
    "home_id": "Home",
    "event": "What happened",
    "about": "About",
    "note": "Note",
    "corrects": "Takes back entry",
    "stands": "Stands",
}
PAPERS = (
    ("neighbours.pdf", "The list of neighbours"),
    ("letters.pdf", "The letters"),
    ("letters.docx", "The letters, to edit in Word"),
    ("labels.pdf", "Address labels"),
    ("runsheets.pdf", "Run sheets for the visiting days"),
    ("visits.ics", "The visits, for a calendar"),
    ("visits-cancelled.ics", "The visits called off, for the calendars that had them"),
    ("stakeholders.pdf", "Whom else to tell"),
    ("letters-members.docx", "Letters to members, to edit in Word"),
    ("letters-police.docx", "Letters to the police, to edit in Word"),
    ("letters-heads.docx", "Letters to head teachers, to edit in Word"),
    ("letters-fire.docx", "Letter to the fire service, to edit in Word"),
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
    plan, name = home_of(request)
    return await _page(request, plan, name)


async def make(request: Request, _form: Form) -> Response:
    """Make the home's papers, with what was decided and briefed by now."""
    plan, name = home_of(request)
    values = {"plan": str(plan.path), "home": name, "out": str(plan.out)}
    job = request.app.state.jobs.start("engage", plan.key, values, pace=plan.pace("engage"))
    return go_to(request, f"/job/{job.number}")


async def decide(request: Request, form: Form) -> Response:
    """Take a neighbour out, add one, or undo either; with a reason that is not printed."""
    plan, name = home_of(request)
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
        outcome = await ask(request, "decide", values)
        if outcome.is_well:
            undo = Undo(
                call="decide",
                values=values | {"decision": "automatic", "reason": "undone at once"},
                back=engage_address(plan, name),
                done="That is undone. The address is judged by its distance again.",
            )
            said = "The decision is kept. Make the papers again, so that they follow it."
            return go_to(request, engage_address(plan, name), said, undo if decision != "automatic" else None)
        form.errors += refusals(outcome, field)
    return await _page(request, plan, name, form.errors)


async def log(request: Request, form: Form) -> Response:
    """Write an entry into the register."""
    plan, name = home_of(request)
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
            "corrects": None,
        }
        outcome = await ask(request, "log", values)
        if outcome.is_well:
            back = "/day" if form.text("from") == "day" else ""
            there = engage_address(plan, name) + back
            return go_to(request, there, "It is written into the register.", _taking_back(values, outcome.done, there))
        form.errors += refusals(outcome, "event")
    return await _page(request, plan, name, form.errors)


async def correct(request: Request, form: Form) -> Response:
    """Take an entry of the register back: it stays, marked, beside the entry that takes it back."""
    plan, name = home_of(request)
    number = form.text("number")
    if not number.isdecimal():
        raise HTTPException(404, "This entry is not in the register.")
    values = {"plan": str(plan.path), "home": name, "out": str(plan.out), "who": user_name()}
    undo = _taking_back(values, int(number), engage_address(plan, name))
    outcome = await ask(request, undo.call, undo.values)
    if not outcome.is_well:
        return await _page(request, plan, name, refusals(outcome, "event"))
    return go_to(request, undo.back, undo.done)


def _taking_back(values: dict[str, Any], number: int, back: str) -> Undo:
    """Return what takes an entry back: nothing is deleted from a register, a further entry says that it was a mistake."""
    entry = {"event": "follow-up", "about": "", "note": "entered by mistake", "corrects": number}
    return Undo(call="log", values=values | entry, back=back, done="The entry is taken back. It stays in the register, marked.")


async def forget(request: Request, form: Form) -> Response:
    """Forget one household, or the whole home, in all that the program wrote, once the home's name is typed."""
    plan, name = home_of(request)
    if form.text("confirm") != name:
        form.errors.append(FormError(field="confirm", text="Type the home's name to confirm. This cannot be undone."))
        return await _page(request, plan, name, form.errors)
    values = {"plan": str(plan.path), "home": name, "out": str(plan.out), "address": form.text("forgotten") or None}
    outcome = await ask(request, "forget", values)
    if not outcome.is_well:
        return await _page(request, plan, name, refusals(outcome, "confirm"))
    # What is left to people is read now or never: it is kept nowhere.
    return await _page(request, plan, name, forgotten=outcome.done)


async def _page(
    request: Request,
    plan: FoundPlan,
    name: str,
    errors: Sequence[FormError] = (),
    forgotten: Mapping[str, Any] | None = None,
) -> Response:
    files = request.app.state.folder.outputs(plan)
    register = (
        await ask(request, "register", {"plan": str(plan.path), "home": name, "out": str(plan.out)})
        if (plan.out / "homes" / name).is_dir()
        else None
    )
    # A register that cannot be read is not an empty one.
    errors = [*errors, *(refusals(register, "event") if register else [])]
    # Lists are as old as the papers: whoever must be left alone since is on none of them here.
    alone = set(register.done["left_alone"]) if register and register.is_well else set()
    values: dict[str, Any] = {
        "home": name,
        "made": f"homes/{name}/neighbours.csv" in files,
        "neighbours": _rows(request, plan, name, "neighbours.csv", alone),
        "walk_there": _rows(request, plan, name, "walk-there.csv"),
        "nearby": _rows(request, plan, name, "nearby.csv", alone),
        "visits": _rows(request, plan, name, "visits.csv", alone),
        "papers": [(f"homes/{name}/{file}", words) for file, words in PAPERS if f"homes/{name}/{file}" in files],
        "released": f"homes/{name}/notify.csv" in files,
        "register": register.done if register and register.is_well else {"rows": [], "outstanding": [], "withdrawn": False},
        "events": EVENTS,
        "kinds_of": dict(EVENTS),
        "forgotten": forgotten,
        "columns": REGISTER_COLUMNS,
    }
    return render(request, "neighbours.html", values, plan=plan, errors=errors, status=422 if errors else 200)


def _rows(request: Request, plan: FoundPlan, name: str, file: str, alone: Container[str] = ()) -> list[dict[str, str]]:
    path = request.app.state.folder.outputs(plan).get(f"homes/{name}/{file}")
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return [row for row in csv.DictReader(opened) if not alone or (row["uprn"] or row["address"]) not in alone]


ROUTES = [
    Route("/plan/{plan}/engage", homes),
    Route("/plan/{plan}/engage/{home}", home),
    Route("/plan/{plan}/engage/{home}/make", posting(make), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/decide", posting(decide), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/log", posting(log), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/correct", posting(correct), methods=["POST"]),
    Route("/plan/{plan}/engage/{home}/forget", posting(forget), methods=["POST"]),
]
