"""For a home in Wales what the public gets is in Welsh first; elsewhere there is no Welsh."""

import datetime as dt
import io
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

import engagement.papers
from engagement.papers.languages import long_date, welsh
from engagement.papers.letter_template import letter_template
from engagement.papers.letters import fill_letters, letters_text, letters_word
from engagement.papers.printed_papers import labels, letters_pdf, question_sheet, run_sheets
from engagement.papers.questions import question_parts, questions_word
from siting.faults import InputFaultsError

ROOM = Path(engagement.papers.__file__).parent
MADE = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


def text_of(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


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
    assert "Dydd Llun 5 Gorffennaf 2027 / Monday 5 July 2027" in text_of(run_sheets(pack, made=MADE))
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
