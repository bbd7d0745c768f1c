"""Names that join tables, checked against each other: councils, references, homes, towns and wards."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from siting.faults import Fault, Severity
from siting.inputs.council_names import COUNCIL_NAMES, OTHER_COUNCIL_NAMES, plain_name
from siting.inputs.values import how_to_confirm

NEAR = 84.0
"""Two names at least so alike (of 100) may be one name misspelt (own choice: Redding beside Reading is 86)."""
NEAR_PLACES = 88.0
"""The same for towns and wards, of which many are truly alike (own choice)."""
_SHORTEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name where it stands."""

    name: str
    file: str
    row: int | None
    column: str
    confirmed: bool = False
    """Whether a person says that it is right as it stands."""


def meant(name: str, known: Iterable[str], least: float = NEAR) -> str | None:
    """Return the known name that another was probably meant for, None where none is like it."""
    found = process.extractOne(name.casefold(), {one: one.casefold() for one in known}, scorer=ratio, score_cutoff=least)
    return found[2] if found else None


def council_faults(used: Sequence[Named], reference: Sequence[str], *, sure: bool = True) -> Iterator[Fault]:
    """Name councils that look misspelt beside those of a reference, beside each other, and beside real ones.

    A name of the boundaries (a `sure` reference), or of a council that there is, is never doubted; the
    plan's own list may be misspelt too. Of one that a person has confirmed it is said that it is used.
    """
    real = {plain_name(name): name for name in (*COUNCIL_NAMES, *OTHER_COUNCIL_NAMES)}
    confirmed = {plain_name(one.name) for one in used if one.confirmed}
    known = {plain_name(name): name for name in reference}
    counts = Counter(plain_name(one.name) for one in used)
    spelt: dict[str, str] = {}
    for one in used:
        spelt.setdefault(plain_name(one.name), one.name)
    for key, name in spelt.items():
        if (sure and key in known) or key in real:
            continue
        is_short = len(key) < _SHORTEST and key not in _SHORTENED
        others = {other: spelt[other] for other in spelt if other != key and (other in real or counts[other] > counts[key])}
        guess = _SHORTENED.get(key) or meant(key, known.keys() - {key}) or meant(key, others) or meant(key, real)
        # Three letters are like many names.
        guess = None if is_short else guess
        if guess is None and known and key not in known and not sure:
            told = [one for one in used if plain_name(one.name) == key]
            yield from _told(
                told, f"{name} is not among the councils that the plan names", "Check its spelling", Severity.WARNING
            )
        elif guess is not None and key in confirmed:
            told = [one for one in used if plain_name(one.name) == key]
            yield from _told(
                told, f"{name} is not known", "It is used as it stands, since it is confirmed as right", Severity.WARNING
            )
        elif guess is not None:
            shown = (real | others | known).get(guess, guess)
            told = [one for one in used if plain_name(one.name) == key]
            for fault in _misspelt(told, name, shown, Severity.FAULT):
                yield replace(fault, remedy=f"{fault.remedy}; {_how_to_confirm_council(fault, name)}")


def _how_to_confirm_council(fault: Fault, name: str) -> str:
    if fault.column == "authorities":
        return f'if it is right as it stands, write name_is_right = true under [authorities."{name}"]'
    return how_to_confirm(fault.column)


_SHORTENED = {
    "bucks": "buckinghamshire", "oxon": "oxfordshire", "herts": "hertfordshire", "northants": "west northamptonshire",
    "notts": "nottinghamshire", "leics": "leicestershire", "lincs": "lincolnshire", "lancs": "lancashire", "hants": "hampshire",
    "wilts": "wiltshire", "glos": "gloucestershire", "worcs": "worcestershire", "staffs": "staffordshire", "salop": "shropshire",
    "cambs": "cambridgeshire", "beds": "bedford", "central beds": "central bedfordshire", "warks": "warwickshire",
    "derbys": "derbyshire", "n yorks": "north yorkshire", "e sussex": "east sussex", "w sussex": "west sussex",
    "s glos": "south gloucestershire", "west berks": "west berkshire", "rbwm": "windsor and maidenhead", "mk": "milton keynes",
    "banes": "bath and north east somerset", "bcp": "bournemouth christchurch and poole", "carms": "carmarthenshire",
    "pembs": "pembrokeshire", "glam": "vale of glamorgan", "rct": "rhondda cynon taf",
}  # fmt: skip
"""Councils' names as they are shortened (general knowledge)."""


_COUNCILS = frozenset(plain_name(name) for name in COUNCIL_NAMES)


def known_council(text: str, further: Iterable[str] = ()) -> str | None:
    """Return the plain name of the council that looks after children and that a text names, also shortened; None where none.

    `further` are councils beside those of England and Wales, as a plan's boundaries name them.
    """
    key = plain_name(text)
    key = _SHORTENED.get(key, key)
    return key if key in _COUNCILS or key in {plain_name(name) for name in further} else None


def place_name_faults(used: Sequence[Named], what: str) -> Iterator[Fault]:
    """Warn of towns or wards that look like one name spelt in two ways, where a limit counts them."""
    counts = Counter(fold_name(one.name) for one in used)
    spelt: dict[str, str] = {}
    for one in used:
        spelt.setdefault(fold_name(one.name), one.name)
    for key, name in spelt.items():
        others = {other: spelt[other] for other in spelt if other != key and (counts[other], other) > (counts[key], key)}
        guess = meant(key, others, NEAR_PLACES)
        if guess is not None and len(key) >= _SHORTEST:
            told = [one for one in used if fold_name(one.name) == key]
            for fault in _misspelt(told, name, others[guess], Severity.WARNING):
                yield replace(fault, remedy=f"{fault.remedy}; the limit on homes in one {what} counts them apart")


def fold_name(name: str) -> str:
    """Return what two spellings of a name share whose case, spaces and points differ alone."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.casefold()).split())


def one_spelling(names: Iterable[str | None]) -> Callable[[str | None], str | None]:
    """Return a function that writes every name as its first spelling."""
    first: dict[str, str] = {}
    for name in names:
        if name:
            first.setdefault(fold_name(name), name)
    return lambda name: first[fold_name(name)] if name else name


def _misspelt(used: Sequence[Named], name: str, guess: str, severity: Severity) -> Iterator[Fault]:
    return _told(used, f"{name} is not known, and looks like {guess}", f"Did you mean {guess}", severity)


def _told(used: Sequence[Named], problem: str, remedy: str, severity: Severity) -> Iterator[Fault]:
    by_column: dict[tuple[str, str], list[int]] = {}
    for one in used:
        by_column.setdefault((one.file, one.column), []).extend([one.row] if one.row is not None else [])
    for (file, column), rows in by_column.items():
        yield Fault(
            file=file,
            row=rows[0] if rows else None,
            rows=tuple(rows) if len(rows) > 1 else (),
            column=column,
            problem=problem,
            remedy=remedy,
            severity=severity,
        )
