"""Every household gets one slot, and nobody two."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.schedule.steps import plan_steps
from engagement.schedule.visits import schedule_visits, visiting_days
from siting.faults import UsageError
from siting.inputs.plan_parts import DropIn, Engagement

TODAY = dt.date(2026, 11, 25)
THREE_DAYS = (dt.date(2027, 1, 25), dt.date(2027, 1, 26), dt.date(2027, 1, 27))


def households(new_street: Callable[[], Any], count: int, flats: int = 1) -> Any:
    street = new_street()
    for number in range(count):
        street.add(str(number), 12 + (number // flats) * 0.05, 5, flat=f"Flat {number % flats}" if flats > 1 else "")
    return tuple(one for one in street.consider(1_000) if one.invited)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    count=st.integers(0, 200),
    hosts=st.integers(1, 3),
    minutes=st.sampled_from([10, 15, 20, 30]),
    spare=st.integers(0, 4),
    evening=st.booleans(),
)
def test_no_clash_and_nobody_left_out(
    new_street: Callable[[], Any], count: int, hosts: int, minutes: int, spare: int, evening: bool
) -> None:
    engagement = Engagement(
        days=THREE_DAYS,
        hosts=tuple(f"Host {n}" for n in range(hosts)),
        slot_minutes=minutes,
        spare_slots=spare,
        evening="18:00-20:00" if evening else None,
    )
    found = households(new_street, count)
    schedule = schedule_visits(found, engagement, TODAY)
    told = [visit.neighbour.address.key for visit in schedule.visits]
    waiting = [one.address.key for one in schedule.waiting]
    assert sorted(told + waiting) == sorted(one.address.key for one in found)
    assert len(set(told)) == len(told)
    taken = [(v.slot.start, v.slot.host) for v in schedule.visits] + [(s.start, s.host) for s in schedule.spare]
    assert len(set(taken)) == len(taken)
    for host in engagement.hosts:
        own = sorted((v.slot.start, v.slot.end) for v in schedule.visits if v.slot.host == host)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(own))
    for visit in schedule.visits:
        assert not (visit.slot.start.time() < dt.time(13, 30) and visit.slot.end.time() > dt.time(12, 30))
    if schedule.waiting:
        assert len(schedule.spare) == spare * 3


def test_two_hundred_households_over_three_days_with_two_hosts(new_street: Callable[[], Any]) -> None:
    engagement = Engagement(
        days=THREE_DAYS,
        hosts=("A", "B"),
        start=dt.time(9),
        end=dt.time(18),
        evening="18:00-20:30",
        breaks=("12:30-13:00",),
        spare_slots=2,
    )
    found = households(new_street, 200, flats=8)
    schedule = schedule_visits(found, engagement, TODAY)
    assert len(schedule.visits) == 200
    assert schedule.waiting == ()
    # Those of one building come one after another.
    order = [visit.neighbour.address.x_m for visit in schedule.visits]
    changes = sum(a != b for a, b in itertools.pairwise(order))
    assert changes == 24


def test_nearest_come_first(new_street: Callable[[], Any]) -> None:
    schedule = schedule_visits(households(new_street, 30), Engagement(days=THREE_DAYS), TODAY)
    distances = [visit.neighbour.distance_m for visit in schedule.visits]
    assert distances == sorted(distances)


def test_too_few_slots_are_said_with_how_many_are_missing(new_street: Callable[[], Any]) -> None:
    engagement = Engagement(days=THREE_DAYS[:1], start=dt.time(10), end=dt.time(11), breaks=(), spare_slots=0)
    schedule = schedule_visits(households(new_street, 7), engagement, TODAY)
    assert (len(schedule.visits), len(schedule.waiting)) == (4, 3)


def test_bank_holidays_are_those_of_the_nation() -> None:
    day = dt.date(2027, 3, 1)
    easter = dt.date(2027, 3, 29)
    for nation, left_out in (("England", [easter]), ("Scotland", [])):
        _, reasons = visiting_days(Engagement(days=(day, easter), nation=nation), TODAY)
        assert [one for one, _ in reasons] == left_out


def test_visits_keep_the_clock_across_its_change(new_street: Callable[[], Any]) -> None:
    days = (dt.date(2027, 3, 25), dt.date(2027, 3, 30))
    engagement = Engagement(days=days, start=dt.time(10), end=dt.time(10, 30), breaks=(), spare_slots=0)
    visits = schedule_visits(households(new_street, 4), engagement, TODAY).visits
    assert [v.slot.start.strftime("%H:%M %z") for v in visits] == ["10:00 +0000", "10:15 +0000", "10:00 +0100", "10:15 +0100"]


def test_hours_that_cannot_be_read_are_said() -> None:
    with pytest.raises(UsageError, match="12:30-13:30"):
        schedule_visits((), Engagement(days=THREE_DAYS, breaks=("noon",)), TODAY)


def test_steps_keep_the_strategys_order(new_street: Callable[[], Any]) -> None:
    engagement = Engagement(days=THREE_DAYS, opening_day=dt.date(2027, 3, 1), drop_in=DropIn(date=dt.date(2027, 2, 4)))
    steps = plan_steps(engagement, schedule_visits(households(new_street, 5), engagement, TODAY), TODAY)
    days = {step.what: step.day for step in steps}
    in_order = [days[step.what] for step in steps if "local leaders" not in step.what]
    assert in_order[0] < in_order[1]
    assert days["Invite local elected members to the home"] < days["Neighbours visit, in slots"]
    assert days["Neighbours visit, in slots"] < days["Hold the drop-in for the wider community"] < days["Open the home"]
    assert all(day.weekday() < 5 for day in in_order)


def test_a_drop_in_before_the_neighbours_is_said(new_street: Callable[[], Any]) -> None:
    engagement = Engagement(days=THREE_DAYS, drop_in=DropIn(date=dt.date(2027, 1, 20)))
    steps = plan_steps(engagement, schedule_visits(households(new_street, 5), engagement, TODAY), TODAY)
    assert any("not after the neighbours' visits" in step.note for step in steps)
