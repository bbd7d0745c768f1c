"""The page is one file that asks nobody for anything and runs nothing that a user typed."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import folium
import pytest

from maps.files import map_html
from maps.layers import MapDrawer
from maps.page import OutsideRequestError, as_data, map_page, offline, seal
from maps.privacy.subject import MapSubject
from siting.words import Audience

MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_nothing_outside_is_named(pages: dict[Audience, Path]) -> None:
    for page in pages.values():
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|link|img|iframe|object|style)\b[^>]*(?:https?:)?//", text)
        assert "url(http" not in text
        assert "default-src 'none'" in text
        assert page.stat().st_size < 8_000_000


def test_what_users_type_cannot_end_the_data() -> None:
    text = as_data({"name": "</script><script>alert(1)</script>", "other": "<img src=x onerror=alert(1)>"})
    assert "<" not in text


def test_any_folium_map_can_be_made_offline() -> None:
    plain = folium.Map(location=[51.6, -0.7], tiles=None)
    folium.CircleMarker([51.6, -0.7], popup="a place").add_to(plain)
    page = seal(offline(plain), title="Ours")
    assert "L.circleMarker" in page
    assert "https://cdn" not in page


def test_a_map_with_outside_tiles_is_refused() -> None:
    tiled = folium.Map(location=[51.6, -0.7], tiles=None)
    tiled.get_root().html.add_child(folium.Element('<img src="https://example.org/a.png">'))
    with pytest.raises(OutsideRequestError):
        offline(tiled)


def test_the_same_plan_gives_the_same_page(subject: MapSubject, pages: dict[Audience, Path]) -> None:
    again = map_html(MapDrawer(subject), Audience.INTERNAL, MADE)
    assert again.encode() == pages[Audience.INTERNAL].read_bytes()


def test_a_plan_without_children_is_drawn(subject: MapSubject) -> None:
    lonely = replace(subject, inputs=replace(subject.inputs, children=(), exclusions=(), authorities=None))
    assert "plan-data" in map_page(MapDrawer(lonely).values(Audience.PARTNER, made="today"))


def test_outside_tiles_only_when_asked_for_and_said(drawer: MapDrawer) -> None:
    from maps.page import tiles_warning

    address = "https://tiles.example.org/{z}/{x}/{y}.png"
    values = drawer.values(Audience.PARTNER, made="today")
    assert "tiles.example.org" not in map_page(values)
    page = map_page(values, tiles=address)
    assert "img-src data: https://tiles.example.org" in page
    assert "tiles.example.org" in tiles_warning(address)


def test_what_users_type_is_no_template(drawer: MapDrawer) -> None:
    typed = "{{ 7 * 7 }} {% include 'x' %} {# gone #}"
    values = drawer.values(Audience.INTERNAL, made="today")
    values["title"] = typed
    values["homes"][0]["note"] = typed
    assert map_page(values).count(typed) >= 3
