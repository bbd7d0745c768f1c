"""Letters to neighbours: one wording for Word and PDF. The Word file is the master; the PDF shows the same letter.

What stands in the head, the foot and in tables of the lead's own Word file is in the PDF too; pictures
and typefaces are Word's alone.
"""

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from engagement.pack import Pack
from engagement.papers.languages import FIELDS, WELSH, fields, languages, welsh
from engagement.papers.letter_template import saved
from siting.faults import Fault, InputFaultsError

NOT_RELEASED = "DRAFT. Not released: the briefing of executive members is not logged in the register."
NOT_FINISHED = "NOT FINISHED. What stands in brackets is still to be filled in, in the Word file of this letter."
_TO_FILL_IN = re.compile(r"\[[^\[\]]+\]")
LARGEST_TEMPLATE_BYTES = 20_000_000
"""The largest file of a letter that is opened, as it is packed and as it is unpacked (own choice)."""


def not_released(pack: Pack) -> str:
    """Return what a letter that may not go out is marked with, in each language of the pack."""
    return f"{welsh()['draft']} {NOT_RELEASED}" if WELSH in languages(pack) else NOT_RELEASED


def not_finished(pack: Pack, letters: Iterable[DocumentType]) -> str:
    """Return what letters in which something is still to be filled in are marked with, in each language; else nothing."""
    if not any(_TO_FILL_IN.search(text) for letter in letters for text in _texts(letter)):
        return ""
    return f"{welsh()['not_finished']} {NOT_FINISHED}" if WELSH in languages(pack) else NOT_FINISHED


def _texts(document: DocumentType) -> Iterator[str]:
    for part in (part for parts in _letter_text(document).values() for part in parts):
        yield part.get("text", "")
        yield from (cell for row in part.get("rows", ()) for cell in row)


def fill_letters(pack: Pack, template: bytes, name: str = "the letter") -> list[DocumentType]:
    """Fill in the letter of each neighbour; a Word document each.

    Raises
    ------
    InputFaultsError
        Where the lead's own file is no Word file, or its wording names a field that there is not or asks for more
        than to be filled in.
    """
    check_word_file(template, name)
    environment = _Environment(undefined=StrictUndefined, autoescape=True)
    return [_filled(template, fields(pack, one), environment, name, trial=not index) for index, one in enumerate(pack.walk)]


def check_wording(content: bytes, name: str) -> None:
    """Fill in a lead's own wording on trial.

    Raises
    ------
    InputFaultsError
        As `fill_letters`.
    """
    check_word_file(content, name)
    environment = _Environment(undefined=StrictUndefined, autoescape=True)
    names = [*FIELDS, *(f"{field}_cy" for field in FIELDS)]
    values: dict[str, object] = dict.fromkeys(names, "words")
    values |= {name: ["1 Mill Road"] for name in ("address", "address_cy")}
    _filled(content, values, environment, name, trial=True)


def check_word_file(content: bytes, name: str) -> None:
    """Refuse what is no Word file, or one that unpacks to more than a letter can be.

    Raises
    ------
    InputFaultsError
        With the file and what to do.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
            is_word = "word/document.xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        size, is_word = 0, False
    if not is_word:
        raise InputFaultsError([_fault(name, "this is not a Word file (.docx)")])
    if max(size, len(content)) > LARGEST_TEMPLATE_BYTES:
        raise InputFaultsError([_fault(name, f"the Word file holds more than {LARGEST_TEMPLATE_BYTES // 1_000_000} MB")])


def _filled(template: bytes, values: dict[str, object], environment: "_Environment", name: str, *, trial: bool) -> DocumentType:
    """Fill in one letter; the first on trial: what is wrong with the file is found where it can be told."""
    try:
        letter = DocxTemplate(io.BytesIO(template))
        letter.render(values, environment, autoescape=True)
        document: DocumentType = letter.docx
        if trial:
            document.save(io.BytesIO())
            _letter_text(document)
    except TemplateError as error:
        problem = f"the wording of the letter cannot be filled in ({error.message})"
        remedy = f"The fields are {', '.join(sorted(FIELDS))}, each written as {{{{ field }}}}"
        raise InputFaultsError([Fault(file=name, problem=problem, remedy=remedy)]) from error
    except Exception as error:
        # Whatever the libraries meet in a damaged file: it is the file that is to be mended.
        raise InputFaultsError([_fault(name, f"the Word file is damaged ({type(error).__name__})")]) from error
    return document


def _fault(name: str, problem: str) -> Fault:
    return Fault(file=name, problem=problem, remedy="Save it anew in Word as .docx, or begin with letter-wording.docx of a pack")


def letters_word(letters: Iterable[DocumentType], *, draft: str = "", title: str = "Invitation") -> bytes:
    """Return all letters as one editable Word file, each on a page of its own; `draft` is the mark of those not released.

    `title` is what the file says of itself.
    """
    whole: DocumentType | None = None
    for document in letters:
        if whole is None:
            # The letters stay as they are: the PDF shows them too. A deep copy's body would not be the one that it is asked for.
            whole = Document(io.BytesIO(saved(document)))
            continue
        whole.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        ending = whole.element.body.sectPr
        for element in document.element.body:
            if element.tag != ending.tag:
                ending.addprevious(copy.deepcopy(element))
    whole = whole or Document()
    if draft:
        # A page may part from the one before it: the mark stands on each.
        header = whole.sections[0].header
        first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
        first.insert_paragraph_before().add_run(draft).bold = True
    about = whole.core_properties
    # A lead's own wording may come from a file that names the case or the home.
    about.title, about.subject, about.keywords, about.comments = title, "", "", ""
    content = io.BytesIO()
    whole.save(content)
    return content.getvalue()


def letters_text(letters: Iterable[DocumentType]) -> list[dict[str, list[dict[str, Any]]]]:
    """Return the same letters for the PDF: head, body and foot, each a list of paragraphs, tables and page breaks."""
    return [_letter_text(letter) for letter in letters]


def _letter_text(document: DocumentType) -> dict[str, list[dict[str, Any]]]:
    section = document.sections[0]
    return {
        "head": [_paragraph(p) for p in section.header.paragraphs if p.text.strip()],
        "body": list(_body(document)),
        "foot": [_paragraph(p) for p in section.footer.paragraphs if p.text.strip()],
    }


def _body(document: DocumentType) -> Iterator[dict[str, Any]]:
    for element in document.element.body:
        if element.tag == qn("w:p"):
            yield _paragraph(Paragraph(element, document))
            if element.xpath(".//w:br[@w:type='page']"):
                yield {"kind": "page"}
        elif element.tag == qn("w:tbl"):
            rows = [[cell.text for cell in row.cells] for row in Table(element, document).rows]
            yield {"kind": "table", "rows": rows}


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    marks = paragraph._element.xpath(".//w:rPr/w:lang/@w:val")  # noqa: SLF001 - python-docx has no door to a run's language
    return {
        "kind": "paragraph",
        "text": paragraph.text.strip("\n"),
        "bold": bool(paragraph.runs) and all(bool(run.bold) for run in paragraph.runs if run.text.strip()),
        "tight": paragraph.paragraph_format.space_after == 0,
        "lang": str(marks[0]).split("-")[0] if marks else "en",
    }


class _Environment(SandboxedEnvironment):
    """Remembers what it compiled, since all letters have one wording, and lets a wording do nothing but fill in.

    A wording goes through the lines of an address and no further, and works nothing out: nothing in it can run for
    long or fill the memory.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    _SIMPLE = ("upper", "lower", "title", "trim", "capitalize", "e", "escape")

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - what jinja takes
        super().__init__(**options)
        self._known: dict[str, Template] = {}
        self.filters = {name: self.filters[name] for name in self._SIMPLE}
        self.globals.clear()

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401, ARG002 - as in jinja
        """Refuse arithmetic."""
        msg = f"a wording works nothing out: {operator}"
        raise SecurityError(msg)

    def from_string(self, source: Any, *further: Any, **options: Any) -> Template:  # noqa: ANN401 - as in jinja
        """Compile a text, or return what it was compiled to before."""
        if source not in self._known:
            _check_loops(self.parse(source))
            self._known[source] = super().from_string(source, *further, **options)
        return self._known[source]


def _check_loops(wording: nodes.Template) -> None:
    """Refuse loops over anything but an address, loops within loops, and macros, which could go on for ever."""
    for loop in wording.find_all(nodes.For):
        over = loop.iter.name if isinstance(loop.iter, nodes.Name) else ""
        if over not in {"address", "address_cy"} or next(iter(loop.find_all(nodes.For)), None) is not None:
            msg = "a wording goes through the lines of an address only: {% for line in address %}"
            raise SecurityError(msg)
    repeated = (nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport)
    if next(iter(wording.find_all(repeated)), None) is not None:
        msg = "a wording has no macros"
        raise SecurityError(msg)
