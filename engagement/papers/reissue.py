"""What a later issue of a pack changes for whom, and the papers of only those."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from engagement.around.neighbours import Considered
from engagement.around.same_address import parts_of
from engagement.pack import Pack
from engagement.papers.languages import fields
from engagement.schedule.issue import Issue, Issued, household_digest, trait_digests, written_digest
from engagement.schedule.visits import offering
from siting.faults import Fault, Severity
from siting.sentences import listed

_ADDRESSES = ("address", "address_cy")
_DATES = ("today", "today_cy")
"""The day on which a letter was printed changes nothing for its reader."""


class ChangeKind(StrEnum):
    """How a household's papers differ from those issued before."""

    NEW = "invited since"
    MOVED = "another time"
    CHANGED = "the letter reads otherwise"
    GONE = "not invited any more"


class WasTold(StrEnum):
    """Whether somebody was invited or handed a letter before."""

    YES = "yes"
    NO = "no"
    FORGOTTEN = "not known: forgotten"
    """The register's entries on whoever was told were blanked since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change for one household; `neighbour` is None where it is not invited any more, and is named by its number alone."""

    number: int
    kind: ChangeKind
    neighbour: Considered | None
    was_told: WasTold


def this_issue(pack: Pack, wording: bytes) -> Issue:
    """Return what this issue hands out; `wording` is the letter's, so that a new wording is a new letter."""
    slots = {visit.neighbour.address.key: visit.slot for visit in pack.schedule.visits}
    before = pack.previous.known(pack.home_id, pack.walk) if pack.previous else {}
    return Issue(
        day=pack.made,
        released=pack.released,
        highest=pack.highest_number,
        offering=offering(pack.engagement),
        households={
            household_digest(pack.home_id, one.address.key): Issued(
                number=pack.number_of(one),
                slot=slots.get(one.address.key),
                letter=_letter_digest(pack, one, wording),
                written=written_digest(pack.home_id, one.address.written),
                agreed=(known := before.get(one.address.key)) is not None and known.agreed,
                traits=trait_digests(pack.home_id, one.address),
            )
            for one in pack.walk
        },
    )


def changes(pack: Pack, issue: Issue) -> tuple[Change, ...]:
    """Return what this issue changes against the one before, by number; nothing where it is the first."""
    before = pack.previous
    if before is None:
        return ()
    found: list[Change] = []
    all_now, all_then = issue.known(pack.home_id, pack.walk), before.known(pack.home_id, pack.walk)
    for one in pack.walk:
        now, then = all_now.get(one.address.key), all_then.get(one.address.key)
        kind = None if now is None else _kind(now, then)
        if kind is not None:
            is_named = bool(pack.told.names & {one.address.key, one.address.uprn, one.address.written})
            told = _was_told(is_named, is_forgotten=pack.told.forgot_everybody)
            found.append(Change(number=pack.number_of(one), kind=kind, neighbour=one, was_told=told))
    standing = {one.number for one in issue.households.values()}
    reached, forgotten = _digests(pack), pack.told.forgot_some or pack.told.forgot_everybody
    found += [
        Change(
            number=then.number,
            kind=ChangeKind.GONE,
            neighbour=None,
            was_told=_was_told(bool(reached & {digest, then.written}), is_forgotten=forgotten),
        )
        for digest, then in before.households.items()
        if then.number not in standing
    ]
    return tuple(sorted(found, key=lambda change: change.number))


def _was_told(is_named: bool, *, is_forgotten: bool) -> WasTold:  # noqa: FBT001 - what the register says
    if is_named:
        return WasTold.YES
    return WasTold.FORGOTTEN if is_forgotten else WasTold.NO


def _digests(pack: Pack) -> set[str]:
    """Return what stands in a record of issues for those who were told: the address of one who is gone is known no other way."""
    names = pack.told.names
    keys = [name.zfill(12) if name.isdecimal() else name for name in names]
    return {household_digest(pack.home_id, key) for key in keys} | {written_digest(pack.home_id, name) for name in names}


def changes_table(found: Sequence[Change]) -> pd.DataFrame:
    """Return the changes as a table; who is not invited any more stands in it by number alone."""
    rows = [
        {
            "number": change.number,
            "what": change.kind.value,
            "address": change.neighbour.address.written if change.neighbour else "",
            "already_told": change.was_told.value,
        }
        for change in found
    ]
    return pd.DataFrame(rows, columns=["number", "what", "address", "already_told"])


def changes_told(pack: Pack, found: Sequence[Change], folder: str = "reissue") -> tuple[Fault, ...]:
    """Say in one line a kind what has changed since the issue before, by the numbers of the list; `folder` has the papers."""
    if pack.previous is None or not found:
        return ()
    day = pack.previous.day
    by_kind: dict[ChangeKind, list[str]] = {}
    for change in found:
        by_kind.setdefault(change.kind, []).append(str(change.number))
    papers = f"Their letters, labels and events are in {folder}" if pack.previous.released else "No letter was out yet"
    return tuple(
        Fault(
            file=f"homes/{pack.home_id}",
            problem=f"since the issue of {day.day} {day:%B %Y}, {kind.value}: no. {listed(numbers)}",
            remedy="Tell them if they had been invited" if kind is ChangeKind.GONE else papers,
            severity=Severity.WARNING,
        )
        for kind, numbers in by_kind.items()
    )


def _kind(now: Issued, then: Issued | None) -> ChangeKind | None:
    if then is None:
        return ChangeKind.NEW
    if now.slot != then.slot or not then.letter:
        return ChangeKind.MOVED
    return ChangeKind.CHANGED if now.letter != then.letter else None


def _letter_digest(pack: Pack, one: Considered, wording: bytes) -> str:
    told = {name: value for name, value in fields(pack, one).items() if name not in _DATES}
    # Another file may write the address otherwise: the letter is another where the door is.
    told |= {
        name: " ".join(parts_of(", ".join(map(str, lines))).door)
        for name in _ADDRESSES
        if isinstance(lines := told.get(name), list)
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(wording + text.encode(), digest_size=12).hexdigest()
