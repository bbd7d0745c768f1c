"""Letters to neighbours: one wording for Word and PDF, which the lead can change in Word.

The wording is a Word file of one letter with `{{ fields }}`; without one of their own, leads get it
made from `letter_wording.txt`.
"""

import copy
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from engagement.around.neighbours import Considered
from engagement.pack import Pack, address_lines, addressee
from engagement.papers.tables import slot_words
from siting.faults import Fault, InputFaultsError

WORDING = Path(__file__).with_name("letter_wording.txt")
NOT_RELEASED = "DRAFT. Not released: the briefing of executive members is not logged in the register."
_ADDRESS_LINES = "{%p for line in address %}", "{{ line }}", "{%p endfor %}"


def letter_template(own: Path | None = None) -> bytes:
    """Return the Word file of one letter: the lead's own, or one made from the bundled wording."""
    if own is not None:
        return own.read_bytes()
    document: DocumentType = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Cambria", Pt(11)
    text = WORDING.read_text(encoding="utf-8")
    for block in re.split(r"\n\n+", text.strip()):
        if block.startswith("{% for line"):
            for line in _ADDRESS_LINES:
                document.add_paragraph(line).paragraph_format.space_after = Pt(0)
            document.add_paragraph("")
        elif block == "An invitation to meet your new neighbours":
            document.add_paragraph().add_run(block).bold = True
        else:
            document.add_paragraph(block)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def fill_letters(pack: Pack, template: bytes, name: str = "the letter") -> list[bytes]:
    """Fill in the letter of each neighbour; a Word file each.

    Raises
    ------
    InputFaultsError
        Where the lead's own wording names a field that there is not.
    """
    environment = _Environment(undefined=StrictUndefined, autoescape=True)
    letters = []
    for one in pack.walk:
        letter = DocxTemplate(io.BytesIO(template))
        try:
            letter.render(_fields(pack, one), environment, autoescape=True)
        except TemplateError as error:
            raise InputFaultsError([_wording_fault(name, error)]) from error
        content = io.BytesIO()
        letter.save(content)
        letters.append(content.getvalue())
    return letters


def letters_word(letters: Iterable[bytes], *, released: bool) -> bytes:
    """Return all letters as one editable Word file, a page each."""
    whole: DocumentType | None = None
    for letter in letters:
        document = Document(io.BytesIO(letter))
        if not released:
            first = document.paragraphs[0].insert_paragraph_before()
            first.add_run(NOT_RELEASED).bold = True
        if whole is None:
            whole = document
            continue
        whole.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        ending = whole.element.body.sectPr
        for element in document.element.body:
            if element.tag != ending.tag:
                ending.addprevious(copy.deepcopy(element))
    content = io.BytesIO()
    (whole or Document()).save(content)
    return content.getvalue()


def letters_text(letters: Iterable[bytes]) -> list[list[dict[str, Any]]]:
    """Return the same letters as paragraphs for the PDF: text and whether it is bold."""
    return [
        [
            {
                "text": p.text,
                "bold": bool(p.runs) and all(bool(run.bold) for run in p.runs if run.text.strip()),
                "tight": p.paragraph_format.space_after == 0,
            }
            for p in Document(io.BytesIO(letter)).paragraphs
        ]
        for letter in letters
    ]


class _Environment(SandboxedEnvironment):
    """Remembers what it compiled, since all letters have one wording, and lets a wording do nothing but fill in."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - what jinja takes
        super().__init__(**options)
        self._known: dict[str, Template] = {}

    def from_string(self, source: Any, *further: Any, **options: Any) -> Template:  # noqa: ANN401 - as in jinja
        """Compile a text, or return what it was compiled to before."""
        if source not in self._known:
            self._known[source] = super().from_string(source, *further, **options)
        return self._known[source]


def _wording_fault(name: str, error: TemplateError) -> Fault:
    return Fault(
        file=name,
        problem=f"the wording of the letter cannot be filled in ({error.message})",
        remedy=f"The fields are {', '.join(sorted(_FIELDS))}, each written as {{{{ field }}}}",
    )


_FIELDS = (
    "provider", "today", "address", "greeting", "home_address", "visit", "slot_minutes", "contact", "regulator", "drop_in",
    "signatory",
)  # fmt: skip


def _fields(pack: Pack, one: Considered) -> Mapping[str, object]:
    engagement = pack.engagement
    held = engagement.drop_in
    return {
        "provider": engagement.provider or "[name of the provider]",
        "today": f"{pack.made.day} {pack.made:%B %Y}",
        "address": [addressee(one), *address_lines(one)],
        "greeting": "Manager" if one.address.kind.premises else "neighbour",
        "home_address": pack.home.row.address or "[address of the home]",
        "visit": slot_words(pack, one),
        "slot_minutes": engagement.slot_minutes,
        "contact": engagement.contact or "[telephone number or e-mail address]",
        "regulator": pack.regulator,
        "drop_in": f" on {held.date.day} {held.date:%B}, {held.start:%H:%M} to {held.end:%H:%M}"
        + (f", {held.place}" if held.place else "")
        if held
        else "",
        "signatory": engagement.signatory or "[name]",
    }
