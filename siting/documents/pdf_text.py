"""The text of a PDF, as far as it can be read."""

import io
import logging

from pypdf import PdfReader


def pdf_text(content: bytes) -> str:
    """Return the text of all pages with single spaces; nothing where the file is damaged or locked."""
    # What it finds odd in somebody's file is nothing that a user can mend.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except Exception:  # noqa: BLE001 - whatever the library meets in a damaged file
        return ""
    return " ".join(" ".join(pages).split())
