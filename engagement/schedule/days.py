"""What is wrong with the days of a plan's visits and its drop-in: holidays and days gone by, said before anything is issued."""

import datetime as dt
from collections.abc import Iterator

from engagement.schedule.visits import bank_holidays, visiting_days
from siting.faults import Fault, Severity
from siting.inputs.plan_parts import Engagement


def odd_days(engagement: Engagement, today: dt.date, file: str) -> Iterator[Fault]:
    """Yield a warning for each day that is not used for visits, and for a drop-in on a holiday or a day gone by."""
    for day, reason in visiting_days(engagement, today)[1]:
        yield _odd(file, "engagement.days", f"{_written(day)} is left out: {reason}", "Name another day")
    held = engagement.drop_in
    why = None if held is None else why_not_held(held.date, engagement, today)
    if held is not None and why is not None:
        yield _odd(file, "engagement.drop_in.date", f"the drop-in on {_written(held.date)}: {why}", "Name another day")


def why_not_held(day: dt.date, engagement: Engagement, today: dt.date) -> str | None:
    """Say why nothing can be held on a day; None where it can."""
    nation = bank_holidays(engagement.nation)
    if day in nation:
        return f"{nation[day]}, a bank holiday in {engagement.nation}"
    return "already past" if day < today else None


def _written(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _odd(file: str, column: str, problem: str, remedy: str) -> Fault:
    return Fault(file=file, column=column, problem=problem, remedy=remedy, severity=Severity.WARNING)
