"""Nobody is missed without a word: buildings without an address, large parcels, ranges, and every edge of the rule itself."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.around.address_kinds import kind_of
from engagement.around.boundary import HomeBoundary, boundaries_of_no_home, propose_boundary, read_drawn_boundary
from engagement.around.neighbours import BORDERLINE_M, Surroundings, consider, nearby
from engagement.around.own_address import own_address
from engagement.around.plots import HUGE_M2, MANY_ADDRESSES, Plots, is_huge, is_road, no_plots
from engagement.around.same_address import find_by_text
from engagement.around.walk_there import NO_ADDRESS, OWN_BUILDING, SITE, looks_lived_in, unaddressed
from siting.crs import MetricSystem
from siting.inputs.plan_parts import LargeParcels
from siting.inputs.rows import HomeRow
from siting.words import BNG, Basis

GRID = MetricSystem(BNG)
HOME = HomeBoundary(area=shapely.box(0, 0, 10, 30), basis=Basis.PLOT, words="")


def around(street: Any, **more: Any) -> Surroundings:
    plots = Plots(shapes=(HOME.area, *street.plots), warnings=(), system=GRID)
    return Surroundings(
        addresses=tuple(street.addresses), plots=plots, buildings=tuple(street.buildings), roads=street.roads, **more
    )  # fmt: skip


def house_at(x: float, y: float, wide: float = 6, deep: float = 8) -> shapely.Polygon:
    return shapely.box(x, y, x + wide, y + deep)


# Buildings without an address


def test_a_house_without_an_address_is_to_be_walked_to(street: Any) -> None:
    """The home's own house; a known one; one without an address at 20 m; one at 20.5 m; a garage; a shed."""
    street.buildings = [
        house_at(2, 5),
        house_at(12, 5),
        house_at(30, 5),
        house_at(30.5, 40),
        house_at(12, 20),
        house_at(20, 25, 3, 3),
    ]
    kinds = ("house", "house", "house", "yes", "garage", "yes")
    street.add("4", 15, 9)
    found = unaddressed(HOME, around(street, building_kinds=kinds), 20.0)
    assert [(one.label, one.distance_m, one.direction) for one in found] == [("W1", 20.0, "east")]
    wider = unaddressed(HOME, around(street, building_kinds=kinds), 30.0)
    assert [one.distance_m for one in wider] == [20.0, pytest.approx(np.hypot(20.5, 10))]


@pytest.mark.parametrize(("code", "inside", "walk"), [
    ("RG", True, False), ("RG", False, True), ("CU", True, False), ("L", True, True), ("PP", True, True), ("RD", False, False),
])  # fmt: skip
def test_an_entry_for_something_else_on_the_land_is_no_address_of_the_house(
    street: Any, code: str, inside: bool, walk: bool
) -> None:
    street.plots.append(shapely.box(10, 0, 20, 30))
    street.buildings = [house_at(12, 5)]
    street.add("4", 15, 9 if inside else 25, code=code)
    assert bool(unaddressed(HOME, around(street), 20.0)) == walk


LIVED_IN, OTHERWISE = ("house", "yes", "apartments", "terrace"), ("garage", "shed", "barn")


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_looks_lived_in_is_told_or_walked_to(new_street: Any, seed: int) -> None:
    """Streets by lot: with plots or without, with entries in the house, on its land, for something else, or none at all."""
    dice = np.random.default_rng(seed)
    street = new_street()
    kinds, with_plots = [], dice.random() < 0.6
    for row in (-45.0, 0.0, 35.0):
        for column in range(-4, 5):
            if row == 0.0 and column == 0:
                continue
            x, deep = 11.0 * column + dice.uniform(-1, 1), dice.uniform(6, 12)
            plot = shapely.box(x, row, x + 9, row + 28)
            if with_plots and dice.random() < 0.9:
                street.plots.append(plot)
            street.buildings.append(house_at(x + 1, row + 6, dice.uniform(4.5, 7), deep))
            kinds.append(str(dice.choice(LIVED_IN if dice.random() < 0.8 else OTHERWISE)))
            for _ in range(int(dice.integers(0, 3))):
                code = str(dice.choice(["RD", "RD", "", "RG", "L", "PP", "CU"]))
                at = (x + 3, row + 9) if dice.random() < 0.6 else (x + 8.5, row + 27)
                street.add(str(column), *at, code=code)
    surroundings = around(street, building_kinds=tuple(kinds))
    told = [one.address for one in consider(HOME, None, surroundings, 20.0, {}) if one.invited]
    walked = [shapely.Point(one.x_m, one.y_m) for one in unaddressed(HOME, surroundings, 20.0)]
    for shape, kind in zip(street.buildings, kinds, strict=True):
        if kind not in LIVED_IN or shapely.area(shape) < 25 or shapely.distance(shape, HOME.area) > 20:
            continue
        land = [plot for plot in street.plots if shapely.intersects(plot, shape)] or [shapely.buffer(shape, 3.0)]
        doors = [a for a in told if any(shapely.intersects_xy(one, a.x_m, a.y_m) for one in land)]
        is_something_else = any(
            shapely.intersects_xy(shape, a.x_m, a.y_m)
            for a in street.addresses
            if (a.kind.left_out or "").startswith(("a gar", "a uti"))
        )
        assert doors or is_something_else or any(shapely.intersects(shape, point) for point in walked), (seed, kind, shape.wkt)


@pytest.mark.parametrize(("doors", "listed"), [(0, True), (1, True), (2, False)])
def test_a_caravan_site_without_its_pitches_is_walked_to(street: Any, doors: int, listed: bool) -> None:
    """The home may stand on the site itself, and one address on it is its office's."""
    for number in range(doors):
        street.add(str(number), 60 + 20 * number, 40)
    for west, lies in ((-50, "here"), (29, "east"), (31, "")):
        found = unaddressed(HOME, replace(around(street), sites=(shapely.box(west, -40, 120, 60),)), 20.0)
        assert [one.what for one in found] == ([SITE] if listed and lies else [])
        for one in found:
            assert shapely.dwithin(shapely.Point(one.x_m, one.y_m), HOME.area, 21.1)
            assert not shapely.contains_xy(HOME.area, one.x_m, one.y_m)


@pytest.mark.parametrize(
    ("kind", "depth_m", "doors", "listed"),
    [
        ("apartments", 8, 1, True), ("apartments", 8, 2, False), ("terrace", 30, 0, True), ("terrace", 5, 0, False),
        ("house", 30, 0, False),
    ],
)  # fmt: skip
def test_others_may_live_in_the_home_s_own_building(street: Any, kind: str, depth_m: float, doors: int, listed: bool) -> None:
    block = shapely.box(0, 0, 10, depth_m)
    street.buildings = [block, house_at(12, 5)]
    for number in range(doors):
        street.add(str(number), 2 + number, 2)
    home = HomeBoundary(area=block, basis=Basis.BUILDING, words="")
    found = unaddressed(home, replace(around(street, building_kinds=(kind, "house")), plots=no_plots(GRID)), 20.0)
    assert [one.what for one in found] == [*([OWN_BUILDING] if listed else []), NO_ADDRESS]


def test_labels_run_from_the_nearest(street: Any) -> None:
    street.buildings = [house_at(28, 0), house_at(12, 0), house_at(20, 0)]
    found = unaddressed(HOME, around(street), 20.0)
    assert [(one.label, one.distance_m) for one in found] == [("W1", 2.0), ("W2", 10.0), ("W3", 18.0)]


def test_an_address_on_the_plot_or_beside_a_building_is_the_building_s(street: Any) -> None:
    street.plots = [shapely.box(10, 0, 20, 30)]
    street.buildings = [house_at(12, 5), house_at(24, 5)]
    street.add("gate of the plot", 11, 29)
    street.add("beside", 32, 8)
    assert unaddressed(HOME, around(street), 20.0) == ()


def test_an_address_that_is_gone_is_none_and_its_house_is_walked_to(street: Any) -> None:
    street.buildings = [house_at(12, 5)]
    street.add("gone", 15, 9, code="PS")
    assert len(unaddressed(HOME, around(street), 20.0)) == 1


def test_a_house_whose_garden_comes_near_counts_although_it_stands_far(street: Any) -> None:
    street.plots = [shapely.box(15, 0, 25, 90)]
    street.buildings = [house_at(17, 70)]
    assert [one.distance_m for one in unaddressed(HOME, around(street), 20.0)] == [5.0]


@pytest.mark.parametrize(
    ("kind", "area_m2", "lived_in"),
    [("house", 20, True), ("yes", 24, False), ("yes", 26, True), ("garage", 90, False), ("apartments", 400, True),
     ("retail", 60, True), ("barn", 300, False), ("static_caravan", 20, True), ("", 26, True)],
)  # fmt: skip
def test_what_looks_lived_in(kind: str, area_m2: float, lived_in: bool) -> None:
    assert looks_lived_in(kind, area_m2) == lived_in


# Large parcels, ranges, other homes


@pytest.mark.parametrize(("large", "invited", "asked"), [("ask", False, True), ("count", True, False), ("pass", False, False)])
def test_a_farm_that_touches_the_home_is_asked_about(street: Any, large: str, invited: bool, asked: bool) -> None:
    street.plots = [shapely.box(10, 0, 310, 100)]
    street.add("farm", 250, 50)
    (one,) = consider(HOME, None, around(street), 20.0, {}, large=LargeParcels(large))
    assert (one.invited, one.ask, one.borderline) == (invited, asked, asked)
    assert (one in nearby([one])) == (not invited)
    if asked:
        assert "3.0 ha" in one.because
        assert "decide" in one.because


def test_an_estate_s_parcel_is_not_asked_about_nor_a_road_s(street: Any) -> None:
    street.plots = [shapely.box(10, 0, 310, 100)]
    for number in range(MANY_ADDRESSES + 1):
        street.add(str(number), 200 + number, 50)
    found = consider(HOME, None, around(street), 20.0, {}, large=LargeParcels.COUNT)
    assert not any(one.invited or one.ask for one in found)


@pytest.mark.parametrize(
    ("number", "several"), [("22-29", True), ("22\u201329", True), ("22A-22C", True), ("22", False), ("22A", False)]
)
def test_a_range_may_be_several_households(street: Any, number: str, several: bool) -> None:
    street.add(number, 15, 5)
    (one,) = street.consider()
    assert one.invited
    assert one.several == several


def test_a_block_with_one_address_may_be_several_and_one_with_its_flats_is_not(street: Any) -> None:
    street.buildings = [house_at(12, 0, 10, 10), house_at(12, 12, 10, 10)]
    street.add("9", 15, 5)
    for flat in ("Flat 1", "Flat 2"):
        street.add("11", 15, 15, flat=flat)
    found = consider(HOME, None, around(street, building_kinds=("apartments", "apartments")), 20.0, {})
    assert [one.address.door for one in found if one.several] == ["9"]


def test_another_home_of_the_plan_is_not_invited(street: Any) -> None:
    street.add("4", 15, 5)
    other = street.add("6", 18, 5)
    found = consider(HOME, None, around(street, other_homes=frozenset({other.key})), 20.0, {})
    assert [one.address.number for one in found if one.invited] == ["4"]
    assert next(one for one in found if not one.invited).because == "another home of the plan"


# The rule itself, where a wrong figure would be green


@pytest.mark.parametrize(("at", "invited"), [(20.0, True), (20.0004, True), (20.002, False), (20.009, False)])
def test_the_tolerance_is_half_a_millimetre(street: Any, at: float, invited: bool) -> None:
    street.add("1", 10 + at, 15)
    assert street.consider()[0].invited == invited


@pytest.mark.parametrize(
    ("at", "borderline"), [(17.9, False), (18.1, True), (19.4, True), (20.6, True), (21.9, True), (22.1, False)]
)
def test_two_metres_either_way_a_person_decides(street: Any, at: float, borderline: bool) -> None:
    assert BORDERLINE_M == 2.0
    street.add("1", 10 + at, 15)
    assert street.consider()[0].borderline == borderline


@pytest.mark.parametrize(("gap", "shares"), [(0.0, True), (0.09, True), (0.12, False), (4.0, False)])
def test_a_sliver_is_a_shared_boundary_and_four_metres_are_not(street: Any, gap: float, shares: bool) -> None:
    street.plots = [shapely.box(10 + gap, 0, 20 + gap, 30)]
    street.add("1", 15 + gap, 15)
    assert street.consider()[0].shares_boundary == shares


def test_the_last_band_ends_at_fifty_metres(street: Any) -> None:
    for number, at in enumerate((44, 46, 49.9, 50.1), start=1):
        street.add(str(number), 10 + at, 15)
    assert [one.address.number for one in nearby(street.consider())] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("x", "y", "lies"),
    [(5, 100, "north"), (5, -70, "south"), (90, 15, "east"), (-80, 15, "west"), (85, 95, "north-east"), (-75, -65, "south-west")],
)
def test_where_a_neighbour_lies(street: Any, x: float, y: float, lies: str) -> None:
    street.add("1", x, y)
    assert street.consider()[0].direction == lies


def test_of_buildings_that_overlap_the_smallest_is_a_neighbour_s(street: Any) -> None:
    """A hall that reaches to the home, and a flat's own outline in it that does not."""
    street.buildings = [shapely.box(15, 0, 80, 30), shapely.box(60, 5, 70, 15)]
    street.add("1", 65, 10)
    (one,) = street.consider()
    assert one.plot_to_building_m == 50.0
    assert not one.invited


def test_of_plots_that_overlap_the_nearest_decides(street: Any) -> None:
    street.plots = [shapely.box(60, 0, 90, 30), shapely.box(15, 0, 90, 30)]
    street.add("1", 70, 10)
    (one,) = street.consider()
    assert (one.plot_to_plot_m, one.invited) == (5.0, True)


def test_doors_across_the_road_and_flats_are_no_doors_on_either_side(street: Any) -> None:
    own = street.add("10", 5, 8)
    for at in (17, 29, 41):
        street.plots.append(shapely.box(at - 6, 0, at + 6, 30))
    for flat in ("Flat 1", "Flat 2", "Flat 3"):
        street.add("12", 17, 8, flat=flat)
    street.add("14", 29, 8)
    street.add("16", 41, 8)
    street.plots.append(shapely.box(12, -40, 24, -12))
    street.add("11", 18, -25)
    assert street.invited(0.5, own=own, each_side=2) == ["Flat 1, 12", "Flat 2, 12", "Flat 3, 12", "14"]


def test_an_estate_is_one_by_two_hectares_or_by_forty_addresses() -> None:
    assert HUGE_M2 == 20_000
    for side_m, addresses, huge in ((141, 1, False), (142, 1, True), (50, 40, False), (50, 41, True), (280, 1, True)):
        assert is_huge(shapely.box(0, 0, side_m, side_m), addresses) == huge


@pytest.mark.parametrize(("width_m", "road"), [(8, True), (15.9, True), (16.1, False), (60, False)])
def test_a_parcel_is_a_road_by_half_its_ground(width_m: float, road: bool) -> None:
    parcel = shapely.box(0, -width_m / 2, 200, width_m / 2)
    assert is_road(parcel, shapely.LineString([(-50, 0), (250, 0)])) == road


def test_addresses_without_a_number_are_not_the_home_itself(street: Any) -> None:
    for number in ("1", "3"):
        street.add(number, 5, 10)
    nameless = [shapely.Point(a.x_m, a.y_m) for a in street.addresses]
    assert len(nameless) == 2
    addresses = [_without_number(a) for a in street.addresses]
    own, words = own_address(HomeRow(home_id="H1", easting=5, northing=10), 5, 10, HOME, addresses)
    assert own is None
    assert "2 addresses" in words


def _without_number(address: Any) -> Any:
    return replace(address, uprn=None)


def test_without_plots_a_building_is_measured(street: Any) -> None:
    street.buildings = [shapely.box(25, 0, 60, 30)]
    street.add("1", 50, 10)
    known = {"addresses": tuple(street.addresses), "buildings": tuple(street.buildings), "roads": street.roads}
    bare = Surroundings(plots=no_plots(GRID), **known)
    (one,) = consider(HOME, None, bare, 20.0, {})
    assert (one.basis, one.distance_m) == (Basis.BUILDING, 15.0)
    assert np.isnan(one.plot_to_plot_m)


def test_of_two_entries_with_the_home_s_address_none_is_taken_for_it_by_that(street: Any) -> None:
    """The town may have two such streets: what stands on the home's land decides."""
    street.add("14", 300, 10)
    own = street.add("14", 5, 10)
    row = HomeRow(home_id="H1", easting=5, northing=10, address="14 High Street, Town")
    found, words = own_address(row, 5, 10, HOME, street.addresses)
    assert (found, words) == (own, "The home itself is taken to be the only address on its land.")
    found, words = own_address(row, 5, 10, HOME, street.addresses[:1])
    assert (found, words) == (street.addresses[0], "The home itself is known by its address.")


@pytest.mark.parametrize(
    ("number", "street_name", "home"),
    [
        ("12", "Station Road", "12 Station Road East, Town"),
        ("1", "Mill", "1 Millbrook Lane, Town"),
        ("", "Station Road", "Station Road Cottage, Town"),
        ("1", "High Street", "1 High Street, Otherton, ZZ1 1ZZ"),
        ("14", "High Street", "14"),
    ],
)
def test_a_neighbour_of_nearly_the_same_address_is_not_the_home(street: Any, number: str, street_name: str, home: str) -> None:
    """Whoever is taken for the home is told nothing."""
    street.add(number, 15, 10, street=street_name)
    row = HomeRow(home_id="H1", easting=5, northing=10, address=home)
    assert own_address(row, 5, 10, HOME, street.addresses) == (None, "No address was found on the home's own land.")
    assert [a.written for a in find_by_text(home, street.addresses)] in ([], ["14 High Street, Town, AB1 2CD"])


def test_an_address_at_two_places_is_one_household_and_the_nearer_place_decides(street: Any) -> None:
    near = street.add("5", 25, 10)
    street.addresses += [replace(near, x_m=300.0), replace(near, x_m=15.0)]
    house = street.add("7", 12, 10)
    annexe = street.add("7A", 13, 10, parent_uprn=house.uprn)
    street.addresses.append(replace(annexe, x_m=400.0))
    found = street.consider()
    assert [(one.address.number, one.distance_m, one.invited) for one in found] == [
        ("7", 2, True),
        ("7A", 3, True),
        ("5", 5, True),
    ]


@pytest.mark.parametrize("written", ["h05", " H05 ", "H05"])
def test_a_drawn_boundary_is_the_home_s_in_any_case(tmp_path: Path, written: str) -> None:
    path = drawn_for(tmp_path, written)
    found = read_drawn_boundary(path, "H05", GRID)
    assert found is not None
    assert found.drawn
    assert list(boundaries_of_no_home(path, ["H05"])) == []
    assert read_drawn_boundary(drawn_for(tmp_path, written, "Home ID"), "H05", GRID) is not None


@pytest.mark.parametrize("written", [5, 5.0, "5"])
def test_a_home_of_figures_is_known_however_a_program_keeps_them(tmp_path: Path, written: object) -> None:
    assert read_drawn_boundary(drawn_for(tmp_path, written), "5", GRID) is not None


def test_a_boundary_of_no_home_is_said(tmp_path: Path) -> None:
    path = drawn_for(tmp_path, "H5")
    assert read_drawn_boundary(path, "H05", GRID) is None
    assert "drawn for H5, and the candidates table has no such home" in next(boundaries_of_no_home(path, ["H05"])).problem
    assert list(boundaries_of_no_home(drawn_for(tmp_path, None), ["H05"])) == [], "one that was taken back is of no home"


def drawn_for(folder: Path, home_id: object, heading: str = "home_id") -> Path:
    shape = json.loads(shapely.to_geojson(shapely.box(-0.8, 51.6, -0.799, 51.601)))
    features = [{"type": "Feature", "properties": {heading: home_id}, "geometry": shape}]
    path = folder / "drawn.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.mark.parametrize(("part", "parcels"), [(0.15, 1), (0.25, 2)])
def test_a_parcel_is_the_home_s_where_a_fifth_of_its_house_stands_on_it(part: float, parcels: int) -> None:
    plots = Plots(shapes=(HOME.area, shapely.box(10, 0, 20, 30)), warnings=(), system=GRID)
    house = shapely.box(10 - 10 * (1 - part), 5, 10 + 10 * part, 15)
    found = propose_boundary(5, 10, plots, [house], shapely.MultiLineString(), np.array([[5.0, 10.0]]))
    assert shapely.area(found.area) == pytest.approx(300 * parcels)
    taken = propose_boundary(5, 10, plots, [house], shapely.MultiLineString(), np.array([[5.0, 10.0], [15.0, 20.0]]))
    assert shapely.area(taken.area) == pytest.approx(300), "nor where somebody else lives on it"


@pytest.mark.parametrize(("gap_m", "basis"), [(14.9, Basis.BUILDING), (15.1, Basis.POINT)])
def test_a_building_fifteen_metres_away_may_be_the_home_s_own(gap_m: float, basis: Basis) -> None:
    found = propose_boundary(0, 0, no_plots(GRID), [house_at(gap_m, -4)], shapely.MultiLineString(), np.zeros((0, 2)))
    assert found.basis is basis


@pytest.mark.parametrize(("west_m", "labels"), [(4.0, []), (6.0, ["W1"])])
def test_a_building_that_stands_by_half_on_the_home_s_land_is_its_own(street: Any, west_m: float, labels: list[str]) -> None:
    street.buildings.append(shapely.box(west_m, 5, west_m + 10, 15))
    assert [one.label for one in unaddressed(HOME, around(street), 20.0)] == labels


@pytest.mark.parametrize(("code", "left_out"), [("RD04", None), ("CR08", "not a postal address"), ("", None)])
def test_a_household_without_post_of_its_own_is_told_all_the_same(code: str, left_out: str | None) -> None:
    assert kind_of(code, postal="N").left_out == left_out
    assert kind_of(code, postal="D").left_out is None
