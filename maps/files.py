"""Maps as files: a page an audience, searched before it is written, and the same as a picture."""

from datetime import datetime
from pathlib import Path

from maps.layers import MapDrawer
from maps.page import map_page
from maps.privacy.audience import NOTICES
from maps.privacy.leaks import refuse_leaks, secrets_of
from siting.words import Audience


def map_html(drawer: MapDrawer, audience: Audience, made: datetime, *, tiles: str | None = None) -> str:
    """Return a map's page.

    Raises
    ------
    LeakError
        Where the page would hold what its audience must not see.
    """
    page = map_page(drawer.values(audience, made=f"{made:%d %B %Y}"), tiles=tiles)
    told = drawer.subject.engagement.home_id if drawer.subject.engagement else None
    refuse_leaks(page, secrets_of(drawer.subject.inputs, audience, told_home=told))
    return page


def write_maps(folder: Path, drawer: MapDrawer, made: datetime, audiences: tuple[Audience, ...] = tuple(NOTICES)) -> None:
    """Write `map-internal.html`, `map-partner.html` and `map-public.html`."""
    for audience in audiences:
        (folder / f"map-{audience.value}.html").write_text(map_html(drawer, audience, made), encoding="utf-8")
