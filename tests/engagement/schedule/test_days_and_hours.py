"""The calendar's own figures: the slots of a day, which are kept free, which days are proposed, when each step is due."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from engagement.schedule.steps import plan_steps
from engagement.schedule.visits import schedule_visits, slots_of, visiting_days
from siting.inputs.plan_parts import DropIn, Engagement

TODAY = dt.date(2026, 11, 25)
DAY = dt.date(2027, 1, 25)
MORNING = {"days": (DAY,), "start": dt.time(10), "end": dt.time(12)}


def neighbours(new_street: Callable[[], Any], count: int) -> tuple[Any, ...]:
    street = new_street()
    for number in range(count):
        street.add(str(number), 12 + number, 5)
    return tuple(one for one in street.consider(1_000) if one.invited)


def test_a_slot_may_end_as_the_break_begins_and_the_last_as_the_day_ends() -> None:
    slots = slots_of([DAY], Engagement(**MORNING, breaks=("10:30-11:00",)))
    assert [f"{slot.start:%H:%M}-{slot.end:%H:%M}" for slot in slots] == [
        "10:00-10:15", "10:15-10:30", "11:00-11:15", "11:15-11:30", "11:30-11:45", "11:45-12:00",
    ]  # fmt: skip


def test_slots_kept_free_are_spread_over_the_day_and_late(new_street: Callable[[], Any]) -> None:
    schedule = schedule_visits(neighbours(new_street, 6), Engagement(**MORNING, breaks=(), spare_slots=2), TODAY)
    assert [f"{slot.start:%H:%M}" for slot in schedule.spare] == ["10:45", "11:45"]
    assert schedule.waiting == ()


@pytest.mark.parametrize(
    ("nation", "proposed"),
    [("England", ["03-30", "03-31", "04-01"]), ("Scotland", ["03-29", "03-30", "03-31"])],
)
def test_days_are_proposed_five_weeks_before_the_opening_and_on_no_holiday(nation: str, proposed: list[str]) -> None:
    """Five weeks before 30 April 2027 is Good Friday; Easter Monday is a bank holiday in England alone."""
    days, left_out = visiting_days(Engagement(opening_day=dt.date(2027, 4, 30), nation=nation), TODAY)
    assert [f"{day:%m-%d}" for day in days] == proposed
    assert left_out == ()


def test_without_an_opening_day_visits_are_proposed_in_three_weeks() -> None:
    days, _ = visiting_days(Engagement(), TODAY)
    assert days == (dt.date(2026, 12, 16), dt.date(2026, 12, 17), dt.date(2026, 12, 18))


def test_today_is_not_past_and_yesterday_is() -> None:
    days, left_out = visiting_days(Engagement(days=(TODAY, TODAY - dt.timedelta(days=1))), TODAY)
    assert days == (TODAY,)
    assert left_out == ((TODAY - dt.timedelta(days=1), "already past"),)


def test_no_step_falls_on_a_holiday_or_a_weekend(new_street: Callable[[], Any]) -> None:
    """A week before Monday 5 April 2027 is Easter Monday: both letters and members move before Good Friday."""
    engagement = Engagement(days=(dt.date(2027, 4, 5),))
    steps = plan_steps(engagement, schedule_visits(neighbours(new_street, 2), engagement, TODAY), TODAY)
    assert [f"{step.day:%m-%d}" for step in steps] == ["03-18", "03-25", "03-25", "04-05", "04-05", "04-14"]
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("opening", "is_said"), [((2027, 2, 5), True), ((2027, 2, 10), True), ((2027, 2, 11), False)])
def test_an_opening_that_is_not_after_the_drop_in_is_said(
    new_street: Callable[[], Any], opening: tuple[int, int, int], is_said: bool
) -> None:
    engagement = Engagement(days=(DAY,), opening_day=dt.date(*opening), drop_in=DropIn(date=dt.date(2027, 2, 10)))
    steps = plan_steps(engagement, schedule_visits(neighbours(new_street, 2), engagement, TODAY), TODAY)
    assert ("not after the drop-in" in steps[-1].note) is is_said


@pytest.mark.parametrize(("day", "is_said"), [(25, True), (26, False)])
def test_a_drop_in_on_the_last_visiting_day_is_said(new_street: Callable[[], Any], day: int, is_said: bool) -> None:
    engagement = Engagement(days=(DAY,), drop_in=DropIn(date=dt.date(2027, 1, day)))
    steps = plan_steps(engagement, schedule_visits(neighbours(new_street, 2), engagement, TODAY), TODAY)
    assert ("not after the neighbours' visits" in steps[-1].note) is is_said


def test_households_of_one_building_come_one_after_another(new_street: Callable[[], Any]) -> None:
    """The two ends of a terrace stand on plots 5 and 15 m away, a house of its own on one 10 m away between them."""
    street = new_street()
    street.plots += [shapely.box(15, 0, 20, 14), shapely.box(25, 0, 30, 14), shapely.box(20, 16, 24, 30)]
    street.buildings += [shapely.box(16, 5, 29, 10), shapely.box(21, 20, 23, 25)]
    for name, x_m, y_m in (("near end", 17, 7), ("far end", 28, 7), ("house", 22, 22)):
        street.add(name, x_m, y_m)
    found = tuple(one for one in street.consider(1_000) if one.invited)
    assert [one.address.number for one in found] == ["near end", "house", "far end"]
    schedule = schedule_visits(found, Engagement(days=(DAY,)), TODAY)
    assert [visit.neighbour.address.number for visit in schedule.visits] == ["near end", "far end", "house"]
