"""Postcodes from the embedded file."""

import numpy as np
import pytest

from siting.inputs.postcodes import (
    Postcode,
    areas_without,
    find_postcodes,
    is_settled,
    outward_part,
    tidy_postcode,
    unlike_postcode,
)
from siting.storage.database import connect
from siting.storage.kept import bundled_data


@pytest.fixture(scope="module")
def spread() -> list[str]:
    """A thousand postcodes of all the country."""
    question = "SELECT postcode FROM read_parquet(?) ORDER BY hash(postcode) LIMIT 1000"
    with connect() as database:
        return [row[0] for row in database.execute(question, [str(bundled_data() / "codepoint-open.parquet")]).fetchall()]


def same(one: Postcode, other: Postcode) -> bool:
    return repr(one) == repr(other)


def test_many_are_found_as_each_alone_is(spread: list[str]) -> None:
    found = find_postcodes(spread)
    assert sorted(found) == sorted(spread)
    for postcode in spread[:60]:
        assert same(find_postcodes([postcode])[postcode], found[postcode])


def test_what_does_not_exist_is_absent_from_the_answer(spread: list[str]) -> None:
    assert set(find_postcodes([*spread[:2], "HP11 9ZZ", "ZZ99 9ZZ", "AA1 1AA"])) == set(spread[:2])
    assert find_postcodes([]) == {}


def test_one_without_a_position_says_so() -> None:
    found = find_postcodes(["BD98 1GA"])["BD98 1GA"]
    assert not found.has_position
    assert np.isnan([found.easting_m, found.northing_m, found.roughness_m]).all()


def test_a_known_place_lies_where_it_is() -> None:
    oakham = find_postcodes(["LE15 6DT"])["LE15 6DT"]
    assert oakham.has_position
    assert not oakham.is_sector_average
    assert np.hypot(oakham.easting_m - 486_000, oakham.northing_m - 308_900) < 1_500
    assert 0 < oakham.roughness_m < 500


def test_sea_and_unknown_places_are_not_settled() -> None:
    easting_m = np.array([486_600.0, 660_000.0, np.nan, -5e6])
    northing_m = np.array([193_000.0, 400_000.0, 193_000.0, 1e9])
    assert is_settled(easting_m, northing_m).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("hp112jz", "HP11 2JZ"),
        (" w1a  1aa ", "W1A 1AA"),
        ("HP11 2J", None),
        ("HP11 2JZZ", None),
        ("", None),
        ("M1 1AE", "M1 1AE"),
    ],
)
def test_postcodes_are_tidied(typed: str, tidy: str | None) -> None:
    assert tidy_postcode(typed) == tidy


def test_the_outward_part_names_no_street() -> None:
    assert outward_part("HP11 2JZ") == "HP11"


def test_a_letter_for_a_figure_that_looks_like_it_is_pointed_out(spread: list[str]) -> None:
    slips = {
        f"{right[:at]}{wrong}{right[at + 1 :]}": right
        for right in spread[:60]
        for at, letter in enumerate(right)
        for wrong in {"O": "0", "0": "O", "I": "1", "1": "IL", "S": "5", "5": "S"}.get(letter, "")
    }
    known = find_postcodes(slips)
    unknown = {typed: right for typed, right in slips.items() if typed not in known}
    assert len(unknown) > 50
    for typed, right in list(unknown.items())[:30]:
        told = unlike_postcode(typed)
        assert told is not None, typed
        assert "such as O for 0" in told[0]
        assert right in told[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("SL7 1ON", "no postcode has C, I, K, M, O or V among its last two letters"),
        ("SL7 10N", "a letter may stand for a figure"),
        ("S01 1AA", "a letter may stand for a figure"),
        ("HP11 9ZZ", None),
        ("SO50 5ZZ", None),
    ],
)
def test_what_is_written_as_no_postcode_is_is_told_from_one_that_does_not_exist(typed: str, said: str | None) -> None:
    told = unlike_postcode(typed)
    assert (said in told[0] if told else None) == (True if said else None)


def test_areas_of_which_nothing_is_there_are_named() -> None:
    assert areas_without(("HP", "hp11", "HP1", "MK", "S"), ["HP11 2JZ", "SL7 1QN"]) == ("HP1", "MK", "S")
    assert areas_without((), []) == ()
