"""The visits of a home as they are promised now: who comes when, with whom, and which times are free."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engagement.around.nation import with_nation
from engagement.prepare import consider_home, find_home, issues_of
from engagement.schedule.hosts import double_bookings, taken_by
from engagement.schedule.issue import read_issue
from engagement.schedule.visits import slots_of, visiting_days
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.engagement_sources import sources_of
from siting.pipeline.registering import register_path


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBoard:
    """The visits of a home; times are local, `YYYY-MM-DDTHH:MM`.

    Attributes
    ----------
    households
        Who is invited and was issued with something: `about` (property number or address), `address`, `start`, `end`, `host`
        (empty where they wait for a time), `agreed` (whether they chose it).
    slots
        The times at which a host is free, and those that somebody has: `start`, `end`, `host`, `free`.
    left_out
        Days that were asked for and are not used: `day`, `why`.
    booked_twice
        Hosts who receive two households at one time, here or here and at another home of the plan, a sentence each.
    """

    households: tuple[Mapping[str, Any], ...]
    slots: tuple[Mapping[str, Any], ...]
    left_out: tuple[Mapping[str, str], ...]
    booked_twice: tuple[str, ...] = ()


def visit_board(plan_path: Path, home_id: str, out: Path) -> VisitBoard:
    """Read who has which time.

    Raises
    ------
    UsageError
        Where the home is not in the plan, or its visiting hours cannot be read.
    InputFaultsError
        Where the inputs, or the record of what was issued, cannot be read.
    """
    inputs = read_inputs(Plan.read(plan_path))
    home = find_home(inputs, home_id)
    register = register_path(out, home_id)
    issue = read_issue(register.parent)
    if issue is None:
        return VisitBoard(households=(), slots=(), left_out=())
    view = consider_home(sources_of(inputs), home, register)
    invited = [one for one in view.considered if one.invited]
    known = issue.known(home_id, invited)
    found = [(one, known.get(one.address.key)) for one in invited]
    held = [(one.address, issued) for one, issued in found if issued is not None]
    taken = {issued.slot for _, issued in held if issued.slot is not None}
    others = [one.row.home_id for one in inputs.homes if one.row.home_id != home_id]
    issued_elsewhere = issues_of(register.parent.parent, others)
    elsewhere = [one.slot for one in taken_by(issued_elsewhere)]
    engagement, today = with_nation(inputs.plan.engagement, home)[0], dt.datetime.now(dt.UTC).date()
    days, left_out = visiting_days(engagement, today, issued_days=[slot.start.date() for slot in taken])
    open_slots = (slot for slot in slots_of(days, engagement) if not any(slot.overlaps(other) for other in elsewhere))
    slots = sorted({*open_slots, *taken}, key=lambda slot: (slot.start, slot.host))
    return VisitBoard(
        households=tuple(
            {
                "about": address.uprn or address.written,
                "address": address.written,
                "start": _told(issued.slot.start) if issued.slot else "",
                "end": _told(issued.slot.end) if issued.slot else "",
                "host": issued.slot.host if issued.slot else "",
                "agreed": issued.agreed,
            }
            for address, issued in held
        ),
        slots=tuple(
            {"start": _told(slot.start), "end": _told(slot.end), "host": slot.host, "free": slot not in taken} for slot in slots
        ),
        left_out=tuple({"day": day.isoformat(), "why": why} for day, why in left_out),
        booked_twice=tuple(map(str, double_bookings(taken_by({**issued_elsewhere, home_id: issue}), today, home_id))),
    )


def _told(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
