"""Who is a neighbour, on streets whose answer a person can work out."""

from collections.abc import Callable
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.around.address_kinds import kind_of
from engagement.around.decisions import Decided, Decision
from engagement.around.neighbours import Surroundings, consider, natural_key, nearby, neighbours
from engagement.around.plots import no_plots
from siting.words import Basis


def test_a_terrace(street: Any) -> None:
    """Houses 5 m wide to the right: plots begin at 10, 15, 20, 25, 30 (20 m away, in) and 35 (out)."""
    for number in range(6):
        street.plots.append(shapely.box(10 + 5 * number, 0, 15 + 5 * number, 30))
        street.add(str(2 * number + 4), 12.5 + 5 * number, 15)
    assert street.invited() == ["4", "6", "8", "10", "12"]
    first = street.consider()[0]
    assert first.shares_boundary
    assert first.basis is Basis.PLOT
    assert first.direction == "east"


def test_a_point_outside_is_in_by_its_plot(street: Any) -> None:
    """The house behind stands 60 m from the door, its garden touches the fence."""
    street.plots.append(shapely.box(0, 30, 10, 100))
    street.add("1A", 5, 95)
    only = street.consider()[0]
    assert only.invited
    assert only.distance_m == 0
    assert only.plot_to_point_m == 65


def test_a_corner_plot_and_a_plot_of_two_parcels(street: Any) -> None:
    street.home = shapely.union_all([shapely.box(0, 0, 10, 30), shapely.box(10, 20, 40, 30)])
    street.plots.append(shapely.box(45, 0, 60, 30))
    street.add("2", 52, 8)
    assert street.invited() == ["2"]
    assert street.consider()[0].distance_m == 5


def test_across_a_wide_road_and_a_narrow_one(street: Any) -> None:
    """Opposite plots begin 17 m and 30 m from the home's front: the road's width counts."""
    street.plots += [shapely.box(0, -47, 10, -17), shapely.box(20, -60, 30, -30)]
    street.add("1", 5, -25)
    street.add("3", 25, -40)
    found = street.consider()
    assert [one.address.number for one in found if one.invited] == ["1"]
    assert all(one.across_road for one in found)


def test_exactly_twenty_metres_is_in_and_a_centimetre_more_is_not(street: Any) -> None:
    street.basis = Basis.POINT
    street.home = shapely.Point(0, 0)
    street.add("in", 20.0, 0)
    street.add("out", 20.01, 0)
    street.add("also in", 12.0, 16.0)
    assert set(street.invited()) == {"in", "also in"}
    assert all(one.borderline for one in street.consider())


def test_national_grid_coordinates_do_not_lose_the_edge(street: Any) -> None:
    street.basis = Basis.POINT
    street.home = shapely.Point(651_409.80, 313_177.45)
    street.add("in", 651_429.80, 313_177.45)
    street.add("out", 651_429.81, 313_177.45)
    assert street.invited() == ["in"]


def test_flats_are_households_of_their_own_and_the_shell_is_none(street: Any) -> None:
    street.plots.append(shapely.box(10, 0, 30, 30))
    street.buildings.append(shapely.box(12, 5, 28, 15))
    shell = street.add("2", 20, 10, code="PP")
    for flat in range(1, 25):
        street.add("2", 20, 10, flat=f"Flat {flat}", parent_uprn=shell.uprn)
    assert street.invited() == [f"Flat {flat}, 2" for flat in range(1, 25)]
    left = [one.because for one in street.consider() if not one.invited]
    assert left == ["a parent shell, whose flats are listed themselves"]


def test_a_parent_without_a_class_is_known_by_its_flats(street: Any) -> None:
    shell = street.add("2", 15, 10, code="")
    street.add("2", 15, 10, flat="Flat 1", parent_uprn=shell.uprn)
    assert street.invited() == ["Flat 1, 2"]


def test_in_a_block_of_flats_the_others_are_neighbours(street: Any) -> None:
    own = street.add("1", 5, 10, flat="Flat 1")
    street.add("1", 5, 10, flat="Flat 2")
    found = street.consider(own=own)
    assert [one.address.door for one in found if one.invited] == ["Flat 2, 1"]
    assert next(one for one in found if not one.invited).because == "the home itself"


@pytest.mark.parametrize(
    ("code", "told"),
    [("RD04", True), ("RG02", False), ("PS", False), ("CU02", False), ("CR08", True), ("CE03", True), ("ZW99", True),
     ("OR01", False), ("LL", False), ("CT01", False), ("", True), ("UC", True)],
)  # fmt: skip
def test_what_no_letter_goes_to(code: str, told: bool) -> None:
    kind = kind_of(code)
    assert (kind.left_out is None) == told
    assert kind.premises == (code[:1] in {"C", "Z"} and told)


@pytest.mark.parametrize(("status", "state"), [("8", ""), ("", "4"), ("", "6"), ("6", "")])
def test_what_is_gone_or_not_yet_there_is_left_out(status: str, state: str) -> None:
    assert kind_of("RD04", logical_status=status, state=state).left_out
    assert kind_of("RD04", logical_status="1", state="2").left_out is None


def test_a_road_and_an_estate_bring_nobody(street: Any) -> None:
    """A parcel of the road with a lamp's point on it, and an estate's with fifty houses far away."""
    street.plots += [shapely.box(-200, -12, 200, 0), shapely.box(10, 0, 400, 200)]
    street.add("lamp", -100, -6)
    for number in range(50):
        street.add(str(number), 200 + 3 * number, 100)
    street.add("near", 25, 10)
    found = street.consider()
    assert [one.address.number for one in found if one.invited] == ["near"]
    assert next(one for one in found if one.address.number == "near").basis is Basis.POINT
    assert any("estate" in one.note for one in found)


def test_without_plots_buildings_decide_and_then_points(street: Any) -> None:
    street.basis = Basis.BUILDING
    street.home = shapely.box(0, 5, 10, 15)
    street.buildings.append(shapely.box(29, 5, 60, 15))
    street.add("big house", 55, 10)
    street.add("hut", 31, 0)
    street.add("near hut", 29, 10.5 - 5.5)
    assert set(street.invited()) == {"big house", "near hut"}


def test_the_next_bands_are_shown_and_nobody_is_lost(street: Any) -> None:
    for number, at in enumerate((15, 25, 35, 55, 70), start=1):
        street.add(str(number), 10 + at, 15)
    found = street.consider()
    assert [one.address.number for one in neighbours(found)] == ["1"]
    assert [one.address.number for one in nearby(found)] == ["2", "3"]
    assert len(found) == 5


def test_doors_on_either_side_are_another_councils_practice(street: Any) -> None:
    own = street.add("10", 5, 8)
    for door in range(1, 8):
        for side in (-1, 1):
            at = 5 + side * 12 * door
            street.plots.append(shapely.box(at - 6, 0, at + 6, 30))
            street.add(str(10 + side * 2 * door), at, 8)
    street.add("11", 5, -20)
    beside = set(street.invited(5.0, own=own, each_side=3))
    assert beside == {"4", "6", "8", "12", "14", "16"}


def test_a_decision_by_hand_counts(street: Any) -> None:
    street.add("1", 15, 5, uprn="100001")
    street.add("2", 90, 5, uprn="100002")
    around = Surroundings(addresses=tuple(street.addresses), plots=no_plots(None), buildings=(), roads=street.roads)
    decided = {
        f"{index:012d}": Decided(home_id="H1", decision=decision, reason="asked")
        for index, decision in enumerate((Decision.REMOVE, Decision.ADD))
    }
    from engagement.around.boundary import HomeBoundary

    found = consider(HomeBoundary(area=street.home, basis=Basis.PLOT, words=""), None, around, 20, decided)
    assert [one.address.number for one in found if one.invited] == ["2"]
    assert nearby(found) == (), "who is left alone stands on no list"
    assert [one.address.number for one in found if one.set_aside] == ["1"]
    assert not any("asked" in one.because for one in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-80, 80)), min_size=1, max_size=25), st.floats(1, 60))
def test_a_nearer_neighbour_is_never_left_out_for_a_farther_one(
    new_street: Callable[[], Any], places: list[tuple[float, float]], limit_m: float
) -> None:
    street = new_street()
    for number, (x_m, y_m) in enumerate(places):
        street.add(str(number), x_m, y_m)
    found = street.consider(limit_m)
    inside = [one.distance_m for one in found if one.invited]
    outside = [one.distance_m for one in found if not one.invited]
    assert max(inside, default=0) <= min(outside, default=1e9)
    assert len(found) == len(places)
    shown = [round(one.distance_m, 3) for one in found]
    assert shown == sorted(shown)


def test_doors_are_ordered_as_people_do() -> None:
    doors = ["10", "2", "12A", "12", "1", "Flat 10, 14", "Flat 2, 14", "The Old Bakery"]
    assert sorted(doors, key=natural_key) == ["Flat 2, 14", "Flat 10, 14", "The Old Bakery", "1", "2", "10", "12", "12A"]


def test_a_house_is_no_shell_for_its_garage_or_its_annexe(street: Any) -> None:
    street.add("1", 13, 5, uprn="100")
    street.add("1", 14, 9, uprn="101", parent_uprn="100", code="RG", flat="Garage")
    street.add("2", 16, 5, uprn="200")
    street.add("2", 16, 9, uprn="201", parent_uprn="200", flat="Annexe")
    street.add("3", 19, 5, uprn="300", code="")
    street.add("3", 19, 5, uprn="301", parent_uprn="300", flat="Flat 1")
    street.add("4", 22, 5, uprn="400")
    for n in (1, 2):
        street.add("4", 22, 5, uprn=str(400 + n), parent_uprn="400", flat=f"Flat {n}")
    invited = {one.address.uprn for one in street.consider() if one.invited}
    # Of an entry whose class is not known, and of one with several households, the households are told.
    assert invited == {"100", "200", "201", "301", "401", "402"}
