r"""Letters as GOV.UK Notify takes them, and who cannot be written to that way, with the reason.

The rules are Notify's own, as its published code checks them: three to seven lines, the last a real
postcode, no line that begins with one of `@()=[]"\/,<>~` (alphagov/notifications-utils, `PostalAddress`).
"""

from collections.abc import Container

import pandas as pd

from engagement.around.neighbours import Considered
from engagement.pack import Pack, address_lines
from engagement.papers.languages import addressed_to, languages, visit_words
from siting.inputs.postcodes import tidy_postcode

LINES = 7
FEWEST_LINES = 3
LONGEST_LINE = 95
"""The most characters of one line of a letter's address: an own assumption, so that a line is not cut off on paper. Notify's
published checks name no such limit."""
NOT_AT_THE_START = frozenset('@()=[]"\\/,<>~')
_COLUMNS = tuple(f"address line {number}" for number in range(1, LINES + 1))


def notify_table(pack: Pack, known_postcodes: Container[str]) -> pd.DataFrame:
    """Return one row a letter: `address line 1` to `7`, the last a postcode, and `visit`."""
    rows = [[*_filled(_lines(pack, one)), _visit(pack, one)] for one in pack.walk if not why_not(pack, one, known_postcodes)]
    return pd.DataFrame(rows, columns=[*_COLUMNS, "visit"])


def notify_left_out(pack: Pack, known_postcodes: Container[str]) -> pd.DataFrame:
    """Return who is not in the table, by number and address, and why: `number,address,why`."""
    rows = [
        {"number": pack.number_of(one), "address": one.address.written, "why": reason}
        for one in pack.walk
        if (reason := why_not(pack, one, known_postcodes))
    ]
    return pd.DataFrame(rows, columns=["number", "address", "why"])


def why_not(pack: Pack, one: Considered, known_postcodes: Container[str]) -> str:
    """Say why Notify would refuse a household's address, or could not print it whole; nothing where it would take it."""
    lines = _lines(pack, one)
    if len(lines) < FEWEST_LINES:
        return "the address has no street, or no town and postcode: Notify wants three lines; deliver by hand"
    postcode = tidy_postcode(one.address.postcode or "")
    if postcode is None:
        return "the address has no full postcode: Notify wants one as the last line; deliver by hand"
    if postcode not in known_postcodes:
        return f"the postcode {postcode} is in no list of postcodes: check it, or deliver by hand"
    long = next((line for line in lines if len(line) > LONGEST_LINE), None)
    if long:
        return f"a line of the address is longer than {LONGEST_LINE} characters, and may be cut off: deliver by hand"
    begins = next((line[0] for line in lines if line[0] in NOT_AT_THE_START), None)
    return f"a line of the address begins with {begins}, which Notify refuses: deliver by hand" if begins else ""


def _lines(pack: Pack, one: Considered) -> list[str]:
    """Return addressee, address and postcode, in at most seven lines: what is more shares a line with its neighbour."""
    lines = address_lines(one)
    if not lines:
        return []
    postcode = tidy_postcode(one.address.postcode or "")
    body = [addressed_to(pack, one), *(line for line in lines if tidy_postcode(line) is None)]
    while len(body) > LINES - 1:
        body[1:3] = [f"{body[1]}, {body[2]}"]
    return [*body, postcode] if postcode else body


def _filled(lines: list[str]) -> list[str]:
    """Spread lines over the seven columns: the postcode stands in the last."""
    return [*lines[:-1], *([""] * (LINES - len(lines))), lines[-1]]


def _visit(pack: Pack, one: Considered) -> str:
    return " / ".join(visit_words(pack, one, language) for language in languages(pack))
