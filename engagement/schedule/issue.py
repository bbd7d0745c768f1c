"""What was issued: each household's number, slot and letter, so that a later issue moves only what must move.

The record holds no address: a household stands in it by a digest of its address key and by one of its
address as written, so that it is known again in another address file.
"""

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from engagement.around.addresses import Address
from engagement.around.decisions import traits_of
from engagement.schedule.visits import ZONE, Slot, offering
from siting.faults import Fault, InputFaultsError, UsageError
from siting.inputs.plan_parts import Engagement
from siting.storage.undoing import made_for_it, released_after

if TYPE_CHECKING:
    from engagement.around.neighbours import Considered

ISSUE_FILE = "issue.json"
_LOCK = ".siting-promises-lock"
_HOUSEHOLDS = "households-1"
"""Where they stand in the record; the figure is raised when its form changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What one household was issued with.

    Attributes
    ----------
    slot
        None where it waited for one.
    letter, written
        Digests of what it was told, and of its address; `letter` is empty where it has yet to be told of another time.
    agreed
        Whether the household chose the time itself: then it holds whatever the plan offers, and may be shared.
    traits
        Digests of what its address is known by in another file: its door at its place, its words in its part of the town.
    """

    number: int
    slot: Slot | None
    letter: str
    written: str
    agreed: bool = False
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue of a pack.

    Attributes
    ----------
    day
        When it was made.
    released
        Whether letters could go out by then.
    households
        By digest of the address key.
    highest
        The highest number that was ever given: a number is never given twice.
    offering
        What tells the days, hours and hosts that were offered from others.
    """

    day: dt.date
    released: bool
    households: Mapping[str, Issued]
    highest: int
    offering: str

    def of(self, home_id: str, one: "Considered", among: Iterable["Considered"] = ()) -> Issued | None:
        """Return what a household was issued with; `among` all that are invited, of whom another may be meant rather."""
        return self.known(home_id, [*among, one]).get(one.address.key)

    def known(self, home_id: str, households: Iterable["Considered"]) -> dict[str, Issued]:
        """Return what households were issued with, by address key; nobody's is given to two.

        Each is known by its key; or by its address as it is written; or, in a file that writes it otherwise, by its door at
        its place, or its words in its part of the town.
        """
        found: dict[str, Issued] = {}
        left = dict(self.households)
        # In one order whoever asks: entries that are written the same are told apart by nothing else.
        waiting = sorted({one.address.key: one.address for one in households}.values(), key=lambda address: address.key)
        for clues in _CLUES:
            by_clue: dict[str, list[str]] = {}
            for digest, issued in sorted(left.items(), key=lambda pair: pair[1].number):
                for clue in clues.issued(digest, issued):
                    by_clue.setdefault(clue, []).append(digest)
            asked = Counter(clue for address in waiting for clue in dict.fromkeys(clues.address(home_id, address)))
            for address in waiting:
                own = [
                    clue
                    for clue in clues.address(home_id, address)
                    if not clues.exact or len(by_clue.get(clue, ())) == asked[clue]
                ]
                alike = (digest for clue in own for digest in by_clue.get(clue, ()))
                known = next((digest for digest in alike if digest in left), None)
                if known is not None:
                    found[address.key] = left.pop(known)
            waiting = [address for address in waiting if address.key not in found]
        return found


@dataclass(frozen=True, slots=True)
class _Clues:
    """By what a household of the record and an address are known to be one, the surest first: digests that both have.

    Where that says no place (`exact`), as many must have it there as here: two houses may be written alike.
    """

    issued: Callable[[str, Issued], Iterable[str]]
    address: Callable[[str, Address], Iterable[str]]
    exact: bool = False


_CLUES = (
    _Clues(lambda digest, _: (digest,), lambda home_id, address: (household_digest(home_id, address.key),)),
    _Clues(lambda _, issued: (issued.written,), lambda home_id, address: (written_digest(home_id, address.written),), exact=True),
    _Clues(lambda _, issued: issued.traits, lambda home_id, address: _trait_digests(home_id, address, around=True)),
)


def trait_digests(home_id: str, address: Address) -> tuple[str, ...]:
    """Return what stands in a record for all by which an address is known in another file."""
    return tuple(_trait_digests(home_id, address, around=False))


def _trait_digests(home_id: str, address: Address, *, around: bool) -> Iterator[str]:
    # A door of a postcode alone may be that of another street.
    for trait, near in traits_of(address):
        if trait.partition(" ")[0] in _TRAITS:
            yield from (household_digest(home_id, f"trait {one}") for one in (trait, *(near if around else ())))


_TRAITS = ("uprn", "door", "text")


def is_household(home_id: str, digest: str, issued: Issued, address: Address) -> bool:
    """Tell whether a household of a record may be the one at an address, however that was written then."""
    same = digest == household_digest(home_id, address.key) or issued.written == written_digest(home_id, address.written)
    return same or not set(issued.traits).isdisjoint(_trait_digests(home_id, address, around=True))


def household_digest(home_id: str, key: str) -> str:
    """Return what stands for a household where its address must not."""
    return hashlib.blake2b(f"{home_id}\n{key}".encode(), digest_size=12).hexdigest()


def written_digest(home_id: str, address: str) -> str:
    """Return what stands for an address as it is written, whatever its spaces, stops and case."""
    plain = re.sub(r"[^a-z0-9]+", " ", address.casefold()).strip()
    return household_digest(home_id, f"written {plain}")


def numbered(home_id: str, walk: Iterable["Considered"], issue: Issue | None) -> tuple[dict[str, int], int]:
    """Give each household its number by address key, as in an earlier issue or after the highest; return the new highest too."""
    highest = issue.highest if issue else 0
    numbers: dict[str, int] = {}
    walk = list(walk)
    before = issue.known(home_id, walk) if issue else {}
    for one in walk:
        known = before.get(one.address.key)
        if known is not None:
            numbers[one.address.key] = known.number
        else:
            highest += 1
            numbers[one.address.key] = highest
    return numbers, highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What stands from an earlier issue, by address key: slots, and who waits for one with nothing offered since."""

    slots: Mapping[str, Slot]
    agreed: Mapping[str, Slot]
    waiting: frozenset[str]


def promised(home_id: str, invited: Iterable["Considered"], issue: Issue | None, engagement: Engagement) -> Promised:
    """Return what an earlier issue promised to those who are still invited."""
    known = issue.known(home_id, invited) if issue else {}
    same_offer = issue is not None and issue.offering == offering(engagement)
    return Promised(
        slots={key: one.slot for key, one in known.items() if one.slot is not None},
        agreed={key: one.slot for key, one in known.items() if one.slot is not None and one.agreed},
        waiting=frozenset(key for key, one in known.items() if one.slot is None and same_offer),
    )


def read_issue(folder: Path) -> Issue | None:
    """Return the issue that a pack's folder holds; None where nothing was issued.

    Raises
    ------
    InputFaultsError
        Where the record is damaged: without it everybody's slot would move unsaid.
    """
    path = folder / ISSUE_FILE
    if not path.is_file():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Issue(
            day=dt.date.fromisoformat(kept["day"]),
            released=bool(kept["released"]),
            highest=int(kept["highest"]),
            offering=str(kept["offering"]),
            households={digest: _issued(entry) for digest, entry in kept[_HOUSEHOLDS].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        fault = Fault(
            file=str(path),
            problem="the record of what was issued before is damaged, so that slots and numbers cannot be kept",
            remedy="Bring it back from a copy; or delete it, and all slots and numbers are given anew",
        )
        raise InputFaultsError([fault]) from error


def _issued(entry: Mapping[str, Any]) -> Issued:
    slot = None
    if entry["start"]:
        start, end = (dt.datetime.fromisoformat(entry[key]).replace(tzinfo=ZONE) for key in ("start", "end"))
        slot = Slot(start=start, end=end, host=str(entry["host"]))
    return Issued(
        number=int(entry["number"]),
        slot=slot,
        letter=str(entry["letter"]),
        written=str(entry["written"]),
        agreed=bool(entry["agreed"]),
        traits=tuple(str(trait) for trait in entry.get("traits", ())),
    )


@contextmanager
def promises_kept(out: Path, *, wait_s: float) -> Iterator[None]:
    """Keep others from promising times in a folder of results, from the reading of what was promised to its writing.

    The folder is made where there is none; when the block fails, nothing is left of what was made for it.

    Raises
    ------
    UsageError
        Where another is at it for longer than is waited.
    """
    with made_for_it(out), _promises_locked(out / _LOCK, wait_s):
        yield


@contextmanager
def _promises_locked(path: Path, wait_s: float) -> Iterator[None]:
    lock = FileLock(path, mode=0o666)
    was_there = path.exists()
    try:
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        msg = "The papers are being made just now. Give the time again once that is done."
        raise UsageError(msg) from error
    except (OSError, NotImplementedError):
        # A disk without locks: what is written is read back all the same.
        yield
        return
    with released_after(lock, keeps_file=was_there):
        yield


def write_issue(folder: Path, issue: Issue) -> None:
    """Write the record of an issue into a pack's folder."""
    households = {
        digest: {
            "number": one.number,
            "start": f"{one.slot.start:%Y-%m-%dT%H:%M}" if one.slot else "",
            "end": f"{one.slot.end:%Y-%m-%dT%H:%M}" if one.slot else "",
            "host": one.slot.host if one.slot else "",
            "letter": one.letter,
            "written": one.written,
            "agreed": one.agreed,
            "traits": list(one.traits),
        }
        for digest, one in sorted(issue.households.items(), key=lambda pair: pair[1].number)
    }
    record = {"day": issue.day.isoformat(), "released": issue.released, "highest": issue.highest, "offering": issue.offering}
    record |= {_HOUSEHOLDS: households}
    text = json.dumps(record, indent=1)
    (folder / ISSUE_FILE).write_text(text, encoding="utf-8")


def agree(issue: Issue, home_id: str, one: "Considered", slot: Slot, among: Iterable["Considered"] = ()) -> Issue:
    """Return an issue in which a household has the time that it chose; `among` all that are invited.

    Raises
    ------
    KeyError
        Where the household was issued with nothing.
    """
    known = issue.of(home_id, one, among)
    digest = next((digest for digest, issued in issue.households.items() if issued is known), "") if known else ""
    return replace(
        issue, households={**issue.households, digest: replace(issue.households[digest], slot=slot, agreed=True, letter="")}
    )
