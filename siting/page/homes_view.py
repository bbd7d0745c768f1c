"""The ranked table and the map beside it, linked both ways."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from siting.page.asking import go_to, last_run, plan_of
from siting.page.templating import render

COLUMNS = (
    ("rank", "Rank", "number"),
    ("home_id", "Home", "home"),
    ("verdict", "Verdict", "verdict"),
    ("to_school_min", "To school (minutes)", "minutes"),
    ("from_school_min", "From school (minutes)", "minutes"),
    ("margin_min", "Minutes to spare", "minutes"),
    ("beds", "Beds", "number"),
    ("price_gbp", "Price", "pounds"),
    ("children_within_family_miles", "Families within {miles} miles", "number"),
    ("median_family_min", "Middle family (minutes)", "minutes"),
    ("authority", "Council", "text"),
)
_SEEN = {"home_id", "rank", "verdict", "address", "to_school_min", "lat", "lon"}


async def table(request: Request) -> Response:
    """Show the homes of the newest run, sorted as asked."""
    plan = plan_of(request)
    run = last_run(request, plan)
    if run is None:
        return go_to(request, f"/plan/{plan.key}", "There are no results yet. Run the plan first.")
    known = {key for key, _, _ in COLUMNS}
    sort = request.query_params.get("sort", "rank")
    sort = sort if sort in known else "rank"
    falls = request.query_params.get("order") == "down"
    values = {
        "run": run,
        "columns": [column for column in COLUMNS if any(home.get(column[0]) is not None for home in run["homes"])],
        "homes": in_order(run["homes"], sort, falls=falls),
        "miles": f"{run['settings']['rules']['family_miles']:g}",
        "sort": sort,
        "falls": falls,
        "chosen": set((run.get("portfolio") or {}).get("homes") or ()),
    }
    return render(request, "homes.html", values, plan=plan)


async def places(request: Request) -> Response:
    """Answer with what the map shows."""
    run = last_run(request, plan_of(request))
    if run is None:
        return JSONResponse({"homes": [], "schools": [], "area": [], "routes": {}})
    return JSONResponse(
        {
            "homes": [{key: home.get(key) for key in _SEEN} for home in run["homes"]],
            "schools": [{"name": school["school"], "lat": school["lat"], "lon": school["lon"]} for school in run["schools"]],
            "area": run["area"],
            "routes": run["routes"],
        }
    )


def in_order(homes: list[dict[str, Any]], key: str, *, falls: bool) -> list[dict[str, Any]]:
    """Sort homes by a column; those without a value stand last either way."""
    known = [home for home in homes if home.get(key) is not None]
    return sorted(known, key=lambda home: home[key], reverse=falls) + [home for home in homes if home.get(key) is None]


ROUTES = [Route("/plan/{plan}/homes", table), Route("/plan/{plan}/places.json", places)]
