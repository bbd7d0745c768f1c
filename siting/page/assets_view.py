"""The page's own styles and code, and those of the packages that it stands on."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_KINDS = {"css": "text/css", "js": "text/javascript", "png": "image/png", "svg": "image/svg+xml"}


@cache
def _known() -> dict[str, Traversable]:
    own = resources.files("siting.page") / "static"
    htmx = resources.files("js_lib_htmx") / "static" / "htmx"
    leaflet = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    return {
        **{item.name: item for item in own.iterdir() if item.is_file()},
        "htmx.js": htmx / "htmx.min.js",
        "leaflet.js": leaflet / "leaflet.js",
        "leaflet.css": leaflet / "leaflet.css",
    }


async def asset(request: Request) -> Response:
    """Answer with a file that pages are made with; names are looked up, never made into a path."""
    name = request.path_params["name"]
    found = _known().get(name)
    if found is None:
        raise HTTPException(404)
    kind = _KINDS[name.rsplit(".", 1)[1]]
    return Response(found.read_bytes(), media_type=kind, headers={"cache-control": "private, max-age=3600"})


ROUTES = [Route("/asset/{name}", asset)]
