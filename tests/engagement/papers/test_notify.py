"""What is uploaded to GOV.UK Notify is what Notify accepts, and who is not in it is said."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.papers.notify import notify_left_out, notify_table, why_not

KNOWN = {"AB1 2CD"}


def with_address(one: Any, **changes: Any) -> Any:
    return replace(one, address=replace(one.address, **changes))


def accepted(row: list[str]) -> bool:
    """Notify's own rules, as its code has them: three to seven lines, the last a postcode, none with a forbidden beginning."""
    lines = [line for line in row if line]
    return (
        3 <= len(lines) <= 7
        and lines[-1] in KNOWN
        and bool(row[-1])
        and not any(line[0] in '@()=[]"\\/,<>~' or len(line) > 95 for line in lines)
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(
    flat=st.sampled_from(["", "Flat 2", "(Rear)", "x" * 60]),
    name=st.sampled_from(["", "The Old Bakehouse", "@Home", "[No name]", "~"]),
    street=st.sampled_from(["", "High Street"]),
    town=st.sampled_from(["", "Town"]),
    postcode=st.sampled_from(["", "AB1 2CD", "ab12cd", "ZZ9 9ZZ", "AB1"]),
    text=st.sampled_from(["", "1, 2, 3, 4, 5, 6, 7, 8, 9 High Street, Town", "One line"]),
)
def test_everybody_is_in_the_file_or_said_with_a_reason(
    new_pack: Callable[..., Any], households: Callable[..., Any], **parts: str
) -> None:
    (one,) = households(1)
    changed = with_address(
        one,
        sub_building=parts["flat"],
        building_name=parts["name"],
        street=parts["street"],
        town=parts["town"],
        postcode=parts["postcode"],
        text=parts["text"],
    )
    pack = new_pack((changed,))
    sent, left_out = notify_table(pack, KNOWN), notify_left_out(pack, KNOWN)
    assert len(sent) + len(left_out) == 1
    for row in sent.itertuples(index=False):
        assert accepted(list(row)[:7])
        assert row[0] == "The Occupier"
    for row in left_out.itertuples(index=False):
        assert row.why.strip()
        assert row.number == 1


def test_a_long_address_shares_lines_and_loses_nothing(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    (one,) = households(1)
    words = "Flat 1, West Wing, The Old Hall, Hall Drive, 12 High Street, Upper Hamlet, Town"
    changed = with_address(one, street="", text=words, postcode="AB1 2CD")
    row = list(notify_table(new_pack((changed,)), KNOWN).iloc[0])[:7]
    assert accepted(row)
    assert all(part in ", ".join(row) for part in words.split(", "))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"postcode": ""}, "no full postcode"),
        ({"postcode": "ZZ99 9ZZ"}, "in no list"),
        ({"street": "", "text": "", "town": "", "number": ""}, "three lines"),
        ({"street": "", "text": "AB1 2CD", "town": "", "number": ""}, "three lines"),
        ({"building_name": "x" * 96}, "longer than 95"),
        ({"building_name": "(The Annexe)"}, "begins with ("),
    ],
)
def test_each_reason_is_told(
    new_pack: Callable[..., Any], households: Callable[..., Any], changes: dict[str, str], why: str
) -> None:
    (one,) = households(1)
    assert why in why_not(new_pack((one,)), with_address(one, **changes), KNOWN)


def test_premises_are_written_to_as_premises(new_pack: Callable[..., Any], households: Callable[..., Any]) -> None:
    (home,), (school,) = households(1), households(1, code="CE03")
    for one, name in ((home, "The Occupier"), (school, "The Manager")):
        assert notify_table(new_pack((one,)), KNOWN).iloc[0]["address line 1"] == name
    told = notify_table(new_pack(households(1), nation="Wales"), KNOWN).iloc[0]["address line 1"]
    assert told == "Y Preswylydd / The Occupier"
