"""A number as its cell shows it: what a number format writes beside the figures, hides, or shows in thousands.

What is shown is what somebody meant: a stored 5 that shows as `5 km` is no bare 5. Written on the published format codes
(ECMA-376 part 1, 18.8.30 and 18.8.31), which workbooks of Excel 97 to 2003 have too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from siting.inputs.cells import Cell, Kind, Mark, number_text

BUILT_IN_SHARES = {9: "0%", 10: "0.00%"}
"""Formats that are not written out in a workbook and show hundredths."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<space>_.)|(?P<fill>\*.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<power>E[+-])|(?P<mark>[0#?.,%/@])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(?P<sign><=|>=|<>|<|>|=)(?P<limit>-?[0-9.]+)")
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"(?:£|GBP|[-+()\u2013\u2014\s])*")
"""Round a number these change nothing of what it is."""
_ONE_NUMBER = re.compile(r"(?:[#?,]*[#?])?[0#?@](?:\.[0#?]*)?")
"""Places without leading zeros, hundredths or thousands."""
_SCALES = ("", " thousand", " million", " thousand million")
_HUNDREDTHS = 100.0
_ZERO_SECTION, _MOST_NUMBER_SECTIONS = 2, 3


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a format: letters that are shown (`is_literal`), or a sign that stands for figures."""

    text: str
    is_literal: bool


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[_Token, ...]
    condition: tuple[str, float] | None

    @property
    def figures(self) -> str:
        """The signs that stand for figures, in their order."""
        return "".join(token.text for token in self.tokens if not token.is_literal)

    def holds(self, value: float) -> bool:
        """Whether its condition is met."""
        if self.condition is None:
            return True
        sign, limit = self.condition
        return {
            "<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit, "=": value == limit,
            "<>": value != limit,
        }[sign]  # fmt: skip


def shows_a_date(code: str) -> bool:
    """Tell whether a format shows a date or a time of day."""
    first = next(_parts(code), "")
    return any(
        (found["plain"] and _DATE_LETTERS.match(found["plain"])) or (found["bracket"] and _ELAPSED.fullmatch(found["bracket"]))
        for found in _TOKEN.finditer(first)
    )


def number_cell(value: float, code: str) -> Cell:
    """Return a number's cell as its format shows it; rounding and marks between thousands change nothing of it."""
    if _adds_nothing(code):
        return Cell(number_text(value), Kind.NUMBER)
    shown = _shown(value, _section(value, _sections(code)))
    return Cell(shown, Kind.NUMBER) if shown else Cell(number_text(value), Kind.NUMBER, Mark.UNSEEN)


@cache
def _adds_nothing(code: str) -> bool:
    """Tell whether every number stays as it is by a format; a large table asks for few formats and very often."""
    return not code or all(
        _ONE_NUMBER.fullmatch(section.figures)
        and _SAYS_NOTHING.fullmatch("".join(token.text for token in section.tokens if token.is_literal))
        for section in _sections(code)
    )


def _parts(code: str) -> Iterator[str]:
    """Yield the sections of a format, which semicolons part that stand outside quotes."""
    part = ""
    for found in _TOKEN.finditer(code):
        if found["plain"] == ";":
            yield part
            part = ""
        else:
            part += found[0]
    yield part


@cache
def _sections(code: str) -> tuple[_Section, ...]:
    return tuple(_read_section(part) for part in _parts(code))


def _read_section(part: str) -> _Section:
    tokens: list[_Token] = []
    condition = None
    for found in _TOKEN.finditer(part):
        bracket = found["bracket"]
        if bracket is not None:
            if (said := _CONDITION.fullmatch(bracket.strip())) is not None:
                condition = said["sign"], float(said["limit"])
            elif bracket[:1] == "$":
                tokens.append(_Token(bracket[1:].partition("-")[0], is_literal=True))
        elif found["space"]:
            tokens.append(_Token(" ", is_literal=True))
        elif found["general"]:
            tokens.append(_Token("#", is_literal=False))
        elif found["mark"] or found["power"]:
            tokens.append(_Token(found[0], is_literal=False))
        elif not found["fill"]:
            tokens.append(_Token(found["quoted"] or found["escaped"] or found["plain"] or "", is_literal=True))
    return _Section(tokens=tuple(tokens), condition=condition)


def _section(value: float, sections: Sequence[_Section]) -> _Section:
    """Return the section by which a number is shown: that of its condition, or for above, below and exactly nothing."""
    if any(section.condition for section in sections):
        return next((section for section in sections[:_MOST_NUMBER_SECTIONS] if section.holds(value)), sections[-1])
    if value == 0 and len(sections) > _ZERO_SECTION:
        return sections[_ZERO_SECTION]
    return sections[1] if value < 0 and len(sections) > 1 else sections[0]


def _shown(value: float, section: _Section) -> str:
    """Word a number by a section; empty where that shows nothing."""
    figures = section.figures
    places = [index for index, token in enumerate(section.tokens) if not token.is_literal and token.text in "0#?@"]
    words = "".join(token.text for token in section.tokens if token.is_literal)
    if not places:
        # Nothing of the number itself: a word for it, a dash for none, or no sign at all.
        return number_text(value) if words.strip() and _SAYS_NOTHING.fullmatch(words) else words.strip()
    scaled = re.search(r",+(?=[.%E]|$)", figures, re.IGNORECASE)
    thousands = len(scaled[0]) if scaled else 0
    share = _HUNDREDTHS ** figures.count("%")
    text = number_text(round(value * share / 1000.0**thousands, 9)) if thousands or share > 1 else number_text(value)
    before = "".join(token.text for token in section.tokens[: places[0]] if token.is_literal)
    after = "".join(token.text for token in section.tokens[places[-1] :] if token.is_literal) + "%" * figures.count("%")
    inside = any(token.is_literal for token in section.tokens[places[0] : places[-1]])
    if text.isdecimal() and re.fullmatch(r"[0#?]+", figures):
        pattern = section.tokens[places[0] : places[-1] + 1]
        text = _into_places(text, pattern) if inside else text.zfill(figures.count("0"))
    if _SAYS_NOTHING.fullmatch(before) and _SAYS_NOTHING.fullmatch(after):
        return text + _SCALES[min(thousands, len(_SCALES) - 1)]
    return f"{before}{text}{after}".strip()


def _into_places(digits: str, pattern: Sequence[_Token]) -> str:
    """Set figures into places with letters between them, from the right, as of a telephone number."""
    shown, left = "", digits
    for index in range(len(pattern) - 1, -1, -1):
        token = pattern[index]
        if token.is_literal:
            shown = token.text + shown if left or any(t.text == "0" for t in pattern[:index] if not t.is_literal) else shown
        elif left:
            shown, left = left[-1] + shown, left[:-1]
        elif token.text == "0":
            shown = f"0{shown}"
    return left + shown
