"""The minutes of the model itself: miles an hour by kind of road and scenario beside official figures (docs/method.md)."""

import importlib.util
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siting.roads.cache import open_network
from siting.roads.network import RoadNetwork
from siting.storage.kept import bundled_data
from siting.times.matrix import time_matrix_ms
from siting.travel_model import ROAD_CLASSES
from siting.words import METRES_PER_MILE, NO_WAY_MS, Scenario

Draw = Callable[..., Any]
SIGNALS = {"highway": "traffic_signals"}


def letters(count: int) -> list[str]:
    return [chr(0x4E00 + number) for number in range(count)]


def mph(net: Any, start: str, end: str, metres: float) -> list[float]:
    """Miles an hour in the order of the scenarios: free flow, typical, school run."""
    return [metres / METRES_PER_MILE / net.seconds(start, end, scenario) * 3600 for scenario in Scenario]


def line(draw: Draw, tags: dict[str, str], **more: Any) -> list[float]:
    """A road of 5 km that no other meets."""
    return mph(draw({"a": (0, 0), "b": (5000, 0)}, [("ab", tags)], **more), "a", "b", 5000)


@pytest.mark.parametrize(
    ("tags", "free", "typical", "school_run"),
    [
        ({"highway": "motorway", "maxspeed": "70 mph"}, (64, 70), (57, 66), (50, 60)),
        ({"highway": "trunk", "maxspeed": "60 mph"}, (44, 52), (42, 48), (40, 46)),
        ({"highway": "primary", "maxspeed": "national"}, (44, 52), (42, 48), (40, 46)),
        ({"highway": "trunk", "oneway": "yes", "maxspeed": "70 mph"}, (60, 68), (56, 64), (50, 60)),
    ],
    ids=["motorway", "trunk road", "A road", "dual carriageway"],
)
def test_open_roads(draw: Draw, tags: dict[str, str], free: Sequence[float], typical: Sequence[float], school_run: Any) -> None:
    # A motorway is no road that a home is joined to: its speed is read from the arc itself.
    net = draw({"a": (0, 0), "b": (5000, 0), "c": (5000, 100)}, [("ab", tags), ("bc", {"highway": "residential"})])
    arcs = net.network.arc_ms[:, ::2][:, np.argmax(net.network.segments.length_m)] / 1000
    speeds = 5000 / METRES_PER_MILE / arcs * 3600
    for speed, (low, high) in zip(speeds, (free, typical, school_run), strict=True):
        assert low <= speed <= high


def test_rural_main_roads_are_hardly_slower_on_an_ordinary_day(draw: Draw) -> None:
    free, typical, school_run = line(draw, {"highway": "primary", "maxspeed": "50 mph"})
    assert 1.03 <= free / typical <= 1.15
    assert typical > school_run


def town(draw: Draw, limit: str, *, spacing_m: float, signals: bool, count: int = 17, primary_every: int = 2) -> Any:
    """Draw a square of streets, a main road every so many, with signals where two main roads cross."""
    names = letters(count * count)
    nodes = {names[r * count + c]: (spacing_m * c, spacing_m * r) for r in range(count) for c in range(count)}
    ways = []
    for row in range(count):
        main = row % primary_every == 0
        tags = {"highway": "primary", "maxspeed": limit} if main else {"highway": "residential", "maxspeed": "20 mph"}
        ways += [("".join(names[row * count : (row + 1) * count]), tags), ("".join(names[row::count]), tags)]
    crossings = [r * count + c for r in range(0, count, primary_every) for c in range(0, count, primary_every)]
    return draw(nodes, ways, node_tags={names[at]: SIGNALS for at in crossings} if signals else {})


def across(net: Any, spacing_m: float, count: int = 17) -> list[float]:
    """Along the main road in the middle, between two crossings near the edges."""
    names, middle = letters(count * count), count // 2 // 2 * 2
    row = middle * count
    return mph(net, names[row + 1], names[row + count - 2], spacing_m * (count - 3))


@pytest.mark.parametrize("limit", ["20 mph", "30 mph", "40 mph"])
def test_the_main_roads_of_a_dense_town(draw: Draw, limit: str) -> None:
    free, typical, school_run = across(town(draw, limit, spacing_m=100, signals=True), 100)
    assert 14 <= free <= 19
    assert 11 <= typical <= 14.5
    assert 10 <= school_run <= 13.5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "spacing_m", "primary_every", "count", "typical", "school_run"),
    [
        ("20 mph", 80, 2, 17, (6.5, 11), (6, 10.5)),
        ("30 mph", 80, 2, 17, (6.5, 11), (6, 10.5)),
        ("20 mph", 100, 3, 19, (10, 15), (9, 14)),
        ("30 mph", 100, 3, 19, (10, 15), (9, 14)),
        ("30 mph", 150, 4, 17, (16, 25), (16, 23)),
    ],
    ids=["the middle", "the middle at 30", "around it", "around it at 30", "the edge"],
)
def test_a_city_larger_than_those_that_the_figures_are_from(
    draw: Draw,
    limit: str,
    spacing_m: float,
    primary_every: int,
    count: int,
    typical: Sequence[float],
    school_run: Sequence[float],
) -> None:
    """London's areas by blocks of their size, lights where main roads cross: about Travel in London 8, table 4.9."""
    net = town(draw, limit, spacing_m=spacing_m, signals=True, count=count, primary_every=primary_every)
    names, row = letters(count * count), count // 2 // primary_every * primary_every * count
    _, *speeds = mph(net, names[row + 1], names[row + count - 2], spacing_m * (count - 3))
    for speed, (low, high) in zip(speeds, (typical, school_run), strict=True):
        assert low <= speed <= high


def test_in_a_dense_town_the_limit_hardly_matters(draw: Draw) -> None:
    slow, fast = (across(town(draw, limit, spacing_m=100, signals=True), 100) for limit in ("20 mph", "40 mph"))
    assert fast[1] / slow[1] < 1.12


def test_a_suburb_and_a_market_town_are_not_slowed(draw: Draw) -> None:
    """0.8 of the limit was right there: suburbs by a sat-nav, DfT's urban A roads."""
    for spacing_m, signals in ((200, True), (100, False)):
        net = town(draw, "30 mph", spacing_m=spacing_m, signals=signals, primary_every=4)
        _, typical, _ = across(net, spacing_m)
        assert typical == pytest.approx(0.8 * 30, rel=0.1)


def test_a_road_that_no_other_meets_is_not_held_by_the_town_below_it(draw: Draw) -> None:
    """A flyover through the town: limit 50, no junction for 1.4 km."""
    count = 17
    names = letters(count * count)
    nodes = {names[r * count + c]: (100 * c, 100 * r) for r in range(count) for c in range(count)}
    nodes |= {"+": (150, 850), "-": (1550, 850)}
    ways = [("".join(names[r * count : (r + 1) * count]), {"highway": "residential"}) for r in range(count)]
    ways += [("".join(names[c::count]), {"highway": "residential"}) for c in range(count)]
    fly = {"highway": "trunk", "oneway": "yes", "maxspeed": "50 mph", "bridge": "yes", "layer": "1"}
    net = draw(nodes, [*ways, ("+-", fly)], node_tags=dict.fromkeys(names[::2], SIGNALS))
    # It meets nothing, so its speed is read from the arc itself.
    longest = np.argmax(net.network.segments.length_m)
    assert net.network.segments.density[longest] > 42
    assert 1400 / (net.network.arc_ms[1][2 * longest] / 1000) * 3600 / METRES_PER_MILE > 25


def test_congestion_lengthens_the_running_time_once_and_no_delay_with_it(draw: Draw) -> None:
    """A signal costs the same seconds in every scenario: what waits there is in the town's pace."""
    nodes = {"a": (0, 0), "s": (1000, 0), "b": (2000, 0)}
    ways = [("asb", {"highway": "primary", "maxspeed": "40 mph"})]
    plain = draw(nodes, ways, school_run__rural_main=1.5, built_up__from=900, built_up__full=901)
    running = [plain.seconds("a", "b", scenario) for scenario in Scenario]
    assert running[2] == pytest.approx(1.5 * running[0], rel=0.001)
    signals = draw(nodes, ways, node_tags={"s": SIGNALS}, school_run__rural_main=1.5, built_up__from=900, built_up__full=901)
    for scenario, before in zip(Scenario, running, strict=True):
        assert signals.seconds("a", "b", scenario) - before == pytest.approx(2.0, abs=0.002)


@pytest.mark.parametrize(
    ("tags", "seconds"),
    [
        ({"highway": "stop"}, 2.0),
        ({"highway": "give_way"}, 1.0),
        ({"highway": "mini_roundabout"}, 2.0),
        ({"highway": "traffic_signals"}, 2.0),
        ({"highway": "crossing"}, 0.0),
        ({"highway": "crossing", "crossing": "traffic_signals"}, 0.5),
        ({"barrier": "gate"}, 60.0),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else str(value),
)
def test_what_stands_on_a_road_costs_its_seconds(draw: Draw, tags: dict[str, str], seconds: float) -> None:
    nodes = {"a": (0, 0), "s": (1000, 0), "b": (2000, 0)}
    ways = [("asb", {"highway": "primary", "maxspeed": "40 mph"})]
    plain = draw(nodes, ways).seconds("a", "b", Scenario.FREE_FLOW)
    with_it = draw(nodes, ways, node_tags={"s": tags}).seconds("a", "b", Scenario.FREE_FLOW)
    assert with_it - plain == pytest.approx(seconds, abs=0.002)


@pytest.mark.parametrize(
    ("tags", "limit_mph"),
    [
        ({"junction": "roundabout"}, 60),
        ({"junction": "circular"}, 60),
        ({"oneway": "yes"}, 70),
        ({}, 60),
    ],
)
def test_only_a_carriageway_of_its_own_has_the_limit_of_dual_carriageways(
    draw: Draw, tags: dict[str, str], limit_mph: int
) -> None:
    road = {"highway": "primary", "maxspeed": "national", **tags}
    nodes = {"a": (0, 0), "b": (4000, 0), "c": (4000, 3000)}
    net = draw(nodes, [("abca", road)] if "junction" in tags or "oneway" in tags else [("abc", road)])
    metres = 4000 + 3000
    share = net.network.model["limit_share.dual" if limit_mph == 70 else "limit_share.single"]
    assert mph(net, "a", "c", metres)[0] == pytest.approx(share * limit_mph, rel=0.01)


def test_a_link_is_no_dual_carriageway(draw: Draw) -> None:
    link = {"highway": "primary_link", "maxspeed": "national", "oneway": "yes"}
    assert line(draw, link)[0] == pytest.approx(draw_share(draw, "minor") * 60, rel=0.01)


def draw_share(draw: Draw, kind: str) -> float:
    return float(draw({"a": (0, 0), "b": (9, 0)}, [("ab", {"highway": "primary"})]).network.model[f"limit_share.{kind}"])


def test_an_unmarked_main_road_goes_at_the_towns_speed_in_town(draw: Draw) -> None:
    """No limit on the map: 40 mph between fields, what thirty allows among houses, and in between on the way in."""
    streets = {chr(0x4E00 + n): (120.0 * (n % 12), 120.0 * (n // 12) - 600) for n in range(144)}
    names = list(streets)
    ways = [("".join(names[r * 12 : r * 12 + 12]), {"highway": "residential"}) for r in range(12)]
    ways += [("".join(names[c::12]), {"highway": "residential"}) for c in range(12)]
    nodes = streets | {"a": (-6000.0, 0.0), "b": (-3000.0, 0.0)}
    net = draw(nodes, [*ways, ("ab" + names[60], {"highway": "primary"}), (names[60] + names[66], {"highway": "primary"})])
    segments = net.network.segments
    main = segments.road_class == segments.road_class[np.argmax(segments.length_m)]
    pace = net.network.arc_ms[0][::2][main] / segments.length_m[main]
    assert 3600 / pace.min() == pytest.approx(65, rel=0.02)
    assert 3600 / pace.max() <= 0.9 * 30 * 1.61


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_journey_is_quicker_on_busier_roads_whatever_a_plan_changes(draw: Draw, data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    names = letters(14)
    nodes = {name: tuple(random.integers(0, 3_000, 2).tolist()) for name in names}
    classes = ["motorway", "trunk", "primary", "tertiary", "residential", "service", "track", "unclassified", "primary_link"]
    limits = [{}, {"maxspeed": "20 mph"}, {"maxspeed": "national"}, {"maxspeed": "70 mph"}]
    ways = [
        ("".join(random.choice(names, 2, replace=False)), {"highway": str(random.choice(classes)), **limits[random.integers(4)]})
        for _ in range(24)
    ]
    ways.append(("".join(names), {"highway": "residential"}))
    changes = data.draw(st.dictionaries(st.sampled_from(CHANGEABLE), st.floats(0.3, 300), max_size=4))
    net = draw(nodes, ways, node_tags=dict.fromkeys(names[::3], SIGNALS), **changes)
    assert_ordered(net.network, net)


CHANGEABLE = (
    "typical__rural_main", "school_run__urban_main", "town_pace__typical", "town_pace__free_flow", "town_pace__school_run",
    "town_pace_denser__typical", "typical__motorway",
)  # fmt: skip


def assert_ordered(network: RoadNetwork, net: Any) -> None:
    from siting.roads.joining import join_points

    places = join_points(network, *net.at(*net.nodes))
    tables = [time_matrix_ms(network, places, places, scenario) for scenario in Scenario]
    for quieter, busier in pairwise(tables):
        assert (quieter <= busier).all()


def test_no_journey_of_the_sample_is_quicker_on_busier_roads(
    road_points: Callable[[RoadNetwork, int], tuple[np.ndarray, np.ndarray]],
) -> None:
    from siting.roads.joining import join_points

    network = open_network(bundled_data() / "chilterns" / "chilterns.osm.pbf")
    places = join_points(network, *road_points(network, 40))
    free, typical, school_run = (time_matrix_ms(network, places, places, scenario) for scenario in Scenario)
    apart = (free > 0) & (free < NO_WAY_MS)
    assert (free <= typical).all()
    assert (typical <= school_run).all()
    assert (free < school_run)[apart].mean() > 0.99


MAIN = ("trunk", "primary", "secondary")


def real_speeds(network: RoadNetwork, chosen: np.ndarray) -> list[float]:
    """Miles an hour over all chosen segments, both ways, by scenario."""
    length_m = 2 * network.segments.length_m[chosen].sum()
    seconds = [row.reshape(-1, 2)[chosen].sum() / 1000 for row in network.arc_ms]
    return [length_m / METRES_PER_MILE / each * 3600 for each in seconds]


def of_class(network: RoadNetwork, names: Sequence[str]) -> np.ndarray:
    return np.isin(network.segments.road_class, [ROAD_CLASSES.index(name) for name in names])


@pytest.mark.parametrize("extract", ["newport-2023-06-13.osm.pbf", "rutland-2022-07-20.osm.pbf"])
def test_main_roads_in_open_country_are_hardly_slower_by_day(shared_data: Path, extract: str) -> None:
    network = open_network(shared_data / extract)
    free, typical, school_run = real_speeds(network, of_class(network, MAIN) & (network.segments.density < 1))
    assert 1.03 <= free / typical <= 1.15
    assert school_run < typical


def test_the_middle_of_a_british_town_is_as_slow_as_towns_are(shared_data: Path) -> None:
    network = open_network(shared_data / "newport-2023-06-13.osm.pbf")
    dense = of_class(network, MAIN) & (network.segments.density >= 42)
    free, typical, school_run = real_speeds(network, dense)
    assert 14 <= free <= 19
    assert 11 <= typical <= 14.5
    assert 10 <= school_run <= 13.5


def test_a_market_town_is_not_slowed_by_its_own_pace(shared_data: Path) -> None:
    """Oakham's main roads: an ordinary day takes about an eighth longer than free flow, as its kind of road does anywhere."""
    network = open_network(shared_data / "rutland-2022-07-20.osm.pbf")
    town = of_class(network, (*MAIN, "tertiary")) & (network.segments.density > 2)
    free, typical, _ = real_speeds(network, town)
    assert 1.05 <= free / typical <= 1.2
    assert network.segments.density.max() < 30


OFFICIAL = {
    "motorway, limit 70": ((64, 70), (57, 66), (50, 60)),
    "dual carriageway, limit 70": ((60, 68), (56, 64), (50, 60)),
    "single carriageway, limit 60": ((44, 52), (42, 48), (40, 46)),
    "main road of a dense town, 42 and more": ((14, 19), (11, 14.5), (10, 13.5)),
}
"""What docs/method.md has beside each kind of road: miles an hour, lowest and highest, by scenario."""


@pytest.mark.parametrize(
    ("extract", "kinds"),
    [("newport-2023-06-13.osm.pbf", (0, 3)), ("rutland-2022-07-20.osm.pbf", (1, 2))],
    ids=["Newport", "Rutland"],
)
def test_the_table_of_speeds_on_real_roads(shared_data: Path, extract: str, kinds: Sequence[int]) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "speeds_by_kind.py"
    spec = importlib.util.spec_from_file_location("speeds_by_kind", path)
    assert spec
    assert spec.loader
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    network = open_network(shared_data / extract)
    chosen = table.kinds_of(network)
    for kind in (list(OFFICIAL)[index] for index in kinds):
        km, speeds = table.miles_an_hour(network, chosen[kind])
        assert km > 2
        for speed, (low, high) in zip(speeds, OFFICIAL[kind], strict=True):
            assert low <= speed <= high, kind
    _, (free, typical, school_run) = table.miles_an_hour(network, chosen["main road in open country"])
    assert 1.03 <= free / typical <= 1.15
    assert school_run < typical


def test_motorways_with_seventy_are_driven_as_observed(shared_data: Path) -> None:
    network = open_network(shared_data / "newport-2023-06-13.osm.pbf")
    chosen = np.flatnonzero(of_class(network, ("motorway",)))
    paces = network.arc_ms[:, ::2][:, chosen] / network.segments.length_m[chosen]
    quickest = chosen[paces[0] <= paces[0].min() * 1.01]
    free, typical, school_run = real_speeds(network, quickest)
    assert 64 <= free <= 70
    assert 57 <= typical <= 66
    assert 50 <= school_run <= 60
