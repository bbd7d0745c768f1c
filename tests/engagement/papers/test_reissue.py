"""A later issue says what it changes for whom."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engagement.papers.reissue import ChangeKind, WasTold, changes, changes_table, changes_told, this_issue
from engagement.register import Told
from engagement.schedule.issue import household_digest


def test_the_same_again_changes_nothing(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    found = households(20)
    issue = this_issue(new_pack(found), b"wording")
    again = new_pack(found, previous=issue)
    assert changes(again, this_issue(again, b"wording")) == ()
    # The day on which it is printed is no change.
    later = replace(again, made=again.made.replace(day=30))
    assert changes(later, this_issue(later, b"wording")) == ()


def test_one_who_leaves_is_named_by_number_alone(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    found = households(60)
    issue = this_issue(new_pack(found), b"wording")
    for leaver in (0, 31, 59):
        left = tuple(one for at, one in enumerate(found) if at != leaver)
        again = new_pack(left, previous=issue)
        told = changes(again, this_issue(again, b"wording"))
        assert [(change.kind, change.neighbour) for change in told] == [(ChangeKind.GONE, None)]
        assert found[leaver].address.written not in changes_table(told).to_csv()
        (line,) = changes_told(again, told)
        assert found[leaver].address.written not in f"{line.problem} {line.remedy}"


def test_a_newcomer_and_a_new_wording_are_told(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    found = households(5)
    issue = this_issue(new_pack(found[1:]), b"wording")
    again = new_pack(found, previous=issue, told=Told(names=frozenset({found[1].address.uprn})))
    (newcomer,) = changes(again, this_issue(again, b"wording"))
    assert (newcomer.kind, newcomer.neighbour, newcomer.number) == (ChangeKind.NEW, found[0], 5)
    all_of_them = changes(again, this_issue(again, b"another wording"))
    assert [change.kind for change in all_of_them].count(ChangeKind.CHANGED) == 4
    assert [change.was_told for change in all_of_them if change.neighbour == found[1]] == [WasTold.YES]
    assert [change.was_told for change in all_of_them if change.neighbour == found[2]] == [WasTold.NO]


def test_another_contact_changes_every_letter(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    found = households(3)
    issue = this_issue(new_pack(found), b"")
    again = new_pack(found, previous=issue, contact="01632 960 999")
    assert {change.kind for change in changes(again, this_issue(again, b""))} == {ChangeKind.CHANGED}


def test_who_agreed_on_a_time_and_has_no_letter_of_it_yet_is_told_of_another_time(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    found = households(3)
    issue = this_issue(new_pack(found), b"wording")
    digest = household_digest("H1", found[1].address.key)
    untold = replace(issue, households={**issue.households, digest: replace(issue.households[digest], letter="")})
    again = new_pack(found, previous=untold)
    assert [(change.number, change.kind) for change in changes(again, this_issue(again, b"wording"))] == [(2, ChangeKind.MOVED)]


def test_of_those_who_are_gone_it_says_told_of_whom_the_register_names_and_of_nobody_else(
    new_pack: Callable[..., Any], households: Callable[..., Any]
) -> None:
    found = households(4)
    issue = this_issue(new_pack(found), b"wording")
    assert issue.released
    by_address, by_number = found[0].address, found[1].address
    # The key of an address with a number is that number, filled up with zeros.
    again = new_pack(found[3:], previous=issue, told=Told(names=frozenset({by_number.key.lstrip("0"), by_address.written})))
    told = changes(again, this_issue(again, b"wording"))
    assert [(change.number, change.was_told) for change in told] == [(1, WasTold.YES), (2, WasTold.YES), (3, WasTold.NO)]
    assert list(changes_table(told)["already_told"]) == ["yes", "yes", "no"]


FORGOTTEN = "not known: forgotten"


@pytest.mark.parametrize(
    ("told", "gone", "standing"),
    [
        (Told(), "no", "no"),
        (Told(forgot_some=True), FORGOTTEN, "no"),
        (Told(forgot_some=True, forgot_everybody=True), FORGOTTEN, FORGOTTEN),
    ],
)
def test_of_the_forgotten_it_does_not_say_that_they_were_told_nothing(
    new_pack: Callable[..., Any], households: Callable[..., Any], told: Told, gone: str, standing: str
) -> None:
    found = households(3)
    issue = this_issue(new_pack(found), b"wording")
    again = new_pack(found[1:], previous=issue, told=told)
    table = changes_table(changes(again, this_issue(again, b"another wording")))
    assert list(table["already_told"]) == [gone, standing, standing]
    assert found[0].address.written not in table.to_csv()
