"""Limits: narrow words before wide ones, each direction by itself, the lowest of several figures."""

import pytest

from siting.osm.limits import LimitKind, parse_limit, read_limit

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
