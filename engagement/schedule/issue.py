"""What was issued: each household's number, slot and letter, so that a later issue moves only what must move.

The record holds no address: a household stands in it by a digest of its address key and by one of its
address as written, so that it is known again in another address file.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

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
    """

    number: int
    slot: Slot | None
    letter: str
    written: str
    agreed: bool = False


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

    def of(self, home_id: str, one: "Considered") -> Issued | None:
        """Return what a household was issued with: known by its key, or by its address where exactly one is written so."""
        known = self.households.get(household_digest(home_id, one.address.key))
        if known is not None:
            return known
        written = written_digest(home_id, one.address.written)
        alike = [issued for issued in self.households.values() if issued.written == written]
        return alike[0] if len(alike) == 1 else None


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
    for one in walk:
        known = issue.of(home_id, one) if issue else None
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
    known = {one.address.key: issue.of(home_id, one) for one in invited} if issue else {}
    same_offer = issue is not None and issue.offering == offering(engagement)
    return Promised(
        slots={key: one.slot for key, one in known.items() if one is not None and one.slot is not None},
        agreed={key: one.slot for key, one in known.items() if one is not None and one.slot is not None and one.agreed},
        waiting=frozenset(key for key, one in known.items() if one is not None and one.slot is None and same_offer),
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
        }
        for digest, one in sorted(issue.households.items(), key=lambda pair: pair[1].number)
    }
    record = {"day": issue.day.isoformat(), "released": issue.released, "highest": issue.highest, "offering": issue.offering}
    record |= {_HOUSEHOLDS: households}
    text = json.dumps(record, indent=1)
    (folder / ISSUE_FILE).write_text(text, encoding="utf-8")


def agree(issue: Issue, home_id: str, one: "Considered", slot: Slot) -> Issue:
    """Return an issue in which a household has the time that it chose.

    Raises
    ------
    KeyError
        Where the household was issued with nothing.
    """
    known = issue.of(home_id, one)
    digest = next(digest for digest, issued in issue.households.items() if issued is known) if known else ""
    return replace(
        issue, households={**issue.households, digest: replace(issue.households[digest], slot=slot, agreed=True, letter="")}
    )
