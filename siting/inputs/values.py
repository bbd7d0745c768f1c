"""What a cell means: numbers, yes or no, names, as people write them; what could be read two ways is asked about."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from siting.words import identifier_problem, tidy_identifier

_TRUE = frozenset({"yes", "y", "true", "1", "x", "\u2713", "\u2714", "ie", "oes", "ydy", "ydi", "gwir"})
_FALSE = frozenset(
    {"no", "n", "false", "0", "", "nage", "nac oes", "nag oes", "nac ydy", "nac ydi", "nag ydy", "nag ydi", "anwir"}
)
"""In English and Welsh, which has other words for yes and no by the verb of the question."""
_NA = frozenset({"na", "n/a", "n.a.", "n.a"})
_PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?P<mark>[, ])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:\.[0-9]+)?")
_CONTINENTAL = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+|-?[0-9]+(?:,[0-9]+)+")
_SHORTENED = re.compile(r"[0-9.,]+ ?(k|m|mn|million|thousand)\b.*", re.IGNORECASE)
_NO_FIGURE = re.compile(
    r"p\.?o\.?a\.?|price on application|on application|tb[acd]|n/?a|none|null|nan|nil|unknown|not known|[-?.\u2013\u2014]+",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(r"[\W\d_]+|n/?[ak]|(not|to be) .*|none|null|nan|nil|unknown|tb[acd]|\(blank\)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"see .*", re.IGNORECASE)


_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_A_DATE = re.compile(rf"\d{{1,2}}[- ]{_MONTH}([- ]\d{{2,4}})?|{_MONTH}[- ]\d{{2,4}}|\d{{4}}-\d\d-\d\d( .*)?", re.IGNORECASE)


def cell_error(problem: str, remedy: str) -> PydanticCustomError:
    """Make the error of one cell: what is wrong with it and what to do."""
    return PydanticCustomError("cell", "{problem}", {"problem": problem, "remedy": remedy})


def read_number(value: Any) -> Any:  # noqa: ANN401 - what a cell holds is not known before this
    """Read a number as people write it in Britain: with a pound sign, and commas or spaces between thousands.

    What could be meant otherwise is asked about: a comma for a point, a range, thousands left out.
    """
    if not isinstance(value, str):
        return value
    text = re.sub(r"[\u00a0\u202f\u2009]", " ", value).replace("\u2212", "-").strip()
    text = re.sub(r"^(?:£|GBP)\s*", "", text)
    if _PLAIN.fullmatch(text):
        return float(text)
    if _GROUPED.fullmatch(text):
        return float(re.sub(r"[, ]", "", text))
    if _CONTINENTAL.fullmatch(text):
        raise cell_error(
            problem="points and commas stand where British figures have commas and points", remedy="Write it as in 395000.50"
        )
    if _COMMA.fullmatch(text):
        raise cell_error(
            problem="the comma may stand for a point or part thousands", remedy="Write it with a point, or without the comma"
        )
    if _SHORTENED.fullmatch(text):
        raise cell_error(problem="this is not a number written in full", remedy="Write all its figures, as in 425000 for 425k")
    if _NO_FIGURE.fullmatch(text):
        raise cell_error(problem="this is not a number", remedy="Leave the cell empty where it is not known, or write the figure")
    if re.search(r"[0-9]", text):
        raise cell_error(
            problem="this is not a number alone",
            remedy="Write one figure and nothing else; put the rest into a column of its own",
        )
    raise cell_error(problem="this is not a number", remedy="Write it in figures")


def read_degrees_of(east: str, west: str) -> Callable[[Any], Any]:
    """Return a reader of degrees with a point; minutes and seconds of arc, and letters for a direction, are asked about."""

    def read(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, str) and re.search(rf"[\u00b0\u2032\u2033'\"\u2019\u201d]|[{east}{west}]", value, re.IGNORECASE):
            raise cell_error(
                problem="these are degrees with letters, or with minutes and seconds",
                remedy=f"Write degrees with a point, {west} of 0 with a minus, as in 51.6287 and -0.7482",
            )
        return read_number(value)

    return read


def without_unit(*units: str) -> Callable[[Any], Any]:
    """Return a reader that takes off a figure's own unit, in any case; any other stays, and is asked about."""
    pattern = re.compile(rf"\s*(?:{'|'.join(map(re.escape, sorted(units, key=len, reverse=True)))})\.?$", re.IGNORECASE)

    def read(value: Any) -> Any:  # noqa: ANN401
        bare = pattern.sub("", value.strip()) if isinstance(value, str) else value
        return bare if isinstance(bare, str) and bare[-1:].isdigit() else value

    return read


def read_yes_or_no(value: Any) -> Any:  # noqa: ANN401
    """Read yes or no, in any case, in English or Welsh; `na`, Welsh for no and English for not applicable, is asked about."""
    if not isinstance(value, str):
        return value
    word = " ".join(value.split()).casefold()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    if word in _NA:
        raise cell_error(problem="this may say no, or that it does not apply", remedy="Write yes or no (in Welsh ie or nage)")
    raise cell_error(problem="should be yes or no", remedy="Write yes or no")


def read_word(value: Any) -> Any:  # noqa: ANN401
    """Read a word of a closed vocabulary, in any case."""
    return value.strip().casefold() if isinstance(value, str) else value


def read_identifier(value: Any) -> Any:  # noqa: ANN401
    """Read an identifier, which may become a file's name and joins tables."""
    text = tidy_identifier(str(value))
    if text[:1] in {"=", "+", "-", "@"}:
        raise cell_error(
            problem="an identifier must not begin with = + - or @, which spreadsheets take for a formula",
            remedy="Begin it with a letter or a figure",
        )
    if _A_DATE.fullmatch(text):
        raise cell_error(
            problem="this looks like a date, which Excel makes of such a reference as 3-4",
            remedy="Format the column as text and type the reference again, or give it another",
        )
    problem = identifier_problem(text)
    if text and problem:
        raise cell_error(problem=problem, remedy="Use letters, figures, - _ . and spaces, as in H-01")
    return text


def says_not_known(text: str) -> bool:
    """Tell whether a text stands for a name that is not known, or has no letter at all."""
    return _NOT_KNOWN.fullmatch(text) is not None


def read_name(value: Any) -> Any:  # noqa: ANN401
    """Read a name that joins tables; a word for "not known" is none."""
    if isinstance(value, str) and (says_not_known(value.strip()) or _ELSEWHERE.fullmatch(value.strip())):
        raise cell_error(problem="this is no name", remedy="Leave the cell empty where it is not known")
    return " ".join(value.split()) if isinstance(value, str) else value


def read_council(value: Any) -> Any:  # noqa: ANN401
    """Read a council's name; a code of it is asked about, for no two codes are like two names."""
    name = read_name(value)
    if isinstance(name, str) and re.search(r"[0-9]", name):
        raise cell_error(problem="this is a code, and not a council's name", remedy="Write the council's name, as in Reading")
    return name


CONFIRMED_VALUES = "confirmed_values"
"""The column in which a person says which unusual values of a row are right."""


def read_confirmed(value: Any) -> Any:  # noqa: ANN401
    """Read the names of columns, with commas or the like between."""
    return frozenset(name.casefold() for name in _SEVERAL.split(value.strip()) if name) if isinstance(value, str) else value


_SEVERAL = re.compile(r"\s*(?:[,;/&+\n]|\band\b)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausible:
    """Between which values a figure is taken as it stands; one beyond is asked about.

    `what` words a value, with its place in braces.
    """

    low: float
    high: float
    what: str
    remedy: str
    or_nothing: bool = False
    """Whether 0 is as likely as what is within."""

    def holds(self, value: float) -> bool:
        """Whether a value is within."""
        return self.low <= value <= self.high or (self.or_nothing and value == 0)

    def worded(self, value: float) -> str:
        """Return the value in words."""
        return self.what.format(value)


def asked_about(rule: Plausible) -> Callable[[float | None, ValidationInfo], float | None]:
    """Return a check that asks about a figure outside what is plausible, unless the row says that it is right."""

    def check(value: float | None, info: ValidationInfo) -> float | None:
        # Where the names themselves have a fault, that is told and this is not asked as well.
        confirmed = info.data.get(CONFIRMED_VALUES)
        if value is None or rule.holds(value) or confirmed is None or info.field_name in confirmed:
            return value
        raise cell_error(problem=f"{rule.worded(value)} is unlikely", remedy=f"{rule.remedy}; {how_to_confirm(info.field_name)}")

    return check


def how_to_confirm(name: str | None) -> str:
    """Say what to write where a value is right as it stands."""
    return f"if it is right as it stands, write {name} into a column {CONFIRMED_VALUES}"
