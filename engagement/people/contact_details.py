"""Whether e-mail addresses and telephone numbers can be what they say; nothing is looked up."""

import re
from collections.abc import Iterable, Iterator

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from engagement.people.stakeholder_files import Person
from engagement.people.stakeholder_rows import Stakeholder
from siting.faults import Fault, Severity

_NATION = "GB"
_LOST_ITS_ZERO = re.compile(r"[1-9][0-9]{9}")
"""As long as a British number without the 0 of its area (Ofcom, national numbering plan)."""


def odd_details(people: Iterable[Person | Stakeholder]) -> Iterator[Fault]:
    """Warn of each detail that cannot be right, and of whom it is."""
    for person in people:
        whose = f"{person.role} {person.name}".strip()
        if person.email and not is_email(person.email):
            yield _odd(person, "email", f'"{person.email}" ({whose}) is no e-mail address')
        if _LOST_ITS_ZERO.fullmatch(re.sub(r"[\s()-]", "", person.telephone)):
            problem = f'"{person.telephone}" ({whose}) lacks the 0 with which it begins, which a spreadsheet takes away'
            yield _odd(person, "telephone", problem)
        elif person.telephone and not is_telephone(person.telephone):
            yield _odd(person, "telephone", f'"{person.telephone}" ({whose}) is no telephone number')


def is_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def is_telephone(text: str) -> bool:
    """Tell whether a text has the form of a number that can be dialled in Great Britain; 101 and its like among them."""
    try:
        number = phonenumbers.parse(text, _NATION)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) or phonenumbers.is_possible_short_number_for_region(number, _NATION)


def _odd(person: Person | Stakeholder, column: str, problem: str) -> Fault:
    return Fault(
        file=person.source, column=column, problem=problem, remedy="Correct it, or leave it empty", severity=Severity.WARNING
    )
