"""The maps in a real browser with the network refused: opened, clicked, typed into."""

import base64
import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image
from pypdf import PdfReader

from maps.files import map_html
from maps.layers import MapDrawer
from maps.page import map_page
from maps.privacy.subject import EngagementArea, MapSubject
from maps.time_grid import times_ms, whole_minutes
from siting.documents.looks import area_colour, mixed
from siting.words import Audience

MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)
SIZES = {"phone": (390, 844), "laptop": (1366, 768), "desk": (1920, 1080)}


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
    first.page.get_by_label("Lines to all families").check()
    first.page.get_by_label("Show families by postcode district only").check()
    first.page.fill("#filter-minutes", "40")
    first.page.click("#head button:has-text('Price')")
    first.page.get_by_label("Compare H01").check()
    first.page.get_by_label("Compare H04").check()
    first.page.locator("#slider").fill("20")
    first.page.evaluate("void map_plan.setView([51.55, -0.9], 12, {animate: false})")
    first.page.click("#rows button:text-is('H06')")
    first.page.wait_for_timeout(600)
    anchor = first.page.evaluate("location.hash")
    assert len(lines_to_families(first.page)) == 20
    zoom = first.page.evaluate("map_plan.getZoom()")
    first.close(pages[Audience.INTERNAL])
    second = Visit(browser, pages[Audience.INTERNAL], anchor=anchor)
    assert second.page.evaluate("map_plan.getZoom()") == zoom
    assert second.page.get_by_label("from the school").is_checked()
    assert not second.page.get_by_label("Exclusion zones").is_checked()
    assert second.page.evaluate("state.selected") == "H06"
    assert second.page.get_by_label("Lines to all families").is_checked()
    assert len(lines_to_families(second.page)) == 20
    assert second.page.get_by_label("Show families by postcode district only").is_checked()
    assert second.page.locator("#filter-minutes").input_value() == "40"
    assert second.page.locator("#head th[aria-sort=ascending]").inner_text() == "Price"
    assert second.page.get_by_label("Compare H04").is_checked()
    assert second.page.locator("#compare").is_enabled()
    assert second.page.locator("#slider-words").inner_text() == "within 20 minutes, from school on the school run"
    # The slider's ground follows the journey.
    shade = "document.querySelector('.leaflet-shade-pane img').src"
    before = second.page.evaluate(shade)
    second.page.get_by_label("to the school").check()
    second.page.locator("#slider-words", has_text="to school").wait_for()
    assert second.page.evaluate(shade) != before
    # A link that is pasted where the page already stands is followed.
    pasted = anchor.replace("within=20", "within=30")
    second.page.evaluate("anchor => { location.hash = anchor; }", pasted)
    second.page.locator("#slider-words", has_text="within 30 minutes").wait_for()
    second.close(pages[Audience.INTERNAL])


def lines_to_families(page: Any) -> list[Any]:
    """Return the lines drawn from the selected home to families."""
    drawn = "layers.detail.group.getLayers().filter((one) => one.options.color === looks.family).map(() => 1)"
    page.wait_for_function(drawn + ".length > 0")
    return list(page.evaluate(drawn))


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
    page.locator(".leaflet-popup-content").wait_for(state="detached")
    assert page.evaluate("document.activeElement.closest('#rows') !== null")
    sign = page.get_by_role("button", name="Home H04: passes, rank 1, chosen")
    sign.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="1. H04").wait_for()
    page.locator(".leaflet-popup-content").wait_for()
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup-content").wait_for(state="detached")
    assert "home-icon" in page.evaluate("document.activeElement.className")
    page.locator("#measure").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert "miles" in page.locator("#live").inner_text()
    assert not page.locator("#live").inner_text().startswith("0.00")
    page.keyboard.press("Escape")
    assert page.locator("#measure").get_attribute("aria-pressed") == "false"
    visit.close(pages[Audience.INTERNAL])


def test_what_a_user_typed_does_not_run(
    browser: Any, subject: MapSubject, redrawn: Callable[..., MapDrawer], tmp_path: Path
) -> None:
    evil = "<img src=x onerror=alert(1)>"
    evaluation = subject.evaluation
    homes = evaluation.homes.assign(address=evil, link="javascript:alert(1)", reasons="</script><script>alert(1)</script>")
    path = tmp_path / "evil.html"
    path.write_text(map_html(redrawn(evaluation=replace(evaluation, homes=homes)), Audience.INTERNAL, MADE), encoding="utf-8")
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
    for opened in ("", "if (homes.length) select(homes[0].home_id, true)"):
        visit.page.evaluate(f"() => {{ {opened} }}")
        # A window that is still fading in has not its colours yet.
        visit.page.wait_for_function(
            "() => [...document.querySelectorAll('.leaflet-popup')].every(one => getComputedStyle(one).opacity === '1')"
        )
        found = axe.Axe().run(visit.page).response["violations"]
        assert serious(found) == []
    if audience is Audience.INTERNAL:
        for size in ("phone", "desk"):
            visit.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
            assert serious(axe.Axe().run(visit.page).response["violations"]) == [], size
    visit.close(pages[audience])


def serious(found: list[dict[str, Any]]) -> list[str]:
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in {"serious", "critical"}]


def test_minutes_on_lines_cover_no_name_no_sign_and_not_each_other(browser: Any, pages: dict[Audience, Path]) -> None:
    """As the browser lays them out, for each of several homes, on a phone and on a desk, farther and nearer."""
    visit = Visit(browser, pages[Audience.INTERNAL])
    seen = 0
    for size in ("phone", "desk"):
        visit.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        for home_id, zoom in (("H06", 9), ("H13", 10), ("H04", 11)):
            visit.page.evaluate(
                f"() => {{ select('{home_id}', false); theMap.setView(at(home('{home_id}').at), {zoom}, {{ animate: false }}); }}"
            )
            lines_to_families(visit.page)
            labels, covered = visit.page.evaluate(
                "() => new Promise((done) => whenIdle(() => whenIdle(() => { const boxes = (some) =>"
                # One that is taken away fades for a while.
                " [...document.querySelectorAll(some)].filter((one) => one.style.opacity !== '0')"
                ".map((one) => one.getBoundingClientRect()).filter((one) => one.width);"
                " const labels = boxes('.leaflet-tooltip.minutes');"
                " const others = boxes('.place-name, .home-icon.leaflet-marker-icon');"
                " const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1"
                " && b.top < a.bottom - 1;"
                " done([labels.length, labels.flatMap((one, at) => [...labels.slice(at + 1), ...others]"
                ".filter((other) => over(one, other))).length]); })))"
            )
            assert covered == 0, (size, home_id)
            seen += labels
    assert seen > 10
    visit.close(pages[Audience.INTERNAL])


def test_the_map_of_a_street_shows_its_neighbours_in_words_too_and_no_minutes(
    browser: Any, drawer: MapDrawer, tmp_path: Path
) -> None:
    x_m, y_m = 485_586.5, 186_371.4
    plot = shapely.box(x_m - 10, y_m - 10, x_m + 10, y_m + 10)
    usual = {"distance_m": 3.21, "basis": "plot"}
    told = tuple(
        {"number": str(n), "address": f"{n} Kiln & Sons' <b>Road", "x_m": x_m + 20 * n, "y_m": y_m, **usual} for n in (1, 2)
    )
    area = EngagementArea(home_id="H04", boundary=plot, area=shapely.buffer(plot, 20), neighbours=told)
    path = tmp_path / "street.html"
    path.write_text(map_html(drawer.showing(area), Audience.INTERNAL, MADE), encoding="utf-8")
    visit = Visit(browser, path)
    page = visit.page
    assert "2 addresses lie within 20 metres" in page.inner_text("#summary")
    assert "2 Kiln & Sons' <b>Road" in page.inner_text("#neighbours")
    assert page.locator(".door-number").count() == 2
    assert not page.get_by_label("Within 15 minutes").is_checked()
    page.evaluate("toPaper()")
    assert "1 1 Kiln & Sons' <b>Road; 2 2 Kiln" in page.text_content("#print-homes")
    assert "15 min" not in page.text_content("#print-legend")
    visit.close(path)


def colours(picture: Any) -> dict[tuple[int, int, int], int]:
    """Count the colours of a picture."""
    return {colour: count for count, colour in picture.convert("RGB").getcolors(1 << 24)}


def shown_bands(picture: Any) -> list[float]:
    """Return the share of each band's mixed colour in a picture."""
    found = colours(picture)
    whole = picture.width * picture.height
    wanted = [tuple(int(mixed(area_colour(at))[i : i + 2], 16) for i in (1, 3, 5)) for at in range(3)]
    return [
        sum(n for colour, n in found.items() if max(abs(a - b) for a, b in zip(colour, want, strict=True)) <= 3) / whole
        for want in wanted
    ]


def screen(page: Any) -> Any:
    return Image.open(io.BytesIO(page.locator("#map-place").screenshot()))


@pytest.mark.parametrize(("size", "wide_mm", "high_mm"), [("a4", 297, 210), ("a3", 420, 297)])
@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.PUBLIC])
def test_printed_it_is_one_whole_page(
    browser: Any, pages: dict[Audience, Path], audience: Audience, size: str, wide_mm: int, high_mm: int, tmp_path: Path
) -> None:
    to_picture = shutil.which("pdftoppm")
    if to_picture is None:
        pytest.skip("no pdftoppm to look at a printed page with")
    visit = Visit(browser, pages[audience])
    before = shown_bands(screen(visit.page))
    assert all(share > 0.0002 for share in before)
    visit.page.evaluate("size => setPaper(size)", size)
    path = tmp_path / "printed.pdf"
    path.write_bytes(visit.page.pdf(prefer_css_page_size=True, print_background=True))
    assert shown_bands(screen(visit.page)) == pytest.approx(before, rel=0.2)
    (printed,) = PdfReader(path).pages
    assert (float(printed.mediabox.width) / 72 * 25.4, float(printed.mediabox.height) / 72 * 25.4) == pytest.approx(
        (wide_mm, high_mm), abs=1.5
    )
    subprocess.run([to_picture, "-r", "80", "-png", "-singlefile", str(path), str(tmp_path / "printed")], check=True)
    assert all(share > 0.0002 for share in shown_bands(Image.open(tmp_path / "printed.png")))
    text = " ".join(printed.extract_text().split())
    for told in ("Chilterns", "to the school", "Within 15 minutes", "30 to 45 minutes", "School", "Councils", "mi", "N",
                 "OpenStreetMap", "25 November 2026", "High Wycombe"):  # fmt: skip
        assert told in text.replace("homes near High Wycombe", ""), told
    for told in ("families", "Exclusion zones", "chosen", "home: passes"):
        assert (told in text) == (audience is Audience.INTERNAL), told
    visit.close(pages[audience])


def test_every_home_can_be_clicked_and_the_schools_town_is_named_at_first(browser: Any, pages: dict[Audience, Path]) -> None:
    for size in SIZES.values():
        visit = Visit(browser, pages[Audience.INTERNAL], size)
        assert visit.page.evaluate(HIDDEN_SIGNS) == []
        assert "High Wycombe" in visit.page.locator(".place-name").all_inner_texts()
        visit.close(pages[Audience.INTERNAL])


HIDDEN_SIGNS = """[...document.querySelectorAll('.home-icon.leaflet-marker-icon')].filter((sign) => {
  const { left, top, width, height } = sign.getBoundingClientRect();
  const found = document.elementFromPoint(left + width / 2, top + height / 2);
  return !found || found.closest('.leaflet-marker-icon') !== sign;
}).map((sign) => sign.title)"""
"""The homes whose sign lies under something else, or beyond the map."""


def test_homes_of_one_place_stand_side_by_side_and_none_under_the_school(
    browser: Any, subject: MapSubject, redrawn: Callable[..., MapDrawer], tmp_path: Path
) -> None:
    homes = subject.evaluation.homes
    star = subject.evaluation.schools.geometry.iloc[0]
    stacked = homes.set_geometry([star if n < 3 else homes.geometry.iloc[5 if n < 9 else n] for n in range(len(homes))])
    path = tmp_path / "stacked.html"
    changed = redrawn(evaluation=replace(subject.evaluation, homes=stacked.set_crs(homes.crs)))
    path.write_text(map_html(changed, Audience.INTERNAL, MADE), encoding="utf-8")
    visit = Visit(browser, path)
    assert visit.page.evaluate(HIDDEN_SIGNS) == []
    assert visit.page.locator(".home-icon.leaflet-marker-icon").count() == 15
    visit.close(path)


def test_minutes_of_the_grid_are_those_of_homes(subject: MapSubject) -> None:
    frame = subject.evaluation.homes
    found = times_ms(subject, frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy())
    for column, time_ms in zip(("to_school_min", "from_school_min"), found.values(), strict=True):
        assert np.allclose(time_ms / 60_000, frame[column])


def test_minutes_are_told_of_a_place_to_the_minute(browser: Any, pages: dict[Audience, Path], subject: MapSubject) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    page = visit.page
    told = page.evaluate(
        "openGrids().then(() => homes.map((one) => { const [lat, lng] = at(one.at);"
        " return [minutesAt({lat, lng}, 'to_school'), minutesAt({lat, lng}, 'from_school')]; }))"
    )
    frame = subject.evaluation.homes
    within = []
    for column, told_way in zip(("to_school_min", "from_school_min"), zip(*told, strict=True), strict=True):
        for value, (least, most) in zip(frame[column], told_way, strict=True):
            within.append(least - 1.5 <= value <= most + 1.5)
    assert sum(within) >= 0.9 * len(within)
    named = {child.place.postcode: child.place for child in subject.inputs.children if child.place is not None}
    places = [place.within(subject.evaluation.network.system) for place in named.values()]
    x_m, y_m = np.array([place.x_m for place in places]), np.array([place.y_m for place in places])
    wanted = [whole_minutes(found).tolist() for found in times_ms(subject, x_m, y_m).values()]
    ask = (
        "codes => openPostcodes().then((known) => codes.map((code) => known.get(code))"
        ".map((one) => one ? [one.to_school, one.from_school] : null))"
    )
    exact = page.evaluate(ask, [str(code).replace(" ", "") for code in named])
    pairs = [(one, list(want)) for one, want in zip(exact, zip(*wanted, strict=True), strict=True) if one]
    assert len(pairs) >= 10
    assert [one for one, _ in pairs] == [want for _, want in pairs]
    page.fill("#search-words", "14 Somewhere Street, hp11 2jz")
    page.keyboard.press("Enter")
    page.locator("#found", has_text=" to school").wait_for()
    assert re.match(r"HP11 2JZ: \d minutes? to school, \d minutes? back on the school run", page.locator("#found").inner_text())
    page.fill("#search-words", "Aylesbury")
    page.keyboard.press("Enter")
    page.locator("#found", has_text="Aylesbury: ").wait_for()
    page.fill("#search-words", "Nowhere at all")
    page.keyboard.press("Enter")
    page.locator("#found", has_text="Not found").wait_for()
    page.evaluate("{ const one = document.getElementById('slider'); one.value = 20; one.dispatchEvent(new Event('input')); }")
    page.locator("#slider-words", has_text="within 20 minutes").wait_for()
    assert page.locator(".leaflet-shade-pane img").count() == 1
    visit.close(pages[Audience.INTERNAL])


@pytest.mark.parametrize("audience", [Audience.PARTNER, Audience.PUBLIC])
def test_no_times_but_those_of_homes_are_in_what_is_passed_on(
    browser: Any, pages: dict[Audience, Path], audience: Audience
) -> None:
    visit = Visit(browser, pages[audience])
    assert visit.page.evaluate("[plan.times, plan.postcodes, plan.minutes, plan.families].every((one) => one === undefined)")
    assert visit.page.locator("#ask").count() + visit.page.locator("#slider").count() == 0
    columns = {"status", "beds", "authority"} if audience is Audience.PARTNER else set()
    shown = set(visit.page.evaluate("[...document.querySelectorAll('[data-filter]')].map((one) => one.dataset.filter)"))
    assert shown & {"status", "beds", "authority", "price", "chosen"} == columns
    visit.close(pages[audience])


def test_filters_by_status_choice_and_view_and_the_table_as_a_file(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    page = visit.page
    page.check("#filter-chosen")
    assert page.locator("#rows tr").count() == 3
    with page.expect_download() as waiting:
        page.click("#save")
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len([line for line in lines if line.startswith(('"1"', '"4"', '"6"')) or '"H0' in line]) == 3
    assert any("Do not publish" in line for line in lines)
    page.uncheck("#filter-chosen")
    page.check("#filter-extent")
    page.evaluate("void map_plan.setView(at(home('H06').at), 13, {animate: false})")
    page.wait_for_timeout(300)
    assert page.locator("#rows th[scope=row]").all_inner_texts() == ["H06"]
    anchor = page.evaluate("location.hash")
    visit.close(pages[Audience.INTERNAL])
    again = Visit(browser, pages[Audience.INTERNAL], anchor=anchor)
    assert again.page.locator("#filter-extent").is_checked()
    assert again.page.locator("#rows th[scope=row]").all_inner_texts() == ["H06"]
    again.close(pages[Audience.INTERNAL])


def test_at_four_times_the_size_nothing_runs_off_the_page(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL], (320, 256))
    wide = visit.page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
    assert max(wide) <= 320
    content = visit.page.locator("meta[name=viewport]").get_attribute("content")
    assert "maximum-scale" not in content
    assert "user-scalable" not in content
    visit.close(pages[Audience.INTERNAL])


def test_what_is_pressed_is_large_enough(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    small = visit.page.evaluate(
        "[...document.querySelectorAll('button, select, input, summary, .leaflet-marker-icon[tabindex]')].map((one) =>"
        " (one.closest('label') ?? one)).filter((one) => { const { width, height } = one.getBoundingClientRect();"
        " return width && (width < 24 || height < 23.5); }).map((one) => one.outerHTML.slice(0, 90))"
    )
    assert small == []
    visit.close(pages[Audience.INTERNAL])


def test_a_selected_row_is_not_under_the_tables_head(browser: Any, pages: dict[Audience, Path]) -> None:
    visit = Visit(browser, pages[Audience.INTERNAL])
    page = visit.page
    page.evaluate("document.querySelector('.table-place').style.maxHeight = '160px'")
    page.evaluate("document.querySelector('.table-place').scrollTop = 9999")
    page.evaluate("select('H02', false)")
    under = page.evaluate(
        "document.querySelector('#rows tr.selected').getBoundingClientRect().top"
        " - document.querySelector('#head').getBoundingClientRect().bottom"
    )
    assert under >= -1
    visit.close(pages[Audience.INTERNAL])


@pytest.mark.slow
def test_five_hundred_homes_are_gathered_in_signs_that_can_be_opened(browser: Any, drawer: MapDrawer, tmp_path: Path) -> None:
    values = drawer.values(Audience.INTERNAL, made="today")
    homes = []
    for n in range(500):
        one = values["homes"][n % 15]
        homes.append(one | {"home_id": f"H{n:03d}", "at": [at + 700 * (n // 15) * (-1) ** n for at in one["at"]]})
    tenths = np.full((500, len(values["families"])), 123, dtype="<u2")
    minutes = base64.b64encode(zlib.compress(tenths.tobytes())).decode()
    path = tmp_path / "many.html"
    path.write_text(map_page(values | {"homes": homes, "minutes": minutes}), encoding="utf-8")
    visit = Visit(browser, path)
    page = visit.page
    signs = page.locator(".leaflet-marker-icon.home-icon").count()
    gathered = sum(int(words) for words in page.locator(".cluster").all_inner_texts())
    assert signs + gathered == 500
    assert page.locator(".cluster").count() < 150
    zoom = page.evaluate("map_plan.getZoom()")
    page.evaluate("document.querySelector('.cluster-place').click()")
    page.wait_for_timeout(600)
    assert page.evaluate("map_plan.getZoom()") > zoom
    page.evaluate("select('H321', true)")
    page.locator(".leaflet-popup-content").wait_for()
    assert "H321" in page.locator(".leaflet-popup-content").inner_text()
    visit.close(path)
