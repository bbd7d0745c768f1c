"""The fast reader gives what the general one gives, and knows what it does not know."""

from pathlib import Path

import numpy as np
import pytest

from siting.faults import NetworkSourceError
from siting.osm.extract import _read_all, _read_tags, _tagged_nodes, read_drivable, read_osm
from siting.osm.pbf import UnknownFormError, read_ways
from siting.storage.kept import bundled_data
from siting.travel_model import USUAL_HOURS


def same(path: Path) -> None:
    read_ways(path, ("highway", "route"))
    fast, general = read_drivable(path, general=False), read_drivable(path, general=True)
    assert list(fast.roads) == list(general.roads)
    assert (fast.left_out, fast.by_hour, fast.unread) == (general.left_out, general.by_hour, general.unread)
    assert fast.tagged is not None
    assert dict(fast.tagged) == dict(_tagged_nodes(path))
    assert (fast.restrictions, fast.box) == (general.restrictions, general.box)
    assert np.array_equal(np.sort(fast.water.longitude), np.sort(general.water.longitude))
    for name in ("way_ids", "way_starts", "node_refs", "longitude", "latitude"):
        assert np.array_equal(getattr(fast, name), getattr(general, name)), name


def test_the_sample_is_read_alike() -> None:
    same(bundled_data() / "chilterns" / "chilterns.osm.pbf")


@pytest.mark.parametrize("name", ["rutland-2022-07-20", "newport-2023-06-13"])
def test_real_extracts_are_read_alike(shared_data: Path, name: str) -> None:
    same(shared_data / f"{name}.osm.pbf")


@pytest.mark.parametrize("content", [b"not a map", b"\x00\x00\x00\x0d"])
def test_what_is_no_such_file_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.osm.pbf").write_bytes(content)
    with pytest.raises(UnknownFormError):
        read_ways(tmp_path / "a.osm.pbf", ("highway",))
    with pytest.raises(NetworkSourceError, match=r"a\.osm\.pbf"):
        read_osm(tmp_path / "a.osm.pbf")


def test_a_file_cut_short_is_said(tmp_path: Path) -> None:
    whole = (bundled_data() / "chilterns" / "chilterns.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NetworkSourceError):
        read_osm(tmp_path / "cut.osm.pbf")


REFUSED = ["in_way_length_huge", "in_way_length_negative", "in_way_string_beyond_table", "history"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_damaged_file_or_a_history_is_refused_in_words(shared_cases: Path, name: str) -> None:
    path = shared_cases / "osm" / f"{name}.osm.pbf"
    with pytest.raises(UnknownFormError):
        read_ways(path, ("highway",))
    with pytest.raises(NetworkSourceError, match=path.name):
        read_osm(path)


@pytest.mark.parametrize(
    ("name", "way_ids"),
    [
        ("plain.osm.pbf", [10, 11]),
        ("deleted_way_in_plain_file.osm.pbf", [10, 11]),
        ("locations_on_ways.osm.pbf", [10, 11]),
        ("drawn_in_josm_not_uploaded.osm", [-10, 10]),
        ("josm_all_negative.osm", [-10]),
        ("josm_deleted_not_uploaded.osm", [10]),
        ("ways_first_as_overpass_turbo_exports.osm", [10]),
    ],
)
@pytest.mark.parametrize("general", [False, True])
def test_every_road_that_stands_is_read(shared_cases: Path, name: str, way_ids: list[int], general: bool) -> None:
    roads = read_drivable(shared_cases / "osm" / name, general=general or not name.endswith(".pbf"))
    assert sorted(roads.way_ids.tolist()) == way_ids
    assert len(roads.longitude) == sum(np.diff(roads.way_starts)) >= 2 * len(way_ids)


def test_a_road_whose_nodes_are_missing_in_the_middle_is_not_drawn_across_the_gap(tmp_path: Path) -> None:
    nodes = "".join(f'<node id="{n}" version="1" lat="52.67" lon="{-0.73 + n / 1000:.3f}"/>' for n in (1, 2, 4, 5))
    refs = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3, 4, 5))
    way = f'<way id="7" version="1">{refs}<tag k="highway" v="primary"/></way>'
    (tmp_path / "cut.osm").write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    roads = read_osm(tmp_path / "cut.osm")
    assert roads.way_ids.tolist() == [7, 7]
    assert roads.node_refs.tolist() == [1, 2, 4, 5]
    assert roads.left_out == {"roads that the extract cuts off": 1}


def test_sets_of_tags_read_together_are_read_as_each_alone(shared_data: Path) -> None:
    """What differs in its name alone is read once; whatever else a set says, it is read as by itself."""
    sets = read_ways(shared_data / "newport-2023-06-13.osm.pbf", ("highway",)).tags
    named = [*sets[::7], *((*tags, ("parking:lane", "no"), ("name:cy", "Heol")) for tags in sets[:40])]
    assert len(named) > 400
    for reading, tags in zip(_read_all(named, USUAL_HOURS), named, strict=True):
        assert reading.usual == (alone := _read_tags(dict(tags), USUAL_HOURS)).usual
        assert reading.unread == alone.unread
        assert set(reading.by_scenario) == set(alone.by_scenario)
