"""What an entry of an address file is: a household, premises, or nothing that a letter goes to.

Classification codes are those of AddressBase (Ordnance Survey, AddressBase classification scheme):
R residential, C commercial, M military, L land, O other things, P parents and street records,
U not classified, X of both uses, Z things of interest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HISTORICAL_STATUS = "8"
"""AddressBase logical status: a historical record."""
_LOGICAL = {"8": "a historical record", "6": "a provisional record"}
_STATES = {"1": "still under construction", "4": "no longer there", "6": "only permitted, not built"}
_LOGICAL_WORDS = {"histor": "8", "provis": "6", "reject": "8"}
_STATE_WORDS = {"demolish": "4", "prebuild": "6", "pre-build": "6", "under construction": "1"}
_NOT_POSTED = {
    "RC": "a car park space",
    "RG": "a garage",
    "CU": "a utility such as a substation",
    "CZ": "an information or advertising board",
    "CT": "a transport site such as a bus shelter",
    "PS": "a street record",
    "PP": "a parent shell, whose flats are listed themselves",
    "P": "a parent shell, whose flats are listed themselves",
    "L": "land",
    "O": "no place where anybody is, such as a mast",
    "Z": "a thing of interest that is no address",
}
_POSTED_DESPITE = ("CT02", "CT08", "ZW", "ZS", "LP")
"""Bus depots, stations, places of worship, stately homes and parks in use have people in them."""


@dataclass(frozen=True, slots=True)
class AddressKind:
    """Whether an entry is told, and how it is addressed.

    `left_out` says why it is not, and is None where it is; `premises` are businesses, schools and
    places of worship, whose letters do not go to "The Occupier".
    """

    left_out: str | None
    premises: bool
    known: bool = True


def _code(told: str, words: Mapping[str, str]) -> str:
    """Return the code of a status that is written in figures, or in words as NGD Address has it."""
    plain = told.strip().lower()
    return next((code for word, code in words.items() if plain.startswith(word)), plain)


def kind_of(classification: str, *, logical_status: str = "", state: str = "", postal: str = "") -> AddressKind:
    """Tell what an entry is from its codes; codes that a file does not have are empty."""
    code = classification.strip().upper()
    status, built = _code(logical_status, _LOGICAL_WORDS), _code(state, _STATE_WORDS)
    if status in _LOGICAL:
        return AddressKind(_LOGICAL[status], premises=False)
    if built in _STATES and built != "1":
        return AddressKind(_STATES[built], premises=False)
    if not code.startswith(_POSTED_DESPITE):
        for length in (2, 1):
            if len(code) >= length and code[:length] in _NOT_POSTED:
                return AddressKind(_NOT_POSTED[code[:length]], premises=False)
    if not code or code[0] in "UX":
        return AddressKind(None, premises=False, known=bool(code))
    if postal.strip().upper() == "N" and code[0] != "R":
        return AddressKind("not a postal address", premises=False)
    return AddressKind(None, premises=code[0] in "CMZL")
