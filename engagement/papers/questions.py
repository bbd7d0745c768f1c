"""Questions and answers, and the statement of purpose to fill in: as values for the PDF, and as a Word file."""

import tomllib
from pathlib import Path
from typing import Any

from docx.enum.text import WD_BREAK

from engagement.pack import Pack
from engagement.papers.languages import ENGLISH, WELSH, languages, welsh
from engagement.papers.letter_template import add_paragraph, blank_document, saved

_ENGLISH = Path(__file__).with_name("questions.toml")
_HEADINGS = (
    "Questions and answers",
    "To read before a visit; what stands in brackets is to be filled in.",
    "Statement of purpose: one page for neighbours",
    "To fill in from the home's own statement of purpose.",
)
_BLANK_LINES = 4


def question_parts(pack: Pack) -> list[dict[str, Any]]:
    """Return a part in each language of the pack: its headings, questions with their answers, and the purpose page."""
    return [_part(pack, language) for language in languages(pack)]


def _part(pack: Pack, language: str) -> dict[str, Any]:
    told = welsh() if language == WELSH else tomllib.loads(_ENGLISH.read_text(encoding="utf-8"))
    regulator = told["regulator"] if language == WELSH else pack.regulator
    contact = pack.engagement.contact or (told["contact"] if language == WELSH else "[telephone number]")
    answers = [entry["answer"].format(regulator=regulator, contact=contact) for entry in told["questions"]]
    headings = [told["words"][heading] for heading in _HEADINGS] if language == WELSH else _HEADINGS
    return {
        "lang": language,
        "heading": headings[0],
        "hint": headings[1],
        "questions": [
            {"question": entry["question"], "answer": answer[0].upper() + answer[1:]}
            for entry, answer in zip(told["questions"], answers, strict=True)
        ],
        "purpose_heading": headings[2],
        "purpose_hint": headings[3],
        "purpose": told["purpose"],
    }


def questions_word(pack: Pack) -> bytes:
    """Return questions, answers and the purpose page as a Word file to fill in, the pages of each language together."""
    document = blank_document(pack.engagement.provider)
    for index, part in enumerate(question_parts(pack)):
        if index:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        language = part["lang"]
        add_paragraph(document, part["heading"], language, style="Heading 1")
        add_paragraph(document, part["hint"], language)
        for entry in part["questions"]:
            add_paragraph(document, entry["question"], language, bold=True).paragraph_format.keep_with_next = True
            add_paragraph(document, entry["answer"], language)
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        add_paragraph(document, part["purpose_heading"], language, style="Heading 1")
        add_paragraph(document, part["purpose_hint"], language)
        for field in part["purpose"]:
            add_paragraph(document, field["heading"], language, style="Heading 2")
            add_paragraph(document, field["hint"], language)
            for _ in range(_BLANK_LINES):
                add_paragraph(document, "", ENGLISH)
    return saved(document)
