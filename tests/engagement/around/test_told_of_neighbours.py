"""The figures of the neighbour rule on both sides of each, and what is told of a neighbour: direction, band, boundary, doors."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import shapely

from engagement.around.neighbours import compass, nearby
from engagement.around.plots import is_road
from engagement.papers.tables import nearby_table
from siting.words import Basis

BESIDE = shapely.Point(0, 0)


def at_distances(street: Any, *distances_m: float) -> dict[str, Any]:
    """Consider addresses at these distances east of a home that is a point, by their number."""
    street.basis, street.home = Basis.POINT, BESIDE
    for distance_m in distances_m:
        street.add(f"{distance_m:g}", distance_m, 0)
    return {one.address.number: one for one in street.consider()}


def test_the_bands_end_where_they_say(street: Any) -> None:
    found = at_distances(street, 30, 30.01, 45.5, 50, 50.01)
    assert [one.address.number for one in nearby(tuple(found.values()))] == ["30", "30.01", "45.5", "50"]
    table = nearby_table(SimpleNamespace(nearby=nearby(tuple(found.values()))))  # type: ignore[arg-type]
    assert table["band"].tolist() == ["to 30 m", "to 50 m", "to 50 m", "to 50 m"]
    assert table["distance_m"].tolist() == [30, 30.01, 45.5, 50]
    assert set(table["borderline"]) == {"no"}


def test_a_building_at_the_fence_shares_no_boundary(street: Any) -> None:
    street.buildings.append(shapely.box(10, 0, 20, 10))
    street.add("2", 15, 5)
    (found,) = street.consider()
    assert (found.basis, found.distance_m, found.shares_boundary) == (Basis.BUILDING, 0, False)


def test_walls_that_touch_are_a_shared_boundary_where_no_plot_is_known(street: Any) -> None:
    street.basis = Basis.BUILDING
    for west in (10, 15.05, 21):
        street.buildings.append(shapely.box(west, 0, west + 5, 10))
        street.add(str(west), west + 2, 5)
    street.home = shapely.box(0, 0, 10, 10)
    assert [one.shares_boundary for one in street.consider()] == [True, False, False]


@pytest.mark.parametrize(
    ("east_m", "north_m", "direction"),
    [
        (0, 9, "north"), (9, 9, "north-east"), (9, 0, "east"), (9, -9, "south-east"), (0, -9, "south"), (-9, -9, "south-west"),
        (-9, 0, "west"), (-9, 9, "north-west"), (2, 9, "north"), (0, 0, "here"),
    ],
)  # fmt: skip
def test_every_direction(east_m: float, north_m: float, direction: str) -> None:
    assert compass(shapely.box(-5, -5, 5, 5), shapely.Point(east_m, north_m)) == direction


def test_addresses_without_a_number_of_their_own_are_not_the_home(street: Any) -> None:
    for number, at in (("1", 5), ("2", 15), ("3", 25)):
        street.add(number, at, 10)
    street.addresses = [replace(one, uprn=None) for one in street.addresses]
    found = street.consider(own=street.addresses[0])
    assert {one.address.number: one.invited for one in found} == {"1": False, "2": True, "3": True}


@pytest.mark.parametrize(("depth_m", "is_used"), [(200, True), (200.1, False)])
def test_more_than_two_hectares_are_no_house_s_land(street: Any, depth_m: float, is_used: bool) -> None:
    street.plots.append(shapely.box(12, 0, 112, depth_m))
    street.add("The Hall", 100, 100)
    (found,) = street.consider()
    assert (found.basis is Basis.PLOT, found.invited, found.ask) == (is_used, is_used, not is_used)


@pytest.mark.parametrize(("count", "is_used"), [(40, True), (41, False)])
def test_more_than_forty_addresses_are_no_house_s_land(street: Any, count: int, is_used: bool) -> None:
    street.plots.append(shapely.box(12, 0, 92, 100))
    for number in range(count):
        street.add(str(number), 60 + number / 2, 50)
    assert {one.invited for one in street.consider()} == {is_used}


def test_a_verge_s_end_is_no_road() -> None:
    assert not is_road(shapely.box(0, -1, 7.9, 1), shapely.LineString([(-50, 0), (150, 0)]))


def told_for_doors(street: Any, each_side: int) -> dict[str, str]:
    own = street.addresses[0]
    return {one.address.door: one.because for one in street.consider(1.0, own=own, each_side=each_side) if one.invited}


def test_houses_across_the_road_are_on_neither_side(street: Any) -> None:
    street.add("10", 5, 8)
    for number, x_m, y_m in (("12", 45, 8), ("8", -35, 8), ("11", 15, -20), ("9", -5, -20)):
        street.add(number, x_m, y_m)
    assert set(told_for_doors(street, 1)) == {"8", "12"}


def test_flats_of_one_building_are_one_door(street: Any) -> None:
    street.add("10", 5, 8)
    street.add("12", 30, 8, flat="Flat 1")
    street.add("12", 30.5, 8, flat="Flat 2")
    for number, x_m in (("14", 42), ("16", 54)):
        street.add(number, x_m, 8)
    told = told_for_doors(street, 2)
    assert set(told) == {"Flat 1, 12", "Flat 2, 12", "14"}
    assert [told[door].split(" on ")[0] for door in ("Flat 2, 12", "14")] == ["it is door 1", "it is door 2"]


def test_houses_of_another_street_are_on_neither_side_whatever_the_case_of_its_name(street: Any) -> None:
    street.add("10", 5, 8)
    street.add("12", 40, 8, street="HIGH STREET")
    street.add("1", 30, 8, street="Mill Lane")
    assert set(told_for_doors(street, 1)) == {"12"}
