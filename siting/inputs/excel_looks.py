"""How the cells of a workbook (.xlsx) look: their number formats, and whether they are struck through or cannot be seen.

Written on ECMA-376 part 1, 18.8 (styles).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from siting.inputs.cells import Mark
from siting.inputs.number_formats import BUILT_IN_SHARES, shows_a_date

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that are dates or times without being written out (ECMA-376 part 1, 18.8.30)."""
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF", "FFFFFF"})
_WHITE_INDEXES, _WHITE_THEME = frozenset({"1", "9"}), "0"
"""Of the fixed colours, and the ground of a theme."""
_HARDLY = 0.05
"""By so little a colour may be darkened and still be that of its ground."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a style shows what is in its cell."""

    code: str = ""
    is_date: bool = False
    is_struck: bool = False
    is_unseen: bool = False

    @property
    def mark(self) -> Mark | None:
        """What that says of what the cell holds."""
        return Mark.STRUCK if self.is_struck else Mark.UNSEEN if self.is_unseen else None


PLAIN = Look()


def looks_of(styles: Element) -> tuple[Look, ...]:
    """Return how each cell style looks."""
    codes = {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in all_named(styles, "numFmt")}
    fonts, fills, cells = (
        [entry for part in all_named(styles, name) for entry in part] for name in ("fonts", "fills", "cellXfs")
    )
    struck = [is_struck(font) for font in fonts]
    white = [any(_is_white(colour) for colour in all_named(font, "color")) for font in fonts]
    bare = [_is_bare(fill) for fill in fills]
    return tuple(
        _look(
            int(entry.get("numFmtId", "0")),
            codes,
            struck=_at(struck, entry.get("fontId")),
            unseen=_at(white, entry.get("fontId")) and (not bare or _at(bare, entry.get("fillId"))),
        )
        for entry in cells
    )


def striking_looks(styles: Element) -> frozenset[str]:
    """Return the numbers of the looks that a rule may give to cells and that strike them through."""
    looks = [entry for part in all_named(styles, "dxfs") for entry in part]
    return frozenset(str(number) for number, look in enumerate(looks) if any(map(is_struck, all_named(look, "font"))))


def _look(number: int, codes: Mapping[int, str], *, struck: bool, unseen: bool) -> Look:
    code = BUILT_IN_SHARES.get(number) or codes.get(number, "")
    is_date = number in _BUILT_IN_DATES or shows_a_date(code)
    return Look(code=code, is_date=is_date, is_struck=struck, is_unseen=unseen)


def _at(values: Sequence[bool], index: str | None) -> bool:
    return values[int(index or 0)] if int(index or 0) < len(values) else False


def is_struck(properties: Element) -> bool:
    """Tell whether letters of a font, or of a run of text, have a line through them."""
    return any(local_name(entry.tag) == "strike" and entry.get("val", "1") in {"1", "true"} for entry in properties)


def _is_white(colour: Element) -> bool:
    if colour.get("theme") is not None:
        return colour.get("theme") == _WHITE_THEME and float(colour.get("tint") or 0) > -_HARDLY
    return (colour.get("rgb") or "").upper() in _WHITE or colour.get("indexed") in _WHITE_INDEXES


def _is_bare(fill: Element) -> bool:
    """Tell whether a cell's ground is white: it has no fill, or a white one."""
    pattern = next(all_named(fill, "patternFill"), None)
    if pattern is None or pattern.get("patternType", "none") == "none":
        return pattern is not None or not len(fill)
    return pattern.get("patternType") == "solid" and any(_is_white(colour) for colour in all_named(pattern, "fgColor"))


def all_named(element: Element, name: str) -> Iterator[Element]:
    """Return the elements of a name within another."""
    return (entry for entry in element.iter() if local_name(entry.tag) == name)


@lru_cache(maxsize=256)
def local_name(tag: Any) -> str:  # noqa: ANN401 - a comment's tag is a function
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
