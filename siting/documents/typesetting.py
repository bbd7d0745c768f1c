"""Papers as PDF: a template and values in, a tagged PDF out; the only module that knows the typesetter."""

import base64
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst
from PIL import Image

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
        SVG, PNG or JPEG by the file name, ending in .svg, that the template uses.
    """
    files: dict[str, bytes] = {
        "main": template.read_bytes(),
        "common.typ": COMMON.read_bytes(),
        "data.json": json.dumps(values, ensure_ascii=False, default=str).encode(),
        **{name: as_svg(picture) for name, picture in (pictures or {}).items()},
    }
    stamp = int(made.astimezone(UTC).timestamp())
    # The stubs do not say that several files may be given by their names.
    written = typst.compile(files, format="pdf", ignore_system_fonts=True, timestamp=stamp, pdf_tags=True)  # type: ignore[call-overload]
    return bytes(written)


def as_svg(picture: bytes) -> bytes:
    """Return a picture as SVG, since the typesetter takes files given by name as text: one of dots stands inside."""
    if picture.lstrip()[:1] == b"<":
        return picture
    with Image.open(io.BytesIO(picture)) as opened:
        width, height, kind = opened.width, opened.height, (opened.format or "PNG").lower()
    data = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{data}"/></svg>'
    ).encode()
