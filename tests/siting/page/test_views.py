"""What the page answers, asked without a browser."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from tiny_plan import write_tiny_plan

PLAN = '[area]\nplace = "Rutland"\n[[schools]]\nname = "S"\n'
NASTY = "<script>alert(1)</script>"


def kept(home_id: str, **more: Any) -> dict[str, Any]:
    usual = {
        "rank": 1, "home_id": home_id, "verdict": "pass", "status": "candidate", "school": "S", "to_school_min": 10.0,
        "from_school_min": 11.0, "margin_min": 34.0, "error_min": 1.0, "reasons": "It is near.", "lat": 52.6, "lon": -0.7,
        "address": None, "link": None, "price_gbp": None, "beds": None, "bedrooms": None, "authority": None, "route": None,
        "school_road_miles": 3.0, "children_within_family_miles": None, "median_family_min": None, "worst_family_min": None,
    }  # fmt: skip
    return usual | more


def keep(folder: Path, homes: list[dict[str, Any]], name: str = "2026-01-02T030405Z.json") -> None:
    record = {
        "version": 1, "made": "2026-01-02T03:04:05+00:00", "program": "1", "title": "A plan",
        "settings": {
            "rules": {"school_minutes": 45.0, "scenario": "school_run", "family_miles": 20.0}, "portfolio": None, "model": {},
        }, "inputs": [],
        "schools": [{"school": "S", "lat": 52.6, "lon": -0.7}], "homes": homes, "portfolio": None, "routes": {}, "area": [],
        "warnings": [],
    }  # fmt: skip
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    (folder / "runs" / name).write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def plan(page: Any) -> Any:
    (page.folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    return page.app.state.folder.plans()[0]


def test_the_welcome_offers_the_sample_and_a_plan(page: Any) -> None:
    text = page.get("/").text
    assert "Try the sample" in text
    assert f'href="{page.access.root}/start"' in text


@pytest.mark.parametrize("damage", [b"{", b'{"version": 1}', b"[1]", b'{"version": 1, "homes": 3}'])
def test_a_newest_run_that_cannot_be_read_is_said_and_the_older_one_named(page: Any, plan: Any, damage: bytes) -> None:
    keep(plan.out, [kept("A")])
    (plan.out / "runs" / "2026-02-03T120506Z.json").write_bytes(damage)
    for path in (f"/plan/{plan.key}", f"/plan/{plan.key}/homes", f"/plan/{plan.key}/home/A"):
        text = page.get(path).text
        assert re.search(r"The newest run, of 3 February 2026, \d\d:\d\d, cannot be read", text)
        assert re.search(r"What is shown is of the run of \d January 2026", text)
    (plan.out / "runs" / "2026-01-02T030405Z.json").unlink()
    text = page.get(f"/plan/{plan.key}").text
    assert re.search(r"The run of 3 February 2026, \d\d:\d\d cannot be read", text)
    assert "has not been run yet" not in text


def test_a_form_with_errors_links_each_to_its_field_and_keeps_what_was_typed(page: Any) -> None:
    answer = page.post("/start", {"title": "Mine", "minutes": "many", "roads": "place"})
    assert answer.status_code == 422
    for field in ("school", "school_at", "minutes", "place"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
    assert 'value="Mine"' in answer.text
    assert not list(page.folder.iterdir())


def test_what_a_table_holds_is_text_and_its_links_lead_to_web_pages_only(page: Any, plan: Any) -> None:
    keep(plan.out, [kept(NASTY, address=NASTY, reasons=NASTY, link="javascript:alert(1)", authority=NASTY)])
    for path in ("homes", "home/" + NASTY.replace("/", "%2F"), ""):
        text = page.get(f"/plan/{plan.key}/{path}".rstrip("/")).text
        assert NASTY not in text
        assert "javascript:" not in text
    assert "&lt;script&gt;" in page.get(f"/plan/{plan.key}/homes").text


def test_homes_are_sorted_by_any_column_and_the_unknown_stand_last(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A", price_gbp=3.0), kept("B", price_gbp=None), kept("C", price_gbp=1.0)])
    for order, wanted in (("up", ["C", "A", "B"]), ("down", ["A", "C", "B"])):
        text = page.get(f"/plan/{plan.key}/homes?sort=price_gbp&order={order}").text
        assert re.findall(r'data-home="(\w)"', text) == wanted
    assert page.get(f"/plan/{plan.key}/homes?sort=__class__").status_code == 200


def test_what_is_not_known_is_never_nought(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A", verdict="unreachable", to_school_min=None, from_school_min=None, margin_min=None)])
    text = page.get(f"/plan/{plan.key}/home/A").text
    assert "£0" not in text
    assert "not given" in text


def test_a_record_that_is_none_is_passed_over(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A")])
    (plan.out / "runs" / "2027-01-01T000000Z.json").write_text("[1", encoding="utf-8")
    assert "1 homes judged" in page.get(f"/plan/{plan.key}").text


def test_welsh_is_kept_once_asked_for(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A")])
    assert 'lang="cy"' in page.get(f"/plan/{plan.key}/homes?lang=cy").text
    text = page.get(f"/plan/{plan.key}/homes").text
    assert "Dyfarniad" in text
    assert "yn pasio" in text


def test_a_plan_that_is_gone_is_said_to_be(page: Any) -> None:
    answer = page.get("/plan/abc")
    assert answer.status_code == 404
    assert "no longer in the folder" in answer.text


def test_two_tabs_do_not_overwrite_each_other_and_each_is_told_its_own(page: Any, plan: Any) -> None:
    (page.folder / "plan.toml").write_text(PLAN + '[inputs]\ncandidates = "c.csv"\n', encoding="utf-8")
    (page.folder / "c.csv").write_text("home_id,postcode\n", encoding="utf-8")
    address = f"/plan/{plan.key}/table/candidates"
    table = b"home_id,postcode,price_gbp\nA,LE15 6DT,POA\n"
    brought = page.post(address, files={"file": ("a.csv", table, "text/csv")})
    seen = re.search(r'name="seen" value="(\w+)"', page.get(address).text)
    assert seen
    first = page.post(f"{address}/correct", {"seen": seen[1], "cell:2:2": "300000"})
    second = page.post(f"{address}/correct", {"seen": seen[1], "cell:2:2": "900000"})
    assert (first.status_code, second.status_code) == (303, 422)
    assert "Somebody else changed this table meanwhile" in second.text
    assert "300000" in page.get(address).text
    assert "900000" not in page.get(address).text
    said = [page.get(answer.headers["location"]).text for answer in (first, brought)]
    assert "The corrections are kept" in said[0]
    assert "Your file is kept as it came" in said[1]


def test_what_another_file_replaced_is_brought_back_by_an_undo(page: Any, plan: Any) -> None:
    (page.folder / "plan.toml").write_text(PLAN + '[inputs]\ncandidates = "c.csv"\n', encoding="utf-8")
    (page.folder / "c.csv").write_text("home_id,postcode\n", encoding="utf-8")
    address = f"/plan/{plan.key}/table/candidates"
    for name in ("First", "Second"):
        answer = page.post(address, files={"file": (f"{name}.csv", f"home_id,postcode\n{name},LE15 6DT\n".encode(), "text/csv")})
    undo = re.search(r'action="(\S+/undo/\w+)"', page.get(answer.headers["location"]).text)
    assert undo
    assert page.post(undo[1]).status_code == 303
    assert "First.csv" in page.get(address).text
    assert page.post(undo[1]).status_code == 404


def test_photographs_are_known_by_their_content_and_shown_at_their_home_alone(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A"), kept("AB"), kept("A/../B")])
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    for name, content in (("../x.png", picture), ("x.png", b"<svg onload=alert(1)>"), ("x.html", b"<script>")):
        page.post(f"/plan/{plan.key}/home/A/photograph", files={"photograph": (name, content, "image/png")})
    (shot,) = (page.folder / "photographs").iterdir()
    assert shot.read_bytes() == picture
    answer = page.get(f"/plan/{plan.key}/home/A/photograph/{shot.name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert page.get(f"/plan/{plan.key}/home/AB/photograph/{shot.name}").status_code == 404
    assert page.get(f"/plan/{plan.key}/home/A/photograph/..%2F..%2Fplan.toml").status_code == 404
    assert shot.name in page.get(f"/plan/{plan.key}/home/A").text


def test_a_photograph_that_was_taken_away_is_brought_back(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A"), kept("B")])
    home = f"/plan/{plan.key}/home/A"
    page.post(f"{home}/photograph", files={"photograph": ("x.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "image/png")})
    (shot,) = (page.folder / "photographs").iterdir()
    for path, name in ((f"/plan/{plan.key}/home/B", shot.name), (home, "../plan.toml"), (home, "none.png")):
        assert page.post(f"{path}/photograph/move", {"do": "away", "name": name}).status_code == 404
    shown = f'src="{page.access.root}{home}/photograph/{shot.name}"'
    answer = page.post(f"{home}/photograph/move", {"do": "away", "name": shot.name})
    text = page.get(answer.headers["location"]).text
    assert shown not in text
    assert "Bring back" in text
    assert page.get(f"{home}/photograph/{shot.name}").status_code == 404
    undo = re.search(r'action="(\S+/undo/\w+)"', text)
    assert undo
    page.post(undo[1])
    assert shown in page.get(home).text
    page.post(f"{home}/photograph/move", {"do": "away", "name": shot.name})
    page.post(f"{home}/photograph/move", {"do": "back", "name": shot.name})
    assert shown in page.get(home).text


def test_a_photograph_that_was_taken_away_long_ago_is_deleted(tmp_path: Path) -> None:
    from siting import pipeline

    away = tmp_path / "photographs" / "taken-away"
    away.mkdir(parents=True)
    for name, days in (("old.png", 31), ("new.png", 29)):
        (away / name).write_bytes(b"x")
        at = (away / name).stat().st_mtime - days * 86_400
        os.utime(away / name, (at, at))
    (tmp_path / "photographs" / "now.png").write_bytes(b"x")
    pipeline.take_photograph_away(tmp_path / "plan.toml", "now.png")
    assert sorted(path.name for path in away.iterdir()) == ["new.png", "now.png"]


def test_answers_of_a_visiting_day_are_taken_only_as_the_tablet_saved_them() -> None:
    from siting.page.day_view import read_answers

    good = {"mark": "0123456789ab", "at": "2027-01-25T10:00", "event": "spoke", "about": "1", "note": "x" * 9_000}
    whole = {"kind": "siting day 1", "home": "H1", "entries": [good]}
    (read,) = read_answers(json.dumps(whole), "H1")
    assert isinstance(read, dict)
    assert len(read["note"]) == 2_000
    wrong: list[Any] = [
        "", "[", "[1]", "null", whole | {"kind": "x"}, whole | {"entries": {}}, whole | {"entries": [1]},
        whole | {"entries": [good | {"mark": "<b>"}]}, whole | {"entries": [{"mark": "0123456789ab"}]}, "[" * 100_000,
    ]  # fmt: skip
    for text in wrong:
        assert isinstance(read_answers(text if isinstance(text, str) else json.dumps(text), "H1"), str)
    assert "another home" in str(read_answers(json.dumps(whole), "H2"))


def test_every_fault_of_the_inputs_is_shown_and_nothing_is_changed(page: Any) -> None:
    written = write_tiny_plan(page.folder / "tiny", "Tiny")
    (plan,) = page.app.state.folder.plans()
    assert f"/plan/{plan.key}/check" in page.get(f"/plan/{plan.key}").text
    assert "a run stops at these" not in page.get(f"/plan/{plan.key}/check").text
    homes = written.with_name("candidates.csv")
    changed = homes.read_text(encoding="utf-8").replace("500000", "POA?!")
    homes.write_text(changed, encoding="utf-8")
    wrong = page.get(f"/plan/{plan.key}/check").text
    assert "a run stops at these" in wrong
    assert "candidates.csv" in wrong
    assert "row 3" in wrong
    assert homes.read_text(encoding="utf-8") == changed


def test_a_fault_has_a_way_on_to_the_list_that_holds_it(page: Any) -> None:
    written = write_tiny_plan(page.folder / "tiny", "Tiny")
    (plan,) = page.app.state.folder.plans()
    homes = written.with_name("candidates.csv")
    broken = homes.read_text(encoding="utf-8").replace("450000", "cheap").replace("500000", "POA").replace(",candidate", ",sold")
    homes.write_text(broken, encoding="utf-8")
    table = f"/plan/{plan.key}/table/candidates"
    check = page.get(f"/plan/{plan.key}/check").text
    assert f'href="{page.access.root}{table}"' in check
    assert f'href="{page.access.root}/plan/{plan.key}/table/children"' not in check
    choose = page.get(f"/plan/{plan.key}/choose").text
    assert f'href="{page.access.root}/plan/{plan.key}/check"' in choose
    assert choose.count("row 3") == 0
    answer = page.post(f"{table}/own")
    shown = page.get(answer.headers["location"]).text
    assert "POA" in shown
    assert "4 things to correct" in shown
    links = re.findall(r'href="#(cell-[0-9-]+)"', shown)
    assert len(links) == 4
    assert all(f'id="{link}"' in shown for link in links)
    assert homes.read_text(encoding="utf-8") == broken
    # Where one alone is wrong, the error itself leads to the list.
    homes.write_text(broken.replace("cheap", "450000").replace(",sold", ",candidate"), encoding="utf-8")
    errors = page.get(f"/plan/{plan.key}/choose").text.partition("govuk-error-summary")[2].partition("</ul>")[0]
    assert f'href="{page.access.root}{table}"' in errors


def test_a_plan_whose_list_has_no_house_yet_asks_for_one_and_does_not_offer_to_run(page: Any) -> None:
    written = write_tiny_plan(page.folder / "tiny", "Tiny")
    (plan,) = page.app.state.folder.plans()
    homes = written.with_name("candidates.csv")
    assert 'id="run"' in page.get(f"/plan/{plan.key}").text
    first = homes.read_text(encoding="utf-8").splitlines()[0]
    for nothing in (first, f"{first}\n\n", f"{first}\n,,,\n", ""):
        homes.write_text(nothing, encoding="utf-8")
        told = page.get(f"/plan/{plan.key}").text
        assert 'id="run"' not in told
        assert ">candidates.csv<" not in told.replace("\n", "")
    assert page.post(f"/plan/{plan.key}/table/exclusions/own").status_code == 303
    written.write_text(written.read_text(encoding="utf-8").replace('exclusions = "exclusions.csv"', ""), encoding="utf-8")
    assert page.post(f"/plan/{plan.key}/table/exclusions/own").status_code == 422


def test_each_step_says_where_it_stands(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("A")])
    text = page.get(f"/plan/{plan.key}").text
    assert "After two runs" in text
    assert f'href="{page.access.root}/plan/{plan.key}/changes"' in text
    assert not re.search(rf'<a[^>]*task-list[^>]*href="{page.access.root}/plan/{plan.key}/changes"', text)
    keep(plan.out, [kept("A")], "2026-01-03T030405Z.json")
    text = page.get(f"/plan/{plan.key}").text
    assert "After two runs" not in text
    assert not plan.has_gate
    plan.path.write_text(PLAN + 'gate = "52.6, -0.7"\n', encoding="utf-8")
    assert plan.has_gate


@pytest.mark.parametrize(
    ("homes", "budget", "wrong"),
    [("3", "1,500,000", set()), ("2.7", "£1.5m", {"homes", "budget_gbp"}), ("1,5", "1,50", {"homes", "budget_gbp"})],
)
def test_figures_of_a_form_are_read_as_in_tables_or_asked_about(homes: str, budget: str, wrong: set[str]) -> None:
    from starlette.datastructures import FormData

    from siting.page.choose_view import asked_for
    from siting.page.forms import Form

    form = Form(FormData([("homes", homes), ("budget_gbp", budget)]))
    asked = asked_for(form)
    assert {error.field for error in form.errors if error.text.startswith(("Homes", "The budget"))} == wrong
    if not wrong:
        assert (asked["homes"], asked["budget_gbp"]) == (3, 1_500_000)


def test_what_cannot_be_read_of_a_home_is_said_and_not_shown_as_nothing(page: Any, plan: Any) -> None:
    keep(plan.out, [kept("H1")])
    folder = plan.out / "homes" / "H1"
    folder.mkdir(parents=True)
    (folder / "register.sqlite").write_bytes(b"SQLite format 3\x00" + b"x" * 4_000)
    there = page.get(f"/plan/{plan.key}/engage/H1")
    assert there.status_code == 422
    assert "the register is damaged" in there.text
    for end in ("/day", "/day/along"):
        day = page.get(f"/plan/{plan.key}/engage/H1{end}")
        assert day.status_code == 422, "the plan has no tables"
        assert "this key is missing" in day.text


def test_a_plan_of_windows_letters_is_called_by_its_title(page: Any) -> None:
    (page.folder / "plan.toml").write_bytes(f'title = "Ch\u00e2teau"\n{PLAN}'.encode("cp1252"))
    assert page.app.state.folder.plans()[0].title == "Ch\u00e2teau"
