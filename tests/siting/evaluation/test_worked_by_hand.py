"""What is told of homes on roads drawn by hand: directions, scenarios, units, and every test on both sides of its edge."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from drawn_plan import CORNER, at, child, drawn_plan, home, zone

from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.evaluation.families import NOT_KNOWN, FamilyPairs, pair_homes_with_children, summarise_families
from siting.evaluation.places_on_roads import join_inputs
from siting.evaluation.rules import within_miles
from siting.inputs.authorities import Authorities
from siting.inputs.plan_inputs import PlanInputs
from siting.inputs.postcodes import find_postcodes
from siting.words import METRES_PER_MILE, Direction, Scenario

Draw = Callable[..., Any]
LANE = {"highway": "tertiary", "maxspeed": "40 mph"}
RING = {"a": (0, 0), "b": (3000, 0), "c": (3000, 1000), "d": (0, 1000)}
ONE_WAY_RING = [("abcda", LANE | {"oneway": "yes", "name": "The Ring"})]
LINE = {"w": (-9000, 0), "m": (0, 0), "e": (9000, 0)}


def judged(draw: Draw, inputs: PlanInputs, nodes: Any = RING, ways: Any = None, **model: float) -> Evaluation:
    network = draw(nodes, ONE_WAY_RING if ways is None else ways, **model).network
    return evaluate_inputs(inputs, network, with_areas=False)


def paired(draw: Draw, inputs: PlanInputs) -> FamilyPairs:
    network = draw(LINE, [("wme", LANE)]).network
    return pair_homes_with_children(inputs, network, join_inputs(inputs, network))


def test_there_and_back_round_a_one_way_ring(draw: Draw) -> None:
    """From the school 2 km with the traffic to the home, and 6 km on to the school; 3 km to the family and 5 back."""
    inputs = drawn_plan([home("H1", (2500, 0))], (child("C1", (1500, 1000)),), {"S": (500, 0)}, scenario="typical")
    found = judged(draw, inputs)
    row, pair = found.homes.iloc[0], found.pairs.iloc[0]
    assert row["to_school_min"] == pytest.approx(3 * row["from_school_min"], rel=0.01)
    assert row["school_road_miles"] == pytest.approx(6000 / METRES_PER_MILE, rel=1e-3)
    assert row["margin_min"] == pytest.approx(45 - row["to_school_min"])
    assert pair["family_to_home_min"] == pytest.approx(pair["home_to_family_min"] * 5 / 3, rel=0.01)
    assert pair["road_miles"] == pytest.approx(3000 / METRES_PER_MILE, rel=1e-3)
    assert pair["straight_line_miles"] == pytest.approx(np.hypot(1000, 1000) / METRES_PER_MILE)
    assert row["median_family_min"] == row["worst_family_min"] == pair["family_to_home_min"]
    routes = found.routes.set_index("direction")
    assert routes.loc[Direction.TO_SCHOOL.value, "road_miles"] == pytest.approx(6000 / METRES_PER_MILE, rel=1e-3)
    assert routes.loc[Direction.FROM_SCHOOL.value, "road_miles"] == pytest.approx(2000 / METRES_PER_MILE, rel=1e-3)
    for scenario in Scenario:
        assert row[f"to_school_min_{scenario.value}"] > 2.9 * row[f"from_school_min_{scenario.value}"]
    assert row["to_school_min_free_flow"] < row["to_school_min_typical"] < row["to_school_min_school_run"]
    assert row["to_school_min"] == row["to_school_min_typical"]


def test_the_school_that_decides_is_the_nearest_at_the_rule_s_own_hours(draw: Draw) -> None:
    """West by a main road that the school run slows, east by lanes that it does not."""
    main, lane = ({"highway": kind, "maxspeed": "50 mph"} for kind in ("trunk", "unclassified"))
    schools = {"West": (-8000, 0), "East": (7000, 0)}
    ways = [("wm", main), ("me", lane)]
    told = {}
    for scenario in Scenario:
        inputs = drawn_plan([home("H1", (0, 0))], schools=schools, scenario=scenario)
        found = judged(draw, inputs, LINE, ways, school_run__strategic=2.0)
        (result,) = found.results
        times = [found.homes.iloc[0]["to_school_min"], found.homes.iloc[0]["from_school_min"]]
        assert min(result.school_ms) / 60_000 == max(times)
        told[scenario] = (result.school, int(np.argmin(result.school_ms)))
    assert told == {
        Scenario.FREE_FLOW: ("West", 0), Scenario.TYPICAL: ("West", 0), Scenario.SCHOOL_RUN: ("East", 1),
    }  # fmt: skip


def test_homes_are_ranked_by_families_near_then_by_their_minutes_and_then_by_those_to_school(draw: Draw) -> None:
    homes = [home("H1", (1000, 0)), home("H2", (4000, 0)), home("H3", (2000, 0))]
    ways = [("wme", LANE)]
    alone = judged(draw, drawn_plan(homes), LINE, ways).homes
    assert alone["home_id"].tolist() == ["H1", "H3", "H2"]
    near_h2 = tuple(child(f"C{n}", (4500 + n, 0)) for n in range(2))
    assert judged(draw, drawn_plan(homes, near_h2, family_miles=1), LINE, ways).homes["home_id"].tolist() == ["H2", "H3", "H1"]


def test_a_childs_own_most_minutes_are_kept_to_the_millisecond_in_the_worse_direction(draw: Draw) -> None:
    place = (1500.0, 1000.0)
    inputs = drawn_plan([home("H1", (2500, 0))], (child("C1", place),))
    network = draw(RING, ONE_WAY_RING).network
    worse_ms = int(pair_homes_with_children(inputs, network, join_inputs(inputs, network)).worse_ms[0, 0])
    children = tuple(child(f"C{ms}", place, max_minutes=ms / 60_000) for ms in (worse_ms - 1, worse_ms, worse_ms + 1))
    inputs = replace(inputs, children=(*children, child("C", place)))
    assert pair_homes_with_children(inputs, network, join_inputs(inputs, network)).over_max.tolist() == [[1, 0, 0, 0]]


def test_exactly_so_many_miles_are_within_them(draw: Draw) -> None:
    """125 miles are 201,168 metres and no fraction."""
    inputs = drawn_plan([home("H1", (0, 0))], (child("at", (201_168, 0)), child("over", (201_168.01, 0))), family_miles=125)
    found = paired(draw, inputs)
    assert found.within_miles.tolist() == [[1, 0]]
    assert [within_miles(found.straight_line_m[0, column], 125) for column in (0, 1)] == [True, False]
    assert found.over_national_miles.tolist() == [[1, 1]]


def test_exactly_at_the_radius_is_in_the_zone_and_it_is_in_miles(draw: Draw) -> None:
    homes = [home("at", (201_168, 0)), home("over", (201_168.01, 0)), home("in", (201_000, 0))]
    assert paired(draw, drawn_plan(homes, (child("C1", (0, 0)),), zones=(zone("C1", (0, 0), 125),))).excluded.tolist() == [
        [True], [False], [True],
    ]  # fmt: skip


@pytest.mark.parametrize(("home_m", "zone_m"), [(200.0, 0.0), (0.0, 200.0), (200.0, 150.0)])
def test_half_of_what_is_not_known_of_a_place_goes_to_the_child_s_safety(draw: Draw, home_m: float, zone_m: float) -> None:
    one_mile = METRES_PER_MILE
    homes = [home("in", (one_mile + 99, 0), accuracy_m=home_m), home("out", (one_mile + 101, 0), accuracy_m=home_m)]
    inputs = drawn_plan(homes, (child("C1", (0, 0)),), zones=(zone("C1", (0, 0), 1, accuracy_m=zone_m),))
    assert paired(draw, inputs).excluded.tolist() == [[True], [False]]


def test_every_zone_of_a_child_counts_and_no_other_child_s(draw: Draw) -> None:
    homes = [home("H1", (0, 0)), home("H2", (8000, 0)), home("H3", (4000, 0))]
    inputs = drawn_plan(
        homes, (child("C1", (0, 0)), child("C2", (0, 0))), zones=(zone("C1", (0, 0), 1), zone("C1", (8000, 0), 1))
    )
    assert paired(draw, inputs).excluded.tolist() == [[True, False], [True, False], [False, False]]


def test_a_straight_line_is_from_postcode_to_postcode_where_both_are_known(draw: Draw) -> None:
    known = find_postcodes(["HP11 2PX", "HP13 5SU"])
    one, other = (known[code] for code in ("HP11 2PX", "HP13 5SU"))
    inputs = drawn_plan([home("H1", (0, 0), near="HP11 2PX")], (child("C1", (500, 0), near="HP13 5SU"), child("C2", (500, 0))))
    found = paired(draw, inputs).straight_line_m[0]
    assert found[0] == pytest.approx(np.hypot(one.easting_m - other.easting_m, one.northing_m - other.northing_m))
    own = at((500, 0))
    assert found[1] == pytest.approx(np.hypot(one.easting_m - own.x_m, one.northing_m - own.y_m))


def areas() -> Authorities:
    """Three councils in a row, 10 km wide: the first adjoins the second alone."""
    x, y = CORNER
    boxes = [shapely.box(x - 5000 + 10_000 * n, y - 5000, x + 5000 + 10_000 * n, y + 5000) for n in range(3)]
    return Authorities(names=("West", "Middle", "East"), areas=tuple(boxes))


def test_outside_the_own_council_and_outside_all_that_adjoin_it(draw: Draw) -> None:
    homes = [home("H1", (0, 0)), home("H2", (20_000, 0), authority="West")]
    councils = ("West Council", "MIDDLE", "East", "Kent", None)
    children = tuple(child(f"C{n}", (0, 0), authority=council) for n, council in enumerate(councils))
    found = paired(draw, drawn_plan(homes, children, authorities=areas()))
    assert found.outside_own.tolist() == [[0, 1, 1, 1, NOT_KNOWN], [1, 1, 0, 1, NOT_KNOWN]]
    assert found.outside_adjoining.tolist() == [[0, 0, 1, NOT_KNOWN, NOT_KNOWN], [1, 0, 0, NOT_KNOWN, NOT_KNOWN]]
    first, second = summarise_families(found)
    assert (first.outside_own_authority, first.outside_adjoining_authorities) == (3, 1)
    assert (second.outside_own_authority, second.outside_adjoining_authorities) == (3, 1)


def test_without_boundaries_what_the_rows_say_counts_and_nobody_knows_who_adjoins(draw: Draw) -> None:
    homes = [home("H1", (0, 0), authority="Reading Borough Council"), home("H2", (0, 0))]
    children = (child("C1", (0, 0), authority="Reading"), child("C2", (0, 0), authority="Slough"))
    found = paired(draw, drawn_plan(homes, children))
    assert found.outside_own.tolist() == [[0, 1], [NOT_KNOWN, NOT_KNOWN]]
    assert found.outside_adjoining.tolist() == [[0, NOT_KNOWN], [NOT_KNOWN, NOT_KNOWN]]


def test_boundaries_ten_metres_apart_adjoin_and_farther_do_not() -> None:
    x, y = CORNER
    for gap_m, adjoins in ((9.0, True), (11.0, False)):
        boxes = (shapely.box(x, y, x + 100, y + 100), shapely.box(x + 100 + gap_m, y, x + 300, y + 100))
        assert Authorities(names=("One", "Other"), areas=boxes).adjoin("One", "OTHER") is adjoins


def test_children_of_no_known_place_are_in_no_count_of_miles(draw: Draw) -> None:
    found = paired(draw, drawn_plan([home("H1", (0, 0))], (child("C1", (1, 0)), child("C2", None), child("C3", (1, 0)))))
    (summary,) = summarise_families(found)
    assert (summary.children, summary.families, summary.within_miles, summary.place_not_known) == (3, 1, 2, 1)
    assert (summary.over_national_miles, summary.unreachable_families) == (0, 0)
