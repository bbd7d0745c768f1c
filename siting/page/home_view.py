"""One home on one page, which prints on one sheet."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import last_run, plan_of
from siting.page.templating import SCENARIO_WORDS, render


async def home(request: Request) -> Response:
    """Show all that the newest run found of one home."""
    plan = plan_of(request)
    run = last_run(request, plan)
    name = request.path_params["home"]
    found = next((home for home in run["homes"] if home["home_id"] == name), None) if run else None
    if run is None or found is None:
        raise HTTPException(404, "This home is not among the results.")
    scenarios = [
        {"words": words, "key": key, "to": found.get(f"to_school_min_{key}"), "back": found.get(f"from_school_min_{key}")}
        for key, words in SCENARIO_WORDS.items()
        if f"to_school_min_{key}" in found
    ]
    values = {"run": run, "home": found, "scenarios": scenarios, "link": web_link(found.get("link"))}
    return render(request, "home.html", values, plan=plan)


def web_link(text: object) -> str:
    """Return a link that leads to a web page; anything else that a cell may hold is none."""
    return text if isinstance(text, str) and text.lower().startswith(("https://", "http://")) else ""


ROUTES = [Route("/plan/{plan}/home/{home}", home)]
