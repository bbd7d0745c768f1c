"""The letter's wording as a Word file of one letter with `{{ fields }}`, which the lead can change in Word."""

import io
import re
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from engagement.pack import Pack
from engagement.papers.languages import ENGLISH, WELSH, WORD_TAGS, languages, welsh

WORDING = Path(__file__).with_name("letter_wording.txt")


def letter_template(pack: Pack) -> bytes:
    """Return the bundled wording as a Word file; for a home in Wales in Welsh, then in English on a page of its own."""
    document = blank_document(pack.engagement.provider)
    for index, language in enumerate(languages(pack)):
        if index:
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _write_wording(document, welsh()["letter"] if language == WELSH else WORDING.read_text(encoding="utf-8"), language)
    return saved(document)


def blank_document(provider: str) -> DocumentType:
    """Return an empty A4 document in British English, whose author is the provider."""
    document: DocumentType = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Cambria", Pt(11)
    for mark in document.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), WORD_TAGS[ENGLISH])
    about = document.core_properties
    about.author, about.last_modified_by, about.language = provider, provider, WORD_TAGS[ENGLISH]
    about.title, about.comments = "", ""
    return document


def saved(document: DocumentType) -> bytes:
    """Return a document as the bytes of its file."""
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def add_paragraph(document: DocumentType, text: str, language: str, *, bold: bool = False, style: str | None = None) -> Paragraph:
    """Add a paragraph whose words are marked with their language, for spelling and for being read aloud."""
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(text)
    run.bold = bold or None
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), WORD_TAGS[language])
    run._element.get_or_add_rPr().append(mark)  # noqa: SLF001 - python-docx has no door to a run's language
    return paragraph


def _write_wording(document: DocumentType, text: str, language: str) -> None:
    for block in re.split(r"\n\n+", text.strip()):
        loop = re.match(r"\{% for line in (\w+) %\}", block)
        if loop:
            for line in (f"{{%p for line in {loop[1]} %}}", "{{ line }}", "{%p endfor %}"):
                add_paragraph(document, line, language).paragraph_format.space_after = Pt(0)
            document.add_paragraph("")
        else:
            heading = re.fullmatch(r"\*\*(.+)\*\*", block)
            add_paragraph(document, heading[1] if heading else block, language, bold=heading is not None)
