"""Visits in slots: every household one, nearest first, those of one building together, nobody twice.

Times are local: a visit at ten is at ten by the clock of the place, whatever the season. Once issued,
a slot is a promise: whoever has one keeps it, whatever happens to the others.
"""

import datetime as dt
import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

from siting.faults import UsageError
from siting.inputs.plan_parts import Engagement

if TYPE_CHECKING:
    # A calendar needs nothing of what neighbours are found with.
    from engagement.around.neighbours import Considered

ZONE = ZoneInfo("Europe/London")
PROPOSED_DAYS = 3
_DAYS_BEFORE_OPENING = 35
_SUBDIVISIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time at which one host is free; in the local time of the place."""

    start: dt.datetime
    end: dt.datetime
    host: str

    def overlaps(self, other: "Slot") -> bool:
        """Tell whether one host would have to be at both."""
        return self.host == other.host and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One household's visit."""

    slot: Slot
    neighbour: "Considered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All visits of a home.

    Attributes
    ----------
    visits
        In the order of time and host.
    spare
        Slots kept free.
    waiting
        Households for whom there was no slot: they are listed, and more days or hosts are needed.
    left_out_days
        Days that were asked for and not used, with the reason.
    moved
        Households whose issued slot is not offered any more: they have another, or wait for one.
    """

    visits: tuple[Visit, ...]
    spare: tuple[Slot, ...]
    waiting: tuple["Considered", ...]
    left_out_days: tuple[tuple[dt.date, str], ...]
    moved: tuple["Considered", ...] = ()


def schedule_visits(  # noqa: PLR0913 - one argument for each thing that was promised before
    neighbours: Sequence["Considered"],
    engagement: Engagement,
    today: dt.date,
    *,
    issued: Mapping[str, Slot] | None = None,
    agreed: Mapping[str, Slot] | None = None,
    waiting: Container[str] = (),
    elsewhere: Iterable[Slot] = (),
) -> Schedule:
    """Give each household a slot.

    Parameters
    ----------
    issued
        The slots of an earlier issue, by address key: each is kept where it is still offered or already past; a
        household that is new takes a spare one.
    agreed
        Slots that a household and the lead agreed on, by address key: they go before all else, and several
        households may share one.
    waiting
        Who waits for a slot since an earlier issue and was offered nothing since, by address key: they wait on, and what
        others leave becomes spare.
    elsewhere
        When the hosts receive households of other homes of the plan: nobody is given such a time; who was promised one
        before keeps it.

    Raises
    ------
    UsageError
        Where the times of day in the plan cannot be read or leave no slot.
    """
    issued, agreed = issued or {}, agreed or {}
    days, left_out = visiting_days(engagement, today, issued_days=[slot.start.date() for slot in issued.values()])
    slots = slots_of(days, engagement)
    if not slots and days:
        msg = "The visiting hours of the plan leave no slot. Check start, end and breaks under [engagement]."
        raise UsageError(msg)
    households = [one for group in _buildings(neighbours) for one in group]
    offered = set(slots)
    held = {
        one.address.key: slot
        for one in households
        if (slot := agreed.get(one.address.key) or _kept(issued.get(one.address.key), offered, today)) is not None
    }
    taken = _by_day([*held.values(), *elsewhere])
    open_slots = [slot for slot in slots if slot.start.date() >= today and not _is_taken(slot, taken)]
    spare = set() if issued else set(_spare(open_slots, engagement.spare_slots))
    free = iter([slot for slot in open_slots if slot not in spare])
    newcomers = [one for one in households if one.address.key not in held and one.address.key not in waiting]
    waiting_on = [one for one in households if one.address.key not in held and one.address.key in waiting]
    given = list(zip(newcomers, free, strict=False))
    visits = [
        *(Visit(slot=held[one.address.key], neighbour=one) for one in households if one.address.key in held),
        *(Visit(slot=slot, neighbour=one) for one, slot in given),
    ]
    used = {slot for _, slot in given}
    return Schedule(
        visits=tuple(sorted(visits, key=lambda visit: (visit.slot.start, visit.slot.host))),
        spare=tuple(slot for slot in open_slots if slot not in used),
        waiting=(*waiting_on, *newcomers[len(given) :]),
        left_out_days=left_out,
        moved=tuple(one for one in newcomers if one.address.key in issued),
    )


def _by_day(slots: Iterable[Slot]) -> dict[tuple[str, dt.date], list[Slot]]:
    found: dict[tuple[str, dt.date], list[Slot]] = {}
    for slot in slots:
        found.setdefault((slot.host, slot.start.date()), []).append(slot)
    return found


def _is_taken(slot: Slot, taken: Mapping[tuple[str, dt.date], Sequence[Slot]]) -> bool:
    return any(slot.overlaps(other) for other in taken.get((slot.host, slot.start.date()), ()))


def slots_of(days: Iterable[dt.date], engagement: Engagement) -> list[Slot]:
    """Return every slot of some days, in the order of time; the hosts of one time after another."""
    return [slot for day in days for slot in _day_slots(day, engagement)]


def slot_at(engagement: Engagement, start: dt.datetime, host: str | None = None) -> Slot:
    """Return the slot that begins at a local time, with the first host or one by name.

    Raises
    ------
    UsageError
        Where there is no such host, or the day is a bank holiday.
    """
    nation = bank_holidays(engagement.nation)
    if start.date() in nation:
        msg = f"{start.date()} is {nation[start.date()]}, a bank holiday in {engagement.nation}. Choose another day."
        raise UsageError(msg)
    if host is not None and host not in engagement.hosts:
        msg = f'There is no host "{host}" in the plan. It has {", ".join(engagement.hosts)}.'
        raise UsageError(msg)
    begins = start.replace(tzinfo=ZONE)
    return Slot(start=begins, end=begins + dt.timedelta(minutes=engagement.slot_minutes), host=host or engagement.hosts[0])


def offering(engagement: Engagement) -> str:
    """Return what tells one offer of days, hours and hosts from another."""
    asked = {"days", "start", "end", "breaks", "evening", "hosts", "slot_minutes", "spare_slots", "nation", "opening_day"}
    return hashlib.blake2b(engagement.model_dump_json(include=asked).encode(), digest_size=8).hexdigest()


def _kept(slot: Slot | None, offered: set[Slot], today: dt.date) -> Slot | None:
    """Return an issued slot where it still holds: it is offered, or it has been."""
    return slot if slot is not None and (slot in offered or slot.start.date() < today) else None


def visiting_days(
    engagement: Engagement, today: dt.date, *, issued_days: Iterable[dt.date] = ()
) -> tuple[tuple[dt.date, ...], tuple[tuple[dt.date, str], ...]]:
    """Return the days of visits in order, and those left out with the reason: bank holidays of the nation, and days gone by.

    Where the plan names no days, those that were issued before stand; where there are none either, three are proposed.
    """
    nation = bank_holidays(engagement.nation)
    asked = sorted(set(engagement.days) or set(issued_days)) or list(_proposed(engagement, today))
    left_out = {day: f"{nation[day]}, a bank holiday in {engagement.nation}" for day in asked if day in nation}
    left_out |= {day: "already past" for day in asked if day < today and day not in left_out}
    return tuple(day for day in asked if day not in left_out), tuple(sorted(left_out.items()))


def bank_holidays(nation: str) -> holidays.HolidayBase:
    """Return the bank holidays of a nation of the United Kingdom."""
    return holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[nation])


def working_day_before(day: dt.date, engagement: Engagement) -> dt.date:
    """Return a day, or the last working day before it where it is a weekend or bank holiday."""
    nation = bank_holidays(engagement.nation)
    while day.weekday() >= _SATURDAY or day in nation:
        day -= dt.timedelta(days=1)
    return day


def _proposed(engagement: Engagement, today: dt.date) -> Iterator[dt.date]:
    first = (
        engagement.opening_day - dt.timedelta(days=_DAYS_BEFORE_OPENING) if engagement.opening_day else today + dt.timedelta(21)
    )
    nation = bank_holidays(engagement.nation)
    found = 0
    while found < PROPOSED_DAYS:
        if first.weekday() < _SATURDAY and first not in nation:
            yield first
            found += 1
        first += dt.timedelta(days=1)


def _day_slots(day: dt.date, engagement: Engagement) -> Iterator[Slot]:
    """Yield a day's slots in the order of time; the hosts of one time after another."""
    length = dt.timedelta(minutes=engagement.slot_minutes)
    breaks = [_span(text) for text in engagement.breaks]
    spans = [(engagement.start, engagement.end), *([_span(engagement.evening)] if engagement.evening else [])]
    for start, end in spans:
        at, close = dt.datetime.combine(day, start), dt.datetime.combine(day, end)
        while at + length <= close:
            pause = next((b for b in breaks if _meets(at.time(), (at + length).time(), b)), None)
            if pause is not None:
                at = dt.datetime.combine(day, pause[1])
                continue
            for host in engagement.hosts:
                yield Slot(start=at.replace(tzinfo=ZONE), end=(at + length).replace(tzinfo=ZONE), host=host)
            at += length


def _span(text: str) -> tuple[dt.time, dt.time]:
    try:
        start, end = (dt.time.fromisoformat(part.strip().zfill(5)) for part in text.split("-"))
    except ValueError as error:
        msg = f'"{text}" is not a time of day from and to. Write it as in "12:30-13:30".'
        raise UsageError(msg) from error
    if start >= end:
        msg = f'"{text}" ends before it begins. Write it as in "12:30-13:30".'
        raise UsageError(msg)
    return start, end


def _meets(start: dt.time, end: dt.time, pause: tuple[dt.time, dt.time]) -> bool:
    return start < pause[1] and end > pause[0]


def _buildings(neighbours: Sequence["Considered"]) -> Iterable[list["Considered"]]:
    """Group households by their building, in the order of the nearest of each."""
    groups: dict[object, list[Considered]] = {}
    for one in neighbours:
        key: object = one.group if one.group >= 0 else (round(one.address.x_m, 1), round(one.address.y_m, 1))
        groups.setdefault(key, []).append(one)
    return groups.values()


def _spare(slots: Sequence[Slot], a_day: int) -> tuple[Slot, ...]:
    """Keep so many slots free each day, spread over it and the later ones first."""
    by_day: dict[dt.date, list[Slot]] = {}
    for slot in slots:
        by_day.setdefault(slot.start.date(), []).append(slot)
    kept: list[Slot] = []
    for day in by_day.values():
        count = min(a_day, max(len(day) - 1, 0))
        step = len(day) / count if count else 0
        kept += [day[len(day) - 1 - int(k * step)] for k in range(count)]
    return tuple(sorted(kept, key=lambda slot: (slot.start, slot.host)))
