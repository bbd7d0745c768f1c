"""What a pack says of itself: the order of its walk, its notice, and what is marked beside a neighbour."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from engagement.pack import NOTICE, Pack, walking_order
from engagement.papers.printed_papers import _mark
from siting.inputs.plan_parts import Engagement


def test_a_walk_goes_out_on_the_odd_side_and_back_on_the_even_one(street: Any) -> None:
    for number in ("2", "10", "9", "1", "4-6", "", "3A", "3"):
        street.add(number, 15, 5)
    street.add("1", 15, 5, street="Abbey Lane")
    walk = walking_order(street.consider(), "HIGH STREET")
    assert [one.address.number for one in walk] == ["1", "3", "3A", "9", "10", "4-6", "2", "", "1"]
    assert walk[-1].address.street == "Abbey Lane"


@pytest.mark.parametrize(
    ("plan", "until"),
    [
        ({}, "destroy it when the home has opened."),
        ({"opening_day": dt.date(2027, 5, 3)}, "when the home has opened (3 May 2027)."),
        ({"keep_until": dt.date(2027, 8, 31)}, "destroy it by 31 August 2027."),
        ({"opening_day": dt.date(2027, 5, 3), "keep_until": dt.date(2027, 8, 31)}, "destroy it by 31 August 2027."),
    ],
)
def test_papers_say_until_when_they_are_kept(plan: dict[str, Any], until: str) -> None:
    notice = Pack.notice.fget(SimpleNamespace(engagement=Engagement(**plan)))  # type: ignore[attr-defined]
    assert notice.endswith(until)
    assert notice.startswith(NOTICE.partition(";")[0])


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, ""),
        ({"across_road": True}, "across the road"),
        ({"shares_boundary": True, "borderline": True}, "shares the boundary, borderline: decide"),
        ({"several": True, "note": "add"}, "may be several households, added by hand"),
        ({"note": "remove"}, ""),
    ],
)
def test_what_is_marked_beside_a_neighbour(new_street: Callable[[], Any], changes: dict[str, Any], mark: str) -> None:
    street = new_street()
    street.add("2", 15, 5)
    (one,) = street.consider()
    plain = replace(one, across_road=False, shares_boundary=False, borderline=False, several=False, note="")
    assert _mark(SimpleNamespace(engagement=Engagement()), replace(plain, **changes)) == mark  # type: ignore[arg-type]
