"""The maps in a real browser with the network refused: opened, clicked, typed into."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from maps.files import map_html
from maps.layers import MapDrawer
from maps.subject import MapSubject
from siting.words import Audience

MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)
SIZES = {"phone": (390, 844), "laptop": (1366, 768)}


class Visit:
    """A page in the browser, with what it asked for and complained of."""

    def __init__(self, browser: Any, page: Path, size: tuple[int, int] = (1366, 768), anchor: str = "") -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        self.page.goto(page.as_uri() + anchor)
        self.page.wait_for_selector("body[data-ready=yes]", timeout=60_000)

    def close(self, page: Path) -> None:
        self.context.close()
        assert [url for url in self.requests if not url.startswith(page.as_uri())] == []
        assert self.complaints == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("audience", list(Audience))
def test_a_page_opens_without_a_request_or_complaint(
    browser: Any, pages: dict[Audience, Path], audience: Audience, size: str
) -> None:
    visit = Visit(browser, pages[audience], SIZES[size])
    assert visit.page.locator("#legend input").count() >= 4
    box = visit.page.locator(".folium-map").bounding_box()
    assert box["width"] > 250
    assert box["height"] > 250
    visit.close(pages[audience])


def test_layers_table_popup_and_switches(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    page = visit.page
    assert page.locator("#rows tr").count() == 15
    assert page.locator(".home-icon.leaflet-marker-icon").count() == 15
    page.get_by_label("Homes", exact=True).uncheck()
    assert page.locator(".home-icon.leaflet-marker-icon").count() == 0
    page.get_by_label("Homes", exact=True).check()
    page.select_option("#filter-verdict", "fail")
    assert page.locator("#rows tr").count() == 2
    assert page.locator(".home-icon.leaflet-marker-icon").count() == 2
    assert page.locator("#count").inner_text() == "2 of 15 homes"
    page.select_option("#filter-verdict", "")
    page.fill("#filter-words", "rg9 1aj")
    assert page.locator("#rows th[scope=row]").all_inner_texts() == ["H06"]
    page.fill("#filter-words", "")
    page.click("#head button:has-text('Price')")
    assert page.locator("#rows th[scope=row]").first.inner_text() == "H06"
    page.click("#rows button:text-is('H06')")
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert "14 Meadow Road" in popup.inner_text()
    assert "To school" in popup.inner_text()
    assert "#" in page.url
    before = page.evaluate("layers['within-45'].group.getLayers()[0].getLatLngs().flat(3).length")
    page.get_by_label("on empty roads").check()
    after = page.evaluate("layers['within-45'].group.getLayers()[0].getLatLngs().flat(3).length")
    assert before != after
    visit.close(pages[Audience.INTERNAL])


def test_two_homes_are_compared_and_the_table_is_copied(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    page = visit.page
    page.get_by_label("Compare H01").check()
    page.get_by_label("Compare H11").check()
    page.click("#compare")
    text = page.locator("#compared").inner_text()
    assert "H01" in text
    assert "H11" in text
    page.click("#compared button")
    page.click("#copy")
    page.locator("#live", has_text="Table copied").wait_for(state="attached")
    visit.close(pages[Audience.INTERNAL])


def test_a_link_restores_the_view(browser: Any, pages: dict[Audience, Path]) -> None:
    first = Visit(browser, pages[Audience.INTERNAL])
    first.page.get_by_label("from the school").check()
    first.page.get_by_label("Exclusion zones").uncheck()
    first.page.evaluate("void map_plan.setView([51.55, -0.9], 12, {animate: false})")
    first.page.click("#rows button:text-is('H06')")
    first.page.wait_for_timeout(600)
    anchor = first.page.evaluate("location.hash")
    zoom = first.page.evaluate("map_plan.getZoom()")
    first.close(pages[Audience.INTERNAL])
    second = Visit(browser, pages[Audience.INTERNAL], anchor=anchor)
    assert second.page.evaluate("map_plan.getZoom()") == zoom
    assert second.page.get_by_label("from the school").is_checked()
    assert not second.page.get_by_label("Exclusion zones").is_checked()
    assert second.page.evaluate("state.selected") == "H06"
    second.close(pages[Audience.INTERNAL])


def test_the_keyboard_is_enough(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.locator("#rows button").first.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content").wait_for()
    assert page.evaluate("document.getElementById('live').textContent").endswith("selected: passes")
    page.keyboard.press("Escape")
    page.locator(".home-icon.leaflet-marker-icon").first.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content").wait_for()
    visit.close(pages[Audience.INTERNAL])


def test_what_a_user_typed_does_not_run(browser: Any, subject: MapSubject, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    evaluation = subject.evaluation
    homes = evaluation.homes.assign(address=evil, link="javascript:alert(1)", reasons="</script><script>alert(1)</script>")
    changed = replace(subject, evaluation=replace(evaluation, homes=homes))
    path = tmp_path / "evil.html"
    path.write_text(map_html(MapDrawer(changed), Audience.INTERNAL, MADE), encoding="utf-8")
    visit = Visit(browser, path)
    visit.page.click("#rows button:text-is('H06')")
    visit.page.locator(".leaflet-popup-content").wait_for()
    assert evil in visit.page.locator(".leaflet-popup-content").inner_text()
    assert visit.page.locator(".leaflet-popup-content a[href^=javascript]").count() == 0
    visit.close(path)


@pytest.mark.parametrize("audience", list(Audience))
def test_no_serious_barrier_is_found(browser: Any, pages: dict[Audience, Path], audience: Audience) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no accessibility checker")
    visit = Visit(browser, pages[audience])
    found = axe.Axe().run(visit.page)
    serious = [
        v["id"] + ": " + v["nodes"][0]["html"][:120]
        for v in found.response["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    visit.close(pages[audience])


def test_printed_it_is_one_page(browser: Any, pages: dict[Audience, Path]) -> None:
    import io

    from pypdf import PdfReader

    visit = Visit(browser, pages[Audience.INTERNAL])
    visit.page.emulate_media(media="print")
    visit.page.wait_for_timeout(400)
    for size, width in (("A4", 297), ("A3", 420)):
        visit.page.evaluate(
            "size => { document.body.classList.toggle('a3', size === 'A3');"
            " document.getElementById('paper').textContent = `@page { size: ${size} landscape; margin: 10mm; }`; }",
            size,
        )
        printed = PdfReader(io.BytesIO(visit.page.pdf(prefer_css_page_size=True, print_background=True)))
        assert len(printed.pages) == 1
        assert abs(float(printed.pages[0].mediabox.width) / 72 * 25.4 - width) < 2
        text = printed.pages[0].extract_text()
        assert "within" in text.lower()
        assert "OpenStreetMap" in text
    visit.context.close()
