"""Who receives whom when across the homes of a plan: a host is never given two households at one time unsaid."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engagement.schedule.issue import Issue
from engagement.schedule.visits import Slot
from siting.faults import Fault, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A time at which a host receives a household: of which home, and its number on that home's list."""

    slot: Slot
    home_id: str
    number: int


def taken_by(issues: Mapping[str, Issue]) -> tuple[Taken, ...]:
    """Return what was issued at homes, by home and number."""
    return tuple(
        Taken(slot=one.slot, home_id=home_id, number=one.number)
        for home_id, issue in sorted(issues.items())
        for one in sorted(issue.households.values(), key=lambda one: one.number)
        if one.slot is not None
    )


def double_bookings(taken: Iterable[Taken], today: dt.date, home_id: str | None = None) -> Iterator[Fault]:
    """Say of each host who receives two households at one time, from today on; households who share one slot are meant so.

    With `home_id` only where that home is one of the two.
    """
    coming = [one for one in taken if one.slot.start.date() >= today]
    by_host: dict[str, list[Taken]] = {}
    for one in sorted(coming, key=lambda one: (one.slot.start, one.home_id, one.number)):
        by_host.setdefault(one.slot.host, []).append(one)
    for host, booked in by_host.items():
        for first, second in combinations(booked, 2):
            if first.home_id == second.home_id and first.slot == second.slot:
                continue
            if first.slot.overlaps(second.slot) and home_id in {None, first.home_id, second.home_id}:
                yield _booked_twice(host, first, second)


def _booked_twice(host: str, first: Taken, second: Taken) -> Fault:
    day = f"{first.slot.start.day} {first.slot.start:%B %Y}"
    return Fault(
        file=f"homes/{second.home_id}",
        problem=(
            f"{host} is booked twice on {day}: {first.slot.start:%H:%M} for no. {first.number} of {first.home_id}, "
            f"{second.slot.start:%H:%M} for no. {second.number} of {second.home_id}"
        ),
        remedy="Agree another time with one of them (`siting decide --slot`), or name another host",
        severity=Severity.WARNING,
    )
