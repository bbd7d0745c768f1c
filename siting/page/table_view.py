"""Bringing a spreadsheet as it is: what was understood, what is wrong beside its cell, and using it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import Undo, go_to, plan_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.jobs import Outcome
from siting.page.opened_folder import FoundPlan
from siting.page.presence import user_name
from siting.page.templating import render
from siting.page.uploads import MOST_TABLE_BYTES, staged_upload, table_kind

KINDS = {
    "candidates": "The list of houses",
    "children": "The list of children",
    "exclusions": "Places that a child must not live near",
}
_PLACE_FIELD = "postcode"
_MOST_SHOWN = 150


async def table(request: Request) -> Response:
    """Show what was brought, or how to bring it."""
    plan, kind = _kind_of(request)
    return await _page(request, plan, kind)


async def bring(request: Request, form: Form) -> Response:
    """Keep the file that was chosen, as it came."""
    plan, kind = _kind_of(request)
    upload = form.file("file")
    ending = await run_in_threadpool(table_kind, upload.file) if upload else None
    if upload is None or ending is None:
        form.errors.append(FormError(field="file", text="Choose a spreadsheet: .xlsx, .ods, .xls or .csv, of at most 25 MB"))
        return await _page(request, plan, kind, form.errors)
    async with staged_upload(upload, ending) as kept:
        values = {"kind": kind, "upload": str(kept), "name": Path(upload.filename or "").name[:100]}
        outcome = await _ask(request, plan, "bring", values)
    if not outcome.is_well:
        return await _page(request, plan, kind, refusals(outcome, "file"))
    undo = Undo(
        call="put_back",
        values={"plan": str(plan.path), "kind": kind, **outcome.done},
        back=_address(plan, kind),
        done="That is undone. The file that you brought before is shown, with its corrections.",
    )
    said = "Your file is kept as it came. Look at what was understood."
    return go_to(request, _address(plan, kind), said, undo if outcome.done["before"] else None)


async def bring_own(request: Request, _form: Form) -> Response:
    """Show the list that the plan reads now, with what is wrong beside its cells."""
    plan, kind = _kind_of(request)
    outcome = await _ask(request, plan, "bring_own", {"kind": kind})
    if not outcome.is_well:
        return await _page(request, plan, kind, refusals(outcome, "file"))
    return go_to(request, _address(plan, kind), "This is the list that the plan reads. Your file stays as it is.")


async def correct(request: Request, form: Form) -> Response:
    """Keep what was chosen for the columns and set right in cells."""
    plan, kind = _kind_of(request)
    outcome = await _ask(request, plan, "correct", _corrections(form) | {"kind": kind, "who": user_name()})
    if not outcome.is_well:
        return await _page(request, plan, kind, refusals(outcome, "columns"))
    return go_to(request, _address(plan, kind), "The corrections are kept beside your file, with your name and the time.")


async def use(request: Request, form: Form) -> Response:
    """Let the plan read the table."""
    plan, kind = _kind_of(request)
    outcome = await _ask(request, plan, "use_table", {"kind": kind, "seen": form.text("seen")})
    if not outcome.is_well:
        return await _page(request, plan, kind, refusals(outcome, "columns"))
    return go_to(request, f"/plan/{plan.key}", "The plan reads this list now. Run the plan to judge it.")


def _corrections(form: Form) -> dict[str, Any]:
    columns: dict[str, str] = {}
    cells: list[tuple[str, str, str]] = []
    left_out: list[int] = []
    for name in form.names():
        what, _, where = name.partition(":")
        row, _, column = where.partition(":")
        if what == "col" and form.text(name):
            columns[where] = form.text(name)
        elif what == "cell" and row.isdecimal():
            cells.append((row, column, form.text(name)))
        elif what == "out" and where.isdecimal():
            left_out.append(int(where))
    return {"columns": columns, "cells": cells, "left_out": left_out, "seen": form.text("seen")}


async def _page(request: Request, plan: FoundPlan, kind: str, errors: Sequence[FormError] = ()) -> Response:
    outcome = await _ask(request, plan, "table", {"kind": kind})
    shown = outcome.done
    values: dict[str, Any] = {"kind": kind, "title": KINDS[kind], "shown": shown, "summary": []}
    if shown:
        values |= _beside(shown)
    errors = [*errors, *([] if errors else refusals(outcome, "file"))]
    return render(request, "table.html", values, plan=plan, errors=errors, status=422 if errors else 200)


def _beside(shown: dict[str, Any]) -> dict[str, Any]:
    """Put each fault beside its cell, its row or its column; what has no place of its own stands above."""
    cells: dict[tuple[int, int], list[dict[str, Any]]] = {}
    rows: dict[int, list[dict[str, Any]]] = {}
    columns: dict[int, list[dict[str, Any]]] = {}
    above: list[dict[str, Any]] = []
    for fault in shown["faults"]:
        row, column = fault["row"], fault["column"]
        if row is not None and column is not None:
            cells.setdefault((row, column), []).append(fault)
        elif row is not None:
            rows.setdefault(row, []).append(fault)
        elif column is not None:
            columns.setdefault(column, []).append(fault)
        else:
            above.append(fault)
    faulty = {row for row, _ in cells} | set(rows)
    listed = [row for at, row in enumerate(shown["rows"]) if at < _MOST_SHOWN or row["number"] in faulty]
    place = next((column["index"] for column in shown["columns"] if column["field"] == _PLACE_FIELD), None)
    return {
        "cell_faults": cells,
        "row_faults": rows,
        "column_faults": columns,
        "above": above,
        "listed": listed,
        "place": place,
        "stopping": sum(fault["stops"] for fault in shown["faults"]),
    }


def _kind_of(request: Request) -> tuple[FoundPlan, str]:
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404, "There is no such page.")
    return plan_of(request), kind


def _address(plan: FoundPlan, kind: str) -> str:
    return f"/plan/{plan.key}/table/{kind}"


async def _ask(request: Request, plan: FoundPlan, call: str, values: dict[str, Any]) -> Outcome:
    return await run_in_threadpool(request.app.state.jobs.ask, call, {"plan": str(plan.path), **values})


ROUTES = [
    Route("/plan/{plan}/table/{kind}", table),
    Route("/plan/{plan}/table/{kind}", posting(bring, most_bytes=MOST_TABLE_BYTES), methods=["POST"]),
    Route("/plan/{plan}/table/{kind}/own", posting(bring_own), methods=["POST"]),
    Route("/plan/{plan}/table/{kind}/correct", posting(correct), methods=["POST"]),
    Route("/plan/{plan}/table/{kind}/use", posting(use), methods=["POST"]),
]
