"""Maps as files: a page an audience. What users typed is looked at before it is written; one refused map costs no other."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from maps.layers import MapDrawer
from maps.page import map_page
from maps.privacy.audience import MAP_OF_ONE_HOME, NOTICES, refuse_unless
from maps.privacy.leaks import LeakError, leaks_in
from siting.faults import Fault
from siting.words import Audience


def map_html(drawer: MapDrawer, audience: Audience, made: datetime, *, tiles: str | None = None) -> str:
    """Return a map's page.

    Raises
    ------
    LeakError
        Where a text that users typed holds what the audience must not read.
    UsageError
        Where the audience has no map of one home, and the drawer shows one.
    """
    if drawer.subject.engagement is not None:
        refuse_unless(audience, MAP_OF_ONE_HOME, "map of one home")
    refuse_leaks(drawer, audience)
    return map_page(drawer.values(audience, made=f"{made.day} {made:%B %Y}"), tiles=tiles)


def refuse_leaks(drawer: MapDrawer, audience: Audience) -> None:
    """Look at the texts of an audience's sight.

    Raises
    ------
    LeakError
        Saying where what kind of thing stands, not the thing itself.
    """
    found = leaks_in(drawer.sight(audience), drawer.subject)
    if found:
        raise LeakError(found)


def write_maps(
    folder: Path, drawer: MapDrawer, made: datetime, audiences: Sequence[Audience] = tuple(NOTICES)
) -> tuple[Fault, ...]:
    """Write `map-internal.html`, `map-partner.html` and `map-public.html`; why any of them was not written."""
    refused: list[Fault] = []
    for audience in audiences:
        try:
            page = map_html(drawer, audience, made)
        except LeakError as error:
            refused += error.faults
        else:
            (folder / f"map-{audience.value}.html").write_text(page, encoding="utf-8")
    return tuple(refused)
