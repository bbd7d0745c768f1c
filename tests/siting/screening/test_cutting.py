"""A cut network answers what the whole one answers, to the millisecond, wherever it is cut."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.crs import MetricSystem, to_degrees
from siting.roads.cache import open_network
from siting.roads.joining import join_points
from siting.roads.network import RoadNetwork, scenario_index
from siting.screening.cutting import cut_network
from siting.screening.regions import EVERYWHERE, inside, part_ground, region_of
from siting.times.routing import reach, times_at
from siting.words import BNG, MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario

Draw = Callable[..., object]


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_time_within_the_limit_is_that_of_the_whole_network(data: st.DataObject, chilterns: RoadNetwork) -> None:
    segments = chilterns.segments
    seed = data.draw(st.integers(0, 10_000))
    limit_ms = data.draw(st.integers(1, 25)) * MILLISECONDS_PER_MINUTE
    west, east = np.quantile(segments.x_m, sorted(data.draw(st.tuples(st.floats(0, 1), st.floats(0, 1)))))
    south, north = np.quantile(segments.y_m, sorted(data.draw(st.tuples(st.floats(0, 1), st.floats(0, 1)))))
    box = (float(west), float(south), float(east), float(north))
    draw = np.random.default_rng(seed)
    at = segments.geometry_start[draw.choice(np.flatnonzero(segments.joinable), 400)]
    spread_m = draw.normal(0, 60, (2, len(at)))
    x_m, y_m = segments.x_m[at] + spread_m[0], segments.y_m[at] + spread_m[1]
    places = join_points(chilterns, x_m, y_m)
    # Some stand on the very edge of the box, by their own position and not by their road's.
    here = inside(box, x_m, y_m) & (places.segment >= 0)
    cut = cut_network(chilterns, box, limit_ms)
    within = cut.within(places)
    assert (within.segment[here] >= 0).all()
    for hub in draw.choice(np.flatnonzero(places.segment >= 0), 4):
        for scenario in Scenario:
            for direction in Direction:
                whole = times_at(reach(chilterns, places[[hub]], scenario, direction, limit_ms=limit_ms), places)
                if within.segment[hub] < 0:
                    assert (whole[here] == NO_WAY_MS).all()
                    continue
                part = times_at(reach(cut.network, within[[hub]], scenario, direction, limit_ms=limit_ms), within)
                assert (part[here] == whole[here]).all()


STEP_M, STEPS = 500.0, 80
"""How far apart side roads leave a straight road, and how many there are."""


@pytest.fixture(scope="module")
def straight_road(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    """A road of 40 km, in short pieces."""
    along_m = 450_000.0 + STEP_M * np.arange(STEPS + 1)
    lon, lat = to_degrees(np.tile(along_m, 2), np.repeat([250_000.0, 250_060.0], STEPS + 1), MetricSystem(BNG))
    count = STEPS + 1
    ways = [(list(range(1, count + 1)), "primary")]
    ways += [([number, count + number], "residential") for number in range(1, count + 1)]
    lines = [
        f'<node id="{at}" version="1" lat="{y:.9f}" lon="{x:.9f}"/>'
        for at, (x, y) in enumerate(zip(lon, lat, strict=True), start=1)
    ]
    for number, (refs, kind) in enumerate(ways, start=1):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{number}" version="1">{inner}<tag k="highway" v="{kind}"/></way>')
    path = tmp_path_factory.mktemp("straight") / "roads.osm"
    path.write_text(f'<osm version="0.6">{"".join(lines)}</osm>')
    return open_network(path)


@pytest.mark.parametrize("direction", Direction)
def test_the_margin_holds_the_last_road_of_a_way_that_takes_the_whole_limit(
    straight_road: RoadNetwork, direction: Direction
) -> None:
    """On the emptiest roads, from the region's edge straight out; a margin of seven eighths would lose it."""
    west, north = straight_road.segments.x_m.min(), straight_road.segments.y_m.max()
    edge_m = west + 4 * STEP_M
    # A school at the far end, and a place on the last road of the region.
    joins = join_points(straight_road, np.array([west + (STEPS - 1) * STEP_M, edge_m - 1.0]), np.array([north, north]))
    limit_ms = int(times_at(reach(straight_road, joins[[0]], Scenario.FREE_FLOW, direction), joins)[1])
    box = (-np.inf, -np.inf, edge_m, np.inf)
    cut, narrow = (cut_network(straight_road, box, margin_ms) for margin_ms in (limit_ms, limit_ms * 7 // 8))
    within = cut.within(joins)
    found = reach(cut.network, within[[0]], Scenario.FREE_FLOW, direction, limit_ms=limit_ms)
    assert times_at(found, within)[1] == limit_ms
    assert narrow.within(joins).segment.tolist()[0] == -1
    assert len(cut.segment) > len(narrow.segment)


def test_a_cut_smaller_than_the_reach_lacks_roads(chilterns: RoadNetwork) -> None:
    (region, *_) = part_ground(chilterns, 6)
    few, more = (cut_network(chilterns, region.box, minutes * MILLISECONDS_PER_MINUTE) for minutes in (1, 10))
    assert len(few.segment) < len(more.segment) < len(chilterns.segments)
    assert set(few.segment) < set(more.segment)


def test_a_part_has_the_times_and_turns_of_the_whole(chilterns: RoadNetwork) -> None:
    (region, *_) = part_ground(chilterns, 4)
    cut = cut_network(chilterns, region.box, 3 * MILLISECONDS_PER_MINUTE)
    part, row = cut.network, scenario_index(Scenario.TYPICAL)
    assert (part.arc_ms[row].reshape(-1, 2) == chilterns.arc_ms[row].reshape(-1, 2)[cut.segment]).all()
    assert [part.road_name(at) for at in range(50)] == [chilterns.road_name(int(at)) for at in cut.segment[:50]]
    assert len(part.onward.other) == len(part.backward.other)
    assert part.points(7)[0].tolist() == chilterns.points(int(cut.segment[7]))[0].tolist()


def test_nothing_is_joined_to_a_part(chilterns: RoadNetwork) -> None:
    cut = cut_network(chilterns, EVERYWHERE, MILLISECONDS_PER_MINUTE)
    assert len(cut.segment) == len(chilterns.segments)
    assert join_points(cut.network, chilterns.segments.x_m[:3], chilterns.segments.y_m[:3]).segment.tolist() == [-1, -1, -1]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 12])
def test_regions_leave_no_gap_and_share_the_roads(count: int, chilterns: RoadNetwork) -> None:
    regions = part_ground(chilterns, count)
    assert len({region.name for region in regions}) == count
    segments = chilterns.segments
    first = segments.geometry_start[:-1]
    edges = [edge for region in regions for edge in region.box if np.isfinite(edge)]
    x_m = np.concatenate([segments.x_m[first], edges, [-9e6, 9e6]])
    y_m = np.concatenate([segments.y_m[first], np.full(len(edges), segments.y_m.mean()), [9e6, -9e6]])
    holds = np.sum([inside(region.box, x_m, y_m) for region in regions], axis=0)
    assert (holds == 1).all()
    shares = np.bincount(region_of(regions, segments.x_m[first], segments.y_m[first]), minlength=count) / len(segments)
    assert shares.min() > 0.8 / count
    assert region_of(regions, np.array([np.nan]), np.array([np.nan])).tolist() == [-1]
