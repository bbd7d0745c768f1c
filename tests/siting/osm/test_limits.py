"""Limits: narrow words before wide ones, each direction by itself, the lowest of several figures."""

import pytest

from siting.osm.limits import LimitKind, parse_limit, read_limit, unread_limits

MPH = 1.609344


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("30 mph", 30 * MPH),
        ("30 MPH", 30 * MPH),
        ("30mph", 30 * MPH),
        ("50", 50.0),
        ("60 km/h", 60.0),
        ("30 mph;20 mph", 20 * MPH),
        ("40 mph|30 mph", 30 * MPH),
        ("GB:20_zone", 20 * MPH),
        ("GB:zone20", 20 * MPH),
        ("GB:20", 20 * MPH),
        ("20_zone", 20 * MPH),
        ("DE:zone30", 30.0),
        ("GB:nsl_single", 60 * MPH),
        ("gb:nsl_dual", 70 * MPH),
        ("10 knots", 18.52),
        ("walk", 7.0),
        ("30 miles/h", 30 * MPH),
        ("30 mi/h", 30 * MPH),
        ("30 m.p.h.", 30 * MPH),
        ("30 miles per hour", 30 * MPH),
        ("50 kmph", 50.0),
        ("50km/hr", 50.0),
        ("10 kn", 18.52),
        ("12,5 mph", 12.5 * MPH),
        ("30 mph, 20 mph", 20 * MPH),
        ("30 mph - 40 mph", 30 * MPH),
        ("20 mph zone", 20 * MPH),
        ("20mph_zone", 20 * MPH),
        ("GB:20mph_zone", 20 * MPH),
        ("3mph", 3 * MPH),
        ("5", 5.0),
    ],
)
def test_a_figure_is_read_with_its_unit(text: str, kmh: float) -> None:
    limit = parse_limit(text)
    assert limit.kind is LimitKind.POSTED
    assert limit.kmh == pytest.approx(kmh)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GB:nsl_restricted", LimitKind.BUILT_UP),
        ("GB:urban", LimitKind.BUILT_UP),
        ("national", LimitKind.NATIONAL),
        ("GB:rural", LimitKind.NATIONAL),
        ("600 mph", LimitKind.NATIONAL),
        ("900", LimitKind.NATIONAL),
        ("signals", LimitKind.NONE),
        ("sign", LimitKind.NONE),
        ("", LimitKind.NONE),
        ("0", LimitKind.NONE),
        ("3", LimitKind.NONE),
        ("2 mph", LimitKind.NONE),
    ],
)
def test_words_and_slips_of_the_pen(text: str, kind: LimitKind) -> None:
    assert parse_limit(text).kind is kind


def test_each_direction_has_its_own_limit() -> None:
    tags = {"maxspeed": "national", "maxspeed:forward": "40 mph"}
    assert read_limit(tags, "forward").kmh == pytest.approx(40 * MPH)
    assert read_limit(tags, "backward").kind is LimitKind.NATIONAL
    assert read_limit({"maxspeed:backward": "GB:nsl_restricted"}, "backward").kind is LimitKind.BUILT_UP
    assert read_limit({"maxspeed:backward": "20 mph"}, "forward").kind is LimitKind.NONE


def test_a_year_in_the_source_of_a_limit_is_no_limit() -> None:
    assert read_limit({"source:maxspeed": "2015"}, "forward").kind is LimitKind.NONE
    assert read_limit({"zone:maxspeed": "GB:20"}, "forward").kmh == pytest.approx(20 * MPH)


def test_what_says_nothing_leaves_the_word_to_the_next_key() -> None:
    assert read_limit({"maxspeed": "signals", "maxspeed:type": "GB:motorway"}, "forward").kmh == pytest.approx(70 * MPH)


@pytest.mark.parametrize(
    ("tags", "forward_mph", "backward_mph"),
    [
        ({"maxspeed": "60 mph", "maxspeed:advisory": "30 mph"}, 30, 30),
        ({"maxspeed:advisory": "30 mph"}, 30, 30),
        ({"maxspeed": "national", "maxspeed:advisory": "30 mph"}, 30, 30),
        ({"maxspeed": "60 mph", "maxspeed:advisory:forward": "30 mph"}, 30, 60),
        ({"maxspeed:forward": "60 mph", "maxspeed:advisory:forward": "30 mph"}, 30, None),
        ({"maxspeed:backward": "60 mph", "maxspeed:advisory:backward": "30 mph"}, None, 30),
        ({"maxspeed:advisory": "50 mph", "maxspeed:advisory:forward": "30 mph", "maxspeed:advisory:backward": "40 mph"}, 30, 40),
        ({"maxspeed": "20 mph", "maxspeed:advisory": "30 mph"}, 20, 20),
    ],
)
def test_what_is_advised_is_driven_where_it_is_less(
    tags: dict[str, str], forward_mph: float | None, backward_mph: float | None
) -> None:
    for direction, mph in (("forward", forward_mph), ("backward", backward_mph)):
        limit = read_limit(tags, direction)
        assert limit.kmh == pytest.approx(mph * MPH) if mph else limit.kind is LimitKind.NONE


def test_a_limit_that_is_not_read_is_named_and_a_word_that_says_there_is_none_is_not() -> None:
    assert list(unread_limits({"maxspeed": "30-40 mph", "maxspeed:advisory:forward": "slow"})) == [
        "maxspeed",
        "maxspeed:advisory:forward",
    ]
    silent = ("signals", "none", "variable", "unsigned", "30 mph", "national", "")
    assert [text for text in silent if list(unread_limits({"maxspeed": text}))] == []
