"""Papers as PDF: a template and values in, a tagged PDF out; the only module that knows the typesetter."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

COMMON = Path(__file__).with_name("templates") / "common.typ"
"""What every paper shares: the page, the header with its classification, the footer, tables."""


def typeset(template: Path, values: Mapping[str, Any], *, made: datetime, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Typeset a template with values; the same values give the same bytes.

    Parameters
    ----------
    template
        A Typst file that imports `common.typ` and reads `data`.
    values
        What JSON can hold; text is set as text, never as markup.
    made
        The date to state in the file, with a zone.
    pictures
        SVG or PNG by the file name that the template uses.
    """
    files: dict[str, bytes] = {
        "main": template.read_bytes(),
        "common.typ": COMMON.read_bytes(),
        "data.json": json.dumps(values, ensure_ascii=False, default=str).encode(),
        **(pictures or {}),
    }
    stamp = int(made.astimezone(UTC).timestamp())
    # The stubs do not say that several files may be given by their names.
    written = typst.compile(files, format="pdf", ignore_system_fonts=True, timestamp=stamp, pdf_tags=True)  # type: ignore[call-overload]
    return bytes(written)
