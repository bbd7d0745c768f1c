"""Hosts across the homes of a plan: nobody is given two households at one time unsaid."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engagement.schedule.days import odd_days
from engagement.schedule.hosts import Taken, double_bookings, taken_by
from engagement.schedule.issue import Issue, Issued
from engagement.schedule.visits import Slot, schedule_visits, slot_at
from siting.inputs.plan_parts import DropIn, Engagement

TODAY = dt.date(2026, 11, 25)
DAY = dt.date(2027, 1, 25)
PLAN = Engagement(days=(DAY, DAY + dt.timedelta(days=1)), hosts=("A", "B"), spare_slots=1)


def households(new_street: Callable[[], Any], count: int) -> tuple[Any, ...]:
    street = new_street()
    for number in range(count):
        street.add(str(number), 12 + number * 0.05, 5)
    return tuple(one for one in street.consider(1_000) if one.invited)


def at(hour: int, minute: int = 0, host: str = "A", day: dt.date = DAY) -> Slot:
    return slot_at(PLAN, dt.datetime(day.year, day.month, day.day, hour, minute), host)  # noqa: DTZ001 - the clock of the place


def test_nobody_is_given_a_time_at_which_the_host_is_at_another_home(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 20)
    first = schedule_visits(found, PLAN, TODAY)
    second = schedule_visits(found, PLAN, TODAY, elsewhere=[visit.slot for visit in first.visits])
    assert len(second.visits) == 20
    assert not {visit.slot for visit in first.visits} & {visit.slot for visit in second.visits}
    assert not {visit.slot for visit in first.visits} & set(second.spare)
    # A time that begins within a slot takes it as well.
    third = schedule_visits(found, PLAN, TODAY, elsewhere=[at(10, 5)])
    given = {visit.slot for visit in third.visits}
    assert at(10) not in given
    assert at(10, host="B") in given


def test_who_was_promised_a_time_keeps_it_and_the_clash_is_said(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 3)
    first = schedule_visits(found, PLAN, TODAY)
    issued = {visit.neighbour.address.key: visit.slot for visit in first.visits}
    again = schedule_visits(found, PLAN, TODAY, issued=issued, elsewhere=list(issued.values()))
    assert {visit.neighbour.address.key: visit.slot for visit in again.visits} == issued
    (told,) = double_bookings([Taken(slot=at(10), home_id="H1", number=1), Taken(slot=at(10, 5), home_id="H10", number=4)], TODAY)
    assert "A is booked twice on 25 January 2027: 10:00 for no. 1 of H1, 10:05 for no. 4 of H10" in str(told)


def test_a_time_that_was_chosen_within_another_s_is_given_to_nobody_else(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 8)
    first = schedule_visits(found, PLAN, TODAY)
    chosen = at(10, 7)
    again = schedule_visits(found, PLAN, TODAY, agreed={found[0].address.key: chosen})
    others = [visit.slot for visit in again.visits if visit.slot != chosen]
    assert len(others) == 7
    assert not any(slot.overlaps(chosen) for slot in (*others, *again.spare))
    assert any(visit.slot.overlaps(chosen) for visit in first.visits)


def test_what_is_meant_or_past_or_of_another_host_is_no_clash() -> None:
    shared = [Taken(slot=at(10), home_id="H1", number=number) for number in (1, 2)]
    assert list(double_bookings(shared, TODAY)) == []
    assert list(double_bookings([shared[0], Taken(slot=at(10, host="B"), home_id="H2", number=1)], TODAY)) == []
    assert list(double_bookings([shared[0], Taken(slot=at(10, 15), home_id="H2", number=1)], TODAY)) == []
    two = [shared[0], replace(shared[0], home_id="H2")]
    assert list(double_bookings(two, DAY + dt.timedelta(days=1))) == []
    assert len(list(double_bookings(two, DAY, "H2"))) == 1
    assert list(double_bookings(two, DAY, "H3")) == []


def test_what_was_issued_is_read_as_times_taken() -> None:
    one = Issued(number=3, slot=at(11), letter="x", written="y")
    issue = Issue(day=TODAY, released=True, highest=4, offering="", households={"a": one, "b": replace(one, number=4, slot=None)})
    assert taken_by({"H2": issue}) == (Taken(slot=at(11), home_id="H2", number=3),)


def test_days_that_cannot_be_are_said_with_the_reason() -> None:
    good_friday = dt.date(2027, 3, 26)
    plan = Engagement(days=(good_friday, dt.date(2026, 1, 5), DAY), drop_in=DropIn(date=dt.date(2027, 3, 29)))
    told = [str(fault) for fault in odd_days(plan, TODAY, "plan.toml")]
    assert len(told) == 3
    assert all("plan.toml, column engagement." in line for line in told)
    assert any("26 March 2027 is left out: Good Friday" in line for line in told)
    assert any("5 January 2026 is left out: already past" in line for line in told)
    assert any("drop-in on 29 March 2027: Easter Monday" in line for line in told)
    assert list(odd_days(PLAN, TODAY, "plan.toml")) == []
