"""For a home in Wales what the public gets is in Welsh first; elsewhere there is no Welsh."""

import datetime as dt
import io
import re
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

import engagement.around
import engagement.papers
from engagement.around.address_kinds import kind_of
from engagement.around.boundary import propose_boundary
from engagement.around.decisions import ADDED, BY_THE_LEAD, ELSEWHERE, OPTED_OUT
from engagement.around.plots import Plots, no_plots
from engagement.around.walk_there import Unaddressed
from engagement.papers.languages import after_on, long_date, welsh
from engagement.papers.leaders import leaders, leaders_letters
from engagement.papers.letter_template import letter_template
from engagement.papers.letters import fill_letters, letters_text, letters_word
from engagement.papers.printed_papers import labels, letters_pdf, question_sheet, run_sheets, stakeholder_list, why_page
from engagement.papers.questions import question_parts, questions_word
from engagement.papers.welsh_sentences import told_in_welsh
from engagement.papers.workbooks import write_workbooks
from engagement.people.stakeholder_rows import Stakeholder
from engagement.schedule.steps import plan_steps
from engagement.schedule.visits import bank_holidays
from siting.crs import MetricSystem
from siting.documents.pdf_text import texts_of_pages
from siting.faults import InputFaultsError
from siting.inputs.plan_parts import DropIn, Engagement
from siting.words import BNG

ROOM = Path(engagement.papers.__file__).parent
GRID = MetricSystem(BNG)
MADE = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


def text_of(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(texts_of_pages(content)))


def test_days_are_written_by_the_languages_own_rules() -> None:
    assert long_date(dt.date(2027, 1, 25), "cy") == "Dydd Llun 25 Ionawr 2027"
    assert long_date(dt.date(2027, 1, 25), "en") == "Monday 25 January 2027"


def test_every_word_that_a_template_asks_for_has_its_welsh() -> None:
    asked = set()
    for template in ROOM.glob("*.typ"):
        text = template.read_text(encoding="utf-8")
        asked |= set(re.findall(r'\bw\("([^"]+)"\)', text))
        for words in re.findall(r"\.\.\(([^)]*)\)\.map", text):
            asked |= set(re.findall(r'"([^"]+)"', words))
    assert asked
    assert asked <= set(welsh()["words"])


def test_welsh_questions_are_those_in_english() -> None:
    english = tomllib.loads((ROOM / "questions.toml").read_text(encoding="utf-8"))
    assert len(welsh()["questions"]) == len(english["questions"])
    assert [entry["space"] for entry in welsh()["purpose"]] == [entry["space"] for entry in english["purpose"]]
    for ours, theirs in zip(welsh()["questions"], english["questions"], strict=True):
        assert set(re.findall(r"\{\w+\}", ours["answer"])) == set(re.findall(r"\{\w+\}", theirs["answer"]))
    assert welsh()["for_translator"]


def test_the_welsh_letter_says_all_that_the_english_says() -> None:
    english = (ROOM / "letter_wording.txt").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"\{\{ (\w+) \}\}", english) if name not in {"line", "slot_minutes"}}
    assert {f"{name}_cy" for name in named} <= set(re.findall(r"\{\{ (\w+) \}\}", welsh()["letter"]))
    assert welsh()["letter"].count("\n\n") == english.count("\n\n")


def test_in_wales_every_letter_is_in_welsh_then_in_english(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    pack = new_pack(households(2), nation="Wales")
    letters = fill_letters(pack, letter_template(pack))
    told = text_of(letters_pdf(pack, letters, None, made=MADE))
    assert told.index("Gwahoddiad i gwrdd") < told.index("An invitation to meet")
    assert "Dydd Llun 5 Gorffennaf 2027" in told
    assert "Monday 5 July 2027" in told
    assert "Arolygiaeth Gofal Cymru" in told
    assert "Y Preswylydd" in told
    document = Document(io.BytesIO(letters_word(letters)))
    marked = {mark.get(qn("w:val")) for mark in document.element.body.iter(qn("w:lang"))}
    assert marked == {"cy-GB", "en-GB"}
    assert {part["lang"] for part in letters_text(letters)[0]["body"] if part["kind"] == "paragraph" and part["text"]} == {
        "cy",
        "en",
    }


def test_what_is_worked_out_is_told_in_welsh_too(new_pack: Callable[..., Any], new_street: Callable[[], Any]) -> None:
    street = new_street()
    for number in range(1, 12):
        street.add(str(number), 5 + 9.5 * (number - 6), 5, code="CR01" if number == 3 else "RD")
    street.buildings.append(shapely.box(40, 0, 50, 10))
    considered = [*street.consider(20.0), *street.consider(20.0, own=street.addresses[5], each_side=4)]
    reasons = {one.because for one in considered}
    reasons |= {kind_of(code).left_out or "land" for code in ("RC", "RG", "CU", "CZ", "CT", "PS", "PP", "L", "O", "Z")}
    reasons |= {kind_of("CL", postal="N").left_out, *(kind_of("RD", state=n).left_out or "land" for n in "46")}
    reasons |= {kind_of("RD", logical_status=n).left_out for n in "86"}
    reasons |= {
        BY_THE_LEAD,
        ADDED,
        OPTED_OUT,
        ELSEWHERE,
        "its parcel of 2.6 ha is 0.00 m away, and too large to be counted unasked: decide",
    }
    assert len(reasons) > 25
    assert [english for english in sorted(map(str, reasons)) if told_in_welsh(english) is None] == []
    near = next(one for one in considered if one.invited)
    told = text_of(why_page(new_pack([near], nation="Wales"), near, made=MADE))
    assert (
        told.index("Pam y cefais wahoddiad?")
        < told.index("Gwahoddwyd y cyfeiriad hwn: mae ei")
        < told.index("Why was I invited?")
    )
    assert "tudalen 1 o 2 / page 1 of 2" in told


def test_boundaries_and_the_homes_own_entry_are_told_in_welsh_too() -> None:
    room = Path(engagement.around.__file__).parent
    home, square = shapely.Point(5, 5), shapely.box(0, 0, 10, 30)
    no_points, none, roads = np.empty((0, 2)), no_plots(GRID), shapely.MultiLineString()
    plots = Plots(shapes=(square,), warnings=(), system=GRID)
    found = [
        propose_boundary(home.x, home.y, known, buildings, roads, no_points).words
        for known in (plots, none)
        for buildings in ((square,), ())
    ]
    # Sentences that a file or a row makes are taken from where they stand.
    source = (room / "own_address.py").read_text(encoding="utf-8") + (room / "boundary.py").read_text(encoding="utf-8")
    found += re.findall(r'"(The home itself [^"]*|No address was found[^"]*)"', source)
    found += [f"The boundary {words} (own.geojson)." for words in re.findall(r'": "(was [^"]+)"', source)]
    assert len(found) >= 11
    assert [english for english in found if told_in_welsh(english) is None] == []


def test_every_step_and_its_note_has_its_welsh(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    schedule = new_pack(households(2)).schedule
    day = dt.date
    plans = [
        {},
        {"drop_in": None, "opening_day": day(2027, 9, 6)},
        {"drop_in": DropIn(date=day(2027, 7, 1)), "opening_day": day(2027, 6, 1)},
        {"drop_in": DropIn(date=day(2027, 12, 27), place="Maindee")},
        {"drop_in": DropIn(date=day(2027, 8, 30))},
    ]
    steps = [
        step
        for plan in plans
        for today in (day(2026, 11, 25), day(2027, 12, 31))
        for step in plan_steps(Engagement(nation="Wales", **plan), schedule, today)
    ]
    told = {text for step in steps for text in (step.what, step.note) if text}
    assert len(told) > 18
    assert [english for english in sorted(told) if told_in_welsh(english) is None] == []
    assert told_in_welsh("2 households over 1 day, to 5 July.") == "2 o gartrefi dros 1 diwrnod, hyd 5 Gorffennaf."
    known = bank_holidays("Wales")
    holidays = {
        known[day(year, 1, 1) + dt.timedelta(days=n)]
        for year in range(2026, 2036)
        for n in range(365)
        if day(year, 1, 1) + dt.timedelta(days=n) in known
    }
    assert len(holidays) > 8
    assert all(not told_in_welsh(f"{name}, a bank holiday in Wales").startswith(name) for name in holidays)


def test_workbooks_and_the_list_of_people_are_in_both_languages(
    new_pack: Callable[..., Any], households: Callable[..., Any], tmp_path: Path
) -> None:
    rows = (
        Stakeholder(step="Invite elected members", role="Elected member of the ward", name="", why="Nobody is named yet"),
        Stakeholder(step="Hold the drop-in", role="Provider", name="S. Example", why="named by the council or the provider"),
    )
    there = Unaddressed(label="W1", distance_m=3.0, direction="north", x_m=1.0, y_m=2.0)
    for nation in ("Wales", "England"):
        pack = new_pack(households(2), nation=nation)
        engagement = pack.engagement
        pack = replace(
            pack, stakeholders=rows, walk_there=(there,), steps=plan_steps(engagement, pack.schedule, pack.made),
            sources=(("Addresses", "addresses.csv"), ("Roads", "OpenStreetMap")),
        )  # fmt: skip
        write_workbooks(tmp_path, pack)
        sheets = [
            sheet
            for name in ("neighbours", "stakeholders")
            for sheet in pd.read_excel(tmp_path / f"{name}.xlsx", None, header=None, engine="openpyxl").items()
        ]
        assert len(sheets) == 8
        paper = text_of(stakeholder_list(pack, made=MADE))
        if nation == "England":
            assert "Cymdogion" not in str(sheets) + paper
            continue
        for name, sheet in sheets:
            headings = [str(cell) for cell in sheet.iloc[4]]
            alone = [heading for heading in headings if " / " not in heading and heading not in {"UPRN", "Label", "Band"}]
            assert alone == [], name
            assert " - " in name
            assert "Swyddogol: sensitif." in str(sheet.iloc[1, 0])
        whole = " ".join(str(cell) for _, sheet in sheets for cell in sheet.to_numpy().ravel())
        for words in (
            "I'W GANFOD / TO BE FOUND",
            "mae ei pwynt cyfeiriad",
            "na / no",
            "gogledd / north",
            "Cynnal y sesiwn agored",
        ):
            assert words in whole
        for words in (
            "Pobl i gysylltu â nhw",
            "I'w ganfod / To be found",
            "Aelod etholedig y ward / Elected",
            "Cyfeiriadau / Addresses",
        ):
            assert words in paper
        with zipfile.ZipFile(tmp_path / "stakeholders.xlsx") as book:
            foot = re.search("<oddFooter>(.*)</oddFooter>", book.read("xl/worksheets/sheet1.xml").decode())
        assert foot is not None
        assert "Swyddogol: sensitif." in foot[1]
        assert len(foot[1]) <= 255


def test_a_day_after_on_changes_in_welsh() -> None:
    assert after_on(dt.date(2027, 1, 25), "cy") == "ddydd Llun 25 Ionawr 2027"
    assert after_on(dt.date(2027, 1, 25), "en") == "Monday 25 January 2027"


def test_the_fire_service_gets_a_letter_and_its_station_none(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    rows = (
        Stakeholder(step="Speak to local leaders", role="Fire and Rescue community safety", name="Community Safety Team"),
        Stakeholder(step="Speak to local leaders", role="Fire station, the nearest by road", name="Maindee"),
        Stakeholder(step="Speak to local leaders", role="Police station, the nearest by road", name="Central"),
        Stakeholder(step="Speak to local leaders", role="Police: area beat officer", name="PC Example"),
        Stakeholder(step="Invite elected members", role="Elected member of the ward", name="Cllr Siân Example"),
    )
    pack = replace(new_pack(households(1), nation="Wales"), stakeholders=rows)
    assert [row.name for row in leaders(pack, "fire")] == ["Community Safety Team"]
    assert [row.name for row in leaders(pack, "police")] == ["PC Example"]
    told = " ".join(p.text for one in leaders_letters(pack, "fire") for p in one.paragraphs)
    assert told.index("ymweliad diogelwch tân") < told.index("home fire safety visit")
    assert "ar ddydd Llun 5 Gorffennaf 2027" in told
    (member,) = leaders_letters(pack, "members")
    three = letters_word([member, *leaders_letters(pack, "fire"), *leaders_letters(pack, "police")])
    breaks = Document(io.BytesIO(three)).element.body.xpath(".//w:br[@w:type='page']")
    assert len(breaks) == 5, "each language of each letter is on a page of its own"
    assert {"Annwyl Gynghorydd Siân Example,", "Dear Cllr Siân Example,"} <= {p.text for p in member.paragraphs}


def test_in_england_there_is_no_welsh(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    pack = new_pack(households(2))
    told = text_of(letters_pdf(pack, fill_letters(pack, letter_template(pack)), None, made=MADE))
    told += text_of(question_sheet(pack, made=MADE)) + text_of(run_sheets(pack, made=MADE)) + text_of(labels(pack, made=MADE))
    for word in ("Annwyl", "Cwestiynau", "Dydd", "Preswylydd", "Gwesteiwr"):
        assert word not in told


def test_in_wales_questions_labels_and_run_sheets_have_both(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    pack = new_pack(households(2), nation="Wales")
    assert [part["lang"] for part in question_parts(pack)] == ["cy", "en"]
    questions = text_of(question_sheet(pack, made=MADE))
    assert questions.index("Cwestiynau ac atebion") < questions.index("Questions and answers")
    assert "Y Preswylydd / The Occupier" in text_of(labels(pack, made=MADE))
    sheets = text_of(run_sheets(new_pack(households(2), nation="Wales", keep_until=dt.date(2027, 8, 1)), made=MADE))
    assert "Dydd Llun 5 Gorffennaf 2027 / Monday 5 July 2027" in sheets
    assert "dinistriwch ef erbyn 1 Awst 2027. / Official: sensitive." in sheets
    document = Document(io.BytesIO(questions_word(pack)))
    assert any(p.text == "Pam yma?" for p in document.paragraphs)
    assert document.core_properties.author == "Invented Care Ltd"


def test_letters_and_labels_carry_no_case_and_no_plan_in_their_file(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    pack = new_pack(households(2))
    letters = fill_letters(pack, letter_template(pack))
    for content in (letters_pdf(pack, letters, None, made=MADE), labels(pack, made=MADE)):
        about = str(PdfReader(io.BytesIO(content)).metadata)
        assert "H1" not in about
        assert "A plan" not in about
    about = Document(io.BytesIO(letters_word(letters))).core_properties
    assert (about.author, about.language, about.title) == ("Invented Care Ltd", "en-GB", "Invitation")


def test_a_letter_says_where_the_address_came_from_and_how_to_object(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    pack = new_pack(households(1))
    told = text_of(letters_pdf(pack, fill_letters(pack, letter_template(pack)), None, made=MADE))
    assert "We found your address in a list of local addresses" in told
    assert "You may object" in told
    assert "Information Commissioner" in told


def test_head_foot_and_tables_of_the_leads_own_letter_are_in_the_pdf(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    own = Document()
    own.sections[0].header.paragraphs[0].text = "Invented Care, Head Office"
    own.sections[0].footer.paragraphs[0].text = "Registered charity 000"
    own.add_paragraph("Dear {{ greeting }},")
    table = own.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Your visit", "{{ visit }}"
    content = io.BytesIO()
    own.save(content)
    pack = new_pack(households(1))
    told = text_of(letters_pdf(pack, fill_letters(pack, content.getvalue()), None, made=MADE))
    for words in ("Invented Care, Head Office", "Registered charity 000", "Your visit", "Monday 5 July 2027"):
        assert words in told


ENDLESS = [
    "{% for a in address %}{% for b in address %}{{ b }}{% endfor %}{% endfor %}",
    "{% for n in range(100000) %}x{% endfor %}",
    "{{ 'x' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ 'x'|center(1000000000) }}",
    "{{ cycler }}",
]


@pytest.mark.parametrize("wording", ENDLESS)
def test_a_wording_that_never_ends_is_refused(new_pack: Callable[..., Any], households: Callable[..., Any], wording: str) -> None:
    own = Document()
    own.add_paragraph(wording)
    content = io.BytesIO()
    own.save(content)
    with pytest.raises(InputFaultsError, match=r"own\.docx"):
        fill_letters(new_pack(households(2)), content.getvalue(), "own.docx")


@pytest.mark.parametrize("content", [b"", b"not a Word file", b"PK\x03\x04 cut off", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_word_file_is_said(new_pack: Callable[..., Any], households: Callable[..., Any], content: bytes) -> None:
    with pytest.raises(InputFaultsError, match="not a Word file"):
        fill_letters(new_pack(households(1)), content, "own.docx")


def test_one_long_word_fits_its_label(new_pack: Callable[..., Any], new_street: Callable[[], Any]) -> None:
    street = new_street()
    street.add("1", 12, 5, street="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch")
    pack = new_pack(tuple(one for one in street.consider(1_000) if one.invited))
    page = PdfReader(io.BytesIO(labels(pack, made=MADE))).pages[0]
    sizes: list[float] = []

    def visit(text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if "Llanfair" in text:
            sizes.append(size * abs(tm[0]))

    page.extract_text(visitor_text=visit)
    assert sizes
    # 58 letters in 53.5 mm leave no room for eight points.
    assert max(sizes) < 8
