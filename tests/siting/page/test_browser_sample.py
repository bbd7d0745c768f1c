"""The sample's three jobs to their end in a real browser: homes chosen, neighbours told, maps handed on.

One server and one run serve all tests here, which follow each other as a user's days do; the server is killed on the way.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from siting.documents.pdf_text import texts_of_pages

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.xdist_group("page-sample")]
HOME = "H04"
"""The home that the sample has bought; a run makes its papers."""
CHOSEN = "document.querySelector('#answer [name=before]').value.split('\\t')"
KEPT_FOR_US = "their dog bit the postman"
"""A reason that is kept and printed nowhere."""


def plan_of(visit: Any) -> str:
    address: str = visit.plan("Chilterns")
    return address


def results(visit: Any) -> Path:
    (found,) = visit.folder.glob("*/*-results")
    assert isinstance(found, Path)
    return found


def text_of(path: Path) -> str:
    return " ".join(texts_of_pages(path.read_bytes()))


def keep_as(page: Any, name: str) -> None:
    page.fill("#name", name)
    page.click("button[formaction$='/keep']")


def test_the_sample_is_tried_by_keyboard(visit: Any) -> None:
    visit.press("#sample")
    visit.wait_for_run()
    visit.assert_nothing_serious()


def test_names_on_the_map_lie_under_nothing_and_the_schools_town_is_among_them(visit: Any) -> None:
    page = visit.page
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{plan_of(visit)}/homes")
        page.wait_for_selector(".place-name")
        names = page.locator(".place-name").all_inner_texts()
        assert "High Wycombe" in names
        assert len(names) > 5
        covered = page.evaluate(
            "() => { const boxes = [...document.querySelectorAll('.place-name, .school-mark.leaflet-marker-icon')]"
            ".map((one) => one.getBoundingClientRect()); return boxes.flatMap((a, i) => boxes.slice(i + 1)"
            ".filter((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1))"
            ".length; }"
        )
        assert covered == 0
    page.set_viewport_size({"width": 1366, "height": 900})


def test_homes_are_chosen_by_sliders_and_switches(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/choose")
    page.wait_for_function(f"() => {CHOSEN}.length == 6")
    visit.assert_nothing_serious()
    page.click("label:has(> [name='fix:H02'][value=in])")
    page.wait_for_function(f"() => {CHOSEN}.includes('H02')")
    page.wait_for_selector("text=Now in: H02")
    page.click("label:has(> [name='fix:H03'][value=out])")
    page.wait_for_function(f"() => !{CHOSEN}.includes('H03')")
    page.fill("[data-slides=homes]", "7")
    page.dispatch_event("[data-slides=homes]", "change")
    assert page.input_value("#homes") == "7"
    page.wait_for_function(f"() => {CHOSEN}.length == 7")
    page.fill("#budget_gbp", "1000")
    page.press("#budget_gbp", "Enter")
    page.wait_for_selector("text=No choice of homes keeps every rule")
    page.go_back()


def test_named_choices_stand_side_by_side_and_the_trade_is_clicked(visit: Any) -> None:
    page = visit.page
    choose = f"{plan_of(visit)}/choose"
    page.goto(choose)
    keep_as(page, "As the plan has it")
    page.wait_for_selector("text=The choice is kept")
    page.check("[name=objective][value=cost]")
    page.wait_for_selector("text=Now in")
    keep_as(page, "The least money")
    page.wait_for_selector("#named ~ div td:has-text('£')")
    assert page.locator("a[href*='named=']").all_inner_texts() == ["As the plan has it", "The least money"]
    visit.assert_nothing_serious()
    page.click("text=Show what less money would bring")
    page.wait_for_selector(".trade circle")
    visit.assert_nothing_serious()
    page.locator(".trade a").last.click()
    page.wait_for_url("**budget=*")
    cheapest = page.input_value("#budget_gbp")
    assert float(cheapest.replace(",", "")) > 0
    page.click("a:has-text('The least money')")
    page.click("text=Write the board paper")
    visit.wait_for_run()
    paper = text_of(results(visit) / "choices" / "this-choice" / "portfolio.pdf")
    assert all(home in paper for home in ("H01", "H04"))
    page.goto(f"{choose}#named")
    page.click("button:has-text('Take away') >> nth=1")
    page.click("#undo")
    page.wait_for_selector("a:has-text('The least money')")


def test_the_boundary_is_drawn_and_the_drawing_is_undone(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/engage/{HOME}/boundary")
    page.wait_for_selector("#bounds path")
    page.check("[name=how][value=drawn]")
    box = page.locator("#bounds").bounding_box()
    for x, y in ((0.45, 0.45), (0.55, 0.45), (0.55, 0.55), (0.45, 0.55)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(400)
    assert len(page.input_value("#corners").splitlines()) == 4
    visit.assert_nothing_serious()
    page.fill("#reason", "walked on Monday")
    page.click("text=Confirm this boundary")
    page.wait_for_selector("text=The boundary is kept")
    page.click("#undo")
    page.wait_for_selector("text=The boundary is as it was")


def test_neighbours_are_taken_out_and_added_for_a_reason_that_is_not_printed(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/engage/{HOME}")
    page.wait_for_selector("text=The letters are drafts")
    page.click("summary:has-text('Take out') >> nth=0")
    out = page.locator("[name=address]").first.input_value()
    page.fill("#reason", KEPT_FOR_US)
    page.click("details[open] button:has-text('Take out')")
    page.wait_for_selector("text=The decision is kept")
    page.locator("summary:has-text('Change')").nth(1).click()
    page.fill("details[open] [name=add_reason]", KEPT_FOR_US)
    into = page.locator("details[open] [name=address]").input_value()
    page.click("details[open] button[value=add]")
    page.wait_for_selector("text=The decision is kept")
    visit.assert_nothing_serious()
    page.select_option("#event", "briefed")
    page.click("text=Write it down")
    page.wait_for_selector("text=It is written into the register")
    page.click("text=Make the papers again")
    visit.wait_for_run()
    page.goto(f"{plan_of(visit)}/engage/{HOME}")
    page.wait_for_selector("text=The letters are released")
    visit.assert_nothing_serious()
    home = results(visit) / "homes" / HOME
    told = (home / "neighbours.csv").read_text(encoding="utf-8-sig")
    assert out not in told
    assert into in told
    letters = visit.save("a:text-is('The letters')")
    assert "draft" not in text_of(letters).lower()
    for path in (letters, *home.glob("*.pdf")):
        assert KEPT_FOR_US not in text_of(path), path
    for path in (*home.glob("*.csv"), *home.glob("*.html"), *home.glob("*.ics")):
        assert KEPT_FOR_US not in path.read_text(encoding="utf-8"), path


def test_a_visit_is_moved_by_dragging_and_by_keyboard(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/engage/{HOME}/visits")
    # The whole day is in sight, since a scripted drag would begin where the page was before it scrolled.
    page.set_viewport_size({"width": 1366, "height": 2400})
    moved = page.locator(".card-move").first.get_attribute("data-about")
    slot = page.locator(".slot.is-free").first.get_attribute("data-slot")
    page.drag_and_drop(".card-move >> nth=0", ".slot.is-free >> nth=0")
    page.wait_for_selector("text=The time is kept")
    assert page.locator(f".slot[data-slot='{slot}'] [data-about='{moved}']").count() == 1
    page.set_viewport_size({"width": 1366, "height": 900})
    visit.assert_nothing_serious()
    page.goto(f"{plan_of(visit)}/engage/{HOME}/visits")
    visit.press_to("#about")
    page.keyboard.press("ArrowDown")
    visit.press_to("#to")
    page.keyboard.press("End")
    wanted = page.input_value("#to"), page.input_value("#about")
    visit.press("#moving button[type=submit]")
    page.wait_for_selector("text=The time is kept")
    assert page.locator(f".slot[data-slot='{wanted[0]}'] [data-about='{wanted[1]}']").count() == 1
    visit.press("#undo")
    page.wait_for_selector("text=They have the time that they had before")


def test_the_register_goes_along_without_a_network_and_comes_back_once(visit: Any, browser: Any, tmp_path: Path) -> None:
    page = visit.page
    day = f"{plan_of(visit)}/engage/{HOME}/day"
    page.goto(day)
    page.click("text=Take it along")
    visit.assert_nothing_serious()
    taken = tmp_path / "day.html"
    taken.write_bytes(visit.save("a[download]").read_bytes())
    tablet = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True, offline=True, accept_downloads=True)
    street = tablet.new_page()
    asked: list[str] = []
    street.on("request", lambda request: asked.append(request.url))
    street.goto(taken.as_uri())
    buttons = street.locator(".visit button[data-event=concern]")
    assert min(buttons.first.bounding_box()[side] for side in ("width", "height")) >= 44
    street.locator(".visit input").first.fill("asked about parking")
    buttons.first.tap()
    street.reload()
    street.wait_for_selector("text=1 entries are noted")
    with street.expect_download() as saved:
        street.click("#save")
    answers = tmp_path / "answers.json"
    answers.write_bytes(Path(saved.value.path()).read_bytes())
    tablet.close()
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert json.loads(answers.read_text(encoding="utf-8"))["entries"][0]["note"] == "asked about parking"
    for words in ("1 entries are written into the register; 0", "0 entries are written into the register; 1"):
        page.goto(day)
        page.click("text=Take it along")
        page.set_input_files("#answers", answers)
        page.click("text=Bring the answers in")
        page.wait_for_selector(f"text={words}")
    page.set_viewport_size({"width": 820, "height": 1180})
    page.fill("#note-1-1", "will come again")
    page.click(".visit button[value=spoke] >> nth=0")
    page.wait_for_selector("text=It is written into the register")
    page.set_viewport_size({"width": 1366, "height": 900})


def test_two_people_with_a_planner_each_on_one_folder_lose_nothing_of_each_other(visit: Any, browser: Any) -> None:
    second = type(visit)(browser, visit.folder, user="second.person")
    try:
        first, other = visit.page, second.page
        choose, theirs = f"{plan_of(visit)}/choose", f"{plan_of(second)}/choose"
        assert "second.person has had this folder open" in first.inner_text("body")
        assert "first.person has had this folder open" in other.inner_text("body")
        first.goto(choose)
        other.goto(theirs)
        keep_as(first, "Ours")
        first.wait_for_selector("text=The choice is kept")
        keep_as(other, "Theirs")
        other.wait_for_selector("text=Somebody else changed the named choices meanwhile")
        keep_as(other, "Theirs")
        other.wait_for_selector("text=The choice is kept")
        for page, base, note in ((first, choose, "told by the first"), (other, theirs, "told by the second")):
            page.goto(base.replace("/choose", f"/engage/{HOME}"))
            page.select_option("#event", "follow-up")
            page.fill("#note", note)
        for page in (first, other):
            page.click("text=Write it down")
            page.wait_for_selector("text=It is written into the register")
        first.reload()
        told = first.inner_text("main")
        assert all(words in told for words in ("told by the first", "told by the second", "first.person", "second.person"))
    finally:
        second.close()
    visit.page.goto(choose)
    assert "second.person has had this folder open" not in visit.page.inner_text("body")
    names = visit.page.locator("a[href*='named=']").all_inner_texts()
    assert {"Ours", "Theirs", "The least money"} <= set(names)
    assert second.outside == []


def test_what_was_confirmed_on_screen_is_there_after_the_server_is_killed(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/engage/{HOME}")
    page.select_option("#event", "follow-up")
    page.fill("#note", "call about the hedge")
    page.click("text=Write it down")
    page.wait_for_selector("text=It is written into the register")
    visit.kill_and_open_again()
    page.goto(f"{plan_of(visit)}/engage/{HOME}")
    page.wait_for_selector("td:has-text('call about the hedge')")
    page.goto(f"{plan_of(visit)}/choose")
    keep_as(page, "Before the cut")
    page.wait_for_selector("text=The choice is kept")
    before = {path: path.read_bytes() for path in results(visit).rglob("*.csv")}
    page.goto(plan_of(visit))
    page.click("#run")
    page.wait_for_selector("progress")
    visit.kill_and_open_again()
    page.goto(f"{plan_of(visit)}/choose")
    page.wait_for_selector("a:has-text('Before the cut')")
    page.goto(f"{plan_of(visit)}/homes")
    assert page.locator("#homes tbody tr").count() == 15
    assert {path: path.read_bytes() for path in results(visit).rglob("*.csv")} == before


def test_maps_for_three_audiences_are_handed_on(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/maps")
    visit.assert_nothing_serious()
    texts = {
        key: visit.save(f"a:has-text('Save map-{key}.html')").read_text(encoding="utf-8")
        for key in ("internal", "partner", "public")
    }
    assert ["14 Mill Road" in texts[key] for key in texts] == [True, False, False]
    assert ["14 Beech Road" in texts[key] for key in texts] == [True, True, False]


def test_a_purchase_that_came_to_nothing_is_called_off_and_may_go_on_again(visit: Any) -> None:
    page = visit.page
    there = f"{plan_of(visit)}/engage/{HOME}"
    page.goto(there)
    page.select_option("#event", "withdrawn")
    page.click("button:has-text('Write it down')")
    page.wait_for_selector(".notice:has-text('The purchase came to nothing.')")
    visit.assert_nothing_serious()
    assert page.locator("button:has-text('Make the papers again')").count() == 0
    called_off = visit.save("a:has-text('The visits called off')").read_text(encoding="utf-8")
    assert "STATUS:CANCELLED" in called_off
    page.click("#undo")
    page.wait_for_selector("button:has-text('Make the papers again')")


def test_what_is_personal_is_forgotten_once_the_name_is_typed(visit: Any) -> None:
    page = visit.page
    page.goto(f"{plan_of(visit)}/engage/{HOME}")
    page.click("summary:has-text('Forget what is personal')")
    page.fill("#confirm", "H4")
    page.click("button:text-is('Forget')")
    page.wait_for_selector("text=Type the home's name to confirm")
    page.fill("#confirm", HOME)
    page.click("button:text-is('Forget')")
    page.wait_for_selector(".done:has-text('entries of the register are blanked')")
    assert "Destroy by hand:" in page.inner_text(".done")
    assert not (results(visit) / "homes" / HOME / "letters.pdf").exists()
    assert "asked about parking" not in page.content()
    assert b"asked about parking" not in (results(visit) / "homes" / HOME / "register.sqlite").read_bytes()


def test_another_server_of_this_machine_is_sent_no_cookie(visit: Any) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    sent: list[str] = []

    class Hostile(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append(self.headers.get("cookie", ""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Hostile) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        seen = len(visit.outside)
        for path in ("/", "/plan/x"):
            visit.page.goto(f"http://127.0.0.1:{server.server_port}{path}")
        del visit.outside[seen:]
        server.shutdown()
    assert len(sent) >= 2
    assert set(sent) == {""}
    assert visit.context.cookies(f"{visit.base}/")


def test_nothing_outside_was_asked_for_and_nothing_complained(visit: Any) -> None:
    assert visit.outside == []
    assert [text for text in visit.complaints if "422" not in text and "ERR_" not in text] == []
