"""The strategy's steps as a dated plan back from the opening day, in their order."""

import datetime as dt
from dataclasses import dataclass

from engagement.schedule.days import why_not_held
from engagement.schedule.visits import Schedule, working_day_before
from siting.inputs.plan_parts import Engagement
from siting.sentences import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the strategy and its day."""

    number: int
    what: str
    day: dt.date
    note: str


def plan_steps(engagement: Engagement, schedule: Schedule, today: dt.date) -> tuple[Step, ...]:
    """Date the steps: executive members, elected members, neighbours, local leaders, drop-in, opening.

    Elected members come before neighbours and neighbours before the drop-in, whatever days are given.
    """
    days = sorted({visit.slot.start.date() for visit in schedule.visits}) or [today + dt.timedelta(days=21)]
    first, last = days[0], days[-1]

    def back(weeks: float, start: dt.date) -> dt.date:
        return working_day_before(start - dt.timedelta(days=round(weeks * 7)), engagement)

    members = back(1, first)
    letters = back(1.5, first)
    executive = back(1, letters)
    leaders = max(last, first)
    drop_in = engagement.drop_in.date if engagement.drop_in else working_day_before(last + dt.timedelta(days=9), engagement)
    late = "" if drop_in > last else "This day is not after the neighbours' visits: move it."
    holiday = why_not_held(drop_in, engagement, min(today, drop_in))
    late = late or (f"This day is {holiday}: move it." if holiday else "")
    rows = [
        ("Brief executive members", executive, "Letters to neighbours are not released before this is logged as done."),
        ("Release and deliver the letters to neighbours", letters, "Only after the briefing."),
        ("Invite local elected members to the home", members, "Before the neighbours come."),
        ("Neighbours visit, in slots", first, _visit_words(len(schedule.visits), days)),
        ("Speak to local leaders: police, head teachers, fire and rescue", leaders, "By the last visiting day."),
        ("Hold the drop-in for the wider community", drop_in, late or _drop_in_words(engagement)),
    ]
    opening = engagement.opening_day
    if opening is not None:
        note = "" if opening > drop_in else "The opening day is not after the drop-in: move one of them."
        rows.append(("Open the home", opening, note))
    past = [what for what, day, _ in rows if day < today]
    made = []
    for number, (what, day, note) in enumerate(rows, start=1):
        warned = f"{note} This day is already past." if what in past else note
        made.append(Step(number=number, what=what, day=day, note=warned.strip()))
    return tuple(made)


def _visit_words(households: int, days: list[dt.date]) -> str:
    return f"{counted(households, 'household')} over {counted(len(days), 'day')}, to {days[-1].day} {days[-1]:%B}."


def _drop_in_words(engagement: Engagement) -> str:
    held = engagement.drop_in
    if held is None:
        return "A proposal: give its day under [engagement.drop_in]."
    return f"From {held.start:%H:%M} to {held.end:%H:%M}{f', {held.place}' if held.place else ''}."
