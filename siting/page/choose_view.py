"""Choosing homes together: wishes are changed and answered at once; answers are named and set side by side."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Undo, go_to, plan_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.jobs import Outcome
from siting.page.opened_folder import FoundPlan
from siting.page.presence import user_name
from siting.page.templating import render

_FIX = "fix:"
_MOST_HOMES, _MOST_BEDS, _MOST_GBP = 200, 2_000, 1e9
_STEP_GBP = 10_000


async def choose(request: Request) -> Response:
    """Show the plan's wishes and what they bring; a budget in the address goes before the plan's."""
    plan = plan_of(request)
    wishes = await _ask(request, plan, "wishes", {})
    if not wishes.is_well:
        return _page(request, plan, {"wishes": None}, errors=refusals(wishes, "main"))
    asked = {key: wishes.done["wishes"].get(key) for key in ("homes", "beds", "budget_gbp", "objective", "include_marginal")}
    asked |= {"locked": list(wishes.done["wishes"]["locked"]), "barred": list(wishes.done["wishes"]["barred"])}
    budget = request.query_params.get("budget", "")
    if budget.isdecimal():
        asked["budget_gbp"] = float(budget)
    name = request.query_params.get("named")
    asked = next((dict(one["asked"]) for one in wishes.done["named"]["choices"] if one["name"] == name), asked)
    tried = await _ask(request, plan, "choose", {"changes": asked})
    values = {"wishes": wishes.done["wishes"], "named": wishes.done["named"], "asked": asked, "tried": tried.done, "before": None}
    return _page(request, plan, values, errors=refusals(tried, "main"))


async def attempt(request: Request, form: Form) -> Response:
    """Answer changed wishes: the answer alone where the page asks, else the whole page."""
    plan = plan_of(request)
    asked = asked_for(form)
    tried = await _ask(request, plan, "choose", {"changes": asked}) if not form.errors else None
    errors = [*form.errors, *(refusals(tried, "main") if tried else [])]
    values = {
        "asked": asked,
        "tried": tried.done if tried else None,
        "before": form.text("before").split("\t") if form.text("before") else None,
    }
    if request.headers.get("hx-request") == "true":
        return render(request, "choice.html", values | {"list": errors}, plan=plan)
    wishes = await _ask(request, plan, "wishes", {})
    return _page(request, plan, values | (wishes.done or {"wishes": None}), errors=errors)


async def keep(request: Request, form: Form) -> Response:
    """Keep the choice under a name."""
    plan = plan_of(request)
    name = form.wanted("name", "Enter a name for this choice")
    asked = asked_for(form)
    if not form.errors:
        values = {"changes": asked, "name": name, "who": user_name(), "seen": form.text("seen")}
        outcome = await _ask(request, plan, "name_choice", values)
        if outcome.is_well:
            return go_to(request, f"/plan/{plan.key}/choose#named", "The choice is kept under its name.")
        form.errors += refusals(outcome, "name")
    tried = await _ask(request, plan, "choose", {"changes": asked})
    wishes = await _ask(request, plan, "wishes", {})
    return _page(
        request,
        plan,
        {"asked": asked, "tried": tried.done, "before": None} | (wishes.done or {"wishes": None}),
        errors=form.errors,
    )


async def forget(request: Request, form: Form) -> Response:
    """Take a named choice away."""
    plan = plan_of(request)
    wishes = await _ask(request, plan, "wishes", {})
    kept = wishes.done["named"]["choices"] if wishes.is_well else []
    outcome = await _ask(request, plan, "forget_choice", {"name": form.text("name"), "seen": form.text("seen")})
    back = f"/plan/{plan.key}/choose#named"
    if not outcome.is_well:
        return go_to(request, back, refusals(outcome, "named")[0].text)
    choice = next((one for one in kept if one["name"] == form.text("name")), None)
    undo = Undo(
        call="restore_choice",
        values={"plan": str(plan.path), "choice": choice, "seen": outcome.done["version"]},
        back=back,
        done="That is undone. The choice is kept again.",
    )
    return go_to(request, back, "The choice is taken away.", undo if choice else None)


async def why_not(request: Request, form: Form) -> Response:
    """Say why a home is not in the choice."""
    plan = plan_of(request)
    home = form.text("home")
    outcome = await _ask(request, plan, "why_not", {"changes": asked_for(form), "home": home})
    lines = outcome.done if outcome.is_well else [error.text for error in refusals(outcome, "main")]
    return render(request, "why.html", {"home": home, "lines": lines}, plan=plan)


async def trade(request: Request, form: Form) -> Response:
    """Draw what less money would bring."""
    plan = plan_of(request)
    outcome = await _ask(request, plan, "trade", {"changes": asked_for(form)})
    errors = refusals(outcome, "main")
    values = {"points": _points(outcome.done or []), "lines": [error.text for error in errors]}
    return render(request, "trade.html", values, plan=plan)


async def board(request: Request, form: Form) -> Response:
    """Write the papers of this choice into a folder of their own."""
    plan = plan_of(request)
    name = re.sub(r"[^a-z0-9]+", "-", form.text("name").casefold()).strip("-")[:40] or "this-choice"
    values = {"plan": str(plan.path), "changes": asked_for(form), "out": str(plan.out / "choices" / name)}
    job = request.app.state.jobs.start("board", plan.key, values, pace=plan.pace("board"))
    return go_to(request, f"/job/{job.number}")


def asked_for(form: Form) -> dict[str, Any]:
    """Return the wishes of a form; what is empty is not wished."""
    homes = form.number("homes", "Homes must be a whole number from 1 to 200", least=1, most=_MOST_HOMES, whole=True)
    beds = form.number("beds", "Beds must be a whole number from 1 to 2,000", least=1, most=_MOST_BEDS, whole=True)
    budget = form.number("budget_gbp", "The budget must be a sum in pounds, as in 1,500,000", least=1, most=_MOST_GBP)
    objective = form.text("objective") or "total"
    if not form.errors and homes is None and beds is None and budget is None and objective != "cost":
        words = "Enter how many homes, how many beds or the most to spend, or select the least money"
        form.errors.append(FormError(field="homes", text=words))
    return {
        "homes": int(homes) if homes is not None else None,
        "beds": int(beds) if beds is not None else None,
        "budget_gbp": budget,
        "objective": objective,
        "include_marginal": form.text("include_marginal") == "yes",
        "locked": _fixed(form, "in"),
        "barred": _fixed(form, "out"),
    }


def _fixed(form: Form, how: str) -> list[str]:
    return [name.removeprefix(_FIX) for name in form.names() if name.startswith(_FIX) and form.text(name) == how]


async def _ask(request: Request, plan: FoundPlan, call: str, values: Mapping[str, Any]) -> Outcome:
    return await run_in_threadpool(request.app.state.jobs.ask, call, {"plan": str(plan.path), **values})


def _page(request: Request, plan: FoundPlan, values: dict[str, Any], *, errors: Sequence[FormError]) -> Response:
    usual: dict[str, Any] = {"named": None, "tried": None, "asked": {}, "before": None, "list": []}
    usual["bounds"] = _bounds((values.get("tried") or {}).get("homes") or [])
    return render(request, "choose.html", usual | values, plan=plan, errors=errors, status=422 if errors else 200)


def _bounds(homes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return between what the sliders of wishes go, where the homes tell it: no more than all of them together."""
    beds = sum(home["beds"] or 0 for home in homes)
    prices = sum(home["price_gbp"] or 0 for home in homes if home["status"] == "candidate")
    found = {"homes": {"least": 1, "most": min(len(homes), _MOST_HOMES), "step": 1}} if homes else {}
    if beds > 1:
        found["beds"] = {"least": 1, "most": min(beds, _MOST_BEDS), "step": 1}
    if prices > _STEP_GBP:
        found["budget_gbp"] = {"least": _STEP_GBP, "most": math.ceil(prices / _STEP_GBP) * _STEP_GBP, "step": _STEP_GBP}
    return found


def _points(choices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Place choices on a picture of 0 to 100 each way: money to the right, minutes up."""
    spans = (
        {key: (min(c[key] for c in choices), max(c[key] for c in choices)) for key in ("cost_gbp", "total_min")}
        if choices
        else {}
    )

    def share(choice: Mapping[str, Any], key: str) -> float:
        least, most = spans[key]
        return 8 + 84 * ((choice[key] - least) / (most - least) if most > least else 0.5)

    return [
        {**choice, "x": round(share(choice, "cost_gbp"), 1), "y": round(100 - share(choice, "total_min"), 1)}
        for choice in choices
    ]


ROUTES = [
    Route("/plan/{plan}/choose", choose),
    Route("/plan/{plan}/choose", posting(attempt), methods=["POST"]),
    Route("/plan/{plan}/choose/keep", posting(keep), methods=["POST"]),
    Route("/plan/{plan}/choose/forget", posting(forget), methods=["POST"]),
    Route("/plan/{plan}/choose/why", posting(why_not), methods=["POST"]),
    Route("/plan/{plan}/choose/trade", posting(trade), methods=["POST"]),
    Route("/plan/{plan}/choose/board", posting(board), methods=["POST"]),
]
