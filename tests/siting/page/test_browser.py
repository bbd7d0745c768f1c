"""Whole journeys in a real browser, from an empty folder with files only; nothing is asked outside.

One server and one run on Rutland serve all tests here, which follow each other as a user's day does.
"""

from pathlib import Path
from typing import Any

import pytest

# All of them need the extract, since each goes on where the one before it ended.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("page"),
    pytest.mark.usefixtures("shared_data", "shared_cases"),
]
HOME = "NC-003"
RIGHT = {
    "7:2": "LE15 6GE", "7:3": "3", "7:4": "", "8:2": "LE15 6GU", "8:3": "3", "9:2": "LE15 6DT", "9:4": "500000",
    "10:2": "LE15 6HB",
}  # fmt: skip
"""What is set right in the cells of the export, by row and column."""
BEDS = {"NC-001": "LE15 9DW", "NC-003": "LE15 6GE", "NC-004": "LE15 6GU", "NC-005": "LE15 6DT", "NC-006": "LE15 6HB"}
WITH_BEDS = "home_id,postcode,beds,price_gbp\n" + "".join(
    f"{name},{postcode},{beds},{400_000 + 50_000 * beds}\n" for beds, (name, postcode) in enumerate(BEDS.items(), start=2)
)
CHILDREN = "child_ref,postcode\n" + "".join(f"C{at},{postcode}\n" for at, postcode in enumerate(BEDS.values()))

CHOSEN = "document.querySelector('#answer [name=before]').value.split('\\t')"


def test_by_keyboard_an_untidy_export_becomes_a_ranked_list(visit: Any, shared_data: Path, shared_cases: Path) -> None:
    page = visit.page
    visit.assert_nothing_serious()
    visit.press("a[href$='/start']")
    visit.press("form button[type=submit]")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    visit.press_to("a[href='#title']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "title"
    visit.assert_nothing_serious()
    page.keyboard.type("One home near Oakham")
    visit.type("#school", "Oakham school")
    visit.type("#school_at", "LE15 6DT")
    visit.choose_file("#network", shared_data / "rutland-2022-07-20.osm.pbf")
    visit.press("form button[type=submit]")
    visit.press("a[href$='/table/candidates']")
    export = shared_cases / "tables" / "messy_export.xlsx"
    visit.choose_file("#file", export)
    visit.press("form button[type=submit]")
    page.wait_for_selector("text=things to correct")
    visit.assert_nothing_serious()
    for at, text in RIGHT.items():
        visit.type(f"[name='cell:{at}']", text)
    visit.press("form[action$='/correct'] button[type=submit]")
    page.wait_for_selector("text=Nothing stops this list")
    visit.press("form[action$='/use'] button[type=submit]")
    visit.press("#run")
    assert page.locator("progress").count() == 1
    visit.wait_for_run()
    visit.press("a[href$='/homes']")
    assert page.locator("#homes tbody tr").count() == len(BEDS)
    visit.assert_nothing_serious()
    visit.press_to("[data-show]")
    page.wait_for_selector("#map canvas")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.picked")
    visit.type("#filter", "zzz")
    page.wait_for_selector("text=0 homes shown")
    (kept,) = visit.folder.glob("*/brought/*")
    assert kept.read_bytes() == export.read_bytes()


def test_a_home_prints_on_one_sheet_with_its_photograph(visit: Any, tmp_path: Path) -> None:
    from pypdf import PdfReader

    page = visit.page
    page.goto(f"{visit.plan('One home near Oakham')}/home/{HOME}")
    picture = tmp_path / "front.png"
    page.screenshot(path=str(picture))
    page.click("text=Add a photograph")
    page.set_input_files("#photograph", picture)
    page.click("text=Keep it")
    page.wait_for_selector(".photographs img")
    assert page.evaluate("document.querySelector('.photographs img').decode().then(() => true)")
    visit.assert_nothing_serious()
    page.pdf(path=str(tmp_path / "home.pdf"), prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "home.pdf").pages) == 1


def test_by_keyboard_a_house_is_asked_about(visit: Any) -> None:
    page = visit.page
    page.goto(visit.plan("One home near Oakham"))
    visit.press("nav a[href$='/house']")
    visit.type("#at", "nowhere")
    visit.press("form button[type=submit]")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    visit.type("#at", "LE15 9DW")
    visit.press("form button[type=submit]")
    page.wait_for_selector("text=It would rank")
    visit.assert_nothing_serious()


def test_by_keyboard_homes_are_chosen_and_the_next_run_says_what_changed(visit: Any, tmp_path: Path) -> None:
    page = visit.page
    plan = visit.plan("One home near Oakham")
    for kind, text in (("candidates", WITH_BEDS), ("children", CHILDREN)):
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        page.goto(f"{plan}/table/{kind}")
        visit.choose_file("#file", tmp_path / f"{kind}.csv")
        visit.press("form button[type=submit]")
        page.wait_for_selector("text=Nothing stops this list")
        visit.press("form[action$='/use'] button[type=submit]")
    visit.press("#run")
    visit.wait_for_run()
    page.goto(f"{plan}/changes")
    page.wait_for_selector("text=What the runs were made from")
    visit.assert_nothing_serious()
    visit.press("nav a[href$='/choose']")
    visit.press_to("[data-slides=homes]")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.input_value("#homes") == "2"
    page.wait_for_function(f"() => {CHOSEN}.length == 2")
    visit.press_to("[name='fix:NC-006']")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"() => {CHOSEN}.includes('NC-006')")
    visit.press_to("button[name=home]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[id^=why-] li")
    visit.assert_nothing_serious()
    visit.type("#name", "Two with NC-006")
    visit.press("button[formaction$='/keep']")
    page.wait_for_selector("td:has-text('NC-006')")
    visit.press("a[href*='named=']")
    assert page.is_checked("[name='fix:NC-006'][value=in]")
    visit.press("button[formaction$='/board']")
    visit.wait_for_run()
    assert list(visit.folder.glob("*/*-results/choices/this-choice/portfolio.pdf"))


def test_by_keyboard_a_home_without_an_address_near_it_is_said_to_have_none(visit: Any) -> None:
    page = visit.page
    homes = f"{visit.plan('One home near Oakham')}/engage"
    page.goto(homes)
    visit.press(f"a[href$='/engage/{HOME}']")
    visit.press("form[action$='/make'] button")
    visit.wait_for_run()
    page.goto(f"{homes}/{HOME}")
    page.wait_for_selector("text=No address is on the list")
    page.wait_for_selector("text=The letters are drafts")
    assert page.locator("button:has-text('Make the papers again')").count() == 1
    visit.assert_nothing_serious()
    visit.press("a[href$='/boundary']")
    page.wait_for_selector("text=distances are from one point: draw the boundary")
    visit.assert_nothing_serious()
    page.goto(f"{homes}/{HOME}")
    visit.pick("#event", "Members were briefed")
    visit.press("form[action$='/log'] button")
    page.wait_for_selector("text=It is written into the register")
    visit.press("form[action$='/make'] button")
    visit.wait_for_run()
    page.goto(f"{homes}/{HOME}")
    page.wait_for_selector("text=The letters are released")
    assert visit.save("a:text-is('Whom else to tell')").read_bytes().startswith(b"%PDF")


def test_maps_of_real_roads_are_handed_on(visit: Any) -> None:
    visit.page.goto(f"{visit.plan('One home near Oakham')}/maps")
    texts = {
        key: visit.save(f"a:has-text('Save map-{key}.html')").read_text(encoding="utf-8")
        for key in ("internal", "partner", "public")
    }
    assert [HOME in texts[key] for key in texts] == [True, False, False]


def test_nothing_outside_was_asked_for_and_nothing_complained(visit: Any) -> None:
    assert visit.outside == []
    assert [text for text in visit.complaints if "422" not in text] == []
