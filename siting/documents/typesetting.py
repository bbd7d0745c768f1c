"""Papers as PDF: a template and values in, a tagged PDF out; the only module that knows the typesetter."""

import base64
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from siting.faults import Fault, InputFaultsError

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

    Raises
    ------
    InputFaultsError
        Where a letter of the values is in none of the typefaces: it would be an empty box on paper.
    """
    faults = [_lacking(f"{template.stem}.pdf", word, letter) for word, letter in unprintable(values)]
    if faults:
        raise InputFaultsError(faults)
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


def unprintable(values: object) -> tuple[tuple[str, str], ...]:
    """Return each letter that no typeface of the papers has, with the word in which it first stands."""
    texts = list(_texts(values))
    unusual = frozenset(c for text in texts for c in text if not _is_usual(c))
    found = []
    for letter in sorted(_without_shape(unusual) if unusual else ()):
        word = next(word for text in texts for word in re.split(r"\s+", text) if letter in word)
        found.append((word, letter))
    return tuple(found)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


_LAST_USUAL = "\u017f"
"""The end of Latin Extended-A, which the typeface has whole (a test holds that): most papers need no closer look."""


def _is_usual(letter: str) -> bool:
    return letter <= _LAST_USUAL or letter.isspace()


@cache
def _without_shape(letters: frozenset[str]) -> frozenset[str]:
    """Return the letters that are drawn as what is not there: as a place that never is a letter is drawn."""
    probe = ["\U0010fffd", *sorted(letters)]
    lines = '#set page(width: auto, height: auto)\n#set text(font: "Libertinus Serif")\n#for c in json("data.json") [#box(c) \\ ]'
    files = {"main": lines.encode(), "data.json": json.dumps([f"|{letter}|" for letter in probe]).encode()}
    drawn = typst.compile(files, format="svg", ignore_system_fonts=True)  # type: ignore[call-overload]
    shapes = re.findall(r'href="#(\w+)"', bytes(drawn).decode())
    # Each stands between bars, so that one which is drawn as nothing, as a soft hyphen is, does not shift the rest.
    bar, lines_drawn = shapes[0], []
    at = 0
    for _ in probe:
        end = shapes.index(bar, at + 1)
        lines_drawn.append(shapes[at + 1 : end])
        at = end + 1
    (missing,) = lines_drawn[0]
    return frozenset(letter for letter, shape in zip(probe[1:], lines_drawn[1:], strict=True) if missing in shape)


def _lacking(paper: str, word: str, letter: str) -> Fault:
    name = unicodedata.name(letter, "a letter without a name").lower()
    return Fault(
        file=paper,
        problem=f'the letter "{letter}" (U+{ord(letter):04X}, {name}) in "{word}" is in no typeface of the papers',
        remedy="Write it with other letters where it comes from: the address file, the plan, the contacts or your own wording",
    )


def read_picture(path: Path) -> bytes:
    """Return a picture that can be printed: PNG, JPEG or SVG.

    Raises
    ------
    InputFaultsError
        Where it is none, is damaged, or has far more dots than paper can show.
    """
    content = path.read_bytes() if path.stat().st_size <= _MOST_PICTURE_BYTES else b""
    problem = _unprintable_picture(content)
    if problem:
        raise InputFaultsError([Fault(file=path.name, problem=problem, remedy="Save it again as PNG, JPEG or SVG")])
    return content


def _unprintable_picture(content: bytes) -> str:
    """Say why a picture cannot be printed; nothing where it can."""
    try:
        if content.lstrip()[:1] != b"<":
            with Image.open(io.BytesIO(content)) as opened:
                if opened.format not in {"PNG", "JPEG"}:
                    return f"this is a picture of a kind that letters cannot show ({opened.format})"
                if opened.width * opened.height > _MOST_DOTS:
                    return f"the picture has {opened.width} x {opened.height} dots, far more than paper can show"
                opened.load()
        files = {"main": b'#image("trial.svg", height: 16mm)', "trial.svg": as_svg(content)}
        typst.compile(files, format="pdf", ignore_system_fonts=True)  # type: ignore[call-overload]
    except Exception:  # noqa: BLE001 - whatever the libraries meet in it, it is the picture that is to be mended
        return "this is no picture that can be printed, or it is damaged"
    return ""


_MOST_PICTURE_BYTES = 20_000_000
_MOST_DOTS = 50_000_000


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
