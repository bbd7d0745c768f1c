"""A later issue moves only what must move."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.schedule.issue import (
    ISSUE_FILE,
    Issue,
    Issued,
    agree,
    household_digest,
    is_household,
    numbered,
    promised,
    read_issue,
    trait_digests,
    write_issue,
    written_digest,
)
from engagement.schedule.visits import ZONE, Schedule, Slot, offering, schedule_visits, slot_at
from siting.faults import InputFaultsError, UsageError
from siting.inputs.plan_parts import Engagement

TODAY = dt.date(2026, 11, 25)
DAYS = (dt.date(2027, 1, 25), dt.date(2027, 1, 26), dt.date(2027, 1, 27))
PLAN = Engagement(days=DAYS, hosts=("A", "B"), spare_slots=2)


def households(new_street: Callable[[], Any], count: int) -> tuple[Any, ...]:
    street = new_street()
    for number in range(count):
        street.add(str(number), 12 + number * 0.05, 5)
    return tuple(one for one in street.consider(1_000) if one.invited)


def issued_with(found: Sequence[Any], schedule: Schedule, numbers: dict[str, int], highest: int) -> Issue:
    slots = slots_of(schedule)
    return Issue(
        day=TODAY,
        released=True,
        highest=highest,
        offering=offering(PLAN),
        households={
            household_digest("H", one.address.key): Issued(
                number=numbers[one.address.key],
                slot=slots.get(one.address.key),
                letter="x",
                written=written_digest("H", one.address.written),
            )
            for one in found
        },
    )


def slots_of(schedule: Schedule) -> dict[str, Slot]:
    return {visit.neighbour.address.key: visit.slot for visit in schedule.visits}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(leaver=st.integers(0, 59))
def test_whoever_leaves_moves_nobody(new_street: Callable[[], Any], leaver: int) -> None:
    found = households(new_street, 60)
    first = schedule_visits(found, PLAN, TODAY)
    numbers, highest = numbered("H", found, None)
    issue = issued_with(found, first, numbers, highest)
    left = tuple(one for at, one in enumerate(found) if at != leaver)
    again = schedule_visits(left, PLAN, TODAY + dt.timedelta(days=3), issued=slots_of(first))
    gone = found[leaver].address.key
    assert slots_of(again) == {key: slot for key, slot in slots_of(first).items() if key != gone}
    assert slots_of(first)[gone] in again.spare
    assert numbered("H", left, issue)[0] == {key: number for key, number in numbers.items() if key != gone}
    assert again.moved == ()


def test_a_newcomer_takes_a_spare_slot_and_a_number_that_nobody_had(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 21)
    there, newcomer = found[1:], found[0]
    first = schedule_visits(there, PLAN, TODAY)
    numbers, highest = numbered("H", there, None)
    issue = issued_with(there, first, numbers, highest)
    again = schedule_visits(found, PLAN, TODAY, issued=slots_of(first))
    assert {key: slot for key, slot in slots_of(again).items() if key != newcomer.address.key} == slots_of(first)
    assert slots_of(again)[newcomer.address.key] in first.spare
    # One has left meanwhile: the number is not given again.
    now, _ = numbered("H", found[:-1], issue)
    assert now[newcomer.address.key] == 21


def test_days_that_were_proposed_stand_on_another_day(new_street: Callable[[], Any]) -> None:
    plan = Engagement(hosts=("A",))
    found = households(new_street, 5)
    first = schedule_visits(found, plan, TODAY)
    again = schedule_visits(found, plan, TODAY + dt.timedelta(days=9), issued=slots_of(first))
    assert slots_of(again) == slots_of(first)


def test_a_slot_that_is_not_offered_any_more_is_moved_and_said(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 40)
    first = schedule_visits(found, PLAN, TODAY)
    later = PLAN.model_copy(update={"days": DAYS[1:]})
    again = schedule_visits(found, later, TODAY, issued=slots_of(first))
    on_first_day = {key for key, slot in slots_of(first).items() if slot.start.date() == DAYS[0]}
    assert {one.address.key for one in again.moved} == on_first_day
    assert all(slots_of(again)[key] == slot for key, slot in slots_of(first).items() if key not in on_first_day)


def test_what_has_been_stays_and_nobody_is_given_a_day_gone_by(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 40)
    first = schedule_visits(found[1:], PLAN, TODAY)
    again = schedule_visits(found, PLAN, DAYS[1], issued=slots_of(first))
    assert all(slots_of(again)[key] == slot for key, slot in slots_of(first).items())
    assert slots_of(again)[found[0].address.key].start.date() >= DAYS[1]
    assert dict(again.left_out_days)[DAYS[0]] == "already past"


def test_two_households_may_share_a_slot_that_they_agreed_on(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 10)
    first = schedule_visits(found, PLAN, TODAY)
    shared = slots_of(first)[found[0].address.key]
    keys = [found[0].address.key, found[5].address.key]
    again = schedule_visits(found, PLAN, TODAY, issued=slots_of(first), agreed=dict.fromkeys(keys, shared))
    assert slots_of(again)[keys[1]] == shared
    others = {key: slot for key, slot in slots_of(first).items() if key != keys[1]}
    assert {key: slot for key, slot in slots_of(again).items() if key != keys[1]} == others


def test_who_waits_is_served_by_a_day_more_and_not_by_what_others_leave(new_street: Callable[[], Any]) -> None:
    plan = Engagement(days=DAYS[:1], hosts=("A",), spare_slots=2)
    found = households(new_street, 40)
    first = schedule_visits(found, plan, TODAY)
    assert first.waiting
    issue = replace(issued_with(found, first, *numbered("H", found, None)), offering=offering(plan))
    left = found[1:]
    kept = promised("H", left, issue, plan)
    again = schedule_visits(left, plan, TODAY, issued=kept.slots, waiting=kept.waiting)
    assert again.waiting == first.waiting
    assert len(again.spare) == len(first.spare) + 1
    more = plan.model_copy(update={"days": DAYS[:3]})
    kept = promised("H", left, issue, more)
    served = schedule_visits(left, more, TODAY, issued=kept.slots, waiting=kept.waiting)
    assert not served.waiting
    assert all(slots_of(served)[key] == slot for key, slot in slots_of(again).items())


def test_an_issue_is_read_as_it_was_written_and_names_nobody(new_street: Callable[[], Any], tmp_path: Path) -> None:
    found = households(new_street, 12)
    first = schedule_visits(found[:10], PLAN, TODAY)
    issue = issued_with(found, first, *numbered("H", found, None))
    write_issue(tmp_path, issue)
    assert read_issue(tmp_path) == issue
    text = (tmp_path / ISSUE_FILE).read_text(encoding="utf-8")
    assert "High Street" not in text
    assert "AB1" not in text


def test_a_household_is_known_again_in_another_address_file(new_street: Callable[[], Any]) -> None:
    found = households(new_street, 3)
    issue = issued_with(found, schedule_visits(found, PLAN, TODAY), *numbered("H", found, None))
    elsewhere = replace(found[1], address=replace(found[1].address, key="another file's", uprn=None))
    known = issue.of("H", elsewhere)
    assert known is not None
    assert known.number == 2
    stranger = replace(found[1], address=replace(found[1].address, key="another", uprn=None, number="99"))
    # As another supplier writes it: in capitals, shortened, on one line, half a metre off, without a number or a postcode.
    told = {one.address.key: trait_digests("H", one.address) for one in found}
    issue = replace(
        issue,
        households={
            digest: replace(known, traits=told[one.address.key])
            for one in found
            for digest, known in [(household_digest("H", one.address.key), issue.of("H", one))]
        },
    )
    rewritten = [
        replace(
            one,
            address=replace(
                one.address,
                key=f"place-{at}",
                uprn=None,
                text=f"{one.address.number} HIGH ST, TOWN",
                number="",
                street="",
                town="",
                postcode="",
                x_m=one.address.x_m + 0.6,
                y_m=one.address.y_m - 0.4,
            ),
        )
        for at, one in enumerate(found)
    ]
    assert [issue.known("H", rewritten)[f"place-{at}"].number for at in range(3)] == [1, 2, 3]
    assert all(is_household("H", *pair, rewritten[at].address) for at, pair in enumerate(issue.households.items()))
    assert not is_household("H", *next(iter(issue.households.items())), rewritten[1].address)
    assert issue.of("H", stranger) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"day": 1}', '{"day": "2026-11-25", "released": true, "highest": "many"}'])
def test_a_damaged_record_is_said_and_moves_nobody_in_silence(tmp_path: Path, content: str) -> None:
    (tmp_path / ISSUE_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(InputFaultsError, match="damaged"):
        read_issue(tmp_path)


def test_a_time_that_a_household_chose_holds_whatever_the_plan_offers(new_street: Callable[[], Any], tmp_path: Path) -> None:
    found = households(new_street, 12)
    first = schedule_visits(found, PLAN, TODAY)
    issue = issued_with(found, first, *numbered("H", found, None))
    chosen = slot_at(PLAN, dt.datetime(2027, 2, 3, 19, 0))  # noqa: DTZ001 - the clock of the place
    write_issue(tmp_path, agree(issue, "H", found[4], chosen))
    kept = promised("H", found, read_issue(tmp_path), PLAN)
    again = schedule_visits(found, PLAN, TODAY, issued=kept.slots, agreed=kept.agreed, waiting=kept.waiting)
    key = found[4].address.key
    assert slots_of(again)[key] == chosen
    others = {other: slot for other, slot in slots_of(first).items() if other != key}
    assert {other: slot for other, slot in slots_of(again).items() if other != key} == others
    assert slots_of(first)[key] in again.spare


def test_nobody_is_given_a_bank_holiday_or_a_host_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="bank holiday"):
        slot_at(PLAN, dt.datetime(2027, 3, 29, 10, 0))  # noqa: DTZ001
    with pytest.raises(UsageError, match="no host"):
        slot_at(PLAN, dt.datetime(2027, 3, 30, 10, 0), "C")  # noqa: DTZ001


def test_a_time_of_this_very_day_that_is_not_offered_any_more_is_moved(new_street: Callable[[], Any]) -> None:
    """It may still be to come, so that whoever holds it must be told; what was yesterday has been."""
    (one,) = households(new_street, 1)
    early = Slot(start=dt.datetime(2026, 11, 25, 9, tzinfo=ZONE), end=dt.datetime(2026, 11, 25, 9, 15, tzinfo=ZONE), host="A")
    plan = Engagement(days=(TODAY,), hosts=("A",))
    again = schedule_visits((one,), plan, TODAY, issued={one.address.key: early})
    assert [moved.address.key for moved in again.moved] == [one.address.key]
    assert f"{again.visits[0].slot.start:%H:%M}" == "10:00"
    assert schedule_visits((one,), plan, TODAY + dt.timedelta(days=1), issued={one.address.key: early}).visits[0].slot == early


def test_of_two_addresses_written_alike_none_is_known_by_what_is_written(new_street: Callable[[], Any]) -> None:
    (one,) = households(new_street, 1)
    digest = written_digest("H", one.address.written)
    alike = {key: Issued(number=n, slot=None, letter="x", written=digest) for n, key in enumerate(("other", "another"), start=1)}
    issue = Issue(day=TODAY, released=True, households=alike, highest=9, offering="")
    assert issue.of("H", one) is None
    assert numbered("H", (one,), issue) == ({one.address.key: 10}, 10), "after the highest that was ever given"
    only = replace(issue, households={"other": alike["other"]})
    assert only.of("H", one) == alike["other"]
