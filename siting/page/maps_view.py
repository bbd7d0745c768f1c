"""The maps for the three audiences, each with a plain word on what it gives away."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import plan_of
from siting.page.templating import render

AUDIENCES = (
    (
        "internal",
        "For your own team",
        (
            "It shows everything: every house on the list, the families' places, exclusion zones and the choice. "
            "Keep it inside the team that works with these children."
        ),
    ),
    (
        "partner",
        "For partner councils",
        (
            "It shows homes that are open, bought or chosen, with their minutes to school. It holds no family's place and no "
            "house that was not chosen, also not hidden in the file."
        ),
    ),
    (
        "public",
        "For the public",
        "It shows the area within the minutes of the school and main roads. It holds no home, no plot and no family.",
    ),
)


async def maps(request: Request) -> Response:
    """Show which maps there are and for whom."""
    plan = plan_of(request)
    files = request.app.state.folder.outputs(plan)
    listed = [
        {
            "key": key,
            "words": words,
            "gives_away": gives_away,
            "files": [name for name in files if name.startswith(f"map-{key}.") and "/" not in name],
        }
        for key, words, gives_away in AUDIENCES
    ]
    return render(request, "maps.html", {"listed": listed}, plan=plan)


ROUTES = [Route("/plan/{plan}/maps", maps)]
