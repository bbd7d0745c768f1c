"""The same house from two agents is one house; two houses side by side are two."""

import pytest

from siting.inputs.rows import HomeRow
from siting.inputs.same_house import Listed, same_houses
from siting.place import NATIONAL_GRID, Place

HERE = Place(x_m=482_000.0, y_m=213_000.0, system=NATIONAL_GRID, postcode="HP20 1US")


def home(number: int, place: Place = HERE, **values: object) -> Listed:
    return Listed(
        number=number, row=HomeRow.model_validate({"home_id": f"H{number}", "postcode": "HP20 1US", **values}), place=place
    )


def numbers(*homes: Listed) -> list[list[int]]:
    return [[listed.number for listed in group] for group in same_houses(homes)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"uprn": "990000001035"}, {"uprn": " 0990000001035"}),
        ({"address": "14 Mill Road, Aylesbury"}, {"address": "14 Mill Rd, Aylesbury, Bucks HP20 1US"}),
        ({"address": "The Old Rectory, Church Lane"}, {"address": "Old Rectory, Church Lane, Aylesbury"}),
        ({"easting": 482_000, "northing": 213_000}, {"easting": 482_001, "northing": 213_001, "address": "14 Mill Road"}),
        ({"bedrooms": 4, "price_gbp": 425_000}, {"bedrooms": 4, "price_gbp": 425_000}),
    ],
)
def test_one_house_listed_twice(one: dict[str, object], other: dict[str, object]) -> None:
    assert numbers(home(2, **one), home(3, **other)) == [[2, 3]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"uprn": "990000001035", "address": "14 Mill Road"}, {"uprn": "990000001036", "address": "14 Mill Road"}),
        ({"address": "14 Mill Road, Aylesbury"}, {"address": "16 Mill Road, Aylesbury"}),
        ({"address": "Flat 1, 14 Mill Road"}, {"address": "Flat 2, 14 Mill Road"}),
        ({"address": "The Old Rectory, Mill Lane"}, {"address": "Beech House, Mill Lane"}),
        ({"bedrooms": 4, "price_gbp": 425_000}, {"bedrooms": 4, "price_gbp": 430_000}),
        ({}, {}),
        ({"bedrooms": 4}, {"bedrooms": 4}),
    ],
)
def test_two_houses_side_by_side(one: dict[str, object], other: dict[str, object]) -> None:
    assert numbers(home(2, **one), home(3, **other)) == []


def test_the_same_street_of_two_towns_is_two_houses() -> None:
    elsewhere = Place(x_m=496_000.0, y_m=198_000.0, system=NATIONAL_GRID)
    assert numbers(home(2, address="14 Mill Road"), home(3, elsewhere, address="14 Mill Road")) == []


def test_three_rows_are_one_group() -> None:
    rows = [home(2, uprn="99"), home(3, uprn="99", address="1 Mill Road"), home(4, address="1 Mill Rd")]
    assert numbers(*rows) == [[2, 3, 4]]


@pytest.mark.parametrize(("apart_m", "groups"), [(5.0, [[2, 3]]), (5.1, [])])
def test_typed_coordinates_a_few_metres_apart_are_one_house(apart_m: float, groups: list[list[int]]) -> None:
    beside = Place(x_m=HERE.x_m + apart_m, y_m=HERE.y_m, system=NATIONAL_GRID)
    typed = {"easting": 482_000, "northing": 213_000}
    assert numbers(home(2, **typed), home(3, beside, **typed)) == groups
