"""The map as one HTML file that asks nobody for anything: folium's map, with all it needs inside."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, cast

import folium
from branca.element import Element, Figure
from jinja2 import Environment, StrictUndefined, Template

from siting.sentences import counted

_ASSETS = Path(__file__).with_name("assets")
_LEAFLET = "js_lib_leaflet"
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
_OUTSIDE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)


LATER_PARTS = ("background", "routes", "minutes", "times", "postcodes")
"""What the page reads when it is first asked for: the map stands before the roads under it are unpacked."""


class _Text(Element):
    """Text that stands in the page as it is; branca reads any other element as a template, users' words included."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class OutsideRequestError(ValueError):
    """A page would ask another machine for something."""


def tiles_warning(tiles: str) -> str:
    """Say what a map with tiles from outside gives away."""
    return (
        f"Each time this map is opened or moved, it asks {_host(tiles)} for pictures of what is in view: it learns where "
        "the homes are looked for, and by whom."
    )


def _host(tiles: str) -> str:
    return tiles.split("/")[2].replace("{s}.", "*.")


def map_page(values: Mapping[str, Any], *, tiles: str | None = None) -> str:
    """Return the page of a map from what a drawer made.

    `tiles` is the address of tiles from outside, with `{z}`, `{x}` and `{y}`; without it the page
    asks nobody for anything.
    """
    values = {**values, "tiles": tiles}
    document = _folium_map()
    figure = cast("Figure", document.get_root())
    figure.html.add_child(_Text(_body(values)), index=0, name="plan")
    figure.script.add_child(_Text("\n".join(_script(path) for path in sorted(_ASSETS.glob("*.js")))), name="plan-code")
    # Folium writes its map after the page's own code.
    start = f'document.addEventListener("DOMContentLoaded", () => startPlan({document.get_name()}));'
    figure.script.add_child(_Text(start), name="plan-start")
    allowed = f"https://{_host(tiles)}" if tiles else ""
    return seal(offline(document), title=f"{values['title']} ({values['audience']})", allow_images_from=allowed)


def offline(document: folium.Map) -> str:
    """Render any folium map as a page that needs no network: Leaflet and its styles stand inside.

    Raises
    ------
    OutsideRequestError
        Where an element of the map itself asks another machine for something, such as a tile layer.
    """
    document.default_js, document.default_css = [], []
    figure = cast("Figure", document.get_root())
    figure.header.add_child(_Text(f"<style>{_leaflet_styles()}</style>"), name="leaflet-styles")
    figure.header.add_child(_Text(f"<script>{_leaflet_script()}</script>"), name="leaflet-code")
    html = str(figure.render())
    # Folium asks for a stylesheet of glyphs whatever the map holds.
    html = re.sub(r'<link[^>]+href="https?://[^>]*>', "", html)
    html = re.sub(r'<script src="https?://[^>]*></script>', "", html)
    found = _OUTSIDE.search(html)
    if found:
        msg = f"The map asks another machine for something: {found[0][:80]}"
        raise OutsideRequestError(msg)
    return html


def seal(html: str, *, title: str, allow_images_from: str = "") -> str:
    """Add a policy by which the browser refuses every request, and every script but those of the page."""
    scripts = [match[1] for match in _SCRIPT.finditer(html) if 'type="application/json"' not in match[0][:60]]
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: {allow_images_from}".strip()
        + "; base-uri 'none'; form-action 'none'"
    )
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="referrer" content="no-referrer"><title>{_escaped(title)}</title>'
    )
    # Folium forbids to pinch the page larger.
    html = re.sub(r'<meta name="viewport"[^>]*>', '<meta name="viewport" content="width=device-width, initial-scale=1">', html)
    html = re.sub(r"<html\b[^>]*>", '<html lang="en-GB">', html, count=1)
    return re.sub(r"<head>", lambda match: match[0] + head, html, count=1)


def as_data(values: object) -> str:
    """Write values as JSON that can stand in a page: nothing in it ends its block or begins another."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _folium_map() -> folium.Map:
    document = folium.Map(location=[52.0, -1.0], zoom_start=9, tiles=None, prefer_canvas=True, zoom_snap=0.5)
    # Folium draws a name at random; the same plan should give the same file.
    document._id = "plan"  # noqa: SLF001 - folium has no other way to name a map
    return document


def _body(values: Mapping[str, Any]) -> str:
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        (_ASSETS / "body.html").read_text(encoding="utf-8")
    )
    homes = values.get("homes", [])
    verdicts = {
        verdict: sum(home["verdict"] == verdict for home in homes) for verdict in ("pass", "marginal", "fail", "unreachable")
    }
    summary = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count)
    told = values.get("engagement")
    around = ""
    if told:
        there = counted(len(told["neighbours"]), "address lies", "addresses lie")
        around = f"{there} within {told['metres']:g} metres of this home's boundary; their numbers are those of the list below."
    return template.render(
        styles=(_ASSETS / "page.css").read_text(encoding="utf-8"),
        data=as_data({key: value for key, value in values.items() if key not in LATER_PARTS}),
        parts={key: as_data(values[key]) for key in LATER_PARTS if values.get(key) is not None},
        values={"homes": [], "times": None, "engagement": None, **values},
        known={key for home in homes for key, value in home.items() if value is not None},
        summary=around or (f"{counted(len(homes), 'home')}: {summary}." if homes else "This map shows no homes."),
    )


def _script(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _leaflet(name: str) -> bytes:
    return (resources.files(_LEAFLET) / "static" / _LEAFLET / name).read_bytes()


def _leaflet_script() -> str:
    code = _leaflet("leaflet.js").decode()
    return re.sub(r"//# sourceMappingURL=\S+", "", code)


def _leaflet_styles() -> str:
    """Return Leaflet's styles with its pictures inside."""

    def inside(match: re.Match[str]) -> str:
        name = match[1].strip("\"'")
        if name.startswith("#"):
            return "none"
        return f"url(data:image/png;base64,{base64.b64encode(_leaflet(name)).decode()})"

    return re.sub(r"url\(([^)]+)\)", inside, _leaflet("leaflet.css").decode())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
