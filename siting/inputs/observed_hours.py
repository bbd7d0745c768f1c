"""Which hours an observed journey speaks for: its scenario, and the school holiday that its day falls in.

Councils set their own terms. What is taken here are the days that nearly all of England and Wales have off
(own reading of many councils' calendars); a drive on one of them is no school run.
"""

import datetime as dt

import pandas as pd

from siting.words import Scenario

_SATURDAY = 5
_SCHOOL_HOURS = ((dt.time(7, 30), dt.time(9, 15)), (dt.time(14, 45), dt.time(18, 30)))
_NIGHT = (dt.time(22), dt.time(6))
_CHRISTMAS = ((12, 20), (1, 4))
_SUMMER = ((7, 22), (9, 1))
_HALF_TERMS = {2: (12, "the February half-term"), 5: (25, "the May half-term"), 10: (24, "the autumn half-term")}
"""By month: the first day of the month on which the Monday of that week may fall."""


def scenario_of(day: dt.date, departed: dt.time) -> Scenario:
    """Return the scenario that a journey is an observation of.

    School's hours, and the evening peak after them, on weekdays in term; the night is free flow; all
    else an ordinary time between the peaks.
    """
    if departed >= _NIGHT[0] or departed < _NIGHT[1]:
        return Scenario.FREE_FLOW
    if day.weekday() >= _SATURDAY or school_holiday(day):
        return Scenario.TYPICAL
    at_school = any(start <= departed <= end for start, end in _SCHOOL_HOURS)
    return Scenario.SCHOOL_RUN if at_school else Scenario.TYPICAL


def school_holiday(day: dt.date) -> str | None:
    """Name the school holiday that a day falls in; None in term."""
    date = (day.month, day.day)
    if date >= _CHRISTMAS[0] or date <= _CHRISTMAS[1]:
        return "the Christmas holidays"
    if _SUMMER[0] <= date <= _SUMMER[1]:
        return "the summer holidays"
    easter = (pd.Timestamp(day.year, 1, 1) + pd.offsets.Easter()).date()
    if dt.timedelta(days=-6) <= day - easter <= dt.timedelta(days=5):
        return "the Easter holidays"
    monday = day - dt.timedelta(days=day.weekday())
    if day == monday and day.month == 5 and day.day <= 7:  # noqa: PLR2004 - the first Monday in May
        return "a bank holiday"
    first, name = _HALF_TERMS.get(monday.month, (99, ""))
    return name if first <= monday.day < first + 7 else None
