"""The text of a PDF, as far as it can be read."""

from pypdfium2 import PdfDocument, PdfiumError, PdfPage


def texts_of_pages(content: bytes) -> list[str]:
    """Return the text of each page, in the order in which it is drawn.

    Raises
    ------
    PdfiumError
        Where it is no PDF, damaged or locked.
    """
    document = PdfDocument(content)
    try:
        return [_text(page) for page in document]
    finally:
        document.close()


def pdf_text(content: bytes) -> str | None:
    """Return the text of all pages with single spaces; None where the file is damaged, locked, or pictures without text."""
    try:
        pages = texts_of_pages(content)
    except PdfiumError:
        return None
    return " ".join(" ".join(pages).split()) or None


def _text(page: PdfPage) -> str:
    read = page.get_textpage()
    try:
        # What stands for the hyphen at the end of a line.
        return str(read.get_text_range()).replace("\r\n", "\n").replace("\ufffe", "-")
    finally:
        read.close()
        page.close()
